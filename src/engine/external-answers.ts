/**
 * External answers: what somebody did on another platform to an incident that mirrors one of ours.
 *
 * It is theirs as if it had been done here. What tells nothing new changes nothing, and what happened before our incident
 * moved on is too late: so two platforms that tell each other everything come to rest.
 */

import type { CleanEvent } from '../core/intake/clean-event.ts';
import type { IngestOutcome } from '../core/intake/decision.ts';
import { allowed } from '../core/lifecycle/allowed.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { statusOf } from '../core/lifecycle/view.ts';
import type { Actor } from '../model/identity.ts';
import { idSchema } from '../model/identity.ts';
import { isMirrorKey, mirroredIncident } from '../model/mirror-key.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { SlotKey, StoredSlot } from '../ports/storage.ts';
import { NO_CHANGE } from './change.ts';
import { obey } from './commands.ts';
import type { Engine } from './engine.ts';
import { externalSlot, KNOWN_MS } from './external-refs.ts';
import type { IngestResult } from './ingest-key.ts';
import { keepReference } from './keep-reference.ts';
import type { ReadyIncident } from './reads.ts';
import { type Decided, reaching, transact } from './transact.ts';

type External = NonNullable<CleanEvent['external']>;
type Command = 'acknowledge' | 'unacknowledge' | 'resolve' | 'reopen';
type Does = { readonly command: Command; readonly outcome: IngestOutcome; readonly is: string };

const DOES: { readonly [change in External['change']]?: Does } = {
  acknowledged: { command: 'acknowledge', outcome: 'acknowledged', is: 'acknowledged' },
  unacknowledged: { command: 'unacknowledge', outcome: 'reopened', is: 'asked about again' },
  resolved: { command: 'resolve', outcome: 'resolved', is: 'resolved' },
  reopened: { command: 'reopen', outcome: 'reopened', is: 'reopened' },
};
const MOVES: ReadonlySet<TimelineEvent['type']> = new Set<TimelineEvent['type']>([
  'incident.opened',
  'incident.acknowledged',
  'incident.unacknowledged',
  'incident.snoozed',
  'incident.reassigned',
  'incident.resolved',
  'incident.reopened',
  'incident.dismissed',
]);
/** How many of the latest incidents are looked at for one that was mirrored just now. */
const LATEST = 100;
const FRESH_MS = 900_000;

/** What became of an event about an incident that mirrors one of ours; `undefined` when it is about no such incident. */
export async function answeredElsewhere(
  engine: Engine,
  tenant: string,
  { external, occurredAtMs, title }: Pick<CleanEvent, 'external' | 'occurredAtMs' | 'title'>,
): Promise<IngestResult | undefined> {
  if (external === undefined) return undefined;
  const incident = await mirrored(engine, tenant, external, title);
  if (incident === undefined) return undefined;
  const { id } = incident;
  const { platform, change } = external;
  const dropped = (reason: string): IngestResult => ({ outcome: 'dropped', reason, incidentId: id });
  const does = DOES[change];
  if (does === undefined) return dropped(`${platform} tells nothing that changes incident ${id}.`);
  if (isSo(does.command, incident.snapshot)) {
    return { outcome: 'deduplicated', reason: `Incident ${id} is ${does.is} already.`, incidentId: id };
  }
  if (!allowed(incident.snapshot).includes(does.command)) {
    return dropped(`Incident ${id} cannot be ${does.is} now: it is ${String(incident.snapshot.value.phase)}.`);
  }
  if (occurredAtMs !== undefined && occurredAtMs <= (await movedAt(engine, incident))) {
    return dropped(`Incident ${id} has moved on since ${platform} said so.`);
  }
  await obey(engine, { tenant, name: does.command, id }, { by: actorOf(external) });
  return { outcome: does.outcome, reason: `Incident ${id} is ${does.is}: so it is on ${platform}.`, incidentId: id };
}

