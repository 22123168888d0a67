/**
 * Migrate: brings the schema to the version of this code, once, whichever node comes first.
 *
 * All missing steps go in one transaction under one lock: a node that dies half-way leaves nothing, and the next one
 * begins anew. It never touches a schema that is newer.
 */
import { TocsinError } from '../../errors.ts';
import { numberOf } from './cells.ts';
import { type PostgresPool, type Run, withClient } from './connection.ts';
import { migrationsOf, SCHEMA_VERSION } from './schema.ts';

export type MigrateOptions = {
  readonly pool: PostgresPool;
  readonly schema: string;
  readonly mode: 'run' | 'check';
};

/** How long a connection and one statement may take: others may be migrating, and a large table takes its time. */
const PATIENCE_MS = 300_000;

/** @throws TocsinError SCHEMA_TOO_NEW; SCHEMA_OUTDATED when it may only check. */
export async function migrate({ pool, schema, mode }: MigrateOptions): Promise<void> {
  await withClient(pool, PATIENCE_MS, async (run) => {
    const found = await versionOf(run, schema);
    if (isCurrent(schema, found)) return;
    if (mode === 'check') throw outdated(schema, found);
    await run('begin', []);
    await run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`tocsin:${schema}`]);
    const version = await versionOf(run, schema);
    if (!isCurrent(schema, version)) {
      for (const step of migrationsOf(schema)) if (step.version > version) await run(step.sql, []);
    }
    await run('commit', []);
  });
}

async function versionOf(run: Run, schema: string): Promise<number> {
  const [table] = await run('select to_regclass($1)::text as found', [`${schema}.migrations`]);
  if (typeof table?.found !== 'string') return 0;
  const [row] = await run(`select coalesce(max(version), 0) as version from ${schema}.migrations`, []);
  return numberOf(row?.version);
}

function isCurrent(schema: string, found: number): boolean {
  if (found <= SCHEMA_VERSION) return found === SCHEMA_VERSION;
  throw new TocsinError(
    'SCHEMA_TOO_NEW',
    `Cannot use the schema "${schema}": its version is ${found}, this code knows ${SCHEMA_VERSION}. Run a newer version of Tocsin.`,
    { details: { found, known: SCHEMA_VERSION } },
  );
}

function outdated(schema: string, found: number): TocsinError {
  const is = found === 0 ? 'does not exist' : `has version ${found}`;
  return new TocsinError(
    'SCHEMA_OUTDATED',
    `Cannot use the schema "${schema}": it ${is}, this code needs version ${SCHEMA_VERSION}. Run the SQL of postgresMigrations(), or start with \`migrations: 'run'\`.`,
    { details: { found, known: SCHEMA_VERSION } },
  );
}
