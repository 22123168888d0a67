/**
 * Deliveries in Postgres: rows of the second version of the tables, a node of that version beside this one, receipts that
 * meet other writers, and the indexes that lookups use.
 */
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import type { StoredDelivery } from '../../src/model/delivery.ts';
import { postgresMigrations, postgresStorage } from '../../src/storage/postgres.ts';
import { change, DAY, delivery, T0 } from '../../src/testing/storage/rows.ts';
import { LOCK_WAITERS, postgresForTests } from '../support/postgres.ts';
import { watched } from '../support/watched-pool.ts';

const server = await postgresForTests({ fsync: false });
const { url, drop } = await server.freshDatabase();
const pool = new pg.Pool({ connectionString: url, max: 6 });
const CLAIM = { tenants: ['acme'], limit: 9, leaseMs: 60_000 };
const FAILED = { status: 'failed', error: 'unknown subscriber' } as const;

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

/** A storage with one delivery, `d`, that has gone out as `x-1`. */
async function withSent(schema: string) {
  const storage = await newStorage(schema);
  await storage.commit([change({ deliveries: [delivery('d')] })]);
  const [one] = (await storage.claimDeliveries(CLAIM)).deliveries;
  await storage.settleDelivery('acme', 'd', one?.token ?? 0, { state: 'sent', externalId: 'x-1', via: 'backup' });
  return storage;
}

/** As a node of the second version of the tables calls its functions and settles what it holds. */
function olderNode(schema: string) {
  return {
    async write(row: StoredDelivery) {
      const { id, page, purpose, notifier, state } = row;
      const cells = {
        tenant: 'acme',
        id,
        incident_id: row.incidentId,
        page,
        purpose,
        user_id: row.user,
        notifier,
        state,
      };
      const times = { requested_at: row.requestedAt, due_at: row.dueAt, attempts: row.attempts };
      const stage = { deliveries: [{ ...cells, ...times, body: JSON.stringify(row) }] };
      const groups = [{ commits: [{ tenant: 'acme', id: `commit ${id}` }], stages: [stage] }];
      const sql = `select ${schema}.commit_2($1::jsonb, null, 0, 1000) as answers`;
      expect((await pool.query(sql, [JSON.stringify(groups)])).rows).toEqual([{ answers: ['applied'] }]);
    },
    claim: (id: string) =>
      pool.query(
        `update ${schema}.deliveries set state = 'leased', attempts = attempts + 1, token = token + 1,
          leased_until = 1e15, ready_at = 1e15 where id = $1`,
        [id],
      ),
    send: (id: string, externalId: string) =>
      pool.query(
        `update ${schema}.deliveries set leased_until = 0, error = null, external_id = coalesce($2, external_id),
          sent_at = $3, state = 'sent', ready_at = null where id = $1`,
        [id, externalId, T0],
      ),
    prune: () => pool.query(`select ${schema}.prune_2('acme', 1e15, 9, 0) as gone`),
  };
}

test('a schema of the second version keeps its live deliveries, and a node of that version may go on working', async () => {
  const schema = 'old';
  for (const { version, sql } of postgresMigrations({ schema }))
    if (version <= 2) await pool.query(`begin; ${sql} commit`);
  const older = olderNode(schema);
  for (const id of ['sent', 'held', 'waiting']) await older.write(delivery(id));
  for (const id of ['sent', 'held']) await older.claim(id);
  await older.send('sent', 'x-sent');
  const storage = await newStorage(schema);
  await older.write(delivery('other'));
  await older.claim('other');
  await older.send('other', 'x-other');

  expect(await storage.listDeliveries('acme', { externalId: 'x-sent' })).toEqual([
    delivery('sent', { state: 'sent', attempts: 1, externalId: 'x-sent', sentAt: T0 }),
  ]);
  expect(await storage.receiveDelivery('acme', 'other', FAILED)).toMatchObject({
    state: 'dead',
    externalId: 'x-other',
  });
  const later = { state: 'held', afterMs: 60_000, error: 'later' } as const;
  expect(await storage.settleDelivery('acme', 'held', 1, later)).toMatchObject({ state: 'pending', attempts: 0 });
  const [claimed] = (await storage.claimDeliveries(CLAIM)).deliveries;
  expect(claimed?.delivery).toMatchObject({ id: 'waiting', attempts: 1 });
  await storage.settleDelivery('acme', 'waiting', 1, { state: 'sent', via: 'backup', externalId: 'x-waiting' });
  // What this version has stored stays when the older one writes the row.
  await storage.commit([change({ deliveries: [delivery('n', { incidentId: undefined, page: 0, state: 'sent' })] })]);
  await older.send('waiting', 'x-again');
  expect(await storage.listDeliveries('acme', { id: 'waiting' })).toMatchObject([
    { via: 'backup', externalId: 'x-again' },
  ]);
  expect((await older.prune()).rows).toEqual([{ gone: 0 }]);
  expect(await storage.listDeliveries('acme', { id: 'n' })).toHaveLength(1);
});

