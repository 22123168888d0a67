/**
 * Late, doubled and out of order: what counts when a source says when something happened.
 */
import { describe, expect, test } from 'vitest';
import { type AlertEvent, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, HOUR, MINUTE, T0, trigger, type World, world } from './world.ts';

const minute = (n: number) => new Date(T0 + n * MINUTE);
const fires = (n: number, more: Partial<AlertEvent> = {}) => trigger('disk', { occurredAt: minute(n), ...more });
const ends = (n: number): AlertEvent => ({ action: 'resolve', dedupKey: 'disk', occurredAt: minute(n) });
const outcomes = async ({ tocsin }: World, ...events: readonly AlertEvent[]) => {
  const seen: string[] = [];
  for (const event of events) seen.push((await tocsin.ingest(event))[0]?.outcome ?? '');
  return seen;
};
/** A world in which an hour has passed, so that nothing below lies in the future. */
async function later(): Promise<World> {
  const w = world();
  await w.sleep(HOUR);
  return w;
}

describe('a resolve', () => {
  test('that is older than the last trigger resolves nothing', async () => {
    expect(await outcomes(await later(), fires(1), fires(5), ends(3))).toEqual(['opened', 'deduplicated', 'dropped']);
  });

  test('that is as old as the last trigger resolves: the order in which they came counts', async () => {
    expect(await outcomes(await later(), fires(1), ends(1))).toEqual(['opened', 'resolved']);
  });

  test('that comes before its trigger is remembered, so that nobody is paged for what is over', async () => {
    const w = await later();
    expect(await outcomes(w, ends(3), fires(1))).toEqual(['dropped', 'dropped']);
    await w.pass(MINUTE);
    expect(w.news()).toEqual([]);
  });

  test('without a moment always resolves', async () => {
    expect(await outcomes(await later(), fires(5), { action: 'resolve', dedupKey: 'disk' })).toEqual([
      'opened',
      'resolved',
    ]);
  });
});

describe('a trigger', () => {
  test('that is older than the end of its problem does not bring it back', async () => {
    const w = await later();
    expect(await outcomes(w, fires(1), ends(3), fires(1), fires(2))).toEqual([
      'opened',
      'resolved',
      'dropped',
      'dropped',
    ]);
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ alertsState: 'clearing' }]);
  });

  test('that is newer does', async () => {
    expect(await outcomes(await later(), fires(1), ends(3), fires(4))).toEqual(['opened', 'resolved', 'joined']);
  });

  test('without a moment does', async () => {
    expect(await outcomes(await later(), fires(1), ends(3), trigger())).toEqual(['opened', 'resolved', 'joined']);
  });

  test('that still comes more than an hour after the end is believed: a source that says so means it', async () => {
    const w = await later();
    await outcomes(w, fires(1), ends(59));
    await w.pass(HOUR);
    expect(await outcomes(w, fires(1))).toEqual(['opened']);
  });

  test('from a clock that runs ahead counts as now, and keeps no later resolve away', async () => {
    const w = await later();
    expect(await outcomes(w, fires(9_999))).toEqual(['opened']);
    await w.sleep(MINUTE);
    expect(await outcomes(w, ends(61))).toEqual(['resolved']);
  });

  test('with the resolve of a clock that runs ahead is not lost for longer than that clock', async () => {
    const w = await later();
    await outcomes(w, fires(1), ends(9_999));
    await w.sleep(MINUTE);
    expect(await outcomes(w, fires(61))).toEqual(['joined']);
  });
});

test('an acknowledgement of the problem before this one acknowledges nothing', async () => {
  const w = await later();
  await outcomes(w, fires(1), ends(3), fires(4));
  expect(await outcomes(w, { action: 'acknowledge', dedupKey: 'disk', occurredAt: minute(2) })).toEqual(['dropped']);
  expect(await outcomes(w, { action: 'acknowledge', dedupKey: 'disk', occurredAt: minute(5) })).toEqual([
    'acknowledged',
  ]);
});

describe('fields that are merged', () => {
  const merging = config({ routes: [{ service: 'checkout', merge: { 'labels.host': 'append', title: 'last' } }] });
  const on = (host: string) => trigger('disk', { title: `Full on ${host}`, labels: { host } });

  test('say what the repeats have said, and pages go out as they were', async () => {
    const w = world({ config: merging });
    await w.tocsin.ingest([on('a'), on('b'), on('b'), on('c')]);
    const [alert] = await w.tocsin.alerts.list();
    expect(alert).toMatchObject({ title: 'Full on c', labels: { host: 'a, b, c' }, count: 4 });
    expect((await w.tocsin.incidents.list()).items).toMatchObject([{ title: 'Full on a' }]);
  });

  test('lose nothing when two nodes append at once', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const nodes = [1, 2, 3, 4].map(() => world({ clock, storage, config: merging }));
    await nodes[0]?.tocsin.ingest(on('first'));
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        nodes[n % nodes.length]?.tocsin.ingest(on(`h${String(n).padStart(2, '0')}`)),
      ),
    );
    const [alert] = (await nodes[0]?.tocsin.alerts.list()) ?? [];
    expect(alert?.labels.host?.split(', ').sort()).toEqual([
      'first',
      ...Array.from({ length: 40 }, (_, n) => `h${String(n).padStart(2, '0')}`),
    ]);
    expect(alert?.count).toBe(41);
  });
});