async function mirrored(
  engine: Engine,
  tenant: string,
  { platform, ids, change }: External,
  title: string,
): Promise<ReadyIncident | undefined> {
  const slots = ids.map((id) => externalSlot(platform, id));
  await engine.ready();
  const found = await reaching(() => engine.load({ tenant, slots }));
  const owners = found.slots.map(({ owner }) => owner);
  // Only a platform that we write to can have our keys.
  const isMirror = [...engine.notifiers.values()].some(({ mirrors }) => mirrors === platform);
  const named = isMirror ? ids.flatMap((id) => ownKey(id, tenant)) : [];
  const incident = await firstOf(engine, tenant, [...owners, ...named]);
  const own =
    incident ?? (isMirror && change === 'opened' ? await ownEcho(engine, tenant, { platform, ids }, title) : undefined);
  if (own !== undefined) await learnNames(engine, own, slots, found.slots);
  return own;
}

async function firstOf(engine: Engine, tenant: string, ids: readonly string[]): Promise<ReadyIncident | undefined> {
  if (ids.length === 0) return undefined;
  return (await reaching(() => engine.load({ tenant, incidents: [...new Set(ids)] }))).incidents[0];
}

/**
 * The one incident that was mirrored just now, whose name there is not known yet, and that has this title: some platforms
 * tell of what we open without naming our key, and to open it here once more would page somebody twice.
 */
async function ownEcho(
  engine: Engine,
  tenant: string,
  { platform, ids: [id] }: Pick<External, 'platform' | 'ids'>,
  title: string,
): Promise<ReadyIncident | undefined> {
  const { items } = await reaching(() => engine.storage.listIncidents(tenant, { limit: LATEST }));
  const ready = await Promise.all(items.map((row) => engine.reads.incident(row)));
  const now = engine.clock.now();
  const echoes = ready.flatMap((incident) => {
    const { title: own, links, times } = incident?.snapshot.context ?? { links: [], times: { openedAt: 0 } };
    if (incident === undefined || own !== title || now - times.openedAt >= FRESH_MS) return [];
    const refs = links.flatMap(({ external }) => (external?.platform === platform ? [external] : []));
    const [ref] = refs;
    return ref !== undefined && refs.every((each) => isMirrorKey(each.id)) ? [{ incident, ref }] : [];
  });
  const [echo] = echoes;
  if (echo === undefined || echoes.length > 1 || id === undefined) return undefined;
  const reference = { ...echo.ref, id };
  await keepReference(engine, { tenant, incidentId: echo.incident.id, reference });
  return echo.incident;
}

/** What the platform calls the incident beside the names that are known: later it may use those alone. */
async function learnNames(
  engine: Engine,
  { tenant, id: owner }: ReadyIncident,
  named: readonly SlotKey[],
  known: readonly StoredSlot[],
): Promise<void> {
  const unknown = named.filter(({ key }) => !known.some((slot) => slot.key === key));
  if (unknown.length === 0) return;
  await transact(engine, { tenant, slots: unknown }, ({ slots, now }): Decided<void> => {
    const free = unknown.filter(({ key }) => !slots.some((slot) => slot.key === key));
    const taken = free.map((slot) => ({ ...slot, owner, until: now + KNOWN_MS, expectedVersion: 0 }));
    return { change: taken.length === 0 ? undefined : { ...NO_CHANGE, slots: taken }, answer: () => undefined };
  });
}

/** A mirror may tell of itself before it is known what the platform calls it: its key names the incident. */
function ownKey(id: string, tenant: string): string[] {
  const incident = mirroredIncident(id, tenant);
  return idSchema.safeParse(incident).success && incident !== undefined ? [incident] : [];
}

function isSo(command: Command, snapshot: IncidentSnapshot): boolean {
  const status = statusOf(snapshot);
  if (command === 'acknowledge') return status === 'acknowledged';
  if (command === 'unacknowledge') return status === 'triggered';
  return command === 'resolve' ? status === 'resolved' : status !== 'resolved';
}

/** When it was decided last whether somebody is to be asked, epoch ms. */
async function movedAt(engine: Engine, { tenant, id }: ReadyIncident): Promise<number> {
  const events = await reaching(() => engine.storage.timeline(tenant, id));
  return events.findLast(({ type }) => MOVES.has(type))?.at ?? 0;
}

function actorOf({ platform, by }: External): Actor {
  return by === undefined ? { kind: 'source', id: platform } : { kind: 'user', id: by };
}
