/**
 * Saboteurs of S5 to S8: what is due, who has it, and what is taken back.
 */
import type { Change, ClaimedDelivery, Storage, TimerChange } from '../../src/ports/storage.ts';
import { altering, commitOne, oneByOne, only, type Saboteur } from './saboteur.ts';

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
  {
    promise: 'S7',
    does: 'lets anybody settle',
    breaks(storage) {
      const { claimDeliveries, tokenOf } = knowingTokens(storage);
      return {
        claimDeliveries,
        settleDelivery: (tenant, id, _, outcome) => storage.settleDelivery(tenant, id, tokenOf(id), outcome),
      };
    },
  },
  {
    promise: 'S7',
    does: 'lets anybody extend',
    breaks(storage) {
      const { claimDeliveries, tokenOf } = knowingTokens(storage);
      return {
        claimDeliveries,
        extendDelivery: (tenant, id, _, leaseMs) => storage.extendDelivery(tenant, id, tokenOf(id), leaseMs),
      };
    },
  },
  {
    promise: 'S7',
    does: 'answers a settled delivery as it was before',
    breaks: (storage) => ({
      async settleDelivery(tenant, id, token, outcome) {
        const before = (await storage.listDeliveries(tenant, {})).find((row) => row.id === id);
        return (await storage.settleDelivery(tenant, id, token, outcome)) && before;
      },
    }),
  },
  {
    promise: 'S7',
    does: 'refuses whoever is late',
    breaks: (storage) => ({
      async settleDelivery(tenant, id, token, outcome) {
        const { leasedDeliveries } = await storage.figures([tenant]);
        return leasedDeliveries === 0 ? undefined : storage.settleDelivery(tenant, id, token, outcome);
      },
    }),
  },
  {
    promise: 'S7',
    does: 'hastens all that wait',
    breaks: (storage) => ({
      async hasten(...page) {
        const isAny = await storage.hasten(...page);
        const { deliveries } = await storage.claimDeliveries({ tenants: [page[0]], limit: 9, leaseMs: 0 });
        if (deliveries.length > 0) await storage.hasten(...page);
        return isAny;
      },
    }),
  },
  {
    promise: 'S7',
    does: 'revives what is not dead',
    breaks: () => ({ revive: async () => true }),
  },
  {
    promise: 'S8',
    does: 'takes nothing back',
    breaks: (storage) => altering(storage, (change) => ({ ...change, withdrawals: [] })),
  },
  {
    promise: 'S8',
    does: 'takes back whatever is for anybody',
    breaks: (storage) =>
      altering(storage, (change) => ({
        ...change,
        withdrawals: change.withdrawals.map(({ only: _, ...all }) => all),
      })),
  },
  {
    promise: 'S8',
    does: 'takes back later pages too',
    breaks: (storage) =>
      altering(storage, (change) => ({
        ...change,
        withdrawals: change.withdrawals.map((one) => ({ ...one, beforePage: one.beforePage + 1 })),
      })),
  },
  {
    promise: 'S8',
    does: 'takes back what the same change brings',
    breaks: (storage) => ({
      commit: (changes) =>
        oneByOne(changes, async (change) => {
          const { withdrawals } = change;
          const answer = await commitOne(storage, { ...change, withdrawals: [] });
          if (answer === 'applied') await commitOne(storage, only(change, { withdrawals }));
          return answer;
        }),
    }),
  },
  {
    promise: 'S8',
    does: 'takes back what was sent',
    breaks: (storage) => rewriting(storage, 'sent', 'withdrawn'),
  },
  {
    promise: 'S8',
    does: 'lets what is on the wire go out again',
    breaks: (storage) => rewriting(storage, 'leased', 'pending'),
  },
  {
    promise: 'S8',
    does: 'does not hear that what was taken back has gone out all the same',
    breaks: (storage) => ({
      async settleDelivery(tenant, id, token, outcome) {
        const row = (await storage.listDeliveries(tenant, {})).find((one) => one.id === id);
        return row?.state === 'withdrawn' ? undefined : storage.settleDelivery(tenant, id, token, outcome);
      },
    }),
  },
  {
    promise: 'S8',
    does: 'extends what was taken back',
    breaks: () => ({ extendDelivery: async () => true }),
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

function knowingTokens(storage: Storage) {
  const tokens = new Map<string, number>();
  const claimDeliveries: Storage['claimDeliveries'] = async (query) => {
    const claimed = await storage.claimDeliveries(query);
    for (const { delivery, token } of claimed.deliveries) tokens.set(delivery.id, token);
    return claimed;
  };
  return { claimDeliveries, tokenOf: (id: string) => tokens.get(id) ?? -1 };
}

/** After a withdrawal, what was in one state before is shown in another. */
function rewriting(storage: Storage, from: 'sent' | 'leased', to: 'withdrawn' | 'pending'): Partial<Storage> {
  const rewritten = new Set<string>();
  return {
    commit: (changes) =>
      oneByOne(changes, async (change) => {
        const rows = await storage.listDeliveries(change.tenant, { state: from });
        if (change.withdrawals.length > 0) for (const { id } of rows) rewritten.add(id);
        return commitOne(storage, change);
      }),
    async listDeliveries(tenant, filter) {
      const rows = await storage.listDeliveries(tenant, filter);
      return rows.map((row) => (rewritten.has(row.id) ? { ...row, state: to } : row));
    },
  };
}
