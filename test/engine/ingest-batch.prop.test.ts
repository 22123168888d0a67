/**
 * A call of many events ends as the same events one call at a time.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertEvent } from '../../src/index.ts';
import { memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { acknowledge, opened, resolve, stands, T0, trigger, type World, world } from './world.ts';

const key = fc.constantFrom('disk', 'cpu', 'net');
const event: fc.Arbitrary<AlertEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(key, fc.constantFrom('critical', 'warning')).map(([k, severity]) => trigger(k, { severity })),
  },
  { weight: 2, arbitrary: key.map(resolve) },
  { weight: 1, arbitrary: key.map(acknowledge) },
  { weight: 1, arbitrary: key.map((k) => trigger(k, { deliveryId: 'same' })) },
);

/** Everything that can be seen of a tenant, without ids. */
async function picture({ tocsin }: World) {
  const alerts = await tocsin.alerts.list();
  const { items } = await tocsin.incidents.list();
  const seen = await Promise.all(
    items.map(async ({ id, title }) => {
      const timeline = await tocsin.incidents.timeline(id);
      const types = timeline.flatMap((entry) => (entry.kind === 'event' ? [entry.event.type] : []));
      const deliveries = await tocsin.deliveries.list({ incidentId: id });
      const own = alerts.filter(({ incidentId }) => incidentId === id);
      return {
        title,
        stands: await stands(tocsin, id),
        types,
        // What is asked and taken back by the same change is never written.
        deliveries: deliveries
          .filter(({ state }) => state !== 'withdrawn')
          .map(({ user, contact, state }) => `${user} ${contact} ${state}`)
          .sort(),
        alerts: own.map(({ dedupKey, status, severity, count }) => `${dedupKey} ${status} ${severity} ${count}`).sort(),
      };
    }),
  );
  return seen.map((incident) => JSON.stringify(incident)).sort();
}

test('one call of many events ends as many calls of one event', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
      const [together, apart] = [world(), world()];
      const results = await together.tocsin.ingest(events);
      const singles = [];
      for (const one of events) singles.push(...(await apart.tocsin.ingest(one)));
      expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual(
        singles.map(({ outcome, reason }) => [outcome, reason]),
      );
      expect(await picture(together)).toEqual(await picture(apart));
      await together.tocsin.tick();
      await apart.tocsin.tick();
      expect(together.news().toSorted()).toEqual(apart.news().toSorted());
    }),
    { numRuns: 60 },
  );
});

test('a hundred triggers of one key are one change; of a hundred keys, four in at most two transactions', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const sizes: number[] = [];
  const counting = {
    ...storage,
    commit: (changes: Parameters<typeof storage.commit>[0]) => {
      sizes.push(changes.length);
      return storage.commit(changes);
    },
  };
  const { tocsin } = world({ clock, storage: counting });
  await tocsin.ingest(Array.from({ length: 100 }, () => trigger('one')));
  expect(sizes).toEqual([1]);
  expect(await tocsin.alerts.list()).toMatchObject([{ count: 100 }]);
  sizes.length = 0;
  const results = await tocsin.ingest(Array.from({ length: 100 }, (_, n) => trigger(`key ${n}`)));
  expect(results.every(({ outcome }) => outcome === 'opened')).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(4);
  expect(sizes.length).toBeLessThanOrEqual(2);
});

test('commands of many people at once share transactions, and one that is refused hurts nobody', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  let transactions = 0;
  const counting = {
    ...storage,
    commit: (changes: Parameters<typeof storage.commit>[0]) => {
      transactions += 1;
      return storage.commit(changes);
    },
  };
  const { tocsin } = world({ clock, storage: counting });
  const ids: string[] = [];
  for (let n = 0; n < 32; n++) ids.push(await opened(tocsin, trigger(`key ${n}`)));
  transactions = 0;
  const answers = await Promise.allSettled([
    ...ids.map((id) => tocsin.incidents.acknowledge(id, { by: 'ana' })),
    tocsin.incidents.acknowledge('nobody knows it', { by: 'ana' }),
    tocsin.incidents.reopen(ids[0] as string, { by: 'ana' }),
  ]);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(32);
  expect(transactions).toBeLessThan(5);
});
