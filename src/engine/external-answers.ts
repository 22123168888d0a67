/**
 * External answers: what somebody did on another platform to an incident that mirrors one of ours.
 *
 * It is theirs as if it had been done here. What tells nothing new changes nothing, and what happened before our incident
 * moved on is too late: so two platforms that tell each other everything come to rest. Where a doubt is left nothing is done,
 * and what is about no incident of ours for certain is an alert.
 */
import type { CleanEvent } from '../core/intake/clean-event.ts';
import type { IngestOutcome } from '../core/intake/decision.ts';
import { isAllowed } from '../core/lifecycle/allowed.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { statusOf } from '../core/lifecycle/view.ts';
import { followed } from '../core/paging/follow.ts';
import { TocsinError } from '../errors.ts';
import type { Actor } from '../model/identity.ts';
import type { MessageStatus } from '../model/message.ts';
import { isMirrorKey } from '../model/mirror-key.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { DocumentKey, SlotKey } from '../ports/storage.ts';
import { type ChangeParts, NO_CHANGE } from './change.ts';
import { commandOn } from './commands.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { mirroredIncident } from './external-incident.ts';
import { lastNames } from './external-refs.ts';
import { type IngestResult, RECEIPT_MS } from './ingest-key.ts';
import { checkInput } from './input.ts';
import { broughtBack } from './mirror-rows.ts';
import { personOf } from './people.ts';
import type { ReadyIncident } from './reads.ts';
import { type Decided, reaching, transact } from './transact.ts';

type Said = Pick<CleanEvent, 'external' | 'occurredAtMs' | 'title'>;
type External = NonNullable<CleanEvent['external']>;
type Command = 'acknowledge' | 'unacknowledge' | 'resolve' | 'reopen';
type Does = {
  readonly command: Command;
  readonly outcome: IngestOutcome;
  readonly is: string;
  /** How the incident is there since then. */
  readonly status: MessageStatus;
};

const DOES: { readonly [change in External['change']]?: Does } = {
  acknowledged: { command: 'acknowledge', outcome: 'acknowledged', is: 'acknowledged', status: 'acknowledged' },
  unacknowledged: { command: 'unacknowledge', outcome: 'reopened', is: 'asked about again', status: 'triggered' },
  resolved: { command: 'resolve', outcome: 'resolved', is: 'resolved', status: 'resolved' },
  reopened: { command: 'reopen', outcome: 'reopened', is: 'reopened', status: 'triggered' },
};
const MOST_LOOKS = 10;

/**
 * What became of an event about an incident that mirrors one of ours; `undefined` when it is about no such incident. With a
 * `receipt` the same delivery of it is taken once.
 *
 * @throws TocsinError VERSION_CONFLICT when the incident changed again and again meanwhile: the sender is to try again.
 */
export async function answeredElsewhere(
  engine: Engine,
  tenant: string,
  said: Said,
  receipt: DocumentKey | undefined,
): Promise<IngestResult | undefined> {
  const { external } = said;
  if (external === undefined) return undefined;
  await engine.ready();
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const incident = await mirroredIncident(engine, tenant, external, said.title);
    if (incident === undefined) return undefined;
    const by = await actorOf(engine, tenant, external);
    const last = await lastOf(engine, incident);
    const result = await decide(engine, { incident, said, external, by, last, receipt });
    // Somebody was faster: what was looked at is not what is there.
    if (result !== 'again') return result;
  }
  const { platform } = external;
  throw new TocsinError(
    'VERSION_CONFLICT',
    `Cannot take what ${platform} tells: the incident changed ${MOST_LOOKS} times meanwhile. Try again.`,
    {
      details: { platform, attempts: MOST_LOOKS },
    },
  );
}

type Deciding = {
  readonly incident: ReadyIncident;
  readonly said: Said;
  readonly external: External;
  readonly by: Actor;
  readonly last: Last;
  readonly receipt: DocumentKey | undefined;
};

/** When the incident moved on last (epoch ms), and the number of its last event. */
type Last = { readonly movedAt: number; readonly seq: number };

function decide(engine: Engine, deciding: Deciding): Promise<IngestResult | 'again'> {
  const { incident, external, receipt } = deciding;
  const { tenant, id } = incident;
  const slots = [heardSlot(external.platform, id)];
  const query = { tenant, incidents: [id], slots, ...(receipt !== undefined && { documents: [receipt] }) };
  return transact(engine, query, (loaded): Decided<IngestResult | 'again'> => {
    const [before] = loaded.incidents;
    const seen = loaded.documents.find((one) => one.collection === receipt?.collection && one.id === receipt.id);
    if (seen !== undefined) return { answer: () => seen.data as IngestResult };
    if (before?.version !== incident.version) return { answer: () => 'again' };
    const { result, change } = decided(engine, deciding, loaded);
    const documents =
      receipt === undefined
        ? []
        : [{ ...receipt, expectedVersion: 0, data: result, expiresAt: loaded.now + RECEIPT_MS }];
    const isAny = change !== undefined || documents.length > 0;
    return { ...(isAny && { change: { ...(change ?? NO_CHANGE), documents } }), answer: () => result };
  });
}

type Outcome = { readonly result: IngestResult; readonly change?: ChangeParts };

