/**
 * The Discord notifier against a real HTTP server that speaks Discord's webhooks.
 */
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { discordNotifier } from '../../src/notifiers/discord.ts';
import { serve } from './channel.ts';
import { messageWith, patient } from './message.ts';

const path = '/api/webhooks/1/T0KEN';
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };

/** Knows one webhook, keeps its messages, and asks to wait when it is busy. */
async function discord() {
  const messages = new Map<string, string>();
  const state = { isBusy: false };
  const origin = await serve(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const { content } = JSON.parse(await text(request));
    const url = new URL(request.url ?? '', 'http://localhost');
    if (!url.pathname.startsWith(path)) return answer(404, { message: 'Unknown Webhook', code: 10_015 });
    if (state.isBusy) return answer(429, { message: 'You are being rate limited.', retry_after: 4.2, global: false });
    const [, edited] = /\/messages\/(\d+)$/.exec(url.pathname) ?? [];
    if (request.method === 'PATCH' && !messages.has(edited ?? '')) {
      return answer(404, { message: 'Unknown Message', code: 10_008 });
    }
    const id = edited ?? String(messages.size + 1);
    messages.set(id, content);
    if (edited === undefined && url.searchParams.get('wait') !== 'true') return response.writeHead(204).end();
    return answer(200, { id, type: 0, content });
  });
  return { messages, state, origin };
}

const messageTo = (address: string, title = 'Disk *full*') =>
  messageWith({ title, to: { contact: 'discord', address } });

test('a message arrives and is changed', async () => {
  const { messages, origin } = await discord();
  const notifier = discordNotifier({ allowPrivateNetwork: true });
  await expect(notifier.send(messageTo(origin + path), options)).resolves.toEqual({ externalId: '1' });
  expect([...messages]).toEqual([['1', 'Disk \\*full\\*']]);
  await notifier.update?.('1', messageTo(origin + path, 'Disk is fine'), options);
  expect([...messages]).toEqual([['1', 'Disk is fine']]);
});

test('what it does not know is permanent, and when it is busy we wait as long as it asks', async () => {
  const { state, origin } = await discord();
  const notifier = discordNotifier({ allowPrivateNetwork: true });
  await expect(notifier.send(messageTo(`${origin}/api/webhooks/2/x`), options)).rejects.toMatchObject({
    message: expect.stringContaining('Unknown Webhook'),
    details: { permanent: true },
  });
  await expect(notifier.update?.('9', messageTo(origin + path), options)).rejects.toMatchObject({
    message: expect.stringContaining('Unknown Message'),
    details: { permanent: true },
  });
  state.isBusy = true;
  await expect(notifier.send(messageTo(origin + path), options)).rejects.toMatchObject({
    details: { permanent: false, retryAfterMs: 5_000 },
  });
});

test('an address within the own network is refused, because contacts are written by others', async () => {
  const { messages, origin } = await discord();
  await expect(discordNotifier().send(messageTo(origin + path), options)).rejects.toMatchObject({
    code: 'NOTIFY_FAILED',
    details: { permanent: true },
  });
  expect(messages.size).toBe(0);
});
