/**
 * Twilio: its published signature, what people answer, what became of a message, and everything that is refused.
 */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEYS } from '../../src/core/paging/message-actions.ts';
import { textsFor } from '../../src/core/paging/message-texts.ts';
import {
  parseTwilioReply,
  parseTwilioStatus,
  type TwilioRequest,
  twilioAnswer,
  verifyTwilioRequest,
} from '../../src/interactions/twilio.ts';
import { strangers } from '../core/text/strangers.ts';
import { parseXml } from '../core/text/xml-parser.ts';

// The example of Twilio's documentation.
const URL_OF_EXAMPLE = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const FIELDS = {
  To: '+18005551212',
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
};
const BODY = new URLSearchParams(FIELDS).toString();
const signedText = (url: string, fields: Readonly<Record<string, string>>) =>
  `${url}${Object.keys(fields)
    .toSorted()
    .map((name) => `${name}${fields[name]}`)
    .join('')}`;
const macOf = (text: string, authToken: string) => createHmac('sha1', authToken).update(text).digest('base64');
// The token of that example is too short for one of Twilio.
const AUTH_TOKEN = '0123456789abcdef0123456789abcdef';
const OTHER_TOKEN = 'fedcba9876543210fedcba9876543210';
const SIGNATURE = macOf(signedText(URL_OF_EXAMPLE, FIELDS), AUTH_TOKEN);
const headers = {
  'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
  'x-twilio-signature': SIGNATURE,
};

const verify = (changes: Partial<TwilioRequest> = {}) => {
  const request = { url: URL_OF_EXAMPLE, headers, body: BODY, authTokens: [AUTH_TOKEN], ...changes };
  const outcome = verifyTwilioRequest(request);
  return outcome.ok ? 'ok' : outcome.code;
};
const parse = (fields: Record<string, string> | string | Uint8Array) => {
  const isBody = typeof fields === 'string' || fields instanceof Uint8Array;
  const outcome = parseTwilioReply(isBody ? fields : new URLSearchParams(fields as Record<string, string>).toString());
  return outcome.ok ? outcome : outcome.code;
};
const sms = { MessageSid: 'SM1', From: '+14158675309', To: '+18005551212', Body: 'ack' };
const call = { CallSid: 'CA1', From: '+18005551212', To: '+14158675309', Direction: 'outbound-api', Digits: '1' };

