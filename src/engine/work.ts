/**
 * Work: claims what is due and does it.
 *
 * Deliveries run beside each other and beside the timers, and each notifier has places of its own, so that a slow one
 * holds up nobody else. One row that fails is told of and left to its lease; the others go on.
 */
import type { ClaimedDelivery, StoredTimer } from '../ports/storage.ts';
import { LEASE_MS } from './attempt.ts';
import { deliver } from './deliver.ts';
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
/** How many deliveries one notifier may have on their way. */
const PLACES = 16;
/** How long to wait before looking again while what is due cannot be taken up. */
const WHILE_FULL_MS = 500;

/** Does the work of `engine`. */
export function createWork(engine: Engine): Work {
  const underWay = new Set<Promise<void>>();
  /** How many deliveries each notifier has on their way. */
  const taken = new Map<string, number>();
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

  const full = () => [...taken].flatMap(([notifier, count]) => (count >= PLACES ? [notifier] : []));

  /** As many as find a place even if all of them are for the notifier with the fewest places left. */
  const room = () => PLACES - Math.max(0, ...[...taken.values()].filter((count) => count < PLACES));

  function start(claimed: ClaimedDelivery): void {
    const { id, notifier } = claimed.delivery;
    taken.set(notifier, (taken.get(notifier) ?? 0) + 1);
    const going = deliver(engine, claimed)
      .catch((error: unknown) => failed(error, `delivering ${id}`))
      .finally(() => {
        underWay.delete(going);
        leave(notifier);
      });
    underWay.add(going);
  }

  function leave(notifier: string): void {
    const count = taken.get(notifier) ?? 0;
    if (count <= 1) taken.delete(notifier);
    else taken.set(notifier, count - 1);
    if (count >= PLACES) engine.wake(0);
  }

  /** The round that was asked for last: two at once would each fill the same places. */
  let latest: Promise<unknown> = Promise.resolve();

  /** Answers how many rows were taken up. */
  function round(): Promise<number> {
    const mine = latest.then(takeUp);
    latest = mine.catch(() => {});
    return mine;
  }

  async function takeUp(): Promise<number> {
    const claim = { tenants: tenants(), leaseMs: LEASE_MS };
    const { timers } = await reaching(() => engine.storage.claimTimers({ ...claim, limit: MOST_AT_ONCE }));
    await Promise.all(timers.map(fire));
    const query = { ...claim, limit: room(), except: full() };
    const { deliveries } = await reaching(() => engine.storage.claimDeliveries(query));
    for (const claimed of deliveries) {
      if (claimed.isReclaimed) engine.vitals.countLeaseExpiry();
      start(claimed);
    }
    return timers.length + deliveries.length;
  }

  return {
    async tick() {
      await engine.ready();
      for (;;) {
        // What hangs is waited for only when nothing else can be taken up.
        if ((await round()) > 0) continue;
        if (underWay.size === 0) return;
        await Promise.race(underWay);
      }
    },
    async sweep() {
      await engine.ready();
      for (let done = 1; done > 0; ) done = await round();
      const { now, dueAt } = await reaching(() => engine.storage.nextDue(tenants()));
      if (dueAt === undefined) return undefined;
      // What is due and cannot be taken up would be asked for without end; a delivery that ends wakes us before.
      return Math.max(full().length === 0 ? 0 : WHILE_FULL_MS, dueAt - now);
    },
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
