/**
 * Bringing up: whether a message that was sent, or an incident of another platform, is to be brought up to date now.
 *
 * What it says is how the incident is at that moment, so of several that wait only the last one goes out, and never two at once.
 */
import { canAccept } from '../core/lifecycle/allowed.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { SYSTEM } from '../model/identity.ts';
import type { EventDraft } from '../model/timeline.ts';
import type { Notifier, SendResult } from '../ports/notifier.ts';
import type { DeliveryOutcome } from '../ports/storage.ts';
import { changeOf } from './change.ts';
import type { Engine } from './engine.ts';
import { externalRef, externalSlot } from './external-refs.ts';
import { settleFor } from './settle-for.ts';
import { type Decided, reaching, transact } from './transact.ts';

const ALL = 100_000;
const AGAIN_MS = 500;
/** How long a platform may speak of an incident by its own name: a year. */
const KNOWN_MS = 31_536_000_000;

/** A delivery that brings something up to date. */
export function bringsUp({ purpose }: StoredDelivery): boolean {
  return purpose === 'update' || purpose === 'mirror';
}

/** What becomes of it without being sent: a later one says it all, or one of the same is on its way. */
export async function beforeBringingUp(engine: Engine, delivery: StoredDelivery): Promise<DeliveryOutcome | undefined> {
  const { tenant, incidentId } = delivery;
  const all = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId, limit: ALL }));
  const others = all.filter((other) => other.id !== delivery.id && isOfSame(other, delivery));
  const later = others.find((other) => isLive(other) && seqOf(other) > seqOf(delivery));
  if (later !== undefined && !isText(delivery)) return { state: 'sent', bundledIn: later.id };
  // One that waits only for those before it waits for nobody in a circle.
  const isTaken = others.some((other) => other.state === 'leased' && seqOf(other) < seqOf(delivery));
  return isTaken ? { state: 'held', afterMs: AGAIN_MS, error: 'Another one is on its way.' } : undefined;
}

/** What it is called that `delivery` brings up to date; `undefined` when it is to be made. */
export function nameOfBroughtUp(
  { purpose, updates, contact }: StoredDelivery,
  context: IncidentContext | undefined,
): string | undefined {
  if (purpose === 'update') return updates;
  return purpose === 'mirror' && context !== undefined ? externalRef(context.links, contact)?.id : undefined;
}

/**
 * Keeps what another platform calls the incident. That it fails costs no message: the next one finds out again.
 */
export async function keepReference(
  engine: Engine,
  delivery: StoredDelivery,
  { mirrors: platform }: Notifier,
  { externalId: id, url }: SendResult,
): Promise<void> {
  const { tenant, incidentId, contact: mirror } = delivery;
  if (platform === undefined || id === undefined || incidentId === undefined) return;
  const slot = externalSlot(platform, id);
  const external = { platform, id, mirror };
  const draft: EventDraft = {
    type: 'link.added',
    link: { ...(url !== undefined && { href: url }), text: platform, external },
  };
  await transact(engine, { tenant, incidents: [incidentId], slots: [slot] }, (loaded): Decided<void> => {
    const before = loaded.incidents[0];
    const taken = loaded.slots.find(({ kind, key }) => kind === slot.kind && key === slot.key);
    if (before === undefined || !canAccept(before.snapshot, draft)) return { answer: () => undefined };
    if (externalRef(before.snapshot.context.links, mirror)?.id === id) return { answer: () => undefined };
    const settled = settleFor(loaded, { snapshot: before.snapshot, drafts: [draft], by: SYSTEM, at: loaded.now });
    const until = loaded.now + KNOWN_MS;
    const slots = [{ ...slot, owner: incidentId, until, expectedVersion: taken?.version ?? 0 }];
    return { change: { ...changeOf(tenant, before, settled), slots }, answer: () => undefined };
  });
}

function isOfSame(other: StoredDelivery, delivery: StoredDelivery): boolean {
  if (other.purpose !== delivery.purpose || other.notifier !== delivery.notifier) return false;
  return delivery.purpose === 'update' ? other.updates === delivery.updates : other.contact === delivery.contact;
}

function isLive({ state }: StoredDelivery): boolean {
  return state === 'pending' || state === 'leased';
}

function isText({ content }: StoredDelivery): boolean {
  return content?.body !== undefined;
}

function seqOf({ reactsTo }: StoredDelivery): number {
  return reactsTo?.seq ?? 0;
}
