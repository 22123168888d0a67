/**
 * Processes that are killed while they work: nothing that was accepted is lost, and a message that comes twice says so.
 *
 * A short form of `npm run kill`, with leases of six seconds instead of fifteen, so that it ends in time.
 */
import { afterAll, expect, type TestContext, test } from 'vitest';
import { postgresForTests } from '../support/postgres.ts';
import { postgresDatabase, sqliteDatabase } from './database.ts';
import { expectNothingLost } from './expect-nothing-lost.ts';
import type { Arrival } from './receiver.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

const server = await postgresForTests({ fsync: false });
const KILLS = 10;

afterAll(() => server.stop());

async function newWorld({ onTestFinished }: TestContext, options: Omit<WorldOptions, 'seed'>): Promise<World> {
  const world = await openWorld({ seed: 7, leaseMs: 6_000, ...options });
  onTestFinished(() => world.close());
  await world.start();
  return world;
}

test.concurrent('a process on SQLite is killed ten times, and no page is lost', async (context) => {
  const world = await newWorld(context, { database: sqliteDatabase(), workers: 1 });
  for (let kills = 0; kills < KILLS; kills += 1) await world.kill();
  await expectNothingLost(world);
}, 120_000);

test.concurrent('of two processes on one Postgres one is killed ten times, and the other takes over', async (context) => {
  const world = await newWorld(context, { database: await postgresDatabase(server), workers: 2 });
  for (let kills = 0; kills < KILLS; kills += 1) await world.kill();
  await expectNothingLost(world);
}, 120_000);

test.concurrent('a process that stood still for longer than its lease settles nothing when it goes on', async (context) => {
  const database = await postgresDatabase(server);
  const world = await newWorld(context, { database, workers: 2, questions: 0, leaseMs: 3_000 });
  const sleeper = world.workers[0]!;
  // It stands still with a message that the receiver has, and the answer to it unread.
  const held = new Promise<Arrival>((resolve) => {
    world.receiver.onArrival((arrival) => {
      if (arrival.from !== sleeper.name) return;
      sleeper.signal('SIGSTOP');
      resolve(arrival);
    });
  });
  const asked = world.ask(8);
  const { key } = await held;
  const rowOf = async () => (await database.storage.listDeliveries('default', {})).find(({ id }) => id === key);
  await context.expect.poll(async () => (await rowOf())?.state, { timeout: 30_000 }).toBe('sent');
  const settled = await rowOf();
  world.receiver.onArrival(() => {});
  sleeper.signal('SIGCONT');
  await asked;
  await context.expect
    .poll(() => sleeper.complaints(), { timeout: 30_000 })
    .toContain('was settled by somebody else meanwhile');
  await expectNothingLost(world, 'some come twice');
  expect(await rowOf()).toEqual(settled);
  const times = world.receiver.arrivals.filter((arrival) => arrival.key === key);
  expect(times.map(({ from }) => from)).toEqual([sleeper.name, world.workers[1]!.name]);
}, 120_000);
