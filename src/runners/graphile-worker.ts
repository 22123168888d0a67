/**
 * graphile-worker runner: wakes the engines of many processes through a job queue in Postgres.
 *
 * A commit adds its wake-ups as jobs in its own transaction. Jobs are wake-ups only: what is due stands in the storage,
 * and every process sweeps it regularly, because a killed worker keeps its job locked for four hours.
 */
import { isTocsinError, TocsinError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import type { Runner, RunnerWork } from '../ports/runner.ts';
import {
  type Connections,
  type GraphileWorkerPool,
  installed,
  takeConnections,
} from './graphile-worker/connections.ts';
import { type Names, replaceWake, taskName } from './graphile-worker/wake-function.ts';
import { type KeptWorker, keepWorker, patiently } from './graphile-worker/worker.ts';
import { checkInterval, processTime, refuseAnother, wakeLoop } from './wake-loop.ts';

export type { GraphileWorkerPool } from './graphile-worker/connections.ts';

/** Where the queue is, and how often it is asked. Give `pool` or `connectionString`, not both. */
export type GraphileWorkerRunnerOptions = {
  /** A pool of `pg` that reaches Postgres itself, with room for three connections beside yours; it is not ended. */
  readonly pool?: GraphileWorkerPool;
  /** Opens a small pool of its own. It must reach Postgres itself, not a transaction pooler. */
  readonly connectionString?: string;
  /** The schema of the storage. Default 'tocsin'. */
  readonly schema?: string;
  /** The schema of graphile-worker. Default 'graphile_worker'. */
  readonly workerSchema?: string;
  /** How often the worker looks for jobs that have become due, in ms. Default 100. */
  readonly pollIntervalMs?: number;
  /** How often due work is done whatever the queue says, in ms. Default 5,000. */
  readonly sweepIntervalMs?: number;
  /** Drives the sweeps. Default: the time of this process. */
  readonly clock?: Pick<Clock, 'wait' | 'now'>;
};

const KNOWN: readonly (keyof GraphileWorkerRunnerOptions)[] = [
  'pool',
  'connectionString',
  'schema',
  'workerSchema',
  'pollIntervalMs',
  'sweepIntervalMs',
  'clock',
];
const MAKING = 'make a graphile-worker runner';

/**
 * A runner for any number of processes on one Postgres, on `graphile-worker` 0.18 or newer.
 *
 * Use it with `postgresStorage` of the same `schema`. Starting it runs graphile-worker's own migrations.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known or not what its name says; `start` rejects with it when
 * the storage has not been migrated or a package is missing, and with STORAGE_UNAVAILABLE when the database fails.
 * @example
 * ```ts
 * import { graphileWorkerRunner } from 'tocsin/runners/graphile-worker';
 * const runner = graphileWorkerRunner({ connectionString: 'postgres://localhost/app', sweepIntervalMs: 2_000 });
 * runner.isWokenByStorage; // => true
 * ```
 */
export function graphileWorkerRunner(options: GraphileWorkerRunnerOptions): Runner {
  refuseUnknownOptions(MAKING, options, KNOWN);
  const { pollIntervalMs = 100, sweepIntervalMs = 5_000, clock = processTime } = options;
  const names: Names = { schema: options.schema ?? 'tocsin', workerSchema: options.workerSchema ?? 'graphile_worker' };
  for (const [name, value] of Object.entries(names)) checkName(name, value);
  checkInterval(MAKING, 'pollIntervalMs', pollIntervalMs);
  checkInterval(MAKING, 'sweepIntervalMs', sweepIntervalMs);
  const database = databaseOf(options);
  const loop = wakeLoop({ pollIntervalMs: sweepIntervalMs, clock });
  let current: Session | undefined;
  let stopped: Promise<void> = Promise.resolve();

  /** Everything between a start and its stop. */
  function begin(work: RunnerWork): Session {
    let isOver = false;
    let connections: Connections | undefined;
    let worker: KeptWorker | undefined;

    async function start(): Promise<void> {
      await stopped;
      const graphileWorker = await installed('graphile-worker', () => import('graphile-worker'));
      connections = await takeConnections(database);
      const { pool } = connections;
      const logger = new graphileWorker.Logger(() => () => {});
      const { schema, workerSchema } = names;
      await replaceWake(pool, { schema, workerSchema }, () =>
        graphileWorker.runMigrations({ pgPool: pool, schema: workerSchema, logger }),
      );
      if (isOver) return;
      loop.start(work);
      worker = keepWorker({
        graphileWorker,
        pool,
        workerSchema,
        task: taskName(names),
        pollIntervalMs,
        clock,
        wake: loop.runSoon,
        failed: loop.tell,
      });
    }

    const started = start().catch(async (error: unknown) => {
      await connections?.giveBack();
      connections = undefined;
      throw isTocsinError(error) ? error : unavailable(error);
    });
    return {
      work,
      started,
      async end() {
        isOver = true;
        await started.catch(() => {});
        // The worker first: a job that it has taken is done, not swallowed.
        await worker?.stop();
        await loop.stop();
        if (connections !== undefined) await patiently(connections.giveBack(), clock);
      },
    };
  }

  return {
    isWokenByStorage: true,
    async start(work) {
      if (current !== undefined) refuseAnother(current.work, work);
      current ??= begin(work);
      const session = current;
      try {
        await session.started;
      } catch (error) {
        if (current === session) current = undefined;
        throw error;
      }
    },
    wake: loop.wake,
    stop() {
      if (current !== undefined) stopped = current.end();
      current = undefined;
      return stopped;
    },
  };
}

type Session = { readonly work: RunnerWork; readonly started: Promise<void>; end(): Promise<void> };

function unavailable(cause: unknown): TocsinError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TocsinError(
    'STORAGE_UNAVAILABLE',
    `Cannot start the graphile-worker runner: the database failed (${reason}). Try again when it is back.`,
    { cause },
  );
}

function databaseOf({ pool, connectionString }: GraphileWorkerRunnerOptions): GraphileWorkerPool | string {
  if (pool !== undefined && connectionString === undefined && typeof pool.connect === 'function') return pool;
  if (pool === undefined && typeof connectionString === 'string' && connectionString !== '') return connectionString;
  throw new TocsinError('INPUT_INVALID', `Cannot ${MAKING}: give either a \`pool\` of pg or a \`connectionString\`.`, {
    details: {
      problems: [{ path: pool === undefined ? 'connectionString' : 'pool', message: 'expected one of both' }],
    },
  });
}

/** Schemas become part of statements: nothing but a plain name may get there. */
function checkName(option: string, name: unknown): void {
  if (typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) return;
  throw new TocsinError(
    'INPUT_INVALID',
    `Cannot ${MAKING}: ${option} is ${JSON.stringify(name)}. Use letters, digits and _, at most 63 of them.`,
    { details: { problems: [{ path: option, message: 'this is no name of a schema' }] } },
  );
}
