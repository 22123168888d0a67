/**
 * Saboteurs of what is promised of deliveries that belong to no incident.
 */
import type { DeliveryFilter, Storage, WithdrawalChange } from '../../src/ports/storage.ts';
import { altering, only, type Saboteur } from './saboteur.ts';

const NOBODY = 'undefined';

export const OF_NONE_SABOTEURS: readonly Saboteur[] = [
  {
    promise: 'S8',
    does: 'takes back with an incident what belongs to none',
    breaks: (storage) => withdrawingToo(namingNone(storage, NOBODY), ({ incidentId }) => incidentId === 'i1'),
  },
  ...['', 'undefined', 'null'].map(
    (name): Saboteur => ({
      promise: 'S8',
      does: `takes what belongs to no incident for one that is called "${name}"`,
      breaks: (storage) => namingNone(storage, name),
    }),
  ),
  {
    promise: 'S10',
    does: 'keeps what belongs to no incident for everybody',
    breaks: (storage) => ({
      ...altering(storage, (change) => {
        const isOfNone = change.deliveries.some(({ incidentId }) => incidentId === undefined);
        return isOfNone ? { ...change, tenant: 'acme' } : change;
      }),
    }),
  },
  {
    promise: 'S10',
    does: 'tells every tenant’s delivery what was told of one',
    breaks: (storage) => ({
      async receiveDelivery(tenant, id, news) {
        const answers = new Map<string, Awaited<ReturnType<Storage['receiveDelivery']>>>();
        for (const one of new Set([tenant, 'globex', 'initech', 'acme'])) {
          answers.set(one, await storage.receiveDelivery(one, id, news));
        }
        return answers.get(tenant) ?? answers.get('globex');
      },
    }),
  },
  {
    promise: 'S10',
    does: 'finds the delivery of another tenant by what a provider calls it',
    breaks: (storage) => ({
      async listDeliveries(tenant, filter) {
        const own = await storage.listDeliveries(tenant, filter);
        return filter.externalId === undefined || own.length > 0 ? own : storage.listDeliveries('globex', filter);
      },
    }),
  },
  {
    promise: 'S11',
    does: 'gives what belongs to no incident an empty one',
    breaks: (storage) => ({
      async claimDeliveries(query) {
        const { now, deliveries } = await storage.claimDeliveries(query);
        return {
          now,
          deliveries: deliveries.map((one) => ({ ...one, delivery: { incidentId: '', ...one.delivery } })),
        };
      },
    }),
  },
  ...(['content', 'reactsTo'] as const).map(
    (name): Saboteur => ({
      promise: 'S11',
      does: `forgets the ${name} of a delivery`,
      breaks: (storage) =>
        altering(storage, (change) => ({
          ...change,
          deliveries: change.deliveries.map(({ [name]: _, ...row }) => row),
        })),
    }),
  ),
  {
    promise: 'S11',
    does: 'hands out nothing that belongs to no incident',
    breaks: (storage) => ({
      async claimDeliveries(query) {
        const { now, deliveries } = await storage.claimDeliveries(query);
        return { now, deliveries: deliveries.filter(({ delivery }) => delivery.incidentId !== undefined) };
      },
    }),
  },
  {
    promise: 'S12',
    does: 'lists nothing that belongs to no incident',
    breaks: (storage) => listing(storage, (rows) => rows.filter(({ incidentId }) => incidentId !== undefined)),
  },
  ...['', 'undefined', 'null', 'i1'].map(
    (name): Saboteur => ({
      promise: 'S12',
      does: `lists what belongs to no incident under "${name}"`,
      breaks: (storage) => ({
        async listDeliveries(tenant, { incidentId, ...filter }) {
          const rows = await storage.listDeliveries(tenant, filter);
          return rows.filter((row) => incidentId === undefined || (row.incidentId ?? name) === incidentId);
        },
      }),
    }),
  ),
  {
    promise: 'S14',
    does: 'keeps for ever what belongs to no incident',
    breaks(storage) {
      let kept: Awaited<ReturnType<Storage['listDeliveries']>> = [];
      return {
        async prune(tenant, options) {
          if (tenant === 'acme' && kept.length === 0) kept = await ofNone(storage, tenant);
          return storage.prune(tenant, options);
        },
        ...listing(storage, (rows) => [...rows, ...kept.filter(({ id }) => rows.every((row) => row.id !== id))]),
      };
    },
  },
  {
    promise: 'S14',
    does: 'prunes what belongs to no incident though it was requested later',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const gone = await storage.prune(tenant, options);
        if (options.endedBefore !== undefined) {
          const at = options.endedBefore + 1;
          if ((await ofNone(storage, tenant)).length < 4) await storage.prune(tenant, { ...options, endedBefore: at });
        }
        return gone;
      },
    }),
  },
  {
    promise: 'S14',
    does: 'prunes what belongs to no incident and is in somebody’s hands',
    breaks: (storage) => ({
      async prune(tenant, options) {
        for (const { id } of await ofNone(storage, tenant, { state: 'leased' })) {
          await storage.settleDelivery(tenant, id, 1, { state: 'sent' });
        }
        return storage.prune(tenant, options);
      },
    }),
  },
  {
    promise: 'S14',
    does: 'prunes what belongs to no incident and is due later',
    breaks(storage) {
      const gone = new Set<string>();
      return {
        async prune(tenant, options) {
          if (options.endedBefore !== undefined) {
            for (const { id } of await ofNone(storage, tenant, { state: 'pending' })) gone.add(id);
          }
          return storage.prune(tenant, options);
        },
        ...listing(storage, (rows) => rows.filter(({ id }) => !gone.has(id))),
      };
    },
  },
  {
    promise: 'S14',
    does: 'prunes all at once that belongs to no incident',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const { length } = await ofNone(storage, tenant);
        return storage.prune(tenant, length > 3 ? { ...options, limit: 100 } : options);
      },
    }),
  },
  {
    promise: 'S14',
    does: 'counts what belongs to no incident among the incidents that went',
    breaks: (storage) => ({
      async prune(tenant, options) {
        const before = await ofNone(storage, tenant);
        const gone = await storage.prune(tenant, options);
        return gone + before.length - (await ofNone(storage, tenant)).length;
      },
    }),
  },
  {
    promise: 'S15',
    does: 'gives an incident to what cannot be parsed and belongs to none',
    breaks: (storage) =>
      listing(storage, (rows) => rows.map((row) => (row.isUnreadable ? { incidentId: '', ...row } : row))),
  },
  {
    promise: 'S15',
    does: 'does not know for what a delivery is that cannot be parsed',
    breaks: (storage) =>
      listing(storage, (rows) => rows.map((row) => (row.isUnreadable ? { ...row, purpose: 'step' } : row))),
  },
];

