/**
 * Action items after their incident: somebody hears of what is overdue, and the tracker has one issue for each.
 */
import { describe, expect, test } from 'vitest';
import {
  type ConfigInput,
  type IssueTracker,
  memoryStorage,
  type NewActionItem,
  notifyError,
  type TrackedItem,
} from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { config, contact, DAY, HOUR, MINUTE, opened, refusal, since, T0, type World, world } from '../engine/world.ts';

const by = 'ana';
const items = (w: Pick<World, 'tocsin'>) => w.tocsin.reviews.actionItems;

/** A world with an incident that is over, and how action items are added to it. */
async function ended(options: Parameters<typeof world>[0] = {}) {
  const w = world(options);
  const incident = await opened(w.tocsin);
  await w.tocsin.incidents.resolve(incident, { by });
  await w.pass(MINUTE);
  w.news();
  const before = w.sms.sent.length;
  const add = (more: Partial<NewActionItem> = {}) =>
    items(w).add(incident, { by, title: 'Double the pool', dueAt: '2h', ...more });
  /** What was told since, as `+2h ben: Overdue: ...`. */
  const told = () =>
    w.sms.sent.slice(before).map(({ message }) => `${since(message.sentAt)} ${message.to.user}: ${message.title}`);
  return { ...w, incident, add, told };
}

const remindedEvery = (remindEvery: string, more: Partial<ConfigInput> = {}) =>
  config({ reviews: { actionItems: { remindEvery } }, ...more });