describe('a signed request', () => {
  test('is signed as the published one is', () => {
    expect(macOf(signedText(URL_OF_EXAMPLE, FIELDS), '12345')).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
  });

  test('is verified, as text and as bytes', () => {
    expect([verify(), verify({ body: Buffer.from(BODY), headers: new Headers(headers) })]).toEqual(['ok', 'ok']);
  });

  test('any auth token of the list verifies, no other does', () => {
    expect([verify({ authTokens: [OTHER_TOKEN, AUTH_TOKEN] }), verify({ authTokens: [OTHER_TOKEN] })]).toEqual([
      'ok',
      'forged',
    ]);
  });

  test('is verified over the text that the escapes stand for', () => {
    const signature = macOf(`${URL_OF_EXAMPLE}BodyÜber + and & =From+1`, AUTH_TOKEN);
    const body = 'From=%2B1&Body=%C3%9Cber+%2B+and+%26+%3D';
    expect(verify({ body, headers: { ...headers, 'x-twilio-signature': signature } })).toBe('ok');
  });

  test.each([
    ['another address', { url: 'https://mycompany.com/myapp.php' }, 'forged'],
    ['a changed field', { body: BODY.replace('1234&', '1235&') }, 'forged'],
    ['a field more', { body: `${BODY}&More=1` }, 'forged'],
    ['a field twice', { body: `${BODY}&Digits=1234` }, 'duplicate'],
    [
      'the signature without padding',
      { headers: { ...headers, 'x-twilio-signature': SIGNATURE.slice(0, -1) } },
      'forged',
    ],
    ['no signature', { headers: { ...headers, 'x-twilio-signature': undefined } }, 'unsigned'],
    ['two signatures', { headers: { ...headers, 'X-Twilio-Signature': SIGNATURE } }, 'duplicate'],
    ['JSON', { headers: { ...headers, 'content-type': 'application/json' } }, 'wrong-type'],
    ['a huge body', { body: new Uint8Array(1_048_577) }, 'too-large'],
    ['bytes that are not UTF-8', { body: Uint8Array.of(0xff) }, 'malformed'],
    ['escapes that are not UTF-8', { body: 'Body=%FF' }, 'malformed'],
  ])('is refused with %s', (_name, changes, code) => {
    expect(verify(changes)).toBe(code);
  });

  test('an auth token that is none of Twilio is a mistake of the host', () => {
    for (const token of ['', '12345', 'x'.repeat(15)]) {
      expect(() => verify({ authTokens: [token] })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    }
    expect(verify({ authTokens: ['x'.repeat(16)] })).toBe('forged');
  });
});

describe('what people answer', () => {
  test('a text message', () => {
    expect(parse(sms)).toEqual({
      ok: true,
      kind: 'text',
      phone: '+14158675309',
      text: 'ack',
      twilioId: 'SM1',
      action: 'acknowledge',
    });
  });

  test.each([
    ['ACK', 'acknowledge'],
    [' 1\n', 'acknowledge'],
    ['Acknowledged.', 'acknowledge'],
    ['resolve', 'resolve'],
    ['2', 'resolve'],
    ['3', 'escalate'],
    ['do not resolve', undefined],
    ['11', undefined],
    ['constructor', undefined],
    ['', undefined],
    ['ack'.padEnd(1_000), undefined],
  ])('%j asks for %s', (Body, action) => {
    expect(parse({ ...sms, Body })).toMatchObject({ text: Body, ...(action === undefined ? {} : { action }) });
    expect(Object.hasOwn(parse({ ...sms, Body }) as object, 'action')).toBe(action !== undefined);
  });

  test.each([
    ['1 4711', 'acknowledge'],
    ['4711 1', 'acknowledge'],
    ['ack 4711', 'acknowledge'],
    ['ACK\u00a0 #4711 ', 'acknowledge'],
    ['#4711\nAck!', 'acknowledge'],
    ['1 (4711).', 'acknowledge'],
    ['Übernehmen 4711', 'acknowledge'],
    ['u\u0308bernehmen 4711', 'acknowledge'],
    ['2 4711', 'resolve'],
    ['4711 behoben', 'resolve'],
    ['3 4711', 'escalate'],
    ['snooze 4711', 'snooze'],
    ['join #4711', 'accept'],
    ['4711 6', 'decline'],
  ])('%j asks for %s of the message 4711', (Body, action) => {
    expect(parse({ ...sms, Body })).toMatchObject({ text: Body, action, about: '4711' });
  });

  test.each([
    ...[
      '4711',
      '1 471',
      '1 47111',
      '14711',
      '47111',
      '1 4711 2',
      '1 2',
      'ack ack',
      '4711 4711',
      '#1 4711',
      '1 ４７１１',
    ],
    ...['do not ack 4711', 'ack, 4711', 'ack 4711 please', '7', '0', '1.0', 'acking', '/'],
    // What people write without thinking.
    ...[
      'ok',
      'OK',
      'okay',
      'k',
      'yes',
      'y',
      'no',
      'n',
      'ja',
      'nein',
      'done',
      'fine',
      'thanks',
      'erledigt',
      '👍',
      'ok 4711',
    ],
    // What Twilio answers by itself.
    ...[
      'STOP',
      'STOPALL',
      'UNSUBSCRIBE',
      'CANCEL',
      'END',
      'QUIT',
      'REVOKE',
      'OPTOUT',
      'START',
      'UNSTOP',
      'HELP',
      'INFO',
    ],
  ])('%j asks for nothing', (Body) => {
    const reply = parse({ ...sms, Body });
    expect(reply).toMatchObject({ kind: 'text', text: Body });
    expect(reply).not.toHaveProperty('action');
    expect(reply).not.toHaveProperty('about');
  });

  test('words that were set up to stop or start all messages ask for nothing else', () => {
    const reply = parse({ ...sms, Body: 'ablehnen', OptOutType: 'STOP' });
    expect(reply).toMatchObject({ kind: 'text', text: 'ablehnen' });
    expect(reply).not.toHaveProperty('action');
  });

  test('every key and every word that a message offers is understood, in both languages', () => {
    const ids = ['acknowledge', 'escalate', 'snooze', 'accept', 'decline'] as const;
    for (const id of ids) {
      for (const Body of [KEYS[id], textsFor('en').texts[id], textsFor('de').texts[id]]) {
        expect(parse({ ...sms, Body: `${Body} 4711` })).toMatchObject({ action: id, about: '4711' });
        expect(parse({ ...call, Digits: KEYS[id] })).toMatchObject({ kind: 'key', action: id });
      }
    }
  });

  test('with an action and a code in any case and space is one answer; with a word more it is none', () => {
    const word = fc.constantFrom('ack', '1', 'resolve', '3', 'zurückstellen');
    const code = fc.integer({ min: 0, max: 9_999 }).map((n) => String(n).padStart(4, '0'));
    const space = fc.constantFrom(' ', '  ', '\n', '\t', '\u00a0');
    fc.assert(
      fc.property(word, code, space, fc.boolean(), fc.boolean(), (action, digits, gap, isFirst, isLoud) => {
        const text = (isFirst ? [digits, action] : [action, digits]).join(gap);
        const Body = isLoud ? text.toUpperCase() : text;
        expect(parse({ ...sms, Body })).toMatchObject({ about: digits });
        expect(parse({ ...sms, Body: `not ${Body}` })).not.toHaveProperty('action');
        expect(parse({ ...sms, Body: `${Body} not` })).not.toHaveProperty('action');
      }),
    );
  });

  test('a key during a call, pressed by whoever was called', () => {
    expect(parse(call)).toEqual({
      ok: true,
      kind: 'key',
      phone: '+14158675309',
      digits: '1',
      twilioId: 'CA1',
      action: 'acknowledge',
    });
    expect(parse({ ...call, Direction: 'inbound' })).toMatchObject({ phone: '+18005551212' });
  });

  test.each([
    ['a call without a key', { CallSid: 'CA1', From: '+1', To: '+2' }, 'unsupported'],
    ['an empty body', '', 'unsupported'],
    ['no key at all', { ...call, Digits: '' }, 'malformed'],
    ['a word for a key', { ...call, Digits: 'one' }, 'malformed'],
    ['a message of nobody', { ...sms, From: '' }, 'malformed'],
    ['a number with a line break', { ...sms, From: '+1\n+2' }, 'malformed'],
    ['a message longer than Twilio allows', { ...sms, Body: 'a'.repeat(1_601) }, 'malformed'],
    ['two messages', 'MessageSid=SM1&From=%2B1&Body=ack&Body=resolve', 'duplicate'],
    ['a field that is called like the prototype', '__proto__=x', 'unsupported'],
  ])('is refused: %s', (_name, body, code) => {
    expect(parse(body)).toBe(code);
  });

  test('is answered, whatever was sent', () => {
    const body = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.uint8Array(), fc.webQueryParameters());
    fc.assert(fc.property(body, (sent) => typeof parseTwilioReply(sent).ok === 'boolean'));
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.string()), body, (url, others, sent) => {
        return verify({ url, headers: others, body: sent }) !== 'ok' && verify({ url, body: sent }) !== 'ok';
      }),
    );
  });
});

