/**
 * The Postgres of the tests: it starts from either place, and survives a crash with what was committed.
 */
import pg from 'pg';
import { expect, test } from 'vitest';
import { postgresForTests } from './postgres.ts';

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
  await drop();
  await server.stop();
});
