/**
 * Saboteurs of S11 and S12: who carried a delivery, and what a provider calls it.
 */
import { altering, type Saboteur } from './saboteur.ts';

export const CARRIED_SABOTEURS: readonly Saboteur[] = [
  ...(['id', 'externalId'] as const).map(
    (name): Saboteur => ({
      promise: 'S12',
      does: `lists deliveries whatever their ${name}`,
      breaks: (storage) => ({
        listDeliveries: (tenant, { [name]: _, ...filter }) => storage.listDeliveries(tenant, filter),
      }),
    }),
  ),
  {
    promise: 'S12',
    does: 'knows only the beginning of what a provider calls a delivery',
    breaks: (storage) => ({
      async listDeliveries(tenant, { externalId, ...filter }) {
        const rows = await storage.listDeliveries(tenant, filter);
        const beginning = (text = '') => text.slice(0, 200);
        return rows.filter((row) => externalId === undefined || beginning(row.externalId) === beginning(externalId));
      },
    }),
  },
  {
    promise: 'S12',
    does: 'does not tell a small letter from a large one in what a provider calls a delivery',
    breaks: (storage) => ({
      async listDeliveries(tenant, { externalId, ...filter }) {
        const rows = await storage.listDeliveries(tenant, filter);
        const wanted = externalId?.toLowerCase();
        return rows.filter((row) => wanted === undefined || row.externalId?.toLowerCase() === wanted);
      },
    }),
  },
  {
    promise: 'S12',
    does: 'finds one delivery only of those that a provider calls alike',
    breaks: (storage) => ({
      listDeliveries: (tenant, filter) =>
        storage.listDeliveries(tenant, filter.externalId === undefined ? filter : { ...filter, limit: 1 }),
    }),
  },
  ...(['via', 'bundledIn', 'receipt', 'externalId'] as const).map(
    (name): Saboteur => ({
      promise: 'S11',
      does: `forgets ${name} of a delivery that it is given`,
      breaks: (storage) =>
        altering(storage, (change) => ({
          ...change,
          deliveries: change.deliveries.map(({ [name]: _, ...row }) => row),
        })),
    }),
  ),
  ...(['via', 'bundledIn', 'externalId'] as const).map(
    (name): Saboteur => ({
      promise: 'S11',
      does: `forgets ${name} of a delivery that has gone out`,
      breaks: (storage) => ({
        settleDelivery: (tenant, id, token, outcome) =>
          storage.settleDelivery(tenant, id, token, { ...outcome, [name]: undefined }),
      }),
    }),
  ),
  {
    promise: 'S11',
    does: 'says of a sending who carried an earlier one',
    breaks(storage) {
      const carried = new Map<string, string>();
      return {
        async claimDeliveries(query) {
          const claimed = await storage.claimDeliveries(query);
          for (const { delivery } of claimed.deliveries) carried.set(delivery.id, delivery.via ?? '');
          return claimed;
        },
        async settleDelivery(tenant, id, token, outcome) {
          const via = carried.get(id);
          const isOld = outcome.state === 'sent' && outcome.via === undefined && via;
          return storage.settleDelivery(tenant, id, token, isOld ? { ...outcome, via } : outcome);
        },
      };
    },
  },
];
