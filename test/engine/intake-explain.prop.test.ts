/**
 * explain and ingest: what is explained is what then happens, whatever is configured and whatever has happened before.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AlertEvent,
  type ConfigInput,
  type Explanation,
  type IngestResult,
  memoryStorage,
} from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { anyConfig, anyEvent, anyPause } from './intake-worlds.ts';
import { events, T0, type World, world } from './world.ts';

const RUNS = 400;

/** Everything that is stored, as far as it can be listed. */
async function stored({ storage }: World): Promise<string> {
  const alerts = await storage.listAlerts('default', { limit: 1_000 });
  const { items } = await storage.listIncidents('default', { limit: 1_000 });
  const collections = ['alert-notes', 'inhibitors', 'alert-rates', 'group-begun', 'delivery-ids'];
  const documents = await Promise.all(
    collections.map((collection) => storage.listDocuments('default', { collection, limit: 1_000 })),
  );
  return JSON.stringify([alerts, items, documents]);
}

async function sameAsThen(w: World, event: AlertEvent): Promise<void> {
  const before = await stored(w);
  const answer = await w.tocsin.explain(event);
  const explained: Explanation = JSON.parse(JSON.stringify(answer));
  expect(explained).toEqual(answer);
  expect(await stored(w)).toBe(before);
  const [result] = await w.tocsin.ingest(event);
  if (result === undefined) throw new Error('no result');
  expect([explained.outcome, explained.reason]).toEqual([result.outcome, result.reason]);
  expect(explained.suppression.suppressed).toBe(result.outcome === 'suppressed');
  if (explained.alertId !== undefined) expect(explained.alertId).toBe(result.alertId);
  if (explained.incidentId !== undefined) expect(explained.incidentId).toBe(result.incidentId);
  if (event.action === 'trigger') await sameAlert(w, explained, result);
}

async function sameAlert(w: World, explained: Explanation, result: IngestResult): Promise<void> {
  const alert = result.alertId === undefined ? undefined : await w.tocsin.alerts.get(result.alertId);
  const isNew = alert?.count === 1 && explained.alertId === undefined;
  if (isNew) expect([alert.service, alert.severity]).toEqual([explained.route.service, explained.severity.severity]);
  if (result.outcome !== 'opened' || result.incidentId === undefined) return;
  const pages = (await events(w.tocsin, result.incidentId)).filter(({ type }) => type === 'page.requested');
  const asked = pages.flatMap((page) => (page.type === 'page.requested' ? page.recipients : []));
  const told = explained.ladder.find(({ people }) => people.length > 0)?.people ?? [];
  expect(asked.map(({ user, contacts }) => [user, contacts.map(({ address }) => address)])).toEqual(
    told.map(({ user, contacts }) => [user, contacts.map(({ address }) => address)]),
  );
}

async function history(config: ConfigInput, steps: readonly (readonly [AlertEvent, number])[]): Promise<void> {
  const clock = virtualClock({ start: T0 });
  const w = world({ clock, storage: memoryStorage({ clock }), config });
  for (const [event, pauseMs] of steps) {
    if (pauseMs > 0) await w.pass(pauseMs, pauseMs);
    await sameAsThen(w, event);
  }
}

test('what is explained is what then happens, with the reasons and the people, and explaining writes nothing', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyConfig, fc.array(fc.tuple(anyEvent, anyPause), { minLength: 1, maxLength: 8 }), history),
    { numRuns: RUNS },
  );
});
