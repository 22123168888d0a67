/**
 * Order: events that say when they happened lead to the same end in whatever order they come, and a call of many to the same as
 * many calls.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AlertEvent, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { anyConfig, anyEvent } from './intake-worlds.ts';
import { HOUR, MINUTE, T0, trigger, type World, world } from './world.ts';

const KEYS = ['disk', 'cpu', 'net'];

/** Triggers and resolves of a few keys, each at a minute of its own: two that happened at once have no order but that of coming. */
const moments: fc.Arbitrary<readonly AlertEvent[]> = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), fc.boolean()), { minLength: 1, maxLength: 10 })
  .map((said) =>
    said.map(([key, fires], minute) => {
      const occurredAt = new Date(T0 + minute * MINUTE);
      return fires ? trigger(key, { occurredAt }) : { action: 'resolve' as const, dedupKey: key, occurredAt };
    }),
  );

/** Every event of the list once, in another order, in calls of one or several. */
const shuffled = moments.chain((events) =>
  fc.tuple(
    fc.constant(events),
    fc.shuffledSubarray([...events], { minLength: events.length, maxLength: events.length }),
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: events.length, maxLength: events.length }),
  ),
);

async function firing({ tocsin }: World): Promise<readonly string[]> {
  const alerts = await tocsin.alerts.list({ limit: 1_000 });
  const open = alerts.filter(({ status }) => status !== 'cleared').map(({ dedupKey }) => dedupKey);
  expect(new Set(open).size).toBe(open.length);
  return open.toSorted();
}

// What is left out: how often a repeat was counted, and how many incidents an alert went through. An incident that was opened before the
// resolve came was opened; nobody can take that back. Late triggers are believed after an hour, so all of it comes within one.
test('what fires at the end is what the latest word of each key says, in whatever order the words come', async () => {
  await fc.assert(
    fc.asyncProperty(shuffled, async ([events, order, sizes]) => {
      const w = world();
      await w.sleep(HOUR / 2);
      for (let from = 0, call = 0; from < order.length; from += sizes[call] ?? 1, call++)
        await w.tocsin.ingest(order.slice(from, from + (sizes[call] ?? 1)));
      const last = new Map(events.map((event) => [event.dedupKey, event.action]));
      const expected = KEYS.filter((key) => last.get(key) === 'trigger').toSorted();
      expect(await firing(w)).toEqual(expected);
    }),
    { numRuns: 180 },
  );
});

/** Everything that can be seen, without ids. */
async function picture({ tocsin }: World) {
  const alerts = await tocsin.alerts.list({ limit: 1_000 });
  const { items } = await tocsin.incidents.list({ limit: 1_000 });
  const seen = items.map(({ id, title, severity, paging, alertsState, service }) => {
    const own = alerts.filter(({ incidentId }) => incidentId === id);
    return [title, severity, paging, alertsState, service, own.map(said).toSorted()];
  });
  const none = alerts.filter(({ incidentId }) => incidentId === undefined);
  return [seen.map((incident) => JSON.stringify(incident)).toSorted(), none.map(said).toSorted()];
}

const said = ({
  routeKey,
  dedupKey,
  status,
  severity,
  count,
  title,
}: Awaited<ReturnType<World['tocsin']['alerts']['list']>>[number]) =>
  `${routeKey} ${dedupKey} ${status} ${severity} ${count} ${title}`;

test('a call of many events ends as many calls of one event, whatever keeps quiet or groups', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(anyConfig, fc.array(anyEvent, { maxLength: 12 }), async (config, events) => {
      const [together, apart] = [0, 1].map(() => {
        const clock = virtualClock({ start: T0 });
        return world({ clock, storage: memoryStorage({ clock }), config });
      });
      if (together === undefined || apart === undefined) throw new Error('two worlds');
      const results = await together.tocsin.ingest(events);
      const singles = [];
      for (const event of events) singles.push(...(await apart.tocsin.ingest(event)));
      expect(results.map(({ outcome }) => outcome)).toEqual(singles.map(({ outcome }) => outcome));
      expect(await picture(together)).toEqual(await picture(apart));
    }),
    { numRuns: 120 },
  );
});
