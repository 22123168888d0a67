/**
 * Batches: what is asked for at the same time is done together, in one call.
 *
 * Whoever asks first never waits for company; whoever asks while a call is under way goes with the next one. A call that
 * fails is made again for each of its items alone, so that one of them never hurts another.
 */

/** How batches are made. */
export type BatchOptions<T, R> = {
  /** One answer for each item, in order. */
  readonly run: (items: readonly T[]) => Promise<readonly R[]>;
  /** The most items of one call. */
  readonly most: number;
  /** How many calls may be under way: one that is held up must not hold up all. */
  readonly atOnce: number;
  /** Whether an item that was alone in its call is tried again too. */
  readonly isRepeated: boolean;
  /** Told before anything is made again. */
  readonly failed: (error: unknown, items: readonly T[]) => void;
};

type Waiting<T, R> = {
  readonly item: T;
  readonly resolve: (answer: R) => void;
  readonly reject: (error: unknown) => void;
};

/** A function that asks for one item, together with others. */
export function createBatches<T, R>({
  run,
  most,
  atOnce,
  isRepeated,
  failed,
}: BatchOptions<T, R>): (item: T) => Promise<R> {
  const queue: Waiting<T, R>[] = [];
  let underWay = 0;
  let isScheduled = false;

  /** At the end of this turn of the microtasks, so that what is asked for side by side goes together. */
  function schedule(): void {
    if (isScheduled || underWay >= atOnce || queue.length === 0) return;
    isScheduled = true;
    queueMicrotask(() => {
      isScheduled = false;
      underWay += 1;
      const leave = () => {
        underWay -= 1;
        schedule();
      };
      void go(queue.splice(0, most), leave);
      schedule();
    });
  }

  async function go(batch: readonly Waiting<T, R>[], leave: () => void): Promise<void> {
    const items = batch.map(({ item }) => item);
    try {
      const answers = await run(items);
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as R);
    } catch (error) {
      if (batch.length === 1 && !isRepeated) return batch[0]?.reject(error);
      failed(error, items);
      // Each is answered for itself, and none of them keeps a place meanwhile.
      for (const one of batch) void alone(one);
    } finally {
      leave();
    }
  }

  async function alone({ item, resolve, reject }: Waiting<T, R>): Promise<void> {
    try {
      resolve((await run([item]))[0] as R);
    } catch (error) {
      reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      schedule();
    });
}
