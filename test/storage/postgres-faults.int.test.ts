/**
 * Postgres storage among other writers, other transactions and broken connections.
 */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { StoredDelivery } from '../../src/model/delivery.ts';
import type { Storage } from '../../src/ports/storage.ts';
import { type PostgresStorageOptions, postgresMigrations, postgresStorage } from '../../src/storage/postgres.ts';
import {
  arm,
  cancel,
  change,
  clear,
  DAY,
  delivery,
  incidentChange,
  newIncident,
  note,
  open as openAlert,
  repeat,
  T0,
  wholeChange,
} from '../../src/testing/storage/rows.ts';
import { LOCK_WAITERS, postgresForTests } from '../support/postgres.ts';
import { watched } from '../support/watched-pool.ts';

const server = await postgresForTests({ fsync: false });
const { url, drop } = await server.freshDatabase();
const open: pg.Pool[] = [];
let schemas = 0;

afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.end()));
});
afterAll(async () => {
  await drop();
  await server.stop();
});

function newPool(max = 10): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  open.push(pool);
  return pool;
}

function newSchema(): string {
  schemas += 1;
  return `faults_${schemas}`;
}

/** A migrated storage in a schema of its own. */
async function newStorage(options: Partial<PostgresStorageOptions> = {}) {
  const pool = newPool();
  const schema = newSchema();
  const storage = postgresStorage({ pool, schema, ...options });
  await storage.migrate();
  const found = (id: string) => storage.load({ tenant: 'acme', incidents: [id] }).then((row) => row.incidents.at(0));
  return { storage, pool, schema, found };
}

const NEVER: string[] = [];
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error));

test('sixteen writers on ten incidents, two at a time in any order: every answer is applied or conflict', async () => {
  const { storage, found } = await newStorage();
  const ids = Array.from({ length: 10 }, (_, n) => `i${n}`);
  await storage.commit(ids.map((id) => change({ incidents: [newIncident(id)] })));
  const writer = async (n: number) => {
    let applied = 0;
    for (let round = 0; round < 12; round += 1) {
      const pair = [ids[(n + round) % 10]!, ids[(n * 3 + round * 7 + 1) % 10]!].filter(
        (id, at, all) => all.indexOf(id) === at,
      );
      const { incidents } = await storage.load({ tenant: 'acme', incidents: pair });
      const known = new Map(incidents.map((row) => [row.id, row]));
      const parts = pair.map((id) => incidentChange(known.get(id) as never, [note(`${n}`)]));
      // Half of them in one change, half in two of one call.
      const changes = n % 2 === 0 ? [change({ incidents: parts })] : parts.map((part) => change({ incidents: [part] }));
      const answers = await storage.commit(changes);
      for (const [at, answer] of answers.entries()) if (answer === 'applied') applied += changes[at]!.incidents.length;
    }
    return applied;
  };
  const applied = await Promise.all(Array.from({ length: 16 }, (_, n) => writer(n)));
  const versions = await Promise.all(ids.map(async (id) => (await found(id))!.version - 1));
  const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
  expect(sum(applied)).toBeGreaterThan(0);
  expect(sum(versions)).toBe(sum(applied));
});

test('eight workers hand out two thousand timers once each', async () => {
  const { storage } = await newStorage();
  const kinds = Array.from({ length: 2_000 }, (_, n) => `kind-${n}`);
  await storage.commit([change({ timers: kinds.map((kind) => arm(kind)) })]);
  const worker = async () => {
    const seen: string[] = [];
    for (;;) {
      const { timers } = await storage.claimTimers({ tenants: ['acme'], limit: 25, leaseMs: 60_000 });
      if (timers.length === 0 && (await storage.figures(['acme'])).dueTimers === 0) return seen;
      seen.push(...timers.map(({ kind }) => kind));
    }
  };
  const seen = (await Promise.all(Array.from({ length: 8 }, worker))).flat();
  expect(seen.toSorted()).toEqual(kinds.toSorted());
});

