/**
 * Due queues: rows by the moment at which they become free, so that what is due is found without looking at all that is not.
 *
 * A binary heap that is told of every row that is written and forgets none: an entry whose row has changed since is passed over
 * when it comes up. It never holds a row, only its key.
 */

/** Rows by the moment at which they become free. */
export type DueQueue = {
  /** The row of a key becomes free; of those at the same moment the one with the lower `after` comes first, then the older entry. */
  push(entry: Omit<Entry, 'order'>): void;
  /** Puts back what was taken out. */
  restore(entry: Entry): void;
  /** The entry that comes first, without taking it out. */
  first(): Entry | undefined;
  /** Takes out the entry that comes first. */
  pop(): Entry | undefined;
  readonly size: number;
};

/** When the row of a key becomes free. */
export type Entry = { readonly key: string; readonly at: number; readonly after: number; readonly order: number };

/** An empty queue. */
export function createDueQueue(): DueQueue {
  const heap: Entry[] = [];
  let pushed = 0;

  const isBefore = (a: number, b: number): boolean => {
    const [left, right] = [heap[a], heap[b]];
    if (left === undefined || right === undefined) return left !== undefined;
    return (left.at - right.at || left.after - right.after || left.order - right.order) < 0;
  };

  function swap(a: number, b: number): void {
    const [left, right] = [heap[a], heap[b]];
    if (left === undefined || right === undefined) return;
    heap[a] = right;
    heap[b] = left;
  }

  function rise(from: number): void {
    for (let place = from; place > 0; ) {
      const parent = (place - 1) >> 1;
      if (!isBefore(place, parent)) return;
      swap(place, parent);
      place = parent;
    }
  }

  function sink(): void {
    for (let place = 0; ; ) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const child = right < heap.length && isBefore(right, left) ? right : left;
      if (child >= heap.length || !isBefore(child, place)) return;
      swap(child, place);
      place = child;
    }
  }

  function restore(entry: Entry): void {
    heap.push(entry);
    rise(heap.length - 1);
  }

  return {
    push(entry) {
      pushed += 1;
      restore({ ...entry, order: pushed });
    },
    restore,
    first: () => heap[0],
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
    get size() {
      return heap.length;
    },
  };
}
