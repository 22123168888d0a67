/**
 * Delivers one claimed delivery, and settles what became of it.
 *
 * What follows from a delivery that ends dead is stored before its end is, so that nothing of it is ever lost.
 */
import { canAccept } from '../core/lifecycle/allowed.ts';
import { isTocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { SYSTEM } from '../model/identity.ts';
import type { EventDraft } from '../model/timeline.ts';
import type { ClaimedDelivery, DeliveryOutcome } from '../ports/storage.ts';
import { attempt, isHeld, withDeadline } from './attempt.ts';
import { changeOf } from './change.ts';
import type { Engine } from './engine.ts';
import { settleFor } from './settle-for.ts';
import { type Decided, reaching, transact } from './transact.ts';
import { deliveryView } from './views.ts';

const FAILED_PAGES = 'failed-pages';
/** Nobody settles a page so late. */
const RECEIPT_MS = 30 * 86_400_000;

/** Every row of a page, however many people it asks. */
const WHOLE_PAGE = 100_000;

type DeadOutcome = Extract<DeliveryOutcome, { state: 'dead' }>;

/** Attempts one delivery. Rejects only when the storage cannot be reached; then its lease ends and it is tried again. */
export async function deliver(engine: Engine, claimed: ClaimedDelivery): Promise<void> {
  const outcome = await attempt(engine, claimed);
  if (outcome === undefined) return;
  if (outcome.state === 'dead') return bury(engine, claimed, outcome);
  const settled = await settleAs(engine, claimed, outcome);
  if (settled === undefined) return;
  if (outcome.state === 'retry') engine.stored(outcome.afterMs);
  tell(engine, settled, outcome);
}

/**
 * The delivery as it is stored then; `undefined` when it was somebody else's by then. A failure is tried once more, which
 * the token makes harmless: a message that is not settled is sent again.
 */
async function settleAs(
  engine: Engine,
  { delivery, token }: ClaimedDelivery,
  outcome: DeliveryOutcome,
): Promise<StoredDelivery | undefined> {
  const settle = () => engine.storage.settleDelivery(delivery.tenant, delivery.id, token, outcome);
  const settled = await reaching(() => settle().catch(settle));
  if (settled === undefined) {
    engine.logger.warn(
      { delivery: delivery.id, token },
      'A delivery was settled by somebody else meanwhile; this attempt may have been a duplicate.',
    );
  }
  return settled;
}

/** Every delivery of a page. */
function pageOf(
  engine: Engine,
  { tenant, incidentId, page }: Pick<StoredDelivery, 'tenant' | 'incidentId' | 'page'>,
): Promise<readonly StoredDelivery[]> {
  return reaching(() => engine.storage.listDeliveries(tenant, { incidentId, page, limit: WHOLE_PAGE }));
}

/**
 * A delivery that ended is never silent: the next contact is used at once, and the host is told. All of it comes before
 * the row is settled: when this process dies meanwhile, the lease ends and all of it is done again.
 */
async function bury(engine: Engine, claimed: ClaimedDelivery, outcome: DeadOutcome): Promise<void> {
  const delivery = { ...claimed.delivery, state: 'dead', error: outcome.error } as const;
  if (await isHeld(engine, claimed)) {
    await goOn(engine, delivery);
    engine.logger.error(
      { delivery: delivery.id, notifier: delivery.notifier, error: delivery.error },
      'A delivery ended as a dead letter.',
    );
    await tellHost(engine, delivery);
  }
  const settled = await settleAs(engine, claimed, outcome);
  if (settled?.state !== 'dead') return;
  tell(engine, settled, outcome);
  // The last two of a page may end at the same moment, and neither saw the other dead.
  await recordFailedPage(engine, delivery);
}

/** What follows from a delivery that ends. A defect in it must not send the message again without end. */
async function goOn(engine: Engine, delivery: StoredDelivery): Promise<void> {
  try {
    await useNextContact(engine, delivery);
    await recordFailedPage(engine, delivery);
  } catch (error) {
    if (isTocsinError(error) && error.retryable) throw error;
    engine.logger.error({ error, delivery: delivery.id }, 'A page that failed could not be recorded.');
  }
}

async function tellHost(engine: Engine, delivery: StoredDelivery): Promise<void> {
  try {
    await withDeadline(engine, 'onDeadLetter', async () => engine.onDeadLetter?.(deliveryView(delivery)));
  } catch (error) {
    engine.logger.error({ error, delivery: delivery.id }, 'onDeadLetter failed.');
  }
}

async function useNextContact(
  engine: Engine,
  { tenant, incidentId, page, user, purpose }: StoredDelivery,
): Promise<void> {
  if (purpose === 'notice' || user === undefined) return;
  if (await reaching(() => engine.storage.hasten(tenant, incidentId, page, user))) engine.stored(0);
}

/**
 * When every contact of every person of a page has failed, the incident hears of it and climbs at once. `dead` counts as
 * dead, whatever is stored of it yet.
 */
async function recordFailedPage(engine: Engine, dead: StoredDelivery): Promise<void> {
  const { tenant, incidentId, page, purpose, position } = dead;
  if (purpose === 'notice') return;
  const siblings = (await pageOf(engine, dead)).map((delivery) => (delivery.id === dead.id ? dead : delivery));
  const toPeople = siblings.filter(({ user }) => user !== undefined);
  if (toPeople.length === 0 || toPeople.some(({ state }) => state !== 'dead')) return;
  const errors = [...new Set(toPeople.map(({ error }) => error ?? 'unknown'))];
  const draft: EventDraft = { type: 'page.failed', page, purpose, position, errors };
  // The last contacts of a page may fail at the same moment; it is said once.
  const receipt = { collection: FAILED_PAGES, id: `${incidentId}:${page}` };
  await transact(engine, { tenant, incidents: [incidentId], documents: [receipt] }, (loaded): Decided<void> => {
    const before = loaded.incidents[0];
    const isSaid = loaded.documents.length > 0;
    if (before === undefined || isSaid || !canAccept(before.snapshot, draft)) return { answer: () => undefined };
    const settled = settleFor(loaded.config, {
      snapshot: before.snapshot,
      drafts: [draft],
      at: loaded.now,
      by: SYSTEM,
    });
    const documents = [
      { ...receipt, expectedVersion: 0, data: { at: loaded.now }, expiresAt: loaded.now + RECEIPT_MS },
    ];
    return { change: { ...changeOf(tenant, before, settled), documents }, answer: () => undefined };
  });
}

function tell(engine: Engine, delivery: StoredDelivery, { state }: DeliveryOutcome): void {
  const type = state === 'sent' ? 'delivery.sent' : state === 'retry' ? 'delivery.retried' : 'delivery.dead';
  engine.bus.tell(type, { type, tenant: delivery.tenant, delivery: deliveryView(delivery) });
}
