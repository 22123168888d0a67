/**
 * Lateness: how long after its moment the page of an escalation step is at the notifier.
 *
 * Hundreds of incidents whose second steps are due at random moments; the due moments are those of the timelines.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type ConfigInput, createTocsin, defineNotifier, type Runner } from '../src/index.ts';
import type { Storage } from '../src/ports/storage.ts';
import { graphileWorkerRunner } from '../src/runners/graphile-worker.ts';
import { localRunner } from '../src/runners/local.ts';
import { postgresStorage } from '../src/storage/postgres.ts';
import { sqliteStorage } from '../src/storage/sqlite.ts';
import { type Figure, within } from './figure.ts';
import type { Ground } from './ground.ts';
import { alertOf, CONFIG, SILENT } from './incidents.ts';

const TIMERS = 400;
/** The first due moment leaves time for all first pages to go out. */
const FIRST_MS = 6_000;
const SPREAD_MS = 10_000;

type Engine = { readonly name: string; readonly storage: Storage; readonly runner: Runner; readonly limit: number };

/** Steps by the local runner on SQLite and by graphile-worker on Postgres. */
export async function lateness(ground: Ground): Promise<readonly Figure[]> {
  const database = await ground.database();
  const sqlite = sqliteStorage({ path: ground.file('lateness.db') });
  const postgres = postgresStorage({ pool: database.pool(10) });
  const worker = graphileWorkerRunner({ connectionString: database.url });
  return [
    await measure(ground, { name: 'local runner, SQLite', storage: sqlite, runner: localRunner(), limit: 20 }),
    await measure(ground, { name: 'graphile-worker, Postgres', storage: postgres, runner: worker, limit: 150 }),
  ];
}

async function measure(ground: Ground, { name, storage, runner, limit }: Engine): Promise<Figure> {
  ground.say(`${name}: ${TIMERS} steps at random moments within ${SPREAD_MS / 1_000} s`);
  const waits = Array.from({ length: TIMERS }, () => Math.round(FIRST_MS + Math.random() * SPREAD_MS));
  const dueAt = new Map<string, number>();
  const late: number[] = [];
  const all = Promise.withResolvers<void>();
  const first = defineNotifier({ name: 'first', async send() {} });
  const second = defineNotifier({
    name: 'second',
    async send({ incidentId }) {
      late.push(performance.timeOrigin + performance.now() - (dueAt.get(incidentId ?? '') ?? Number.NaN));
      if (late.length === TIMERS) all.resolve();
    },
  });
  const tocsin = createTocsin({
    ...{ config: configOf(waits), storage, runner },
    ...{ notifiers: [first, second], logger: SILENT },
  });
  tocsin.on('page.requested', ({ event, incident }) => {
    const wait = waits[Number(incident.service.slice(1))];
    if (event.position.step === 1 && wait !== undefined) dueAt.set(incident.id, event.at + wait);
  });
  await tocsin.start();
  await tocsin.ingest(waits.map((_, index) => alertOf(`alert ${index}`, `s${index}`)));
  const tooLong = new AbortController();
  await Promise.race([all.promise, pause(FIRST_MS + SPREAD_MS + 20_000, undefined, { signal: tooLong.signal })]);
  tooLong.abort();
  await tocsin.stop();
  await storage.close();
  if (late.length < TIMERS) throw new Error(`Only ${late.length} of ${TIMERS} steps were heard of.`);
  return within(`${name}: step due -> notifier called`, late, { p99: limit });
}

/** A service and a policy for each wait. */
function configOf(waits: readonly number[]): ConfigInput {
  return {
    ...CONFIG,
    escalationPolicies: waits.map((wait, index) => ({
      id: `p${index}`,
      steps: [
        { targets: [{ user: 'ana' }], escalateAfter: `${wait}ms` },
        { targets: [{ user: 'ben' }], escalateAfter: '2h' },
      ],
      fallback: [{ user: 'ben' }],
    })),
    services: waits.map((_, index) => ({ id: `s${index}`, escalationPolicy: `p${index}` })),
  };
}
