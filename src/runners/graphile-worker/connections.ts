/**
 * Connections: the pool that the worker takes its connections from, the host's or our own.
 *
 * A connection that breaks is never an uncaught error of the host: whoever asked on it is told by its query.
 */
import type { Pool } from 'pg';
import { TocsinError } from '../../errors.ts';

/** The part of a pool of `pg` (node-postgres) that is used here. */
export type GraphileWorkerPool = {
  connect(): Promise<{
    query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
    release(error?: Error | boolean): void;
  }>;
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<void>;
};

/** Connections that are open until they are given back. */
export type Connections = { readonly pool: Pool; giveBack(): Promise<void> };

/** One listens, one asks for jobs, one ends jobs, and one is left to prepare the database. */
const CONNECTIONS = 4;
const AT_LEAST = 3;

/**
 * Takes the host's pool, or opens one.
 *
 * @throws TocsinError INPUT_INVALID when the pool has too little room, or `pg` is not installed.
 */
export async function takeConnections(given: GraphileWorkerPool | string): Promise<Connections> {
  if (typeof given !== 'string') {
    // Its type says what we use, so that a host needs no types of pg; graphile-worker asks for the class by name.
    const pool = given as Pool;
    refuseNarrow(pool);
    const release = survive(pool);
    return { pool, giveBack: async () => release() };
  }
  const pg = await installed('pg', () => import('pg'));
  const pool = new pg.default.Pool({
    connectionString: given,
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    // A network that falls silent says nothing: connections are given up, and made anew now and then.
    query_timeout: 10_000,
    maxLifetimeSeconds: 60,
    keepAlive: true,
    application_name: 'tocsin graphile-worker',
  });
  survive(pool);
  return { pool, giveBack: () => pool.end() };
}

/**
 * Loads a package that the host has to bring.
 *
 * @throws TocsinError INPUT_INVALID when it is not there.
 */
export async function installed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new TocsinError(
      'INPUT_INVALID',
      `Cannot start the graphile-worker runner: the package ${name} cannot be loaded. Install it: npm install ${name}.`,
      { cause, details: { problems: [{ path: '', message: `the package ${name} cannot be loaded` }] } },
    );
  }
}

/** A pool that is too narrow would wait for itself for ever. */
function refuseNarrow({ options }: Pool): void {
  const max = options?.max ?? AT_LEAST;
  if (max >= AT_LEAST) return;
  throw new TocsinError(
    'INPUT_INVALID',
    `Cannot start the graphile-worker runner: its pool has room for ${max} of the ${AT_LEAST} connections it needs. Give the pool a larger \`max\`.`,
    { details: { problems: [{ path: 'pool', message: `expected room for ${AT_LEAST} connections or more` }] } },
  );
}

/** An error that an event emitter tells nobody of ends the process: hears what connections say, and answers how to stop. */
function survive(pool: Pool): () => void {
  const heard = () => {};
  const hear = (client: { listeners(event: string): unknown[]; on(event: 'error', fn: () => void): unknown }) => {
    if (!client.listeners('error').includes(heard)) client.on('error', heard);
  };
  pool.on('error', heard).on('connect', hear).on('acquire', hear);
  return () => {
    pool.removeListener('error', heard).removeListener('connect', hear).removeListener('acquire', hear);
  };
}
