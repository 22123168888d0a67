/**
 * Databases that outlive the processes that write to them.
 *
 * They are read here as any host would read them, through the storage's own port.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Storage } from '../../src/index.ts';
import { postgresStorage } from '../../src/storage/postgres.ts';
import { sqliteStorage } from '../../src/storage/sqlite.ts';
import type { TestPostgres } from '../support/postgres.ts';

/** A database, and a reader of it. */
export type Database = {
  readonly kind: 'sqlite' | 'postgres';
  /** What a worker is given. */
  readonly address: string;
  readonly storage: Storage;
  /** 'ok', or what is broken. */
  integrity(): Promise<string>;
  remove(): Promise<void>;
};

/** A file in a folder of its own. */
export function sqliteDatabase(): Database {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-crash-'));
  const address = join(folder, 'tocsin.db');
  const storage = sqliteStorage({ path: address });
  return {
    kind: 'sqlite',
    address,
    storage,
    async integrity() {
      const database = new DatabaseSync(address);
      const row = database.prepare('PRAGMA integrity_check').get();
      database.close();
      return String(row?.integrity_check);
    },
    async remove() {
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A new database on `server`; workers reach it through `through`, a proxy for example. */
export async function postgresDatabase(
  server: TestPostgres,
  through: (url: string) => string = (url) => url,
): Promise<Database> {
  const { url, drop } = await server.freshDatabase();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => {});
  return {
    kind: 'postgres',
    address: through(url),
    storage: postgresStorage({ pool }),
    // Postgres has no such check of its own; whoever judges reads every row.
    integrity: async () => 'ok',
    async remove() {
      await pool.end();
      await drop();
    },
  };
}
