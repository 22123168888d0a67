/**
 * Rooms whose chat does as it likes, or whose incident moves on while they are made: nothing of it is lost, or in the way.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ChatRoom, memoryStorage, notifyError, type RoomPerson } from '../../src/index.ts';
import { sqliteStorage } from '../../src/storage/sqlite.ts';
import { virtualClock } from '../../src/testing/index.ts';
import {
  config,
  events,
  HOUR,
  incident,
  MINUTE,
  opened,
  SECOND,
  stands,
  T0,
  trigger,
  type WorldOptions,
  world,
} from './world.ts';

/** A wall on which everything stands that was said, and whatever a test wants to be otherwise. */
function wall(more: Partial<ChatRoom> = {}) {
  const rooms = new Map<string, string>();
  const said: string[] = [];
  const invited: RoomPerson[] = [];
  const archived: string[] = [];
  const keys: string[] = [];
  const chatRoom: ChatRoom = {
    name: 'wall',
    async create({ name }, { idempotencyKey }) {
      keys.push(idempotencyKey);
      rooms.set(idempotencyKey, name);
      return { id: `W${[...rooms.keys()].indexOf(idempotencyKey) + 1}`, url: 'javascript:alert(1)' };
    },
    async invite(_, people) {
      invited.push(...people);
      return {};
    },
    setTopic: async () => ({}),
    async post(id, entries) {
      said.push(...entries.map(({ text }) => `${id} ${text}`));
      return {};
    },
    async archive(id) {
      archived.push(id);
      return {};
    },
    ...more,
  };
  return { rooms, said, invited, archived, keys, chatRoom };
}

const chatRooms = [{ id: 'war-room', chatRoom: 'wall' }];

function wallWorld(more: Partial<ChatRoom> = {}, options: WorldOptions = {}) {
  const made = wall(more);
  return { ...made, ...world({ config: config({ chatRooms }), chatRooms: [made.chatRoom], ...options }) };
}

