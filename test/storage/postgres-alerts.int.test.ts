/**
 * Alerts in Postgres: rows of the first version of the tables, what is torn, and many changes in one call.
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { postgresMigrations, postgresStorage } from '../../src/storage/postgres.ts';
import { alert, change, clear, open, openSuppressed, repeat, T0 } from '../../src/testing/storage/rows.ts';
import { postgresForTests } from '../support/postgres.ts';
import { expectTheSameAsOneByOne } from './alert-changes.ts';

const server = await postgresForTests({ fsync: false });
const { url, drop } = await server.freshDatabase();
const pool = new pg.Pool({ connectionString: url, max: 4 });

afterAll(async () => {
  await pool.end();
  await drop();
  await server.stop();
});

async function newStorage(schema: string) {
  const storage = postgresStorage({ pool, schema });
  await storage.migrate();
  return storage;
}

test('a step that was released is never edited', () => {
  const seals = postgresMigrations().map(({ sql }) => createHash('sha256').update(sql).digest('base64url'));
  expect(seals.slice(0, 2)).toEqual([
    'Jp_r5qnc14SZnPR9VLRWTy3tasYqVPZNjmq8Gscq_5M',
    '83X5tX7hoQrTPfVRQi3cpk19usY7RpSFXcHd65yZLRI',
  ]);
});

test('a schema of the first version keeps its alerts, and a node of that version may go on working', async () => {
  const schema = 'old';
  await pool.query(`begin; ${postgresMigrations({ schema })[0]!.sql} commit`);
  const old = (id: string, more = {}) => alert(id, { dedupKey: id, ...more });
  /** As a node of the first version calls it. */
  const commitAsBefore = async (id: string, body: string) => {
    const cells = {
      incident_id: 'i1',
      status: 'firing',
      severity: 'SEV2',
      opened_at: T0,
      last_seen_at: T0 + 1,
      count: 7,
    };
    const row = { tenant: 'acme', id, key_hash: `hash of ${id}`, ...cells, body };
    const groups = [{ commits: [{ tenant: 'acme', id: `commit ${id}` }], stages: [{ alertOpens: [row] }] }];
    const sql = `select ${schema}.commit_1($1::jsonb, null, 0, 1000) as answers`;
    expect((await pool.query(sql, [JSON.stringify(groups)])).rows).toEqual([{ answers: ['applied'] }]);
  };
  const texts = { title: 'before\0 \ud800 \\u0000 \\ after', labels: { service: 'no', 'a"service":"no': '' } };
  await commitAsBefore('a1', JSON.stringify(old('a1', { service: 'søk', ...texts })));
  await commitAsBefore('torn', '{no');
  const storage = await newStorage(schema);
  await commitAsBefore('a2', JSON.stringify(old('a2')));

  const since = { severity: 'SEV2', lastSeenAt: T0 + 1, count: 7 };
  const kept = [old('a2', since), old('a1', { service: 'søk', ...texts, ...since })];
  expect(await storage.listAlerts('acme', { service: 'søk' })).toEqual([kept[1]]);
  expect(await storage.listAlerts('acme', { service: 'checkout' })).toEqual([kept[0]]);
  expect(await storage.listAlerts('acme', { service: 'no' })).toEqual([]);
  expect(await storage.listAlerts('acme', { id: 'torn' })).toMatchObject([{ service: 'unknown', count: 7 }]);
  const content = { title: 'Now', labels: {}, links: [] };
  await storage.commit([
    change({
      alerts: [{ ...repeat('a1', T0 + 2), occurredAt: T0 - 1 }, clear('a2'), { type: 'set', id: 'a2', content }],
    }),
  ]);
  expect(await storage.listAlerts('acme', { id: 'a1' })).toMatchObject([{ count: 8, occurredAt: T0 - 1 }]);
  expect(await storage.listAlerts('acme', { id: 'a2' })).toMatchObject([{ ...content, count: 7, clearedAt: T0 }]);
  const { rows } = await pool.query(`select version from ${schema}.migrations order by version`);
  expect(rows).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
  const query = JSON.stringify({ tenant: 'acme', alertKeys: ['hash of a1'] });
  expect((await pool.query(`select name from ${schema}.load_1($1::jsonb, 0)`, [query])).rows).toEqual([{ name: 'a1' }]);
});

test('a content that is no JSON any more hurts no other row, and one that is stands for a torn body', async () => {
  const storage = await newStorage('torn');
  const content = { title: 'Now', body: 'anew', labels: {}, links: [] };
  const set = (id: string) => ({ type: 'set', id, content }) as const;
  const opened = ['a1', 'a2', 'a3'].map((id) => open(id, { dedupKey: id }));
  await storage.commit([change({ alerts: [...opened, set('a1'), set('a2')] })]);
  await pool.query("update torn.alerts set content = '{no' where id = 'a1'");
  await pool.query("update torn.alerts set body = '{no' where id in ('a2', 'a3')");
  expect(await storage.listAlerts('acme', { service: 'checkout' })).toMatchObject([
    { id: 'a3', title: 'Alert a3', service: 'checkout' },
    { id: 'a2', ...content, service: 'checkout' },
    { id: 'a1', title: 'Disk full', labels: { host: 'db-1' } },
  ]);
});

test('an alert that somebody is moving into an incident is left where it is by a prune meanwhile', async () => {
  const storage = await newStorage('moving');
  const quiet = (id: string) => [openSuppressed(id, { dedupKey: id }), clear(id)];
  await storage.commit([change({ alerts: [...quiet('a1'), ...quiet('a2')] })]);
  const host = await pool.connect();
  await host.query('begin');
  const move = { type: 'set', id: 'a1', incidentId: 'i1' } as const;
  await storage.withClient(host).commit([change({ alerts: [move] })]);
  expect(await storage.prune('acme', { endedBefore: T0 + 1, limit: 9 })).toBe(0);
  await host.query('commit');
  host.release();
  expect(await storage.listAlerts('acme', {})).toMatchObject([{ id: 'a1', incidentId: 'i1' }]);
  await storage.prune('acme', { endedBefore: T0 + 1, limit: 9 });
  expect(await storage.listAlerts('acme', {})).toHaveLength(1);
});

test('changes of alerts in one call do what they do one after the other', async () => {
  await expectTheSameAsOneByOne(await newStorage('calls'), 300);
});
