/**
 * Memory keeps every promise of a storage but durability.
 */
import { expect, test } from 'vitest';
import { memoryStorage } from '../../src/storage/memory.ts';
import { change } from '../../src/testing/storage/rows.ts';
import { testStorage } from '../../src/testing/test-storage.ts';
import { openMemory } from './open-memory.ts';

const untried = testStorage(test, openMemory, { lacks: ['corrupt', 'newer'] });

test('all that the kit could not try of memory is what memory cannot meet: text that is no JSON, and newer data', () => {
  expect(new Set(untried.map((title) => title.split(' ')[0]))).toEqual(new Set(['S15', 'S16']));
});

test('without a clock it takes the time of this process', async () => {
  const before = Date.now();
  const { now } = await memoryStorage().load({ tenant: 'acme' });
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test('two memories share nothing', async () => {
  const document = { collection: 'c', id: 'd', expectedVersion: 0, data: 1 };
  await memoryStorage().commit([change({ documents: [document] })]);
  const { documents } = await memoryStorage().load({ tenant: 'acme', documents: [document] });
  expect(documents).toEqual([]);
});
