/**
 * S12: a list has an order and a cursor; whoever pages through it meets every row that stays, once.
 */
import { ok } from 'node:assert/strict';
import type { AlertFilter, DeliveryFilter, IncidentFilter, Storage } from '../../ports/storage.ts';
import type { StorageTest } from './bench.ts';
import { same } from './compare.ts';
import { change, clear, delivery, incidentChange, newIncident, open, T0, wholeChange } from './rows.ts';

export const LISTS: readonly StorageTest[] = [
  {
    promise: 'S12',
    says: 'a list of incidents has the newest first, by phase, service and severity',
    async run({ storage, commit, incident }) {
      await storage.commit([
        change({ incidents: [newIncident('i1', {}, T0)] }),
        change({ incidents: [newIncident('i2', { service: 'search' }, T0 + 1)] }),
        change({ incidents: [newIncident('i3', { severity: 'SEV2' }, T0 + 2)] }),
      ]);
      const resolved = incidentChange(await incident('i3'), [{ type: 'incident.resolved' }], T0 + 3);
      await commit({ incidents: [resolved] });
      const list = async (filter: IncidentFilter) =>
        (await storage.listIncidents('acme', filter)).items.map(({ id }) => id);
      same(await list({}), ['i3', 'i2', 'i1']);
      same(await list({ service: 'search' }), ['i2']);
      same(await list({ severity: 'SEV1' }), ['i2', 'i1']);
      same(await list({ phases: ['resolved', 'closed'] }), ['i3']);
      same(await list({ phases: ['triage'], severity: 'SEV1', service: 'checkout' }), ['i1']);
      same(await list({ phases: [] }), []);
      same(await list({ service: 'search', severity: 'SEV2' }), []);
    },
  },
  {
    promise: 'S12',
    says: 'a list of incidents says where it goes on, and that it does not',
    async run({ storage }) {
      await storage.commit([1, 2, 3].map((n) => change({ incidents: [newIncident(`i${n}`, {}, T0 + n)] })));
      const first = await storage.listIncidents('acme', { limit: 2 });
      const rest = await storage.listIncidents('acme', {
        limit: 2,
        ...(first.next !== undefined && { cursor: first.next }),
      });
      same(
        [first, rest].map(({ items }) => items.map(({ id }) => id)),
        [['i3', 'i2'], ['i1']],
      );
      same(rest.next, undefined);
      same((await storage.listIncidents('acme', { limit: 3 })).next, undefined);
      same((await storage.listIncidents('acme', { limit: 2, service: 'search' })).next, undefined);
      const strange = await storage.listIncidents('acme', { cursor: 'not a cursor' });
      same(
        strange.items.map(({ id }) => id),
        ['i3', 'i2', 'i1'],
      );
    },
  },
  {
    promise: 'S12',
    says: 'whoever pages through incidents of one moment meets each of them once, whatever their ids',
    async run({ storage }) {
      const ids = ['i1', 'i2', 'I2', 'i10', 'i:3', 'i_', 'i%', "i'", 'é', 'z', 'Z', '😀', '1:2:3'];
      await storage.commit(ids.map((id) => change({ incidents: [newIncident(id)] })));
      for (const limit of [1, 2, 5]) same((await paged(storage, { limit })).toSorted(), ids.toSorted());
      same(
        (await paged(storage, { limit: 2 })).filter((id) => /^i\d$/.test(id)),
        ['i2', 'i1'],
      );
    },
  },
  {
    promise: 'S12',
    says: 'whoever pages through incidents meets what stays once, while others come and leave the list',
    async run({ storage, commit, incident }) {
      const ids = Array.from({ length: 9 }, (_, n) => `i${n + 1}`);
      await storage.commit(ids.map((id, n) => change({ incidents: [newIncident(id, {}, T0 + n)] })));
      const turns = [
        () => commit({ incidents: [newIncident('new', {}, T0 + 99)] }),
        async () => {
          const resolved = incidentChange(await incident('i8'), [{ type: 'incident.resolved' }], T0 + 100);
          await commit({ incidents: [resolved] });
        },
        async () => {
          const resolved = incidentChange(await incident('i2'), [{ type: 'incident.resolved' }], T0 + 100);
          await commit({ incidents: [resolved] });
        },
      ];
      const seen = await paged(storage, { limit: 2, phases: ['triage'] }, turns);
      same(seen, ['i9', 'i8', 'i7', 'i6', 'i5', 'i4', 'i3', 'i1']);
    },
  },
  {
    promise: 'S12',
    says: 'a list of alerts has the newest first, by incident, state and id',
    async run({ storage, commit }) {
      await commit({
        alerts: [
          open('a1', { dedupKey: '1', openedAt: T0 }),
          open('a2', { dedupKey: '2', openedAt: T0 + 1, incidentId: 'i2' }),
          open('a3', { dedupKey: '3', openedAt: T0 + 2, status: 'acknowledged' }),
        ],
      });
      const list = async (filter: AlertFilter) => (await storage.listAlerts('acme', filter)).map(({ id }) => id);
      same(await list({}), ['a3', 'a2', 'a1']);
      same(await list({ limit: 1 }), ['a3']);
      same(await list({ incidentId: 'i2' }), ['a2']);
      same(await list({ status: 'acknowledged' }), ['a3']);
      same(await list({ id: 'a1' }), ['a1']);
      same(await list({ id: 'a1', status: 'acknowledged' }), []);
      same(await list({ id: 'a1', incidentId: 'i2' }), []);
    },
  },
  {
    promise: 'S12',
    says: 'a list of deliveries is in the order in which they were requested, by incident, page and state',
    async run({ storage, commit, claimOne, settle }) {
      await commit({
        deliveries: [
          delivery('late', { requestedAt: T0 + 1, page: 1, dueAt: T0 + 9 }),
          delivery('page', { page: 3 }),
          delivery('second', { dueAt: T0 + 1 }),
          delivery('first'),
          delivery('foreign', { incidentId: 'i2', requestedAt: T0 - 1, dueAt: T0 - 1 }),
        ],
      });
      const list = async (filter: DeliveryFilter) => (await storage.listDeliveries('acme', filter)).map(({ id }) => id);
      same(await list({}), ['foreign', 'first', 'second', 'page', 'late']);
      same(await list({ limit: 2 }), ['foreign', 'first']);
      same(await list({ incidentId: 'i2' }), ['foreign']);
      same(await list({ incidentId: 'i1', page: 2 }), ['first', 'second']);
      same(await list({ page: 2 }), ['foreign', 'first', 'second']);
      same(await list({ state: 'sent' }), []);
      await settle('foreign', (await claimOne({ limit: 1 })).token, { state: 'sent' });
      same(await list({ state: 'sent' }), ['foreign']);
      same(await list({ state: 'sent', incidentId: 'i1' }), []);
    },
  },
  {
    promise: 'S12',
    says: 'a list of documents is in the order of their ids, each collection for itself, and goes on after any of them',
    async run({ storage, commit }) {
      const document = (collection: string, id: string) => ({ collection, id, expectedVersion: 0, data: { id } });
      const ids = ['a1', 'a2', 'b', 'b:c', 'B', '😀', 'é'];
      await commit({ documents: [...ids.map((id) => document('c', id)), document('other', 'a1')] });
      await commit({ documents: [{ ...document('c', 'a2'), expectedVersion: 1 }] });
      for (const limit of [1, 3, 7]) {
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await storage.listDocuments('acme', { collection: 'c', limit, after });
          seen.push(...page.map(({ id }) => id));
          ok(seen.length <= ids.length, 'a document comes twice');
          after = page.length < limit ? undefined : page.at(-1)?.id;
        } while (after !== undefined);
        same(seen.toSorted(), ids.toSorted());
        same(
          seen.filter((id) => /^[a-z]\d?$/.test(id)),
          ['a1', 'a2', 'b'],
        );
      }
      same(await storage.listDocuments('acme', { collection: 'other' }), [
        { collection: 'other', id: 'a1', version: 1, data: { id: 'a1' } },
      ]);
      same(await storage.listDocuments('acme', { collection: 'none' }), []);
    },
  },
  {
    promise: 'S12',
    says: 'the versions of a collection’s documents are known for several tenants at once',
    async run({ storage, commit }) {
      const write = (tenant: string, id: string, expectedVersion: number) =>
        commit({ tenant, documents: [{ collection: 'c', id, expectedVersion, data: id }] });
      await write('acme', 'd1', 0);
      await write('acme', 'd2', 0);
      await write('acme', 'd2', 1);
      await write('globex', 'd1', 0);
      await commit({ documents: [{ collection: 'other', id: 'd', expectedVersion: 0, data: 1 }] });
      const versions = async (tenants: readonly string[]) =>
        (await storage.documentVersions(tenants, 'c'))
          .map(({ tenant, id, version }) => `${tenant} ${id} ${version}`)
          .toSorted();
      same(await versions(['acme', 'globex', 'nobody']), ['acme d1 1', 'acme d2 2', 'globex d1 1']);
      same(await versions(['globex']), ['globex d1 1']);
      same(await versions([]), []);
    },
  },
  {
    promise: 'S12',
    says: 'load finds the latest alert of each key with its incident, and each incident once',
    async run({ storage, commit }) {
      await storage.commit([wholeChange(), change({ incidents: [newIncident('i2')] })]);
      await commit({ alerts: [clear('a1'), open('a2', { incidentId: 'i2' })] });
      const loaded = await storage.load({
        tenant: 'acme',
        incidents: ['i2', 'nope', 'i2'],
        alertKeys: [
          { routeKey: 'r', dedupKey: 'disk' },
          { routeKey: 'disk', dedupKey: 'r' },
        ],
      });
      same(
        loaded.alerts.map(({ id }) => id),
        ['a2'],
      );
      same(
        loaded.incidents.map(({ id }) => id),
        ['i2'],
      );
      const byAlert = await storage.load({ tenant: 'acme', alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] });
      same(
        byAlert.incidents.map(({ id }) => id),
        ['i2'],
      );
    },
  },
  {
    promise: 'S12',
    says: 'the latest alert of a key is the one that came last, also when the clock was put back before it came',
    async run({ storage, commit }) {
      const alertKeys = [{ routeKey: 'r', dedupKey: 'disk' }];
      const latest = async () => (await storage.load({ tenant: 'acme', alertKeys })).alerts.map(({ id }) => id);
      await commit({ alerts: [open('a1', { openedAt: T0 + 9 }), clear('a1')] });
      await commit({ alerts: [open('a2', { openedAt: T0 }), clear('a2')] });
      same(await latest(), ['a2']);
      await commit({ alerts: [{ type: 'return', id: 'a1', seenAt: T0, severity: 'SEV1' }] });
      same(await latest(), ['a1']);
      await commit({ alerts: [clear('a1')] });
      same(await latest(), ['a2']);
    },
  },
];

/** The ids of all pages, in order; before each page but the first the next of `turns` is taken. */
async function paged(
  storage: Storage,
  filter: IncidentFilter,
  turns: (() => Promise<unknown>)[] = [],
): Promise<readonly string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await storage.listIncidents('acme', { ...filter, ...(cursor !== undefined && { cursor }) });
    seen.push(...page.items.map(({ id }) => id));
    ok(seen.length < 100, 'the list has no end');
    ok(page.items.length > 0 || page.next === undefined, 'an empty page goes on');
    cursor = page.next;
    await turns.shift()?.();
  } while (cursor !== undefined);
  return seen;
}