type Rows = Awaited<ReturnType<Storage['listDeliveries']>>;

function listing(storage: Storage, show: (rows: Rows) => Rows): Pick<Storage, 'listDeliveries'> {
  return { listDeliveries: async (tenant, filter) => show(await storage.listDeliveries(tenant, filter)) };
}

async function ofNone(storage: Storage, tenant: string, filter: DeliveryFilter = {}): Promise<Rows> {
  const rows = await storage.listDeliveries(tenant, filter);
  return rows.filter(({ incidentId }) => incidentId === undefined);
}

/** Keeps what belongs to no incident as if it belonged to one of that name. */
function namingNone(storage: Storage, name: string): Pick<Storage, 'commit' | 'listDeliveries' | 'claimDeliveries'> {
  return {
    ...altering(storage, (change) => ({
      ...change,
      deliveries: change.deliveries.map((row) => ({ ...row, incidentId: row.incidentId ?? name })),
    })),
    ...listing(storage, (rows) =>
      rows.map(({ incidentId, ...row }) => (incidentId === name ? row : { incidentId, ...row })),
    ),
    claimDeliveries: storage.claimDeliveries,
  };
}

/** Takes back what belongs to no incident, too, when something is taken back that `isMeant`. */
function withdrawingToo<S extends Pick<Storage, 'commit'>>(
  storage: S,
  isMeant: (withdrawal: WithdrawalChange) => boolean,
): S {
  return {
    ...storage,
    async commit(changes) {
      const answers = await storage.commit(changes);
      for (const change of changes) {
        const withdrawals = change.withdrawals.filter(isMeant).map((one) => ({ ...one, incidentId: NOBODY }));
        if (withdrawals.length > 0) await storage.commit([only(change, { withdrawals })]);
      }
      return answers;
    },
  };
}
