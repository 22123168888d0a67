/**
 * Dead letters: deliveries that ended without having been sent, and the way back for them.
 *
 * A page that nobody waits for any more is never sent after all.
 */
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { pagingState } from '../core/lifecycle/view.ts';
import { TocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { NO_CHANGE } from './change.ts';
import { loadIncident } from './commands.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** More than anybody reads; nothing is left out silently. */
const ALL = 100_000;

/** The dead letters of a tenant, in the order in which they were requested. */
export function listDeadLetters(engine: Engine, tenant: string): Promise<readonly StoredDelivery[]> {
  return reaching(() => engine.storage.listDeliveries(tenant, { state: 'dead', limit: ALL }));
}

/**
 * Puts a dead letter back to work.
 *
 * @throws TocsinError DELIVERY_NOT_FOUND when the tenant has no dead letter of that id.
 * @throws TocsinError INVALID_TRANSITION when the page was answered meanwhile, or its incident has ended.
 */
export async function retryDeadLetter(engine: Engine, tenant: string, id: string): Promise<void> {
  const delivery = (await listDeadLetters(engine, tenant)).find((letter) => letter.id === id);
  if (delivery === undefined) throw notFound(id);
  const { snapshot } = await loadIncident(engine, tenant, delivery.incidentId, 'retry a delivery of');
  if (!isWaitedFor(delivery, snapshot)) throw answered(delivery, snapshot);
  if (!(await reaching(() => engine.storage.revive(tenant, id)))) throw notFound(id);
  await takeBackIfAnswered(engine, delivery);
  engine.stored(0);
}

/** Whether somebody waits for it: its page was not answered, and its incident has not ended. */
function isWaitedFor({ purpose }: StoredDelivery, snapshot: IncidentSnapshot): boolean {
  const paging = pagingState(snapshot);
  const isAnswered = paging === 'acknowledged' || paging === 'snoozed';
  return paging !== 'quiet' && !(isAnswered && purpose !== 'notice' && purpose !== 'responder');
}

/** Who answered while it was put back has not taken it back: a dead letter is none of what an answer withdraws. */
async function takeBackIfAnswered(engine: Engine, delivery: StoredDelivery): Promise<void> {
  const { tenant, incidentId, page } = delivery;
  const { snapshot } = await loadIncident(engine, tenant, incidentId, 'retry a delivery of');
  if (isWaitedFor(delivery, snapshot)) return;
  const withdrawals = [{ incidentId, beforePage: page + 1, because: 'it was answered before it was tried again' }];
  await reaching(() => engine.commit({ ...NO_CHANGE, withdrawals, commitId: engine.ids(), tenant }));
  throw answered(delivery, snapshot);
}

function answered({ id, incidentId }: StoredDelivery, snapshot: IncidentSnapshot): TocsinError {
  const paging = pagingState(snapshot);
  return new TocsinError(
    'INVALID_TRANSITION',
    `Cannot retry delivery ${id}: its incident is ${snapshot.value.phase} and ${paging}, so nobody waits for it.`,
    { details: { delivery: id, incident: incidentId, paging } },
  );
}

function notFound(id: string): TocsinError {
  return new TocsinError(
    'DELIVERY_NOT_FOUND',
    `Cannot retry delivery ${id}: this tenant has no dead letter of that id.`,
    { details: { delivery: id } },
  );
}
