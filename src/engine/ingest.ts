/**
 * Ingest: alert events in, answered only after the commit. Accepted means stored.
 *
 * The events of one key are decided one after the other and stored as one change; those of different keys go side by
 * side. One bad event never loses the others of its call: it is answered 'rejected' with its error.
 */
import { type CleanEvent, cleanEvent } from '../core/intake/clean-event.ts';
import { keyOf } from '../core/intake/decision.ts';
import { NOTES, noteId } from '../core/intake/note.ts';
import { routeEvent } from '../core/intake/routed.ts';
import { isTocsinError, TocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import type { DocumentKey, LoadQuery } from '../ports/storage.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { answeredElsewhere } from './external-answers.ts';
import { decideEvents, type IngestResult, type Taken } from './ingest-key.ts';
import { alertName, joinQueries } from './query.ts';
import { configOf } from './tenant-config.ts';
import { decidedTogether, type Together } from './together.ts';
import { transact } from './transact.ts';

/** Options of one call. */
export type IngestOptions = {
  /** Names this delivery of the source: a second call with the same id changes nothing and gives the first one's answer. */
  readonly deliveryId?: string;
};

/** Fields that the bodies of monitoring tools have, and events have not. */
const BODY_FIELDS = ['alerts', 'version', 'receiver', 'groupKey', 'commonLabels', 'externalURL', 'evalMatches'];
const DELIVERY_IDS = 'delivery-ids';

/** Takes in the events of one call; answers one result for each, in order. */
export async function ingestEvents(
  engine: Engine,
  tenant: string,
  events: readonly AlertEvent[],
  { deliveryId }: IngestOptions,
): Promise<readonly IngestResult[]> {
  const config = configOf(engine, tenant);
  const now = engine.clock.now();
  const results: (IngestResult | undefined)[] = events.map(() => undefined);
  const taken: Taken[] = [];
  for (const [index, input] of events.entries()) {
    try {
      const event = takeEvent(input);
      const call = { deliveryId, index };
      const elsewhere = await answeredElsewhere(engine, tenant, event, receiptOf(call, event, event.dedupKey ?? ''));
      if (elsewhere !== undefined) {
        results[index] = elsewhere;
        continue;
      }
      const routed = routeEvent(event, config, now);
      taken.push({ index, routed, receipt: receiptOf(call, event, routed.key.key) });
    } catch (error) {
      if (!isFinal(error)) throw error;
      results[index] = { outcome: 'rejected', reason: error.message, error };
    }
  }
  const groups = decidedTogether(taken, config, now);
  // All have ended before anything is answered: what went on in the background could outlive a host's transaction.
  const settled = await Promise.allSettled(groups.map((group) => ingestGroup(engine, tenant, group)));
  for (const [place, outcome] of settled.entries()) {
    const answers =
      outcome.status === 'fulfilled' ? outcome.value : refusals(groups[place]?.items ?? [], outcome.reason);
    for (const [index, result] of answers) results[index] = result;
  }
  return results.map((result, index) => result ?? unanswered(index));
}

/** One event that cannot be taken in must not keep those beside it out: each key is then tried alone. */
async function ingestGroup(
  engine: Engine,
  tenant: string,
  { items, turns }: Together<Taken>,
): Promise<ReadonlyMap<number, IngestResult>> {
  const keys = [...Map.groupBy(items, ({ routed }) => alertName(keyOf(routed))).values()];
  if (keys.length <= 1) return ingestTogether(engine, tenant, { items, turns });
  try {
    return await ingestTogether(engine, tenant, { items, turns });
  } catch (error) {
    if (!isFinal(error)) throw error;
    const results = new Map<number, IngestResult>();
    for (const key of keys) {
      const answers = await ingestTogether(engine, tenant, { items: key, turns }).catch((reason: unknown) =>
        refusals(key, reason),
      );
      for (const [index, result] of answers) results.set(index, result);
    }
    return results;
  }
}

function ingestTogether(
  engine: Engine,
  tenant: string,
  { items, turns }: Together<Taken>,
): Promise<ReadonlyMap<number, IngestResult>> {
  const receipts = items.flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]));
  const alertKeys = items.map(({ routed }) => keyOf(routed));
  const notes = alertKeys.map((key) => ({ collection: NOTES, id: noteId(key) }));
  const query = joinQueries({ tenant, alertKeys, documents: notes }, { alertKeys, documents: receipts });
  const decide = (loaded: Decidable, asked: LoadQuery) => decideEvents(engine, tenant, items, { loaded, asked });
  return transact(engine, query, decide, turns);
}

/** A key that can never be taken in is answered; one that could be later fails the call, which is then sent again. */
function refusals(group: readonly Taken[], error: unknown): ReadonlyMap<number, IngestResult> {
  if (!isFinal(error)) throw error;
  return new Map(group.map(({ index }) => [index, { outcome: 'rejected', reason: error.message, error }]));
}

function isFinal(error: unknown): error is TocsinError {
  return isTocsinError(error) && !error.retryable && error.code !== 'STOPPED';
}

/**
 * The clean event in `input`.
 *
 * @throws TocsinError INPUT_INVALID as {@link cleanEvent} does; a body that was not parsed is told from a misspelt event.
 */
export function takeEvent(input: unknown): CleanEvent {
  try {
    return cleanEvent(input);
  } catch (error) {
    if (!isTocsinError(error, 'INPUT_INVALID') || !looksLikeBody(input)) throw error;
    const message = `${error.message} This looks like the body of a webhook: parse it with a source first.`;
    throw new TocsinError('INPUT_INVALID', message, { details: error.details, cause: error });
  }
}

function looksLikeBody(input: unknown): boolean {
  if (typeof input === 'string') return /^\s*[{[]/.test(input);
  if (typeof input !== 'object' || input === null) return false;
  return BODY_FIELDS.filter((name) => Object.hasOwn(input, name)).length > 1;
}

type Call = { readonly deliveryId: string | undefined; readonly index: number };

/** Sources number what they send without knowing of each other, and may send several events under one id. */
function receiptOf(call: Call, event: CleanEvent, key: string): DocumentKey | undefined {
  const { routeKey, action, deliveryId } = event;
  // An empty id, as a missing header reads, would swallow every later call.
  if (call.deliveryId)
    return { collection: DELIVERY_IDS, id: JSON.stringify([routeKey, call.deliveryId, action, key, call.index]) };
  if (deliveryId === undefined) return undefined;
  return { collection: DELIVERY_IDS, id: JSON.stringify([routeKey, deliveryId, action, key]) };
}

function unanswered(index: number): IngestResult {
  throw new TocsinError('UNBOUNDED', `Event ${index} of the call was decided without an answer.`, {
    details: { index },
  });
}
