/**
 * What the Bot API of Telegram is asked, and what its answers mean.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { type TelegramNotifierOptions, telegramNotifier } from '../../src/notifiers/telegram.ts';
import { type ChannelAnswer, type NotifierFixture, sampleMessage, testNotifier } from '../../src/testing/index.ts';
import { strangers } from '../core/text/strangers.ts';
import { messageWith, patient } from './message.ts';

const secretPart = 'ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
const token = `123456:${secretPart}`;
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const to = { contact: 'telegram', address: '-100123' };
const message = messageWith({ to });

type Body = {
  readonly chat_id: string;
  readonly message_id?: number;
  readonly text: string;
  readonly reply_markup: { readonly inline_keyboard: readonly (readonly { text: string; url: string }[])[] };
};
type Call = { readonly url: string; readonly body: Body };

const taken = () => Response.json({ ok: true, result: { message_id: 42 } });
const refusal = (error_code: number, description: string, parameters?: object) => () =>
  Response.json({ ok: false, error_code, description, parameters }, { status: error_code });

function bot(answer: (call: Call) => Response = taken, more: Partial<TelegramNotifierOptions> = {}) {
  const calls: Call[] = [];
  const fetch = async (url: string | URL | Request, init: RequestInit = {}) => {
    const call = { url: String(url), body: JSON.parse(String(init.body)) };
    calls.push(call);
    return answer(call);
  };
  return { calls, notifier: telegramNotifier({ token, fetch, ...more }) };
}

async function bodyOf(changes: Partial<Message>): Promise<Body> {
  const { calls, notifier } = bot();
  await notifier.send({ ...message, ...changes }, options);
  return (calls as [Call])[0].body;
}

const STATUS = { takes: 200, fails: 502, refuses: 403, busy: 429, hangs: 200 } as const;

/** A Bot API that does as it is told, and repeats what it was asked in its errors. */
async function open(): Promise<NotifierFixture> {
  let how: ChannelAnswer = 'takes';
  const received: { text: string }[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    if (init?.signal?.aborted) throw init.signal.reason;
    if (how === 'hangs') {
      await new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    }
    received.push({ text: JSON.parse(String(init?.body)).text });
    if (how === 'takes') return taken();
    const parameters = how === 'busy' ? { retry_after: 30 } : undefined;
    return refusal(STATUS[how], `no: ${String(url)} ${token} ${secretPart}`, parameters)();
  };
  return {
    notifier: telegramNotifier({ token, fetch }),
    message: sampleMessage({ to }),
    answer(given) {
      how = given;
    },
    received: () => received,
    busyMs: 30_000,
    secrets: [token, secretPart],
    close() {},
  };
}

expect(testNotifier(test, open)).toEqual([]);

