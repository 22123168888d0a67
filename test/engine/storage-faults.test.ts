/**
 * A storage that misbehaves: nothing is doubled, nothing is lost, and the caller is told the truth.
 */
import { expect, test } from 'vitest';
import { memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { conflicting, EVERY_METHOD, type Fault, failing, faulty, losingAnswers, slow } from './faults.ts';
import { incident, opened, refusal, resolve, T0, trigger, types, world } from './world.ts';

const by = 'ana';

/** Two worlds over one memory: one that works, and one whose storage has the fault. */
function broken(methods: Parameters<typeof faulty>[1], fault: Fault) {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const healthy = world({ clock, storage });
  return { clock, storage, healthy, sick: world({ clock, storage: faulty(storage, methods, fault) }) };
}

test('a conflict is answered by deciding anew: forty-nine in a row still end well', async () => {
  const { healthy, sick } = broken(['commit'], conflicting(49));
  const id = await opened(healthy.tocsin);
  await sick.tocsin.incidents.addNote(id, { by, text: 'x' });
  expect((await types(healthy.tocsin, id)).filter((type) => type === 'note.added')).toHaveLength(1);
});

test('fifty conflicts in a row are VERSION_CONFLICT, which is worth another try', async () => {
  const { healthy, sick } = broken(['commit'], conflicting(50));
  const id = await opened(healthy.tocsin);
  const error = await refusal(() => sick.tocsin.incidents.addNote(id, { by, text: 'x' }), 'VERSION_CONFLICT');
  expect(error).toMatchObject({ retryable: true, details: { attempts: 50 } });
  expect(error.message).toBe(`Cannot store a change of ${id}: others were faster 50 times in a row. Try again.`);
  expect(await types(healthy.tocsin, id)).not.toContain('note.added');
  await sick.tocsin.incidents.addNote(id, { by, text: 'x' });
});

test('a commit whose answer was lost is repeated under its id: one note, one incident, one count', async () => {
  const { healthy, sick } = broken(['commit'], losingAnswers(1));
  const id = await opened(healthy.tocsin);
  const answer = await sick.tocsin.incidents.addNote(id, { by, text: 'once' });
  expect(answer.version).toBe(2);
  expect((await types(healthy.tocsin, id)).filter((type) => type === 'note.added')).toHaveLength(1);
  expect(sick.log).toContain('warn: A commit failed; repeating it once under the same id.');

  const other = broken(['commit'], losingAnswers(1));
  await other.sick.tocsin.ingest([trigger(), trigger()]);
  expect(await other.sick.tocsin.alerts.list()).toMatchObject([{ count: 2 }]);
});

test('a commit that failed before it did anything is repeated and then stands', async () => {
  const { healthy, sick } = broken(['commit'], failing(1));
  const id = await opened(healthy.tocsin);
  await sick.tocsin.incidents.resolve(id, { by });
  expect((await incident(healthy.tocsin, id)).phase).toBe('resolved');
});

test.each([
  ['commit', 2],
  ['load', 1],
  ['migrate', 1],
] as const)(
  'when %s keeps failing the caller hears STORAGE_UNAVAILABLE with the cause, and may try again',
  async (method, times) => {
    const cause = new Error('disk on fire');
    const { healthy, sick } = broken([method], failing(times, cause));
    const id = await opened(healthy.tocsin);
    const before = await incident(healthy.tocsin, id);
    const error = await refusal(() => sick.tocsin.incidents.addNote(id, { by, text: 'x' }), 'STORAGE_UNAVAILABLE');
    expect(error.retryable).toBe(true);
    expect(error.cause).toBe(cause);
    expect(error.message).toBe(
      'Cannot reach the storage; nothing was changed that was not answered. Try again. It said: disk on fire',
    );
    expect(await incident(healthy.tocsin, id)).toEqual(before);
    await sick.tocsin.incidents.addNote(id, { by, text: 'x' });
  },
);

test('a storage that is gone: every call says so', async () => {
  const cause = 'gone';
  const { tocsin } = broken(EVERY_METHOD, () => Promise.reject(cause)).sick;
  const calls: readonly (() => Promise<unknown>)[] = [
    () => tocsin.ingest(trigger()),
    () => tocsin.explain(trigger()),
    () => tocsin.incidents.open({ by, title: 'x', service: 'search' }),
    () => tocsin.incidents.resolve('x', { by }),
    () => tocsin.incidents.merge('x', { by, into: 'y' }),
    () => tocsin.incidents.reopen('x', { by }),
    () => tocsin.incidents.get('x'),
    () => tocsin.incidents.list(),
    () => tocsin.incidents.timeline('x'),
    () => tocsin.incidents.allowed('x'),
    () => tocsin.alerts.list(),
    () => tocsin.alerts.get('x'),
    () => tocsin.deliveries.list(),
    () => tocsin.deadLetters.list(),
    () => tocsin.deadLetters.retry('x'),
    () => tocsin.tick(),
    () => tocsin.start(),
  ];
  for (const call of calls) {
    const error = await refusal(call, 'STORAGE_UNAVAILABLE');
    expect(error.cause).toBe(cause);
  }
});

test('a storage that throws instead of rejecting is not there either', async () => {
  const throwing = (() => {
    throw new Error('not a promise');
  }) as unknown as Fault;
  const { tocsin } = broken(['load'], throwing).sick;
  await refusal(() => tocsin.ingest(trigger()), 'STORAGE_UNAVAILABLE');
});

test('listeners hear of nothing that was not stored', async () => {
  const { sick } = broken(['commit'], failing(2));
  const heard: string[] = [];
  sick.tocsin.on('incident.opened', ({ type }) => heard.push(type));
  await refusal(() => sick.tocsin.ingest(trigger()), 'STORAGE_UNAVAILABLE');
  expect(heard).toEqual([]);
  await sick.tocsin.ingest(trigger());
  expect(heard).toEqual(['incident.opened']);
});

test('a slow storage changes nothing but the time: concurrent triggers, notes and resolves add up', async () => {
  const { sick } = broken(['load', 'commit'], slow(3));
  const { tocsin } = sick;
  await Promise.all(Array.from({ length: 8 }, () => tocsin.ingest(trigger())));
  const [alert] = await tocsin.alerts.list();
  expect(alert).toMatchObject({ count: 8 });
  const id = alert!.incidentId!;
  await Promise.all([
    ...Array.from({ length: 8 }, (_, n) => tocsin.incidents.addNote(id, { by, text: `note ${n}` })),
    tocsin.ingest(resolve()),
  ]);
  const told = await types(tocsin, id);
  expect(told.filter((type) => type === 'note.added')).toHaveLength(8);
  expect(told.filter((type) => type === 'alert.cleared')).toHaveLength(1);
});

test('lists of what somebody may see tell the truth as well', async () => {
  const { healthy, sick } = broken(['load'], async (proceed, _, [query]) => {
    if ((query as { incidents?: readonly string[] }).incidents?.length) throw new Error('disk on fire');
    return proceed();
  });
  await opened(healthy.tocsin);
  await healthy.tocsin.tick();
  await refusal(() => sick.tocsin.alerts.list({ as: by }), 'STORAGE_UNAVAILABLE');
  await refusal(() => sick.tocsin.deliveries.list({ as: by }), 'STORAGE_UNAVAILABLE');
});
