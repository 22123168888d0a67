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
import { bringsUp } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** More than anybody reads; nothing is left out silently. */
const ALL = 100_000;

/** The dead letters of a tenant, in the order in which they were requested; nobody waits for what brings one up to date. */
export async function listDeadLetters(engine: Engine, tenant: string): Promise<readonly StoredDelivery[]> {
  const dead = await reaching(() => engine.storage.listDeliveries(tenant, { state: 'dead', limit: ALL }));
  return dead.filter(({ purpose }) => purpose !== 'update' && purpose !== 'follow');
}

/**
 * Puts a dead letter back to work.
 *
 * @throws TocsinError DELIVERY_NOT_FOUND when the tenant has no dead letter of that id.
 * @throws TocsinError INVALID_TRANSITION when the page was answered meanwhile, or its incident has ended.
 */
export async function retryDeadLetter(engine: Engine, tenant: string, id: string): Promise<void> {
  if (typeof id !== 'string') throw notFound(String(id));
  const [delivery] = await reaching(() => engine.storage.listDeliveries(tenant, { id, state: 'dead', limit: 1 }));
  if (delivery === undefined) throw notFound(id);
  const { incidentId } = delivery;
  if (incidentId !== undefined) await refuseIfAnswered(engine, { ...delivery, incidentId });
  if (!(await reaching(() => engine.storage.revive(tenant, id)))) throw notFound(id);
  if (incidentId !== undefined) await takeBackIfAnswered(engine, { ...delivery, incidentId });
  engine.stored(0);
}

type OfIncident = StoredDelivery & { readonly incidentId: string };

async function refuseIfAnswered(engine: Engine, delivery: OfIncident): Promise<void> {
  const { snapshot } = await loadIncident(engine, delivery.tenant, delivery.incidentId, 'retry a delivery of');
  if (!isWaitedFor(delivery, snapshot)) throw answered(delivery, snapshot);
}

/** Whether somebody waits for it: its page was not answered, and its incident has not ended. */
function isWaitedFor(delivery: StoredDelivery, snapshot: IncidentSnapshot): boolean {
  const { purpose } = delivery;
  if (bringsUp(delivery) || purpose === 'room') return true;
  if (hasAnswered(delivery, snapshot)) return false;
  const paging = pagingState(snapshot);
  const isAnswered = paging === 'acknowledged' || paging === 'snoozed';
  return paging !== 'quiet' && !(isAnswered && purpose !== 'notice' && purpose !== 'responder');
}

/** Where each has to answer, whoever did is asked no more, although others still are. */
function hasAnswered({ purpose, user }: StoredDelivery, { context }: IncidentSnapshot): boolean {
  const isOfStep = purpose === 'step' || purpose === 'reminder' || purpose === 'handoff';
  return isOfStep && user !== undefined && context.answered.includes(user);
}

/** Who answered while it was put back has not taken it back: a dead letter is none of what an answer withdraws. */
async function takeBackIfAnswered(engine: Engine, delivery: OfIncident): Promise<void> {
  const { tenant, incidentId, page, purpose, user } = delivery;
  const { snapshot } = await loadIncident(engine, tenant, incidentId, 'retry a delivery of');
  if (isWaitedFor(delivery, snapshot)) return;
  // The answer of one person takes back nothing from those who are asked on.
  const only = hasAnswered(delivery, snapshot) && user !== undefined ? { only: { purpose, user } } : {};
  const withdrawals = [
    { incidentId, beforePage: page + 1, ...only, because: 'it was answered before it was tried again' },
  ];
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
