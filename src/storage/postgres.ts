/**
 * Postgres storage: for services that already have a Postgres, and for any number of nodes on one database.
 *
 * A commit is one round trip and correct under READ COMMITTED. It never depends on a session, so that a transaction pooler
 * may stand between, and never ends the pool, which is the host's.
 */
import { TocsinError } from '../errors.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import type { Storage } from '../ports/storage.ts';
import { commitTogether, commitWithin } from './postgres/commit.ts';
import {
  checkClient,
  type PostgresPool,
  persistent,
  type Run,
  throughPool,
  withinTransaction,
} from './postgres/connection.ts';
import { dueRows } from './postgres/due-rows.ts';
import { migrate } from './postgres/migrate.ts';
import { lists, reads } from './postgres/reads.ts';
import { checkSchemaName, migrationsOf, type PostgresMigration } from './postgres/schema.ts';

export type { PostgresClient, PostgresPool, PostgresPoolClient, PostgresQuery } from './postgres/connection.ts';
export type { PostgresMigration } from './postgres/schema.ts';

/** How {@link postgresStorage} reaches its database. */
export type PostgresStorageOptions = {
  /** A pool of `pg`; it stays the host's, who ends it. */
  readonly pool: PostgresPool;
  /** The schema that holds the tables. Default: 'tocsin'. */
  readonly schema?: string;
  /** Whether `migrate()` runs the migrations or only checks that somebody has. Default: 'run'. */
  readonly migrations?: 'run' | 'check';
  /** SQL of the moment in epoch ms. Default: the clock of the database. Never text of a user. */
  readonly nowSql?: string;
  /** How long a statement may take, in ms. Default: 10,000. */
  readonly statementTimeoutMs?: number;
  /** How long a commit of one change waits for a row that another transaction keeps, in ms. Default: 1,000. */
  readonly lockTimeoutMs?: number;
};

const NOW = 'floor(extract(epoch from clock_timestamp()) * 1000)';
const KNOWN = ['pool', 'schema', 'migrations', 'nowSql', 'statementTimeoutMs', 'lockTimeoutMs'];
const heard = new WeakSet<PostgresPool>();

/**
 * A storage in a schema of a Postgres database (13 or newer).
 *
 * @throws TocsinError INPUT_INVALID when an option is wrong or not known.
 * @example
 * ```ts no-run
 * import pg from 'pg';
 * import { postgresStorage } from 'tocsin/storage/postgres';
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * const storage = postgresStorage({ pool });
 * await storage.migrate();
 * ```
 */
export function postgresStorage(options: PostgresStorageOptions): Storage {
  refuseUnknownOptions('open Postgres storage', options, KNOWN);
  const { pool, schema = 'tocsin', migrations = 'run', nowSql = NOW } = options;
  const { statementTimeoutMs = 10_000, lockTimeoutMs = 1_000 } = options;
  checkOptions({ pool, schema, migrations, statementTimeoutMs, lockTimeoutMs });
  listenOnce(pool);
  limitConnecting(pool, statementTimeoutMs);

  const once = throughPool(pool, statementTimeoutMs);
  const run = persistent(once);
  const settings = (each: Run) => ({ run: each, schema, nowSql, lockTimeoutMs });
  return {
    migrate: () => migrate({ pool, schema, mode: migrations }),
    commit: commitTogether(settings(once)),
    ...reads(run, schema, nowSql),
    ...lists(run, schema, nowSql),
    ...dueRows(run, schema, nowSql),
    withClient(client) {
      checkClient(client);
      const within = withinTransaction(client, statementTimeoutMs);
      return { commit: commitWithin(settings(within)), ...reads(within, schema, nowSql) };
    },
    async close() {},
  };
}

/**
 * The SQL that `migrate()` runs, for hosts that run their own: each step once, in order, in a transaction of its own.
 *
 * @throws TocsinError INPUT_INVALID when `schema` is no plain lower-case name.
 * @example
 * ```ts
 * import { postgresMigrations } from 'tocsin/storage/postgres';
 * postgresMigrations({ schema: 'incidents' }).map(({ version }) => version); // => [1, 2, 3]
 * ```
 */
export function postgresMigrations(options: { readonly schema?: string } = {}): readonly PostgresMigration[] {
  refuseUnknownOptions('print migrations', options, ['schema']);
  const { schema = 'tocsin' } = options;
  checkSchemaName('print migrations', schema);
  return migrationsOf(schema);
}

/** A pool without a listener would end the process when an idle connection breaks; the next statement tells of it. */
function listenOnce(pool: PostgresPool): void {
  if (heard.has(pool)) return;
  heard.add(pool);
  pool.on('error', () => {});
}

/** Connecting without a limit would, after a silent network, keep every place of the pool for ever. */
function limitConnecting({ options }: PostgresPool, ms: number): void {
  if (options !== undefined && !options.connectionTimeoutMillis) options.connectionTimeoutMillis = 2 * ms;
}

type Checked = Required<Omit<PostgresStorageOptions, 'nowSql'>>;

function checkOptions({ pool, schema, migrations, statementTimeoutMs, lockTimeoutMs }: Checked): void {
  const isPool = typeof pool?.connect === 'function' && typeof pool.on === 'function';
  if (!isPool) refuse('pool', 'give a `new pg.Pool(...)`');
  checkSchemaName('open Postgres storage', schema);
  if (!['run', 'check'].includes(migrations)) refuse('migrations', "give 'run' or 'check'");
  for (const [path, ms] of Object.entries({ statementTimeoutMs, lockTimeoutMs })) {
    if (!(ms >= 1 && ms <= 2 ** 31 - 1)) refuse(path, 'give milliseconds of at least 1');
  }
}

function refuse(path: string, message: string): never {
  throw new TocsinError('INPUT_INVALID', `Cannot open Postgres storage: \`${path}\` is not usable; ${message}.`, {
    details: { problems: [{ path, message }] },
  });
}
