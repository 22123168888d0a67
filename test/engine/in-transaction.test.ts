/**
 * inTransaction: what the host writes and what Tocsin writes happen together or not at all.
 */
import { expect, test } from 'vitest';
import { memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { incident, opened, refusal, stands, T0, trigger, types, world } from './world.ts';

const by = 'ana';

function transactional() {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const w = world({ clock, storage });
  const news: string[] = [];
  w.tocsin.on('incident.opened', ({ incident: { id } }) => news.push(id));
  return { ...w, begin: () => storage.begin(), told: news };
}

test('nothing is there before the host commits; then it is stored, told and delivered', async () => {
  const w = transactional();
  const client = w.begin();
  const within = w.tocsin.inTransaction(client);
  const { id } = await within.incidents.open({ by, title: 'Refund failed', service: 'checkout' });
  expect((await within.incidents.get(id))?.title).toBe('Refund failed');
  expect(await w.tocsin.incidents.get(id)).toBeUndefined();
  await w.tocsin.tick();
  expect(w.news()).toEqual([]);
  client.commit();
  expect(w.told).toEqual([]);
  within.committed();
  expect(w.told).toEqual([id]);
  within.committed();
  expect(w.told).toEqual([id]);
  await w.tocsin.tick();
  expect(w.news()).toEqual(['+0 ana sms step']);
});

test('when the host rolls back it never was', async () => {
  const w = transactional();
  const client = w.begin();
  const within = w.tocsin.inTransaction(client);
  const [result] = await within.ingest(trigger());
  expect(result?.outcome).toBe('opened');
  client.rollback();
  expect(await w.tocsin.incidents.get(result?.incidentId as string)).toBeUndefined();
  expect((await w.tocsin.ingest(trigger()))[0]?.outcome).toBe('opened');
});

test('without committed() the work is found by the next look at the storage', async () => {
  const w = transactional();
  await w.tocsin.start();
  const client = w.begin();
  await w.tocsin.inTransaction(client).ingest([trigger(), trigger(), trigger('other')]);
  client.commit();
  await w.clock.advance(5_000);
  expect(w.news()).toHaveLength(2);
  await w.tocsin.stop();
});

test('commands within it see each other, and are refused as everywhere', async () => {
  const w = transactional();
  const id = await opened(w.tocsin);
  const client = w.begin();
  const within = w.tocsin.inTransaction(client);
  await within.incidents.acknowledge(id, { by });
  await within.incidents.addNote(id, { by, text: 'on it' });
  const error = await refusal(() => within.incidents.reopen(id, { by }), 'INVALID_TRANSITION');
  expect(error.message).toContain('it is triage');
  await within.incidents.resolve(id, { by });
  expect(await stands(w.tocsin, id)).toBe('triage / escalating');
  client.commit();
  expect((await incident(w.tocsin, id)).phase).toBe('resolved');
  expect((await types(w.tocsin, id)).slice(2)).toEqual(['incident.acknowledged', 'note.added', 'incident.resolved']);
});

test('what is no client of the storage is refused', async () => {
  const w = transactional();
  await refusal(() => w.tocsin.inTransaction({}), 'INPUT_INVALID');
  await refusal(() => w.tocsin.inTransaction(undefined), 'INPUT_INVALID');
});

test('prune forgets what ended before a moment, and nothing else', async () => {
  const w = transactional();
  const [ended, open] = [await opened(w.tocsin, trigger('a')), await opened(w.tocsin, trigger('b'))];
  await w.tocsin.incidents.dismiss(ended, { by });
  await w.pass(60_000);
  expect(await w.tocsin.prune({ endedBefore: T0 })).toEqual({ incidents: 0 });
  expect(await w.tocsin.prune({ endedBefore: new Date(T0 + 1) })).toEqual({ incidents: 1 });
  expect(await w.tocsin.incidents.get(ended)).toBeUndefined();
  expect((await incident(w.tocsin, open)).phase).toBe('triage');
  expect((await w.tocsin.alerts.list()).map(({ dedupKey }) => dedupKey)).toEqual(['b']);
  await refusal(() => w.tocsin.prune({ endedBefore: 'yesterday' }), 'INSTANT_INVALID');
  await refusal(() => w.tocsin.prune({ endedBefore: T0, limit: 0 }), 'INPUT_INVALID');
  await refusal(() => w.tocsin.prune({ before: T0 } as never), 'INPUT_INVALID');
});
