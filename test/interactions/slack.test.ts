/**
 * Slack: its published signature, what it may ask for, and everything that is refused.
 */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallbackHeaders } from '../../src/callbacks/request.ts';
import { parseSlackInteraction, verifySlackRequest } from '../../src/interactions/slack.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const OTHER = 'x'.repeat(16);
const AT = 1_531_420_618;
const FORM = 'application/x-www-form-urlencoded';
// The example of Slack's documentation.
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const SIGNATURE = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';

const headers = { 'Content-Type': FORM, 'X-Slack-Request-Timestamp': String(AT), 'X-Slack-Signature': SIGNATURE };
const verify = (changes: Partial<Parameters<typeof verifySlackRequest>[0]> = {}) => {
  const outcome = verifySlackRequest({ headers, body: BODY, signingSecrets: [SECRET], nowMs: AT * 1_000, ...changes });
  return outcome.ok ? 'ok' : outcome.code;
};
const signedHeaders = (body: Uint8Array | string): CallbackHeaders => ({
  ...headers,
  'X-Slack-Signature': `v0=${createHmac('sha256', SECRET).update(`v0:${AT}:`).update(body).digest('hex')}`,
});
const parse = (body: string | Uint8Array) => {
  const outcome = parseSlackInteraction(body);
  return outcome.ok ? outcome : outcome.code;
};
const press = (changes: object = {}) => ({
  type: 'block_actions',
  user: { id: 'U2CERLKJA', username: 'roadrunner' },
  team: { id: 'T1DC2JH3J' },
  actions: [{ type: 'button', action_id: 'ack', value: 't1.abc.def' }],
  response_url: 'https://hooks.slack.com/actions/T1DC2JH3J/1/2',
  ...changes,
});
const payload = (json: unknown) => `payload=${encodeURIComponent(JSON.stringify(json))}`;

