/**
 * Many events at once: their order, their receipts, the bad one among them, and those that race.
 */
import { expect, test } from 'vitest';
import { type AlertEvent, memoryStorage, type Tocsin } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { faulty } from './faults.ts';
import { acknowledge, incident, opened, resolve, T0, trigger, types, world } from './world.ts';

const outcomes = (results: readonly { readonly outcome: string }[]) => results.map(({ outcome }) => outcome);

test('the events of one call are taken one after the other', async () => {
  const { tocsin } = world();
  const results = await tocsin.ingest([trigger(), acknowledge(), trigger(), resolve(), resolve(), trigger()]);
  expect(outcomes(results)).toEqual(['opened', 'acknowledged', 'deduplicated', 'resolved', 'dropped', 'joined']);
  expect(new Set(results.flatMap(({ incidentId }) => incidentId ?? [])).size).toBe(1);
});

test('an empty list of events is answered by an empty list', async () => {
  expect(await world().tocsin.ingest([])).toEqual([]);
});

test('one bad event among good ones is rejected with its error, and the others count', async () => {
  const { tocsin } = world();
  const bad = { action: 'explode' } as unknown as AlertEvent;
  const results = await tocsin.ingest([trigger('one'), bad, trigger('two')]);
  expect(outcomes(results)).toEqual(['opened', 'rejected', 'opened']);
  expect(results[1]).toMatchObject({
    reason: results[1]?.error?.message,
    error: { name: 'TocsinError', code: 'INPUT_INVALID', retryable: false },
  });
  expect(results[1]?.error?.details).toMatchObject({ problems: [{ path: 'action' }] });
  expect(results[1]).not.toHaveProperty('incidentId');
});

test('the same delivery id a second time changes nothing and gives the first answers', async () => {
  const { tocsin } = world();
  const batch = [trigger('one'), trigger('one'), trigger('two')];
  const first = await tocsin.ingest(batch, { deliveryId: 'd-1' });
  const second = await tocsin.ingest(batch, { deliveryId: 'd-1' });
  expect(second).toEqual(first);
  expect(outcomes(second)).toEqual(['opened', 'deduplicated', 'opened']);
  expect((await tocsin.alerts.list()).map(({ dedupKey, count }) => `${dedupKey} ${count}`).sort()).toEqual([
    'one 2',
    'two 1',
  ]);
});

test('another delivery id is another delivery', async () => {
  const { tocsin } = world();
  await tocsin.ingest(trigger(), { deliveryId: 'd-1' });
  expect(outcomes(await tocsin.ingest(trigger(), { deliveryId: 'd-2' }))).toEqual(['deduplicated']);
});

test('an event that was dropped under a delivery id stays dropped', async () => {
  const { tocsin } = world();
  await tocsin.ingest(resolve(), { deliveryId: 'd-1' });
  await tocsin.ingest(trigger());
  expect(outcomes(await tocsin.ingest(resolve(), { deliveryId: 'd-1' }))).toEqual(['dropped']);
  expect(await tocsin.alerts.list({ status: 'firing' })).toHaveLength(1);
});

test('a batch that failed half way can be sent again under its delivery id without counting anything twice', async () => {
  const { tocsin } = world();
  const [first] = await tocsin.ingest([trigger('one')], { deliveryId: 'd-1' });
  const again = await tocsin.ingest([trigger('one'), trigger('two')], { deliveryId: 'd-1' });
  expect(again[0]).toEqual(first);
  expect(again[1]?.outcome).toBe('opened');
  expect((await tocsin.alerts.list()).map(({ count }) => count)).toEqual([1, 1]);
});

test('an event may bring its own delivery id', async () => {
  const { tocsin } = world();
  const event = trigger('disk', { deliveryId: 'e-1' });
  const [first] = await tocsin.ingest(event);
  expect(await tocsin.ingest(event)).toEqual([first]);
  expect(await tocsin.alerts.list()).toMatchObject([{ count: 1 }]);
});

test('delivery ids of different sources do not meet', async () => {
  const { tocsin } = world();
  const results = await tocsin.ingest([
    trigger('disk', { routeKey: 'grafana', deliveryId: '1' }),
    trigger('disk', { routeKey: 'datadog', deliveryId: '1' }),
  ]);
  expect(outcomes(results)).toEqual(['opened', 'opened']);
  expect(results[0]?.incidentId).not.toBe(results[1]?.incidentId);
});

test('events that share a delivery id are all taken: one body of a source may speak of many alerts', async () => {
  const { tocsin } = world();
  const body = [trigger('one'), trigger('two'), resolve('one')];
  const results = await tocsin.ingest(body.map((event) => ({ ...event, deliveryId: '1' })));
  expect(outcomes(results)).toEqual(['opened', 'opened', 'resolved']);
  expect((await tocsin.incidents.list()).items).toHaveLength(2);
});

