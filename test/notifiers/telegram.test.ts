/**
 * What the Bot API of Telegram is asked, and what its answers mean.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { type TelegramNotifierOptions, telegramNotifier } from '../../src/notifiers/telegram.ts';
import { sampleMessage, testNotifier } from '../../src/testing/index.ts';
import { type Call, type Channel, failureOf, opens, recording, strangersMessages } from './channel.ts';
import { messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS, UPDATE_SABOTEURS } from './saboteurs.ts';

const secretPart = 'ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
const token = `123456:${secretPart}`;
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const to = { contact: 'telegram', address: '-100123' };
const message = messageWith({ to });

type Button = { readonly text: string; readonly url?: string; readonly callback_data?: string };
type Body = {
  readonly chat_id: string;
  readonly message_id?: number;
  readonly text: string;
  readonly reply_markup: { readonly inline_keyboard: readonly (readonly Button[])[] };
};

const taken = () => Response.json({ ok: true, result: { message_id: 42 } });
const refusal = (error_code: number, description: string, parameters?: object) => () =>
  Response.json({ ok: false, error_code, description, parameters }, { status: error_code });

function bot(answer: (call: Call<Body>) => Response = taken, more: Partial<TelegramNotifierOptions> = {}) {
  const { calls, fetch } = recording(answer);
  return { calls, notifier: telegramNotifier({ token, fetch, ...more }) };
}

async function bodyOf(changes: Partial<Message>, more: Partial<TelegramNotifierOptions> = {}): Promise<Body> {
  const { calls, notifier } = bot(taken, more);
  await notifier.send({ ...message, ...changes }, options);
  return (calls as [Call<Body>])[0].body;
}

const STATUS = { fails: 502, refuses: 403, busy: 429 } as const;

const chat: Channel<Body> = {
  notifier: (fetch) => telegramNotifier({ token, fetch, interactive: true }),
  message: sampleMessage({ to, actions: [{ id: 'acknowledge', label: 'Acknowledge' }] }),
  secrets: [token, secretPart],
  busyMs: 30_000,
  text: ({ text, reply_markup }) => JSON.stringify([text, reply_markup]),
  take({ url, body }, shown) {
    const text = chat.text(body);
    const isEdit = url.endsWith('/editMessageText');
    const id = isEdit ? String(body.message_id) : String(shown.size + 1);
    if (isEdit && shown.get(id) === text) return refusal(400, 'Bad Request: message is not modified')();
    shown.set(id, text);
    return Response.json({ ok: true, result: { message_id: Number(id), chat: { id: -100123 } } });
  },
  refuse: (how, { url }) =>
    refusal(STATUS[how], `no: ${url} ${token} ${secretPart}`, how === 'busy' ? { retry_after: 30 } : undefined)(),
};

expect(testNotifier(test, opens(chat), { updates: true })).toEqual([]);

test.each([...SEND_SABOTEURS, ...UPDATE_SABOTEURS])('$promise a notifier that $does is found out', async (saboteur) => {
  expect(await bitten(saboteur, opens(chat), { updates: true })).not.toEqual([]);
});

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
    expect(calls).toMatchObject([
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

describe('buttons that answer', () => {
  const actions = [
    { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a', token: 't1.a.b' },
    { id: 'snooze', label: ' \u0000' },
  ] as const;
  const links = [{ href: 'https://runbooks.example/db', text: 'Runbook' }];

  test('carry the action, and stand above those that lead somewhere', async () => {
    const { reply_markup } = await bodyOf({ actions, links }, { interactive: true });
    expect(reply_markup.inline_keyboard).toEqual([
      [
        { text: 'Acknowledge', callback_data: 'tocsin:acknowledge' },
        { text: 'snooze', callback_data: 'tocsin:snooze' },
      ],
      [{ text: 'Runbook', url: 'https://runbooks.example/db' }],
    ]);
  });

  test('are not made for several pages in one message', async () => {
    const bundle = [{ deliveryId: 'd', title: 'Queue is full', urgency: 'high' }] as const;
    const { reply_markup } = await bodyOf({ actions, links, bundle }, { interactive: true });
    expect(reply_markup.inline_keyboard.flat().map(({ text }) => text)).toEqual(['Runbook']);
  });

  test.each([true, false])('are taken away when the incident is resolved: interactive is %s', async (interactive) => {
    const { calls, notifier } = bot(taken, { interactive });
    await notifier.update?.('1:2', { ...message, actions, status: 'resolved' }, options);
    await notifier.update?.('1:2', { ...message, actions: [] }, options);
    expect(calls.map(({ body }) => body.reply_markup)).toEqual([{ inline_keyboard: [] }, { inline_keyboard: [] }]);
  });

  test('stay when Telegram refuses a link as a button', async () => {
    const refuse = refusal(400, 'Bad Request: BUTTON_URL_INVALID');
    const { calls, notifier } = bot(({ body }) => (JSON.stringify(body).includes('"url"') ? refuse() : taken()), {
      interactive: true,
    });
    await notifier.send({ ...message, actions, links }, options);
    expect(calls[1]?.body.reply_markup.inline_keyboard.flat().map(({ text }) => text)).toEqual([
      'Acknowledge',
      'snooze',
    ]);
    expect(calls[1]?.body.text).toContain('<a href="https://runbooks.example/db">Runbook</a>');
  });

  test('find their message by the id of the chat, also when it was written to by its name', async () => {
    const { notifier } = bot(() => Response.json({ ok: true, result: { message_id: 42, chat: { id: -100777 } } }));
    const named = { ...message, to: { ...to, address: '@ops_room' } };
    await expect(notifier.send(named, options)).resolves.toEqual({ externalId: '-100777:42' });
  });
});

describe('what a stranger writes', () => {
  const nodesOf = (html: string) => parseFragment(html).childNodes;
  const textOf = (node: DefaultTreeAdapterTypes.ChildNode): string =>
    'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
  test('is text, within every limit, and nothing in it can be tapped', async () => {
    await fc.assert(
      fc.asyncProperty(strangersMessages, fc.boolean(), async (changes, interactive) => {
        const { text, reply_markup } = await bodyOf(changes, { interactive });
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
        expect(buttons.length).toBeLessThanOrEqual(15);
        for (const { text: label, url, callback_data } of buttons) {
          if (url === undefined) expect(callback_data).toMatch(/^tocsin:[a-z]{1,50}$/);
          else expect(url).toMatch(/^https?:\/\/[^\s"<>]+$/i);
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
    [400, { retry_after: 5 }, { permanent: true }],
  ])('%i with %j', async (status, parameters, details) => {
    const sending = bot(refusal(status, 'no', parameters)).notifier.send(message, options);
    await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FAILED' });
    await expect(sending).rejects.toHaveProperty('details', { ...details, status });
  });

  test.each([
    '',
    '<html>',
    'null',
    '{"ok":true}',
    '{"ok":true,"result":{"message_id":"1"}}',
    `{"ok":false,"x":"${token}"}`,
  ])('an answer of 200 that is not that of Telegram is tried again: %s', async (body) => {
    const error = await failureOf(bot(() => new Response(body)).notifier.send(message, options));
    expect(error.details.permanent).toBe(false);
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
