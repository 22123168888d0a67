/**
 * A database with the part of the storage's schema that a graphile-worker runner meets, and work that says when it ran.
 *
 * Nothing here sleeps: a test waits for what it names, and fails when that does not come.
 */
import pg from 'pg';
import type { RunnerWork } from '../../src/ports/runner.ts';
import { type GraphileWorkerRunnerOptions, graphileWorkerRunner } from '../../src/runners/graphile-worker.ts';
import type { TestPostgres } from '../support/postgres.ts';

const STORAGE = `
  create schema tocsin;
  create sequence tocsin.missed_wake_ups;
  create function tocsin.wake(keys text[], dues bigint[]) returns void language sql as 'select';
`;

export type QueueBench = Awaited<ReturnType<typeof queueBench>>;

/** A fresh database of `server`; `migrate: false` leaves it empty. */
export async function queueBench(server: TestPostgres, { migrate = true } = {}) {
  const database = await server.freshDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 8 });
  pool.on('error', () => {});
  const stops: (() => Promise<void>)[] = [];
  const all = async <T>(sql: string, values: unknown[] = []) => (await pool.query(sql, values)).rows as T[];
  if (migrate) await pool.query(STORAGE);

  return {
    url: database.url,
    pool,
    all,
    /** A runner of this database that is stopped at the end; sweeps are so rare that only the queue can wake it. */
    runner(options: GraphileWorkerRunnerOptions = {}) {
      const where = options.pool === undefined ? { connectionString: database.url } : {};
      const runner = graphileWorkerRunner({ ...where, sweepIntervalMs: 600_000, ...options });
      stops.push(() => runner.stop());
      return runner;
    },
    /** What a commit does; dues are in ms from now. */
    wake: (keys: readonly string[], inMs = 0) =>
      pool.query(
        `select tocsin.wake($1::text[], array_fill((extract(epoch from now()) * 1000)::bigint + $2::bigint, array[cardinality($1::text[])]))`,
        [keys, inMs],
      ),
    jobs: () =>
      all<{
        readonly key: string | null;
        readonly run_at: Date;
        readonly locked_at: Date | null;
        readonly task_identifier: string;
      }>('select key, run_at, locked_at, task_identifier from graphile_worker.jobs order by key, id'),
    async missed() {
      const [row] = await all<{ readonly n: string }>(
        'select case when is_called then last_value else 0 end as n from tocsin.missed_wake_ups',
      );
      return Number(row!.n);
    },
    /** How many connections the runner has; Postgres counts one that was closed for a moment longer. */
    async connections() {
      const open = await all(
        `select pid from pg_stat_activity
         where application_name = 'tocsin graphile-worker' and datname = current_database()`,
      );
      return open.length;
    },
    /** Cuts the connections of the runner off, as a failover does; answers how many. */
    async cutOff() {
      const cut = await all(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'tocsin graphile-worker' and datname = current_database()`,
      );
      return cut.length;
    },
    async close() {
      for (const stop of stops) await stop();
      await pool.end();
      await database.drop();
    },
  };
}

/** Work that counts its runs, and can be waited for. */
export function countingWork(run: () => Promise<number | undefined> = async () => undefined) {
  let runs = 0;
  const failures: unknown[] = [];
  const work: RunnerWork = {
    run() {
      runs += 1;
      return run();
    },
    failed: (error) => void failures.push(error),
  };
  return { work, failures, runs: () => runs, ran: (count: number) => until(() => runs >= count) };
}

/** Resolves when `is` answers true; the test's own limit of time ends a wait in vain. */
export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 5));
}
