/**
 * S15: what cannot be parsed hurts no other row, and is never passed over in silence.
 */
import { rejects } from 'node:assert/strict';
import { unreadableDelivery } from '../../model/delivery.ts';
import type { StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import {
  alert,
  change,
  clear,
  delivery,
  incidentChange,
  newIncident,
  note,
  open,
  repeat,
  T0,
  wholeChange,
} from './rows.ts';

const KEY = { routeKey: 'r', dedupKey: 'disk' };

export const UNREADABLE: readonly StorageTest[] = [
  {
    promise: 'S15',
    says: 'a snapshot that cannot be parsed is undefined, beside others that can be read',
    needs: 'corrupt',
    async run({ storage, corrupt, incident, claimedIds }) {
      await storage.commit([wholeChange(), change({ incidents: [newIncident('i2', {}, T0 + 1)] })]);
      await corrupt?.('acme', 'i1', 'snapshot');
      const { incidents } = await storage.load({ tenant: 'acme', incidents: ['i1', 'i2'] });
      const bad = present(
        incidents.find(({ id }) => id === 'i1'),
        'row of i1',
      );
      same(bad, { tenant: 'acme', id: 'i1', version: 1 });
      same((await incident('i2')).version, 1);
      const { items } = await storage.listIncidents('acme', {});
      same(
        items.map(({ id, snapshot }) => `${id} ${typeof snapshot}`),
        ['i2 object', 'i1 undefined'],
      );
      const loaded = await storage.load({ tenant: 'acme', alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] });
      matches(loaded, { alerts: [{ id: 'a1' }], incidents: [{ id: 'i1', version: 1 }] });
      same(await storage.timeline('acme', 'i1'), newIncident('i1').events);
      same(await claimedIds(), ['i1:2:0']);
    },
  },
  {
    promise: 'S15',
    says: 'an incident whose snapshot cannot be parsed is changed by whoever names its version',
    needs: 'corrupt',
    async run({ storage, corrupt, commit, incident }) {
      const { snapshot } = newIncident('i1');
      await storage.commit([wholeChange()]);
      await corrupt?.('acme', 'i1', 'snapshot');
      const mended = incidentChange({ version: 1, snapshot }, [note('mended')]);
      same(await commit({ incidents: [{ ...mended, expectedVersion: 0 }] }), 'conflict');
      const parts = { incidents: [mended], deliveries: [delivery('i1:9:0')] };
      same(await commit(parts), 'applied');
      same(await incident(), { version: 2, snapshot: mended.snapshot });
      same((await storage.timeline('acme', 'i1')).length, 2);
    },
  },
  {
    promise: 'S15',
    says: 'a delivery that cannot be parsed is handed out and listed with what its columns say, and is settled as any other',
    needs: 'corrupt',
    async run({ storage, corrupt, commit, claimed, claimedIds }) {
      const [torn, fine] = [delivery('torn', { dueAt: T0 - 2 }), delivery('fine', { dueAt: T0 - 1 })];
      await commit({ deliveries: [torn, fine] });
      await corrupt?.('acme', 'torn', 'delivery');
      const { position, contact, address, urgency, ...outline } = torn;
      const known = unreadableDelivery(outline);
      same(await storage.listDeliveries('acme', {}), [known, fine]);
      const lent = await claimed();
      same(
        lent.map((one) => one.delivery),
        [
          { ...known, state: 'leased', attempts: 1 },
          { ...fine, state: 'leased', attempts: 1 },
        ],
      );
      const token = lent[0]?.token ?? 0;
      same(await storage.extendDelivery('acme', 'torn', token, 1), true);
      const retry = { state: 'retry', afterMs: 0, error: 'busy' } as const;
      const again = { ...known, attempts: 1, dueAt: T0, error: 'busy' };
      same(await storage.settleDelivery('acme', 'torn', token, retry), again);
      const [second] = await claimed();
      const dead = { ...again, state: 'dead', attempts: 2, error: 'gone' };
      const outcome = { state: 'dead', error: 'gone' } as const;
      same(await storage.settleDelivery('acme', 'torn', second?.token ?? 0, outcome), dead);
      same(await storage.listDeliveries('acme', { state: 'dead' }), [dead]);
      same(await storage.revive('acme', 'torn'), true);
      same(await claimedIds(), ['torn']);
    },
  },
  {
    promise: 'S15',
    says: 'an alert that cannot be parsed is answered with what its columns say, and is counted and cleared as any other',
    needs: 'corrupt',
    async run({ storage, corrupt, commit }) {
      const fine = alert('a2', { dedupKey: 'other' });
      await commit({ incidents: [newIncident('i1')], alerts: [open('a1', { openedAt: T0 + 1 }), open('a2', fine)] });
      await corrupt?.('acme', 'a1', 'alert');
      const found = async () => await storage.load({ tenant: 'acme', alertKeys: [KEY] });
      const known = { id: 'a1', incidentId: 'i1', title: 'Alert a1', labels: {}, links: [], openedAt: T0 + 1 };
      matches(await found(), { alerts: [{ ...known, ...KEY, status: 'firing', count: 1 }], incidents: [{ id: 'i1' }] });
      const [first, second] = await storage.listAlerts('acme', {});
      matches(first, { ...known, routeKey: 'unknown', dedupKey: 'unknown' });
      same(second, fine);
      same(await commit({ alerts: [repeat('a1', T0 + 5)] }), 'applied');
      matches(await found(), { alerts: [{ ...known, ...KEY, count: 2, lastSeenAt: T0 + 5 }] });
      same(await commit({ alerts: [open('a3')] }), 'conflict');
      same(await commit({ alerts: [clear('a1', T0 + 6), open('a3')] }), 'applied');
      matches(await storage.listAlerts('acme', { id: 'a1' }), [{ ...known, status: 'cleared', clearedAt: T0 + 6 }]);
    },
  },
  {
    promise: 'S15',
    says: 'a timeline with an event that cannot be parsed is never answered without it, and others are answered',
    needs: 'corrupt',
    async run({ storage, corrupt, commit, incident, claimedIds }) {
      await storage.commit([wholeChange(), change({ incidents: [newIncident('i2')] })]);
      await corrupt?.('acme', 'i1', 'event');
      await rejects(storage.timeline('acme', 'i1'), { code: 'TIMELINE_INVALID' });
      same(await storage.timeline('acme', 'i2'), newIncident('i2').events);
      same(await commit({ incidents: [incidentChange(await incident('i1'), [note('x')])] }), 'applied');
      await rejects(storage.timeline('acme', 'i1'), { code: 'TIMELINE_INVALID' });
      same(await claimedIds(), ['i1:2:0']);
    },
  },
];
