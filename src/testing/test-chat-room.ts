/**
 * testChatRoom: the conformance kit of the chat room port. Passing it is the definition of "supported".
 *
 * It registers tests with whatever runner it is handed. The chat behind the port is the fixture's; nothing here reaches a
 * network by itself or waits.
 */
import { deepStrictEqual, fail, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { inspect } from 'node:util';
import type { ChatRoom, RoomAnswer, RoomDraft, RoomOptions, RoomPerson } from '../ports/chat-room.ts';
import { details, onFixture, waitingFor } from './settling.ts';
import type { RegisterTest } from './storage/fixture.ts';

/** How a chat answers: it does it, fails for now, refuses for ever, asks to wait, never answers, or does it and never says so. */
export type ChatAnswer = 'takes' | 'fails' | 'refuses' | 'busy' | 'hangs' | 'loses';

/** A room as the chat has it. */
export type ShownRoom = {
  readonly id: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly topic: string;
  /** How many people are in it, whoever made it left out. */
  readonly people: number;
  /** What was posted, each post by itself. */
  readonly posts: readonly string[];
};

/** One chat room port to be tried, over a chat that does as it is told and has no room at first. */
export type ChatRoomFixture = {
  readonly chatRoom: ChatRoom;
  /** Two people whom the chat knows, and one whom it does not. */
  readonly people: readonly [RoomPerson, RoomPerson];
  readonly stranger: RoomPerson;
  /** Makes the chat answer so from now on; at first it takes everything. */
  answer(how: ChatAnswer): void;
  /** Every room, in the order in which they were made. */
  rooms(): readonly ShownRoom[];
  /** How long (ms) the chat asks to wait when it is busy. */
  readonly busyMs: number;
  /** Passwords and tokens that nobody may read in an error. */
  readonly secrets: readonly string[];
  close(): void | Promise<void>;
};

type KitTest = { readonly title: string; run(fixture: ChatRoomFixture): Promise<void> };

/** A step that has not settled by then never will. */
const PATIENCE_MS = 2_000;
const { settled, rejection } = waitingFor('the step', PATIENCE_MS);
const FAILURES = ['fails', 'refuses', 'busy'] as const;
const DRAFT: RoomDraft = { name: 'Incident of Größe', private: false, tenant: 'default', incidentId: 'i1' };
const AT = Date.UTC(2026, 0, 6, 10);
const ENTRIES = [
  { at: AT, text: 'first line' },
  { at: AT + 60_000, text: 'second line' },
];

const TESTS: readonly KitTest[] = [
  {
    title: 'C1 each step is done when it resolves',
    async run(fixture) {
      const id = await made(fixture);
      const { chatRoom, people } = fixture;
      await settled(chatRoom.invite(id, people, options('invite')));
      await settled(chatRoom.setTopic(id, 'It burns', options('topic')));
      await settled(chatRoom.post(id, ENTRIES, options('post')));
      const { posts, ...room } = roomOf(fixture);
      deepStrictEqual(room, { id, isPrivate: false, isArchived: false, topic: 'It burns', people: 2 });
      ok(posts.join('\n').includes('first line'), 'the line was posted');
      await settled(chatRoom.archive(id, options('archive')));
      strictEqual(roomOf(fixture).isArchived, true);
    },
  },
  ...FAILURES.map(
    (how): KitTest => ({
      title: `C1 each step rejects when the chat ${how === 'busy' ? 'is busy' : how}`,
      async run(fixture) {
        for (const step of await stepsOf(fixture)) {
          fixture.answer(how);
          await rejection(step(options('again')));
        }
      },
    }),
  ),
  {
    title: 'C2 each step rejects before anything is done when its signal has aborted',
    async run(fixture) {
      const steps = await stepsOf(fixture);
      const before = fixture.rooms();
      for (const step of steps) await rejection(step(options('again', AbortSignal.abort())));
      deepStrictEqual(fixture.rooms(), before);
    },
  },
  {
    title: 'C2 each step stops and rejects when its signal aborts while the chat does not answer',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        fixture.answer('hangs');
        const controller = new AbortController();
        const stepping = step(options('again', controller.signal));
        setImmediate(() => controller.abort());
        await rejection(stepping);
      }
    },
  },
  {
    title: 'C3 create makes one room under one key, also when the first answer was lost',
    async run(fixture) {
      fixture.answer('loses');
      await rejection(attempt(() => fixture.chatRoom.create(DRAFT, options('k1'))));
      fixture.answer('takes');
      const again = await settled(attempt(() => fixture.chatRoom.create(DRAFT, repeated('k1'))));
      const once = await settled(attempt(() => fixture.chatRoom.create(DRAFT, options('k1'))));
      strictEqual(once.id, again.id);
      deepStrictEqual(
        fixture.rooms().map(({ id }) => id),
        [again.id],
      );
    },
  },
  {
    title: 'C3 rooms of two keys are two rooms, also of one name',
    async run({ chatRoom, rooms }) {
      const first = await settled(chatRoom.create(DRAFT, options('k1')));
      const second = await settled(chatRoom.create({ ...DRAFT, incidentId: 'i2' }, options('k2')));
      notStrictEqual(second.id, first.id);
      strictEqual(rooms().length, 2);
    },
  },
  {
    title: 'C4 a private room is private',
    async run(fixture) {
      await settled(fixture.chatRoom.create({ ...DRAFT, private: true }, options('k1')));
      strictEqual(roomOf(fixture).isPrivate, true);
    },
  },
  {
    title: 'C5 what is posted again under its key stands there once, and entries stand in their order',
    async run(fixture) {
      const id = await made(fixture);
      fixture.answer('loses');
      await rejection(attempt(() => fixture.chatRoom.post(id, ENTRIES, options('k2'))));
      fixture.answer('takes');
      await settled(fixture.chatRoom.post(id, ENTRIES, repeated('k2')));
      await settled(fixture.chatRoom.post(id, [{ at: AT, text: 'third line' }], repeated('k3')));
      const said = roomOf(fixture).posts.join('\n');
      const found = [...said.matchAll(/first line|second line|third line/g)].map(([line]) => line);
      deepStrictEqual(found, ['first line', 'second line', 'third line']);
    },
  },
  {
    title: 'C6 what is so already is no failure',
    async run(fixture) {
      const id = await made(fixture);
      const { chatRoom, people } = fixture;
      for (let turn = 0; turn < 2; turn += 1) {
        await settled(chatRoom.setTopic(id, 'It burns', options('topic')));
        const { leftOut = [] } = (await settled(chatRoom.invite(id, people, options('invite')))) as RoomAnswer;
        deepStrictEqual(leftOut, []);
      }
      strictEqual(roomOf(fixture).people, 2);
      for (let turn = 0; turn < 2; turn += 1) await settled(chatRoom.archive(id, options('archive')));
    },
  },
  {
    title: 'C7 whom the chat does not know is left out and named, and the others are invited',
    async run(fixture) {
      const id = await made(fixture);
      const { chatRoom, people, stranger } = fixture;
      const wanted = [people[0], stranger, people[1]];
      const { leftOut } = (await settled(chatRoom.invite(id, wanted, options('invite')))) as RoomAnswer;
      deepStrictEqual(leftOut, [stranger.user]);
      strictEqual(roomOf(fixture).people, 2);
    },
  },
  {
    title: 'C8 a room that was archived says so, and takes nothing',
    async run(fixture) {
      const id = await made(fixture);
      const { chatRoom, people } = fixture;
      await settled(chatRoom.archive(id, options('archive')));
      const before = fixture.rooms();
      for (const step of [
        () => chatRoom.post(id, ENTRIES, options('post')),
        () => chatRoom.setTopic(id, 'It burns', options('topic')),
        () => chatRoom.invite(id, people, options('invite')),
      ]) {
        strictEqual((await settled(attempt(step))).isClosed, true);
      }
      deepStrictEqual(fixture.rooms(), before);
    },
  },
  {
    title: 'C9 what no later attempt can mend is permanent',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        fixture.answer('refuses');
        strictEqual(details(await rejection(step(options('again')))).permanent, true);
      }
    },
  },
  {
    title: 'C9 what a later attempt can mend is not permanent, and later it is mended',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        fixture.answer('fails');
        notStrictEqual(details(await rejection(step(options('again')))).permanent, true);
        fixture.answer('takes');
        await settled(step(repeated('again')));
      }
    },
  },
  {
    title: 'C10 how long the chat asks to wait is in the rejection',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        fixture.answer('busy');
        const { retryAfterMs, permanent } = details(await rejection(step(options('again'))));
        strictEqual(retryAfterMs, fixture.busyMs);
        notStrictEqual(permanent, true);
      }
    },
  },
  {
    title: 'C11 no secret can be read in what a step rejects with',
    async run(fixture) {
      for (const step of await stepsOf(fixture)) {
        for (const how of ['fails', 'refuses', 'busy'] as const) {
          fixture.answer(how);
          const error = await rejection(step(options('again')));
          const told = `${inspect(error, { depth: 10 })} ${JSON.stringify(details(error))}`;
          deepStrictEqual(
            fixture.secrets.filter((secret) => told.includes(secret)),
            [],
            'the error tells a secret',
          );
        }
      }
    },
  },
];

