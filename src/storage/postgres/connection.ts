/**
 * Connection: how statements reach Postgres, each in one round trip that ends in time.
 *
 * Nothing here depends on the session: no named statements, no settings, no listening, so that a pooler may stand between.
 */
import { TocsinError } from '../../errors.ts';
import type { Row } from './cells.ts';

/** A statement for the driver; `query_timeout` is in ms. */
export type PostgresQuery = {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly query_timeout: number;
};

/** What Tocsin needs of a client of `pg`. */
export type PostgresClient = {
  /** 'I' when no transaction is open; newer versions of `pg` say. */
  getTransactionStatus?(): string | null;
  query(query: PostgresQuery): PromiseLike<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
};

/** What Tocsin needs of a client that a pool lent. */
export type PostgresPoolClient = PostgresClient & {
  release(error?: Error | boolean): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
};

/** What Tocsin needs of a pool of `pg`. */
export type PostgresPool = {
  connect(): PromiseLike<PostgresPoolClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  readonly options?: { connectionTimeoutMillis?: number | undefined };
};

/** Runs one statement and answers its rows. */
export type Run = (text: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** The errors that trying again can help: a deadlock and a serialization failure. */
const DEADLOCK = '40P01';
const SERIALIZATION = '40001';

const ATTEMPTS = 5;

/** Statements through a pool, each on whatever client is free. One that was merely refused costs no connection. */
export function throughPool(pool: PostgresPool, timeoutMs: number): Run {
  return async (text, values) => {
    const { rows, refusal } = await withClient(pool, timeoutMs, async (run) => {
      try {
        return { rows: await run(text, values), refusal: undefined };
      } catch (error) {
        if (sqlState(error) === undefined || isOutage(error)) throw error;
        return { rows: [], refusal: error };
      }
    });
    if (refusal !== undefined) throw refusal;
    return rows;
  };
}

/** What `work` answers, on one client. When it rejects, the connection ends, and with it whatever had been begun. */
export async function withClient<T>(pool: PostgresPool, timeoutMs: number, work: (run: Run) => Promise<T>): Promise<T> {
  const client = await lent(pool, timeoutMs);
  let isDone = false;
  client.on('error', ignore);
  try {
    const answer = await work(throughClient(client, timeoutMs));
    isDone = true;
    return answer;
  } finally {
    client.removeListener('error', ignore);
    client.release(!isDone);
  }
}

/** Statements on a client in a transaction that is not ours. */
export function throughClient(client: PostgresClient, timeoutMs: number): Run {
  return async (text, values) => (await client.query({ text, values, query_timeout: timeoutMs })).rows;
}

/**
 * Statements of a client on which the host has begun a transaction: without one each would stand alone.
 *
 * It is looked at before every call, because the host may have ended it meanwhile. A driver that does not say is asked twice
 * for the number of the transaction; two numbers are two transactions.
 *
 * @throws TocsinError INPUT_INVALID when no transaction is open, when it has failed, or when the database has no tables of ours.
 */
export function withinTransaction(client: PostgresClient, timeoutMs: number): Run {
  const run = throughClient(client, timeoutMs);
  const number = async () => (await run('select pg_current_xact_id()::text as number', []))[0]?.number;
  async function isOpen(): Promise<boolean> {
    const status = client.getTransactionStatus?.();
    if (typeof status === 'string') return status !== 'I';
    const first = await number();
    return first === (await number());
  }
  return async (text, values) => {
    try {
      if (!(await isOpen())) throw refusal('none is open on this client. Run BEGIN on it first.');
      return await run(text, values);
    } catch (error) {
      throw explained(error);
    }
  };
}

const FAILED_TRANSACTION = '25P02';
const NO_TABLES: readonly string[] = ['3F000', '42P01', '42883'];

/** What a host has to do about an error within its own transaction, where it is known. */
function explained(error: unknown): unknown {
  const code = sqlState(error) ?? '';
  if (code === FAILED_TRANSACTION) return refusal('an earlier statement of it has failed. Roll it back.', error);
  if (NO_TABLES.includes(code))
    return refusal('its database has no tables of Tocsin. Call start() or migrate() before.', error);
  return error;
}

function refusal(why: string, cause?: unknown): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot join this transaction: ${why}`, {
    details: { problems: [{ path: 'client', message: why }] },
    ...(cause !== undefined && { cause }),
  });
}

/** `run`, tried again a few times when it fails with one of these codes; it must write nothing when it fails. */
export function persistent(run: Run, codes: readonly string[] = [DEADLOCK, SERIALIZATION]): Run {
  return async (text, values) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(text, values);
      } catch (error) {
        if (attempt === ATTEMPTS || !codes.includes(sqlState(error) ?? '')) throw error;
        await pause(Math.random() * 10 * 2 ** attempt);
      }
    }
  };
}

/** The code with which Postgres itself refused a statement; `undefined` when it was not heard. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** Whether no statement can be carried out now: Postgres was not heard, is full, going down, or may only be read. */
export function isOutage(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const code = sqlState(error);
  return code === undefined || /^(08|25|53|57|58)/.test(code);
}

/** @throws TocsinError INPUT_INVALID for what is no client: a pool would give each statement a transaction of its own. */
export function checkClient(client: unknown): asserts client is PostgresClient {
  const isClient = typeof client === 'object' && client !== null && 'query' in client && !('totalCount' in client);
  if (isClient && typeof client.query === 'function') return;
  throw new TocsinError(
    'INPUT_INVALID',
    'Cannot join a transaction: this is no client of pg. Give the client on which you have run BEGIN.',
    { details: { problems: [{ path: 'client', message: 'expected a client of pg' }] } },
  );
}

/** A client of the pool, or an error when none is had in time; one that comes too late goes back. */
async function lent(pool: PostgresPool, timeoutMs: number): Promise<PostgresPoolClient> {
  let timer: NodeJS.Timeout | undefined;
  const coming = Promise.resolve(pool.connect());
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      coming.then((client) => client.release(), ignore);
      reject(new Error(`No connection to Postgres was had within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    clearTimeout(timer);
  }
}

function ignore(): void {
  // The statement under way, or the next one, tells of it.
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
