/**
 * The Telegram notifier against a real HTTP server that speaks the Bot API.
 */
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { telegramNotifier } from '../../src/notifiers/telegram.ts';
import { serve } from './channel.ts';
import { messageWith, patient } from './message.ts';

const token = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };

/** Knows one chat, keeps its messages, and asks to wait when it is busy. */
async function botApi() {
  const chat = new Map<number, string>();
  const state = { isBusy: false };
  const origin = await serve(async (request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const refuse = (error_code: number, description: string, parameters?: object) =>
      answer(error_code, { ok: false, error_code, description, parameters });
    const asked = JSON.parse(await text(request));
    const [, given, method] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    if (given !== token) return refuse(401, 'Unauthorized');
    if (state.isBusy) return refuse(429, 'Too Many Requests: retry after 5', { retry_after: 5 });
    if (asked.chat_id !== '77') return refuse(400, 'Bad Request: chat not found');
    const id = method === 'sendMessage' ? chat.size + 1 : asked.message_id;
    if (method === 'editMessageText' && chat.get(id) === asked.text) {
      return refuse(400, 'Bad Request: message is not modified: specified new message content is the same');
    }
    chat.set(id, asked.text);
    return answer(200, { ok: true, result: { message_id: id, chat: { id: 77, type: 'private' }, date: 0, text: 'x' } });
  });
  return { chat, state, baseUrl: origin };
}

const messageTo = (address: string, title = 'Disk <full>') =>
  messageWith({ title, to: { contact: 'telegram', address } });

test('a message arrives, is changed, and a change to the same is done', async () => {
  const { chat, baseUrl } = await botApi();
  const notifier = telegramNotifier({ token, baseUrl });
  await expect(notifier.send(messageTo('77'), options)).resolves.toEqual({ externalId: '77:1' });
  expect([...chat]).toEqual([[1, '<b>Disk &lt;full&gt;</b>\nSEV1 · Checkout']]);
  await notifier.update?.('77:1', messageTo('77', 'Disk is fine'), options);
  await notifier.update?.('77:1', messageTo('77', 'Disk is fine'), options);
  expect([...chat]).toEqual([[1, '<b>Disk is fine</b>\nSEV1 · Checkout']]);
});

test('its refusals are permanent, and when it is busy we wait as long as it asks', async () => {
  const { state, baseUrl } = await botApi();
  const notifier = telegramNotifier({ token, baseUrl });
  await expect(notifier.send(messageTo('78'), options)).rejects.toMatchObject({
    message: expect.stringContaining('chat not found'),
    details: { permanent: true },
  });
  const stranger = telegramNotifier({ token: token.replace('123456', '654321'), baseUrl });
  await expect(stranger.send(messageTo('77'), options)).rejects.toMatchObject({ details: { permanent: true } });
  state.isBusy = true;
  await expect(notifier.send(messageTo('77'), options)).rejects.toMatchObject({
    details: { permanent: false, retryAfterMs: 5_000 },
  });
});
