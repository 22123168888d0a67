/**
 * One Postgres for all files that ask for any: started before the first of them, stopped after the last.
 *
 * Each test has a database of its own in it. Whoever crashes a server, or sets it up otherwise, starts one of its own.
 */
import { postgresForTests, type TestPostgres } from './postgres.ts';

let server: TestPostgres | undefined;

/** Starts the server, unless one was given. */
export async function setup(): Promise<void> {
  if (process.env.DATABASE_URL) return;
  server = await postgresForTests({ fsync: false, settings: { max_connections: '500' } });
  process.env.DATABASE_URL = server.url();
}

/** Stops it. */
export async function teardown(): Promise<void> {
  await server?.stop();
}