describe('a room', () => {
  test('lives in a database as it does in memory', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = sqliteStorage({ path: ':memory:', clock });
    onTestFinished(() => storage.close());
    const { tocsin, pass, said, archived, invited } = wallWorld({}, { clock, storage });
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await tocsin.incidents.resolve(id, { by: 'ana' });
    await tocsin.incidents.close(id, { by: 'ana' });
    await pass(MINUTE, SECOND);
    expect(said.slice(2)).toEqual(['W1 Acknowledged by Ana.', 'W1 Resolved by Ana.', 'W1 Closed by Ana.']);
    expect(invited).toEqual([{ user: 'ana', name: 'Ana', addresses: { sms: 'ana@sms', voice: 'ana@voice' } }]);
    expect(archived).toEqual(['W1']);
  });

  test('of a drill says so first, and whoever gets a role by a later plan is in it', async () => {
    const topics: string[] = [];
    const setTopic = async (_: string, topic: string) => {
      topics.push(topic);
      return {};
    };
    const roles = [{ id: 'commander', requiredFor: ['SEV1'], fill: { schedule: 'primary' } }];
    const { tocsin, pass, said, invited } = wallWorld(
      { setTopic },
      { config: config({ chatRooms, incidents: { roles } }) },
    );
    const drill = { by: 'boss', title: 'Fire', service: 'checkout', severity: 'SEV2', kind: 'drill' } as const;
    const { id } = await tocsin.incidents.open(drill);
    await pass(MINUTE, SECOND);
    expect([topics[0], said[0]]).toEqual(['SEV2 · triage · DRILL: Fire', 'W1 DRILL: Fire']);
    await tocsin.incidents.setSeverity(id, { by: 'boss', severity: 'SEV1' });
    await pass(MINUTE, SECOND);
    expect(said).toContain('W1 Ana is commander now.');
    expect(invited.map(({ user }) => user)).toEqual(['ana']);
  });

  test('is not made for what is written down afterwards', async () => {
    const { tocsin, pass, said } = wallWorld();
    await tocsin.incidents.open({ by: 'ana', title: 'Last week', service: 'checkout', kind: 'backfilled' });
    await pass(MINUTE, SECOND);
    expect(said).toEqual([]);
  });

  test('has no link that leads nowhere', async () => {
    const { tocsin } = wallWorld();
    const id = await opened(tocsin);
    await tocsin.tick();
    expect((await incident(tocsin, id)).externalRefs).toEqual([{ platform: 'wall', id: 'W1', mirror: 'war-room' }]);
  });

  test('of an incident that ends in another one says so and is archived', async () => {
    const { tocsin, pass, said, archived } = wallWorld();
    const id = await opened(tocsin);
    const into = await opened(tocsin, trigger('other'));
    await tocsin.tick();
    await tocsin.incidents.merge(id, { into, by: 'ana' });
    await pass(MINUTE, SECOND);
    expect(said).toContain(`W1 Ana merged it into incident ${into}.`);
    expect(said).toContain(`W2 Ana merged incident ${id} into this one.`);
    expect(archived).toEqual(['W1']);
  });

  test('that was being made while the incident was merged away is archived again', async () => {
    let merging: (() => Promise<unknown>) | undefined;
    const made = wall();
    const chatRoom: ChatRoom = {
      ...made.chatRoom,
      async create(...given) {
        await merging?.();
        merging = undefined;
        return made.chatRoom.create(...given);
      },
    };
    const { tocsin, pass } = world({ config: config({ chatRooms }), chatRooms: [chatRoom] });
    const into = await opened(tocsin, trigger('other'));
    await tocsin.tick();
    const id = await opened(tocsin);
    merging = () => tocsin.incidents.merge(id, { into, by: 'ana' });
    await pass(MINUTE, SECOND);
    expect((await incident(tocsin, id)).phase).toBe('merged');
    expect(made.archived).toEqual(['W2']);
  });

  test('that was being made while the incident became private is told nothing', async () => {
    let hiding: (() => Promise<unknown>) | undefined;
    const made = wall();
    const chatRoom: ChatRoom = {
      ...made.chatRoom,
      async create(...given) {
        await hiding?.();
        return made.chatRoom.create(...given);
      },
    };
    const { tocsin, pass } = world({ config: config({ chatRooms }), chatRooms: [chatRoom] });
    const id = await opened(tocsin);
    hiding = () => tocsin.incidents.update(id, { visibility: 'private', by: 'ana' });
    await pass(MINUTE, SECOND);
    await tocsin.incidents.addNote(id, { text: 'it was ben', by: 'ana' });
    await pass(MINUTE, SECOND);
    expect(made.said).toEqual([]);
    expect(made.archived).toEqual(['W1']);
  });

  test('that is shown again after it was hidden is another room', async () => {
    const { tocsin, pass, said, archived, keys } = wallWorld();
    const id = await opened(tocsin);
    await pass(SECOND, SECOND);
    await tocsin.incidents.update(id, { visibility: 'private', by: 'ana' });
    await pass(MINUTE, SECOND);
    await tocsin.incidents.update(id, { visibility: 'public', by: 'ana' });
    await pass(MINUTE, SECOND);
    await tocsin.incidents.addNote(id, { text: 'all is told', by: 'ana' });
    await pass(MINUTE, SECOND);
    expect(archived).toEqual(['W1']);
    expect(said.at(-1)).toBe('W2 Ana: all is told');
    expect(keys).toEqual([`default:${id}:room:war-room`, `default:${id}:room:war-room:2`]);
  });

  test('is joined by people whom only the directory knows, in whichever process', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const dia = { id: 'dia', name: 'Dia', contacts: [{ notifier: 'sms', address: 'dia@sms' }] };
    const directory = {
      user: async (id: string) => (id === 'dia' ? dia : undefined),
      users: async (ids: readonly string[]) => (ids.includes('dia') ? [dia] : []),
    };
    const one = wallWorld({}, { clock, storage, directory });
    const two = wallWorld({}, { clock, storage, directory });
    const id = await opened(one.tocsin);
    await one.tocsin.tick();
    await one.tocsin.incidents.assignRole(id, { by: 'ana', role: 'scribe', user: 'dia' });
    await two.pass(MINUTE, SECOND);
    expect(two.said).toContain('W1 Ana made Dia scribe.');
    expect(two.invited).toEqual([{ user: 'dia', name: 'Dia', addresses: { sms: 'dia@sms' } }]);
  });

  test('that the configuration does not have any more is not made', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const before = wallWorld({}, { clock, storage });
    await opened(before.tocsin);
    const after = wallWorld({}, { clock, storage, config: config() });
    await after.pass(MINUTE);
    expect(after.rooms.size).toBe(0);
    expect(await after.tocsin.deadLetters.list()).toEqual([]);
  });

  test('is made by the process that has its chat', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const knowing = wallWorld({}, { clock, storage });
    const other = world({ clock, storage });
    await opened(knowing.tocsin);
    await other.tocsin.tick();
    expect(knowing.rooms.size).toBe(0);
    await knowing.pass(MINUTE, SECOND);
    expect(knowing.rooms.size).toBe(1);
  });
});

