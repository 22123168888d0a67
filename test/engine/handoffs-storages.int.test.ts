/**
 * Overrides and handoffs over real databases: two nodes, one storage each, over the same data.
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
});
