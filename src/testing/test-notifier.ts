/**
 * testNotifier: the conformance kit of the notifier port. Passing it is the definition of "supported".
 *
 * It registers tests with whatever runner it is handed. The channel behind the notifier is the fixture's; nothing here
 * reaches a network or waits.
 */
import { deepStrictEqual, fail, notDeepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Message } from '../model/message.ts';
import type { Notifier, SendOptions } from '../ports/notifier.ts';
import { details, onFixture, waitingFor } from './settling.ts';
import type { RegisterTest } from './storage/fixture.ts';

/** How a channel answers: it takes the message, fails for now, refuses for ever, asks to wait, or never answers. */
export type ChannelAnswer = 'takes' | 'fails' | 'refuses' | 'busy' | 'hangs';

/** One notifier to be tried, over a channel that does as it is told. */
export type NotifierFixture = {
  readonly notifier: Notifier;
  /** A message to an address that the channel knows. */
  readonly message: Message;
  /** Makes the channel answer so from now on; at first it takes everything. */
  answer(how: ChannelAnswer): void;
  /** What arrived at the channel, in order: the key that it would deduplicate by, if it can, and the text. */
  received(): readonly { readonly key?: string | undefined; readonly text: string }[];
  /** What the channel shows now, one text for each message that was not taken back: needed when `updates` is set. */
  shown?(): readonly string[];
  /** How long (ms) the channel asks to wait when it is busy. */
  readonly busyMs?: number;
  /** Passwords, tokens and parts of addresses that nobody may read in an error. */
  readonly secrets: readonly string[];
  close(): void | Promise<void>;
};

/** What is known of a fixture before it is opened. */
export type NotifierTestOptions = {
  /** Answers that this channel never gives; the tests that need them are not registered. */
  readonly lacks?: readonly ChannelAnswer[];
  /** Whether the notifier has an `update`: then N7 is tried as well. */
  readonly updates?: boolean;
  /** Whether everybody reads what it shows (its `audience` is `public`): then N9 is tried as well. Its message has `publicFacts`. */
  readonly publishes?: boolean;
};

type NotifierTest = {
  readonly title: string;
  readonly needs: readonly ChannelAnswer[];
  readonly isUpdate?: true;
  readonly isPublic?: true;
  run(fixture: NotifierFixture): Promise<void>;
};

/** A `send` that has not settled by then never will. */
const PATIENCE_MS = 1_000;
const { settled, rejection } = waitingFor('send', PATIENCE_MS);
/** What may stand nowhere. */
const WHISPER = 'nobody-outside-may-read-this';
const FAILURES = ['fails', 'refuses', 'busy'] as const;

