/**
 * Work: claims what is due and does it.
 *
 * Deliveries run beside each other and beside the timers, so that a slow notifier holds up nobody else. One row that
 * fails is told of and left to its lease; the others go on.
 */
import type { ClaimedDelivery, StoredTimer } from '../ports/storage.ts';
import { deliver, LEASE_MS } from './deliver.ts';
import type { Engine } from './engine.ts';
import { fireTimer } from './fire-timer.ts';
import { reaching } from './transact.ts';

/** Does what is due. */
export type Work = {
  /** Does everything that is due now, and what becomes due by it; resolves when it is done. */
  tick(): Promise<void>;
  /** Starts everything that is due now; answers in how many ms the next row is due. */
  sweep(): Promise<number | undefined>;
  /** Resolves when no delivery is on its way. */
  drain(): Promise<void>;
};

const MOST_AT_ONCE = 64;
/** How long to wait before looking for timers again while no delivery can be taken up. */
const WHILE_FULL_MS = 500;

/** Does the work of `engine`. */
export function createWork(engine: Engine): Work {
  const underWay = new Set<Promise<void>>();
  const tenants = () => [...engine.tenants.keys()];

  const failed = (error: unknown, doing: string) => {
    engine.logger.error({ error, doing }, 'Due work failed; it is tried again when its lease ends.');
    engine.bus.tell('error', { type: 'error', error, doing });
  };

  async function fire(timer: StoredTimer): Promise<void> {
    try {
      await fireTimer(engine, timer);
    } catch (error) {
      failed(error, `firing timer ${timer.kind} of incident ${timer.ownerId}`);
    }
  }

  function start(claimed: ClaimedDelivery): void {
    const going = deliver(engine, claimed)
      .catch((error: unknown) => failed(error, `delivering ${claimed.delivery.id}`))
      .finally(() => {
        const wasFull = underWay.size >= MOST_AT_ONCE;
        underWay.delete(going);
        if (wasFull) engine.wake(0);
      });
    underWay.add(going);
  }

  /** Answers how many rows were taken up. */
  async function round(): Promise<number> {
    const claim = { tenants: tenants(), limit: MOST_AT_ONCE, leaseMs: LEASE_MS };
    const { timers } = await reaching(() => engine.storage.claimTimers(claim));
    await Promise.all(timers.map(fire));
    const room = MOST_AT_ONCE - underWay.size;
    if (room <= 0) return timers.length;
    const { deliveries } = await reaching(() => engine.storage.claimDeliveries({ ...claim, limit: room }));
    for (const claimed of deliveries) start(claimed);
    return timers.length + deliveries.length;
  }

  return {
    async tick() {
      await engine.ready();
      for (;;) {
        const taken = await round();
        if (taken === 0 && underWay.size === 0) return;
        if (underWay.size > 0) await Promise.race(underWay);
      }
    },
    async sweep() {
      await engine.ready();
      for (let taken = 1; taken > 0; ) taken = await round();
      const { now, dueAt } = await reaching(() => engine.storage.nextDue(tenants()));
      if (dueAt === undefined) return undefined;
      // What is due and cannot be taken up would be asked for without end; a delivery that ends wakes us before.
      return Math.max(underWay.size < MOST_AT_ONCE ? 0 : WHILE_FULL_MS, dueAt - now);
    },
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
