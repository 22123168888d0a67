/**
 * Saboteurs of S7 and S8: who settles a delivery, and what is taken back.
 */
import type { Storage } from '../../src/ports/storage.ts';
import { altering, commitOne, oneByOne, only, type Saboteur } from './saboteur.ts';

export const DELIVERY_SABOTEURS: readonly Saboteur[] = [
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
    does: 'makes a lease shorter when it is asked to extend it',
    breaks(storage, clock) {
      const short = new Map<string, () => Promise<unknown>>();
      return {
        async extendDelivery(tenant, id, token, leaseMs) {
          const until = clock.at + leaseMs;
          short.set(id, async () => {
            if (until > clock.at) return;
            await storage.settleDelivery(tenant, id, token, { state: 'retry', afterMs: 0, error: '' });
          });
          return storage.extendDelivery(tenant, id, token, leaseMs);
        },
        async claimDeliveries(query) {
          for (const end of short.values()) await end();
          return storage.claimDeliveries(query);
        },
      };
    },
  },
  {
    promise: 'S7',
    does: 'looks only at the lease when that is long enough',
    breaks(storage, clock) {
      const { claimDeliveries, tokenOf } = knowingTokens(storage);
      let until = 0;
      return {
        async claimDeliveries(query) {
          until = clock.at + query.leaseMs;
          return claimDeliveries(query);
        },
        async extendDelivery(tenant, id, token, leaseMs) {
          if (token === tokenOf(id) && until >= clock.at + leaseMs) return true;
          return storage.extendDelivery(tenant, id, token, leaseMs);
        },
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
    does: 'hastens what has failed rather than what has not',
    breaks: (storage) => ({
      async hasten(tenant, incidentId, page, user) {
        const waiting = await storage.listDeliveries(tenant, { incidentId, page, user, state: 'pending' });
        // As if the one that has failed were the only one.
        return waiting.some(({ error }) => error !== undefined) ? true : storage.hasten(tenant, incidentId, page, user);
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
    does: 'puts back to work what was taken back and is held back',
    breaks: (storage) => ({
      async settleDelivery(tenant, id, token, outcome) {
        const row = await storage.settleDelivery(tenant, id, token, outcome);
        return row !== undefined && outcome.state === 'held' ? { ...row, state: 'pending' } : row;
      },
    }),
  },
  {
    promise: 'S8',
    does: 'extends what was taken back',
    breaks: () => ({ extendDelivery: async () => true }),
  },
];

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
