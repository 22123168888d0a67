/**
 * Connection: one SQLite database handle with its prepared statements, and the savepoint that undoes half a write.
 *
 * It runs what it is told at once, on the caller's thread. It never waits, retries or begins a transaction by itself.
 */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { TocsinError } from '../../errors.ts';
import { fromColumn } from './key-text.ts';

/** What a statement may be given; `undefined` is NULL. */
export type Value = string | number | null | undefined;

/** A row as the driver returns it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A database handle; each text of a statement is prepared once. */
export type Connection = {
  /** Answers how many rows were written. */
  run(sql: string, ...values: readonly Value[]): number;
  get(sql: string, ...values: readonly Value[]): Row | undefined;
  all(sql: string, ...values: readonly Value[]): readonly Row[];
  /** Runs a script. */
  exec(sql: string): void;
  close(): void;
};

/** One write of a change, its values taken down beforehand; `false` when it meets a conflict. */
export type Step = (connection: Connection, now: number) => boolean;

/** How long one attempt may block the thread for a lock; whoever needs longer pauses and tries again. */
const LOCK_WAIT_MS = 10;

/** Opens the database at `path`, durable and private to this user. */
export function openConnection(path: string): Connection {
  if (path !== ':memory:') createPrivately(path);
  const database = new DatabaseSync(path);
  try {
    const connection = connectionOn(database);
    connection.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`);
    refuseOtherJournals(path, connection.get('PRAGMA journal_mode = WAL'));
    // What a savepoint remembers would else go through a temporary file, which made a commit a third slower.
    connection.exec('PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY');
    return connection;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The statements of a handle that somebody else may own. */
export function connectionOn(database: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    // A host may have opened its handle with other defaults; older versions of Node have no arrays.
    statement.setReadBigInts(false);
    statement.setReturnArrays?.(false);
    statements.set(sql, statement);
    return statement;
  };
  return {
    run: (sql, ...values) => Number(prepare(sql).run(...values.map(orNull)).changes),
    get: (sql, ...values) => prepare(sql).get(...values.map(orNull)),
    all: (sql, ...values) => prepare(sql).all(...values.map(orNull)),
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

/** What a piece of work came to. */
export type Outcome<T> =
  | { readonly isDone: true; readonly answer: T }
  | { readonly isDone: false; readonly error: unknown };

/**
 * Runs `work` within a savepoint: what it wrote is undone when it throws, or when `isKept` refuses its answer. Throws
 * only when the whole transaction is lost, as when the disk is full.
 */
export function inSavepoint<T>(connection: Connection, work: () => T, isKept: (answer: T) => boolean): Outcome<T> {
  connection.run('SAVEPOINT tocsin');
  const outcome = outcomeOf(work);
  try {
    if (!outcome.isDone || !isKept(outcome.answer)) connection.run('ROLLBACK TO tocsin');
    connection.run('RELEASE tocsin');
  } catch (lost) {
    throw outcome.isDone ? lost : outcome.error;
  }
  return outcome;
}

/** Whether `error` says that somebody else holds a lock. */
export function isBusy(error: unknown): boolean {
  const SQLITE_BUSY = 5;
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

/** A text column. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return fromColumn(value);
  throw new TypeError(`Column ${column} holds ${typeof value} instead of a text.`);
}

/** A number column. */
export function numberOf(row: Row, column: string): number {
  const value = optionalNumberOf(row, column);
  if (value !== undefined) return value;
  throw new TypeError(`Column ${column} holds no number.`);
}

/** A number column that may be NULL. */
export function optionalNumberOf(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === 'number' ? value : undefined;
}

/** A text column that may be NULL. */
export function optionalTextOf(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

/** The JSON of a column, which is of the type that was written there; `undefined` when it is no JSON. */
export function bodyOf<T = unknown>(row: Row, column = 'body'): T | undefined {
  try {
    return JSON.parse(String(row[column]));
  } catch {
    return undefined;
  }
}

/** {@link bodyOf} where an object was written; `undefined` when what is there is none. */
export function recordOf<T extends object>(row: Row, column = 'body'): T | undefined {
  const body = bodyOf<T>(row, column);
  return typeof body === 'object' && body !== null ? body : undefined;
}

function outcomeOf<T>(work: () => T): Outcome<T> {
  try {
    return { isDone: true, answer: work() };
  } catch (error) {
    return { isDone: false, error };
  }
}

const orNull = (value: Value): string | number | null => value ?? null;

/** SQLite gives its -wal and -shm files the permissions of the database, which it would itself create for all to read. */
function createPrivately(path: string): void {
  try {
    // Only a new file is opened: closing a file drops every lock that this process holds on it.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function refuseOtherJournals(path: string, row: Row | undefined): void {
  const mode = row?.journal_mode;
  if (mode === 'wal' || (mode === 'memory' && path === ':memory:')) return;
  throw new TocsinError(
    'STORAGE_UNAVAILABLE',
    `Cannot keep a write-ahead log beside ${path}: SQLite chose '${mode}'. Put the file on a local disk.`,
  );
}
