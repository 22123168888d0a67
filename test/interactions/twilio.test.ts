/**
 * Twilio: its published signature, what people answer, and everything that is refused.
 */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTwilioReply, type TwilioRequest, verifyTwilioRequest } from '../../src/interactions/twilio.ts';

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
const SIGNATURE = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
const headers = {
  'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
  'x-twilio-signature': SIGNATURE,
};

const verify = (changes: Partial<TwilioRequest> = {}) => {
  const request = { url: URL_OF_EXAMPLE, headers, body: BODY, authTokens: ['12345'], ...changes };
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
  test('the published one is verified, as text and as bytes', () => {
    expect([verify(), verify({ body: Buffer.from(BODY), headers: new Headers(headers) })]).toEqual(['ok', 'ok']);
  });

  test('any auth token of the list verifies, no other does', () => {
    expect([verify({ authTokens: ['new', '12345'] }), verify({ authTokens: ['new'] })]).toEqual(['ok', 'forged']);
  });

  test('is verified over the text that the escapes stand for', () => {
    const signature = createHmac('sha1', '12345').update(`${URL_OF_EXAMPLE}BodyÜber + and & =From+1`).digest('base64');
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

  test('an empty auth token is a mistake of the host', () => {
    expect(() => verify({ authTokens: [''] })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
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