describe('what is overdue', () => {
  test('is told to its owner once, and again every so often until it is done', async () => {
    const w = await ended({ config: remindedEvery('3d') });
    const { id } = await w.add({ owner: 'ben', body: 'At least 40.' });
    await w.pass(5 * DAY, HOUR);
    expect(w.told()).toEqual(['+2h1m ben: Overdue: Double the pool', '+74h1m ben: Overdue: Double the pool']);
    const message = w.sms.sent.at(-1)?.message;
    expect(message).toMatchObject({
      purpose: 'notice',
      topic: 'overdue',
      urgency: 'low',
      actions: [],
      body: 'Due since Jan 6, 2026, 12:01 PM\n\nAt least 40.',
    });
    expect(message?.incidentId).toBeUndefined();
    expect(await items(w).list({ isOverdue: true })).toMatchObject({ items: [{ id, isOverdue: true }] });
    await items(w).complete(id, { by: 'ben' });
    await w.pass(10 * DAY, 6 * HOUR);
    expect(w.told()).toHaveLength(2);
  });

  test('is not told when it was done, dropped or put off before', async () => {
    const w = await ended();
    const [one, two, three] = [
      await w.add({ owner: 'ben' }),
      await w.add({ owner: 'ben' }),
      await w.add({ owner: 'ben' }),
    ];
    await items(w).complete(one.id, { by });
    await items(w).drop(two.id, { by, reason: 'Not needed.' });
    await items(w).update(three.id, { by, dueAt: '5h' });
    await w.pass(4 * HOUR, 10 * MINUTE);
    expect(w.told()).toEqual([]);
    await w.pass(HOUR, 10 * MINUTE);
    expect(w.told()).toEqual(['+5h1m ben: Overdue: Double the pool']);
  });

  test('is told in the language of its owner, by the clock of their zone', async () => {
    const users = [
      ...(config().users ?? []).slice(0, 1),
      { id: 'ben', contacts: [contact('sms', 'ben')], locale: 'de', timeZone: 'Europe/Berlin' },
      ...(config().users ?? []).slice(2),
    ];
    const w = await ended({ config: config({ users }) });
    await w.add({ owner: 'ben' });
    await w.pass(3 * HOUR, HOUR);
    expect(w.sms.sent.at(-1)?.message).toMatchObject({
      title: 'Überfällig: Double the pool',
      body: 'Fällig seit 06.01.2026, 13:01',
    });
  });

  test('at night waits for the morning, and one morning brings one notice', async () => {
    const night = { timeZone: 'UTC', quietHours: [{ from: '11:00', until: '20:00' }] };
    const users = [
      ...(config().users ?? []).filter(({ id }) => id !== 'ben'),
      { id: 'ben', contacts: [contact('sms', 'ben')], ...night },
    ];
    const w = await ended({ config: remindedEvery('1h', { users }) });
    await w.add({ owner: 'ben' });
    await w.pass(9 * HOUR, 10 * MINUTE);
    expect(w.told()).toEqual([]);
    await w.pass(90 * MINUTE, 10 * MINUTE);
    expect(w.told()).toEqual(['+10h1m ben: Overdue: Double the pool']);
  });

  test.each<[string, (w: Awaited<ReturnType<typeof ended>>, id: string) => Promise<unknown>]>([
    ['done', (w, id) => items(w).complete(id, { by })],
    ['put off', (w, id) => items(w).update(id, { by, dueAt: '3d' })],
    ["somebody else's", (w, id) => items(w).update(id, { by, owner: 'mute' })],
  ])('at night and %s by the morning is not told', async (_, meanwhile) => {
    const night = { timeZone: 'UTC', quietHours: [{ from: '11:00', until: '20:00' }] };
    const users = [
      ...(config().users ?? []).filter(({ id }) => id !== 'ben'),
      { id: 'ben', contacts: [contact('sms', 'ben')], ...night },
    ];
    const w = await ended({ config: config({ users }) });
    const { id } = await w.add({ owner: 'ben' });
    await w.pass(5 * HOUR, 10 * MINUTE);
    await meanwhile(w, id);
    await w.pass(8 * HOUR, 10 * MINUTE);
    expect(w.told()).toEqual([]);
  });

  test('and given to somebody else is told to them at once', async () => {
    const w = await ended();
    const { id } = await w.add({ owner: 'ben' });
    await w.pass(3 * HOUR, 10 * MINUTE);
    await items(w).update(id, { by, owner: 'boss' });
    await w.pass(MINUTE);
    expect(w.told()).toEqual(['+2h1m ben: Overdue: Double the pool', '+3h1m boss: Overdue: Double the pool']);
  });

  test('and opened again after it was done is told again', async () => {
    const w = await ended();
    const { id } = await w.add({ owner: 'ben' });
    await items(w).complete(id, { by });
    await w.pass(3 * HOUR, 10 * MINUTE);
    await items(w).update(id, { by, status: 'inProgress' });
    await w.pass(MINUTE);
    expect(w.told()).toEqual(['+3h1m ben: Overdue: Double the pool']);
  });

  test('and nobody has is told to whoever added it, who is told that nobody has it', async () => {
    const w = await ended();
    await w.add({ by: 'boss' });
    await w.pass(3 * HOUR, 10 * MINUTE);
    expect(w.told()).toEqual(['+2h1m boss: Overdue, and nobody has it: Double the pool']);
  });

  test("and nobody's at all is said once in the log, until somebody has it", async () => {
    const w = await ended();
    const { id } = await w.add({ by: { kind: 'system' } });
    await w.pass(20 * DAY, DAY);
    const said = () => w.log.filter((text) => text.includes('nobody to remind'));
    expect([w.told(), said()]).toEqual([[], ['warn: An action item is overdue, and there is nobody to remind of it.']]);
    await items(w).update(id, { by, owner: 'ben' });
    await w.pass(MINUTE);
    expect(w.told()).toHaveLength(1);
  });

  test('is told to an owner who was gone once they are back', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = await ended({ clock, storage });
    await w.add({ owner: 'ben' });
    const everybody = config().users ?? [];
    const without = everybody.filter(({ id }) => id !== 'ben');
    const sms = recordingNotifier('sms');
    const alone = {
      schedules: [],
      escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'boss' }] }],
    };
    const gone = world({ clock, storage, notifiers: [sms], config: config({ users: without, ...alone }) });
    await gone.pass(2 * DAY, HOUR);
    expect(gone.log.filter((text) => text.includes('cannot be reached'))).toHaveLength(2);
    const back = world({ clock, storage, notifiers: [sms] });
    await back.pass(2 * DAY, HOUR);
    expect(sms.sent.map(({ message }) => `${message.to.user}: ${message.title}`)).toEqual([
      'ben: Overdue: Double the pool',
    ]);
  });

  test('is told once by two processes', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = await ended({ clock, storage });
    const sms = recordingNotifier('sms');
    const [one, two] = [world({ clock, storage, notifiers: [sms] }), world({ clock, storage, notifiers: [sms] })];
    await w.add({ owner: 'ben' });
    await clock.advance(3 * HOUR);
    await Promise.all([one.tocsin.tick(), two.tocsin.tick()]);
    await Promise.all([one.tocsin.tick(), two.tocsin.tick()]);
    expect(sms.sent).toHaveLength(1);
  });

  test('is told once by a clock that is set back', async () => {
    const clock = virtualClock({ start: T0 });
    let skewMs = 0;
    const storage = memoryStorage({ clock: { ...clock, now: () => clock.now() + skewMs } });
    const w = await ended({ clock, storage });
    await w.add({ owner: 'ben' });
    await w.pass(3 * HOUR, 10 * MINUTE);
    skewMs = -2 * HOUR;
    await w.pass(4 * HOUR, 10 * MINUTE);
    expect(w.told()).toEqual(['+2h1m ben: Overdue: Double the pool']);
  });

  test('is told although its incident was pruned', async () => {
    const w = await ended();
    await w.tocsin.incidents.close(w.incident, { by });
    await w.add({ owner: 'ben' });
    await w.pass(MINUTE);
    expect(await w.tocsin.prune({ endedBefore: w.clock.now() + 1 })).toEqual({ incidents: 1 });
    await w.pass(3 * HOUR, MINUTE);
    expect(w.told()).toEqual(['+2h1m ben: Overdue: Double the pool']);
  });
});

