/**
 * External answers: what somebody did on another platform to an incident that mirrors one of ours.
 *
 * It is theirs as if it had been done here. What tells nothing new changes nothing, and what happened before our incident
 * moved on is too late: so two platforms that tell each other everything come to rest. Where a doubt is left nothing is done,
 * and what is about no incident of ours for certain is an alert.
 */
import type { CleanEvent } from '../core/intake/clean-event.ts';
import type { IngestOutcome } from '../core/intake/decision.ts';
import { allowed } from '../core/lifecycle/allowed.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { statusOf } from '../core/lifecycle/view.ts';
import { followed } from '../core/paging/follow.ts';
import type { Actor } from '../model/identity.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { DocumentKey } from '../ports/storage.ts';
import { NO_CHANGE } from './change.ts';
import { commandOn } from './commands.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { mirroredIncident } from './external-incident.ts';
import { type IngestResult, RECEIPT_MS } from './ingest-key.ts';
import { checkInput } from './input.ts';
import { personOf } from './people.ts';
import type { ReadyIncident } from './reads.ts';
import { type Decided, reaching, transact } from './transact.ts';

type Said = Pick<CleanEvent, 'external' | 'occurredAtMs' | 'title'>;
type External = NonNullable<CleanEvent['external']>;
type Command = 'acknowledge' | 'unacknowledge' | 'resolve' | 'reopen';
type Does = { readonly command: Command; readonly outcome: IngestOutcome; readonly is: string };

const DOES: { readonly [change in External['change']]?: Does } = {
  acknowledged: { command: 'acknowledge', outcome: 'acknowledged', is: 'acknowledged' },
  unacknowledged: { command: 'unacknowledge', outcome: 'reopened', is: 'asked about again' },
  resolved: { command: 'resolve', outcome: 'resolved', is: 'resolved' },
  reopened: { command: 'reopen', outcome: 'reopened', is: 'reopened' },
};
const MOST_LOOKS = 10;

/**
 * What became of an event about an incident that mirrors one of ours; `undefined` when it is about no such incident. With a
 * `receipt` the same delivery of it is taken once.
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
    // What is opened there after ours has ended is news.
    if (external.change === 'opened' && statusOf(incident.snapshot) === 'resolved') return undefined;
    const by = await actorOf(engine, tenant, external);
    const movedAt = await lastMoveOf(engine, incident);
    const result = await decide(engine, { incident, said, external, by, movedAt, receipt });
    // Somebody was faster: what was looked at is not what is there.
    if (result !== 'again') return result;
  }
  return { outcome: 'dropped', reason: 'The incident changed faster than it could be looked at.' };
}

type Deciding = {
  readonly incident: ReadyIncident;
  readonly said: Said;
  readonly external: External;
  readonly by: Actor;
  /** Epoch ms. */
  readonly movedAt: number;
  readonly receipt: DocumentKey | undefined;
};

function decide(engine: Engine, deciding: Deciding): Promise<IngestResult | 'again'> {
  const { incident, receipt } = deciding;
  const { tenant, id } = incident;
  const query = { tenant, incidents: [id], ...(receipt !== undefined && { documents: [receipt] }) };
  return transact(engine, query, (loaded): Decided<IngestResult | 'again'> => {
    const [before] = loaded.incidents;
    const seen = loaded.documents.find((one) => one.collection === receipt?.collection && one.id === receipt.id);
    if (seen !== undefined) return { answer: () => seen.data as IngestResult };
    if (before?.version !== incident.version) return { answer: () => 'again' };
    return decided(engine, deciding, loaded);
  });
}

function decided(engine: Engine, deciding: Deciding, loaded: Decidable): Decided<IngestResult> {
  const { incident, external, by, receipt } = deciding;
  const { tenant, id } = incident;
  const does = DOES[external.change];
  const kept = (result: IngestResult) =>
    receipt === undefined ? [] : [{ ...receipt, expectedVersion: 0, data: result, expiresAt: loaded.now + RECEIPT_MS }];
  const because = whyNot(does, deciding);
  if (because !== undefined || does === undefined) {
    const result = because ?? { outcome: 'dropped', reason: '', incidentId: id };
    const documents = kept(result);
    return { change: documents.length === 0 ? undefined : { ...NO_CHANGE, documents }, answer: () => result };
  }
  const reason = `Incident ${id} is ${does.is}: so it is on ${external.platform}.`;
  const result: IngestResult = { outcome: does.outcome, reason, incidentId: id };
  const input = checkInput(does.command, { by });
  const { change = NO_CHANGE } = commandOn(engine, { tenant, name: does.command, id }, input, loaded);
  return { change: { ...change, documents: kept(result) }, answer: () => result };
}

/** Why nothing is done; `undefined` when it is. */
function whyNot(does: Does | undefined, { incident, said, external, movedAt }: Deciding): IngestResult | undefined {
  const { id, snapshot } = incident;
  const { platform } = external;
  const dropped = (reason: string): IngestResult => ({ outcome: 'dropped', reason, incidentId: id });
  if (does === undefined) return dropped(`${platform} tells nothing that changes incident ${id}.`);
  if (isSo(does.command, snapshot)) {
    return { outcome: 'deduplicated', reason: `Incident ${id} is ${does.is} already.`, incidentId: id };
  }
  if (!allowed(snapshot).includes(does.command)) {
    return dropped(`Incident ${id} cannot be ${does.is} now: it is ${String(snapshot.value.phase)}.`);
  }
  const isLate = said.occurredAtMs !== undefined && said.occurredAtMs <= movedAt;
  return isLate ? dropped(`Incident ${id} has moved on since ${platform} said so.`) : undefined;
}

function isSo(command: Command, snapshot: IncidentSnapshot): boolean {
  const status = statusOf(snapshot);
  if (command === 'acknowledge') return status === 'acknowledged';
  if (command === 'unacknowledge') return status === 'triggered';
  return command === 'resolve' ? status === 'resolved' : status !== 'resolved';
}

/** When it was decided last whether somebody is to be asked, or about what, epoch ms. */
async function lastMoveOf(engine: Engine, { tenant, id }: ReadyIncident): Promise<number> {
  const events = await reaching(() => engine.storage.timeline(tenant, id));
  return events.findLast(isMove)?.at ?? 0;
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
