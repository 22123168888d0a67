/**
 * SQLite storages over one temporary file, which is gone, with everything that was opened on it, when a test ends.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished, vi } from 'vitest';
import type { Storage } from '../../src/ports/storage.ts';
import { type SqliteStorageOptions, sqliteStorage } from '../../src/storage/sqlite.ts';
import type { StorageFixture } from '../../src/testing/index.ts';
import { change, T0 } from '../../src/testing/storage/rows.ts';

/** A path in a new folder that is removed when the test ends. */
export function temporaryPath(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tocsin-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'tocsin.db');
}

/** A storage that is closed when the test ends. */
export function sqliteAt(path: string, more: Omit<SqliteStorageOptions, 'path'> = {}): Storage {
  const storage = sqliteStorage({ path, ...more });
  onTestFinished(() => storage.close());
  return storage;
}

/** A storage that is ready for use. */
export async function migrated(path: string, more: Omit<SqliteStorageOptions, 'path'> = {}): Promise<Storage> {
  const storage = sqliteAt(path, more);
  await storage.migrate();
  return storage;
}

/** A storage with the handle that it opened, to limit it and to ask it for its settings. */
export async function withItsHandle(path: string): Promise<{ storage: Storage; database: DatabaseSync }> {
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec');
  const storage = await migrated(path);
  const database = exec.mock.contexts[0];
  exec.mockRestore();
  if (!(database instanceof DatabaseSync)) throw new Error('The storage has opened nothing.');
  return { storage, database };
}

/** A handle of somebody else on the same file. */
export function handleAt(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

const STORED = {
  snapshot: "tocsin_incidents SET body = '{no' WHERE tenant = ? AND id",
  event: "tocsin_timeline SET body = '{no' WHERE seq = 1 AND tenant = ? AND incident_id",
  delivery: "tocsin_deliveries SET body = '{no' WHERE tenant = ? AND id",
  alert: "tocsin_alerts SET body = '{no' WHERE tenant = ? AND id",
} as const;

/** A fresh SQLite storage whose clock is set, as the kit wants it. */
export async function openSqlite(): Promise<StorageFixture> {
  const path = temporaryPath();
  const clock = { at: T0, now: () => clock.at };
  return {
    storage: sqliteAt(path, { clock }),
    setNow(ms) {
      clock.at = ms;
    },
    another: async () => sqliteAt(path, { clock }),
    begin() {
      const client = handleAt(path);
      client.exec('BEGIN IMMEDIATE');
      return { client, commit: () => client.exec('COMMIT'), rollback: () => client.exec('ROLLBACK') };
    },
    corrupt(tenant, id, what) {
      const sql = `UPDATE ${STORED[what]} = ?`;
      handleAt(path).prepare(sql).run(tenant, id);
    },
    newer() {
      handleAt(path).exec('INSERT INTO tocsin_migrations (version) VALUES (999)');
    },
    // Everything is closed when the test ends.
    close() {},
  };
}

export const document = (id: string, data: unknown, expectedVersion = 0) => ({
  collection: 'c',
  id,
  expectedVersion,
  data,
});

/** Writes a new document of tenant `acme`. */
export const write = (storage: Pick<Storage, 'commit'>, id: string, data: unknown = id) =>
  storage.commit([change({ documents: [document(id, data)] })]);

/** The ids of the documents that were written. */
export const ids = async (storage: Storage): Promise<readonly string[]> =>
  (await storage.listDocuments('acme', { collection: 'c' })).map(({ id }) => id);

/** How many transactions the write-ahead log holds: the last frame of each names the size of the database. */
export function transactionsInLog(path: string): number {
  const log = readFileSync(`${path}-wal`);
  const pageSize = log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  let count = 0;
  for (let frame = 32; frame < log.length; frame += 24 + pageSize) {
    const isOfThisLog = log.subarray(frame + 8, frame + 16).equals(salts);
    if (isOfThisLog && log.readUInt32BE(frame + 4) !== 0) count += 1;
  }
  return count;
}
