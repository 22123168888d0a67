/**
 * Worker: keeps a worker of graphile-worker at work, and starts another one when it dies.
 *
 * A job says only that there is something to do: it carries nothing, and it never fails.
 */
import type { WorkerPool } from 'graphile-worker';
import type { Pool } from 'pg';
import type { WaitClock } from '../wake-loop.ts';

/** The package, which the host brings. */
export type GraphileWorker = typeof import('graphile-worker');

/** What a worker needs. */
export type WorkerNeeds = {
  readonly graphileWorker: GraphileWorker;
  readonly pool: Pool;
  readonly workerSchema: string;
  readonly task: string;
  readonly pollIntervalMs: number;
  readonly clock: WaitClock;
  /** Does what is due; a job lasts as long, so that meanwhile the next job goes to another process. */
  wake(): Promise<void>;
  /** Told when a worker has died. */
  failed(error: unknown): void;
};

/** A worker that is kept at work until it is stopped. */
export type KeptWorker = { stop(): Promise<void> };

const RESTART_MS = 1_000;
const PATIENCE_MS = 10_000;

/** Keeps a worker at work. */
export function keepWorker(needs: WorkerNeeds): KeptWorker {
  const { clock, failed } = needs;
  let isStopping = false;
  let worker: WorkerPool | undefined;
  let goOn: () => void = () => {};

  const pause = () =>
    new Promise<void>((resolve) => {
      const cancel = clock.wait(RESTART_MS, resolve);
      goOn = () => {
        cancel();
        resolve();
      };
    });

  async function keep(): Promise<void> {
    while (!isStopping) {
      try {
        worker = startWorker(needs);
        await worker.promise;
        if (!isStopping) failed(new Error('The worker of graphile-worker has ended; another one is started.'));
      } catch (error) {
        if (!isStopping) failed(error);
      }
      if (!isStopping) await pause();
    }
  }

  const kept = keep();
  return {
    async stop() {
      isStopping = true;
      goOn();
      await patiently(Promise.allSettled([worker?.gracefulShutdown(), kept]), clock);
    },
  };
}

/** Waits until `ending` has settled, but not for ever: a database that is gone does not answer. */
export async function patiently(ending: Promise<unknown>, clock: WaitClock): Promise<void> {
  let cancel: () => void = () => {};
  const enough = new Promise<void>((resolve) => {
    cancel = clock.wait(PATIENCE_MS, resolve);
  });
  await Promise.race([ending.catch(() => {}), enough]);
  cancel();
}

/** One place only: a process that is at work takes no second job, which another process could take at once. */
function startWorker({ graphileWorker, pool, workerSchema, task, pollIntervalMs, wake }: WorkerNeeds): WorkerPool {
  const options = {
    schema: workerSchema,
    concurrency: 1,
    pollInterval: pollIntervalMs,
    noHandleSignals: true,
    logger: new graphileWorker.Logger(() => () => {}),
    // Without batches nobody waits for the statement that ends a job, and a broken connection would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  };
  const coverAll = async () => {
    await dropCovered(pool, workerSchema, task);
    await wake();
  };
  return graphileWorker.runTaskList(options, { [task]: coverAll }, pool);
}

/**
 * The run that follows does everything that is due, so the jobs that are due by now have nothing left to say. They would be
 * worked off one by one, after a storm for minutes. Jobs that somebody has locked, a host's open transaction too, are left.
 */
async function dropCovered(pool: Pool, workerSchema: string, task: string): Promise<void> {
  try {
    await pool.query({
      text: `delete from "${workerSchema}"._private_jobs where id in (
          select j.id from "${workerSchema}"._private_jobs j join "${workerSchema}"._private_tasks t on t.id = j.task_id
          where t.identifier = $1 and j.locked_at is null and j.run_at <= now()
          order by j.run_at limit 1000 for update of j skip locked)`,
      values: [task],
    });
  } catch {
    // Another version may keep its jobs elsewhere: then they are worked off one by one.
  }
}
