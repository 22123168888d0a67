/**
 * The Web Push notifier against a real HTTP server that answers as a push service does, and a browser that decrypts.
 */
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import webPush from 'web-push';
import { guardedBytes } from '../../src/notifiers/web-push/guarded-bytes.ts';
import { webPushNotifier } from '../../src/notifiers/web-push.ts';
import { selfSigned } from './http/self-signed.ts';
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

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${await listening(server)}`;
}

/** A server that writes what `bytes` says to whoever has begun to ask, and keeps the connection open. */
async function serveBytes(bytes: string): Promise<string> {
  const server = createSocketServer((socket) => {
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {}).once('data', () => socket.write(bytes));
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

test.each<[number, Record<string, string>, object]>([
  [429, { 'retry-after': '9' }, { permanent: false, retryAfterMs: 9_000 }],
  [500, {}, { permanent: false }],
  [503, {}, { permanent: false }],
  [400, {}, { permanent: true }],
  [403, {}, { permanent: true }],
  [404, {}, { permanent: true }],
  [410, {}, { permanent: true }],
  [413, {}, { permanent: true }],
])('an answer of %i with %j', async (status, headers, details) => {
  const origin = await serve((request, response) => {
    response.writeHead(status, headers).end(`no: ${request.url} ${request.headers.authorization}`);
  });
  const attempt = attemptAt(origin);
  await expect(attempt).rejects.toMatchObject({ message: expect.stringContaining(`it answered ${status} (no: `) });
  await expect(attempt).rejects.toHaveProperty('details', details);
  await expect(attempt).rejects.not.toThrow(/s3cretRegistration|t=ey/);
});

test.each([
  ['an answer whose body does not end', 'HTTP/1.1 410 Gone\r\n\r\ngone', true],
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
  await expect(attemptAt(await serveBytes('HTTP/1.1 201 Created\r\n\r\n'))).resolves.toBeUndefined();
});

test('an attempt ends when its signal aborts, though the push service is silent', async () => {
  const controller = new AbortController();
  const origin = await serve(() => controller.abort(new Error('attempt deadline')));
  const attempt = notifier.send(messageTo(browserAt(origin).address), { ...options, signal: controller.signal });
  await expect(attempt).rejects.toMatchObject({
    message: `Cannot deliver to ${origin}: there was no answer in time. This is tried again.`,
    details: { permanent: false },
  });
});

test('a push service that is not there is tried again', async () => {
  const server = createServer();
  const port = await listening(server);
  await once(server.close(), 'close');
  await expect(attemptAt(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
    message: expect.stringContaining('the request failed'),
    details: { permanent: false },
  });
});

test('a redirect is not followed', async () => {
  const asked: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  await expect(attemptAt(origin)).rejects.toMatchObject({ details: { permanent: true } });
  expect(asked).toEqual([path]);
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
      message: `Cannot deliver to ${new URL(origin).origin}: it leads to a private address. Give the contact a public address.`,
      details: { permanent: true },
    });
  }
  const plain = browserAt(`http://127.0.0.1:${port}`).address;
  await expect(guarded.send(messageTo(plain), options)).rejects.toMatchObject({ details: { permanent: true } });
  expect(connections).toBe(0);
});

test('a name is asked for once, and its certificate is checked', async () => {
  const asked: string[] = [];
  const server = createSecureServer(selfSigned, (_, response) => response.writeHead(201).end());
  onTestFinished(() => void server.close().closeAllConnections());
  const port = await listening(server);
  const fetch = guardedBytes((address) => {
    asked.push(address);
    return true;
  });
  const post = fetch(`https://localhost:${port}/`, { method: 'POST', body: new Uint8Array([1]) });
  await expect(post).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(asked).toContain('127.0.0.1');
  expect(new Set(asked).size).toBe(asked.length);
});
