/**
 * Due index: the queues of a table, one for each kind of work of each owner.
 *
 * What the queues hold may be old: the rows themselves say what counts. It writes no row.
 */
import { createDueQueue, type DueQueue } from './due-queue.ts';

/** When a row becomes free, among which rows of whom. */
export type Due = { readonly owner: string; readonly queue: string; readonly at: number; readonly after: number };

/** Which rows that have become free are wanted. */
export type DueQuery = {
  readonly owner: string;
  readonly now: number;
  readonly limit: number;
  readonly except?: readonly string[] | undefined;
};

/** The queues of a table. */
export type DueIndex<Row> = {
  /** A row was written. */
  note(key: string, row: Row): void;
  due(query: DueQuery): readonly Row[];
  nextDue(owner: string): number | undefined;
};

/** Old entries are thrown away when there are so many times as many as rows. */
const MOST_OLD = 4;
const FEW = 1_000;

/** The queues over `rows`. */
export function createDueIndex<Row>(
  rows: ReadonlyMap<string, Row>,
  dueOf: (row: Row) => Due | undefined,
): DueIndex<Row> {
  const owners = new Map<string, Map<string, DueQueue>>();
  let entries = 0;

  function push(key: string, due: Due): void {
    const queues = owners.get(due.owner) ?? new Map<string, DueQueue>();
    owners.set(due.owner, queues);
    const queue = queues.get(due.queue) ?? createDueQueue();
    queues.set(due.queue, queue);
    queue.push({ key, at: due.at, after: due.after });
    entries += 1;
  }

  function rebuild(): void {
    owners.clear();
    entries = 0;
    for (const [key, row] of rows) {
      const due = dueOf(row);
      if (due !== undefined) push(key, due);
    }
  }

  /** The row that comes first in a queue, as far as it is free by `until`; entries that are old are thrown away. */
  function firstIn(queue: DueQueue, until: number) {
    for (let entry = queue.first(); entry !== undefined && entry.at <= until; entry = queue.first()) {
      const row = rows.get(entry.key);
      const due = row === undefined ? undefined : dueOf(row);
      if (
        row !== undefined &&
        due !== undefined &&
        due.at === entry.at &&
        owners.get(due.owner)?.get(due.queue) === queue
      )
        return { entry, row };
      queue.pop();
      entries -= 1;
    }
    return undefined;
  }

  function take(queue: DueQueue, { now, limit }: DueQuery): readonly Row[] {
    const taken = new Map<string, Row>();
    const out = [];
    while (taken.size < limit) {
      const first = firstIn(queue, now);
      if (first === undefined) break;
      queue.pop();
      // A row that was written twice stands there twice.
      if (taken.has(first.entry.key)) entries -= 1;
      else out.push(first.entry);
      taken.set(first.entry.key, first.row);
    }
    for (const entry of out) queue.restore(entry);
    return [...taken.values()];
  }

  const queuesOf = (owner: string) => [...(owners.get(owner) ?? [])];

  return {
    note(key, row) {
      const due = dueOf(row);
      if (due === undefined) return;
      push(key, due);
      if (entries > MOST_OLD * rows.size + FEW) rebuild();
    },
    due(query) {
      const { owner, except = [] } = query;
      return queuesOf(owner).flatMap(([name, queue]) => (except.includes(name) ? [] : take(queue, query)));
    },
    nextDue(owner) {
      const firsts = queuesOf(owner).flatMap(([, queue]) => firstIn(queue, Number.POSITIVE_INFINITY)?.entry.at ?? []);
      return firsts.length === 0 ? undefined : Math.min(...firsts);
    },
  };
}
