/**
 * The notifier kit bites: the webhook notifier passes it, and whoever breaks a promise fails a test of that promise.
 */
import { expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { webhookNotifier } from '../../src/notifiers/webhook.ts';
import { type Notifier, notifyError, type SendOptions } from '../../src/ports/notifier.ts';
import { type ChannelAnswer, type NotifierFixture, sampleMessage, testNotifier } from '../../src/testing/index.ts';

const PATH = 'T0/B0/secret-path-of-the-hook';
const STATUS = { takes: 200, fails: 503, refuses: 404, busy: 429, hangs: 200 } as const;

/** A receiver of webhooks that does as it is told, and repeats what it was asked in its errors. */
async function openWebhook(): Promise<NotifierFixture> {
  let how: ChannelAnswer = 'takes';
  const received: { key: string; text: string }[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    if (init?.signal?.aborted) throw init.signal.reason;
    if (how === 'hangs') {
      await new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    }
    received.push({ key: new Headers(init?.headers).get('idempotency-key') ?? '', text: String(init?.body) });
    const headers: HeadersInit = how === 'busy' ? { 'retry-after': '30' } : {};
    return new Response(how === 'takes' ? null : `cannot post to ${String(url)}`, { status: STATUS[how], headers });
  };
  return {
    notifier: webhookNotifier({ fetch }),
    message: sampleMessage({ to: { contact: 'hook', address: `https://hooks.example.com/${PATH}` } }),
    answer(given) {
      how = given;
    },
    received: () => received,
    busyMs: 30_000,
    secrets: [PATH],
    close() {},
  };
}

expect(testNotifier(test, openWebhook)).toEqual([]);

type Send = (message: Message, options: SendOptions) => Promise<unknown>;
type NotifierSaboteur = { readonly promise: string; readonly does: string; breaks(send: Send): Send };

const without =
  (field: 'permanent' | 'retryAfterMs') =>
  (send: Send): Send =>
  async (message, options) => {
    try {
      return await send(message, options);
    } catch (error) {
      const { details } = error as { readonly details: Record<string, unknown> };
      const { [field]: _, ...rest } = details;
      throw notifyError('It failed.', rest);
    }
  };

const SABOTEURS: readonly NotifierSaboteur[] = [
  { promise: 'N1', does: 'never settles', breaks: () => () => new Promise(() => {}) },
  {
    promise: 'N1',
    does: 'says nothing of a failure',
    breaks: (send) => async (message, options) => {
      try {
        return await send(message, options);
      } catch {
        return undefined;
      }
    },
  },
  { promise: 'N1', does: 'sends nothing', breaks: () => async () => undefined },
  {
    promise: 'N2',
    does: 'does not listen to its signal',
    breaks:
      (send) =>
      (message, { idempotencyKey }) =>
        send(message, { idempotencyKey, signal: new AbortController().signal }),
  },
  {
    promise: 'N3',
    does: 'makes a key of its own for each attempt',
    breaks: (send) => {
      let attempts = 0;
      return (message, options) => send(message, { ...options, idempotencyKey: `attempt-${++attempts}` });
    },
  },
  {
    promise: 'N3',
    does: 'has one key for everything',
    breaks: (send) => (message, options) => send(message, { ...options, idempotencyKey: 'key' }),
  },
  {
    promise: 'N3',
    does: 'sends another text each time',
    breaks: (send) => {
      let attempts = 0;
      return (message, options) => send({ ...message, body: `attempt ${++attempts}` }, options);
    },
  },
  { promise: 'N4', does: 'takes nothing for permanent', breaks: without('permanent') },
  {
    promise: 'N4',
    does: 'takes every failure for permanent',
    breaks: (send) => (message, options) =>
      send(message, options).catch(() => {
        throw notifyError('It failed.', { permanent: true });
      }),
  },
  {
    promise: 'N8',
    does: 'tells the address in its errors',
    breaks: (send) => (message, options) =>
      send(message, options).catch((error: Error & { details: { permanent: boolean } }) => {
        throw notifyError(`Cannot post to ${message.to.address}.`, error.details);
      }),
  },
  { promise: 'N5', does: 'does not say how long to wait', breaks: without('retryAfterMs') },
];

test.each(SABOTEURS)('$promise a notifier that $does is found out', async ({ promise, breaks }) => {
  const tests: [string, () => Promise<void>][] = [];
  testNotifier(
    (title, run) => tests.push([title, run]),
    async () => {
      const fixture = await openWebhook();
      const { notifier } = fixture;
      return { ...fixture, notifier: { ...notifier, send: breaks(notifier.send) as Notifier['send'] } };
    },
  );
  const outcomes = await Promise.allSettled(
    tests.filter(([title]) => title.startsWith(`${promise} `)).map(([, run]) => run()),
  );
  expect(outcomes.map(({ status }) => status)).toContain('rejected');
});

test('every promise that the kit tries has a saboteur', () => {
  const titles: string[] = [];
  testNotifier((title) => titles.push(title), openWebhook, { updates: true });
  const tried = new Set(titles.map((title) => title.split(' ')[0]));
  const sabotaged = [...SABOTEURS.map(({ promise }) => promise), ...(UPDATE_SABOTEURS.length > 0 ? ['N7'] : [])];
  expect(new Set(sabotaged)).toEqual(tried);
});

type Update = NonNullable<Notifier['update']>;

/** A board on which messages stay and can be changed. */
async function openBoard(breaks: (update: Update, board: Map<string, string>) => Update): Promise<NotifierFixture> {
  const board = new Map<string, string>();
  let how: ChannelAnswer = 'takes';
  const write = (id: string, message: Message, { signal }: SendOptions) => {
    signal.throwIfAborted();
    if (how === 'fails') throw notifyError('The board is away.');
    if (how === 'refuses') throw notifyError('There is no such board.', { permanent: true });
    if (how === 'busy') throw notifyError('The board is busy.', { retryAfterMs: 2_000 });
    board.set(id, `${message.title} ${message.status ?? ''}`);
  };
  const update: Update = async (externalId, message, given) => write(externalId, message, given);
  return {
    notifier: {
      name: 'board',
      async send(message, given) {
        const externalId = String(board.size + 1);
        write(externalId, message, given);
        return { externalId };
      },
      update: breaks(update, board),
    },
    message: sampleMessage(),
    answer(given) {
      how = given;
    },
    received: () => [...board.values()].map((text) => ({ text })),
    shown: () => [...board.values()],
    busyMs: 2_000,
    secrets: ['a-secret-of-the-board'],
    close() {},
  };
}

const UPDATE_SABOTEURS: readonly (readonly [string, (update: Update, board: Map<string, string>) => Update])[] = [
  ['changes nothing', () => async () => {}],
  [
    'sends another message beside it',
    (update, board) => async (id, message, given) => {
      await update(id, message, given);
      board.set(`beside ${id}`, message.title);
    },
  ],
  [
    'says it once more each time',
    (update, board) => async (id, message, given) => {
      await update(id, message, given);
      board.set(id, `${board.get(id)} ${++count}`);
    },
  ],
  [
    'does not listen to its signal',
    (update) => (id, message, given) => update(id, message, { ...given, signal: new AbortController().signal }),
  ],
  [
    'says nothing of a failure',
    (update) => (id, message, given) => (update(id, message, given) as Promise<void>).catch(() => {}),
  ],
  [
    'takes nothing for permanent',
    (update) => (id, message, given) =>
      (update(id, message, given) as Promise<void>).catch(() => {
        throw notifyError('It failed.');
      }),
  ],
  [
    'tells a secret',
    (update) => (id, message, given) =>
      (update(id, message, given) as Promise<void>).catch((error: Error & { details: { permanent: boolean } }) => {
        throw notifyError('No a-secret-of-the-board here.', error.details);
      }),
  ],
];
let count = 0;

async function failuresOfUpdate(breaks: (update: Update, board: Map<string, string>) => Update): Promise<number> {
  const runs: Promise<void>[] = [];
  testNotifier(
    (title, run) => void (title.startsWith('N7 ') && runs.push(run())),
    () => openBoard(breaks),
    {
      lacks: ['hangs'],
      updates: true,
    },
  );
  expect(runs.length).toBeGreaterThan(4);
  return (await Promise.allSettled(runs)).filter(({ status }) => status === 'rejected').length;
}

test('N7 a notifier whose update keeps the promise passes', async () => {
  expect(await failuresOfUpdate((update) => update)).toBe(0);
});

test.each(UPDATE_SABOTEURS)('N7 a notifier whose update %s is found out', async (_, breaks) => {
  expect(await failuresOfUpdate(breaks)).toBeGreaterThan(0);
});