test('what a provider calls a delivery may be longer than an index takes, and hurts no other that ends with it', async () => {
  const storage = await newStorage('long');
  await storage.commit([change({ deliveries: [delivery('a'), delivery('b')] })]);
  const claimed = (await storage.claimDeliveries(CLAIM)).deliveries;
  const long = Array.from({ length: 20_000 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7_919) % 20_011))).join('');
  const ends = claimed.map(({ delivery: { id }, token }) =>
    storage.settleDelivery('acme', id, token, { state: 'sent', externalId: id === 'a' ? long : 'x' }),
  );
  expect((await Promise.all(ends)).map((row) => row?.state)).toEqual(['sent', 'sent']);
  expect(await storage.listDeliveries('acme', { externalId: long })).toMatchObject([{ id: 'a' }]);
  expect(await storage.listDeliveries('acme', { externalId: long.slice(0, -1) })).toEqual([]);
});

test('a receipt that meets another one is decided anew', async () => {
  const storage = await withSent('meets');
  let isFirst = true;
  const { pool: late } = watched(pool, async ({ text }) => {
    if (!isFirst || !text.includes('update')) return;
    isFirst = false;
    expect(await storage.receiveDelivery('acme', 'd', { status: 'read' })).toMatchObject({ state: 'sent' });
  });
  const other = postgresStorage({ pool: late, schema: 'meets' });
  expect(await other.receiveDelivery('acme', 'd', FAILED)).toBeUndefined();
  expect(isFirst).toBe(false);
  expect(await storage.listDeliveries('acme', {})).toMatchObject([{ state: 'sent', receipt: { status: 'read' } }]);
});

test('a receipt that meets a second sending answers that one', async () => {
  const storage = await withSent('resent');
  let isFirst = true;
  const { pool: late } = watched(pool, async ({ text }) => {
    if (!isFirst || !text.includes('update')) return;
    isFirst = false;
    await storage.receiveDelivery('acme', 'd', FAILED);
    await storage.revive('acme', 'd');
    const [again] = (await storage.claimDeliveries(CLAIM)).deliveries;
    const sent = { state: 'sent', externalId: 'x-2', via: 'backup' } as const;
    await storage.settleDelivery('acme', 'd', again?.token ?? 0, sent);
  });
  const other = postgresStorage({ pool: late, schema: 'resent' });
  const answer = await other.receiveDelivery('acme', 'd', { status: 'delivered' });
  expect(answer).toMatchObject({ externalId: 'x-2', receipt: { status: 'delivered' } });
  expect(await storage.listDeliveries('acme', {})).toEqual([answer]);
});

test('a receipt for a row of a host’s open transaction waits for nobody in the database, and is kept when it is free', async () => {
  const storage = await withSent('locked');
  const host = await pool.connect();
  await host.query("begin; update locked.deliveries set notifier = notifier where id = 'd'");
  const asked = storage.receiveDelivery('acme', 'd', FAILED);
  await storage.nextDue(['acme']);
  const waiters = await pool.query(LOCK_WAITERS);
  expect(waiters.rows).toEqual([]);
  await host.query('commit');
  host.release();
  expect(await asked).toMatchObject({ state: 'dead', error: FAILED.error, via: 'backup' });
});

test('a receipt for a row that stays locked is given up in the end, and is not lost when it is told again', async () => {
  const storage = await withSent('kept');
  const host = await pool.connect();
  await host.query("begin; select 1 from kept.deliveries where id = 'd' for update");
  await expect(storage.receiveDelivery('acme', 'd', FAILED)).rejects.toThrow(/locked by another transaction/);
  await host.query('rollback');
  host.release();
  expect(await storage.receiveDelivery('acme', 'd', FAILED)).toMatchObject({ state: 'dead' });
});

