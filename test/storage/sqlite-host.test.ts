/**
 * A SQLite storage and its host: a transaction of the host's own, closing, options.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteMigrations, sqliteStorage } from '../../src/storage/sqlite.ts';
import { handleAt, ids, migrated, sqliteAt, temporaryPath, write } from './open-sqlite.ts';

describe('a transaction of the host', () => {
  test('keeps what the host wrote beside it, and is seen by nobody until it ends', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const client = handleAt(path);
    client.exec('CREATE TABLE orders (id TEXT)');
    client.exec('BEGIN IMMEDIATE');
    client.exec("INSERT INTO orders VALUES ('o1')");
    const session = storage.withClient(client);
    expect(await write(session, 'd')).toEqual(['applied']);
    expect(await write(session, 'd')).toEqual(['conflict']);
    expect(await ids(storage)).toEqual([]);
    client.exec('COMMIT');
    expect(await ids(storage)).toEqual(['d']);
    expect(client.prepare('SELECT count(*) AS count FROM orders').get()).toEqual({ count: 1 });
  });

  test('is refused on what is no client of this database, or is in no transaction', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const refused = (client: unknown) => {
      try {
        storage.withClient(client);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const elsewhere = new DatabaseSync(join(dirname(path), 'other.db'));
    onTestFinished(() => elsewhere.close());
    for (const { sql } of sqliteMigrations()) elsewhere.exec(sql);
    elsewhere.exec('BEGIN');
    const closed = new DatabaseSync(path);
    closed.close();
    for (const client of [undefined, {}, 'client', handleAt(path), elsewhere, closed]) {
      expect(refused(client)).toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  test('is refused before the tables are there', () => {
    const path = temporaryPath();
    const client = handleAt(path);
    client.exec('BEGIN');
    expect(() => sqliteAt(path).withClient(client)).toThrow(/has no tables of Tocsin/);
  });

  test('takes nothing more once the host has ended it', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const client = handleAt(path);
    client.exec('BEGIN IMMEDIATE');
    const session = storage.withClient(client);
    client.exec('ROLLBACK');
    await expect(write(session, 'd')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(session.load({ tenant: 'acme' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await ids(storage)).toEqual([]);
  });

  test('may be on a handle that reads numbers its own way', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    await write(storage, 'd');
    const client = new DatabaseSync(path, { readBigInts: true, returnArrays: true });
    onTestFinished(() => client.close());
    client.exec('BEGIN');
    const { documents } = await storage
      .withClient(client)
      .load({ tenant: 'acme', documents: [{ collection: 'c', id: 'd' }] });
    expect(documents).toEqual([{ collection: 'c', id: 'd', version: 1, data: 'd' }]);
  });
});

describe('closing', () => {
  test('waits for what was asked for, can be repeated, and refuses what comes later', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const asked = write(storage, 'd');
    await Promise.all([storage.close(), storage.close()]);
    expect(await asked).toEqual(['applied']);
    await storage.close();
    await expect(write(storage, 'e')).rejects.toMatchObject({ code: 'STOPPED' });
    await expect(storage.load({ tenant: 'acme' })).rejects.toMatchObject({ code: 'STOPPED' });
    expect(await ids(await migrated(path))).toEqual(['d']);
  });

  test('makes no file when nothing was ever asked for', async () => {
    const path = temporaryPath();
    await sqliteAt(path).close();
    expect(existsSync(path)).toBe(false);
  });
});

describe('options', () => {
  test.each([
    [undefined, /no object/],
    [{}, /path has to be/],
    [{ path: '' }, /path has to be/],
    [{ path: 'a.db', pool: 3 }, /no option pool/],
    [{ path: 'a.db', busyTimeoutMs: -1 }, /busyTimeoutMs has to be/],
    [{ path: 'a.db', busyTimeoutMs: Number.NaN }, /busyTimeoutMs has to be/],
  ])('%j are refused', (options, message) => {
    // @ts-expect-error these are wrong on purpose
    expect(() => sqliteStorage(options)).toThrow(message);
  });
});
