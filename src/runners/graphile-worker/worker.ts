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
  return graphileWorker.runTaskList(options, { [task]: wake }, pool);
}
