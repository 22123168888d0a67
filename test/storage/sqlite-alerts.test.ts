/**
 * Alerts in SQLite: rows of the first version of the tables, and what is torn.
 */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sqliteMigrations } from '../../src/storage/sqlite.ts';
import { alert, change, clear, open, openSuppressed, repeat, T0 } from '../../src/testing/storage/rows.ts';
import { expectTheSameAsOneByOne } from './alert-changes.ts';
import { handleAt, migrated, temporaryPath } from './open-sqlite.ts';

const OLD_ROW = `INSERT INTO tocsin_alerts (tenant, id, key_hash, incident_id, status, severity, opened_at, last_seen_at,
  cleared_at, count, body) VALUES ('acme', ?, ?, 'i1', 'firing', 'SEV2', ${T0}, ${T0 + 1}, NULL, 7, ?)`;

test('a step that was released is never edited', () => {
  const seals = sqliteMigrations().map(({ sql }) => createHash('sha256').update(sql).digest('base64url'));
  expect(seals.slice(0, 2)).toEqual([
    'REOZeatfMIIjc43m8dY0LD33Lcq7YREd7o6Qi9kz0Y8',
    'qBRJVk4UQvppe-4dKs7Ftqu7b9fEsVvlW1oibmRUKkw',
  ]);
});

test('a database of the first version keeps its alerts, and a process of that version may go on writing', async () => {
  const path = temporaryPath();
  const database = handleAt(path);
  database.exec(sqliteMigrations()[0]!.sql);
  const old = (id: string, more = {}) => alert(id, { dedupKey: id, title: 'before\0 \ud800 after', ...more });
  const write = (id: string, body: string) => database.prepare(OLD_ROW).run(id, `hash of ${id}`, body);
  write('a1', JSON.stringify(old('a1', { service: 'search' })));
  write('torn', '{no');
  const storage = await migrated(path);
  write('a2', JSON.stringify(old('a2')));

  const since = { severity: 'SEV2', lastSeenAt: T0 + 1, count: 7 };
  const kept = [old('a2', since), old('a1', { service: 'search', ...since })];
  expect(await storage.listAlerts('acme', { service: 'search' })).toEqual([kept[1]]);
  expect(await storage.listAlerts('acme', { service: 'checkout' })).toEqual([kept[0]]);
  expect(await storage.listAlerts('acme', { id: 'torn' })).toMatchObject([{ service: 'unknown', count: 7 }]);
  const content = { title: 'Now', labels: {}, links: [] };
  await storage.commit([
    change({
      alerts: [{ ...repeat('a1', T0 + 2), occurredAt: T0 - 1 }, clear('a2'), { type: 'set', id: 'a2', content }],
    }),
  ]);
  expect(await storage.listAlerts('acme', { id: 'a1' })).toMatchObject([{ count: 8, occurredAt: T0 - 1 }]);
  expect(await storage.listAlerts('acme', { id: 'a2' })).toMatchObject([{ ...content, count: 7, clearedAt: T0 }]);
});

test('a content that is no JSON any more hurts no other row, and one that is stands for a torn body', async () => {
  const path = temporaryPath();
  const storage = await migrated(path);
  const content = { title: 'Now', body: 'anew', labels: {}, links: [] };
  const set = (id: string) => ({ type: 'set', id, content }) as const;
  const opened = ['a1', 'a2', 'a3'].map((id) => open(id, { dedupKey: id }));
  await storage.commit([change({ alerts: [...opened, set('a1'), set('a2')] })]);
  const database = handleAt(path);
  database.exec("UPDATE tocsin_alerts SET content = '{no' WHERE id = 'a1'");
  database.exec("UPDATE tocsin_alerts SET body = '{no' WHERE id IN ('a2', 'a3')");
  expect(await storage.listAlerts('acme', { service: 'checkout' })).toMatchObject([
    { id: 'a3', title: 'Alert a3', service: 'checkout' },
    { id: 'a2', ...content, service: 'checkout' },
    { id: 'a1', title: 'Disk full', labels: { host: 'db-1' } },
  ]);
});

test('pruning finds alerts of no incident without going through the others', async () => {
  const path = temporaryPath();
  const storage = await migrated(path);
  await storage.commit([change({ alerts: [openSuppressed('a1'), clear('a1')] })]);
  const plan = handleAt(path)
    .prepare(
      `EXPLAIN QUERY PLAN SELECT rowid FROM tocsin_alerts WHERE tenant = ? AND incident_id = '' AND status = 'cleared'
      AND cleared_at < ? ORDER BY cleared_at LIMIT 1`,
    )
    .all();
  expect(plan).toHaveLength(1);
  expect(String(plan[0]?.detail)).toMatch(/INDEX tocsin_alerts_of_none \(tenant=\? AND cleared_at<\?\)/);
});

test('changes of alerts in one call do what they do one after the other', async () => {
  await expectTheSameAsOneByOne(await migrated(':memory:'), 300);
});
