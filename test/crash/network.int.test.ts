/**
 * The network to Postgres, and Postgres itself, at their worst: nothing is lost, nothing is stored twice, and work goes
 * on by itself.
 */
import { afterAll, expect, type TestContext, test } from 'vitest';
import { random } from '../sim/prng.ts';
import { postgresForTests, type TestPostgres } from '../support/postgres.ts';
import { postgresDatabase } from './database.ts';
import { expectNothingLost } from './expect-nothing-lost.ts';
import { type NetworkProxy, openProxy } from './proxy.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

const server = await postgresForTests({ fsync: false });
const CUTS = ['before', 'within', 'after', 'within the answer'] as const;

afterAll(() => server.stop());

type Options = Partial<WorldOptions> & { readonly on?: TestPostgres };

/** Two workers whose way to Postgres goes through a proxy. */
async function newWorld(
  { onTestFinished }: TestContext,
  { on = server, ...options }: Options = {},
): Promise<{ readonly world: World; readonly proxy: NetworkProxy }> {
  const proxy = await openProxy(on.url());
  const database = await postgresDatabase(on, proxy.through);
  const world = await openWorld({ database, seed: 7, workers: 2, questions: 0, leaseMs: 6_000, ...options });
  onTestFinished(async () => {
    await world.close();
    await proxy.close();
  });
  await world.start();
  return { world, proxy };
}

test.concurrent('connections are cut in their commits, and what was answered is stored once', async (context) => {
  const { world, proxy } = await newWorld(context);
  const chance = random(7);
  proxy.setFault({ cut: () => (chance.chance(0.4) ? chance.pick(CUTS) : undefined) });
  while (proxy.cuts() < 40) await world.ask(6);
  proxy.setFault({});
  const { duplicates } = await expectNothingLost(world);
  expect(duplicates).toBe(0);
  expect(world.record.notes.accepted.size).toBeGreaterThan(0);
}, 120_000);

test.concurrent('connections are cut in any statement, and messages come twice no more often than that', async (context) => {
  const { world, proxy } = await newWorld(context);
  const chance = random(8);
  proxy.setFault({ isAny: true, cut: () => (chance.chance(0.1) ? chance.pick(CUTS) : undefined) });
  while (proxy.cuts() < 40) await world.ask(6);
  proxy.setFault({});
  const { duplicates } = await expectNothingLost(world, 'some come twice');
  expect(duplicates).toBeLessThanOrEqual(proxy.cuts());
}, 120_000);

test.concurrent('a network that goes silent is given up, and work goes on when it is back', async (context) => {
  const { world, proxy } = await newWorld(context, { timeoutMs: 500 });
  await world.ask(4);
  proxy.setFault({ isSilent: true });
  await world.ask(4);
  expect([...world.record.errors.keys()]).toEqual(['STORAGE_UNAVAILABLE']);
  const accepted = world.record.incidents.size;
  proxy.setFault({});
  // Beside others, only the one of its own context knows in which test it is asked.
  await context.expect
    .poll(
      async () => {
        await world.ask(1);
        return world.record.incidents.size;
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThan(accepted);
  await expectNothingLost(world, 'some come twice');
}, 120_000);

test.concurrent('a slow network makes it slow, and no more', async (context) => {
  const { world, proxy } = await newWorld(context);
  proxy.setFault({ delayMs: 20 });
  await world.ask(6);
  const { duplicates } = await expectNothingLost(world);
  expect(duplicates).toBe(0);
  expect(world.record.errors.size).toBe(0);
}, 120_000);

test.concurrent('Postgres is killed with everything it runs, twice, and the workers outlive it', async (context) => {
  const own = await postgresForTests({ isOwn: true });
  context.onTestFinished(() => own.stop());
  const { world } = await newWorld(context, { on: own });
  for (let crashes = 0; crashes < 2; crashes += 1) {
    const asked = world.ask(12);
    await new Promise<void>((resolve) => world.receiver.onArrival(() => resolve()));
    await own.crash();
    await asked;
    await world.ask(2);
    await own.restart();
    await world.lostDatabase();
  }
  await expectNothingLost(world);
  expect([...world.record.errors.keys()]).toEqual(['STORAGE_UNAVAILABLE']);
}, 120_000);
