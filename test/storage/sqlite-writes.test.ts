/**
 * Writing to SQLite: many writes with one fsync, somebody else's lock, a disk that is full, a file that is no use.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { change } from '../../src/testing/storage/rows.ts';
import {
  document,
  handleAt,
  ids,
  migrated,
  sqliteAt,
  temporaryPath,
  transactionsInLog,
  withItsHandle,
  write,
} from './open-sqlite.ts';

const macrotasks = async (count: number) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
};

describe('writes that are asked for together', () => {
  test('share one transaction, whoever asks', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const before = transactionsInLog(path);
    const asked = Array.from({ length: 32 }, (_, n) => write(storage, `d${n}`));
    const claim = storage.claimTimers({ tenants: ['acme'], limit: 1, leaseMs: 1 });
    expect((await Promise.all(asked)).flat()).toEqual(Array.from({ length: 32 }, () => 'applied'));
    await claim;
    expect(transactionsInLog(path) - before).toBe(1);
  });

  test('one after the other have a transaction each', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const before = transactionsInLog(path);
    for (const id of ['a', 'b', 'c']) await write(storage, id);
    expect(transactionsInLog(path) - before).toBe(3);
  });

  test('do not hurt each other: one that conflicts and one that fails are undone alone', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    await write(storage, 'taken');
    const [conflicting, failing, fine] = await Promise.allSettled([
      storage.commit([change({ documents: [document('x', 1), document('taken', 2)] })]),
      storage.commit([
        change({ documents: [document('y', 1)], counters: [{ collection: 'n', id: 'z', add: Number.NaN }] }),
      ]),
      write(storage, 'fine'),
    ]);
    expect(conflicting).toEqual({ status: 'fulfilled', value: ['conflict'] });
    expect(failing).toMatchObject({ status: 'rejected', reason: { code: 'ERR_SQLITE_ERROR' } });
    expect(fine).toEqual({ status: 'fulfilled', value: ['applied'] });
    expect(await ids(storage)).toEqual(['fine', 'taken']);
  });

  test('all reject when the transaction cannot be committed, and the next one works', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const guard = handleAt(path);
    guard.exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id TEXT, parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER orphan AFTER INSERT ON tocsin_documents WHEN new.id = 'bad' BEGIN INSERT INTO child VALUES ('x', 1); END;`);
    const settled = await Promise.allSettled([write(storage, 'good'), write(storage, 'bad')]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ids(storage)).toEqual([]);
    expect(await write(storage, 'good')).toEqual(['applied']);
    expect(await ids(storage)).toEqual(['good']);
  });
});

describe('a lock that somebody else holds', () => {
  test('is waited for without blocking, and everything asked for meanwhile lands', async () => {
    const path = temporaryPath();
    const storage = await migrated(path);
    const other = handleAt(path);
    other.exec('BEGIN IMMEDIATE');
    let isAnswered = false;
    const first = write(storage, 'a').finally(() => {
      isAnswered = true;
    });
    await macrotasks(3);
    const second = write(storage, 'b');
    await macrotasks(3);
    expect(isAnswered).toBe(false);
    expect(await ids(storage)).toEqual([]);
    other.exec('COMMIT');
    expect(await Promise.all([first, second])).toEqual([['applied'], ['applied']]);
    expect(await ids(storage)).toEqual(['a', 'b']);
  });

  test('that never ends is given up in the end, with the error of SQLite', async () => {
    const path = temporaryPath();
    const storage = await migrated(path, { busyTimeoutMs: 30 });
    const other = handleAt(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(write(storage, 'a')).rejects.toMatchObject({ errcode: 5 });
    other.exec('COMMIT');
    expect(await write(storage, 'b')).toEqual(['applied']);
    expect(await ids(storage)).toEqual(['b']);
  });
});

describe('a disk that is full', () => {
  test('rejects what does not fit, keeps nothing of it, and works again when there is space', async () => {
    const path = temporaryPath();
    const { storage, database } = await withItsHandle(path);
    await write(storage, 'before');
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages + 1}`);
    const big = 'x'.repeat(200_000);
    const [full] = await Promise.allSettled([
      storage.commit([change({ documents: [document('small', 1), document('big', big)] })]),
    ]);
    expect(full).toMatchObject({ status: 'rejected', reason: { errcode: 13 } });
    expect(await ids(storage)).toEqual(['before']);
    database.exec(`PRAGMA max_page_count = ${pages + 1_000}`);
    expect(await write(storage, 'big', big)).toEqual(['applied']);
    expect(await ids(storage)).toEqual(['before', 'big']);
  });

  test('may reject what else was asked for with it, of which nothing is kept either', async () => {
    const path = temporaryPath();
    const { storage, database } = await withItsHandle(path);
    await write(storage, 'before');
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages + 1}`);
    const settled = await Promise.allSettled([write(storage, 'a'), write(storage, 'big', 'x'.repeat(200_000))]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ids(storage)).toEqual(['before']);
    expect(await write(storage, 'a')).toEqual(['applied']);
  });
});

describe('a file that cannot be written', () => {
  test('rejects writes and answers reads', async () => {
    const path = temporaryPath();
    const first = await migrated(path);
    await write(first, 'd');
    await first.close();
    // SQLite writes to no file whose format is newer than it knows: byte 18 says which.
    const bytes = readFileSync(path);
    bytes[18] = 3;
    writeFileSync(path, bytes);
    const storage = sqliteAt(path);
    await expect(write(storage, 'e')).rejects.toMatchObject({ errcode: 8 });
    expect(await ids(storage)).toEqual(['d']);
  });

  test('rejects each call when the folder does not exist, and works once it does', async () => {
    const folder = join(dirname(temporaryPath()), 'missing');
    const storage = sqliteAt(join(folder, 'tocsin.db'));
    await expect(storage.migrate()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(storage.load({ tenant: 'acme' })).rejects.toMatchObject({ code: 'ENOENT' });
    mkdirSync(folder);
    await storage.migrate();
    expect(await write(storage, 'd')).toEqual(['applied']);
  });

  test('rejects when it is no database', async () => {
    const path = temporaryPath();
    writeFileSync(path, 'x'.repeat(10_000));
    const storage = sqliteAt(path);
    await expect(storage.migrate()).rejects.toMatchObject({ errcode: 26 });
    expect(readFileSync(path, 'utf8')).toBe('x'.repeat(10_000));
  });
});
