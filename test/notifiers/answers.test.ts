/**
 * What an answer means: the same to every notifier over HTTP, whoever gives it.
 */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { failureOf } from './channel.ts';
import { HTTP_CHANNELS, type HttpChannel } from './http-channels.ts';
import { aborted, messageWith, patient } from './message.ts';

const origin = 'https://api.example';
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };

/** What sending fails with when `answer` is given, and what may not be told. */
async function failing(name: string, answer: (asked: string) => Promise<Response>, signal = patient) {
  const fetch: typeof globalThis.fetch = (url, { headers, body } = {}) =>
    answer(`${String(url)} ${inspect([...new Headers(headers)])} ${String(body)}`);
  const {
    notifier,
    address = '',
    secrets = [],
    more = {},
  }: Partial<HttpChannel> = HTTP_CHANNELS[name]?.({ origin, fetch }) ?? {};
  const message = messageWith({ to: { contact: name, address }, ...more });
  const error = await failureOf(notifier?.send(message, { ...options, signal }));
  return { error, told: inspect(error), secrets };
}

describe.each(Object.keys(HTTP_CHANNELS))('%s', (name) => {
  test.each<[number, Record<string, string>, object]>([
    ...[301, 302, 307, 400, 401, 403, 404, 410, 413, 422, 499].map(
      (status): [number, Record<string, string>, object] => [status, { 'retry-after': '30' }, { permanent: true }],
    ),
    ...[408, 420, 421, 425, 429, 500, 502, 503, 599].map((status): [number, Record<string, string>, object] => [
      status,
      {},
      { permanent: false },
    ]),
    [429, { 'retry-after': '17' }, { permanent: false, retryAfterMs: 17_000 }],
    [503, { 'retry-after': '5' }, { permanent: false, retryAfterMs: 5_000 }],
    [429, { 'retry-after': '86400' }, { permanent: false, retryAfterMs: 900_000 }],
    [429, { 'retry-after': 'Mon, 05 Jan 2026 09:01:00 GMT' }, { permanent: false, retryAfterMs: 60_000 }],
    [429, { 'retry-after': 'later' }, { permanent: false }],
  ])('%i with %j, whatever secret the answer repeats', async (status, headers, details) => {
    const answer = async (asked: string) => new Response(`no: ${asked}`, { status, headers });
    const { error, told, secrets } = await failing(name, answer);
    expect(error.message).toContain(`Cannot deliver to ${origin}: it answered ${status} (no: `);
    expect(error.details).toEqual({ ...details, status });
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  test('a failure of the network is tried again and says why, whatever secret its cause repeats', async () => {
    const { error, told, secrets } = await failing(name, (asked) => {
      const inner = Object.assign(new Error(asked), { code: 'ECONNREFUSED' });
      return Promise.reject(Object.assign(new TypeError(`fetch failed: ${asked}`, { cause: inner }), { asked }));
    });
    expect(error.message).toBe(`Cannot deliver to ${origin}: the request failed. This is tried again.`);
    expect(error.details).toEqual({ permanent: false });
    expect(error.cause).toMatchObject({ message: expect.stringContaining('fetch failed: '), code: 'ECONNREFUSED' });
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  test('an attempt that was given up says so', async () => {
    const { error } = await failing(name, () => Promise.reject(aborted.reason), aborted);
    expect(error.message).toContain('there was no answer in time');
    expect(error.details).toEqual({ permanent: false });
  });
});

const anyTaken = ['teams', 'web-push', 'webhook'];

describe.each(Object.keys(HTTP_CHANNELS).filter((name) => !anyTaken.includes(name)))('%s', (name) => {
  test.each(['', '<html>Sign in</html>', 'null', '[]', '{}', '{"ok":"true","id":5,"sid":"a b","data":{"id":7}}'])(
    'a 200 that somebody else has given is tried again: %s',
    async (text) => {
      const { error } = await failing(name, async () => new Response(text));
      expect(error.details.permanent).toBe(false);
    },
  );

  test('of a 200 at most 1 MiB is read', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    const { error } = await failing(name, async () => new Response(endless));
    expect(error.details.permanent).toBe(false);
    expect(pulled).toBeGreaterThanOrEqual(16);
    expect(pulled).toBeLessThanOrEqual(18);
  });

  test('a 200 that repeats what was asked tells no secret', async () => {
    const { error, told, secrets } = await failing(name, async (asked) => new Response(`x ${asked}`));
    expect(error.details.permanent).toBe(false);
    for (const secret of secrets) expect(told).not.toContain(secret);
  });
});
