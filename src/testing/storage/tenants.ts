/**
 * S10: no read or write of one tenant ever meets a row of another.
 */
import type { Storage } from '../../ports/storage.ts';
import { type Bench, CLAIM, type StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import {
  cancel,
  change,
  clear,
  DAY,
  delivery,
  endedIncident,
  incidentChange,
  MINUTE,
  note,
  open,
  T0,
  wholeChange,
} from './rows.ts';

const OTHERS = ['globex', 'initech'];

/** Everything that one tenant can do to its own rows. */
const DEEDS: readonly (readonly [what: string, act: (bench: Bench) => Promise<unknown>])[] = [
  [
    'changes every row it has',
    async ({ commit, incident }) =>
      same(
        await commit({
          incidents: [incidentChange(await incident(), [note('mine')])],
          alerts: [clear('a1')],
          timers: [cancel('step')],
          withdrawals: [{ incidentId: 'i1', beforePage: 99, because: 'x' }],
          documents: [{ collection: 'c', id: 'd', expectedVersion: 1, data: 'mine' }],
          slots: [{ kind: 'group', key: 'k', expectedVersion: 1, owner: 'mine' }],
          counters: [{ collection: 'n', id: 'd', add: 10 }],
        }),
        'applied',
      ),
  ],
  [
    'removes its documents and gives up its slots',
    async ({ commit }) =>
      same(
        await commit({
          documents: [{ collection: 'c', id: 'd', expectedVersion: 1, data: undefined }],
          slots: [{ kind: 'group', key: 'k', expectedVersion: 1, owner: undefined }],
        }),
        'applied',
      ),
  ],
  ['counts a repeat', ({ commit }) => commit({ alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 + 1, times: 5 }] })],
  [
    'claims and settles all it has',
    async ({ storage, claimOne, claimedTimers, setNow }) => {
      const { token } = await claimOne();
      await storage.extendDelivery('acme', 'i1:2:0', token, MINUTE);
      await storage.settleDelivery('acme', 'i1:2:0', token, { state: 'dead', error: 'x' });
      await storage.revive('acme', 'i1:2:0');
      await setNow(T0 + 5 * MINUTE);
      same((await claimedTimers()).length, 1);
      await setNow(T0);
    },
  ],
  [
    'is told of by a provider',
    async ({ storage, claimOne }) => {
      const { token } = await claimOne();
      await storage.settleDelivery('acme', 'i1:2:0', token, { state: 'sent', externalId: 'x-1' });
      matches(await storage.receiveDelivery('acme', 'i1:2:0', { status: 'failed' }), { state: 'dead' });
    },
  ],
  [
    'hastens',
    async ({ storage, setNow }) => {
      await setNow(T0 - MINUTE);
      same(await storage.hasten('acme', 'i1', 2, 'ana'), true);
      await setNow(T0);
    },
  ],
  [
    'drops its timer',
    async ({ storage, setNow, claimedTimers }) => {
      await setNow(T0 + 5 * MINUTE);
      for (const timer of await claimedTimers()) await storage.dropTimer(timer);
      await setNow(T0);
    },
  ],
  ['prunes', async ({ storage }) => same(await storage.prune('acme', { endedBefore: T0 + DAY, limit: 10 }), 1)],
];

