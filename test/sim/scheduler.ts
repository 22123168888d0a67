/**
 * The scheduler: the only time there is. Pops one event, runs it, lets every promise that is ready run to its end.
 *
 * It never looks at a real clock, and nothing of the run may: see sealed.ts.
 */

/** Time that passes from event to event. */
export type Scheduler = {
  /** Epoch ms; it is the storage's clock. */
  now(): number;
  /** Runs `work` in `ms`; answers how to cancel. */
  after(ms: number, work: () => void): () => void;
  /** Runs everything that is due until `until`, or until `isOver` says so. */
  runUntil(until: number, isOver: () => boolean): Promise<void>;
  /** How many events were run. */
  steps(): number;
};

type Event = { readonly at: number; readonly order: number; work: (() => void) | undefined };

const nextTurn = setImmediate;

/** A scheduler that stands at `start`. */
export function createScheduler(start: number): Scheduler {
  const heap: Event[] = [];
  let now = start;
  let order = 0;
  let steps = 0;

  return {
    now: () => now,
    steps: () => steps,
    after(ms, work) {
      const event: Event = { at: now + Math.max(0, ms), order: order++, work };
      push(heap, event);
      return () => {
        event.work = undefined;
      };
    },
    async runUntil(until, isOver) {
      for (let first = heap[0]; first !== undefined && first.at <= until && !isOver(); first = heap[0]) {
        pop(heap);
        if (first.work === undefined) continue;
        now = first.at;
        steps += 1;
        first.work();
        await settled();
      }
      if (!isOver()) now = until;
    },
  };
}

/** A macrotask later every promise that could go on has done so. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}

const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Event[], event: Event): void {
  let place = heap.push(event) - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(event, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!isBefore(child, last)) break;
    heap[place] = child;
    place = 2 * place + (isRight ? 2 : 1);
  }
  heap[place] = last;
}