test('two nodes that migrate at once, and one that dies half-way, leave one whole schema', async () => {
  const schema = newSchema();
  const dying = newPool();
  const { pool, queries } = watched(dying, async ({ text }, client) => {
    if (text !== 'commit') return;
    const { rows } = await client.query('select pg_backend_pid() as pid');
    await newPool(1).query('select pg_terminate_backend($1)', [rows[0].pid]);
  });
  await expect(postgresStorage({ pool, schema }).migrate()).rejects.toThrow();
  expect(queries.some(({ text }) => text.includes('create table'))).toBe(true);
  const { rows } = await newPool().query('select to_regnamespace($1) as found', [schema]);
  expect(rows).toEqual([{ found: null }]);
  const nodes = [newPool(), newPool(), newPool()].map((each) => postgresStorage({ pool: each, schema }));
  await Promise.all(nodes.map((node) => node.migrate()));
  expect(await nodes[0]!.commit([change({ incidents: [newIncident('i')] })])).toEqual(['applied']);
});

test('a host may run the migrations itself, and is told when it has not', async () => {
  const schema = newSchema();
  const pool = newPool();
  const storage = postgresStorage({ pool, schema, migrations: 'check' });
  await expect(storage.migrate()).rejects.toMatchObject({ code: 'SCHEMA_OUTDATED' });
  for (const { sql } of postgresMigrations({ schema })) await pool.query(`begin; ${sql} commit`);
  await storage.migrate();
  // What was printed may be run twice, and the other mode finds nothing to do.
  for (const { sql } of postgresMigrations({ schema })) await pool.query(`begin; ${sql} commit`);
  await postgresStorage({ pool, schema }).migrate();
  await pool.query(`insert into ${schema}.migrations (version) values (99)`);
  await expect(storage.migrate()).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW' });
});

test('idle connections that break are replaced, and end nothing', async () => {
  const { storage, pool } = await newStorage();
  await Promise.all(Array.from({ length: 5 }, () => storage.nextDue(['acme'])));
  const broken = new Promise((resolve) => pool.once('error', resolve));
  await newPool(1).query(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
  );
  await broken;
  await expect
    .poll(() => storage.commit([change({ incidents: [newIncident('i')] })]).catch(codeOf))
    .toEqual(['applied']);
});

test('a call of many that meets a row of a host’s transaction gives up soon with nothing written, and each may be made alone', async () => {
  const { storage, schema, found } = await newStorage({ lockTimeoutMs: 1_000 });
  await storage.commit([change({ incidents: [newIncident('held')] })]);
  const host = await newPool(1).connect();
  await host.query('begin');
  await host.query(`select 1 from ${schema}.incidents where id = 'held' for update`);
  const next = incidentChange((await found('held')) as never, [note('x')]);
  const [held, other] = [change({ incidents: [next] }), change({ incidents: [newIncident('other')] })];
  await expect(storage.commit([held, other])).rejects.toMatchObject({ code: '55P03' });
  expect(await found('other')).toBeUndefined();
  expect(await storage.commit([other])).toEqual(['applied']);
  await expect(storage.commit([held])).rejects.toMatchObject({ code: '55P03' });
  await host.query('rollback');
  host.release();
  expect(await storage.commit([held, other])).toEqual(['applied', 'applied']);
  const events = await storage.timeline('acme', 'held');
  expect(events.map(({ type }) => type)).toEqual(['incident.opened', 'note.added']);
});

test('a delivery of a host’s open transaction holds up the end of no other, and is settled when it is free', async () => {
  const { storage, schema } = await newStorage({ statementTimeoutMs: 5_000 });
  await storage.commit([change({ deliveries: [delivery('held'), delivery('free')] })]);
  const claim = { tenants: ['acme'], limit: 10, leaseMs: 15_000 };
  const { deliveries } = await storage.claimDeliveries(claim);
  const token = deliveries[0]?.token ?? 0;
  const pool = newPool(1);
  const host = await pool.connect();
  await host.query(`begin; update ${schema}.deliveries set notifier = notifier where id = 'held'`);
  const waiting = storage.settleDelivery('acme', 'held', token, { state: 'sent' });
  expect(await storage.settleDelivery('acme', 'free', token, { state: 'sent' })).toMatchObject({ state: 'sent' });
  const waiters = await newPool(1).query(LOCK_WAITERS);
  expect(waiters.rows).toEqual([]);
  await host.query('rollback');
  host.release();
  expect(await waiting).toMatchObject({ id: 'held', state: 'sent' });
});