const TESTS: readonly NotifierTest[] = [
  {
    title: 'N1 send resolves when the channel took the message',
    needs: [],
    async run({ notifier, message, received }) {
      const answer = await settled(attempt(notifier, message, options('k1')));
      ok(answer === undefined || isSendResult(answer), 'it answers nothing, or an object with a text as `externalId`');
      strictEqual(received().length, 1, 'the message arrived once');
      ok(received()[0]?.text.includes(message.title), 'the title arrived');
    },
  },
  ...FAILURES.map(
    (how): NotifierTest => ({
      title: `N1 send rejects when the channel ${how === 'busy' ? 'is busy' : how}`,
      needs: [how],
      async run({ notifier, message, answer }) {
        answer(how);
        await rejection(attempt(notifier, message, options('k1')));
      },
    }),
  ),
  {
    title: 'N2 send rejects before anything arrives when its signal has aborted',
    needs: [],
    async run({ notifier, message, received }) {
      await rejection(attempt(notifier, message, options('k1', AbortSignal.abort())));
      strictEqual(received().length, 0, 'nothing arrived');
    },
  },
  {
    title: 'N2 send stops and rejects when its signal aborts while the channel does not answer',
    needs: ['hangs'],
    async run({ notifier, message, answer }) {
      answer('hangs');
      const controller = new AbortController();
      const sending = attempt(notifier, message, options('k1', controller.signal));
      setImmediate(() => controller.abort());
      await rejection(sending);
    },
  },
  {
    title: 'N3 the same key means the same message, however often it is sent',
    needs: [],
    async run({ notifier, message, received }) {
      for (const key of ['k1', 'k1', 'k2']) await settled(attempt(notifier, message, options(key)));
      const [first, ...others] = received();
      const keys = received().map(({ key }) => key);
      for (const { text } of others) strictEqual(text, first?.text, 'the text stays the same');
      if (first?.key === undefined) return;
      const [again, last] = keys.length === 2 ? [keys[0], keys[1]] : [keys[1], keys[2]];
      strictEqual(again, keys[0], 'the key stays the same');
      notStrictEqual(last, keys[0], 'another delivery has another key');
    },
  },
  {
    title: 'N4 what no later attempt can mend is permanent',
    needs: ['refuses'],
    async run({ notifier, message, answer }) {
      answer('refuses');
      strictEqual(details(await rejection(attempt(notifier, message, options('k1')))).permanent, true);
    },
  },
  {
    title: 'N4 what a later attempt can mend is not permanent, and later it is mended',
    needs: ['fails'],
    async run({ notifier, message, answer, received }) {
      answer('fails');
      notStrictEqual(details(await rejection(attempt(notifier, message, options('k1')))).permanent, true);
      const before = received().length;
      answer('takes');
      await settled(attempt(notifier, message, options('k1')));
      strictEqual(received().length, before + 1);
    },
  },
  {
    title: 'N8 no secret can be read in what send rejects with',
    needs: ['fails', 'refuses'],
    async run({ notifier, message, answer, secrets }) {
      for (const how of ['fails', 'refuses'] as const) {
        answer(how);
        tellsNothing(await rejection(attempt(notifier, message, options('k1'))), secrets);
      }
    },
  },
  {
    title: 'N5 how long the channel asks to wait is in the rejection',
    needs: ['busy'],
    async run({ notifier, message, answer, busyMs }) {
      answer('busy');
      ok(busyMs !== undefined, 'The fixture has no `busyMs`: say how long its channel asks to wait.');
      const { retryAfterMs, permanent } = details(await rejection(attempt(notifier, message, options('k1'))));
      strictEqual(retryAfterMs, busyMs);
      notStrictEqual(permanent, true);
    },
  },
  {
    title: 'N7 update changes what the channel shows, and sends nothing beside it',
    needs: [],
    isUpdate: true,
    async run(fixture) {
      const { externalId, before } = await sentBefore(fixture);
      await settled(update(fixture, externalId, options('k2')));
      strictEqual(shownBy(fixture).length, before.length, 'there are as many messages as before');
      notDeepStrictEqual(shownBy(fixture), before);
    },
  },
  {
    title: 'N7 the same update twice leaves what one leaves',
    needs: [],
    isUpdate: true,
    async run(fixture) {
      const { externalId } = await sentBefore(fixture);
      await settled(update(fixture, externalId, options('k2')));
      const once = shownBy(fixture);
      await settled(update(fixture, externalId, options('k2')));
      deepStrictEqual(shownBy(fixture), once);
    },
  },
  {
    title: 'N7 update rejects before anything changes when its signal has aborted',
    needs: [],
    isUpdate: true,
    async run(fixture) {
      const { externalId, before } = await sentBefore(fixture);
      await rejection(update(fixture, externalId, options('k2', AbortSignal.abort())));
      deepStrictEqual(shownBy(fixture), before);
    },
  },
  ...FAILURES.map(
    (how): NotifierTest => ({
      title: `N7 update rejects as send does when the channel ${how === 'busy' ? 'is busy' : how}, and tells no secret (N8)`,
      needs: [how],
      isUpdate: true,
      async run(fixture) {
        const { externalId } = await sentBefore(fixture);
        fixture.answer(how);
        const error = await rejection(update(fixture, externalId, options('k2')));
        strictEqual(details(error).permanent === true, how === 'refuses');
        if (how === 'busy') strictEqual(details(error).retryAfterMs, fixture.busyMs);
        tellsNothing(error, fixture.secrets);
      },
    }),
  ),
  {
    title: 'N9 without public facts nothing is shown',
    needs: [],
    isPublic: true,
    async run({ notifier, message: { publicFacts: _, ...message }, received }) {
      strictEqual(notifier.audience, 'public', 'its audience is the public');
      await attempt(notifier, message, options('k1')).catch(() => undefined);
      strictEqual(received().length, 0, 'nothing arrived');
    },
  },
  {
    title: 'N9 nothing but the public facts is shown',
    needs: [],
    isPublic: true,
    async run(fixture) {
      const message = whispering(fixture.message);
      await settled(attempt(fixture.notifier, message, options('k1')));
      ok(fixture.received().length > 0, 'the message arrived');
      revealsNothing(fixture);
    },
  },
  {
    title: 'N9 nothing but the public facts is shown by an update',
    needs: [],
    isUpdate: true,
    isPublic: true,
    async run(fixture) {
      const { externalId } = await sentBefore(fixture);
      await settled(update({ ...fixture, message: whispering(fixture.message) }, externalId, options('k2')));
      revealsNothing(fixture);
    },
  },
];