describe('a signed request', () => {
  test('the published one is verified, as text and as bytes, and its text is handed on', () => {
    expect(verify()).toBe('ok');
    expect(verify({ body: Buffer.from(BODY), headers: new Headers(headers) })).toBe('ok');
    expect(verifySlackRequest({ headers, body: BODY, signingSecrets: [SECRET], nowMs: AT * 1_000 })).toEqual({
      ok: true,
      text: BODY,
    });
  });

  test('its headers may be a `Headers` of another realm, or have names like those of its methods', () => {
    const own = new Headers(headers);
    const foreign = Object.create({ entries: () => own.entries(), get: (name: string) => own.get(name) });
    expect(verify({ headers: foreign })).toBe('ok');
    expect(verify({ headers: { ...headers, entries: '1', get: '2' } })).toBe('ok');
    const twice = Object.create({ entries: () => [...own.entries(), ...own.entries()], get: () => null });
    expect(verify({ headers: twice })).toBe('wrong-type');
  });

  test('any secret of the list verifies, no other does', () => {
    expect([verify({ signingSecrets: [OTHER, SECRET] }), verify({ signingSecrets: [OTHER] })]).toEqual([
      'ok',
      'forged',
    ]);
  });

  test('is taken within 300 seconds of its timestamp, on either side', () => {
    const at = (seconds: number) => verify({ nowMs: (AT + seconds) * 1_000 });
    expect([at(-301), at(-300), at(300), at(301)]).toEqual(['stale', 'ok', 'ok', 'stale']);
    expect(verify({ nowMs: Number.NaN })).toBe('stale');
  });

  test.each([
    ['a changed body', { body: `${BODY}&text2=x` }, 'forged'],
    ['another timestamp', { headers: { ...headers, 'X-Slack-Request-Timestamp': String(AT + 1) } }, 'forged'],
    ['a timestamp in words', { headers: { ...headers, 'X-Slack-Request-Timestamp': 'now' } }, 'malformed'],
    ['a signature of another version', { headers: { ...headers, 'X-Slack-Signature': SIGNATURE.slice(3) } }, 'forged'],
    ['a signature in capitals', { headers: { ...headers, 'X-Slack-Signature': SIGNATURE.toUpperCase() } }, 'forged'],
    ['no signature', { headers: { ...headers, 'X-Slack-Signature': undefined } }, 'unsigned'],
    ['no timestamp', { headers: { ...headers, 'X-Slack-Request-Timestamp': '' } }, 'unsigned'],
    ['two signatures', { headers: { ...headers, 'X-Slack-Signature': [SIGNATURE, SIGNATURE] } }, 'duplicate'],
    ['two spellings of a header', { headers: { ...headers, 'x-slack-signature': SIGNATURE } }, 'duplicate'],
    ['another content type', { headers: { ...headers, 'Content-Type': 'text/plain' } }, 'wrong-type'],
    ['another charset', { headers: { ...headers, 'Content-Type': `${FORM}; charset=latin1` } }, 'wrong-type'],
    ['no content type', { headers: { ...headers, 'Content-Type': undefined } }, 'wrong-type'],
    ['a huge text', { body: 'a'.repeat(1_048_577) }, 'too-large'],
    ['a text that is huge in bytes', { body: 'é'.repeat(600_000) }, 'too-large'],
    ['huge bytes', { body: new Uint8Array(1_048_577) }, 'too-large'],
    ['no body', { body: undefined as unknown as string }, 'malformed'],
  ])('is refused with %s', (_name, changes, code) => {
    expect(verify(changes)).toBe(code);
  });

  test('is refused when it is not UTF-8, although signed', () => {
    const body = Uint8Array.of(0x61, 0xff);
    expect(verify({ body, headers: signedHeaders(body) })).toBe('malformed');
    expect(verify({ body: 'a\ud800', headers: signedHeaders('a\ud800') })).toBe('malformed');
  });

  test('an exact megabyte, and a content type with UTF-8 as its charset, are taken', () => {
    const body = 'a'.repeat(1_048_576);
    expect(verify({ body, headers: { ...signedHeaders(body), 'Content-Type': `${FORM}; charset=UTF-8` } })).toBe('ok');
  });

  test.each([[[]], [['']], [[SECRET, '']], [['x'.repeat(15)]]])(
    'an empty or short secret is a mistake of the host: %j',
    (signingSecrets) => {
      expect(() => verify({ signingSecrets })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
      expect(() => verify({ signingSecrets })).not.toThrow(SECRET);
    },
  );
});

describe('what Slack asks for', () => {
  test('a press of a button', () => {
    expect(parse(payload(press()))).toEqual({
      ok: true,
      kind: 'action',
      token: 't1.abc.def',
      slackUser: 'U2CERLKJA',
      slackTeam: 'T1DC2JH3J',
      responseUrl: 'https://hooks.slack.com/actions/T1DC2JH3J/1/2',
    });
  });

  test('a slash command', () => {
    expect(parse(BODY)).toMatchObject({
      kind: 'command',
      command: '/webhook-collect',
      text: '',
      slackUser: 'U2CERLKJA',
    });
    expect(parse('command=%2Ftocsin&text=list+caf%C3%A9&user_id=U1')).toEqual({
      ok: true,
      kind: 'command',
      command: '/tocsin',
      text: 'list café',
      slackUser: 'U1',
    });
  });

  test.each([
    ['ack', { action: 'acknowledge' }],
    [' ACK  4711 ', { action: 'acknowledge', about: '4711' }],
    ['(#4711) resolve', { action: 'resolve', about: '4711' }],
    ['resolve Inc-7', { action: 'resolve', about: 'Inc-7' }],
    [`escalate ${'x'.repeat(200)}`, { action: 'escalate', about: 'x'.repeat(200) }],
    [`escalate ${'x'.repeat(201)}`, {}],
    ['Inc-7 resolve', {}],
    ['ack resolve', {}],
    ['ack __proto__', {}],
    ['ack <@U1>', {}],
    ['help', {}],
    ['do not resolve', {}],
    ['ack Inc-7 now', {}],
    ['', {}],
  ])('a slash command that says %j asks for %j', (text, asked) => {
    const body = String(new URLSearchParams({ command: '/tocsin', text, user_id: 'U1' }));
    expect(parse(body)).toEqual({ ok: true, kind: 'command', command: '/tocsin', text, slackUser: 'U1', ...asked });
  });

  test('whether the address is ours', () => {
    const body = JSON.stringify({ token: 'x', challenge: '3eZbrw1aB', type: 'url_verification' });
    expect(parse(body)).toEqual({ ok: true, kind: 'challenge', challenge: '3eZbrw1aB' });
  });

  test.each([
    ['an empty body', '', 'unsupported'],
    ['another interaction', payload({ type: 'view_submission' }), 'unsupported'],
    ['an event', '{"type":"event_callback"}', 'unsupported'],
    ['a payload that is no object', 'payload=null', 'unsupported'],
    ['a payload that is no JSON', 'payload=hello', 'malformed'],
    ['a challenge without one', '{"type":"url_verification"}', 'malformed'],
    ['a button without a value', payload(press({ actions: [{ type: 'button' }] })), 'malformed'],
    ['no button', payload(press({ actions: [] })), 'malformed'],
    ['two buttons', payload(press({ actions: [{ value: 'a' }, { value: 'b' }] })), 'malformed'],
    ['nobody', payload(press({ user: undefined })), 'malformed'],
    ['an answer that would go elsewhere', payload(press({ response_url: 'https://evilslack.com/' })), 'malformed'],
    ['an answer in the open', payload(press({ response_url: 'http://hooks.slack.com/' })), 'malformed'],
    ['two payloads', `${payload(press())}&${payload(press())}`, 'duplicate'],
    ['two spellings of a field', 'command=%2Fa&comman%64=%2Fb', 'duplicate'],
    ['a command of nobody', 'command=%2Ftocsin&text=ack', 'malformed'],
    ['a command without a slash', 'command=tocsin&user_id=U1', 'malformed'],
    ['broken escapes', 'command=%2', 'malformed'],
    ['escapes that are not UTF-8', 'command=%FF', 'malformed'],
    ['a key that reaches for the prototype', '{"type":"url_verification","__proto__":{"challenge":"x"}}', 'malformed'],
    ['a field that is called like the prototype', '__proto__=x&constructor=y', 'unsupported'],
    ['more fields than anybody sends', Array.from({ length: 1_001 }, (_, at) => `f${at}=`).join('&'), 'malformed'],
    ['deep JSON', `{"type":${'['.repeat(200_000)}`, 'malformed'],
  ])('is refused: %s', (_name, body, code) => {
    expect(parse(body)).toBe(code);
  });

  test('is answered, whatever was sent', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.uint8Array(),
      fc.json().map((json) => `payload=${json}`),
      fc.anything({ maxDepth: 1 }).map((value) => payload({ ...press(), actions: value })),
      fc.json(),
    );
    fc.assert(fc.property(text, (body) => typeof parseSlackInteraction(body).ok === 'boolean'));
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string()),
        text,
        (made, body) => verify({ headers: made, body }) !== 'ok',
      ),
    );
  });
});
