/**
 * The Postgres of the tests: it starts from either place, and survives a crash with what was committed.
 */
import pg from 'pg';
import { expect, test } from 'vitest';
import { LOCK_WAITERS, postgresForTests } from './postgres.ts';

async function ask(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('a crashed server comes back with what was committed', async () => {
  const server = await postgresForTests({ isOwn: true });
  const { url } = await server.freshDatabase();
  await ask(url, 'create table kept as select 1 as n');
  const open = new pg.Client(url);
  open.on('error', () => {});
  await open.connect();
  await server.crash();
  await expect(ask(url, 'select 1')).rejects.toThrow();
  await server.restart();
  expect(await ask(url, 'select n from kept')).toEqual([{ n: 1 }]);
  await server.stop();
});

test('the server that npm brought along does as well', async () => {
  const server = await postgresForTests({ from: 'npm', fsync: false });
  const { url, drop } = await server.freshDatabase();
  expect(await ask(url, 'show fsync')).toEqual([{ fsync: 'off' }]);
  await waitersAreSeen(url, (await server.freshDatabase()).url);
  await drop();
  await server.stop();
});

/** Whoever waits for a lock in `url` is seen there, and not in `other`. */
async function waitersAreSeen(url: string, other: string): Promise<void> {
  await ask(url, 'create table fought as select 1 as n');
  const [holder, waiter] = [new pg.Client(url), new pg.Client(url)];
  await Promise.all([holder.connect(), waiter.connect()]);
  await holder.query('begin; select n from fought for update');
  const waiting = waiter.query('select n from fought for update');
  await expect.poll(() => ask(url, LOCK_WAITERS)).toHaveLength(1);
  expect(await ask(other, LOCK_WAITERS)).toEqual([]);
  await holder.query('rollback');
  await waiting;
  await Promise.all([holder.end(), waiter.end()]);
}
