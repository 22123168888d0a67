/**
 * The webhook notifier against a real HTTP server.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { webhookNotifier } from '../../src/notifiers/webhook.ts';
import { messageWith, patient } from './message.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

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

test('a redirect is not followed', async () => {
  const asked: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  await expect(
    webhookNotifier({ allowPrivateNetwork: true }).send(messageTo(`${origin}/here`), options),
  ).rejects.toMatchObject({
    code: 'NOTIFY_FAILED',
    details: { permanent: true },
  });
  expect(asked).toEqual(['/here']);
});

test('an attempt ends when its signal aborts, though the receiver is silent', async () => {
  const controller = new AbortController();
  const origin = await serve(() => controller.abort(new Error('attempt deadline')));
  const attempt = webhookNotifier({ allowPrivateNetwork: true }).send(messageTo(origin), {
    ...options,
    signal: controller.signal,
  });
  await expect(attempt).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: false } });
});

test('a receiver that is not there is a failure that is tried again', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await once(server.close(), 'close');
  await expect(webhookNotifier({ allowPrivateNetwork: true }).send(messageTo(origin), options)).rejects.toMatchObject({
    code: 'NOTIFY_FAILED',
    message: `Cannot deliver to ${origin}: the request failed. This is tried again.`,
    details: { permanent: false },
  });
});

test('a receiver on this machine or in a private network is refused unless it is allowed', async () => {
  let asked = 0;
  const origin = await serve((_, response) => {
    asked += 1;
    response.end();
  });
  const { port } = new URL(origin);
  for (const address of [
    origin,
    `http://2130706433:${port}`,
    `http://localhost:${port}`,
    `http://[::ffff:7f00:1]:${port}`,
  ])
    await expect(webhookNotifier().send(messageTo(`${address}/T0KEN`), options)).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      message: `Cannot deliver to ${address.replace('2130706433', '127.0.0.1')}: it leads to a private address. Give the contact a public address; the options of the notifier say how to reach others.`,
      details: { permanent: true },
    });
  expect(asked).toBe(0);
  await webhookNotifier({ allowPrivateNetwork: true }).send(messageTo(origin), options);
  expect(asked).toBe(1);
});