export const TENANTS: readonly StorageTest[] = [
  {
    promise: 'S10',
    says: 'three tenants may use the same ids and keys everywhere',
    async run({ storage, everything }) {
      const tenants = ['acme', ...OTHERS];
      same(await storage.commit(tenants.map((tenant) => wholeChange(tenant))), ['applied', 'applied', 'applied']);
      const [first, ...rest] = await Promise.all(tenants.map((tenant) => everything(tenant)));
      for (const other of rest) same(withoutTenant(other), withoutTenant(first));
    },
  },
  ...DEEDS.map(
    ([what, act]): StorageTest => ({
      promise: 'S10',
      says: `no other tenant notices when one ${what}`,
      async run(bench) {
        const { storage, everything } = bench;
        const tenants = ['acme', ...OTHERS];
        await storage.commit(tenants.map((tenant) => wholeChange(tenant)));
        await storage.commit(tenants.map((tenant) => change({ tenant, incidents: [endedIncident('i0', 'closed')] })));
        const before = await Promise.all(OTHERS.map((tenant) => everything(tenant)));
        await act(bench);
        same(await Promise.all(OTHERS.map((tenant) => everything(tenant))), before);
      },
    }),
  ),
  {
    promise: 'S10',
    says: 'claims hand out the rows of the tenants that are asked for',
    async run({ storage, setNow, claimedTimers, claimed }) {
      await storage.commit([wholeChange(), wholeChange('globex')]);
      await setNow(T0 + 5 * MINUTE);
      same(await claimedTimers({ tenants: [] }), []);
      same(await claimed({ tenants: [] }), []);
      matches(await claimedTimers({ tenants: ['globex'] }), [{ tenant: 'globex' }]);
      matches(await claimed({ tenants: ['globex', 'nobody'] }), [{ delivery: { tenant: 'globex' } }]);
      same((await storage.nextDue(['acme'])).dueAt, T0);
      same((await storage.nextDue(['nobody'])).dueAt, undefined);
      same((await storage.nextDue([])).dueAt, undefined);
      matches(await claimed({ tenants: ['acme', 'acme'] }), [{ delivery: { tenant: 'acme' } }]);
    },
  },
  {
    promise: 'S10',
    says: 'nobody settles, extends, hastens, tells of, revives or drops what is another’s',
    async run({ storage, claimOne, settle }) {
      await storage.commit([wholeChange('globex')]);
      const { token } = await claimOne({ tenants: ['globex'] });
      same(await settle('i1:2:0', token, { state: 'sent' }), false);
      same(await storage.extendDelivery('acme', 'i1:2:0', token, MINUTE), false);
      same(await storage.hasten('acme', 'i1', 2, 'ana'), false);
      await storage.settleDelivery('globex', 'i1:2:0', token, { state: 'sent', externalId: 'x-1' });
      same(await storage.listDeliveries('acme', { externalId: 'x-1' }), []);
      same(await storage.listDeliveries('acme', { id: 'i1:2:0' }), []);
      same(await storage.receiveDelivery('acme', 'i1:2:0', { status: 'failed' }), undefined);
      matches(await storage.receiveDelivery('globex', 'i1:2:0', { status: 'failed' }), { state: 'dead' });
      same(await storage.revive('acme', 'i1:2:0'), false);
      const owner = { ownerKind: 'incident', ownerId: 'i1', kind: 'step' };
      await storage.dropTimer({ tenant: 'acme', ...owner, armedSeq: 1, dueAt: T0 + 5 * MINUTE });
      same((await storage.nextDue(['globex'])).dueAt, T0 + 5 * MINUTE);
    },
  },
  {
    promise: 'S10',
    says: 'what is read belongs to the tenant that asks',
    async run({ storage }) {
      await storage.commit([wholeChange('globex')]);
      same(await storage.load({ tenant: 'acme', ...EVERYTHING }), {
        now: T0,
        incidents: [],
        alerts: [],
        documents: [],
        slots: [],
        counters: [],
      });
      same(await lists(storage, 'acme'), [[], [], [], [], [], []]);
      same(
        (await lists(storage, 'globex')).map(({ length }) => length),
        [1, 1, 1, 1, 1, 1],
      );
      same((await storage.claimDeliveries(CLAIM)).deliveries, []);
    },
  },
  {
    promise: 'S10',
    says: 'names that would run together do not',
    async run({ storage, commit }) {
      await commit({ tenant: 'a', documents: [{ collection: 'b","c', id: 'd', expectedVersion: 0, data: 1 }] });
      await commit({ tenant: 'a:b', slots: [{ kind: 'c', key: 'd', expectedVersion: 0, owner: 'x' }] });
      await commit({ tenant: 'a', deliveries: [delivery('b:c:d', { tenant: 'a' })] });
      await commit({ tenant: 'a', alerts: [open('a1', { tenant: 'a', routeKey: 'r:s', dedupKey: 't' })] });
      const { documents } = await storage.load({ tenant: 'a', documents: [{ collection: 'b', id: 'c","d' }] });
      const { slots } = await storage.load({ tenant: 'a', slots: [{ kind: 'b:c', key: 'd' }] });
      const { alerts } = await storage.load({ tenant: 'a', alertKeys: [{ routeKey: 'r', dedupKey: 's:t' }] });
      same({ documents, slots, alerts }, { documents: [], slots: [], alerts: [] });
      same(await storage.listDeliveries('a:b', {}), []);
    },
  },
];

const EVERYTHING = {
  incidents: ['i1'],
  alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }],
  documents: [{ collection: 'c', id: 'd' }],
  slots: [{ kind: 'group', key: 'k' }],
  counters: [{ collection: 'n', id: 'd' }],
};

function lists(storage: Storage, tenant: string): Promise<readonly (readonly unknown[])[]> {
  return Promise.all([
    storage.listIncidents(tenant, {}).then(({ items }) => items),
    storage.timeline(tenant, 'i1'),
    storage.listAlerts(tenant, {}),
    storage.listDeliveries(tenant, {}),
    storage.listDocuments(tenant, { collection: 'c' }),
    storage.documentVersions([tenant], 'c'),
  ]);
}

function withoutTenant(value: unknown): unknown {
  return present(JSON.parse(JSON.stringify(value, (key, part) => (key === 'tenant' ? undefined : part))), 'value');
}
