/**
 * The webhook notifier against a real HTTP server.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { webhookNotifier } from '../../src/notifiers/webhook.ts';
import { failureOf, serve } from './channel.ts';
import { selfSigned } from './http/self-signed.ts';
import { messageWith, patient } from './message.ts';

const MIB = 1_024 * 1_024;

const messageTo = (address: string) => messageWith({ to: { contact: 'webhook', address } });
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };

test('a real receiver gets the message, the key and a signature', async () => {
  const received: { request: IncomingMessage; body: string }[] = [];
  const origin = await serve(async (request, response) => {
    received.push({ request, body: await text(request) });
    response.writeHead(202).end('{"ok":true}');
  });
  const message = messageTo(`${origin}/hook?x=1`);
  await webhookNotifier({ allowPrivateNetwork: true, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }).send(
    message,
    options,
  );
  expect(received).toHaveLength(1);
  const [{ request, body }] = received as [(typeof received)[number]];
  expect([request.method, request.url]).toEqual(['POST', '/hook?x=1']);
  expect(request.headers).toMatchObject({
    'content-type': 'application/json',
    'idempotency-key': 'inc-1:4:1',
    'webhook-id': 'inc-1:4:1',
    'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
  });
  expect(JSON.parse(body)).toEqual(message);
});

describe('a signature', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const next = `whsec_${Buffer.alloc(32, 'next').toString('base64')}`;
  const stranger = `whsec_${Buffer.alloc(32, 'stranger').toString('base64')}`;

  /** What a real server gets, now: whoever verifies refuses what was signed long ago. */
  async function delivered(given: string | readonly string[]) {
    const received: { headers: Record<string, string>; body: string }[] = [];
    const origin = await serve(async (request, response) => {
      received.push({ headers: request.headers as Record<string, string>, body: await text(request) });
      response.end();
    });
    const message = { ...messageTo(origin), title: 'Größe "42"\n', sentAt: Date.now() };
    await webhookNotifier({ allowPrivateNetwork: true, secret: given }).send(message, options);
    const [{ headers, body }] = received as [(typeof received)[number]];
    return { message, headers, body };
  }

  test('is verified by the library of Standard Webhooks, and by no other secret', async () => {
    const { message, headers, body } = await delivered(secret);
    expect(new Webhook(secret).verify(body, headers)).toEqual(message);
    expect(() => new Webhook(stranger).verify(body, headers)).toThrow('No matching signature');
  });

  test('does not fit another body, id or time', async () => {
    const { headers, body } = await delivered(secret);
    const verifier = new Webhook(secret);
    expect(() => verifier.verify(body.replace('42', '43'), headers)).toThrow('No matching signature');
    expect(() => verifier.verify(body, { ...headers, 'webhook-id': 'inc-1:4:2' })).toThrow('No matching signature');
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(() => verifier.verify(body, { ...headers, 'webhook-timestamp': later })).toThrow('No matching signature');
  });

  test('of an old and of a new secret is taken by who knows either, while one replaces the other', async () => {
    const { message, headers, body } = await delivered([next, secret]);
    expect(new Webhook(secret).verify(body, headers)).toEqual(message);
    expect(new Webhook(next).verify(body, headers)).toEqual(message);
    expect(() => new Webhook(stranger).verify(body, headers)).toThrow('No matching signature');
  });
});

test.each([301, 302, 303, 307, 308])('a redirect of %i is not followed, wherever it leads', async (status) => {
  let inside = 0;
  const target = await serve((_, response) => {
    inside += 1;
    response.end();
  });
  const origin = await serve((_, response) => response.writeHead(status, { location: `${target}/meta-data` }).end());
  const sending = webhookNotifier({ allowPrivateNetwork: true }).send(messageTo(`${origin}/here`), options);
  await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
  expect(inside).toBe(0);
});

test('a certificate that nobody vouches for is refused before anything is sent', async () => {
  let asked = 0;
  const server = createSecureServer(selfSigned, (_, response) => {
    asked += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const address = `https://localhost:${(server.address() as AddressInfo).port}/T0KEN`;
  const sending = webhookNotifier({ allowPrivateNetwork: true }).send(messageTo(address), options);
  await expect(sending).rejects.toMatchObject({
    code: 'NOTIFY_FAILED',
    message: expect.stringMatching(/^Cannot deliver to https:\/\/localhost:\d+: the request failed\./),
    details: { permanent: false },
    cause: { code: expect.stringMatching(/SELF_SIGNED|CERT/) },
  });
  expect(asked).toBe(0);
});

test('of an answer of 200 MB no more is taken than an error needs, and memory does not grow', async () => {
  const chunk = Buffer.alloc(64 * 1_024, 'x');
  let poured = 0;
  const origin = await serve((_, response) => {
    const end = poured + 200 * MIB;
    const more = () => {
      while (poured < end && !response.destroyed) {
        poured += chunk.length;
        if (!response.write(chunk)) return;
      }
      response.end();
    };
    response.writeHead(500).on('drain', more);
    more();
  });
  const notifier = webhookNotifier({ allowPrivateNetwork: true });
  const growths: number[] = [];
  for (let round = 0; round < 4; round++) {
    const before = process.memoryUsage.rss();
    await expect(notifier.send(messageTo(origin), options)).rejects.toMatchObject({
      message: expect.stringMatching(/ it answered 500 \(x{199}…\)\. /),
    });
    growths.push(process.memoryUsage.rss() - before);
  }
  // The first rounds load code; whatever kept the answer would grow in each of them.
  expect(Math.min(...growths)).toBeLessThan(20 * MIB);
  expect(poured).toBeLessThan(4 * 50 * MIB);
});

describe('a receiver on this machine or in a private network', () => {
  const counting = async () => {
    const state = { asked: 0 };
    const origin = await serve((_, response) => {
      state.asked += 1;
      response.end();
    });
    return { state, origin, port: new URL(origin).port };
  };

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['localhost', 'localhost'],
    ['[::1]', '[::1]'],
    ['[::ffff:7f00:1]', '[::ffff:7f00:1]'],
    ['[::ffff:10.0.0.1]', '[::ffff:a00:1]'],
    ['[64:ff9b::7f00:1]', '[64:ff9b::7f00:1]'],
    ['[2002:7f00:1::]', '[2002:7f00:1::]'],
    ['[fe80::1]', '[fe80::1]'],
    ['100.64.0.1', '100.64.0.1'],
    ['169.254.169.254', '169.254.169.254'],
  ])('is refused for good and never reached: %s', async (host, shown) => {
    const { state, port } = await counting();
    const error = await failureOf(webhookNotifier().send(messageTo(`http://${host}:${port}/T0KEN`), options));
    expect(error.message).toBe(
      `Cannot deliver to http://${shown}:${port}: it leads to a private address. Give the contact a public address; the options of the notifier say how to reach others.`,
    );
    expect(error.details).toEqual({ permanent: true });
    expect(state.asked).toBe(0);
  });

  test('is reached when it is allowed', async () => {
    const { state, origin } = await counting();
    await webhookNotifier({ allowPrivateNetwork: true }).send(messageTo(origin), options);
    expect(state.asked).toBe(1);
  });
});
