/**
 * The issue tracker kit bites: the webhook tracker and one in memory pass it, and whoever breaks a promise fails a test of that promise.
 */
import { describe, expect, test } from 'vitest';
import {
  defineIssueTracker,
  type IssueOptions,
  type IssueTracker,
  notifyError,
  type TrackedItem,
} from '../../src/index.ts';
import { webhookTracker } from '../../src/issue-trackers/webhook.ts';
import { type IssueTrackerFixture, type TrackerAnswer, testIssueTracker } from '../../src/testing/index.ts';
import { BUSY_S, issueReceiver } from '../support/platforms/issues.ts';

const TOKEN = 's3cret-of-this-test';
const PATH = 'T0/secret-path-of-the-hook';

async function openWebhook(): Promise<IssueTrackerFixture> {
  const receiver = await issueReceiver(PATH);
  const headers = { authorization: `Bearer ${TOKEN}` };
  return {
    tracker: webhookTracker({ url: receiver.url, headers, allowPrivateNetwork: true }),
    answer(how) {
      receiver.mood = how;
    },
    issues: () =>
      receiver.issues.map(({ id, title, status }) => ({
        id,
        title,
        isClosed: status === 'done' || status === 'dropped',
      })),
    remove(id) {
      receiver.issues.splice(
        receiver.issues.findIndex((issue) => issue.id === id),
        1,
      );
    },
    busyMs: BUSY_S * 1_000,
    secrets: [TOKEN, PATH],
    close: receiver.close,
  };
}

/** A tracker that is nothing but a map. */
async function openBoard(): Promise<IssueTrackerFixture> {
  let how: TrackerAnswer = 'takes';
  const cards = new Map<string, { title: string; isClosed: boolean }>();
  const faced = async <T>({ signal }: IssueOptions, work: () => T): Promise<T> => {
    signal.throwIfAborted();
    if (how === 'hangs')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    if (how === 'fails') throw notifyError('The board has fallen off the wall.');
    if (how === 'refuses') throw notifyError('This is no board.', { permanent: true });
    if (how === 'busy') throw notifyError('Somebody writes on the board.', { retryAfterMs: 3_000 });
    const done = work();
    if (how === 'loses') throw notifyError('Nobody has seen what was written.');
    return done;
  };
  const shown = ({ title, status }: TrackedItem) => ({ title, isClosed: status === 'done' || status === 'dropped' });
  return {
    tracker: defineIssueTracker({
      name: 'board',
      create: (item, options) =>
        faced(options, () => {
          const id = options.idempotencyKey;
          if (!cards.has(id)) cards.set(id, shown(item));
          return { id };
        }),
      update: (id, item, options) =>
        faced(options, () => {
          if (!cards.has(id)) return { isGone: true };
          cards.set(id, shown(item));
          return {};
        }),
    }),
    answer(given) {
      how = given;
    },
    issues: () => [...cards].map(([id, card]) => ({ id, ...card })),
    remove: (id) => void cards.delete(id),
    busyMs: 3_000,
    secrets: [TOKEN],
    close() {},
  };
}

describe('a webhook', () => testIssueTracker(test, openWebhook));
describe('a board', () => testIssueTracker(test, openBoard));

type Saboteur = { readonly promise: string; readonly does: string; breaks(sound: IssueTracker): Partial<IssueTracker> };

const deaf = (given: IssueOptions): IssueOptions => ({ ...given, signal: new AbortController().signal });
const fresh = (given: IssueOptions): IssueOptions => ({
  ...given,
  idempotencyKey: `${given.idempotencyKey} ${++turns}`,
});
let turns = 0;

/** `sound` whose failures are others. */
function failing(sound: IssueTracker, change: (details: Record<string, unknown>) => Error): Partial<IssueTracker> {
  const no = (error: { readonly details: Record<string, unknown> }): never => {
    throw change(error.details);
  };
  return {
    create: (...all) => sound.create(...all).catch(no),
    update: (...all) => sound.update(...all).catch(no),
  };
}

const SABOTEURS: readonly Saboteur[] = [
  { promise: 'T1', does: 'updates nothing', breaks: () => ({ update: async () => ({}) }) },
  { promise: 'T1', does: 'never settles', breaks: () => ({ create: () => new Promise(() => {}) }) },
  {
    promise: 'T1',
    does: 'says nothing of a failure',
    breaks: (sound) => ({ update: (...all) => sound.update(...all).catch(() => ({})) }),
  },
  {
    promise: 'T2',
    does: 'does not listen to its signal',
    breaks: (sound) => ({
      create: (item, given) => sound.create(item, deaf(given)),
      update: (id, item, given) => sound.update(id, item, deaf(given)),
    }),
  },
  {
    promise: 'T3',
    does: 'makes an issue for each attempt',
    breaks: (sound) => ({ create: (item, given) => sound.create(item, fresh(given)) }),
  },
  {
    promise: 'T3',
    does: 'has one issue for everything',
    breaks: (sound) => ({ create: (item, given) => sound.create(item, { ...given, idempotencyKey: 'one' }) }),
  },
  {
    promise: 'T4',
    does: 'brings an issue up to date once',
    breaks(sound) {
      const done = new Set<string>();
      return {
        async update(id, item, given) {
          if (done.has(id)) return {};
          const answer = await sound.update(id, item, given);
          done.add(id);
          return answer;
        },
      };
    },
  },
  {
    promise: 'T5',
    does: 'makes an issue that was deleted anew',
    breaks: (sound) => ({
      async update(id, item, given) {
        const answer = await sound.update(id, item, given);
        if (answer.isGone) await sound.create(item, fresh(given));
        return answer;
      },
    }),
  },
  {
    promise: 'T5',
    does: 'says nothing of an issue that was deleted',
    breaks: (sound) => ({ update: (...all) => sound.update(...all).then(() => ({})) }),
  },
  {
    promise: 'T6',
    does: 'takes nothing for permanent',
    breaks: (sound) => failing(sound, ({ permanent: _, ...rest }) => notifyError('no', rest)),
  },
  {
    promise: 'T6',
    does: 'takes everything for permanent',
    breaks: (sound) => failing(sound, () => notifyError('no', { permanent: true })),
  },
  {
    promise: 'T7',
    does: 'does not say how long to wait',
    breaks: (sound) => failing(sound, ({ permanent }) => notifyError('no', { permanent: permanent === true })),
  },
  {
    promise: 'T8',
    does: 'tells its token',
    breaks: (sound) => failing(sound, (details) => notifyError(`no: ${TOKEN}`, details)),
  },
];

test.each(SABOTEURS)('$promise an issue tracker that $does is found out', async ({ promise, breaks }) => {
  const runs: (() => Promise<void>)[] = [];
  const open = async () => {
    const fixture = await openBoard();
    return { ...fixture, tracker: { ...fixture.tracker, ...breaks(fixture.tracker) } };
  };
  testIssueTracker((title, run) => title.startsWith(`${promise} `) && runs.push(run), open);
  const outcomes = await Promise.allSettled(runs.map((run) => run()));
  expect(outcomes.map(({ status }) => status)).toContain('rejected');
});

test('every promise that the kit tries has a saboteur', () => {
  const titles: string[] = [];
  testIssueTracker((title) => titles.push(title), openBoard);
  expect(new Set(SABOTEURS.map(({ promise }) => promise))).toEqual(new Set(titles.map((title) => title.split(' ')[0])));
});