test('a dead letter that somebody is putting back to work is left where it is by a prune meanwhile', async () => {
  const storage = await newStorage('reviving');
  const dead = { incidentId: undefined, page: 0, state: 'dead' } as const;
  await storage.commit([change({ deliveries: [delivery('n1', dead), delivery('n2', dead)] })]);
  const host = await pool.connect();
  await host.query("begin; update reviving.deliveries set state = 'pending', ready_at = 0 where id = 'n1'");
  await storage.prune('acme', { endedBefore: T0 + 1, limit: 9 });
  await host.query('commit');
  host.release();
  expect(await storage.listDeliveries('acme', {})).toMatchObject([{ id: 'n1', state: 'pending' }]);
});

test('what became of a delivery and is no JSON any more hurts no other row, and leaves what it was asked for', async () => {
  const storage = await withSent('torn');
  await storage.commit([change({ deliveries: [delivery('e', { state: 'sent', requestedAt: T0 + 1 })] })]);
  await pool.query("update torn.deliveries set outcome = '{no' where id = 'd'");
  const [torn, fine] = await storage.listDeliveries('acme', {});
  expect(torn).toMatchObject({ id: 'd', state: 'sent', externalId: 'x-1', address: '+1' });
  expect(fine).toEqual(delivery('e', { state: 'sent', requestedAt: T0 + 1 }));
  expect(await storage.receiveDelivery('acme', 'd', FAILED)).toMatchObject({
    state: 'dead',
    receipt: { status: 'failed' },
  });
});

test('receipts, lookups and pruning find their deliveries without going through the others', async () => {
  const schema = 'plans';
  await newStorage(schema);
  const { pool: seen, queries } = watched(pool);
  const storage = postgresStorage({ pool: seen, schema });
  const row = { state: 'sent', requestedAt: T0 } as const;
  await storage.commit([change({ deliveries: [delivery('d7', { ...row, externalId: 'x-7' })] })]);
  // Planned as a node does whose session began before there were rows, and as one does afterwards.
  const prune = /select d\.id from[^;]*?incident_id = ''[^;]*?skip locked/.exec(
    postgresMigrations({ schema })[2]?.sql ?? '',
  );
  const pruning = (prune?.[0] ?? '')
    .replaceAll('p_tenant', '$1')
    .replaceAll('p_ended_before', '$2')
    .replaceAll('p_most', '$3')
    .replaceAll('p_now', '$4');
  const client = await pool.connect();
  await client.query('set plan_cache_mode = force_generic_plan');
  await client.query(`prepare pruning(text, double precision, integer, double precision) as ${pruning}`);
  const pruningPlan = async () => {
    const { rows } = await client.query(`explain execute pruning('acme', ${T0 + DAY}, 10, ${T0})`);
    return rows.map((line) => String(line['QUERY PLAN'])).join('\n');
  };
  expect(await pruningPlan()).toMatch(/Index Scan.* using deliveries_of_none/);

  await pool.query(`insert into ${schema}.deliveries (tenant, id, incident_id, page, purpose, notifier, state,
      requested_at, due_at, attempts, external_id, body)
    select 'acme', 'r' || n, case when n % 500 = 0 then '' else 'i' || n / 4 end, 2, 'step', 'sms', 'sent', ${T0} + n, 0,
      1, 'y-' || n, '{}' from generate_series(1, 20000) n`);
  await pool.query(`analyze ${schema}.deliveries`);
  expect(await pruningPlan()).toMatch(/Index Scan using deliveries_of_none/);
  client.release();

  await storage.listDeliveries('acme', { externalId: 'x-7' });
  await storage.listDeliveries('acme', { id: 'd7' });
  await storage.receiveDelivery('acme', 'd7', FAILED);
  const plans = queries.slice(1).map(async ({ text, values }) => {
    const { rows } = await pool.query(`explain ${text}`, [...values]);
    return rows.map((line) => String(line['QUERY PLAN'])).join('\n');
  });
  const [byExternalId, byId, read, write] = await Promise.all(plans);
  expect(byExternalId).toMatch(/deliveries_external/);
  for (const plan of [byId, read, write]) expect(plan).toMatch(/deliveries_pkey/);
  for (const plan of [byExternalId, byId, read, write]) expect(plan).not.toMatch(/Seq Scan on deliveries/);
});