test('an empty delivery id is none: it never swallows another call', async () => {
  const { tocsin } = world();
  await tocsin.ingest(trigger('one'), { deliveryId: '' });
  await tocsin.ingest(trigger('two'), { deliveryId: '' });
  await tocsin.ingest(trigger('three'), { deliveryId: null as unknown as string });
  await tocsin.ingest(trigger('four'), { deliveryId: null as unknown as string });
  expect((await tocsin.incidents.list()).items).toHaveLength(4);
});

test('delivery ids that race change something once', async () => {
  const { tocsin } = world();
  const calls = Array.from({ length: 8 }, () => tocsin.ingest(trigger(), { deliveryId: 'd-1' }));
  const answers = await Promise.all(calls);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await tocsin.alerts.list()).toMatchObject([{ count: 1 }]);
});

test('sixteen concurrent triggers of one key open exactly one incident and lose no count', async () => {
  const { tocsin } = world();
  const results = (await Promise.all(Array.from({ length: 16 }, () => tocsin.ingest(trigger())))).flat();
  expect(outcomes(results).sort()).toEqual([...Array(15).fill('deduplicated'), 'opened']);
  expect(new Set(results.map(({ incidentId }) => incidentId)).size).toBe(1);
  expect(await tocsin.alerts.list()).toMatchObject([{ count: 16, status: 'firing' }]);
  expect((await tocsin.incidents.list()).items).toHaveLength(1);
  expect(await tocsin.deliveries.list()).toHaveLength(2);
});

test('a trigger that races with a resolve is never lost', async () => {
  for (let round = 0; round < 20; round++) {
    const { tocsin } = world();
    const id = await opened(tocsin);
    const race = round % 2 === 0 ? [trigger(), resolve()] : [resolve(), trigger()];
    const results = (await Promise.all(race.map((event) => tocsin.ingest(event)))).flat();
    const [triggered] = results.filter(({ outcome }) => outcome !== 'resolved');
    expect(results.filter(({ outcome }) => outcome === 'resolved')).toHaveLength(1);
    const alert = await tocsin.alerts.get(triggered!.alertId!);
    // Either it was counted while the key was open, before the resolve; or the alert fires again.
    if (triggered!.outcome === 'deduplicated') expect(alert).toMatchObject({ count: 2, status: 'cleared' });
    else expect([triggered!.outcome, alert!.status]).toEqual(['joined', 'firing']);
    expect((await incident(tocsin, id)).alertsState).toBe(alert!.status === 'firing' ? 'firing' : 'clearing');
  }
});

test.each([
  ['a resolve of the source', (tocsin: Tocsin) => tocsin.ingest(resolve()), 'joined', 2],
  ['a person who resolves', (tocsin: Tocsin, id: string) => tocsin.incidents.resolve(id, { by: 'ana' }), 'opened', 1],
] as const)(
  'a repeat that was decided before %s, and stored after it, is decided anew: it fires',
  async (_, end, outcome, count) => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const other = world({ clock, storage });
    const id = await opened(other.tocsin);
    let isFirst = true;
    const late = faulty(storage, ['commit'], async (proceed) => {
      if (isFirst) await end(other.tocsin, id);
      isFirst = false;
      return proceed();
    });
    const { tocsin } = world({ clock, storage: late });
    const [result] = await tocsin.ingest(trigger());
    expect(result?.outcome).toBe(outcome);
    expect(await tocsin.alerts.get(result!.alertId!)).toMatchObject({ status: 'firing', count });
  },
);

test('a trigger that races with a person who resolves ends in a new incident or was counted before', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  const [[result]] = await Promise.all([tocsin.ingest(trigger()), tocsin.incidents.resolve(id, { by: 'ana' })]);
  const alert = await tocsin.alerts.get(result!.alertId!);
  if (result!.outcome === 'opened') expect(alert!.status).toBe('firing');
  else expect([result!.outcome, alert!.count]).toEqual(['deduplicated', 2]);
});

test('a race of acknowledge and resolve of one key leaves a timeline in which both make sense', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  const results = await Promise.all([tocsin.ingest(acknowledge()), tocsin.ingest(resolve())]);
  expect(outcomes(results.flat())).toEqual(['acknowledged', 'resolved']);
  expect(await types(tocsin, id)).toEqual([
    'incident.opened',
    'page.requested',
    'alert.acknowledged',
    'incident.acknowledged',
    'notice.requested',
    'alert.cleared',
  ]);
});
