/**
 * The whole circle of each channel: our notifier's message, what the provider sends when somebody answers it, and the incident
 * that is acknowledged by that. The providers are stood for by what they document; everything between is ours and real.
 */
import { createHmac } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { ConfigInput, Notifier, Tocsin } from '../../src/index.ts';
import { linkQuestionPage, readLinkRequest } from '../../src/interactions/link.ts';
import { parseSlackInteraction, verifySlackRequest } from '../../src/interactions/slack.ts';
import { parseTelegramUpdate, verifyTelegramRequest } from '../../src/interactions/telegram.ts';
import { parseTwilioReply, verifyTwilioRequest } from '../../src/interactions/twilio.ts';
import { emailNotifier } from '../../src/notifiers/email.ts';
import { slackNotifier } from '../../src/notifiers/slack.ts';
import { telegramNotifier } from '../../src/notifiers/telegram.ts';
import { twilioSmsNotifier } from '../../src/notifiers/twilio-sms.ts';
import { twilioVoiceNotifier } from '../../src/notifiers/twilio-voice.ts';
import { config, incident, opened, SECOND, stands, T0, world } from '../engine/world.ts';

type Posted = { readonly url: string; readonly body: string };
const posted: Posted[] = [];
beforeEach(() => void posted.splice(0));

/** Answers as the provider does, and keeps what was posted to it. */
const answering =
  (answer: object): typeof globalThis.fetch =>
  async (url, init) => {
    posted.push({ url: String(url), body: String(init?.body) });
    return Response.json(answer);
  };

/** ana is reached by one contact, ben by text message after her. */
async function circle(notifier: Notifier, address: string) {
  const users: ConfigInput['users'] = [
    { id: 'ana', contacts: [{ notifier: notifier.name, address }] },
    { id: 'ben', contacts: [{ notifier: 'sms', address: 'ben' }] },
    { id: 'boss', contacts: [{ notifier: 'sms', address: 'boss' }] },
  ];
  const w = world({
    config: config({ users }),
    notifiers: [notifier],
    secrets: ['a secret that only this test knows'],
    baseUrl: 'https://ops.example.com/tocsin',
  });
  const id = await opened(w.tocsin);
  await w.tocsin.tick();
  return { ...w, id };
}

async function expectAcknowledged(tocsin: Tocsin, id: string): Promise<void> {
  expect(await stands(tocsin, id)).toBe('triage / acknowledged');
  expect((await incident(tocsin, id)).acknowledgedBy).toEqual(['ana']);
}

