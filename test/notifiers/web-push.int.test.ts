/**
 * The Web Push notifier against a real HTTP server that answers as a push service does, and a browser that decrypts.
 */
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import webPush from 'web-push';
import { webPushNotifier } from '../../src/notifiers/web-push.ts';
import { serve } from './channel.ts';
import { messageWith, patient } from './message.ts';
import { openPush, pushSubscription } from './web-push-receiver.ts';

const vapid = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const path = '/send/s3cretRegistration';
const notifier = webPushNotifier({ webPush, vapid, allowPrivateNetwork: true });

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that writes what `bytes` says to whoever has begun to ask, and keeps the connection open or not. */
async function serveBytes(bytes: string, { isOpen = false } = {}): Promise<string> {
  const server = createSocketServer((socket) => {
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {}).once('data', () => (isOpen ? socket.write(bytes) : socket.end(bytes)));
  });
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${await listening(server)}`;
}

const browserAt = (origin: string) => pushSubscription(`${origin}${path}`);
const messageTo = (address: string) => messageWith({ to: { contact: 'web-push', address } });
const attemptAt = (origin: string) => notifier.send(messageTo(browserAt(origin).address), options);

/** What `authorization` says of the sender, when its signature is that of the key which it names. */
function signedBy(authorization = ''): { readonly publicKey: string; readonly claims: Record<string, unknown> } {
  const [, token = '', publicKey = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) }, format: 'jwk' });
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new Error('the signature is not that of the key');
  return { publicKey, claims: JSON.parse(Buffer.from(claims, 'base64url').toString()) };
}

test('a browser decrypts the notification, and the push service knows who sent it', async () => {
  const received: {
    method: string | undefined;
    url: string | undefined;
    headers: IncomingHttpHeaders;
    body: Buffer;
  }[] = [];
  const origin = await serve(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await buffer(request) });
    response.writeHead(201, { location: 'https://push.example/m/1' }).end();
  });
  const browser = browserAt(origin);
  await expect(notifier.send(messageTo(browser.address), options)).resolves.toBeUndefined();
  const [{ method, url, headers, body }] = received as [(typeof received)[number]];
  expect([method, url, headers['content-length']]).toEqual(['POST', path, String(body.length)]);
  expect(headers).toMatchObject({ ttl: '3600', urgency: 'high', 'content-encoding': 'aes128gcm' });
  expect(JSON.parse(openPush(browser, body))).toMatchObject({ title: 'Database is down', tag: 'inc-1' });
  expect(() => openPush(browserAt(origin), body)).toThrow();

  const { publicKey, claims } = signedBy(headers.authorization);
  expect(publicKey).toBe(vapid.publicKey);
  expect(claims).toEqual({ aud: origin, sub: vapid.subject, exp: expect.any(Number) });
  expect(() => signedBy(headers.authorization?.replace(/(\.[\w-]{5})./, '$1-'))).toThrow();
});

test('the signature is for the server that is asked, however the endpoint is written', async () => {
  const received: IncomingHttpHeaders[] = [];
  const origin = await serve((request, response) => {
    received.push(request.headers);
    response.writeHead(201).end();
  });
  const { port } = new URL(origin);
  const { address } = pushSubscription(`http:\\\\127.0.0.1:${port}\\@push.example/send`);
  await notifier.send(messageTo(address), options);
  expect(signedBy(received[0]?.authorization).claims).toMatchObject({ aud: origin });
});

test.each([
  ['an answer of no length', 'HTTP/1.1 410 Gone\r\n\r\ngone', true],
  ['an answer that was promised longer', 'HTTP/1.1 410 Gone\r\nContent-Length: 99\r\n\r\ngone', true],
  ['a status that does not exist', 'HTTP/1.1 777 Odd\r\nContent-Length: 0\r\n\r\n', false],
  ['no HTTP at all', 'SSH-2.0-x\r\n', false],
  ['an answer in chunks that are none', 'HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', false],
])('%s is judged by what is there', async (_, bytes, permanent) => {
  await expect(attemptAt(await serveBytes(bytes))).rejects.toMatchObject({
    code: 'NOTIFY_FAILED',
    details: { permanent },
  });
});

test('what was taken is taken, however the answer goes on', async () => {
  await expect(attemptAt(await serveBytes('HTTP/1.1 201 Created\r\n\r\n', { isOpen: true }))).resolves.toBeUndefined();
});

test('this machine is refused unless it is allowed, whatever it is called, and so is http', async () => {
  let connections = 0;
  const server = createServer().on('connection', () => {
    connections += 1;
  });
  onTestFinished(() => void server.close().closeAllConnections());
  const port = await listening(server);
  const guarded = webPushNotifier({ webPush, vapid });
  for (const host of ['127.0.0.1', '2130706433', 'localhost', '[::ffff:7f00:1]', '[::1]', '169.254.169.254']) {
    const origin = `https://${host}:${port}`;
    await expect(guarded.send(messageTo(browserAt(origin).address), options)).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      message: expect.stringContaining(`Cannot deliver to ${new URL(origin).origin}: it leads to a private address.`),
      details: { permanent: true },
    });
  }
  const plain = browserAt(`http://127.0.0.1:${port}`).address;
  await expect(guarded.send(messageTo(plain), options)).rejects.toMatchObject({ details: { permanent: true } });
  expect(connections).toBe(0);
});
