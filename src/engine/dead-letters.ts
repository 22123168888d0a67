/**
 * Dead letters: deliveries that ended without having been sent, and the way back for them.
 *
 * A page that nobody waits for any more is never sent after all.
 */
import { pagingState } from '../core/lifecycle/view.ts';
import { TocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
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
  const paging = pagingState(snapshot);
  const isAnswered = paging === 'acknowledged' || paging === 'snoozed';
  const isForAnswer = delivery.purpose !== 'notice' && delivery.purpose !== 'responder';
  if (paging === 'quiet' || (isAnswered && isForAnswer)) {
    throw new TocsinError(
      'INVALID_TRANSITION',
      `Cannot retry delivery ${id}: its incident is ${snapshot.value.phase} and ${paging}, so nobody waits for it.`,
      { details: { delivery: id, incident: delivery.incidentId, paging } },
    );
  }
  if (!(await reaching(() => engine.storage.revive(tenant, id)))) throw notFound(id);
  engine.stored(0);
}

function notFound(id: string): TocsinError {
  return new TocsinError(
    'DELIVERY_NOT_FOUND',
    `Cannot retry delivery ${id}: this tenant has no dead letter of that id.`,
    { details: { delivery: id } },
  );
}