function decided(engine: Engine, deciding: Deciding, loaded: Decidable): Outcome {
  const { incident, external, by, last, said } = deciding;
  const { tenant, id, snapshot } = incident;
  const { platform } = external;
  const does = DOES[external.change];
  if (does === undefined) return { result: dropped(id, `${platform} tells nothing that changes incident ${id}.`) };
  if (isOfAnother(external, snapshot))
    return { result: dropped(id, `What ${platform} tells of is no longer the mirror of incident ${id}.`) };
  const slot = heardSlot(platform, id);
  const heard = loaded.slots.find(({ kind, key }) => kind === slot.kind && key === slot.key);
  const heardAt = heard?.until ?? 0;
  const at = said.occurredAtMs ?? Math.max(last.movedAt, heardAt) + 1;
  // What changes nothing is kept as well: what happened there before it comes too late from now on.
  const hears = { ...slot, owner: id, until: at, expectedVersion: heard?.version ?? 0 };
  const slots = said.occurredAtMs === undefined ? [] : [hears];
  const isLate = at <= last.movedAt || at < heardAt;
  const refused = refusal(does, incident);
  if (isLate)
    return { result: refused ?? dropped(id, `Incident ${id}, or ${platform}, has moved on since that happened.`) };
  if (refused !== undefined) {
    // What is otherwise there than here would stay so.
    const isApart = at > heardAt && does.status !== statusOf(snapshot);
    const deliveries = isApart ? broughtBack(engine, { incident, platform, seq: last.seq }, loaded) : [];
    const kept = refused.outcome === 'deduplicated' ? slots : [];
    const isAny = deliveries.length + kept.length > 0;
    return { result: refused, ...(isAny && { change: { ...NO_CHANGE, deliveries, slots: kept } }) };
  }
  const reason = `Incident ${id} is ${does.is}: so it is on ${platform}.`;
  const result: IngestResult = { outcome: does.outcome, reason, incidentId: id };
  const input = checkInput(does.command, { by });
  const { change = NO_CHANGE } = commandOn(engine, { tenant, name: does.command, id }, input, loaded);
  const [written] = change.incidents;
  const after = written === undefined ? incident : { ...incident, snapshot: written.snapshot };
  // Where each has to answer one answer is not enough, and there it looks as if it were.
  const isEnough = statusOf(after.snapshot) === does.status;
  const seq = written?.events.at(-1)?.seq ?? last.seq;
  const back = isEnough ? [] : broughtBack(engine, { incident: after, platform, seq }, loaded);
  return { result, change: { ...change, slots, deliveries: [...change.deliveries, ...back] } };
}

/** A platform that begins anew keeps the old one: what becomes of that is nothing to us, whatever keys the two share. */
function isOfAnother({ platform, ids: [id] }: External, { context }: IncidentSnapshot): boolean {
  const known = Object.values(lastNames(context.links, platform));
  return (
    id !== undefined && !isMirrorKey(id) && known.length > 0 && !known.some((name) => isMirrorKey(name) || name === id)
  );
}

/** What is the case already, or cannot be, changes nothing. */
function refusal({ command, is }: Does, { id, snapshot }: ReadyIncident): IngestResult | undefined {
  if (isSo(command, snapshot)) {
    return { outcome: 'deduplicated', reason: `Incident ${id} is ${is} already.`, incidentId: id };
  }
  if (isAllowed(snapshot, command)) return undefined;
  return dropped(id, `Incident ${id} cannot be ${is} now: it is ${String(snapshot.value.phase)}.`);
}

function dropped(id: string, reason: string): IngestResult {
  return { outcome: 'dropped', reason, incidentId: id };
}

/** Says, by its `until`, when the latest of what a platform has told of an incident happened there. */
function heardSlot(platform: string, id: string): SlotKey {
  return { kind: 'external-heard', key: JSON.stringify([platform, id]) };
}

function isSo(command: Command, snapshot: IncidentSnapshot): boolean {
  const status = statusOf(snapshot);
  if (command === 'acknowledge') return status === 'acknowledged';
  if (command === 'unacknowledge') return status === 'triggered';
  return command === 'resolve' ? status === 'resolved' : status !== 'resolved';
}

/** When it was decided last whether somebody is to be asked, or about what, and the last event. */
async function lastOf(engine: Engine, { tenant, id }: ReadyIncident): Promise<Last> {
  const events = await reaching(() => engine.storage.timeline(tenant, id));
  return { movedAt: events.findLast(isMove)?.at ?? 0, seq: events.at(-1)?.seq ?? 0 };
}

/** Whatever other platforms have to hear of is a move, but for texts. */
function isMove(event: TimelineEvent): boolean {
  if (event.type === 'incident.opened') return true;
  const said = followed(event);
  return said !== undefined && said.text === undefined && event.type !== 'incident.updated';
}

/** Whoever did it there, when they are known here. */
async function actorOf(engine: Engine, tenant: string, { platform, by }: External): Promise<Actor> {
  const source: Actor = { kind: 'source', id: platform };
  if (by === undefined) return source;
  if (personOf(engine, tenant, by) === undefined) await engine.people?.fetch(tenant, [by]);
  return personOf(engine, tenant, by) === undefined ? source : { kind: 'user', id: by };
}
