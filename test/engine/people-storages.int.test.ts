/**
 * Shifts, summaries, added contacts, the directory and numbers over real databases: two nodes, one storage each, over the same
 * data.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { Directory, Storage } from '../../src/index.ts';
import type { StorageFixture } from '../../src/testing/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { openSqlite } from '../storage/open-sqlite.ts';
import { postgresForTests } from '../support/postgres.ts';
import { postgresFixtures } from '../support/postgres-fixture.ts';
import { config, contact, HOUR, MINUTE, opened, policy, T0, world } from './world.ts';

const server = await postgresForTests({ fsync: false });
const database = await server.freshDatabase();
const postgres = await postgresFixtures(database.url);

afterAll(async () => {
  await postgres.close();
  await database.drop();
  await server.stop();
});

const own = config({
  users: [
    { id: 'ana', contacts: [contact('sms', 'ana')], notices: { shifts: ['end'] } },
    { id: 'boss', contacts: [contact('sms', 'boss')] },
  ],
  escalationPolicies: [
    policy({ acknowledgeTimeout: 'off', steps: [{ targets: [{ schedule: 'primary' }], escalateAfter: '4h' }] }),
  ],
});
let isDown = false;
const directory: Directory = {
  user: async (id) => (await directory.users([id], { tenant: '', signal: new AbortController().signal }))[0],
  users: async (ids) => {
    if (isDown) throw new Error('the tables are locked');
    return ids
      .filter((id) => id === 'ben')
      .map((id) => ({ id, contacts: [contact('sms', id)], notices: { shifts: ['30m'] } }));
  },
};

describe.each<[string, () => StorageFixture | Promise<StorageFixture>]>([
  ['SQLite', openSqlite],
  ['Postgres', postgres.open],
])('%s', (_, open) => {
  test('each is told once, by both together, also by one that never met the directory', async () => {
    const fixture = await open();
    isDown = false;
    try {
      await fixture.storage.migrate();
      const clock = virtualClock({ start: T0 });
      await fixture.setNow(T0);
      const second = (await fixture.another?.()) as Storage;
      const sms = recordingNotifier('sms');
      const shared = { clock, config: own, directory, notifiers: [sms] };
      const a = world({ ...shared, storage: fixture.storage });
      const b = world({ ...shared, storage: second });
      const tick = () => Promise.all([a.tocsin.tick(), b.tocsin.tick()]);
      const pass = async (ms: number, times = 1) => {
        for (let time = 0; time < times; time += 1) {
          await clock.advance(ms);
          await fixture.setNow(clock.now());
          await tick();
        }
      };
      await tick();
      await pass(6 * MINUTE);

      const id = await opened(a.tocsin);
      await b.tocsin.incidents.acknowledge(id, { by: 'boss' });
      await b.tocsin.onCall.override({
        schedule: 'primary',
        kind: 'replace',
        user: 'ben',
        from: T0 + HOUR,
        until: T0 + 2 * HOUR,
        by: 'boss',
      });
      await pass(10 * MINUTE, 12);
      const said = sms.sent.map(({ message }) => `${message.to.user} ${message.purpose} ${message.title}`);
      expect(said.toSorted()).toEqual([
        'ana notice Acknowledged: Problem disk',
        'ana notice You are no longer on call: primary',
        'ana summary 1 incident is open',
        'ben notice On call in 30 min: primary',
        'ben summary 1 incident is open',
      ]);
      const listed = await b.tocsin.deliveries.list();
      expect(listed.filter(({ incidentId }) => incidentId === undefined)).toHaveLength(4);

      const added = await a.tocsin.contacts.add({ user: 'ana', by: 'ana', notifier: 'sms', address: '+1' });
      await tick();
      const code = sms.sent.at(-1)?.message.title.replace(/\D/g, '') ?? '';
      await b.tocsin.contacts.verify({ user: 'ana', contact: added.id, code, by: 'ana' });
      isDown = true;
      const c = world({ ...shared, storage: second });
      await c.tocsin.onCall.override({
        schedule: 'primary',
        kind: 'add',
        user: 'ben',
        from: clock.now(),
        until: clock.now() + HOUR,
        by: 'boss',
      });
      const before = sms.sent.length;
      await opened(c.tocsin, { action: 'trigger', dedupKey: 'net', title: 'Net', severity: 'critical' });
      await pass(2 * MINUTE);
      const asked = sms.sent.slice(before).filter(({ message }) => message.purpose === 'step');
      expect(asked.map(({ message }) => message.to.address).sort()).toEqual(['+1', 'ana@sms', 'ben@sms']);
    } finally {
      await fixture.close();
    }
  });

  test('the numbers of what has ended are read in the order of opening, whichever node ended it', async () => {
    const fixture = await open();
    try {
      await fixture.storage.migrate();
      const clock = virtualClock({ start: T0 });
      const at = async (ms: number) => {
        await clock.advance(T0 + ms - clock.now());
        await fixture.setNow(clock.now());
      };
      await at(0);
      const shared = { clock, config: config() };
      const a = world({ ...shared, storage: fixture.storage }).tocsin;
      const b = world({ ...shared, storage: (await fixture.another?.()) as Storage }).tocsin;
      const order: string[] = [];
      for (const [index, node] of [a, b, a, b, a].entries()) {
        await at(index * MINUTE);
        order.push(
          await opened(node, { action: 'trigger', dedupKey: `d${index}`, title: 'Net', severity: 'critical' }),
        );
      }
      const [first = '', second = '', third = '', fourth = '', fifth = ''] = order;
      await at(HOUR);
      await b.incidents.resolve(fifth, { by: 'ana' });
      await a.incidents.resolve(fourth, { by: 'ana' });
      await a.incidents.resolve(third, { by: 'ana' });
      await b.incidents.reopen(third, { by: 'ana' });
      const within = await fixture.begin?.();
      if (within === undefined) throw new Error('no transactions');
      await a.inTransaction(within.client).incidents.resolve(second, { by: 'ana' });
      await within.commit();
      await at(2 * HOUR);
      const read = async (from: number, until: number) => {
        const lines: string[] = [];
        for await (const { id, outcome, endedAt } of b.measurements.incidents({ from, until }))
          lines.push(`${order.indexOf(id)} ${outcome} ${endedAt === undefined ? 'no end' : (endedAt - T0) / MINUTE}`);
        return lines;
      };
      const ended = ['1 resolved 60', '2 open no end', '3 resolved 60'];
      expect(await read(T0, T0 + HOUR)).toEqual(['0 open no end', ...ended, '4 resolved 60']);
      expect(await read(T0 + MINUTE, T0 + 4 * MINUTE)).toEqual(ended);
      expect((await a.measurements.of(first)).outcome).toBe('open');
      expect(await b.measurements.rebuild()).toEqual({ incidents: 0 });
      const { counts, durations } = await a.measurements.report({ from: T0, until: T0 + HOUR });
      expect([counts.incidents, counts.open, counts.resolved, durations.resolve.medianMs]).toEqual([
        5,
        2,
        3,
        57 * MINUTE,
      ]);
    } finally {
      await fixture.close();
    }
  });
});
