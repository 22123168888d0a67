/**
 * A disk that is full: what does not fit is rejected whole, what was accepted is paged, and work goes on by itself when there
 * is space again.
 */
import { expect, test } from 'vitest';
import { createTocsin, defineNotifier, isTocsinError, localRunner } from '../../src/index.ts';
import { temporaryPath, withItsHandle } from '../storage/open-sqlite.ts';
import { CONFIG, triggerOf } from './incidents.ts';
import { missingPages } from './missing-pages.ts';
import type { Arrival } from './receiver.ts';
import { withLease } from './with-lease.ts';

const silent = () => {};

test('a full disk rejects alerts with STORAGE_UNAVAILABLE, and nothing is lost or half-written', async ({
  onTestFinished,
}) => {
  const { storage, database } = await withItsHandle(temporaryPath());
  const arrivals: Arrival[] = [];
  const phone = defineNotifier({
    name: 'phone',
    async send({ deliveryId, incidentId = '', purpose, step = 0, to }, { idempotencyKey }) {
      arrivals.push({ from: '', key: idempotencyKey, deliveryId, incidentId, purpose, step, user: to.user ?? '' });
    },
  });
  const tocsin = createTocsin({
    config: CONFIG,
    storage: withLease(storage, 1_000),
    runner: localRunner({ pollIntervalMs: 100 }),
    notifiers: [phone],
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
  onTestFinished(() => tocsin.stop());
  await tocsin.start();

  const incidents = new Map<string, Set<string>>();
  const refused = new Map<string, unknown>();
  const ask = async (key: string) => {
    try {
      const [result] = await tocsin.ingest(triggerOf(key));
      if (result?.incidentId !== undefined) incidents.set(key, new Set([result.incidentId]));
    } catch (error) {
      refused.set(key, error);
    }
  };
  await ask('before');
  const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
  database.exec(`PRAGMA max_page_count = ${pages + 20}`);
  for (let n = 0; refused.size < 10; n += 1) await ask(`while full ${n}`);
  expect(incidents.size).toBeGreaterThan(1);
  for (const error of refused.values()) {
    expect(isTocsinError(error, 'STORAGE_UNAVAILABLE') && error.retryable).toBe(true);
  }
  const stored = async () => (await storage.listIncidents('default', { limit: 500 })).items.map(({ id }) => id);
  const accepted = () => [...incidents.values()].flatMap((ids) => [...ids]);
  expect((await stored()).toSorted()).toEqual(accepted().toSorted());

  database.exec('PRAGMA max_page_count = 1000000');
  const seen = { incidents, acknowledged: new Set<string>() };
  const missing = () => missingPages(seen, { arrivals }, storage);
  await expect.poll(missing, { timeout: 25_000, interval: 100 }).toEqual([]);
  await Promise.all([...refused.keys()].map(ask));
  await expect.poll(missing, { timeout: 25_000, interval: 100 }).toEqual([]);
  expect(incidents.size).toBe((await stored()).length);
  expect(new Set(accepted()).size).toBe(incidents.size);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  for (const { deliveryId, key } of arrivals) expect(key).toBe(deliveryId);
}, 60_000);
