/**
 * Every notifier over HTTP against a real server that answers late, elsewhere, or not at all.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { failureOf, serve } from './channel.ts';
import { HTTP_CHANNELS, type HttpChannel } from './http-channels.ts';
import { messageWith, patient } from './message.ts';

const sending = (name: string, origin: string, signal = patient) => {
  const { notifier, address = '', more = {} }: Partial<HttpChannel> = HTTP_CHANNELS[name]?.({ origin }) ?? {};
  return notifier?.send(messageWith({ to: { contact: name, address }, ...more }), {
    idempotencyKey: 'inc-1:4:1',
    signal,
  });
};

describe.each(Object.keys(HTTP_CHANNELS))('%s', (name) => {
  test('an attempt ends when its signal aborts, though the server is silent', async () => {
    const controller = new AbortController();
    const origin = await serve(() => controller.abort(new Error('attempt deadline')));
    const error = await failureOf(sending(name, origin, controller.signal));
    expect(error.message).toBe(`Cannot deliver to ${origin}: there was no answer in time. This is tried again.`);
    expect(error.details).toEqual({ permanent: false });
  });

  test('a redirect is not followed', async () => {
    const asked: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await failureOf(sending(name, origin));
    expect(asked).toHaveLength(1);
    expect(asked).not.toContain('/elsewhere');
  });

  test('a server that is busy is given the time that it asks for', async () => {
    const origin = await serve((_, response) => response.writeHead(429, { 'retry-after': '9' }).end('{}'));
    const { details } = await failureOf(sending(name, origin));
    expect(details).toEqual({ permanent: false, status: 429, retryAfterMs: 9_000 });
  });

  test('a server that is not there is a failure that is tried again', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await once(server.close(), 'close');
    const error = await failureOf(sending(name, origin));
    expect(error.message).toBe(`Cannot deliver to ${origin}: the request failed. This is tried again.`);
    expect(error.details).toEqual({ permanent: false });
  });
});