test('Slack: the button of the message acknowledges, and then the message has none', async () => {
  const slack = slackNotifier({
    token: 'xoxb-0123456789-s3cretT0ken',
    interactive: true,
    fetch: answering({ ok: true, channel: 'D0123456789', ts: '1503435956.000247' }),
  });
  const { tocsin, id, pass } = await circle(slack, 'U0123456789');
  type Block = { readonly elements?: readonly { readonly action_id?: string; readonly value?: string }[] };
  const { blocks }: { readonly blocks: readonly Block[] } = JSON.parse(posted[0]?.body ?? '');
  const buttons = blocks.flatMap(({ elements = [] }) => elements);
  const value = buttons.find((button) => button.action_id === 'tocsin:acknowledge')?.value;

  const payload = { type: 'block_actions', user: { id: 'U0123456789' }, team: { id: 'T1' }, actions: [{ value }] };
  const body = String(new URLSearchParams({ payload: JSON.stringify(payload) }));
  const at = String(T0 / SECOND);
  const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
  const mac = createHmac('sha256', signingSecret).update(`v0:${at}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': at,
    'x-slack-signature': `v0=${mac}`,
  };
  const verified = verifySlackRequest({ headers, body, signingSecrets: [signingSecret], nowMs: T0 });
  const pressed = parseSlackInteraction(verified.ok ? verified.text : '');
  if (!pressed.ok || pressed.kind !== 'action') throw new Error('no press of a button');
  await tocsin.actions.redeem(pressed.token, { from: { notifier: 'slack', address: pressed.slackUser } });
  await expectAcknowledged(tocsin, id);

  await pass(5 * SECOND, SECOND);
  const update = posted.at(-1);
  expect(update?.url).toContain('/chat.update');
  expect(update?.body).toContain('Acknowledged: Problem disk');
  expect(update?.body).not.toContain('tocsin:acknowledge');
});

test('Telegram: the button under the message acknowledges', async () => {
  const telegram = telegramNotifier({
    token: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11',
    interactive: true,
    fetch: answering({ ok: true, result: { message_id: 37, chat: { id: 160 } } }),
  });
  const { tocsin, id } = await circle(telegram, '160');
  const { reply_markup } = JSON.parse(posted[0]?.body ?? '');
  const { callback_data: data } = reply_markup.inline_keyboard.flat()[0];
  expect(data).toBe('tocsin:acknowledge');

  const message = { message_id: 37, chat: { id: 160 } };
  const body = JSON.stringify({ update_id: 9, callback_query: { id: 'c1', from: { id: 160 }, message, data } });
  const headers = {
    'content-type': 'application/json',
    'x-telegram-bot-api-secret-token': 'what-was-given-to-setWebhook',
  };
  const verified = verifyTelegramRequest({ headers, body, secretTokens: ['what-was-given-to-setWebhook'] });
  const pressed = parseTelegramUpdate(verified.ok ? verified.text : '');
  if (!pressed.ok || pressed.kind !== 'button') throw new Error('no press of a button');
  expect(pressed.data).toBe('tocsin:acknowledge');
  await tocsin.actions.answer({
    action: 'acknowledge',
    from: { notifier: 'telegram', address: String(pressed.telegramUser) },
    externalId: `${pressed.chatId}:${pressed.messageId}`,
    answerId: String(pressed.updateId),
  });
  await expectAcknowledged(tocsin, id);
});

const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: '0123456789abcdef0123456789abcdef', from: '+15550123' };

/** A request as Twilio signs it, believed and parsed. */
function fromTwilio(url: string, fields: Readonly<Record<string, string>>) {
  const body = String(new URLSearchParams(fields));
  const signed = Object.keys(fields)
    .toSorted()
    .map((name) => `${name}${fields[name]}`)
    .join('');
  const mac = createHmac('sha1', account.authToken).update(`${url}${signed}`).digest('base64');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': mac };
  const verified = verifyTwilioRequest({ url, headers, body, authTokens: [account.authToken] });
  const reply = parseTwilioReply(verified.ok ? verified.text : '');
  if (!reply.ok || reply.action === undefined) throw new Error('no answer');
  return { ...reply, action: reply.action };
}

test('a text message: the key and the code that it shows acknowledge', async () => {
  const sms = twilioSmsNotifier({ ...account, name: 'text', fetch: answering({ sid: 'SM1' }) });
  const { tocsin, id } = await circle(sms, '+15550100');
  const shown = new URLSearchParams(posted[0]?.body).get('Body') ?? '';
  const [, key, code] = /(\d)=Acknowledge.*\((\d{4})\)/.exec(shown) ?? [];
  const reply = fromTwilio('https://ops.example/sms', { MessageSid: 'SM9', From: '+15550100', Body: `${key} ${code}` });
  if (reply.kind !== 'text') throw new Error('no text');
  const { action, about, phone: address, twilioId: answerId } = reply;
  await tocsin.actions.answer({ action, about, from: { notifier: 'text', address }, answerId });
  await expectAcknowledged(tocsin, id);
});

test('a call: the key that it offers acknowledges', async () => {
  const answerUrl = 'https://ops.example/keys';
  const voice = twilioVoiceNotifier({ ...account, name: 'call', answerUrl, fetch: answering({ sid: 'CA1' }) });
  const { tocsin, id } = await circle(voice, '+15550100');
  const said = new URLSearchParams(posted[0]?.body).get('Twiml') ?? '';
  const key = /Acknowledge: (\d)/.exec(said)?.[1] ?? '';
  const call = { CallSid: 'CA1', From: '+15550123', To: '+15550100', Direction: 'outbound-api', Digits: key };
  const { action, phone: address, twilioId: externalId } = fromTwilio(answerUrl, call);
  await tocsin.actions.answer({ action, from: { notifier: 'call', address }, externalId });
  await expectAcknowledged(tocsin, id);
});

test('e-mail: opening the link shows what it would do, and only its form does it', async () => {
  const mails: { readonly html?: unknown }[] = [];
  const transport = {
    async sendMail(mail: { readonly html?: unknown }) {
      mails.push(mail);
      return { messageId: '<1@example.com>', accepted: ['ana@example.com'], rejected: [] };
    },
  };
  const email = emailNotifier({ transport, from: 'tocsin@example.com' });
  const { tocsin, id } = await circle(email, 'ana@example.com');
  const url = /https:\/\/ops\.example\.com\/tocsin\/answer\/[\w.-]+/.exec(String(mails[0]?.html))?.[0] ?? '';

  const opens = readLinkRequest({ method: 'GET', url });
  if (!opens.ok) throw new Error(opens.reason);
  const preview = await tocsin.actions.peek(opens.token);
  expect(linkQuestionPage(preview, { nowMs: T0 }).body).toContain('Problem disk');
  expect(await stands(tocsin, id)).toBe('triage / escalating');

  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const presses = readLinkRequest({ method: 'POST', url, headers, body: 'confirm=yes' });
  if (!presses.ok || presses.kind !== 'act') throw new Error('no act');
  await tocsin.actions.redeem(presses.token);
  await expectAcknowledged(tocsin, id);
});