describe('a chat', () => {
  test.each<[string, () => unknown]>([
    ['answers nothing', () => undefined],
    ['answers no id', () => ({ id: 7 })],
    ['answers an empty id', () => ({ id: '' })],
    [
      'throws at once',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects with a text', () => Promise.reject('no')],
  ])('that %s when a room is made is asked again, and in the end it is a dead letter', async (_, answer) => {
    const { tocsin, pass, log } = wallWorld({ create: (() => answer()) as unknown as ChatRoom['create'] });
    const id = await opened(tocsin);
    await pass(3 * HOUR);
    expect((await tocsin.deadLetters.list()).map(({ purpose }) => purpose)).toEqual(['room']);
    expect((await incident(tocsin, id)).links).toEqual([]);
    expect(log).toContain('error: A delivery ended as a dead letter.');
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ok'],
    ['no list', { leftOut: 'ana', isClosed: 'no' }],
  ])('that answers %s to a step has done it', async (_, answer) => {
    const does = async () => answer as never;
    const { tocsin, pass } = wallWorld({ invite: does, setTopic: does, post: does, archive: does });
    const id = await opened(tocsin);
    await tocsin.tick();
    await tocsin.incidents.acknowledge(id, { by: 'ana' });
    await pass(MINUTE, SECOND);
    expect(await tocsin.deadLetters.list()).toEqual([]);
    const rows = await tocsin.deliveries.list({ incidentId: id });
    expect(rows.filter(({ purpose }) => purpose === 'room').map(({ state }) => state)).toEqual(
      expect.not.arrayContaining(['pending', 'dead']),
    );
  });

  test('that never answers is given up after its deadline, time and again, and pages nobody later', async () => {
    let signals = 0;
    const { tocsin, clock, news } = wallWorld({
      deadlineMs: 3_000,
      create: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            signals += 1;
            reject(signal.reason);
          });
        }),
    });
    const quiet = world();
    await opened(tocsin);
    await opened(quiet.tocsin);
    let isOver = false;
    const ticking = (async () => {
      while (!isOver) {
        await tocsin.tick();
        await new Promise((resolved) => setImmediate(resolved));
      }
    })();
    for (let second = 0; second < 240; second += 1) {
      await clock.advance(SECOND);
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolved) => setImmediate(resolved));
    }
    isOver = true;
    await clock.advance(5 * SECOND);
    await ticking;
    await quiet.pass(240 * SECOND, SECOND);
    expect(signals).toBeGreaterThan(3);
    expect(news().map((line) => line.replace(/^\S+ /, ''))).toEqual(
      quiet.news().map((line) => line.replace(/^\S+ /, '')),
    );
  });

  test('that asks to wait is left alone for so long', async () => {
    const at: number[] = [];
    const clock = virtualClock({ start: T0 });
    const { tocsin, pass } = wallWorld(
      {
        async create() {
          at.push(clock.now() - T0);
          if (at.length === 1) throw notifyError('Busy.', { retryAfterMs: 90_000 });
          return { id: 'W1' };
        },
      },
      { clock },
    );
    await opened(tocsin);
    await pass(2 * MINUTE, SECOND);
    expect(at).toEqual([0, 90_000]);
  });
});

test('a hundred notes at once stand in the room in their order, and once', async () => {
  const { tocsin, pass, said } = wallWorld();
  const id = await opened(tocsin);
  await tocsin.tick();
  for (let note = 0; note < 100; note += 1) await tocsin.incidents.addNote(id, { by: 'ana', text: String(note) });
  await pass(3 * MINUTE, SECOND);
  expect(said.slice(2)).toEqual(Array.from({ length: 100 }, (_, note) => `W1 Ana: ${note}`));
});

test('what a room says is no answer: whoever is asked is asked on', async () => {
  const { tocsin, pass } = wallWorld();
  const id = await opened(tocsin);
  await pass(20 * MINUTE);
  expect(await stands(tocsin, id)).toBe('triage / exhausted');
  expect((await events(tocsin, id)).filter(({ type }) => type === 'page.failed')).toEqual([]);
});
