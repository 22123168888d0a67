/**
 * What Twilio is asked, whose account is used, and what its answers mean.
 */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type TwilioSmsNotifierOptions, twilioSmsNotifier } from '../../src/notifiers/twilio-sms.ts';
import { type TwilioVoiceNotifierOptions, twilioVoiceNotifier } from '../../src/notifiers/twilio-voice.ts';
import { testNotifier } from '../../src/testing/index.ts';
import { type Channel, failureOf, opens } from './channel.ts';
import { messageWith } from './message.ts';
import { bitten, SEND_SABOTEURS } from './saboteurs.ts';
import {
  account,
  accountSid,
  actions,
  authToken,
  type Form,
  formOf,
  from,
  options,
  taken,
  to,
  twilio,
} from './twilio-account.ts';

type Account = { readonly fetch: typeof fetch };
const sms = (more: Partial<TwilioSmsNotifierOptions> = {}) => twilioSmsNotifier({ ...account, from, ...more });
const voice = (more: Partial<TwilioVoiceNotifierOptions> = {}) => twilioVoiceNotifier({ ...account, from, ...more });
const KINDS = [
  ['sms', (given: Account) => sms(given)],
  ['voice', (given: Account) => voice(given)],
] as const;

const message = messageWith({ to, actions });
const pair = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
const refusal = (status: number, code: number, text: string, headers: Record<string, string> = {}) =>
  Response.json(
    { code, message: text, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
    { status, headers },
  );

describe.each(KINDS)('the promises of the port: %s', (_, notifierWith) => {
  const STATUS = { fails: 500, refuses: 400, busy: 429 } as const;

  /** A Twilio that repeats what it was asked in its errors. */
  const channel: Channel<Form> = {
    notifier: (fetch) => notifierWith({ fetch }),
    message,
    secrets: [authToken, pair],
    busyMs: 30_000,
    read: formOf,
    key: ({ headers }) => headers.get('i-twilio-idempotency-token') ?? '',
    text: ({ Body, Twiml }) => Body ?? Twiml ?? '',
    take: taken,
    refuse: (how, { headers }) => {
      const said = `no: ${authToken} ${headers.get('authorization')}`;
      return refusal(STATUS[how], 20_000, said, how === 'busy' ? { 'retry-after': '30' } : {});
    },
  };

  expect(testNotifier(test, opens(channel))).toEqual([]);

  test.each(SEND_SABOTEURS)('$promise a notifier that $does is found out', async (saboteur) => {
    expect(await bitten(saboteur, opens(channel))).not.toEqual([]);
  });
});

describe('what is asked', () => {
  test('a text message is created with the credentials of the account, and its id is kept', async () => {
    const { calls, fetch } = twilio();
    const answer = await sms({ fetch }).send(message, options);
    expect(answer).toEqual({ externalId: 'SM42' });
    expect(calls.map(({ url, body }) => [url, body])).toEqual([
      [
        `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`,
        { To: '+15550100', From: '+15550123', Body: 'Database is down\nSEV1 - Checkout\n1=Acknowledge 3=Escalate' },
      ],
    ]);
    expect(Object.fromEntries(calls[0]?.headers ?? [])).toEqual({
      authorization: `Basic ${pair}`,
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'i-twilio-idempotency-token': 'inc-1:4:1',
    });
  });

  test('a call is created with what it says', async () => {
    const { calls, fetch } = twilio(() => Response.json({ sid: 'CA7' }, { status: 201 }));
    await expect(voice({ fetch }).send(message, options)).resolves.toEqual({ externalId: 'CA7' });
    expect(calls.map(({ url, body }) => [url, Object.keys(body)])).toEqual([
      [`https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Calls.json`, ['To', 'From', 'Twiml']],
    ]);
  });

  test('a messaging service, an API key, a region and a status callback of your own', async () => {
    const { calls, fetch } = twilio();
    const service = `MG${'1'.repeat(32)}`;
    const key = { accountSid, apiKey: `SK${'2'.repeat(32)}`, apiSecret: 'sixteen-or-more-1' };
    const region = {
      baseUrl: 'https://api.dublin.ie1.twilio.com/',
      statusCallback: 'https://ops.example/s?tenant=a&b',
    };
    const notifier = twilioSmsNotifier({ ...key, ...region, messagingServiceSid: service, name: 'text', fetch });
    await notifier.send(message, options);
    expect([notifier.name, notifier.provider?.('+15550100')]).toEqual(['text', 'https://api.dublin.ie1.twilio.com']);
    expect(calls[0]).toMatchObject({
      url: `https://api.dublin.ie1.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`,
      body: { MessagingServiceSid: service, StatusCallback: 'https://ops.example/s?tenant=a&b' },
    });
    expect(calls[0]?.body).not.toHaveProperty('From');
    expect(calls[0]?.headers.get('authorization')).toBe(
      `Basic ${Buffer.from(`${key.apiKey}:${key.apiSecret}`).toString('base64')}`,
    );
  });

  test.each([
    '',
    'ana',
    '15550100',
    '+05550100',
    '+1555',
    '+1555010012345678',
    '+1 555 0100',
    '+15550100\n',
    'whatsapp:+15550100',
  ])('the address %j is refused permanently, and nothing is asked', async (address) => {
    const { calls, fetch } = twilio();
    for (const [, notifierWith] of KINDS) {
      const sending = notifierWith({ fetch }).send({ ...message, to: { ...to, address } }, options);
      await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
    }
    expect(calls).toEqual([]);
  });
});

describe.each(KINDS)('what an answer means: %s', (_, notifierWith) => {
  const answering = (answer: () => Response) => notifierWith({ fetch: twilio(answer).fetch }).send(message, options);

  test.each([
    [400, 21_211, "The 'To' number is not a valid phone number"],
    [400, 21_408, 'Permission to send an SMS has not been enabled for the region'],
    [400, 21_610, 'Attempt to send to unsubscribed recipient'],
    [400, 21_612, "The 'To' phone number is not currently reachable"],
    [400, 21_614, "'To' number is not a valid mobile number"],
    [401, 20_003, 'Authenticate'],
    [403, 20_403, 'Forbidden'],
    [404, 20_404, 'The requested resource was not found'],
  ])('%i with %i is permanent: %s', async (status, code, text) => {
    await expect(answering(() => refusal(status, code, text))).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      message: expect.stringMatching(new RegExp(`${status}.*${code}.*${text}`)),
      details: { permanent: true },
    });
  });

  test.each(['', '<html>', 'null', '{}', '{"sid":7}', '{"sid":"a b"}', `{"x":"${authToken} ${pair}"}`])(
    'an answer that names no message is tried again, and tells no secret: %s',
    async (body) => {
      const error = await failureOf(answering(() => new Response(body, { status: 201 })));
      expect(error).toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: false } });
      for (const secret of [authToken, pair]) expect(inspect(error)).not.toContain(secret);
    },
  );
});

