/**
 * Sixteen writers on Postgres: the same events from everywhere at once open one incident for each key, or for each group.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertEvent, ConfigInput } from '../../src/index.ts';
import { postgresStorage } from '../../src/storage/postgres.ts';
import { postgresForTests, type TestPostgres } from '../support/postgres.ts';
import { config, trigger, world } from './world.ts';

const WRITERS = 16;
const KEYS = 24;
const RACKS = 6;

let server: TestPostgres;
beforeAll(async () => {
  server = await postgresForTests();
}, 60_000);
afterAll(() => server.stop(), 60_000);

const event = (key: number): AlertEvent =>
  trigger(`key-${key}`, { labels: { rack: `rack-${key % RACKS}`, host: `host-${key}` } });

/** Every writer has its own order and sends its events in calls of three. */
async function write(given: ConfigInput) {
  const { url } = await server.freshDatabase();
  const pg = (await import('pg')).default;
  const pools = Array.from({ length: 4 }, () => new pg.Pool({ connectionString: url, max: 4 }));
  const nodes = pools.map((pool) => world({ config: given, storage: postgresStorage({ pool }) }));
  await nodes[0]?.storage.migrate();
  try {
    const answers = await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        const node = nodes[writer % nodes.length];
        const results = [];
        for (let place = 0; place < KEYS; place += 3) {
          const call = [0, 1, 2].map((more) => event(((place + more) * 5 + writer * 7) % KEYS));
          results.push(...((await node?.tocsin.ingest(call)) ?? []));
        }
        return results;
      }),
    );
    const { tocsin } = nodes[0] ?? world();
    const alerts = await tocsin.alerts.list({ limit: 1_000 });
    const { items } = await tocsin.incidents.list({ limit: 1_000 });
    return { outcomes: answers.flat().map(({ outcome }) => outcome), alerts, items };
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
}

const counted = (alerts: readonly { readonly count: number }[]) => alerts.reduce((sum, { count }) => sum + count, 0);

test('incidents are the distinct open keys', { timeout: 60_000 }, async () => {
  const { outcomes, alerts, items } = await write(config());
  expect(new Set(outcomes)).toEqual(new Set(['opened', 'deduplicated']));
  expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(KEYS);
  expect([alerts.length, items.length, counted(alerts)]).toEqual([KEYS, KEYS, WRITERS * KEYS]);
});

test('incidents are the distinct groups, each with all of its alerts', { timeout: 60_000 }, async () => {
  const { outcomes, alerts, items } = await write(
    config({ grouping: [{ id: 'rack', by: ['labels.rack'], window: '1h' }] }),
  );
  expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(RACKS);
  expect(outcomes.filter((outcome) => outcome === 'joined')).toHaveLength(KEYS - RACKS);
  expect([alerts.length, items.length, counted(alerts)]).toEqual([KEYS, RACKS, WRITERS * KEYS]);
  expect(items.map((incident) => Object.keys(incident.alerts).length)).toEqual(Array(RACKS).fill(KEYS / RACKS));
});

test('a threshold is reached once in each group, and then holds nothing back', { timeout: 60_000 }, async () => {
  const { alerts, items } = await write(
    config({ grouping: [{ id: 'rack', by: ['labels.rack'], window: '1h', threshold: { alerts: 3, within: '1h' } }] }),
  );
  expect([alerts.length, items.length, counted(alerts)]).toEqual([KEYS, RACKS, WRITERS * KEYS]);
  expect(alerts.filter(({ status }) => status === 'suppressed')).toEqual([]);
});

test('a rate limit lets exactly so many through, and keeps all others', { timeout: 60_000 }, async () => {
  const { alerts, items } = await write(
    config({ suppression: { rateLimits: [{ id: 'calm', alerts: 5, within: '1h' }] } }),
  );
  expect([alerts.length, items.length, counted(alerts)]).toEqual([KEYS, 5, WRITERS * KEYS]);
  expect(alerts.filter(({ status }) => status === 'suppressed')).toHaveLength(KEYS - 5);
});
