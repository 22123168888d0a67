/**
 * Latency: from an alert to the notifier of the first person, while the engine has nothing else to do.
 *
 * One alert at a time, with pauses. Both ends are taken in this process, by one clock.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createTocsin, defineNotifier, type Runner } from '../src/index.ts';
import type { Storage } from '../src/ports/storage.ts';
import { graphileWorkerRunner } from '../src/runners/graphile-worker.ts';
import { localRunner } from '../src/runners/local.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { type Figure, within } from './figure.ts';
import type { Ground } from './ground.ts';
import { alertOf, CONFIG, SILENT } from './incidents.ts';

const SAMPLES = 300;
const WARM_UP = 40;

/** An engine on one database: what is measured, and what is asked of it. */
type Engine = {
  readonly name: string;
  readonly storage: Storage;
  readonly runner: Runner;
  readonly limits: { readonly p50: number; readonly p99: number };
};

/** From the call of `ingest`, and from its answer, to the call of the notifier. */
export async function latency(ground: Ground): Promise<readonly Figure[]> {
  const database = await ground.database();
  const engines: readonly Engine[] = [
    {
      name: 'SQLite',
      storage: sqliteStorage({ path: ground.file('latency.db') }),
      runner: localRunner(),
      limits: { p50: 3, p99: 15 },
    },
    {
      name: 'Postgres + graphile-worker',
      storage: postgresStorage({ pool: database.pool(10) }),
      runner: graphileWorkerRunner({ connectionString: database.url }),
      limits: { p50: 15, p99: 60 },
    },
  ];
  const figures: Figure[] = [];
  for (const engine of engines) figures.push(...(await measure(ground, engine)));
  return figures;
}

async function measure(ground: Ground, { name, storage, runner, limits }: Engine): Promise<readonly Figure[]> {
  ground.say(`${name}: ${SAMPLES} alerts, one at a time`);
  const calls = new Map<string, PromiseWithResolvers<number>>();
  const first = defineNotifier({
    name: 'first',
    async send({ title }) {
      calls.get(title)?.resolve(performance.now());
    },
  });
  const second = defineNotifier({ name: 'second', async send() {} });
  const tocsin = createTocsin({ config: CONFIG, storage, runner, notifiers: [first, second], logger: SILENT });
  await tocsin.start();
  const fromCall: number[] = [];
  const fromAnswer: number[] = [];
  for (let index = 0; index < WARM_UP + SAMPLES; index++) {
    const event = alertOf(`alert ${index}`);
    const called = Promise.withResolvers<number>();
    calls.set(event.title ?? '', called);
    const askedAt = performance.now();
    await tocsin.ingest(event);
    const answeredAt = performance.now();
    const calledAt = await called.promise;
    if (index >= WARM_UP) {
      fromCall.push(calledAt - askedAt);
      fromAnswer.push(calledAt - answeredAt);
    }
    // Long enough for the delivery to be settled, and at no fixed beat.
    await pause(15 + Math.random() * 20);
  }
  await tocsin.stop();
  await storage.close();
  return [
    within(`${name}: alert accepted -> notifier called`, fromAnswer, limits),
    within(`${name}: ingest called -> notifier called`, fromCall, limits),
  ];
}
