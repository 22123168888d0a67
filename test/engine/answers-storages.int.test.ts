/**
 * Mirrors, updates and signed answers over real databases: two nodes, one storage each, over the same data.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { Storage } from '../../src/index.ts';
import type { StorageFixture } from '../../src/testing/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { openSqlite } from '../storage/open-sqlite.ts';
import { postgresForTests } from '../support/postgres.ts';
import { postgresFixtures } from '../support/postgres-fixture.ts';
import { board } from './board.ts';
import { config, contact, incident, MINUTE, opened, SECOND, stands, T0, types, world } from './world.ts';

const server = await postgresForTests({ fsync: false });
const database = await server.freshDatabase();
const postgres = await postgresFixtures(database.url);

afterAll(async () => {
  await postgres.close();
  await database.drop();
  await server.stop();
});

const by = 'ana';
const own = config({
  users: [
    { id: 'ana', contacts: [contact('chat', 'ana')] },
    { id: 'ben', contacts: [contact('sms', 'ben')] },
    { id: 'boss', contacts: [contact('sms', 'boss')] },
  ],
  mirrors: [{ id: 'm1', notifier: 'platform', address: 'default' }],
});

describe.each<[string, () => StorageFixture | Promise<StorageFixture>]>([
  ['SQLite', openSqlite],
  ['Postgres', postgres.open],
])('%s', (_, open) => {
  async function twoNodes(fixture: StorageFixture) {
    await fixture.storage.migrate();
    const clock = virtualClock({ start: T0 });
    await fixture.setNow(T0);
    const [chat, platform] = [board('chat'), board('platform', 'elsewhere')];
    const shared = { clock, config: own, notifiers: [chat, platform], secrets: ['a secret that only this test knows'] };
    const a = world({ ...shared, storage: fixture.storage });
    const b = world({ ...shared, storage: (await fixture.another?.()) as Storage });
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= SECOND) {
        await clock.advance(SECOND);
        await fixture.setNow(clock.now());
        await Promise.all([a.tocsin.tick(), b.tocsin.tick()]);
      }
    };
    return { a: a.tocsin, b: b.tocsin, chat, platform, pass };
  }

  test('what was sent and what is mirrored follow the incident, each once', async () => {
    const fixture = await open();
    try {
      const { a, b, chat, platform, pass } = await twoNodes(fixture);
      const id = await opened(a);
      await pass(5 * SECOND);
      expect((await incident(b, id)).externalRefs).toMatchObject([{ platform: 'elsewhere', id: `X-${id}` }]);
      const external = { platform: 'elsewhere', ids: [`X-${id}`], change: 'acknowledged' as const, by: 'ben' };
      await b.ingest({ action: 'acknowledge', external });
      await pass(5 * SECOND);
      await a.incidents.addNote(id, { by, text: 'It is the disk' });
      await a.incidents.resolve(id, { by });
      await pass(MINUTE / 2);
      // The page follows; the notice that ben has acknowledged says what was true then.
      expect([...chat.shown.values()]).toEqual([
        'resolved: Resolved: Problem disk',
        'acknowledged: Acknowledged: Problem disk',
      ]);
      expect([...platform.shown.values()]).toEqual(['resolved: Problem disk']);
      expect(platform.calls.filter((call) => !call.includes('note'))).toEqual([
        'send opened triggered',
        'update acknowledged acknowledged',
        'update resolved resolved',
      ]);
      expect(platform.calls.filter((call) => call.includes('note'))).toHaveLength(1);
      expect(await a.deadLetters.list()).toEqual([]);
    } finally {
      await fixture.close();
    }
  });

  test('a token that two nodes are handed at the same moment is taken by one', async () => {
    const fixture = await open();
    try {
      const { a, b, chat, pass } = await twoNodes(fixture);
      const id = await opened(a);
      await pass(5 * SECOND);
      const token = chat.messages[0]?.actions[0]?.token ?? '';
      const outcomes = await Promise.allSettled([a, b, a, b].map((node) => node.actions.redeem(token)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.details.why] : []))).toEqual(
        Array.from({ length: 3 }, () => 'used'),
      );
      expect((await types(a, id)).filter((type) => type === 'incident.acknowledged')).toHaveLength(1);
      expect(await stands(b, id)).toBe('triage / acknowledged');
    } finally {
      await fixture.close();
    }
  });
});
