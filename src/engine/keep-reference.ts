/**
 * Keeping a reference: what another platform calls an incident goes into its timeline, with the way back.
 *
 * It tells no platform anything. That it fails costs no message: whoever brings the mirror up to date next finds out again.
 */
import { canAccept } from '../core/lifecycle/allowed.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { SYSTEM } from '../model/identity.ts';
import type { ExternalReference } from '../model/incident.ts';
import { isMirrorKey, mirrorKey } from '../model/mirror-key.ts';
import type { EventDraft } from '../model/timeline.ts';
import type { Carrier } from './carriers.ts';
import { changeOf } from './change.ts';
import type { Engine } from './engine.ts';
import { externalRef, externalSlot, KNOWN_MS } from './external-refs.ts';
import type { Taken } from './send.ts';
import { settleFor } from './settle-for.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** When it is asked once more what a platform calls an incident that it has only just been told of. */
const NAMED_MS = 15_000;

/** The news after which a platform may have begun anew, under another name. */
const REOPENED = 'reopened';

/** Whose name it is, and the delivery that found it out, if one did. */
export type Keeping = {
  readonly tenant: string;
  readonly incidentId: string;
  readonly reference: ExternalReference;
  readonly by?: StoredDelivery | undefined;
};

/** Keeps the reference, unless it is the one that is known. */
export async function keepReference(engine: Engine, { tenant, incidentId, reference, by }: Keeping): Promise<void> {
  const { url, ...external } = reference;
  const { platform, id, mirror } = external;
  const slot = externalSlot(platform, id);
  const link = { ...(url !== undefined && { href: url }), text: platform, external };
  const draft: EventDraft = { type: 'link.added', link };
  // What is known already waits for no turn: that could take longer than the delivery is this process's own.
  const { incidents } = await reaching(() => engine.load({ tenant, incidents: [incidentId] }));
  if (externalRef(incidents[0]?.snapshot.context.links ?? [], mirror)?.id === id) return;
  await transact(engine, { tenant, incidents: [incidentId], slots: [slot] }, (loaded): Decided<void> => {
    const before = loaded.incidents[0];
    const taken = loaded.slots.find(({ kind, key }) => kind === slot.kind && key === slot.key);
    if (before === undefined || !canAccept(before.snapshot, draft)) return { answer: () => undefined };
    const known = externalRef(before.snapshot.context.links, mirror);
    const isUnnamed = isMirrorKey(id);
    // Our own key says less than a name, unless the platform has begun anew under it.
    const saysLess = isUnnamed && known !== undefined && by?.content?.topic !== REOPENED;
    if (known?.id === id || saysLess) return { answer: () => undefined };
    const settled = settleFor(loaded, { snapshot: before.snapshot, drafts: [draft], by: SYSTEM, at: loaded.now });
    const until = loaded.now + KNOWN_MS;
    const slots = [{ ...slot, owner: incidentId, until, expectedVersion: taken?.version ?? 0 }];
    const change = changeOf(tenant, before, settled);
    const again = isUnnamed && by?.purpose === 'mirror' ? [askingAgain(by, loaded.now)] : [];
    const deliveries = [...change.deliveries, ...again];
    return { change: { ...change, deliveries, slots }, answer: () => undefined };
  });
}

/** What another platform calls the incident is kept; that this fails costs nothing but that. */
export async function keepName(
  engine: Engine,
  delivery: StoredDelivery,
  { notifier: { mirrors: platform } }: Carrier,
  sent: Taken,
): Promise<void> {
  const { tenant, incidentId, contact: mirror } = delivery;
  // Some platforms begin anew when one is reopened, and do not say under which name.
  const isAnew = delivery.purpose === 'mirror' && delivery.content?.topic === REOPENED;
  const {
    externalId: id = isAnew && incidentId !== undefined
      ? mirrorKey({ tenant, incidentId, deliveryId: delivery.id })
      : undefined,
    url,
  } = sent;
  if (platform === undefined || id === undefined || incidentId === undefined) return;
  const reference = { platform, id, mirror, ...(url !== undefined && { url }) };
  await keepReference(engine, { tenant, incidentId, reference, by: delivery }).catch((error: unknown) =>
    engine.logger.warn({ error, delivery: delivery.id }, 'What another platform calls an incident could not be kept.'),
  );
}

/** The platform has no name for it yet: bringing it up to date once more finds out. */
function askingAgain({ content: _, sentAt: _s, ...delivery }: StoredDelivery, now: number): StoredDelivery {
  return {
    ...delivery,
    id: `${delivery.id}:name`,
    content: { topic: 'changed', title: '' },
    state: 'pending',
    attempts: 0,
    requestedAt: now,
    dueAt: now + NAMED_MS,
  };
}
