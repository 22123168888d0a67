/**
 * SQLite keeps every promise of a storage.
 */
import { expect, test } from 'vitest';
import { CLAIM, LEASE_MS } from '../../src/testing/storage/bench.ts';
import { change, delivery, T0 } from '../../src/testing/storage/rows.ts';
import { testStorage } from '../../src/testing/test-storage.ts';
import { openMemory } from './open-memory.ts';
import { migrated, openSqlite } from './open-sqlite.ts';

testStorage(test, openSqlite);

test('without a clock it takes the time of this process', async () => {
  const storage = await migrated(':memory:');
  const before = Date.now();
  const { now } = await storage.load({ tenant: 'acme' });
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test.each([
  ['memory', openMemory],
  ['SQLite', openSqlite],
])(
  '%s hands out what became free at one moment as it was due, and what was due at one moment as it came',
  async (_, open) => {
    const { storage, setNow } = await open();
    await storage.migrate();
    await setNow(T0);
    const dues = [
      ['z', T0 - 1],
      ['y', T0 - 2],
      ['b', T0],
      ['a', T0],
    ] as const;
    for (const [id, dueAt] of dues) await storage.commit([change({ deliveries: [delivery(id, { dueAt })] })]);
    const claimed = async () => (await storage.claimDeliveries(CLAIM)).deliveries.map((one) => one.delivery.id);
    expect(await claimed()).toEqual(['y', 'z', 'b', 'a']);
    await setNow(T0 + LEASE_MS);
    expect(await claimed()).toEqual(['y', 'z', 'b', 'a']);
  },
);
