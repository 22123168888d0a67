/**
 * S9: counting needs no version and loses no count.
 */
import type { StoredAlert } from '../../model/alert.ts';
import type { StorageTest } from './bench.ts';
import { matches, same } from './compare.ts';
import { alert, change, clear, open, repeat, T0, wholeChange } from './rows.ts';

const SIXTEEN = Array.from({ length: 16 }, (_, n) => n + 1);
const COUNTER = { collection: 'n', id: 'd' };

export const COUNTS: readonly StorageTest[] = [
  {
    promise: 'S9',
    says: 'a repeat of an alert needs no version and loses no count',
    async run({ storage, commit, incident }) {
      await storage.commit([wholeChange()]);
      const answers = await Promise.all(SIXTEEN.map((n) => commit({ alerts: [repeat('a1', T0 + n)] })));
      same(new Set(answers).size, 1);
      same(answers[0], 'applied');
      matches(await storage.listAlerts('acme', {}), [{ count: 17, lastSeenAt: T0 + 16 }]);
      same((await incident()).version, 1);
    },
  },
  {
    promise: 'S9',
    says: 'a repeat may stand for several triggers',
    async run({ storage, commit }) {
      await storage.commit([wholeChange()]);
      same(await commit({ alerts: [{ ...repeat('a1', T0 + 1), times: 500 }, repeat('a1', T0 + 2)] }), 'applied');
      matches(await storage.listAlerts('acme', {}), [{ count: 502, lastSeenAt: T0 + 2 }]);
    },
  },
  {
    promise: 'S9',
    says: 'a repeat of an alert never goes back in time',
    async run({ storage, commit }) {
      await storage.commit([wholeChange()]);
      await commit({ alerts: [repeat('a1', T0 + 10)] });
      await commit({ alerts: [repeat('a1', T0 + 5)] });
      matches(await storage.listAlerts('acme', {}), [{ count: 3, lastSeenAt: T0 + 10, openedAt: T0 }]);
    },
  },
  {
    promise: 'S9',
    says: 'a repeat of an alert that has cleared meanwhile is a conflict and counts nothing',
    async run({ storage, commit }) {
      await storage.commit([wholeChange()]);
      await commit({ alerts: [{ type: 'set', id: 'a1', status: 'acknowledged' }] });
      same(await commit({ alerts: [repeat()] }), 'applied');
      await commit({ alerts: [clear('a1', T0 + 1)] });
      same(await commit({ alerts: [repeat()] }), 'conflict');
      matches(await storage.listAlerts('acme', {}), [{ count: 2, status: 'cleared', clearedAt: T0 + 1 }]);
    },
  },
  {
    promise: 'S9',
    says: 'an alert that returns fires again: counted, with its new severity, and no longer cleared',
    async run({ storage, commit }) {
      await storage.commit([wholeChange()]);
      await commit({ alerts: [clear('a1', T0 + 1)] });
      const back = { type: 'return', id: 'a1', seenAt: T0 + 5, severity: 'SEV2' } as const;
      same(await commit({ alerts: [back] }), 'applied');
      same(await storage.listAlerts('acme', {}), [alert('a1', { severity: 'SEV2', count: 2, lastSeenAt: T0 + 5 })]);
      same(await commit({ alerts: [open('a2')] }), 'conflict');
      same(await commit({ alerts: [repeat()] }), 'applied');
      const { alerts } = await storage.load({ tenant: 'acme', alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] });
      same(
        alerts.map(({ id, count }) => `${id} ${count}`),
        ['a1 3'],
      );
      same(await commit({ alerts: [{ ...back, id: 'unknown' }] }), 'applied');
    },
  },
  {
    promise: 'S9',
    says: 'of the moments at which an alert fired the greatest stays, in whichever order they come, and none takes it away',
    async run({ storage, commit }) {
      const firedAt = async () => (await storage.listAlerts('acme', {})).map(({ occurredAt }) => occurredAt);
      const back = { type: 'return', id: 'a1', seenAt: T0, severity: 'SEV1' } as const;
      await commit({ alerts: [open('a1')] });
      same(await commit({ alerts: [repeat()] }), 'applied');
      matches(await storage.listAlerts('acme', {}), [alert('a1', { count: 2 })]);
      same(await firedAt(), [undefined]);
      await commit({ alerts: [{ ...repeat(), occurredAt: T0 - 9.5 }] });
      same(await firedAt(), [T0 - 9.5]);
      await commit({ alerts: [{ ...repeat(), occurredAt: T0 - 5 }, repeat(), { ...repeat(), occurredAt: T0 - 7 }] });
      same(await firedAt(), [T0 - 5]);
      await commit({ alerts: [clear('a1'), { ...back, occurredAt: T0 - 4 }] });
      same(await firedAt(), [T0 - 4]);
      await commit({ alerts: [clear('a1'), { ...back, occurredAt: T0 - 6 }, clear('a1'), back] });
      same(await firedAt(), [T0 - 4]);
      await commit({ alerts: [clear('a1'), open('a2', { openedAt: T0 + 1, occurredAt: T0 - 20 })] });
      same(await firedAt(), [T0 - 20, T0 - 4]);
    },
  },
  {
    promise: 'S9',
    says: 'of the moments at which an alert fired the greatest stays when two processes tell of them at once',
    needs: 'another',
    async run({ storage, another }) {
      const both = [storage, (await another?.()) ?? storage];
      await storage.commit([wholeChange()]);
      // The greatest comes neither first nor last, and some come without one.
      const moments = SIXTEEN.map((n) => (n % 4 === 0 ? undefined : T0 + ((n * 7) % 16)));
      const telling = (occurredAt: number | undefined) =>
        change({ alerts: [{ ...repeat(), ...(occurredAt !== undefined && { occurredAt }) }] });
      await Promise.all(moments.flatMap((moment) => both.map((one) => one.commit([telling(moment)]))));
      matches(await storage.listAlerts('acme', {}), [{ count: 33, occurredAt: T0 + 15 }]);
    },
  },
  {
    promise: 'S9',
    says: 'setting an alert changes what is named and nothing else',
    async run({ storage, commit }) {
      await storage.commit([wholeChange()]);
      await commit({ alerts: [{ type: 'set', id: 'a1', severity: 'SEV3' }] });
      await commit({ alerts: [{ type: 'set', id: 'a1', incidentId: 'i2' }] });
      const expected: StoredAlert = alert('a1', { severity: 'SEV3', incidentId: 'i2' });
      same(await storage.listAlerts('acme', {}), [expected]);
      same(await storage.listAlerts('acme', { incidentId: 'i2' }), [expected]);
      same(await commit({ alerts: [{ type: 'set', id: 'unknown', severity: 'SEV3' }] }), 'applied');
      same(await storage.listAlerts('acme', {}), [expected]);
    },
  },
  {
    promise: 'S9',
    says: 'a counter begins at nothing and loses no count',
    async run({ storage, commit }) {
      const value = async () => (await storage.load({ tenant: 'acme', counters: [COUNTER] })).counters;
      same(await value(), []);
      const answers = await Promise.all(SIXTEEN.map((n) => commit({ counters: [{ ...COUNTER, add: n }] })));
      same(new Set(answers).size, 1);
      same(await value(), [{ ...COUNTER, value: 136 }]);
      await commit({
        counters: [
          { ...COUNTER, add: -6 },
          { ...COUNTER, add: 1 },
        ],
      });
      same(await value(), [{ ...COUNTER, value: 131 }]);
      same((await storage.load({ tenant: 'acme', counters: [{ collection: 'd', id: 'n' }] })).counters, []);
    },
  },
  {
    promise: 'S9',
    says: 'two processes that count at once lose no count',
    needs: 'another',
    async run({ storage, another }) {
      const both = [storage, (await another?.()) ?? storage];
      await storage.commit([wholeChange()]);
      const counting = () => change({ alerts: [repeat()], counters: [{ ...COUNTER, add: 1 }] });
      await Promise.all(SIXTEEN.flatMap(() => both.map((one) => one.commit([counting()]))));
      matches(await storage.listAlerts('acme', {}), [{ count: 33 }]);
      matches((await storage.load({ tenant: 'acme', counters: [COUNTER] })).counters, [{ value: 33 }]);
    },
  },
];