describe('what is refused at once', () => {
  const refused = (make: () => unknown, path: string) => {
    expect(make).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    try {
      make();
    } catch (error) {
      expect(error).toMatchObject({ details: { problems: [{ path }] } });
      expect(inspect(error)).not.toMatch(/s3cret|f0e1d2c3/);
    }
  };
  const given = (changes: object) => ({ ...account, from, ...changes }) as TwilioVoiceNotifierOptions;

  test.each([
    ['/accountSid', { accountSid: 'AC123' }],
    ['/accountSid', { accountSid: undefined }],
    ['/accountSid', { accountSid: `${accountSid}/../x` }],
    ['/authToken', { authToken: 's3cret' }],
    ['/authToken', { authToken: 's3cret-with-a\nline-break' }],
    ['/authToken', { authToken: undefined }],
    ['/authToken', { apiKey: `SK${'2'.repeat(32)}`, apiSecret: 's3cret-of-a-key-1' }],
    ['/apiKey', { authToken: undefined, apiKey: 'SK1', apiSecret: 's3cret-of-a-key-1' }],
    ['/apiKey', { authToken: undefined, apiSecret: 's3cret-of-a-key-1' }],
    ['/apiSecret', { authToken: undefined, apiKey: `SK${'2'.repeat(32)}` }],
    ['/from', { from: undefined }],
    ['/from', { from: '15550123 ext. 4' }],
    ['/from', { from: '' }],
    ['/baseUrl', { baseUrl: 'api.twilio.com' }],
    ['/baseUrl', { baseUrl: 'ftp://api.twilio.com' }],
    ['/baseUrl', { baseUrl: 'https://a:s3cret@api.twilio.com' }],
    ['/baseUrl', { baseUrl: 'https://api.twilio.com/?x=1' }],
    ['/statusCallback', { statusCallback: 'http://ops.example/status' }],
    ['/statusCallback', { statusCallback: '/status' }],
    ['/statusCallback', { statusCallback: 'https://ops.example/a b' }],
    ['/statusCallback', { statusCallback: `https://ops.example/${'x'.repeat(800)}` }],
    ['account', { account: 'x' }],
  ])('for both, at %s: %j', (path, changes) => {
    refused(() => twilioSmsNotifier(given(changes)), path);
    refused(() => twilioVoiceNotifier(given(changes)), path);
  });

  test.each([
    ['/from', { messagingServiceSid: `MG${'1'.repeat(32)}` }],
    ['/messagingServiceSid', { from: undefined, messagingServiceSid: 'MG1' }],
    ['/from', { from: 'twelve chars' }],
    ['answerUrl', { answerUrl: 'https://ops.example/keys' }],
  ])('for text messages, at %s: %j', (path, changes) => {
    refused(() => twilioSmsNotifier(given(changes)), path);
  });

  test.each([
    ['/from', { from: 'Ops' }],
    ['/answerUrl', { answerUrl: '' }],
    ['/answerUrl', { answerUrl: 'http://ops.example/keys' }],
    ['/answerUrl', { answerUrl: 'http://localhost.ops.example/keys' }],
    ['/answerUrl', { answerUrl: 'ftp://localhost/keys' }],
    ['/answerUrl', { answerUrl: '//ops.example/keys' }],
    ['/answerUrl', { answerUrl: 'https://a:s3cret@ops.example/keys' }],
    ['/answerUrl', { answerUrl: `https://ops.example/?${'&'.repeat(200)}` }],
    ['/voices', { voices: { German: 'Polly.Vicki' } }],
    ['/voices', { voices: { 'de-DE': 'Polly Vicki"' } }],
    ['messagingServiceSid', { messagingServiceSid: `MG${'1'.repeat(32)}` }],
  ])('for calls, at %s: %j', (path, changes) => {
    refused(() => twilioVoiceNotifier(given(changes)), path);
  });

  test.each([
    'http://localhost:8080/keys',
    'http://127.0.0.1/keys',
    'http://[::1]/keys',
    'https://ops.example/keys?a=1#rc=2',
  ])('but not %s', (answerUrl) => {
    expect(twilioVoiceNotifier(given({ answerUrl, statusCallback: answerUrl })).kind).toBe('voice');
  });

  test.each(['+15550123', '12345', 'Acme Ops'])('nor a text message from %s', (sender) => {
    expect(twilioSmsNotifier({ ...account, from: sender }).kind).toBe('sms');
  });
});
