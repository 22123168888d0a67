/**
 * Same rows: proof that a loop that is measured beside a storage writes what the storage writes.
 *
 * It compares whole tables; only the moment of a commit may differ. It is never part of a measured time.
 */
import type { DatabaseSync } from 'node:sqlite';
import type pg from 'pg';

const TABLES = ['commits', 'incidents', 'timeline', 'alerts', 'timers', 'deliveries'];

type Tables = Readonly<Record<string, readonly unknown[]>>;

/** @throws Error when both have not the same rows, or none at all. */
export function mustBeSame(storage: Tables, peer: Tables): void {
  for (const table of TABLES) {
    const [a, b] = [JSON.stringify(storage[table]), JSON.stringify(peer[table])];
    if (a === undefined || a === '[]') throw new Error(`Nothing was written to ${table}.`);
    if (a !== b) throw new Error(`The loop writes other rows to ${table}.`, { cause: { storage: a, peer: b } });
  }
}

/** Everything in a SQLite database. */
export function sqliteRows(database: DatabaseSync): Tables {
  return Object.fromEntries(
    TABLES.map((table) => [table, database.prepare(`SELECT * FROM tocsin_${table}`).all().map(withoutMoment)]),
  );
}

/** Everything in a schema of Postgres, and how many jobs there are, which have to be as many. */
export async function postgresRows(pool: pg.Pool, schema: string): Promise<Tables> {
  const tables: Record<string, readonly unknown[]> = {};
  for (const table of TABLES) {
    const { rows } = await pool.query(`select t.*, 0 as at from ${schema}.${table} t order by tenant, 2, 3`);
    tables[table] = rows.map(withoutMoment);
  }
  return tables;
}

/** How many wake-up jobs wait, under which keys. */
export async function jobKeys(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query('select key, run_at from graphile_worker.jobs order by key');
  return JSON.stringify(rows);
}

function withoutMoment(row: unknown): unknown {
  return { ...(typeof row === 'object' ? row : {}), at: 0 };
}
