/**
 * The graphile-worker runner together with Postgres storage and the engine: two nodes on one database.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTocsin, defineNotifier } from '../../src/index.ts';
import { postgresStorage } from '../../src/storage/postgres.ts';
import { postgresForTests, type TestPostgres } from '../support/postgres.ts';
import { type QueueBench, queueBench, until } from './queue-bench.ts';

let server: TestPostgres;
let bench: QueueBench;
let stops: (() => Promise<void>)[];
beforeAll(async () => {
  server = await postgresForTests({ fsync: false });
}, 60_000);
afterAll(() => server?.stop());
beforeEach(async () => {
  bench = await queueBench(server, { migrate: false });
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await bench.close();
});

const config = {
  users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
  escalationPolicies: [
    { id: 'default', steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }], fallback: [{ user: 'ana' }] },
  ],
  services: [{ id: 'checkout', escalationPolicy: 'default' }],
};

/** A node; what it sends is said to `sent`. */
function node(sent: (title: string) => void) {
  const sms = defineNotifier({ name: 'sms', send: async ({ title }) => sent(title) });
  const tocsin = createTocsin({
    config,
    notifiers: [sms],
    storage: postgresStorage({ pool: bench.pool }),
    runner: bench.runner(),
    logger: { debug() {}, info() {}, warn() {}, error: (facts, message) => console.error(message, facts) },
  });
  stops.push(() => tocsin.stop());
  return tocsin;
}

test('a page that one node commits is delivered once, though its runner is told of nothing but by the database', async () => {
  const sent: string[] = [];
  const nodes = [node((title) => sent.push(title)), node((title) => sent.push(title))];
  await Promise.all(nodes.map((each) => each.start()));
  const titles = Array.from({ length: 20 }, (_, n) => `incident ${n}`);
  for (const title of titles) await nodes[0]!.incidents.open({ title, service: 'checkout', by: 'ben' });
  await until(() => sent.length >= titles.length);
  expect(sent.toSorted()).toEqual(titles.toSorted());
});

test('a page of a process that only commits, and wakes nobody itself, is delivered by one that was started', async () => {
  const sent: string[] = [];
  await node((title) => sent.push(title)).start();
  const other = node(() => {});
  await other.incidents.open({ title: 'Checkout is down', service: 'checkout', by: 'ben' });
  await until(() => sent.length === 1);
});

test('storage that is migrated again keeps the wake-ups, and says how many were missed', async () => {
  const tocsin = node(() => {});
  await tocsin.start();
  const storage = postgresStorage({ pool: bench.pool });
  await storage.migrate();
  await bench.wake(['a'], 3_600_000);
  expect((await bench.jobs()).map(({ key }) => key)).toContain('tocsin:a');
  expect((await storage.figures(['default'])).missedWakeUps).toBe(0);
  await tocsin.stop();
  await bench.pool.query('drop schema graphile_worker cascade');
  await bench.wake(['a', 'b']);
  expect((await storage.figures(['default'])).missedWakeUps).toBe(2);
});
