/**
 * Delivers one claimed delivery, and settles what became of it.
 *
 * What follows from a delivery that ends dead is stored before its end is, so that nothing of it is ever lost.
 */
import { spread } from '../core/paging/retry.ts';
import { isTocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { ClaimedDelivery, DeliveryOutcome } from '../ports/storage.ts';
import { attempt } from './attempt.ts';
import { isPage } from './delivery-kind.ts';
import type { Engine } from './engine.ts';
import { goOn, hastenUnlessReached, recordFailedPage, tellHost } from './failed-page.ts';
import { withoutLane } from './lane.ts';
import { isHeld } from './lease.ts';
import { type Attempted, defective } from './outcome.ts';
import { reaching } from './transact.ts';
import { deliveryView } from './views.ts';

const AGAIN_MS = 1_000;

type DeadOutcome = Extract<DeliveryOutcome, { state: 'dead' }>;

/** Attempts one delivery. Rejects only when the storage cannot be reached; then its lease ends and it is tried again. */
export async function deliver(engine: Engine, claimed: ClaimedDelivery): Promise<void> {
  const attempted = await attempt(engine, claimed).catch((error: unknown) => afterDefect(engine, claimed, error));
  if (attempted === undefined) return;
  const { outcome, isLong } = attempted;
  if (outcome.state === 'dead') return bury(engine, claimed, outcome);
  // Before it is settled, while it is not among those that could be hastened.
  if (isLong) await hastenUnlessReached(engine, claimed.delivery);
  const settled = await settleAs(engine, claimed, outcome);
  if (settled === undefined) return;
  if (outcome.state !== 'sent') engine.stored(outcome.afterMs);
  tell(engine, settled, outcome);
}

/** Gives a delivery back that nobody could attempt in time; that is no attempt. */
export async function putBack(engine: Engine, claimed: ClaimedDelivery): Promise<void> {
  const afterMs = spread(claimed.delivery.id, AGAIN_MS, AGAIN_MS);
  const error = `Notifier ${withoutLane(claimed.delivery.notifier)} has no place for announcements now.`;
  await settleAs(engine, claimed, { state: 'held', afterMs, error });
}

/** A defect of ours, or of what is stored, is a failed attempt: a row that fails without end would never be a dead letter. */
async function afterDefect(engine: Engine, claimed: ClaimedDelivery, error: unknown): Promise<Attempted | undefined> {
  if (engine.isStopped() || (isTocsinError(error) && error.retryable)) throw error;
  engine.logger.error({ error, delivery: claimed.delivery.id }, 'A delivery could not be attempted.');
  return (await isHeld(engine, claimed)) ? defective(claimed.delivery, error) : undefined;
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

/**
 * A delivery that ended is never silent: the next contact is used at once, and the host is told. All of it comes before
 * the row is settled: when this process dies meanwhile, the lease ends and all of it is done again.
 */
async function bury(engine: Engine, claimed: ClaimedDelivery, outcome: DeadOutcome): Promise<void> {
  const delivery = { ...claimed.delivery, state: 'dead', error: outcome.error } as const;
  // The host may take its time: whoever has the row by then does all of this again.
  const isStillOurs = () => isHeld(engine, claimed);
  if (await isStillOurs()) await afterDeath(engine, delivery, isStillOurs);
  const settled = await settleAs(engine, claimed, outcome);
  if (settled?.state !== 'dead') return;
  if (isUnawaited(settled)) return;
  tell(engine, settled, outcome);
  // The last two of a page may end at the same moment, and neither saw the other dead.
  if (isPage(delivery)) await recordFailedPage(engine, delivery);
}

/** What follows from a delivery that is dead, whatever is stored of it yet. It may be done again. */
export async function afterDeath(
  engine: Engine,
  delivery: StoredDelivery,
  isStillOurs: () => Promise<boolean> = async () => true,
): Promise<void> {
  await goOn(engine, delivery);
  if (!(await isStillOurs())) return;
  if (delivery.purpose === 'announcement') {
    // It is a dead letter, and calls nobody up: nobody who responds waits for it.
    engine.logger.warn(
      { delivery: delivery.id, error: delivery.error },
      'A subscriber could not be told of an update.',
    );
    return;
  }
  if (isUnawaited(delivery)) {
    // Nobody waits for it: what it would have said is said by the incident, and by the next that follows it.
    engine.logger.warn({ delivery: delivery.id, error: delivery.error }, 'A message could not be brought up to date.');
    return;
  }
  engine.logger.error(
    { delivery: delivery.id, notifier: delivery.notifier, error: delivery.error },
    'A delivery ended as a dead letter.',
  );
  await tellHost(engine, delivery);
}

/** What nobody waits for, and no listener is called up for. */
function isUnawaited({ purpose }: StoredDelivery): boolean {
  return purpose === 'update' || purpose === 'follow' || purpose === 'announcement';
}

function tell(engine: Engine, delivery: StoredDelivery, { state }: DeliveryOutcome): void {
  const type =
    state === 'sent'
      ? 'delivery.sent'
      : state === 'retry'
        ? 'delivery.retried'
        : state === 'held'
          ? 'delivery.held'
          : 'delivery.dead';
  engine.bus.tell(type, { type, tenant: delivery.tenant, delivery: deliveryView(delivery) });
}
