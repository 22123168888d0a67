/**
 * Telegram: the secret token, what an update may ask for, and everything that is refused.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTelegramUpdate, type TelegramRequest, verifyTelegramRequest } from '../../src/interactions/telegram.ts';

const SECRET = 'what-was-given-to-setWebhook';
const headers = { 'Content-Type': 'application/json', 'X-Telegram-Bot-Api-Secret-Token': SECRET };
const BODY = '{"update_id":1}';
const verify = (changes: Partial<TelegramRequest> = {}) => {
  const outcome = verifyTelegramRequest({ headers, body: BODY, secretTokens: [SECRET], ...changes });
  return outcome.ok ? 'ok' : outcome.code;
};
const withToken = (token: string | readonly string[] | undefined) => ({
  headers: { ...headers, 'X-Telegram-Bot-Api-Secret-Token': token },
});
const parse = (update: unknown) => {
  const outcome = parseTelegramUpdate(typeof update === 'string' ? update : JSON.stringify(update));
  return outcome.ok ? outcome : outcome.code;
};

const press = {
  id: '688111769854308995',
  from: { id: 160_213_506, first_name: 'Nick', username: 'nick' },
  message: { message_id: 37, chat: { id: -163_056_465, type: 'group' }, date: 1_481_841_548, text: '' },
  chat_instance: '-428019502972440238',
  data: '/ack a2b47856-1779-49a9-a2aa-5cbd2e539b56',
};
const said = { message_id: 38, from: { id: 160_213_506 }, chat: { id: -163_056_465 }, text: 'looking at it' };

describe('the secret token', () => {
  test('lets the body through, as text', () => {
    expect(verifyTelegramRequest({ headers, body: Buffer.from(BODY), secretTokens: ['x'.repeat(24), SECRET] })).toEqual(
      {
        ok: true,
        text: BODY,
      },
    );
  });

  test.each([
    ['another token', withToken('a-guess'), 'forged'],
    ['a part of the token', withToken(SECRET.slice(0, -1)), 'forged'],
    ['the token in capitals', withToken(SECRET.toUpperCase()), 'forged'],
    ['no token', withToken(undefined), 'unsigned'],
    ['an empty token', withToken(''), 'unsigned'],
    ['two tokens', withToken([SECRET, SECRET]), 'duplicate'],
    ['a form', { headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' } }, 'wrong-type'],
    ['a huge body', { body: ' '.repeat(1_048_577) }, 'too-large'],
    ['bytes that are not UTF-8', { body: Uint8Array.of(0x22, 0xff, 0x22) }, 'malformed'],
  ])('is refused: %s', (_name, changes, code) => {
    expect(verify(changes)).toBe(code);
  });

  test('is answered, whatever stands in the headers', () => {
    const odd = fc.dictionary(fc.constantFrom(...Object.keys(headers), '__proto__'), fc.anything({ maxDepth: 1 }));
    fc.assert(fc.property(odd, (made) => verify({ headers: made as TelegramRequest['headers'] }) !== 'ok'));
    expect(verify({ headers: { ...headers, 'Content-Type': Object.create(null) as string } })).toBe('wrong-type');
  });

  test('an empty or short one is a mistake of the host', () => {
    expect(() => verify({ secretTokens: ['x'.repeat(23)] })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
    expect(() => verify({ secretTokens: [''] })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => verify({ secretTokens: [] })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

describe('what an update asks for', () => {
  test('a press of a button', () => {
    expect(parse({ update_id: 913_527_394, callback_query: press })).toEqual({
      ok: true,
      kind: 'button',
      updateId: 913_527_394,
      callbackId: '688111769854308995',
      data: '/ack a2b47856-1779-49a9-a2aa-5cbd2e539b56',
      telegramUser: 160_213_506,
      messageId: 37,
      chatId: -163_056_465,
    });
  });

  test('a text, and the message it replies to', () => {
    expect(parse({ update_id: 2, message: said })).toEqual({
      ok: true,
      kind: 'text',
      updateId: 2,
      text: 'looking at it',
      telegramUser: 160_213_506,
      messageId: 38,
      chatId: -163_056_465,
    });
    const reply = { ...said, text: '/ack', reply_to_message: { message_id: 37, text: 'Disk full' } };
    expect(parse({ update_id: 3, message: reply })).toMatchObject({ replyTo: 37, action: 'acknowledge' });
  });

  test('a text with a code names what it answers', () => {
    const coded = parse({ update_id: 4, message: { ...said, text: '/ack #4711' } });
    expect(coded).toMatchObject({ text: '/ack #4711', action: 'acknowledge', about: '4711' });
    expect(parse({ update_id: 5, message: { ...said, text: 'ok 4711' } })).not.toHaveProperty('about');
  });

  test.each([
    ['/ack@tocsin_bot', { action: 'acknowledge' }],
    ['/ACK@Tocsin_Bot!', { action: 'acknowledge' }],
    [`/acknowledge@${'x'.repeat(32)} (#4711)`, { action: 'acknowledge', about: '4711' }],
    ['#4711 /resolve@tocsin_bot', { action: 'resolve', about: '4711' }],
    ['ack@tocsin_bot', {}],
    ['/ack@', {}],
    ['/ack@tocsin_bot@tocsin_bot', {}],
    ['/@ack', {}],
    ['//ack', {}],
    [`/ack@${'x'.repeat(33)}`, {}],
  ])('a command that names the bot, as in groups: %j', (text, answer) => {
    const { action, about } = parse({ update_id: 6, message: { ...said, text } }) as Record<string, unknown>;
    expect({ ...(action !== undefined && { action }), ...(about !== undefined && { about }) }).toEqual(answer);
  });

  test.each([
    ['another kind of update', { update_id: 1, poll: {} }, 'unsupported'],
    ['a message without text', { update_id: 1, message: { ...said, text: undefined } }, 'unsupported'],
    ['a list', [], 'unsupported'],
    ['nothing', 'null', 'unsupported'],
    ['no JSON', 'hello', 'malformed'],
    ['an empty body', '', 'malformed'],
    ['a button without data', { update_id: 1, callback_query: { ...press, data: undefined } }, 'malformed'],
    ['a button of nobody', { update_id: 1, callback_query: { ...press, from: null } }, 'malformed'],
    ['an id that is text', { update_id: 1, callback_query: { ...press, from: { id: '1' } } }, 'malformed'],
    ['an id beyond what a number holds', { update_id: 1, message: { ...said, chat: { id: 2 ** 53 } } }, 'malformed'],
    ['a text of nobody', { update_id: 1, message: { ...said, from: undefined } }, 'malformed'],
    ['a prototype', '{"update_id":1,"message":{"__proto__":{"text":"ack"}}}', 'malformed'],
    ['deep JSON', '['.repeat(500_000), 'malformed'],
  ])('is refused: %s', (_name, update, code) => {
    expect(parse(update)).toBe(code);
  });

  test('is answered, whatever was sent', () => {
    const body = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.uint8Array(), fc.json());
    const shaped = fc
      .jsonValue()
      .map((value) => JSON.stringify({ update_id: 1, callback_query: value, message: value }));
    fc.assert(fc.property(fc.oneof(body, shaped), (sent) => typeof parseTelegramUpdate(sent).ok === 'boolean'));
    fc.assert(fc.property(fc.string(), body, (token, sent) => verify({ ...withToken(token), body: sent }) !== 'ok'));
  });
});