/** One delivery of a page to ana, and a host that has run `sql` on its row in a transaction that is still open. */
async function heldDelivery(sql: string, state: Partial<StoredDelivery> = {}) {
  const { pool, schema } = await newStorage();
  const { pool: seen, queries } = watched(pool);
  const storage = postgresStorage({ pool: seen, schema });
  await storage.commit([change({ deliveries: [delivery('d', { incidentId: 'i1', user: 'ana', ...state })] })]);
  await storage.claimDeliveries({ tenants: ['acme'], limit: 1, leaseMs: 1_000 });
  const host = await newPool(1).connect();
  await host.query(`begin; update ${schema}.deliveries set ${sql}`);
  /** What `ask` answers when the host ends its transaction after the database was asked. */
  const answerAfter = async <T>(end: 'commit' | 'rollback', ask: (storage: Storage) => Promise<T>): Promise<T> => {
    const before = queries.length;
    const asked = ask(storage);
    await expect.poll(() => queries.length).toBeGreaterThan(before);
    await host.query(end);
    host.release();
    return asked;
  };
  return { storage, answerAfter };
}

test('a lease is not extended after a withdrawal that committed while it was asked for', async () => {
  const { answerAfter } = await heldDelivery("state = 'withdrawn', ready_at = null");
  expect(await answerAfter('commit', (storage) => storage.extendDelivery('acme', 'd', 1, 60_000))).toBe(false);
});

test('a lease is extended after a transaction that had its row and was rolled back', async () => {
  const { answerAfter } = await heldDelivery("state = 'withdrawn', ready_at = null");
  expect(await answerAfter('rollback', (storage) => storage.extendDelivery('acme', 'd', 1, 60_000))).toBe(true);
});

test('a delivery that a host’s transaction keeps is hastened or put back to work when it is free, not passed over', async () => {
  const later = await heldDelivery('notifier = notifier', { dueAt: Date.now() + DAY });
  expect(await later.answerAfter('rollback', (storage) => storage.hasten('acme', 'i1', 2, 'ana'))).toBe(true);
  const dead = await heldDelivery('notifier = notifier', { state: 'dead' });
  expect(await dead.answerAfter('rollback', (storage) => storage.revive('acme', 'd'))).toBe(true);
  for (const { storage } of [later, dead]) expect(await storage.figures(['acme'])).toMatchObject({ dueDeliveries: 1 });
});

test('a row that stays locked is given up in the end, and leaves nobody waiting in the database', async () => {
  const { storage, schema } = await newStorage();
  await storage.commit([change({ deliveries: [delivery('d', { incidentId: 'i1', user: 'ana' }), delivery('e')] })]);
  await storage.commit([change({ timers: [arm('step')] })]);
  const claim = { tenants: ['acme'], limit: 9, leaseMs: 1_000 };
  const { deliveries } = await storage.claimDeliveries(claim);
  const [timer] = (await storage.claimTimers(claim)).timers;
  const token = deliveries[0]!.token;
  await storage.settleDelivery('acme', 'e', token, { state: 'dead', error: 'no' });
  const host = await newPool(1).connect();
  await host.query(`begin; select 1 from ${schema}.deliveries, ${schema}.timers for update`);
  await storage.dropTimer(timer!);
  const ends = await Promise.allSettled([
    storage.extendDelivery('acme', 'd', token, 60_000),
    storage.settleDelivery('acme', 'd', token, { state: 'sent' }),
    storage.revive('acme', 'e'),
  ]);
  expect(ends.map((end) => end.status === 'rejected' && String(end.reason))).toEqual([
    'Error: Delivery d is locked by another transaction.',
    'Error: Delivery d is locked by another transaction.',
    'Error: Delivery e is locked by another transaction.',
  ]);
  const waiters = await host.query(LOCK_WAITERS);
  expect(waiters.rows).toEqual([]);
  await host.query('rollback');
  host.release();
  expect((await storage.figures(['acme'])).deadDeliveries).toBe(1);
});

