/**
 * Memory keeps every promise of a storage but durability.
 */
import { expect, test } from 'vitest';
import { memoryStorage } from '../../src/storage/memory.ts';
import { storagePromises } from './promises.ts';

storagePromises((clock) => memoryStorage({ clock }));

test('without a clock it takes the time of this process', async () => {
  const before = Date.now();
  const { now } = await memoryStorage().load({ tenant: 'acme' });
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test('two memories share nothing', async () => {
  const one = memoryStorage();
  const document = { collection: 'c', id: 'd', data: 1 };
  const none = { incidents: [], alerts: [], timers: [], deliveries: [], withdrawals: [] };
  await one.commit([{ ...none, commitId: '1', tenant: 'acme', documents: [document] }]);
  const { documents } = await memoryStorage().load({ tenant: 'acme', documents: [document] });
  expect(documents).toEqual([]);
});
