/**
 * What the tests of the notifiers share: a channel that answers as it is told, the fixture of the kit over it, strangers'
 * messages, and a local server. It asserts nothing.
 */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import { isTocsinError, type TocsinError } from '../../src/errors.ts';
import type { Message } from '../../src/model/message.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import type { ChannelAnswer, NotifierFixture } from '../../src/testing/index.ts';
import { strangers } from '../core/text/strangers.ts';

/** One request as a channel got it. */
export type Call<Body> = {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly body: Body;
};

/** A channel that answers each request as told, and keeps what it got, its body as `read` has it: JSON unless told otherwise. */
export function recording<Body>(answer: (call: Call<Body>) => Response, read: (body: unknown) => Body = parsed) {
  const calls: Call<Body>[] = [];
  const fetch: typeof globalThis.fetch = async (url, { signal, method, headers, body } = {}) => {
    if (signal?.aborted) throw signal.reason;
    const call = { url: String(url), method, headers: new Headers(headers), body: read(body) };
    calls.push(call);
    return answer(call);
  };
  return { calls, fetch };
}

function parsed(body: unknown) {
  return JSON.parse(String(body));
}

/** What `attempt` fails with. */
export async function failureOf(attempt: unknown): Promise<TocsinError> {
  const error = await Promise.resolve(attempt).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isTocsinError(error, 'NOTIFY_FAILED')) return error;
  throw new Error('the attempt did not fail as NOTIFY_FAILED', { cause: error });
}

/** What one channel says and keeps. */
export type Channel<Body> = {
  notifier(fetch: typeof globalThis.fetch): Notifier;
  readonly message: Message;
  readonly secrets: readonly string[];
  readonly busyMs: number;
  read?(body: unknown): Body;
  key?(call: Call<Body>): string;
  /** Everything of a body that is shown. */
  text(body: Body): string;
  /** Takes a message, or its change, into `shown` by its id where it can be changed. */
  take(call: Call<Body>, shown: Map<string, string>): Response;
  /** Says no, repeating whatever it was asked. */
  refuse(how: 'fails' | 'refuses' | 'busy', call: Call<Body>): Response;
};

/** The fixture of the kit over `channel`. */
export function opens<Body>(channel: Channel<Body>) {
  return async (): Promise<NotifierFixture> => {
    let how: ChannelAnswer = 'takes';
    const received: { key: string | undefined; text: string }[] = [];
    const shown = new Map<string, string>();
    const { fetch: ask } = recording<Body>((call) => {
      received.push({ key: channel.key?.(call), text: channel.text(call.body) });
      return how === 'takes' || how === 'hangs' ? channel.take(call, shown) : channel.refuse(how, call);
    }, channel.read);
    const fetch: typeof globalThis.fetch = async (url, init) => {
      const signal = init?.signal;
      if (how === 'hangs') await new Promise((_, no) => signal?.addEventListener('abort', () => no(signal.reason)));
      return await ask(url, init);
    };
    return {
      notifier: channel.notifier(fetch),
      message: channel.message,
      answer(given) {
        how = given;
      },
      received: () => received,
      shown: () => [...shown.values()],
      busyMs: channel.busyMs,
      secrets: channel.secrets,
      close() {},
    };
  };
}

const long = fc.oneof(
  { weight: 4, arbitrary: strangers },
  fc.tuple(strangers, fc.integer({ min: 1, max: 900 })).map(([text, times]) => `x${text}`.repeat(times)),
);
const href = fc.oneof(
  strangers,
  ...['https://a.example/', 'http://local/'].map((base) =>
    strangers.map((text) => `${base}${text.replaceAll(/\s/g, '')}`),
  ),
);
const actions = fc.uniqueArray(
  fc.record(
    {
      id: fc.constantFrom('acknowledge', 'escalate', 'snooze', 'accept', 'decline'),
      label: long,
      url: href,
      token: fc.stringMatching(/^t1\.[\w-]{9,90}\.[\w-]{43}$/),
    },
    { requiredKeys: ['id', 'label'] },
  ),
  { selector: ({ id }) => id, maxLength: 5 },
);
const item = fc.record({
  deliveryId: fc.constant('d'),
  urgency: fc.constant('high' as const),
  title: long,
  line: long,
  actions,
});

/** Whatever strangers may write into a message. */
export const strangersMessages: fc.Arbitrary<Partial<Message>> = fc.record(
  {
    title: long,
    body: long,
    lines: fc.array(long, { maxLength: 6 }),
    links: fc.array(fc.record({ href, text: strangers }), { maxLength: 40 }),
    actions,
    bundle: fc.array(item, { maxLength: 60 }),
    moreText: strangers,
  },
  { requiredKeys: ['title', 'lines', 'links', 'actions', 'moreText'] },
);

/** A server of this machine, and its origin. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
