/**
 * Deliveries in SQLite: rows of the second version of the tables, a process of that version beside this one, and the
 * indexes that lookups use.
 */
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { type StoredDelivery, settledDelivery } from '../../src/model/delivery.ts';
import { sqliteMigrations } from '../../src/storage/sqlite.ts';
import { CLAIM } from '../../src/testing/storage/bench.ts';
import { change, DAY, delivery, MINUTE, T0 } from '../../src/testing/storage/rows.ts';
import { handleAt, migrated, temporaryPath } from './open-sqlite.ts';

const clock = { now: () => T0 };

/** As the second version of the tables was written. */
const INSERT = `INSERT INTO tocsin_deliveries
  (tenant, id, incident_id, page, purpose, user_id, notifier, state, requested_at, due_at, attempts, leased_until, token,
    body)
  VALUES ('acme', ?, 'i1', 2, 'step', 'ana', 'sms', ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
const SETTLE = `UPDATE tocsin_deliveries SET state = ?, due_at = ?, leased_until = 0, body = ?
  WHERE tenant = 'acme' AND id = ?`;

/** A process of the second version on the same file. */
function olderProcess(database: DatabaseSync) {
  return {
    write(row: StoredDelivery, { token = 0, leasedUntil = 0 } = {}) {
      const { id, state, requestedAt, dueAt, attempts } = row;
      const values = [id, state, requestedAt, dueAt, attempts, leasedUntil, token];
      database.prepare(INSERT).run(...values, JSON.stringify(row));
    },
    settle(row: StoredDelivery, externalId: string) {
      const next = settledDelivery(row, { state: 'sent', externalId }, T0);
      database.prepare(SETTLE).run(next.state, next.dueAt, JSON.stringify(next), next.id);
    },
  };
}

test('a database of the second version keeps its live deliveries, and a process of that version may go on working', async () => {
  const path = temporaryPath();
  const database = handleAt(path);
  for (const { version, sql } of sqliteMigrations()) if (version <= 2) database.exec(sql);
  const older = olderProcess(database);
  const held = delivery('held', { state: 'leased', attempts: 1 });
  older.write(held, { token: 1, leasedUntil: T0 + MINUTE });
  older.write(delivery('sent', { state: 'sent', externalId: 'x-sent', sentAt: T0 - 1 }));
  older.write(delivery('waiting'));
  database.exec(`UPDATE tocsin_deliveries SET body = '{no' WHERE id = 'waiting'`);
  const storage = await migrated(path, { clock });
  const other = delivery('other', { state: 'leased', attempts: 1 });
  older.write(other, { token: 1, leasedUntil: T0 + MINUTE });
  older.settle(other, 'x-other');

  const found = async (externalId: string) =>
    (await storage.listDeliveries('acme', { externalId })).map(({ id, state }) => `${id} ${state}`);
  expect(await found('x-sent')).toEqual(['sent sent']);
  expect(await found('x-other')).toEqual(['other sent']);
  expect(await storage.receiveDelivery('acme', 'other', { status: 'failed' })).toMatchObject({ state: 'dead' });
  expect(await found('x-other')).toEqual(['other dead']);
  const [claimed] = (await storage.claimDeliveries(CLAIM)).deliveries;
  expect(claimed?.delivery).toMatchObject({ id: 'waiting', isUnreadable: true, attempts: 1 });
  const later = { state: 'held', afterMs: MINUTE, error: 'later' } as const;
  expect(await storage.settleDelivery('acme', 'held', 1, later)).toEqual(
    delivery('held', { attempts: 0, dueAt: T0 + MINUTE, error: 'later' }),
  );
  // What this version has stored is written by the older one as it was.
  older.settle(delivery('held', { attempts: 0 }), 'x-held');
  expect(await found('x-held')).toEqual(['held sent']);
});

test('what is stored of many deliveries and torn hurts neither the index nor a lookup', async () => {
  const path = temporaryPath();
  const storage = await migrated(path, { clock });
  const rows = ['a', 'b', 'c'].map((id) => delivery(id, { state: 'sent', externalId: id }));
  await storage.commit([change({ deliveries: rows })]);
  const database = handleAt(path);
  for (const body of ['', '{no', 'null', '7', '"x"', '[1]', '{"externalId":7}', '{"externalId":{"a":1}}']) {
    database.prepare("UPDATE tocsin_deliveries SET body = ? WHERE id = 'b'").run(body);
    for (const id of ['a', 'c']) expect(await storage.listDeliveries('acme', { externalId: id })).toHaveLength(1);
    expect(await storage.listDeliveries('acme', { externalId: 'b' })).toEqual([]);
    expect(await storage.listDeliveries('acme', { id: 'b' })).toHaveLength(1);
  }
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
});

test('receipts, lookups and pruning find their deliveries without going through the others', async () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const path = temporaryPath();
  const storage = await migrated(path, { clock });
  await storage.commit([change({ deliveries: [delivery('n', { incidentId: undefined, state: 'sent' })] })]);
  await storage.receiveDelivery('acme', 'n', { status: 'failed' });
  await storage.listDeliveries('acme', { id: 'n' });
  await storage.listDeliveries('acme', { externalId: 'x' });
  await storage.hasten('acme', 'i1', 2, 'ana');
  await storage.commit([change({ withdrawals: [{ incidentId: 'i1', beforePage: 2, because: 'x' }] })]);
  await storage.prune('acme', { endedBefore: T0 + DAY, limit: 9 });
  const asked = prepare.mock.calls.map(([sql]) => sql);
  prepare.mockRestore();
  const database = handleAt(path);
  /** How SQLite reads the table for the last statement that has these words. */
  const plan = (words: string): readonly string[] => {
    const sql = asked.findLast((text) => text.includes(words)) ?? '';
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const details = steps.map(({ detail }) => String(detail));
    return details.filter((detail) => /tocsin_deliveries|SCAN|B-TREE/.test(detail) && !/rowid/.test(detail));
  };
  const byKey = 'SEARCH tocsin_deliveries USING INDEX sqlite_autoindex_tocsin_deliveries_1 (tenant=? AND id=?)';
  const byPage = /^SEARCH tocsin_deliveries USING INDEX tocsin_deliveries_incident \(tenant=\? AND incident_id=\?/;
  const sorted = 'USE TEMP B-TREE FOR ORDER BY';
  expect(plan('SET state = ?, body = ?')).toEqual([byKey]);
  expect(plan('AND id = ? ORDER')).toEqual([byKey]);
  expect(plan("body -> '$.externalId' END = ?")).toEqual([
    'SEARCH tocsin_deliveries USING INDEX tocsin_deliveries_external (tenant=? AND <expr>=?)',
    sorted,
  ]);
  expect(plan("SET state = 'withdrawn'")).toEqual([expect.stringMatching(byPage)]);
  expect(plan('SET due_at = min(due_at, ?)')).toContainEqual(expect.stringMatching(byPage));
  expect(plan('DELETE FROM tocsin_deliveries WHERE rowid IN')).toEqual([
    'SEARCH tocsin_deliveries USING INDEX tocsin_deliveries_of_none (tenant=? AND requested_at<?)',
  ]);
});

test('much that belongs to no incident goes in portions', async () => {
  const path = temporaryPath();
  const storage = await migrated(path, { clock });
  handleAt(path).exec(`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 7000)
    INSERT INTO tocsin_deliveries SELECT 'acme', 'n' || n, '', 0, 'notice', NULL, 'sms', 'sent', n, 0, 1, 0, 1, NULL, '{}'
    FROM n`);
  const count = async () => (await storage.listDeliveries('acme', { limit: 9_999 })).length;
  await storage.prune('acme', { endedBefore: T0, limit: 6_000 });
  expect(await count()).toBe(1_000);
  expect((await storage.listDeliveries('acme', { limit: 1 }))[0]?.state).toBe('sent');
  await storage.prune('acme', { endedBefore: T0, limit: 6_000 });
  expect(await count()).toBe(0);
});
