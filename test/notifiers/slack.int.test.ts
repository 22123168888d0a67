/**
 * The Slack notifier against a real HTTP server that answers as Slack documents it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { slackNotifier } from '../../src/notifiers/slack.ts';
import { serve } from './channel.ts';
import { messageWith, patient } from './message.ts';

type Body = { readonly channel?: string; readonly ts?: string; readonly text?: string };
type Asked = { readonly request: IncomingMessage; readonly body: Body };

const token = 'xoxb-1234-s3cret';
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const messageTo = (address: string) => messageWith({ to: { contact: 'slack', address } });

/** A workspace with one channel, one person and one webhook; it allows `allowed` requests before it asks to wait. */
async function workspace(allowed = Number.POSITIVE_INFINITY) {
  const asked: Asked[] = [];
  const messages = new Map<string, Body>();
  const origin = await serve(async (request, response) => {
    const body: Body = JSON.parse(await text(request));
    asked.push({ request, body });
    if (asked.length > allowed) {
      response.writeHead(429, { 'retry-after': '7' }).end('{"ok":false,"error":"ratelimited"}');
    } else if (request.url?.startsWith('/services/')) answerHook(request.url, response);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answerMethod(request, body)));
  });

  function answerMethod({ url, headers }: IncomingMessage, body: Body): object {
    if (headers.authorization === undefined) return { ok: false, error: 'not_authed' };
    if (headers.authorization !== `Bearer ${token}`) return { ok: false, error: 'invalid_auth' };
    return url === '/api/chat.postMessage' ? post(body) : change(body);
  }

  function post(body: Body): object {
    // A message to a person lands in the conversation with that person.
    const channel = { C0123456789: 'C0123456789', U0123456789: 'D0123456789' }[body.channel ?? ''];
    if (channel === undefined) return { ok: false, error: 'channel_not_found' };
    const ts = `1503435956.00024${messages.size}`;
    messages.set(`${channel}:${ts}`, body);
    return { ok: true, channel, ts, message: { type: 'message', ts } };
  }

  function change(body: Body): object {
    const id = `${body.channel}:${body.ts}`;
    if (!messages.has(id)) return { ok: false, error: 'message_not_found' };
    messages.set(id, body);
    return { ok: true, channel: body.channel, ts: body.ts, text: body.text };
  }

  return { origin, baseUrl: `${origin}/api`, asked, messages };
}

function answerHook(path: string, response: ServerResponse): void {
  const isKnown = path === '/services/T0000/B0000/path';
  response.writeHead(isKnown ? 200 : 404, { 'content-type': 'text/plain' }).end(isKnown ? 'ok' : 'no_service');
}

test('a message is posted to a channel, and changed there', async () => {
  const { baseUrl, asked, messages } = await workspace();
  const notifier = slackNotifier({ token, baseUrl });
  const answer = await notifier.send(messageTo('C0123456789'), options);
  expect(answer).toEqual({ externalId: 'C0123456789:1503435956.000240' });
  await notifier.update?.('C0123456789:1503435956.000240', messageWith({ title: 'Größe: gelöst' }), options);
  expect(messages.get('C0123456789:1503435956.000240')).toMatchObject({ text: 'Größe: gelöst\nSEV1 · Checkout' });
  expect(asked.map(({ request }) => [request.method, request.url])).toEqual([
    ['POST', '/api/chat.postMessage'],
    ['POST', '/api/chat.update'],
  ]);
  expect(asked[0]?.request.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'idempotency-key': 'inc-1:4:1',
  });
});

test('a message to a person can be changed where it landed', async () => {
  const { baseUrl, messages } = await workspace();
  const notifier = slackNotifier({ token, baseUrl });
  const answer = await notifier.send(messageTo('U0123456789'), options);
  const externalId = answer?.externalId ?? '';
  expect(externalId).toMatch(/^D0123456789:/);
  await notifier.update?.(externalId, messageWith({ title: 'Resolved' }), options);
  expect(messages.get(externalId)).toMatchObject({ channel: 'D0123456789', text: 'Resolved\nSEV1 · Checkout' });
});

test('a webhook takes a message without any token', async () => {
  const { origin, asked } = await workspace();
  await expect(
    slackNotifier({ token, allowPrivateNetwork: true }).send(messageTo(`${origin}/services/T0000/B0000/path`), options),
  ).resolves.toBeUndefined();
  expect(asked[0]?.request.headers.authorization).toBeUndefined();
});

test('a webhook that was removed is a permanent failure, and its path stays secret', async () => {
  const { origin } = await workspace();
  const sending = slackNotifier({ allowPrivateNetwork: true }).send(
    messageTo(`${origin}/services/T0000/B0000/gone`),
    options,
  );
  await expect(sending).rejects.toMatchObject({
    code: 'NOTIFY_FAILED',
    message: `Cannot deliver to ${origin}: it answered 404 (no_service). Mend the address or the receiver.`,
    details: { permanent: true },
  });
});

test.each([
  ['a channel that is not there', 'C9999999999', token, 'channel_not_found'],
  ['a token that is wrong', 'C0123456789', 'xoxb-wrong', 'invalid_auth'],
])('%s is a permanent failure', async (_, address, given, code) => {
  const { baseUrl } = await workspace();
  await expect(slackNotifier({ token: given, baseUrl }).send(messageTo(address), options)).rejects.toMatchObject({
    message: expect.stringContaining(`"error":"${code}"`),
    details: { permanent: true },
  });
});

test('a webhook of this machine is not reached unless it is allowed', async () => {
  const { origin, asked } = await workspace();
  const sending = slackNotifier({ token }).send(messageTo(`${origin}/services/T0000/B0000/path`), options);
  await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
  expect(asked).toEqual([]);
});

test('a workspace that is asked too often says how long to wait', async () => {
  const { baseUrl } = await workspace(1);
  const notifier = slackNotifier({ token, baseUrl });
  await notifier.send(messageTo('C0123456789'), options);
  await expect(notifier.send(messageTo('C0123456789'), options)).rejects.toMatchObject({
    details: { permanent: false, retryAfterMs: 7_000 },
  });
});