const tracked = config({ reviews: { actionItems: { tracker: 'board' } } });

/** A board that keeps one card for each key, and does as it is told. */
function board() {
  const cards = new Map<string, TrackedItem>();
  const asked: string[] = [];
  const state = { mood: 'takes' as 'takes' | 'fails' | 'refuses' | 'loses' };
  const faced = <T>(what: string, work: () => T): T => {
    asked.push(what);
    if (state.mood === 'fails') throw notifyError('The board has fallen off the wall.');
    if (state.mood === 'refuses') throw notifyError('This is no board.', { permanent: true });
    const done = work();
    if (state.mood === 'loses') throw notifyError('Nobody has seen what was written.');
    return done;
  };
  const tracker: IssueTracker = {
    name: 'board',
    create: async (item, { idempotencyKey: key }) =>
      faced(`create ${item.title} ${item.status}`, () => {
        if (!cards.has(key)) cards.set(key, item);
        const id = `B${[...cards.keys()].indexOf(key) + 1}`;
        return { id, url: `https://board.example/${id}` };
      }),
    update: async (id, item) =>
      faced(`update ${id} ${item.title} ${item.status}`, () => {
        const key = [...cards.keys()][Number(id.slice(1)) - 1];
        if (key === undefined || !cards.has(key)) return { isGone: true };
        cards.set(key, item);
        return {};
      }),
  };
  return { cards, asked, state, tracker };
}

async function exporting(options: Parameters<typeof world>[0] = {}) {
  const made = board();
  const w = await ended({ config: tracked, issueTrackers: [made.tracker], ...options });
  const rows = async () =>
    (await w.tocsin.deliveries.list()).filter(({ purpose }) => purpose === 'issue').map(({ state }) => state);
  return { ...made, ...w, rows };
}

