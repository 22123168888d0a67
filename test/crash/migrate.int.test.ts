/**
 * A process that is killed while it makes its tables: the next one finds nothing half-made, and works.
 */
import { execFile } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, expect, type TestContext, test } from 'vitest';
import { postgresForTests } from '../support/postgres.ts';
import { type Database, postgresDatabase, sqliteDatabase } from './database.ts';
import { expectNothingLost } from './expect-nothing-lost.ts';
import { startWorker } from './worker-process.ts';
import { openWorld } from './world.ts';

const server = await postgresForTests({ fsync: false });

afterAll(() => server.stop());

/** The next process makes the tables and pages. */
async function expectItWorks({ onTestFinished }: TestContext, database: Database): Promise<void> {
  const world = await openWorld({ database, seed: 7, workers: 1, questions: 0 });
  onTestFinished(() => world.close());
  await world.start();
  await world.ask(3);
  await expectNothingLost(world);
}

test('killed half-way through its migration of SQLite, it has made nothing', async (context) => {
  const database = sqliteDatabase();
  const script = fileURLToPath(new URL('./half-migrated.ts', import.meta.url));
  const killed = promisify(execFile)(process.execPath, [script, database.address]);
  await expect(killed).rejects.toMatchObject({ signal: 'SIGKILL' });
  const file = new DatabaseSync(database.address);
  const tables = file.prepare('SELECT name FROM sqlite_schema').all();
  file.close();
  expect(tables).toEqual([]);
  await expectItWorks(context, database);
}, 60_000);

test('killed half-way through its migration of Postgres, it has made nothing', async (context) => {
  const database = await postgresDatabase(server);
  const [other, observer] = [new pg.Client(database.address), new pg.Client(database.address)];
  for (const client of [other, observer]) {
    client.on('error', () => {});
    await client.connect();
    context.onTestFinished(() => client.end());
  }
  // One of its tables is being made by somebody else, for whom it waits with the others made.
  await other.query('create schema tocsin');
  await other.query('begin; create table tocsin.deliveries ()');
  const worker = startWorker({ name: 'killed', database: database.address, receiver: '', runner: 'local' });
  context.onTestFinished(() => worker.signal('SIGKILL'));
  const migrating = async () => {
    const { rows } = await observer.query(
      "select wait_event_type from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()",
    );
    return rows.map(({ wait_event_type }) => wait_event_type);
  };
  await expect.poll(migrating, { timeout: 20_000 }).toEqual(['Lock']);
  worker.signal('SIGKILL');
  await worker.gone;
  await other.query('rollback');
  await expect.poll(migrating, { timeout: 20_000 }).toEqual([]);
  const { rows } = await observer.query("select relname from pg_class where relnamespace = 'tocsin'::regnamespace");
  expect(rows).toEqual([]);
  await expectItWorks(context, database);
}, 60_000);
