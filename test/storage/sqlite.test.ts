/**
 * SQLite keeps every promise of a storage.
 */
import { expect, test } from 'vitest';
import { testStorage } from '../../src/testing/test-storage.ts';
import { migrated, openSqlite } from './open-sqlite.ts';

testStorage(test, openSqlite);

test('without a clock it takes the time of this process', async () => {
  const storage = await migrated(':memory:');
  const before = Date.now();
  const { now } = await storage.load({ tenant: 'acme' });
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});
