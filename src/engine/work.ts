/**
 * Work: claims what is due and does it.
 *
 * Deliveries run beside each other and beside the timers, and each notifier of each tenant has places of its own, so that
 * a slow one holds up nobody else. One row that fails is told of and left to its lease; the others go on.
 */
import type { StoredDelivery } from '../model/delivery.ts';
import type { ClaimedDelivery, StoredTimer } from '../ports/storage.ts';
import { namesIn } from './carriers.ts';
import { deliver, putBack } from './deliver.ts';
import type { Engine } from './engine.ts';
import { fireLooks } from './fire-look.ts';
import { fireTimer } from './fire-timer.ts';
import { createGates } from './gates.ts';
import { issuePlace } from './issue-rows.ts';
import { isAnnouncing, withoutLane } from './lane.ts';
import { LEASE_MS } from './lease.ts';
import { ALERT, LOOK } from './ledger.ts';
import { createPlaces } from './places.ts';
import { HOST } from './reactions.ts';
import { roomPlace } from './room-rows.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** Does what is due. */
export type Work = {
  /** Does everything that is due now, and what becomes due by it; resolves when it is done. */
  tick(): Promise<void>;
  /** Starts everything that is due now; answers in how many ms the next row is due. */
  sweep(): Promise<number | undefined>;
  /** Resolves when no timer fires and no delivery is on its way. */
  drain(): Promise<void>;
};

const MOST_TIMERS = 64;
/** How long the deliveries of a round wait for its timers; one that waits for a lock must not hold them up. */
const TIMERS_FIRST_MS = 250;
/** How long to wait before looking again while what is due cannot be taken up. */
const WHILE_BUSY_MS = 200;
/** How long the first free place of a full notifier waits for others to be free as well. */
const FEW_MS = 5;

