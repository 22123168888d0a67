/**
 * The Microsoft Teams notifier against a real HTTP server that answers as a workflow does.
 */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { teamsNotifier } from '../../src/notifiers/teams.ts';
import { messageWith, patient } from './message.ts';

const path =
  '/workflows/3f1cb2d0a9e84c0c8f6b7d2e5a1b9c04/triggers/manual/paths/invoke?api-version=1&sig=s3cretSignature';
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const notifier = teamsNotifier({ allowPrivateNetwork: true });

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const messageTo = (origin: string) => messageWith({ to: { contact: 'teams', address: `${origin}${path}` } });

test('a workflow gets one card and accepts it before it runs', async () => {
  const received: { url: string | undefined; type: string | undefined; body: string }[] = [];
  const origin = await serve(async (request, response) => {
    received.push({ url: request.url, type: request.headers['content-type'], body: await text(request) });
    response.writeHead(202, { 'x-ms-workflow-run-id': '0858', location: 'https://a.example/run' }).end();
  });
  await expect(notifier.send(messageTo(origin), options)).resolves.toBeUndefined();
  expect(received).toMatchObject([{ url: path, type: 'application/json' }]);
  expect(JSON.parse(received[0]?.body ?? '').attachments[0].content.body[0].text).toBe('Database is down');
});

test.each<[number, Record<string, string>, object]>([
  [429, { 'retry-after': '9' }, { permanent: false, retryAfterMs: 9_000 }],
  [502, {}, { permanent: false }],
  [400, {}, { permanent: true }],
  [404, {}, { permanent: true }],
  [410, {}, { permanent: true }],
])('an answer of %i with %j', async (status, headers, details) => {
  const origin = await serve((request, response) => {
    response.writeHead(status, headers).end(`{"error":{"code":"No","message":"${request.url}"}}`);
  });
  const attempt = notifier.send(messageTo(origin), options);
  await expect(attempt).rejects.toHaveProperty('details', details);
  await expect(attempt).rejects.not.toThrow('s3cretSignature');
});

test('an attempt ends when its signal aborts, though the workflow is silent', async () => {
  const controller = new AbortController();
  const origin = await serve(() => controller.abort(new Error('attempt deadline')));
  await expect(notifier.send(messageTo(origin), { ...options, signal: controller.signal })).rejects.toMatchObject({
    code: 'NOTIFY_FAILED',
    details: { permanent: false },
  });
});

test('a redirect is not followed', async () => {
  const asked: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  await expect(notifier.send(messageTo(origin), options)).rejects.toMatchObject({ details: { permanent: true } });
  expect(asked).toEqual([path]);
});

test('neither this machine nor plain http is reached unless it is allowed', async () => {
  let connections = 0;
  const server = createServer().on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  for (const origin of [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`, `https://localhost:${port}`]) {
    await expect(teamsNotifier().send(messageTo(origin), options)).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      message: expect.stringMatching(/is not secure|leads to a private address/),
      details: { permanent: true },
    });
  }
  expect(connections).toBe(0);
});
