/**
 * Overrides, handoffs and numbers over real databases: two nodes, one storage each, over the same data.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { Storage } from '../../src/index.ts';
import type { StorageFixture } from '../../src/testing/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { openSqlite } from '../storage/open-sqlite.ts';
import { postgresForTests } from '../support/postgres.ts';
import { postgresFixtures } from '../support/postgres-fixture.ts';
import { config, events, HOUR, MINUTE, opened, policy, T0, world } from './world.ts';

const server = await postgresForTests({ fsync: false });
const database = await server.freshDatabase();
const postgres = await postgresFixtures(database.url);

afterAll(async () => {
  await postgres.close();
  await database.drop();
  await server.stop();
});

const by = 'boss';
const own = config({
  escalationPolicies: [policy({ steps: [{ targets: [{ schedule: 'primary' }], escalateAfter: '4h' }] })],
});

describe.each<[string, () => StorageFixture | Promise<StorageFixture>]>([
  ['SQLite', openSqlite],
  ['Postgres', postgres.open],
])('%s', (_, open) => {
  test('an override on one node is what the other pages by, is told once, and ends at its moment', async () => {
    const fixture = await open();
    try {
      await fixture.storage.migrate();
      const clock = virtualClock({ start: T0 });
      const pass = async (ms: number) => {
        await clock.advance(ms);
        await fixture.setNow(clock.now());
      };
      await fixture.setNow(T0);
      const second = (await fixture.another?.()) as Storage;
      const a = world({ clock, storage: fixture.storage, config: own });
      const b = world({ clock, storage: second, config: own });
      const told: string[] = [];
      for (const { tocsin } of [a, b])
        tocsin.on('oncall.changed', ({ at, joined, left }) => told.push(`${at.getTime() - T0} +${joined} -${left}`));
      const asked = async (id: string) =>
        (await events(a.tocsin, id)).flatMap((event) =>
          event.type === 'page.requested' ? event.recipients.map(({ user }) => user) : [],
        );
      await Promise.all([a.tocsin.tick(), b.tocsin.tick()]);
      const before = await opened(b.tocsin, {
        action: 'trigger',
        title: 'before',
        dedupKey: 'before',
        severity: 'critical',
      });
      const stored = await a.tocsin.onCall.override({
        schedule: 'primary',
        from: T0,
        until: T0 + HOUR,
        kind: 'replace',
        user: 'ben',
        by,
      });
      const within = await opened(b.tocsin, {
        action: 'trigger',
        title: 'within',
        dedupKey: 'within',
        severity: 'critical',
      });
      expect([await asked(before), await asked(within)]).toEqual([['ana'], ['ben']]);
      await Promise.all([a.tocsin.tick(), b.tocsin.tick()]);
      expect([await asked(before), await asked(within)]).toEqual([['ana', 'ben'], ['ben']]);
      await pass(MINUTE);
      await b.tocsin.onCall.cancelOverride(stored.id, { by });
      await Promise.all([a.tocsin.tick(), b.tocsin.tick()]);
      expect([await asked(before), await asked(within)]).toEqual([
        ['ana', 'ben'],
        ['ben', 'ana'],
      ]);
      expect(await a.tocsin.onCall.overrides('primary')).toMatchObject([{ until: new Date(T0 + MINUTE) }]);
      expect(told).toEqual(['0 +ben -ana', `${MINUTE} +ana -ben`]);
      const { dueAt } = await fixture.storage.nextDue(['default']);
      expect(dueAt).toBe(T0 + MINUTE + 30_000);
      await pass(MINUTE);
      await a.tocsin.tick();
      expect(await a.tocsin.health()).toMatchObject({ isHealthy: true, due: { timers: 0 } });
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