describe('what became of a message', () => {
  const status = (fields: Record<string, string> | string) => {
    const outcome = parseTwilioStatus(typeof fields === 'string' ? fields : new URLSearchParams(fields).toString());
    return outcome.ok ? outcome : outcome.code;
  };

  test.each([
    ['delivered', 'delivered'],
    ['read', 'read'],
  ])('a message that is %s', (MessageStatus, expected) => {
    expect(status({ MessageSid: 'SM1', MessageStatus, To: '+1' })).toEqual({
      ok: true,
      twilioId: 'SM1',
      status: expected,
    });
  });

  test.each([
    [{ MessageStatus: 'undelivered', ErrorCode: '30003' }, 'undelivered 30003'],
    [{ MessageStatus: 'failed', ErrorCode: '30008', ErrorMessage: 'Unknown\r\nerror' }, 'failed 30008 Unknown error'],
    [{ MessageStatus: 'failed' }, 'failed'],
    [{ MessageStatus: 'canceled' }, 'canceled'],
  ])('a message that is not delivered: %j', (fields, error) => {
    expect(status({ MessageSid: 'SM1', ...fields })).toEqual({ ok: true, twilioId: 'SM1', status: 'failed', error });
  });

  test('of a long reason only the beginning is kept', () => {
    const told = status({ MessageSid: 'SM1', MessageStatus: 'failed', ErrorMessage: 'x'.repeat(9_000) });
    expect(told).toMatchObject({ error: expect.stringMatching(/^failed x{192}…$/) });
  });

  test('a call that was answered', () => {
    expect(status({ CallSid: 'CA1', CallStatus: 'completed', CallDuration: '12' })).toEqual({
      ok: true,
      twilioId: 'CA1',
      status: 'delivered',
    });
  });

  test.each(['busy', 'no-answer', 'failed', 'canceled'])('a call that nobody answered: %s', (CallStatus) => {
    expect(status({ CallSid: 'CA1', CallStatus })).toEqual({
      ok: true,
      twilioId: 'CA1',
      status: 'failed',
      error: CallStatus,
    });
  });

  test.each([
    ...['accepted', 'scheduled', 'queued', 'sending', 'sent', 'receiving', 'received', 'constructor', ''].map(
      (MessageStatus) => [{ MessageSid: 'SM1', MessageStatus }, 'unsupported'] as const,
    ),
    ...['queued', 'initiated', 'ringing', 'in-progress', 'COMPLETED', ''].map(
      (CallStatus) => [{ CallSid: 'CA1', CallStatus }, 'unsupported'] as const,
    ),
    [sms, 'unsupported'],
    [{ CallStatus: 'completed' }, 'malformed'],
    [{ MessageStatus: 'delivered' }, 'malformed'],
    [{ MessageStatus: 'delivered', MessageSid: 'a b' }, 'malformed'],
    ['MessageSid=SM1&MessageStatus=sent&MessageStatus=delivered', 'duplicate'],
    ['MessageStatus=%FF', 'malformed'],
    ['x'.repeat(1_048_577), 'too-large'],
    ['', 'unsupported'],
  ] as const)('is refused: %j', (fields, code) => {
    expect(status(fields)).toBe(code);
  });

  test('is answered, whatever was sent', () => {
    const body = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.uint8Array(), fc.webQueryParameters());
    const shaped = fc
      .record({ MessageSid: fc.string(), MessageStatus: fc.string(), CallSid: fc.string(), CallStatus: fc.string() })
      .map((fields) => new URLSearchParams(fields).toString());
    fc.assert(fc.property(fc.oneof(body, shaped), (sent) => typeof parseTwilioStatus(sent).ok === 'boolean'));
  });
});

describe('what Twilio is answered', () => {
  test('a text message, a voice in a language, or nothing', () => {
    expect(twilioAnswer('Taken & <noted>')).toBe('<Response><Message>Taken &amp; &lt;noted&gt;</Message></Response>');
    expect(twilioAnswer('Taken.', { kind: 'key' })).toBe('<Response><Say language="en-US">Taken.</Say></Response>');
    expect(twilioAnswer(' \u0000', { kind: 'key', language: 'de-DE' })).toBe('<Response></Response>');
  });

  test('is one verb with the text, whatever it is, and never more than a message holds', () => {
    const long = fc.tuple(strangers, fc.integer({ min: 1, max: 400 })).map(([text, n]) => text.repeat(n));
    fc.assert(
      fc.property(long, strangers, fc.constantFrom('text', 'key'), (text, language, kind) => {
        const { name, children } = parseXml(twilioAnswer(text, { kind, language }));
        expect(name).toBe('Response');
        expect(children.length).toBeLessThanOrEqual(1);
        for (const verb of children) {
          expect([verb.name, verb.children]).toEqual([kind === 'text' ? 'Message' : 'Say', []]);
          expect(verb.text.length).toBeLessThanOrEqual(1_600);
        }
      }),
    );
  });
});