/** Does the work of `engine`. */
export function createWork(engine: Engine): Work {
  const firing = new Set<Promise<void>>();
  const sending = new Set<Promise<void>>();
  const places = createPlaces();
  const gates = createGates(engine.clock);
  /** Resolves when a notifier that was full has room again. */
  let room = Promise.withResolvers<void>();
  /** Whether the latest round left something where it was because its notifier was full. */
  let isCut = false;

  const failed = (error: unknown, doing: string) => {
    engine.logger.error({ error, doing }, 'Due work failed; it is tried again when its lease ends.');
    engine.bus.tell('error', { type: 'error', error, doing });
  };

  function under(way: Set<Promise<void>>, work: Promise<unknown>, doing: string): Promise<void> {
    const going: Promise<void> = work
      .then(
        () => {},
        (error: unknown) => failed(error, doing),
      )
      .finally(() => way.delete(going));
    way.add(going);
    return going;
  }

  function fire(timer: StoredTimer): Promise<void> {
    return under(firing, fireTimer(engine, timer), `firing timer ${timer.kind} of ${timer.ownerKind} ${timer.ownerId}`);
  }

  function lookAt(tenant: string, timers: readonly StoredTimer[]): Promise<void> {
    return under(
      firing,
      fireLooks(engine, tenant, timers),
      `looking at ${timers.length} alerts of tenant ${tenant} again`,
    );
  }

  function send(claimed: ClaimedDelivery): void {
    const { delivery, isReclaimed } = claimed;
    if (isReclaimed) engine.vitals.countLeaseExpiry();
    const leave = places.take(delivery);
    void under(sending, passing(claimed), `delivering ${delivery.id}`).then(() => {
      const left = leave();
      if (left === 'many') makeRoom();
      // Others may be about to end as well; who waits for them does not wait long.
      if (left === 'few') engine.clock.wait(FEW_MS, () => openFew(delivery));
    });
  }

  async function passing(claimed: ClaimedDelivery): Promise<void> {
    const { notifier } = claimed.delivery;
    const most = mostAtOnce(engine, claimed.delivery);
    if (most === undefined) return deliver(engine, claimed);
    const name = withoutLane(notifier);
    const leave = isAnnouncing(notifier) ? await gates.enterAnnouncing(name, most) : await gates.enter(name, most);
    if (leave === undefined) return putBack(engine, claimed);
    try {
      await deliver(engine, claimed);
    } finally {
      leave();
    }
  }

  function openFew(whose: Pick<StoredDelivery, 'tenant' | 'notifier'>): void {
    places.open(whose);
    makeRoom();
  }

  function makeRoom(): void {
    room.resolve();
    room = Promise.withResolvers();
    engine.wake(0);
  }

  /** The round that was asked for last: two at once would each fill the same places. */
  let latest: Promise<unknown> = Promise.resolve();

  /** When the latest round looked, by the storage's clock: what fell due after that was not passed over. */
  let lookedAt: number | undefined;

  /** Answers how many rows were taken up. */
  function round(): Promise<number> {
    const mine = latest.then(async () => {
      lookedAt = undefined;
      return (await takeUpTimers()) + (await takeUpDeliveries());
    });
    latest = mine.catch(() => {});
    return mine;
  }

  async function takeUpTimers(): Promise<number> {
    const limit = MOST_TIMERS - firing.size;
    if (limit <= 0) return 0;
    const query = { tenants: [...engine.tenants.keys()], leaseMs: LEASE_MS, limit };
    const { timers, now } = await reaching(() => engine.storage.claimTimers(query));
    lookedAt = now;
    const [looks, others] = partition(timers, isLook);
    const byTenant = Map.groupBy(looks, ({ tenant }) => tenant);
    const going = [...others.map(fire), ...[...byTenant].map(([tenant, some]) => lookAt(tenant, some))];
    if (going.length > 0) await within(TIMERS_FIRST_MS, Promise.all(going));
    return timers.length;
  }

  /** Resolves when `work` has, or after `ms`. */
  function within(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = engine.clock.wait(ms, resolve, { keepAlive: false });
      void work.then(() => {
        cancel();
        resolve();
      });
    });
  }

  async function takeUpDeliveries(): Promise<number> {
    let taken = 0;
    const rooms = places.free([...engine.tenants.keys()], namesOf(engine));
    isCut = rooms.some(({ isCut: leavesSome }) => leavesSome);
    for (const { tenants, except, limit } of rooms) {
      if (limit <= 0) continue;
      const query = { tenants, except, limit, leaseMs: LEASE_MS };
      const { deliveries, now } = await reaching(() => engine.storage.claimDeliveries(query));
      lookedAt ??= now;
      for (const claimed of deliveries) send(claimed);
      taken += deliveries.length;
    }
    return taken;
  }

  /** Whatever ends first: that a full notifier has room again, or everything that is on its way. */
  function roomOrEnd(): Promise<unknown> {
    return Promise.race([room.promise, Promise.all(sending)]);
  }

  return {
    async tick() {
      await engine.ready();
      for (;;) {
        // What hangs is waited for only when nothing else can be taken up.
        if ((await round()) > 0) continue;
        if (firing.size + sending.size > 0) await Promise.race([...firing, ...(isCut ? [roomOrEnd()] : sending)]);
        else if (!isCut) return;
      }
    },
    async sweep() {
      await engine.ready();
      for (let done = 1; done > 0; ) done = await round();
      const { now, dueAt } = await reaching(() => engine.storage.nextDue([...engine.tenants.keys()]));
      if (dueAt === undefined) return undefined;
      // What is due and was not to be had is in somebody's lock, or has no place: it would be asked for without end.
      return dueAt > (lookedAt ?? now) ? Math.max(0, dueAt - now) : WHILE_BUSY_MS;
    },
    async drain() {
      while (firing.size + sending.size > 0) await Promise.all([...firing, ...sending]);
    },
  };
}

/** How many messages those that may carry it allow at once; `undefined` when one of them sets no bound. */
function mostAtOnce(engine: Engine, { tenant, notifier }: StoredDelivery): number | undefined {
  const { failover } = configOf(engine, tenant).config;
  const bounds = namesIn(withoutLane(notifier), failover).map((name) => engine.notifiers.get(name)?.concurrency);
  return bounds.reduce<number | undefined>(
    (sum, bound) => (sum === undefined || bound === undefined ? undefined : sum + bound),
    0,
  );
}

/** Every name that a delivery may have for its notifier. */
function namesOf({ tenants, notifiers, chatRooms, issueTrackers }: Engine): readonly string[] {
  const groups = [...tenants.values()].flatMap(({ config }) => Object.keys(config.failover));
  const others = [...[...chatRooms.keys()].map(roomPlace), ...[...issueTrackers.keys()].map(issuePlace)];
  return [...new Set([HOST, ...notifiers.keys(), ...groups, ...others])];
}

/** The timers of alerts are looked at together: when a window ends, thousands are due at once. */
function isLook({ ownerKind, kind }: StoredTimer): boolean {
  return ownerKind === ALERT && kind === LOOK;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
