/**
 * S2 for alerts: one key has at most one open alert.
 */
import type { StorageTest } from './bench.ts';
import { same } from './compare.ts';
import { clear, open, repeat, T0 } from './rows.ts';

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