/**
 * Registers a test for each promise N1 to N5 and N8 of the notifier port, of N7 when it `updates`, and of N9 when it
 * `publishes`; `open` answers a fresh notifier for each. What N6 means depends on the channel: no kit can try it.
 *
 * Each title begins with the number of its promise. Answers the titles of the tests that the channel's missing answers
 * leave out.
 *
 * @example
 * ```ts
 * import { recordingNotifier, sampleMessage, testNotifier } from 'tocsin/testing';
 * const tests = new Map<string, () => Promise<void>>();
 * const open = async () => {
 *   const notifier = recordingNotifier('sms');
 *   const received = () => notifier.sent.map(({ message, idempotencyKey }) => ({ key: idempotencyKey, text: message.title }));
 *   return { notifier, message: sampleMessage(), answer() {}, received, secrets: [], close() {} };
 * };
 * const untried = testNotifier((title, run) => tests.set(title, run), open, { lacks: ['fails', 'refuses', 'busy', 'hangs'] });
 * await tests.get('N1 send resolves when the channel took the message')?.();
 * untried.length; // => 8
 * ```
 */
export function testNotifier(
  test: RegisterTest,
  open: () => Promise<NotifierFixture>,
  { lacks = [], updates = false, publishes = false }: NotifierTestOptions = {},
): readonly string[] {
  const untried: string[] = [];
  for (const { title, needs, isUpdate = false, isPublic = false, run } of TESTS) {
    if ((isUpdate && !updates) || (isPublic && !publishes)) continue;
    if (needs.some((answer) => lacks.includes(answer))) untried.push(title);
    else test(title, () => onFixture(open, run));
  }
  return untried;
}

function options(idempotencyKey: string, signal = new AbortController().signal): SendOptions {
  return { idempotencyKey, signal };
}

/** A notifier that throws at once has rejected. */
async function attempt(notifier: Notifier, message: Message, given: SendOptions): Promise<unknown> {
  return notifier.send(message, given);
}

/** What is to be brought up to date, and what the channel shows until then. */
async function sentBefore(fixture: NotifierFixture) {
  const sent = await settled(attempt(fixture.notifier, fixture.message, options('k1')));
  const externalId: unknown = typeof sent === 'object' && sent !== null ? Reflect.get(sent, 'externalId') : undefined;
  if (typeof externalId !== 'string') fail('send answered no externalId, so nothing can be updated');
  const before = shownBy(fixture);
  strictEqual(before.length, 1, 'the channel shows the message');
  return { externalId, before };
}

function shownBy({ shown }: NotifierFixture): readonly string[] {
  return shown?.() ?? fail('The fixture has no `shown`: say what its channel shows.');
}

/** `message`, which says everywhere but in its public facts what the public may not know. */
function whispering(message: Message): Message {
  const service = { id: WHISPER, name: WHISPER };
  return {
    ...message,
    title: WHISPER,
    body: WHISPER,
    lines: [WHISPER],
    severity: WHISPER,
    service,
    people: { asked: [WHISPER], acknowledgedBy: [WHISPER] },
    links: [{ href: `https://example.com/${WHISPER}`, text: WHISPER }],
    actions: [{ id: 'acknowledge', label: WHISPER, token: WHISPER }],
    bundle: [{ deliveryId: WHISPER, title: WHISPER, line: WHISPER, urgency: 'high' }],
  };
}

function revealsNothing({ received, shown }: NotifierFixture): void {
  for (const text of [...received().map((one) => one.text), ...(shown?.() ?? [])]) {
    ok(!text.includes(WHISPER), 'it shows what the public may not know');
  }
}

/** What was sent has been answered and is over. */
async function update(
  { notifier, message }: NotifierFixture,
  externalId: string,
  given: SendOptions,
): Promise<unknown> {
  const now = { ...message, purpose: 'update', status: 'resolved', title: `Resolved: ${message.title}`, actions: [] };
  const { publicFacts: facts } = message;
  const end = { id: '999999999', at: message.sentAt, status: 'resolved', text: 'It is over.' } as const;
  const told = facts && { publicFacts: { ...facts, status: 'resolved', updates: [...facts.updates, end] } };
  return notifier.update?.(externalId, { ...now, ...told } as Message, given);
}

function tellsNothing(error: unknown, secrets: readonly string[]): void {
  const told = `${inspect(error, { depth: 10 })} ${JSON.stringify(details(error))}`;
  deepStrictEqual(
    secrets.filter((secret) => told.includes(secret)),
    [],
    'the error tells a secret',
  );
}

function isSendResult(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  return ['string', 'undefined'].includes(typeof Reflect.get(answer, 'externalId'));
}
