/**
 * Postgres keeps every promise of a storage: directly, and through a pooler that lends a connection for one transaction.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { testStorage } from '../../src/testing/index.ts';
import { pgbouncerFor } from '../support/pgbouncer.ts';
import { postgresForTests } from '../support/postgres.ts';
import { postgresFixtures } from '../support/postgres-fixture.ts';

const server = await postgresForTests({ fsync: false });
const [one, other] = [await server.freshDatabase(), await server.freshDatabase()];
const direct = await postgresFixtures(one.url);
const pooler = await pgbouncerFor(other.url);
const pooled = 'missing' in pooler ? undefined : await postgresFixtures(pooler.url, other.url);

afterAll(async () => {
  await direct.close();
  await pooled?.close();
  if ('stop' in pooler) await pooler.stop();
  await one.drop();
  await other.drop();
  await server.stop();
  // Each test has left a schema with all its tables: dropping them takes a while where others work too.
}, 60_000);

describe('directly', () => {
  const untried = testStorage(test, direct.open);
  test('no promise is left out', () => expect(untried).toEqual([]));
});

describe('through PgBouncer in transaction mode', () => {
  if (pooled === undefined) {
    test.skip(`the kit, for want of PgBouncer: ${'missing' in pooler ? pooler.missing : 'it did not start'}`);
  } else {
    const untried = testStorage(test, pooled.open);
    test('no promise is left out', () => expect(untried).toEqual([]));
  }
});
