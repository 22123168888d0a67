/**
 * Pruning SQLite: much is forgotten in portions, between which others have their turn.
 */
import type { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { PORTION } from '../../src/storage/sqlite/prune.ts';
import { change, DAY, endedIncident, T0 } from '../../src/testing/storage/rows.ts';
import { handleAt, migrated, temporaryPath, write } from './open-sqlite.ts';

const clock = { now: () => T0 };

/** `count` commit ids and as many documents that nobody wants any more, besides one of each that is wanted. */
function fill(database: DatabaseSync, count: number): void {
  database.exec(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${count})
    INSERT INTO tocsin_commits SELECT 'acme', 'old' || n, ${T0 - DAY - 1} FROM n`);
  database.exec(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${count})
    INSERT INTO tocsin_documents SELECT 'acme', 'c', 'old' || n, 1, ${T0}, '1' FROM n`);
  database.exec(`INSERT INTO tocsin_commits VALUES ('acme', 'kept', ${T0 - DAY}), ('globex', 'old', 0)`);
  database.exec(`INSERT INTO tocsin_documents VALUES ('acme', 'c', 'kept', 1, ${T0 + 1}, '1')`);
}

/** How many of them are left. */
function left(database: DatabaseSync): readonly number[] {
  const count = (sql: string) => Number(database.prepare(`SELECT count(*) AS count FROM ${sql}`).get()?.count);
  return [
    count("tocsin_commits WHERE tenant = 'acme' AND commit_id LIKE 'old%'"),
    count("tocsin_documents WHERE id LIKE 'old%'"),
  ];
}

async function filled(count: number) {
  const path = temporaryPath();
  const storage = await migrated(path, { clock });
  const database = handleAt(path);
  fill(database, count);
  return { storage, database };
}

describe('what nobody wants any more', () => {
  test('goes in portions, and others write between them', async () => {
    const { storage, database } = await filled(2 * PORTION + 1);
    const pruning = storage.prune('acme', { limit: 1 });
    expect(await write(storage, 'first')).toEqual(['applied']);
    expect(left(database)).toEqual([PORTION + 1, PORTION + 1]);
    expect(await write(storage, 'second')).toEqual(['applied']);
    expect(left(database)).toEqual([1, 1]);
    expect(await pruning).toBe(0);
    expect(left(database)).toEqual([0, 0]);
    const kept = database.prepare("SELECT commit_id FROM tocsin_commits WHERE commit_id IN ('kept', 'old')").all();
    expect(kept.length).toBe(2);
    expect((await storage.listDocuments('acme', { collection: 'c' })).map(({ id }) => id)).toEqual([
      'first',
      'kept',
      'second',
    ]);
  });

  test('is left for another time when the storage is closed meanwhile', async () => {
    const { storage, database } = await filled(2 * PORTION);
    const pruning = storage.prune('acme', { limit: 1, endedBefore: T0 });
    await storage.close();
    expect(await pruning).toBe(0);
    expect(left(database)).toEqual([PORTION, PORTION]);
  });
});

test('incidents that ended go in portions too, as many as were asked for', async () => {
  const path = temporaryPath();
  const storage = await migrated(path, { clock });
  await storage.commit(
    Array.from({ length: 250 }, (_, n) => change({ incidents: [endedIncident(`i${n}`, 'closed', T0 - DAY)] })),
  );
  const database = handleAt(path);
  const count = () => Number(database.prepare('SELECT count(*) AS count FROM tocsin_incidents').get()?.count);
  const pruning = storage.prune('acme', { endedBefore: T0, limit: 220 });
  await write(storage, 'first');
  expect(count()).toBe(250);
  await write(storage, 'second');
  expect(count()).toBe(150);
  expect(await pruning).toBe(220);
  expect(count()).toBe(30);
  expect(await storage.prune('acme', { endedBefore: T0, limit: 220 })).toBe(30);
});
