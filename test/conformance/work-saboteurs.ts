/**
 * Saboteurs of S5 and S6: what is due, and who has it.
 */
import type { Change, ClaimedDelivery, TimerChange } from '../../src/ports/storage.ts';
import { altering, commitOne, only, type Saboteur } from './saboteur.ts';

export const WORK_SABOTEURS: readonly Saboteur[] = [
  {
    promise: 'S5',
    does: 'tells the time of its process',
    breaks: (storage) => ({ load: async (query) => ({ ...(await storage.load(query)), now: Date.now() }) }),
  },
  {
    promise: 'S5',
    does: 'finds a timer due too early',
    breaks: (storage, clock) => ({ claimTimers: early(storage.claimTimers, clock, 1) }),
  },
  {
    promise: 'S5',
    does: 'finds a delivery due too early',
    breaks: (storage, clock) => ({ claimDeliveries: early(storage.claimDeliveries, clock, 1) }),
  },
  {
    promise: 'S5',
    does: 'finds something due too late',
    breaks: (storage, clock) => ({ claimDeliveries: early(storage.claimDeliveries, clock, -1) }),
  },
  {
    promise: 'S5',
    does: 'says that something is due at once whenever something will be',
    breaks: (storage) => ({
      async nextDue(tenants) {
        const { now, dueAt } = await storage.nextDue(tenants);
        return { now, dueAt: dueAt === undefined ? undefined : Math.min(now, dueAt) };
      },
    }),
  },
  {
    promise: 'S5',
    does: 'keeps documents for ever',
    breaks: (storage) =>
      altering(storage, (change) => ({
        ...change,
        documents: change.documents.map((one) => ({ ...one, expiresAt: undefined })),
      })),
  },
  {
    promise: 'S5',
    does: 'never changes when a document expires',
    breaks(storage) {
      const first = new Map<string, number | undefined>();
      return altering(storage, (change) => ({
        ...change,
        documents: change.documents.map((one) => {
          if (!first.has(one.id)) first.set(one.id, one.expiresAt);
          return { ...one, expiresAt: first.get(one.id) };
        }),
      }));
    },
  },
  {
    promise: 'S5',
    does: 'retries by a clock of its own',
    breaks: (storage, clock) => ({ settleDelivery: early(storage.settleDelivery, clock, -5_000) }),
  },
  {
    promise: 'S6',
    does: 'hands a timer to everybody who asks',
    breaks: (storage) => ({ claimTimers: (query) => storage.claimTimers({ ...query, leaseMs: 0 }) }),
  },
  {
    promise: 'S6',
    does: 'hands a delivery to everybody who asks',
    breaks: (storage) => ({ claimDeliveries: (query) => storage.claimDeliveries({ ...query, leaseMs: 0 }) }),
  },
  {
    promise: 'S6',
    does: 'never hands out again what somebody lost',
    breaks: (storage) => ({ claimDeliveries: (query) => storage.claimDeliveries({ ...query, leaseMs: 9e12 }) }),
  },
  {
    promise: 'S6',
    does: 'hands out what is due last first',
    breaks: (storage) => ({
      async claimDeliveries(query) {
        const { now, deliveries } = await storage.claimDeliveries(query);
        return { now, deliveries: deliveries.toReversed() };
      },
    }),
  },
  {
    promise: 'S6',
    does: 'hands out first what was due first, however often it came back',
    breaks: (storage) => ({
      async claimDeliveries(query) {
        const { now, deliveries } = await storage.claimDeliveries({ ...query, limit: 1_000 });
        const sorted = deliveries.toSorted((a, b) => a.delivery.dueAt - b.delivery.dueAt);
        for (const { delivery, token } of sorted.slice(query.limit)) {
          await storage.settleDelivery(delivery.tenant, delivery.id, token, { state: 'retry', afterMs: 0, error: '' });
        }
        return { now, deliveries: sorted.slice(0, query.limit) };
      },
    }),
  },
  {
    promise: 'S6',
    does: 'hands out first the timer that was due first, however often it came back',
    breaks: (storage) => ({
      async claimTimers(query) {
        const { now, timers } = await storage.claimTimers({ ...query, limit: 1_000 });
        const sorted = timers.toSorted((a, b) => a.dueAt - b.dueAt);
        for (const { tenant, ...timer } of sorted.slice(query.limit)) {
          await commitOne(storage, only({ tenant } as Change, { timers: [{ ...timer, type: 'arm' }] }));
        }
        return { now, timers: sorted.slice(0, query.limit) };
      },
    }),
  },
  {
    promise: 'S6',
    does: 'takes nothing for late that is in somebody’s hands',
    breaks: (storage) => ({
      async figures(tenants) {
        const figures = await storage.figures(tenants);
        if (figures.dueTimers > 0) return figures;
        const free = await Promise.all(tenants.map((tenant) => storage.listDeliveries(tenant, { state: 'pending' })));
        const dues = free.flat().map(({ dueAt }) => dueAt);
        const oldest = Math.min(...dues, Number.POSITIVE_INFINITY);
        return { ...figures, oldestDueAt: oldest <= figures.now ? oldest : undefined };
      },
    }),
  },
  {
    promise: 'S6',
    does: 'hands out more than was asked for',
    breaks: (storage) => ({ claimTimers: (query) => storage.claimTimers({ ...query, limit: query.limit + 1 }) }),
  },
  {
    promise: 'S6',
    does: 'serves one tenant after the other',
    breaks: (storage) => ({
      async claimDeliveries(query) {
        const deliveries: ClaimedDelivery[] = [];
        for (const tenant of query.tenants) {
          const limit = query.limit - deliveries.length;
          deliveries.push(...(await storage.claimDeliveries({ ...query, tenants: [tenant], limit })).deliveries);
        }
        return { ...(await storage.nextDue([])), deliveries };
      },
    }),
  },
  {
    promise: 'S6',
    does: 'takes deliveries that the caller has no room for',
    breaks: (storage) => ({
      async claimDeliveries({ except = [], ...query }) {
        const { now, deliveries } = await storage.claimDeliveries(query);
        return { now, deliveries: deliveries.filter((one) => !except.includes(one.delivery.notifier)) };
      },
    }),
  },
  ...([true, false] as const).map(
    (isReclaimed): Saboteur => ({
      promise: 'S6',
      does: `says that ${isReclaimed ? 'everything' : 'nothing'} was lost`,
      breaks: (storage) => ({
        async claimDeliveries(query) {
          const { now, deliveries } = await storage.claimDeliveries(query);
          return { now, deliveries: deliveries.map((one) => ({ ...one, isReclaimed })) };
        },
      }),
    }),
  ),
  {
    promise: 'S6',
    does: 'extends no lease',
    breaks: () => ({ extendDelivery: async () => true }),
  },
  {
    promise: 'S6',
    does: 'drops a timer that was armed anew',
    breaks: (storage) => ({
      async dropTimer({ tenant, ...timer }) {
        const timers: readonly TimerChange[] = [{ ...timer, type: 'cancel' }];
        await commitOne(storage, only({ tenant } as Change, { timers }));
      },
    }),
  },
  {
    promise: 'S6',
    does: 'never drops a timer',
    breaks: () => ({ dropTimer: async () => {} }),
  },
  {
    promise: 'S6',
    does: 'knows no figures',
    breaks: (storage) => ({
      figures: async (tenants) => ({ ...(await storage.figures(tenants)), dueDeliveries: 0, leasedDeliveries: 0 }),
    }),
  },
];

/** A method that is called while the clock is ahead by `ms`; the clock that it answers is right. */
function early<A extends readonly unknown[], R>(
  method: (...given: A) => Promise<R>,
  clock: { at: number },
  ms: number,
): (...given: A) => Promise<R> {
  return async (...given) => {
    clock.at += ms;
    const answer = method(...given);
    clock.at -= ms;
    const settled = await answer;
    return typeof settled === 'object' && settled !== null && 'now' in settled
      ? { ...settled, now: clock.at }
      : settled;
  };
}
