/**
 * Tables: maps of rows that can be read by group, and a journal that takes back what was written.
 *
 * A row is replaced, never changed: what the journal kept of it stays true.
 */
import { createDueIndex, type Due, type DueQuery } from './due-index.ts';

/** Remembers how to take back what is written while it is asked to. */
export type Journal = {
  /** Runs `work`; when it answers `false` or throws, everything that it wrote is taken back. May be nested. */
  attempt(work: () => boolean): boolean;
  record(undo: () => void): void;
};

/** Rows by their key. */
export type Table<Row> = {
  get(key: string): Row | undefined;
  set(key: string, row: Row): void;
  delete(key: string): void;
  /** The rows of a group; do not write while going through them. */
  of(group: string): Iterable<Row>;
  /** The first rows that have become free, of each queue of the owner but for some. */
  due(query: DueQuery): readonly Row[];
  /** When the first row of the owner becomes free; `undefined` when it has none that does. */
  nextDue(owner: string): number | undefined;
};

/** A journal that remembers nothing until it is asked to. */
export function createJournal(): Journal {
  const undos: (() => void)[] = [];
  let depth = 0;
  return {
    attempt(work) {
      const before = undos.length;
      let isKept = false;
      depth += 1;
      try {
        isKept = work();
      } finally {
        const outer = depth - 1;
        // What is taken back is not to be remembered as something that was written.
        depth = 0;
        if (!isKept) for (const undo of undos.splice(before).reverse()) undo();
        depth = outer;
        if (depth === 0) undos.length = 0;
      }
      return isKept;
    },
    record(undo) {
      if (depth > 0) undos.push(undo);
    },
  };
}

/** An empty table; `groupsOf` says in which groups a row is found, `dueOf` when it becomes free. */
export function createTable<Row>(
  journal: Journal,
  groupsOf: (row: Row) => readonly string[],
  dueOf: (row: Row) => Due | undefined = () => undefined,
): Table<Row> {
  const rows = new Map<string, Row>();
  const groups = new Map<string, Map<string, Row>>();
  const queues = createDueIndex(rows, dueOf);

  function write(key: string, row: Row | undefined): void {
    const before = rows.get(key);
    const left = before === undefined ? [] : groupsOf(before);
    const joined = row === undefined ? [] : groupsOf(row);
    for (const name of left) if (!joined.includes(name)) leave(name, key);
    if (row === undefined) rows.delete(key);
    else rows.set(key, row);
    for (const name of joined) if (row !== undefined) join(name, key, row);
    if (row !== undefined) queues.note(key, row);
    journal.record(() => write(key, before));
  }

  function join(name: string, key: string, row: Row): void {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, new Map([[key, row]]));
    else group.set(key, row);
  }

  function leave(name: string, key: string): void {
    const group = groups.get(name);
    group?.delete(key);
    if (group?.size === 0) groups.delete(name);
  }

  return {
    get: (key) => rows.get(key),
    set: write,
    delete: (key) => write(key, undefined),
    of: (group) => groups.get(group)?.values() ?? [],
    due: queues.due,
    nextDue: queues.nextDue,
  };
}

/** The first `limit` rows in the order of `compare`, without sorting the others. */
export function firstOf<Row>(rows: Iterable<Row>, limit: number, compare: (a: Row, b: Row) => number): Row[] {
  const first: Row[] = [];
  for (const row of rows) {
    const last = first.at(-1);
    if (first.length >= limit && (last === undefined || compare(row, last) >= 0)) continue;
    first.splice(placeOf(row, first, compare), 0, row);
    if (first.length > limit) first.pop();
  }
  return first;
}

function placeOf<Row>(row: Row, sorted: readonly Row[], compare: (a: Row, b: Row) => number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, row) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