describe('what is sent', () => {
  test('one message without a preview, with buttons, and its id is kept with the chat', async () => {
    const { calls, notifier } = bot();
    const actions = [
      { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1&c=2' },
      { id: 'escalate', label: 'Escalate' },
    ] as const;
    const links = [
      { href: 'https://runbooks.example/db', text: 'Runbook' },
      { href: 'http://localhost/graph?a=1&b=2' },
    ];
    await expect(notifier.send({ ...message, body: 'a < b', actions, links }, options)).resolves.toEqual({
      externalId: '-100123:42',
    });
    expect(calls).toEqual([
      {
        url: `https://api.telegram.org/bot${token}/sendMessage`,
        body: {
          chat_id: '-100123',
          text: '<b>Database is down</b>\nSEV1 · Checkout\na &lt; b\n<a href="http://localhost/graph?a=1&amp;b=2">http://localhost/graph?a=1&amp;b=2</a>',
          parse_mode: 'HTML',
          link_preview_options: { is_disabled: true },
          reply_markup: {
            inline_keyboard: [
              [
                { text: 'Acknowledge', url: 'https://ops.example/a?b=1&c=2' },
                { text: 'Runbook', url: 'https://runbooks.example/db' },
              ],
            ],
          },
        },
      },
    ]);
  });

  test('a change edits what was sent', async () => {
    const { calls, notifier } = bot();
    await notifier.update?.('@ops_room:42', message, options);
    expect(calls).toMatchObject([
      {
        url: `https://api.telegram.org/bot${token}/editMessageText`,
        body: { chat_id: '@ops_room', message_id: 42, text: '<b>Database is down</b>\nSEV1 · Checkout' },
      },
    ]);
  });

  test('a server of your own is asked instead', async () => {
    const { calls, notifier } = bot(taken, { baseUrl: 'http://bots.example:8081/api/' });
    await notifier.send(message, options);
    expect(calls[0]?.url).toBe(`http://bots.example:8081/api/bot${token}/sendMessage`);
    expect(notifier.provider?.('1')).toBe('http://bots.example:8081');
  });

  test.each([
    ['ask @ana', 'ask @\u200bana'],
    ['ana@a.example', 'ana@a.example'],
    ['see #tag #1', 'see #\u200btag #\u200b1'],
    ['$TSLA $home', '$\u200bTSLA $home'],
    ['/start now', '/\u200bstart now'],
    ['/var/log/x and/or', '/var/log/x and/or'],
    ['tg://resolve', 'tg:\u200b//resolve'],
    ['https://a.example', 'https://a.example'],
  ])('nothing becomes tappable by itself: %s', async (title, shown) => {
    expect((await bodyOf({ title, lines: [] })).text).toBe(`<b>${shown}</b>`);
  });

  test('a message that loses its page for a button goes out again without any', async () => {
    const refuse = refusal(400, "Bad Request: inline keyboard button URL 'https://a.example' is invalid");
    const { calls, notifier } = bot(({ body }) => (body.reply_markup.inline_keyboard.length > 0 ? refuse() : taken()));
    const links = [{ href: 'https://a.example', text: 'Graph' }];
    await expect(notifier.send({ ...message, links }, options)).resolves.toEqual({ externalId: '-100123:42' });
    expect(calls).toHaveLength(2);
    expect(calls[1]?.body.text).toMatch(/\n<a href="https:\/\/a\.example">Graph<\/a>$/);
  });
});

describe('what a stranger writes', () => {
  const nodesOf = (html: string) => parseFragment(html).childNodes;
  const textOf = (node: DefaultTreeAdapterTypes.ChildNode): string =>
    'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
  const hrefs = fc.oneof(
    strangers,
    strangers.map((text) => `https://a.example/${text.replaceAll(/\s/g, '')}`),
    strangers.map((text) => `http://local/${text.replaceAll(/\s/g, '')}`),
  );
  const long = fc.oneof(
    { weight: 4, arbitrary: strangers },
    fc.tuple(strangers, fc.integer({ min: 1, max: 900 })).map(([text, times]) => `x${text}`.repeat(times)),
  );
  const messages = fc.record({
    title: long,
    body: fc.option(long, { nil: undefined }),
    lines: fc.array(long, { maxLength: 6 }),
    links: fc.array(fc.record({ href: hrefs, text: strangers }), { maxLength: 14 }),
    actions: fc.array(fc.record({ id: fc.constant('snooze' as const), label: long, url: hrefs }), { maxLength: 4 }),
  });

  test('is text, within every limit, and nothing in it can be tapped', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (changes) => {
        const { text, reply_markup } = await bodyOf(changes);
        const [title, ...others] = nodesOf(text);
        expect(title).toMatchObject({ nodeName: 'b', attrs: [] });
        for (const node of [...(title as DefaultTreeAdapterTypes.Element).childNodes, ...others]) {
          if (node.nodeName === '#text') continue;
          expect(node).toMatchObject({
            nodeName: 'a',
            attrs: [{ name: 'href', value: expect.stringMatching(/^https?:\/\//i) }],
          });
          expect(
            (node as DefaultTreeAdapterTypes.Element).childNodes.every(({ nodeName }) => nodeName === '#text'),
          ).toBe(true);
        }
        const shown = nodesOf(text).map(textOf).join('');
        expect(shown.length).toBeLessThanOrEqual(4_096);
        expect(shown).not.toMatch(/(?:^|\W)(?:@\w|#[\p{L}\p{N}_]|\$[A-Z])/u);
        const buttons = reply_markup.inline_keyboard.flat();
        expect(buttons.length).toBeLessThanOrEqual(10);
        for (const { text: label, url } of buttons) {
          expect(url).toMatch(/^https?:\/\/[^\s"<>]+$/i);
          expect(label.length).toBeGreaterThan(0);
          expect(label.length).toBeLessThanOrEqual(64);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('fills what there is room for', async () => {
    const { text } = await bodyOf({ body: '@a '.repeat(4_000), lines: ['y'] });
    const shown = nodesOf(text).map(textOf).join('');
    expect(shown.length).toBeGreaterThan(3_900);
    expect(shown.length).toBeLessThanOrEqual(4_096);
    const entities = await bodyOf({ body: '&'.repeat(4_096), title: 't', lines: [] });
    expect(nodesOf(entities.text).map(textOf).join('')).toHaveLength(4_096);
  });
});

describe('what an answer means', () => {
  test.each([
    [400, 'Bad Request: chat not found'],
    [401, 'Unauthorized'],
    [403, 'Forbidden: bot was blocked by the user'],
    [404, 'Not Found'],
  ])('%i is permanent: %s', async (status, description) => {
    await expect(bot(refusal(status, description)).notifier.send(message, options)).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      message: expect.stringContaining(description),
      details: { permanent: true },
    });
  });

  test.each([
    [429, { retry_after: 35 }, { permanent: false, retryAfterMs: 35_000 }],
    [429, { retry_after: 0 }, { permanent: false, retryAfterMs: 1_000 }],
    [429, { retry_after: 86_400 }, { permanent: false, retryAfterMs: 900_000 }],
    [429, { retry_after: 'soon' }, { permanent: false }],
    [429, undefined, { permanent: false }],
    [500, undefined, { permanent: false }],
    [400, { retry_after: 5 }, { permanent: true }],
  ])('%i with %j', async (status, parameters, details) => {
    const sending = bot(refusal(status, 'no', parameters)).notifier.send(message, options);
    await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FAILED' });
    await expect(sending).rejects.toHaveProperty('details', details);
  });

  test('a wait in the header counts when the body says none', async () => {
    const answer = () => new Response('{}', { status: 429, headers: { 'retry-after': '7' } });
    await expect(bot(answer).notifier.send(message, options)).rejects.toMatchObject({
      details: { retryAfterMs: 7_000 },
    });
  });

  test.each([
    '',
    '<html>',
    'null',
    '{"ok":true}',
    '{"ok":true,"result":{"message_id":"1"}}',
    `{"ok":false,"x":"${token}"}`,
  ])('an answer of 200 that is not that of Telegram is tried again: %s', async (body) => {
    const error = await bot(() => new Response(body))
      .notifier.send(message, options)
      ?.then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect(error).toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: false } });
    expect(inspect(error)).not.toContain(secretPart);
  });

  test('a change that changes nothing is done; any other refusal is one', async () => {
    const same = bot(refusal(400, 'Bad Request: message is not modified: specified new message content'));
    await expect(same.notifier.update?.('1:2', message, options)).resolves.toBeUndefined();
    const gone = bot(refusal(400, 'Bad Request: message to edit not found'));
    await expect(gone.notifier.update?.('1:2', message, options)).rejects.toMatchObject({
      details: { permanent: true },
    });
  });
});

describe('what is refused at once', () => {
  test.each(['', '123456', `x${token}`, `${token}/x`, `${token}\n`, '1:short', `:${secretPart}`])(
    'the token %j',
    (wrong) => {
      const made = () => telegramNotifier({ token: wrong });
      expect(made).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
      expect(made).not.toThrow(secretPart);
    },
  );

  test.each(['', 'api.telegram.org', 'ftp://a.example', 'https://a:b@a.example', 'https://a.example/?x=1'])(
    'the baseUrl %j',
    (baseUrl) => {
      expect(() => telegramNotifier({ token, baseUrl })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    },
  );

  test('an option that is not known', () => {
    const given = { token, chat: '1' } as TelegramNotifierOptions;
    expect(() => telegramNotifier(given)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test.each(['', 'ana', '+15550100', '@', '1/../2', '12 34'])('the address %j, permanently', async (address) => {
    const { calls, notifier } = bot();
    const sending = notifier.send({ ...message, to: { ...to, address } }, options);
    await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
    expect(calls).toEqual([]);
  });

  test.each(['', '42', 'x:42', '1:', '1:a', ':1'])('the external id %j, permanently', async (externalId) => {
    const { calls, notifier } = bot();
    await expect(notifier.update?.(externalId, message, options)).rejects.toMatchObject({
      details: { permanent: true },
    });
    expect(calls).toEqual([]);
  });
});
