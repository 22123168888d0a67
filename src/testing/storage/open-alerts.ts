/**
 * S2 for alerts: one key has at most one open alert, also while that one is suppressed; and S12 for those of no incident.
 */
import type { AlertFilter } from '../../ports/storage.ts';
import type { StorageTest } from './bench.ts';
import { matches, same } from './compare.ts';
import { alert, change, clear, newIncident, open, openSuppressed, repeat, T0 } from './rows.ts';

const ALERT_KEY = { routeKey: 'r', dedupKey: 'disk' };
const BACK = { type: 'return', id: 'a1', seenAt: T0, severity: 'SEV1' } as const;

export const OPEN_ALERTS: readonly StorageTest[] = [
  {
    promise: 'S2',
    says: 'a key may be opened again once its alert cleared, also by the very change that clears it',
    async run({ storage, commit }) {
      await commit({ alerts: [open('a1')] });
      await commit({ alerts: [{ type: 'set', id: 'a1', status: 'acknowledged' }] });
      same(await commit({ alerts: [open('a2')] }), 'conflict');
      await commit({ alerts: [clear('a1')] });
      same(await commit({ alerts: [open('a2')] }), 'applied');
      same(await commit({ alerts: [clear('a2'), open('a3')] }), 'applied');
      const { alerts } = await storage.load({ tenant: 'acme', alertKeys: [ALERT_KEY] });
      same(
        alerts.map(({ id }) => id),
        ['a3'],
      );
    },
  },
  {
    promise: 'S2',
    says: 'no other alert makes way for a second open one, nor does anything but clearing, nor clearing that comes later',
    async run({ storage, commit }) {
      await commit({ alerts: [open('a1'), open('a9', { dedupKey: 'other' })] });
      const second = open('a2');
      same(await commit({ alerts: [clear('a9'), second] }), 'conflict');
      same(await commit({ alerts: [{ type: 'set', id: 'a1', status: 'acknowledged' }, second] }), 'conflict');
      same(await commit({ alerts: [repeat('a1'), second] }), 'conflict');
      same(await commit({ alerts: [second, clear('a1')] }), 'conflict');
      same((await storage.listAlerts('acme', { status: 'firing' })).length, 2);
    },
  },
  {
    promise: 'S2',
    says: 'an alert that fires again is a second open alert while another one of its key is open',
    async run({ commit }) {
      await commit({ alerts: [open('a1'), clear('a1'), open('a2')] });
      same(await commit({ alerts: [BACK] }), 'conflict');
      same(await commit({ alerts: [{ type: 'set', id: 'a1', status: 'firing' }] }), 'conflict');
      same(await commit({ alerts: [clear('a2'), BACK] }), 'applied');
      same(await commit({ alerts: [open('a3')] }), 'conflict');
    },
  },
  {
    promise: 'S2',
    says: 'an alert that is set to be open takes its key after a clearing that comes before it, and never before one that comes after',
    async run({ storage, commit }) {
      const fire = (id: string) => ({ type: 'set', id, status: 'firing' }) as const;
      for (const [was, is] of [
        ['a1', 'a2'],
        ['b2', 'b1'],
      ] as const) {
        const dedupKey = `key of ${was}`;
        await commit({ alerts: [open(is, { dedupKey }), clear(is), open(was, { dedupKey })] });
        same(await commit({ alerts: [fire(is), clear(was)] }), 'conflict');
        same(await storage.commit([change({ alerts: [clear(was)] }), change({ alerts: [fire(is)] })]), [
          'applied',
          'applied',
        ]);
        same(await commit({ alerts: [clear(is), fire(was)] }), 'applied');
        matches(await storage.listAlerts('acme', { id: was }), [{ status: 'firing' }]);
      }
    },
  },
  {
    promise: 'S2',
    says: 'a suppressed alert is the open one of its key: a second one is a conflict, a repeat is counted, a clearing frees it',
    async run({ storage, commit }) {
      const found = async () => await storage.load({ tenant: 'acme', alertKeys: [ALERT_KEY] });
      same(await commit({ alerts: [openSuppressed('a1')] }), 'applied');
      same(await commit({ alerts: [openSuppressed('a2')] }), 'conflict');
      same(await commit({ alerts: [open('a2')] }), 'conflict');
      same(await commit({ alerts: [repeat('a1', T0 + 1)] }), 'applied');
      const { incidentId, ...quiet } = alert('a1', { status: 'suppressed', count: 2, lastSeenAt: T0 + 1 });
      matches(await found(), { alerts: [quiet], incidents: [] });
      same((await found()).alerts, [quiet]);
      same(await commit({ alerts: [clear('a1'), openSuppressed('a2'), clear('a2'), open('a3')] }), 'applied');
      same(await commit({ alerts: [{ type: 'set', id: 'a1', status: 'suppressed' }] }), 'conflict');
      matches(await found(), { alerts: [{ id: 'a3' }] });
    },
  },
  {
    promise: 'S2',
    says: 'a suppressed alert that is given a status and an incident is an alert of that incident, and keeps its counts',
    async run({ storage, commit }) {
      await commit({ alerts: [openSuppressed('a1'), repeat('a1', T0 + 1)] });
      const into = { type: 'set', id: 'a1', status: 'firing', incidentId: 'i1' } as const;
      same(await commit({ incidents: [newIncident('i1')], alerts: [into] }), 'applied');
      const moved = alert('a1', { count: 2, lastSeenAt: T0 + 1 });
      same(await storage.listAlerts('acme', { incidentId: 'i1' }), [moved]);
      same(await storage.listAlerts('acme', { status: 'suppressed' }), []);
      const { alerts, incidents } = await storage.load({ tenant: 'acme', alertKeys: [ALERT_KEY] });
      same(alerts, [moved]);
      matches(incidents, [{ id: 'i1' }]);
      same(await commit({ alerts: [open('a2')] }), 'conflict');
    },
  },
  {
    promise: 'S12',
    says: 'an alert of no incident stands in the list of none, and is found by its status and its service',
    async run({ storage, commit }) {
      const search = { service: 'search', openedAt: T0 + 1 };
      await commit({ incidents: [newIncident('i1')] });
      await commit({
        alerts: [
          open('a1'),
          openSuppressed('a2', { dedupKey: '2' }),
          openSuppressed('a3', { dedupKey: '3', ...search }),
          open('a4', { dedupKey: '4', service: 'search', openedAt: T0 + 2 }),
          clear('a2'),
        ],
      });
      const list = async (filter: AlertFilter) => (await storage.listAlerts('acme', filter)).map(({ id }) => id);
      same(await list({ incidentId: 'i1' }), ['a4', 'a1']);
      same(await list({ incidentId: '' }), []);
      same(await list({ status: 'suppressed' }), ['a3']);
      same(await list({ service: 'search' }), ['a4', 'a3']);
      same(await list({ service: 'search', status: 'suppressed' }), ['a3']);
      same(await list({ service: 'Search' }), []);
      const keys = ['2', '3'].map((dedupKey) => ({ routeKey: 'r', dedupKey }));
      const { alerts, incidents } = await storage.load({ tenant: 'acme', alertKeys: keys });
      same(alerts.map(({ id, incidentId }) => `${id} ${incidentId}`).toSorted(), ['a2 undefined', 'a3 undefined']);
      same(incidents, []);
    },
  },
  {
    promise: 'S2',
    says: 'load answers the alert of a key that is open, however many were opened after it',
    async run({ storage, commit }) {
      await commit({ alerts: [open('a1'), clear('a1'), open('a2'), clear('a2'), BACK] });
      const { alerts } = await storage.load({ tenant: 'acme', alertKeys: [ALERT_KEY] });
      same(
        alerts.map(({ id, status }) => `${id} ${status}`),
        ['a1 firing'],
      );
    },
  },
];
