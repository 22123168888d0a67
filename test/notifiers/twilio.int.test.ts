/**
 * The Twilio notifiers against a real HTTP server that answers as Twilio documents it, and calls back with a signature.
 */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  parseTwilioReply,
  parseTwilioStatus,
  twilioAnswer,
  verifyTwilioRequest,
} from '../../src/interactions/twilio.ts';
import { twilioSmsNotifier } from '../../src/notifiers/twilio-sms.ts';
import { twilioVoiceNotifier } from '../../src/notifiers/twilio-voice.ts';
import { parseXml } from '../core/text/xml-parser.ts';
import { messageWith, patient } from './message.ts';
import { account, accountSid, actions, authToken, from, options, to } from './twilio-account.ts';

type Form = Readonly<Record<string, string>>;
type Created = { readonly sid: string; readonly form: Form };

const ROOT = `/2010-04-01/Accounts/${accountSid}`;
const UNSUBSCRIBED = '+15550199';

/** Twilio: one account that knows its token, one number that has opted out, and what it is told to be. */
async function twilio() {
  const created: Created[] = [];
  const state: { mood: 'well' | 'busy' | 'broken' | 'silent' } = { mood: 'well' };
  const arrived = Promise.withResolvers<void>();

  function answer({ method, url, headers }: IncomingMessage, form: Form): readonly [number, object, object?] {
    const refuse = (status: number, code: number, message: string, more = {}) =>
      [status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, more] as const;
    const [scheme, pair = ''] = headers.authorization?.split(' ') ?? [];
    const isKnown = Buffer.from(pair, 'base64').toString() === `${accountSid}:${authToken}`;
    if (scheme !== 'Basic' || !isKnown) return refuse(401, 20_003, 'Authenticate');
    if (state.mood === 'busy') return refuse(429, 20_429, 'Too Many Requests', { 'retry-after': '5' });
    if (state.mood === 'broken') return refuse(503, 20_503, 'Service unavailable');
    const resource = { [`${ROOT}/Messages.json`]: 'SM', [`${ROOT}/Calls.json`]: 'CA' }[url ?? ''];
    if (method !== 'POST' || resource === undefined) return refuse(404, 20_404, 'The requested resource was not found');
    if (!/^\+[1-9]\d+$/.test(form.To ?? '')) return refuse(400, 21_211, "Invalid 'To' Phone Number");
    if (form.To === UNSUBSCRIBED) return refuse(400, 21_610, 'Attempt to send to unsubscribed recipient');
    if (resource === 'CA' && (form.Twiml ?? '').length > 4_000) return refuse(400, 21_210, 'Twiml is too long');
    const sid = `${resource}${String(created.length).padStart(32, '0')}`;
    created.push({ sid, form });
    return [201, { sid, account_sid: accountSid, status: 'queued', to: form.To, error_code: null }];
  }

  const server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    arrived.resolve();
    if (state.mood === 'silent') return;
    const [status, body, more = {}] = answer(request, form);
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return {
    created,
    state,
    arrived: arrived.promise,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
}

/** Your own routes, where Twilio calls back: they believe nothing that is not signed for their address. */
async function host() {
  const heard: unknown[] = [];
  const server = createServer(async (request, response) => {
    const url = `${origin()}${request.url}`;
    const body = await text(request);
    const verified = verifyTwilioRequest({ url, headers: request.headers, body, authTokens: [authToken] });
    if (!verified.ok) return response.writeHead(403).end(verified.code);
    const isStatus = request.url?.startsWith('/status') === true;
    const outcome = isStatus ? parseTwilioStatus(verified.text) : parseTwilioReply(verified.text);
    heard.push(outcome);
    if (isStatus || !outcome.ok || !('kind' in outcome)) return response.writeHead(204).end();
    return response.setHeader('content-type', 'text/xml').end(twilioAnswer('Taken & noted', { kind: outcome.kind }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { heard, origin: origin() };
}

/** What Twilio does when something happens: a form, and the documented signature over the address and the sorted fields. */
async function callBack(url: string, form: Form, token = authToken): Promise<Response> {
  const signed = Object.keys(form)
    .sort()
    .reduce((whole, name) => `${whole}${name}${form[name]}`, url);
  return await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { 'x-twilio-signature': createHmac('sha1', token).update(signed, 'utf8').digest('base64') },
  });
}

const message = messageWith({ to, actions, title: 'Größe: 99 % & mehr', replyCode: '4711' });

describe('what is sent', () => {
  test('a text message and a call are created', async () => {
    const { created, baseUrl } = await twilio();
    const sms = await twilioSmsNotifier({ ...account, from, baseUrl }).send(message, options);
    const call = await twilioVoiceNotifier({ ...account, from, baseUrl }).send(message, options);
    expect([sms, call]).toEqual(created.map(({ sid }) => ({ externalId: sid })));
    expect(created[0]?.form).toEqual({
      To: '+15550100',
      From: from,
      Body: 'Größe: 99 % & mehr\nSEV1 - Checkout\n1=Acknowledge 3=Escalate (4711)',
    });
    expect(parseXml(created[1]?.form.Twiml ?? '').children[0]?.text).toBe('Größe: 99 % & mehr. SEV1, Checkout.');
  });

  test.each([
    ['a number that has opted out', { address: UNSUBSCRIBED }, {}, '21610'],
    ['a wrong token', {}, { authToken: 'another-token-of-16' }, '20003'],
    ['another account', {}, { accountSid: `AC${'9'.repeat(32)}` }, '20003'],
  ])('%s is a permanent failure', async (_, changed, given, code) => {
    const { created, baseUrl } = await twilio();
    const sending = twilioSmsNotifier({ ...account, from, baseUrl, ...given }).send(
      { ...message, to: { ...to, ...changed } },
      options,
    );
    await expect(sending).rejects.toMatchObject({
      message: expect.stringContaining(code),
      details: { permanent: true },
    });
    expect(created).toEqual([]);
  });

  test('when it is busy we wait as long as it asks, and what is broken is tried again', async () => {
    const { state, baseUrl } = await twilio();
    const notifier = twilioVoiceNotifier({ ...account, from, baseUrl });
    state.mood = 'busy';
    await expect(notifier.send(message, options)).rejects.toHaveProperty('details', {
      permanent: false,
      status: 429,
      retryAfterMs: 5_000,
    });
    state.mood = 'broken';
    await expect(notifier.send(message, options)).rejects.toHaveProperty('details', { permanent: false, status: 503 });
    state.mood = 'well';
    await expect(notifier.send(message, options)).resolves.toMatchObject({ externalId: expect.stringMatching(/^CA/) });
  });

  test('a Twilio that does not answer is left when the attempt has taken too long', async () => {
    const { state, arrived, baseUrl } = await twilio();
    state.mood = 'silent';
    const controller = new AbortController();
    const sending = twilioSmsNotifier({ ...account, from, baseUrl }).send(message, {
      ...options,
      signal: controller.signal,
    });
    const failed = expect(sending).rejects.toMatchObject({ details: { permanent: false } });
    await arrived;
    controller.abort();
    await failed;
  });

  test('a Twilio that is not there is tried again', async () => {
    const notifier = twilioSmsNotifier({ ...account, from, baseUrl: 'http://127.0.0.1:1' });
    await expect(notifier.send(message, { ...options, signal: patient })).rejects.toMatchObject({
      details: { permanent: false },
    });
  });
});

describe('what comes back', () => {
  test('the answer to a text message names the action and the message, and is answered', async () => {
    const { created, baseUrl } = await twilio();
    const { heard, origin } = await host();
    await twilioSmsNotifier({ ...account, from, baseUrl }).send(message, options);
    // What Ana reads is what she writes back.
    const [, key, code] = /(\d)=Acknowledge.*\((\d{4})\)$/.exec(created[0]?.form.Body ?? '') ?? [];
    const answered = await callBack(`${origin}/answers?tenant=a`, {
      MessageSid: `SM${'8'.repeat(32)}`,
      From: created[0]?.form.To ?? '',
      To: created[0]?.form.From ?? '',
      Body: `${key} ${code}`,
      NumMedia: '0',
    });
    expect(heard).toMatchObject([{ kind: 'text', phone: to.address, action: 'acknowledge', about: '4711' }]);
    expect(await answered.text()).toBe('<Response><Message>Taken &amp; noted</Message></Response>');
  });

  test('the key that is pressed goes where the call says, and names the call', async () => {
    const { created, baseUrl } = await twilio();
    const { heard, origin } = await host();
    const answerUrl = `${origin}/answers?tenant=a&x=%C3%BC`;
    const sent = await twilioVoiceNotifier({ ...account, from, baseUrl, answerUrl }).send(message, options);
    const gather = parseXml(created[0]?.form.Twiml ?? '').children[0];
    const answered = await callBack(gather?.attributes.action ?? '', {
      CallSid: created[0]?.sid ?? '',
      From: from,
      To: to.address,
      Direction: 'outbound-api',
      CallStatus: 'in-progress',
      Digits: '3',
    });
    expect(heard).toMatchObject([
      { kind: 'key', phone: to.address, action: 'escalate', twilioId: Object(sent).externalId },
    ]);
    expect(await answered.text()).toBe('<Response><Say language="en-US">Taken &amp; noted</Say></Response>');
  });

  test('a call that nobody answered has failed, and a message that arrived was delivered', async () => {
    const { created, baseUrl } = await twilio();
    const { heard, origin } = await host();
    const given = { ...account, from, baseUrl, statusCallback: `${origin}/status` };
    await twilioVoiceNotifier(given).send(message, options);
    await twilioSmsNotifier(given).send(message, options);
    const [call, sms] = created as [Created, Created];
    await callBack(call.form.StatusCallback ?? '', { CallSid: call.sid, CallStatus: 'ringing' });
    await callBack(call.form.StatusCallback ?? '', { CallSid: call.sid, CallStatus: 'no-answer' });
    await callBack(sms.form.StatusCallback ?? '', { MessageSid: sms.sid, MessageStatus: 'delivered' });
    expect(heard).toMatchObject([
      { ok: false, code: 'unsupported' },
      { twilioId: call.sid, status: 'failed', error: 'no-answer' },
      { twilioId: sms.sid, status: 'delivered' },
    ]);
  });

  test('whoever does not know the token is not believed', async () => {
    const { heard, origin } = await host();
    const form = { MessageSid: 'SM1', From: to.address, Body: '1' };
    const answered = await callBack(`${origin}/answers`, form, 'another token');
    expect([answered.status, await answered.text(), heard]).toEqual([403, 'forged', []]);
  });
});