test('a delivery, an alert and an event that are no JSON hurt no other row', async () => {
  const { storage, pool, schema } = await newStorage();
  const alert = { id: 'a1', tenant: 'acme', routeKey: 'r', dedupKey: 'disk', service: 's', incidentId: 'i1' } as const;
  const times = { openedAt: 1, lastSeenAt: 1, count: 1, labels: {}, links: [] } as const;
  const opened = { ...alert, ...times, status: 'firing', severity: 'SEV1', title: 'Disk full' } as const;
  await storage.commit([
    change({
      incidents: [newIncident('i1')],
      alerts: [{ type: 'open', alert: opened }],
      deliveries: [delivery('bad'), delivery('good')],
    }),
  ]);
  await pool.query(`update ${schema}.deliveries set body = '{' where id = 'bad'`);
  await pool.query(`update ${schema}.alerts set body = 'nonsense'`);
  await pool.query(`update ${schema}.timeline set body = ''`);
  const { deliveries } = await storage.claimDeliveries({ tenants: ['acme'], limit: 10, leaseMs: 1_000 });
  expect(deliveries.map(({ delivery: { id, isUnreadable } }) => [id, isUnreadable ?? false]).toSorted()).toEqual([
    ['bad', true],
    ['good', false],
  ]);
  expect(await storage.listDeliveries('acme', {})).toHaveLength(2);
  const keys = { tenant: 'acme', alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] };
  expect((await storage.load(keys)).alerts).toMatchObject([{ id: 'a1', title: 'Alert a1', dedupKey: 'disk' }]);
  expect(await storage.listAlerts('acme', {})).toMatchObject([{ title: 'Alert a1' }]);
  await expect(storage.timeline('acme', 'i1')).rejects.toMatchObject({ code: 'TIMELINE_INVALID' });
});

