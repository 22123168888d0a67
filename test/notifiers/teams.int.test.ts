/**
 * The Microsoft Teams notifier against a real HTTP server that answers as a workflow does.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { teamsNotifier } from '../../src/notifiers/teams.ts';
import { serve } from './channel.ts';
import { messageWith, patient } from './message.ts';

const path =
  '/workflows/3f1cb2d0a9e84c0c8f6b7d2e5a1b9c04/triggers/manual/paths/invoke?api-version=1&sig=s3cretSignature';
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const notifier = teamsNotifier({ allowPrivateNetwork: true });

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
