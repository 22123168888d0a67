/**
 * A process that takes alerts in and pages until it is killed. It is told what to do by its parent.
 *
 * It answers a request only after Tocsin did, and ends by itself when its parent is gone.
 */
import { Agent, request } from 'node:http';
import pg from 'pg';
import { createTocsin, defineNotifier, localRunner, type Storage } from '../../src/index.ts';
import { graphileWorkerRunner } from '../../src/runners/graphile-worker.ts';
import { postgresStorage } from '../../src/storage/postgres.ts';
import { sqliteStorage } from '../../src/storage/sqlite.ts';
import { CONFIG, triggerOf } from './incidents.ts';
import type { Arrival } from './receiver.ts';
import { withLease } from './with-lease.ts';
import type { Answer, Asked, WorkerOptions } from './worker-process.ts';

const options: WorkerOptions = JSON.parse(process.argv[2] ?? '{}');
const agent = new Agent({ keepAlive: true });
const silent = () => {};

const phone = defineNotifier({
  name: 'phone',
  async send({ deliveryId, incidentId, purpose, step, to }, { idempotencyKey, signal }) {
    const arrival = { from: options.name, key: idempotencyKey, deliveryId, incidentId, purpose, step, user: to.user };
    await post(arrival as Arrival, signal);
  },
});

const storage = openStorage();
const tocsin = createTocsin({
  config: CONFIG,
  storage: options.leaseMs === undefined ? storage : withLease(storage, options.leaseMs),
  runner:
    options.runner === 'graphile-worker'
      ? graphileWorkerRunner({ connectionString: options.database, sweepIntervalMs: 1_000 })
      : localRunner({ pollIntervalMs: 250 }),
  notifiers: [phone],
  logger: { debug: silent, info: silent, warn: report, error: report },
});

process.on('disconnect', () => process.exit(1));
process.on('message', async (asked: Asked) => {
  const answer = await answerTo(asked);
  const isLast = asked.ask === 'stop';
  process.send?.({ n: asked.n, ...answer } satisfies Answer, () => isLast && process.exit(0));
});
await tocsin.start();
process.send?.({ n: 0 } satisfies Answer);

async function answerTo(asked: Asked): Promise<Omit<Answer, 'n'>> {
  try {
    return { incidentId: await done(asked) };
  } catch (error) {
    return { error: error instanceof Error && 'code' in error ? String(error.code) : String(error) };
  }
}

async function done(asked: Asked): Promise<string | undefined> {
  if (asked.ask === 'trigger') {
    const [result] = await tocsin.ingest(triggerOf(asked.key));
    return result?.incidentId;
  }
  if (asked.ask === 'note') {
    const incident = await tocsin.incidents.addNote(asked.incidentId, { by: 'ana', text: asked.text });
    return incident.id;
  }
  if (asked.ask === 'acknowledge') return (await tocsin.incidents.acknowledge(asked.incidentId, { by: 'ana' })).id;
  await tocsin.stop();
  await storage.close();
  return undefined;
}

function openStorage(): Storage {
  const { database } = options;
  if (!database.startsWith('postgres:')) return sqliteStorage({ path: database });
  const { timeoutMs = 10_000 } = options;
  // Without a time limit a pool keeps a place for ever for a connection whose greeting is never answered.
  const pool = new pg.Pool({ connectionString: database, max: 5, connectionTimeoutMillis: timeoutMs });
  return postgresStorage({ pool, statementTimeoutMs: timeoutMs });
}

function post(arrival: Arrival, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(options.receiver, { method: 'POST', agent, signal }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    call.on('error', reject);
    call.end(JSON.stringify(arrival));
  });
}

function report(facts: object, message: string): void {
  process.stderr.write(`${options.name}: ${message} ${'error' in facts ? String(facts.error) : ''}\n`);
}