/**
 * Registers a test for each promise C1 to C11 of the chat room port; `open` answers a fresh chat for each. What C12 means
 * depends on the chat: no kit can try it. Each title begins with the number of its promise.
 *
 * @example
 * ```ts
 * import { testChatRoom } from 'tocsin/testing';
 * const titles: string[] = [];
 * testChatRoom(
 *   (title) => titles.push(title),
 *   async () => {
 *     throw new Error('open a chat here, and a chat room over it');
 *   },
 * );
 * titles[0]; // => 'C1 each step is done when it resolves'
 * ```
 */
export function testChatRoom(test: RegisterTest, open: () => Promise<ChatRoomFixture>): void {
  for (const { title, run } of TESTS) test(title, () => onFixture(open, run));
}

function options(idempotencyKey: string, signal = new AbortController().signal): RoomOptions {
  return { idempotencyKey, signal, sentAt: AT };
}

function repeated(idempotencyKey: string): RoomOptions {
  return { ...options(idempotencyKey), isRepeated: true };
}

/** The id of the one room that was made. */
async function made({ chatRoom }: ChatRoomFixture): Promise<string> {
  return (await settled(chatRoom.create(DRAFT, options('made')))).id;
}

type Step = (given: RoomOptions) => Promise<unknown>;

/** Every step, of a room that is there. */
async function stepsOf(fixture: ChatRoomFixture): Promise<readonly Step[]> {
  const id = await made(fixture);
  const { chatRoom, people } = fixture;
  const other = { ...DRAFT, incidentId: 'i2' };
  return [
    (given) => attempt(() => chatRoom.create(other, given)),
    (given) => attempt(() => chatRoom.invite(id, people, given)),
    (given) => attempt(() => chatRoom.setTopic(id, 'It burns', given)),
    (given) => attempt(() => chatRoom.post(id, ENTRIES, given)),
    (given) => attempt(() => chatRoom.archive(id, given)),
  ];
}

function roomOf({ rooms }: ChatRoomFixture): ShownRoom {
  const [room, ...others] = rooms();
  strictEqual(others.length, 0, 'there is one room');
  return room ?? fail('there is no room');
}

/** A step that throws at once has rejected. */
async function attempt<T>(step: () => Promise<T>): Promise<T> {
  return step();
}
