/**
 * The file of a SQLite storage: private, durable, shared by several, migrated as a whole.
 */
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteMigrations } from '../../src/storage/sqlite.ts';
import { change } from '../../src/testing/storage/rows.ts';
import { document, handleAt, ids, migrated, sqliteAt, temporaryPath, withItsHandle, write } from './open-sqlite.ts';

describe('the file', () => {
  test('can be read by its owner only, and so can the files beside it', async () => {
    const path = temporaryPath();
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    await write(await migrated(path), 'd');
    const modes = [path, `${path}-wal`, `${path}-shm`].map((file) => statSync(file).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  test('keeps the permissions that the host gave it', async () => {
    const path = temporaryPath();
    writeFileSync(path, '');
    chmodSync(path, 0o640);
    await migrated(path);
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('keeps everything when it is opened again', async () => {
    const path = temporaryPath();
    const first = await migrated(path);
    await first.commit([
      change({
        documents: [document('d', { deep: ['ü', 1.5, null] })],
        counters: [{ collection: 'n', id: 'x', add: 2 }],
      }),
    ]);
    await first.close();
    const second = await migrated(path);
    const query = { documents: [{ collection: 'c', id: 'd' }], counters: [{ collection: 'n', id: 'x' }] };
    const loaded = await second.load({ tenant: 'acme', ...query });
    expect(loaded.documents).toEqual([{ collection: 'c', id: 'd', version: 1, data: { deep: ['ü', 1.5, null] } }]);
    expect(loaded.counters).toEqual([{ collection: 'n', id: 'x', value: 2 }]);
  });

  test('is a write-ahead log with a full fsync for each commit', async () => {
    const path = temporaryPath();
    const { database } = await withItsHandle(path);
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('busy_timeout')).toBeLessThanOrEqual(20);
  });

  test('is whatever its name says, also when that looks like an address', async () => {
    const path = temporaryPath();
    const before = process.cwd();
    process.chdir(dirname(path));
    onTestFinished(() => process.chdir(before));
    const storage = sqliteAt('file:other.db?mode=memory');
    await storage.migrate();
    await storage.close();
    expect(statSync(join(dirname(path), 'file:other.db?mode=memory')).size).toBeGreaterThan(0);
  });

  test('two storages over one file see each other’s commits', async () => {
    const path = temporaryPath();
    const [one, two] = [await migrated(path), await migrated(path)];
    await Promise.all([write(one, 'a'), write(two, 'b'), write(one, 'c'), write(two, 'd')]);
    expect(await ids(one)).toEqual(['a', 'b', 'c', 'd']);
    expect(await ids(two)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('two texts that UTF-8 cannot tell apart are two ids', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const names = ['a\ud800', 'a\udfff', 'a\0b', 'a\0c', 'a\\d800', 'a\\0', '😀'];
    for (const name of names) expect(await write(storage, name)).toEqual(['applied']);
    expect((await ids(storage)).toSorted()).toEqual(names.toSorted());
  });

  test('in memory there is no file, and nobody else can join', async () => {
    const storage = sqliteAt(':memory:');
    await storage.migrate();
    await write(storage, 'd');
    expect(await ids(storage)).toEqual(['d']);
    const client = new DatabaseSync(':memory:');
    onTestFinished(() => client.close());
    for (const { sql } of sqliteMigrations()) client.exec(sql);
    client.exec('BEGIN');
    expect(() => storage.withClient(client)).toThrow(/not open on :memory:/);
  });
});

describe('migrations', () => {
  test('can be run by hand from their SQL, and leave nothing to do', async () => {
    const path = temporaryPath();
    const database = handleAt(path);
    for (const { sql } of sqliteMigrations()) database.exec(`BEGIN; ${sql} COMMIT;`);
    const schema = () => database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all();
    const before = schema();
    const storage = await migrated(path);
    expect(schema()).toEqual(before);
    expect(await write(storage, 'd')).toEqual(['applied']);
  });

  test('leave nothing behind when one is interrupted, and begin anew', async () => {
    const path = temporaryPath();
    const killed = handleAt(path);
    const [first] = sqliteMigrations();
    const half = first?.sql.slice(0, first.sql.indexOf('CREATE TABLE tocsin_timers')) ?? '';
    killed.exec(`PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; ${half}`);
    killed.close();
    const storage = await migrated(path);
    expect(await write(storage, 'd')).toEqual(['applied']);
  });

  test('change nothing at all when one of their statements fails', async () => {
    const path = temporaryPath();
    handleAt(path).exec('CREATE TABLE tocsin_timers (mine TEXT)');
    const storage = sqliteAt(path);
    await expect(storage.migrate()).rejects.toThrow(/tocsin_timers already exists/);
    const tables = handleAt(path).prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").all();
    expect(tables.map(({ name }) => name)).toEqual(['tocsin_timers']);
  });

  test('of a newer version are refused, and say which version was found', async () => {
    const path = temporaryPath();
    await (await migrated(path)).close();
    handleAt(path).exec('INSERT INTO tocsin_migrations (version) VALUES (7)');
    const storage = sqliteAt(path);
    await expect(storage.migrate()).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW', details: { found: 7, known: 3 } });
  });

  test('may be run by many at once', async () => {
    const path = temporaryPath();
    const storages = Array.from({ length: 5 }, () => sqliteAt(path));
    await Promise.all(storages.flatMap((storage) => [storage.migrate(), storage.migrate()]));
    expect(handleAt(path).prepare('SELECT version FROM tocsin_migrations').all()).toEqual([
      { version: 1 },
      { version: 2 },
      { version: 3 },
    ]);
  });
});
