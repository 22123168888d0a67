/**
 * The chat room kit bites: Slack's rooms pass it, and whoever breaks a promise fails a test of that promise.
 */
import { expect, test } from 'vitest';
import { slackRooms } from '../../src/chat-rooms/slack.ts';
import { type ChatRoom, notifyError, type RoomOptions } from '../../src/index.ts';
import { type ChatRoomFixture, testChatRoom } from '../../src/testing/index.ts';
import { slackWorkspace } from '../support/platforms/slack.ts';

const token = 'xoxb-1234-s3cret-of-this-test';

/** A workspace with two people. */
async function openSlack(): Promise<ChatRoomFixture> {
  const workspace = await slackWorkspace({
    token,
    people: { UANA00001: 'ana@example.org', UBEN00001: 'ben@example.org' },
  });
  return {
    chatRoom: slackRooms({ token, baseUrl: workspace.baseUrl, people: { ana: 'UANA00001', cyd: 'UCYD00001' } }),
    people: [
      { user: 'ana', addresses: {} },
      { user: 'ben', addresses: { slack: 'UBEN00001' } },
    ],
    stranger: { user: 'cyd', addresses: {} },
    answer(how) {
      workspace.mood = how;
    },
    rooms: () =>
      workspace.channels.map(({ id, isPrivate, isArchived, topic, members, messages }) => ({
        id,
        isPrivate,
        isArchived,
        topic,
        people: members.size - 1,
        posts: messages.map(({ text }) => text),
      })),
    busyMs: 7_000,
    secrets: [token],
    close: () => workspace.close(),
  };
}

testChatRoom(test, openSlack);

type Saboteur = { readonly promise: string; readonly does: string; breaks(sound: ChatRoom): Partial<ChatRoom> };

const deaf = (given: RoomOptions): RoomOptions => ({ ...given, signal: new AbortController().signal });
const fresh = (given: RoomOptions): RoomOptions => ({ ...given, idempotencyKey: `${given.idempotencyKey} ${++turns}` });
let turns = 0;

/** `sound` whose steps are given other options. */
function given(sound: ChatRoom, change: (options: RoomOptions) => RoomOptions): ChatRoom {
  return {
    ...sound,
    create: (room, options) => sound.create(room, change(options)),
    invite: (id, people, options) => sound.invite(id, people, change(options)),
    setTopic: (id, topic, options) => sound.setTopic(id, topic, change(options)),
    post: (id, entries, options) => sound.post(id, entries, change(options)),
    archive: (id, options) => sound.archive(id, change(options)),
  };
}

/** `sound` whose failures are others. */
function failing(sound: ChatRoom, change: (details: Record<string, unknown>) => Error): ChatRoom {
  const no = (error: { readonly details: Record<string, unknown> }): never => {
    throw change(error.details);
  };
  return {
    ...sound,
    create: (...all) => sound.create(...all).catch(no),
    invite: (...all) => sound.invite(...all).catch(no),
    setTopic: (...all) => sound.setTopic(...all).catch(no),
    post: (...all) => sound.post(...all).catch(no),
    archive: (...all) => sound.archive(...all).catch(no),
  };
}

const SABOTEURS: readonly Saboteur[] = [
  { promise: 'C1', does: 'posts nothing', breaks: () => ({ post: async () => ({}) }) },
  { promise: 'C1', does: 'never settles', breaks: () => ({ setTopic: () => new Promise(() => {}) }) },
  {
    promise: 'C1',
    does: 'says nothing of a failure',
    breaks: (sound) => ({ invite: (...all) => sound.invite(...all).catch(() => ({})) }),
  },
  { promise: 'C2', does: 'does not listen to its signal', breaks: (sound) => given(sound, deaf) },
  {
    promise: 'C3',
    does: 'makes a room of its own for each attempt',
    breaks: (sound) => ({ create: given(sound, fresh).create }),
  },
  {
    promise: 'C3',
    does: 'has one room for everybody',
    breaks: (sound) => ({ create: (room, options) => sound.create(room, { ...options, idempotencyKey: 'one' }) }),
  },
  {
    promise: 'C4',
    does: 'makes every room a public one',
    breaks: (sound) => ({ create: (room, options) => sound.create({ ...room, private: false }, options) }),
  },
  {
    promise: 'C5',
    does: 'does not look whether it was posted',
    breaks: (sound) => ({ post: (id, entries, options) => sound.post(id, entries, { ...options, isRepeated: false }) }),
  },
  {
    promise: 'C5',
    does: 'posts the last first',
    breaks: (sound) => ({ post: (id, entries, options) => sound.post(id, entries.toReversed(), options) }),
  },
  {
    promise: 'C6',
    does: 'fails when a room is archived twice',
    breaks(sound) {
      let isDone = false;
      return {
        async archive(...all) {
          if (isDone) throw notifyError('already_archived', { permanent: true });
          isDone = true;
          return sound.archive(...all);
        },
      };
    },
  },
  {
    promise: 'C7',
    does: 'says nothing of whom it left out',
    breaks: (sound) => ({ invite: (...all) => sound.invite(...all).then(() => ({})) }),
  },
  {
    promise: 'C7',
    does: 'invites nobody after somebody unknown',
    breaks: (sound) => ({ invite: (id, people, options) => sound.invite(id, people.slice(0, 2), options) }),
  },
  {
    promise: 'C8',
    does: 'takes an archived room for a failure',
    breaks: (sound) => ({
      async post(...all) {
        const answer = await sound.post(...all);
        if (answer.isClosed) throw notifyError('is_archived', { permanent: true });
        return answer;
      },
    }),
  },
  {
    promise: 'C9',
    does: 'takes nothing for permanent',
    breaks: (sound) => failing(sound, ({ permanent: _, ...rest }) => notifyError('no', rest)),
  },
  {
    promise: 'C9',
    does: 'takes everything for permanent',
    breaks: (sound) => failing(sound, () => notifyError('no', { permanent: true })),
  },
  {
    promise: 'C10',
    does: 'does not say how long to wait',
    breaks: (sound) => failing(sound, ({ permanent }) => notifyError('no', { permanent: permanent === true })),
  },
  {
    promise: 'C11',
    does: 'tells its token',
    breaks: (sound) => failing(sound, (details) => notifyError(`no: ${token}`, details)),
  },
];

test.each(SABOTEURS)('$promise a chat room that $does is found out', async ({ promise, breaks }) => {
  const runs: (() => Promise<void>)[] = [];
  const open = async () => {
    const fixture = await openSlack();
    return { ...fixture, chatRoom: { ...fixture.chatRoom, ...breaks(fixture.chatRoom) } };
  };
  testChatRoom((title, run) => title.startsWith(`${promise} `) && runs.push(run), open);
  const outcomes = await Promise.allSettled(runs.map((run) => run()));
  expect(outcomes.map(({ status }) => status)).toContain('rejected');
});

test('every promise that the kit tries has a saboteur', () => {
  const titles: string[] = [];
  testChatRoom((title) => titles.push(title), openSlack);
  expect(new Set(SABOTEURS.map(({ promise }) => promise))).toEqual(new Set(titles.map((title) => title.split(' ')[0])));
});