test('a client without a transaction is refused before anything is written', async () => {
  const { storage, found } = await newStorage();
  const client = await newPool(1).connect();
  const session = storage.withClient(client);
  await expect(session.commit([change({ incidents: [newIncident('i1')] })])).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
  await expect(storage.withClient(client).load({ tenant: 'acme' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await found('i1')).toBeUndefined();
  client.release();
});

test('an answer that a host’s driver reads otherwise is understood all the same', async () => {
  const count = { collection: 'c', id: 'n', add: 2 };
  const { pool, schema } = await newStorage();
  const text = { getTypeParser: () => (value: string) => value };
  const reading = {
    connect: async () => {
      const client = await pool.connect();
      return new Proxy(client, {
        get(target, name) {
          if (name === 'query') return (asked: object) => target.query({ ...asked, types: text } as never);
          const value = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
    on: () => pool,
  };
  const storage = postgresStorage({ pool: reading as never, schema });
  const first = change({ incidents: [newIncident('i1')] });
  expect(await storage.commit([first])).toEqual(['applied']);
  expect(await storage.commit([change({ incidents: [newIncident('i1')] }), first])).toEqual(['conflict', 'applied']);
  await postgresStorage({ pool: reading as never, schema, migrations: 'check' }).migrate();
  await storage.commit([change({ timers: [arm('step')], deliveries: [delivery('d')], counters: [count] })]);
  const claim = { tenants: ['acme'], limit: 9, leaseMs: 0 };
  expect((await storage.claimDeliveries(claim)).deliveries).toMatchObject([{ token: 1, isReclaimed: false }]);
  expect((await storage.claimDeliveries(claim)).deliveries).toMatchObject([{ token: 2, isReclaimed: true }]);
  const { now, timers } = await storage.claimTimers(claim);
  expect(timers).toEqual([
    { tenant: 'acme', ownerKind: 'incident', ownerId: 'i1', kind: 'step', armedSeq: 1, dueAt: T0 },
  ]);
  expect(now).toBeGreaterThan(T0);
  expect(await storage.extendDelivery('acme', 'd', 2, 60_000)).toBe(true);
  expect(await storage.settleDelivery('acme', 'd', 2, { state: 'sent' })).toMatchObject({ attempts: 2, state: 'sent' });
  const { counters, incidents } = await storage.load({ tenant: 'acme', incidents: ['i1'], counters: [count] });
  expect([counters[0]?.value, incidents[0]?.version]).toEqual([2, 1]);
  expect(await storage.figures(['acme'])).toMatchObject({ dueTimers: 1, oldestDueAt: T0, missedWakeUps: 0 });
  expect(await storage.prune('acme', { endedBefore: T0, limit: 9 })).toBe(0);
});

test('a migration that is refused leaves no connection in a transaction', async () => {
  const schema = newSchema();
  const pool = newPool(1);
  await pool.query(`create schema ${schema}; create view ${schema}.timers as select 1`);
  await expect(postgresStorage({ pool, schema }).migrate()).rejects.toThrow(/timers/);
  const { rows } = await pool.query('select count(*)::int as tables from pg_tables where schemaname = $1', [schema]);
  expect(rows).toEqual([{ tables: 0 }]);
});

test('a change that cannot be stored rejects the call with nothing written, and the others may be made alone', async () => {
  const { storage, found } = await newStorage();
  const document = { collection: 'c', id: 'd', expectedVersion: 0 };
  for (const [n, data] of [
    ['1', { big: 1n }],
    ['2', 'fine'],
  ] as const) {
    const bad = n === '1' ? { ...document, data } : { ...document, data, expectedVersion: 1.5 };
    const good = change({ incidents: [newIncident(`a${n}`)] });
    const changes = [good, change({ incidents: [newIncident(`b${n}`)], documents: [bad] })];
    // What cannot become JSON is refused before anything is sent.
    await expect((async () => storage.commit(changes))()).rejects.toThrow();
    expect(await found(`a${n}`)).toBeUndefined();
    expect(await storage.commit([good])).toEqual(['applied']);
    expect(await found(`b${n}`)).toBeUndefined();
  }
});

test('a statement that takes too long, and a pool that has no connection to lend, are given up by the client', async () => {
  const { storage, pool, schema } = await newStorage();
  const hasty = postgresStorage({ pool, schema, statementTimeoutMs: 100 });
  const host = await newPool(1).connect();
  await host.query(`begin; lock table ${schema}.timeline in access exclusive mode`);
  await expect(hasty.timeline('acme', 'i')).rejects.toThrow(/timeout/);
  await host.query('rollback');
  host.release();
  expect(await hasty.timeline('acme', 'i')).toEqual([]);

  const small = newPool(1);
  const starved = postgresStorage({ pool: small, schema, statementTimeoutMs: 100 });
  const only = await small.connect();
  await expect(starved.nextDue(['acme'])).rejects.toThrow(/No connection/);
  only.release();
  expect((await starved.nextDue(['acme'])).dueAt).toBeUndefined();
  expect(await storage.timeline('acme', 'i')).toEqual([]);
});

test('a commit that Postgres ends to break a deadlock is tried again', async () => {
  const { storage, pool, schema } = await newStorage();
  let met = 0;
  const { pool: unlucky } = watched(pool, async ({ text }) => {
    if (!text.includes('commit_2') || met === 2) return;
    met += 1;
    throw Object.assign(new Error('deadlock detected'), { severity: 'ERROR', code: '40P01' });
  });
  const other = postgresStorage({ pool: unlucky, schema });
  expect(await other.commit([change({ incidents: [newIncident('i')] })])).toEqual(['applied']);
  expect(met).toBe(2);
  expect((await storage.load({ tenant: 'acme', incidents: ['i'] })).incidents).toHaveLength(1);
});

test('a commit is one round trip, whether of one change or of many, and nothing depends on the session', async () => {
  const schema = newSchema();
  await postgresStorage({ pool: newPool(), schema }).migrate();
  const { pool, queries } = watched(newPool());
  const storage = postgresStorage({ pool, schema });
  await storage.commit([change({ incidents: [newIncident('i')], deliveries: [delivery('d')], timers: [arm('step')] })]);
  expect(queries).toHaveLength(1);
  await storage.commit(Array.from({ length: 32 }, (_, n) => change({ incidents: [newIncident(`m${n}`)] })));
  expect(queries).toHaveLength(2);
  await storage.load({ tenant: 'acme', incidents: ['i'], alertKeys: [{ routeKey: 'r', dedupKey: 'd' }] });
  await storage.claimTimers({ tenants: ['acme'], limit: 1, leaseMs: 1 });
  const claimed = await storage.claimDeliveries({ tenants: ['acme'], limit: 1, leaseMs: 1 });
  await storage.settleDelivery('acme', 'd', claimed.deliveries[0]!.token, { state: 'sent' });
  await storage.figures(['acme']);
  await storage.prune('acme', { limit: 1 });
  expect(queries).toHaveLength(8);
  const bound = queries.filter((query) => 'name' in query || /^\s*(set|listen|prepare|declare)\b/i.test(query.text));
  expect(bound).toEqual(NEVER);
});

test('changes of one call that touch the same rows are applied in their order, in one round trip', async () => {
  const schema = newSchema();
  await postgresStorage({ pool: newPool(), schema }).migrate();
  const { pool, queries } = watched(newPool());
  const storage = postgresStorage({ pool, schema });
  const opened = newIncident('i1');
  const noted = incidentChange({ version: 1, snapshot: opened.snapshot }, [note('x')]);
  const answers = await storage.commit([
    change({
      incidents: [opened],
      alerts: [openAlert('a1')],
      deliveries: [delivery('d1', { page: 2 })],
      timers: [arm('step')],
    }),
    change({ incidents: [noted], alerts: [repeat('a1'), clear('a1')], timers: [cancel('step')] }),
    change({ alerts: [openAlert('a2')], withdrawals: [{ incidentId: 'i1', beforePage: 3, because: 'resolved' }] }),
    change({ deliveries: [delivery('d2', { page: 2 })], timers: [arm('step', { armedSeq: 7 })] }),
  ]);
  expect(answers).toEqual(['applied', 'applied', 'applied', 'applied']);
  expect(queries).toHaveLength(1);
  expect(await storage.listAlerts('acme', {})).toMatchObject([
    { id: 'a2', status: 'firing', count: 1 },
    { id: 'a1', status: 'cleared', count: 2 },
  ]);
  const states = (await storage.listDeliveries('acme', {})).map(({ id, state }) => `${id} ${state}`);
  expect(states).toEqual(['d1 withdrawn', 'd2 pending']);
  const { timers } = await storage.claimTimers({ tenants: ['acme'], limit: 9, leaseMs: 1 });
  expect(timers).toMatchObject([{ kind: 'step', armedSeq: 7 }]);
  expect(await storage.timeline('acme', 'i1')).toHaveLength(2);
});

test('what is due is told to the wake function in the same transaction', async () => {
  const { storage, pool, schema } = await newStorage({ nowSql: String(T0) });
  await pool.query(`create table ${schema}.woken (key text, due bigint);
    create or replace function ${schema}.wake(keys text[], dues bigint[]) returns void language sql
    as 'insert into ${schema}.woken select * from unnest(keys, dues)'`);
  const woken = async () => {
    const { rows } = await pool.query(`delete from ${schema}.woken returning key, due::double precision`);
    return rows.map(({ key, due }) => `${key} ${due - T0}`).toSorted();
  };
  const whole = change({
    timers: [arm('step', { dueAt: T0 + 0.5 }), arm('close', { dueAt: T0 + 9 })],
    deliveries: [delivery('d1'), delivery('d2'), delivery('d3', { dueAt: T0 + 5 })],
  });
  await storage.commit([whole]);
  const all = ['d/acme/i1/2/', 'd/acme/i1/2/', 't/acme/incident/i1/close 9', 't/acme/incident/i1/step 1'];
  const told = await woken();
  expect(told.map((text) => text.replace(/(2\/)\d+ .*/, '$1'))).toEqual(all);
  expect(told.slice(0, 2).map((text) => text.split(' ')[1])).toEqual(['0', '5']);

  await storage.commit([
    whole,
    change({ documents: [{ collection: 'c', id: 'd', expectedVersion: 9, data: 1 }], timers: [arm('x')] }),
  ]);
  expect(await woken()).toEqual([]);
  const { deliveries } = await storage.claimDeliveries({ tenants: ['acme'], limit: 9, leaseMs: 1 });
  const [one, two] = deliveries;
  await storage.settleDelivery('acme', one!.delivery.id, one!.token, { state: 'retry', afterMs: 7, error: 'x' });
  await storage.settleDelivery('acme', two!.delivery.id, two!.token, { state: 'dead', error: 'x' });
  expect(await woken()).toEqual([`d/acme/${one!.delivery.id} 7`]);
  await storage.hasten('acme', 'i1', 2, 'ana');
  expect(await woken()).toEqual(['d/acme/d3 0']);
  await storage.revive('acme', two!.delivery.id);
  expect(await woken()).toEqual([`d/acme/${two!.delivery.id} 0`]);
});

test('a wake-up that was dropped is counted, and a repeated migration leaves the wake function alone', async () => {
  const { storage, pool, schema } = await newStorage();
  expect((await storage.figures(['acme'])).missedWakeUps).toBe(0);
  await pool.query(`create or replace function ${schema}.wake(keys text[], dues bigint[]) returns void language plpgsql
    as $$ begin perform nextval('${schema}.missed_wake_ups'); end $$`);
  for (const { sql } of postgresMigrations({ schema })) await pool.query(sql);
  await storage.commit([change({ timers: [arm('step')] })]);
  expect((await storage.figures(['acme'])).missedWakeUps).toBe(1);
});

test('a server that is killed and comes back has what was committed, and the same storage goes on', async () => {
  const own = await postgresForTests({ isOwn: true });
  const pool = new pg.Pool({ connectionString: own.url(), max: 4 });
  open.push(pool);
  const storage = postgresStorage({ pool });
  await storage.migrate();
  const first = change({ incidents: [newIncident('i')], deliveries: [delivery('d', { incidentId: 'i' })] });
  await storage.commit([first]);
  await own.crash();
  await expect(storage.commit([change({ incidents: [newIncident('j')] })])).rejects.toThrow();
  await own.restart();
  expect(await storage.commit([first, change({ incidents: [newIncident('j')] })])).toEqual(['applied', 'applied']);
  expect(await storage.timeline('acme', 'i')).toHaveLength(1);
  expect(await storage.listDeliveries('acme', {})).toMatchObject([{ id: 'd', state: 'pending' }]);
  await own.stop();
});

test('the rights that the document names are enough to work', async () => {
  const own = await postgresForTests({ isOwn: true, fsync: false });
  const [owner, app] = ['postgres', 'app'].map(
    (role) => new pg.Pool({ connectionString: own.url().replace('postgres@', `${role}@`) }),
  );
  open.push(owner!, app!);
  await postgresStorage({ pool: owner! }).migrate();
  const grants = /```sql\n([\s\S]*?)```/.exec(readFileSync('docs/storage-postgres.md', 'utf8'))![1]!;
  await owner!.query(`create role app login; ${grants}`);
  const storage = postgresStorage({ pool: app!, migrations: 'check' });
  await storage.migrate();
  expect(await storage.commit([wholeChange()])).toEqual(['applied']);
  await storage.load({ tenant: 'acme', incidents: ['i1'], alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] });
  const claim = { tenants: ['acme'], limit: 9, leaseMs: 9 };
  expect((await storage.claimTimers(claim)).timers).toHaveLength(1);
  expect((await storage.claimDeliveries(claim)).deliveries).toHaveLength(1);
  expect((await storage.figures(['acme'])).leasedDeliveries).toBeLessThanOrEqual(1);
  expect(await storage.prune('acme', { endedBefore: T0, limit: 9 })).toBe(0);
  await Promise.all(open.splice(open.indexOf(owner!), 2).map((pool) => pool.end()));
  await own.stop();
});

test('options and clients that cannot work are refused at once', async () => {
  const pool = newPool();
  const refused = { code: 'INPUT_INVALID' };
  const opening = (options: object) => () => postgresStorage({ pool, ...options });
  const wrong = [
    { schema: 'a"b' },
    { schema: 'Upper' },
    { migrations: 'no' },
    { lockTimeoutMs: 0 },
    { pool: {} },
    { x: 1 },
  ];
  for (const options of wrong) expect(opening(options)).toThrow(expect.objectContaining(refused));
  expect(() => postgresMigrations({ schema: 'a;b' })).toThrow(expect.objectContaining(refused));
  const { storage } = await newStorage();
  for (const client of [pool, {}, undefined, 'client', { query: 1 }]) {
    expect(() => storage.withClient(client)).toThrow(expect.objectContaining(refused));
  }
});
