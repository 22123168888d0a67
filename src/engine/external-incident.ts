/**
 * The incident of ours that one of another platform mirrors, told from what that platform calls it.
 *
 * Titles and other likenesses tell nothing, but for one thing: what a source knows to be our own hand.
 */
import type { External } from '../model/alert.ts';
import { idSchema } from '../model/identity.ts';
import { incidentOfMirrorKey, isMirrorKey } from '../model/mirror-key.ts';
import { NO_CHANGE } from './change.ts';
import type { Engine } from './engine.ts';
import { externalSlot, KNOWN_MS } from './external-refs.ts';
import { keepReference } from './keep-reference.ts';
import type { ReadyIncident } from './reads.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** How many of the latest incidents are looked at for one that was mirrored just now. */
const LATEST = 100;
const FRESH_MS = 900_000;

/** The incident; `undefined` when it is none of ours for certain. */
export async function mirroredIncident(
  engine: Engine,
  tenant: string,
  { platform, ids, change }: External,
  title: string,
): Promise<ReadyIncident | undefined> {
  const slots = ids.map((id) => externalSlot(platform, id));
  const found = await reaching(() => engine.load({ tenant, slots }));
  // Only a platform that we write to can have our keys.
  const isMirror = [...engine.notifiers.values()].some(({ mirrors }) => mirrors === platform);
  const named = isMirror ? ids.flatMap((id) => incidentOfKey(id, tenant)) : [];
  const incident = await firstOf(engine, tenant, [...found.slots.map(({ owner }) => owner), ...named]);
  const own =
    incident ?? (isMirror && change === 'other' ? await ownHand(engine, tenant, { platform, ids }, title) : undefined);
  if (own !== undefined) await learnName(engine, own, platform, ids[0]);
  return own;
}

async function firstOf(engine: Engine, tenant: string, ids: readonly string[]): Promise<ReadyIncident | undefined> {
  if (ids.length === 0) return undefined;
  return (await reaching(() => engine.load({ tenant, incidents: [...new Set(ids)] }))).incidents[0];
}

/**
 * The one incident that was mirrored just now, whose name there is not known yet, and that has this title: some platforms
 * tell of what we did without naming our key. An event of anybody else's hand is never matched so.
 */
async function ownHand(
  engine: Engine,
  tenant: string,
  { platform, ids }: Pick<External, 'platform' | 'ids'>,
  title: string,
): Promise<ReadyIncident | undefined> {
  const [id, ...others] = ids;
  // A key of somebody else stands beside the name: it is theirs.
  if (id === undefined || others.some((other) => !isMirrorKey(other))) return undefined;
  const { items } = await reaching(() => engine.storage.listIncidents(tenant, { limit: LATEST }));
  const ready = await Promise.all(items.map((row) => engine.reads.incident(row)));
  const now = engine.clock.now();
  const own = ready.flatMap((incident) => {
    if (incident === undefined) return [];
    const { title: its, links, at } = incident.snapshot.context;
    const ref = links.findLast(({ external }) => external?.platform === platform)?.external;
    if (ref === undefined || its !== title || now - at >= FRESH_MS) return [];
    return isMirrorKey(ref.id) ? [{ incident, ref }] : [];
  });
  const [only] = own;
  if (only === undefined || own.length > 1) return undefined;
  await keepReference(engine, { tenant, incidentId: only.incident.id, reference: { ...only.ref, id } });
  return firstOf(engine, tenant, [only.incident.id]);
}

/** What the platform calls the incident itself, which comes first of its names: later it may use that alone. */
async function learnName(
  engine: Engine,
  { tenant, id: owner }: ReadyIncident,
  platform: string,
  id: string | undefined,
): Promise<void> {
  if (id === undefined || isMirrorKey(id)) return;
  const slot = externalSlot(platform, id);
  await transact(engine, { tenant, slots: [slot] }, ({ slots, now }): Decided<void> => {
    if (slots.length > 0) return { answer: () => undefined };
    const taken = { ...slot, owner, until: now + KNOWN_MS, expectedVersion: 0 };
    return { change: { ...NO_CHANGE, slots: [taken] }, answer: () => undefined };
  });
}

/** A mirror may tell of itself before it is known what the platform calls it: its key names the incident. */
function incidentOfKey(id: string, tenant: string): string[] {
  const incident = incidentOfMirrorKey(id, tenant);
  return idSchema.safeParse(incident).success && incident !== undefined ? [incident] : [];
}