describe('an issue', () => {
  test('is made for each action item and follows it, and the action item knows its name', async () => {
    const w = await exporting();
    const { id } = await w.add({ owner: 'ana', priority: 'high', body: 'At least 40.' });
    await w.pass(MINUTE);
    const item = await items(w).get(id);
    expect(item?.external).toEqual({ tracker: 'board', id: 'B1', url: 'https://board.example/B1' });
    expect([...w.cards.values()]).toEqual([
      {
        tenant: 'default',
        id,
        incidentId: w.incident,
        title: 'Double the pool',
        text: 'At least 40.',
        status: 'open',
        priority: 'high',
        owner: { id: 'ana', name: 'Ana' },
        dueAt: T0 + 2 * HOUR + MINUTE,
        createdAt: T0 + MINUTE,
        service: { id: 'checkout', name: 'Checkout' },
      },
    ]);
    await items(w).update(id, { by, title: 'Triple the pool' });
    await w.pass(MINUTE);
    await items(w).drop(id, { by, reason: 'The pool is gone.' });
    await w.pass(MINUTE);
    expect(w.asked).toEqual([
      'create Double the pool open',
      'update B1 Triple the pool open',
      'update B1 Triple the pool dropped',
    ]);
    expect([...w.cards.values()]).toMatchObject([{ status: 'dropped', reason: 'The pool is gone.' }]);
    expect(await w.rows()).toEqual(['sent', 'sent', 'sent']);
  });

  test('says where its incident is, when the host has said where its pages are', async () => {
    const w = await exporting({ secrets: ['x'.repeat(32)], baseUrl: 'https://ops.example/tocsin' });
    await w.add();
    await w.pass(MINUTE);
    expect([...w.cards.values()].map(({ link }) => link)).toEqual([
      `https://ops.example/tocsin/incidents/${w.incident}`,
    ]);
  });

  test('is one, although the tracker was down for hours', async () => {
    const w = await exporting();
    w.state.mood = 'fails';
    await w.add();
    await w.pass(3 * HOUR, 5 * MINUTE);
    expect([w.cards.size, await w.rows()]).toEqual([0, ['pending']]);
    w.state.mood = 'takes';
    await w.pass(HOUR, 5 * MINUTE);
    expect([w.cards.size, await w.rows()]).toEqual([1, ['sent']]);
    expect(await w.tocsin.deadLetters.list()).toEqual([]);
  });

  test('says the latest of several changes while the tracker was down', async () => {
    const w = await exporting();
    const { id } = await w.add();
    await w.pass(MINUTE);
    w.state.mood = 'fails';
    await items(w).update(id, { by, title: 'Triple the pool' });
    await w.pass(10 * MINUTE);
    await items(w).update(id, { by, title: 'Drain the pool' });
    await items(w).complete(id, { by });
    await w.pass(10 * MINUTE);
    w.state.mood = 'takes';
    w.asked.length = 0;
    await w.pass(2 * HOUR, MINUTE);
    expect(w.asked).toEqual(['update B1 Drain the pool done']);
    expect(await w.rows()).toEqual(['sent', 'sent', 'sent', 'sent']);
  });

  test('is one, although the answer to the first attempt was lost', async () => {
    const w = await exporting();
    w.state.mood = 'loses';
    const { id } = await w.add();
    await w.pass(0);
    await items(w).update(id, { by, title: 'Triple the pool' });
    w.state.mood = 'takes';
    await w.pass(10 * MINUTE);
    expect([...w.cards.values()].map(({ title }) => title)).toEqual(['Triple the pool']);
    expect((await items(w).get(id))?.external?.id).toBe('B1');
  });

  test('that nobody can make is a dead letter, and can be made later', async () => {
    const dead: string[] = [];
    const w = await exporting({ onDeadLetter: ({ id }) => void dead.push(id) });
    w.state.mood = 'refuses';
    const { id } = await w.add();
    await w.pass(MINUTE);
    const [letter] = await w.tocsin.deadLetters.list();
    expect(letter).toMatchObject({
      purpose: 'issue',
      contact: 'board',
      notifier: 'issue:board',
      error: 'This is no board.',
    });
    expect(dead).toEqual([letter?.id]);
    w.state.mood = 'takes';
    await w.tocsin.deadLetters.retry(letter?.id ?? '');
    await w.pass(MINUTE);
    expect((await items(w).get(id))?.external?.id).toBe('B1');
  });

  test('that somebody has deleted is left in peace', async () => {
    const w = await exporting();
    const { id } = await w.add();
    await w.pass(MINUTE);
    const [key = ''] = w.cards.keys();
    w.cards.delete(key);
    await items(w).complete(id, { by });
    await w.pass(MINUTE);
    expect([w.cards.size, await w.rows()]).toEqual([0, ['sent', 'sent']]);
    expect(w.log).toContain('info: The issue of an action item was deleted.');
  });

  test('of a tracker that hangs holds up no page, and is never brought back to what it said before', async () => {
    let release = () => {};
    const made = board();
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    let hangs = false;
    const tracker: IssueTracker = {
      ...made.tracker,
      async update(...all) {
        if (hangs) {
          hangs = false;
          await hanging;
        }
        return made.tracker.update(...all);
      },
    };
    const w = await ended({ config: tracked, issueTrackers: [tracker] });
    const { id } = await w.add();
    await w.pass(MINUTE);
    hangs = true;
    await items(w).update(id, { by, title: 'Older' });
    const first = w.tocsin.tick();
    await w.clock.advance(1);
    await items(w).update(id, { by, title: 'Newer' });
    const second = w.tocsin.tick();
    await opened(w.tocsin, { action: 'trigger', dedupKey: 'fire', title: 'Fire', severity: 'critical' });
    await w.clock.advance(1);
    release();
    await Promise.all([first, second]);
    await w.pass(5 * MINUTE, 1_000);
    expect([...made.cards.values()].map(({ title }) => title)).toEqual(['Newer']);
    expect(made.asked.at(-1)).toBe('update B1 Newer open');
    expect(w.sms.sent.map(({ message }) => message.title)).toContain('Fire');
  });

  test('of a private incident is not made, and of one that becomes public is', async () => {
    const w = await exporting();
    await w.tocsin.incidents.reopen(w.incident, { by });
    await w.tocsin.incidents.update(w.incident, { by, visibility: 'private' });
    const { id } = await w.add({ title: 'Change the locks' });
    await w.pass(MINUTE);
    await items(w).update(id, { by, owner: 'ben' });
    await w.pass(MINUTE);
    expect(w.asked).toEqual([]);
    await w.tocsin.incidents.update(w.incident, { by, visibility: 'public' });
    await w.pass(MINUTE);
    expect(w.asked[0]).toBe('create Change the locks open');
  });

  test('that is made says nothing more once its incident has become private', async () => {
    const w = await exporting();
    const { id } = await w.add();
    await items(w).update(id, { by, title: 'Secret' });
    await w.tocsin.incidents.reopen(w.incident, { by });
    await w.tocsin.incidents.update(w.incident, { by, visibility: 'private' });
    await w.pass(MINUTE);
    expect(w.asked).toEqual([]);
  });

  test('is made of what was decided before there was a tracker, by its next change', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const before = await ended({ clock, storage });
    const { id } = await before.add();
    const made = board();
    const w = world({ clock, storage, config: tracked, issueTrackers: [made.tracker] });
    await w.pass(MINUTE);
    expect(made.asked).toEqual([]);
    await items(w).update(id, { by, owner: 'ben' });
    await w.pass(MINUTE);
    expect(made.asked).toEqual(['create Double the pool open', 'update B1 Double the pool open']);
  });

  test('is named by its tracker, or is tried again', async () => {
    const made = board();
    let answers: unknown = { id: '' };
    const tracker = { ...made.tracker, create: async () => answers as { id: string } };
    const w = await ended({ config: tracked, issueTrackers: [tracker] });
    const { id } = await w.add();
    await w.pass(MINUTE);
    expect((await items(w).get(id))?.external).toBeUndefined();
    answers = { id: 'X', url: 'javascript:alert(1)' };
    await w.pass(10 * MINUTE);
    expect((await items(w).get(id))?.external).toEqual({ tracker: 'board', id: 'X' });
  });

  test('is asked for by name: a tracker that nobody has handed over is refused', async () => {
    const error = await refusal(() => world({ config: tracked }), 'CONFIG_INVALID');
    expect(error.details.problems).toEqual([
      {
        path: 'reviews.actionItems.tracker',
        message: 'there is no issue tracker board',
        hint: 'Hand it to createTocsin({ issueTrackers }). Known: none.',
      },
    ]);
    const nameless = await refusal(() => world({ issueTrackers: [{ name: 'x' } as never] }), 'INPUT_INVALID');
    expect(nameless.message).toContain('the issue tracker x lacks create, update');
  });
});
