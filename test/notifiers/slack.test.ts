/**
 * What Slack gets, and what its answers mean.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTocsinError, type TocsinError } from '../../src/errors.ts';
import type { Message } from '../../src/model/message.ts';
import { type SlackNotifierOptions, slackNotifier } from '../../src/notifiers/slack.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { type ChannelAnswer, type NotifierFixture, testNotifier } from '../../src/testing/index.ts';
import { aborted, messageWith, patient } from './message.ts';

const token = 'xoxb-0123456789-s3cretT0ken';
const hook = 'https://hooks.slack.com/services/T0000/B0000/s3cretPath';
const channel = 'C0123456789';
const taken = { ok: true, channel, ts: '1503435956.000247' };

type Call = { readonly url: string; readonly body: Posted; readonly headers: Headers };
type Text = { readonly type: string; readonly text: string; readonly verbatim?: boolean; readonly emoji?: boolean };
type Element = { readonly type: string; readonly text: Text; readonly url: string };
type Block = { readonly type: string; readonly text?: Text; readonly elements?: readonly Element[] };
type Posted = Readonly<Record<string, unknown>> & { readonly text: string; readonly blocks: readonly Block[] };

/** A Slack that answers each request as told, and keeps what it got. */
function slack(answer: (url: string) => Response = okFor) {
  const calls: Call[] = [];
  const fetch: typeof globalThis.fetch = async (url, init = {}) => {
    if (init.signal?.aborted) throw init.signal.reason;
    calls.push({ url: String(url), body: JSON.parse(String(init.body)), headers: new Headers(init.headers) });
    return answer(String(url));
  };
  return { calls, fetch };
}

function okFor(url: string): Response {
  return new Response(url.includes('hooks.') ? 'ok' : JSON.stringify(taken));
}

const to = (address: string, changes: Partial<Message> = {}) =>
  messageWith({ to: { user: 'ana', contact: 'slack', address }, ...changes });

const options = { idempotencyKey: 'inc-1:4:1', signal: patient };

async function posted(changes: Partial<Message> = {}, address = channel): Promise<Posted> {
  const { calls, fetch } = slack();
  await slackNotifier({ token, fetch }).send(to(address, changes), options);
  return (calls as [Call])[0].body;
}

async function failureOf(attempt: unknown): Promise<TocsinError> {
  const error = await Promise.resolve(attempt).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isTocsinError(error, 'NOTIFY_FAILED')) return error;
  throw new Error('the attempt did not fail as NOTIFY_FAILED', { cause: error });
}

const answering = (text: string, init: ResponseInit = {}, address = channel) => {
  const { fetch } = slack(() => new Response(text, init));
  return failureOf(slackNotifier({ token, fetch }).send(to(address), options));
};

const saying = (error: string, more: object = {}) => answering(JSON.stringify({ ok: false, error, ...more }));
const update = (notifier: Notifier, id: string, message: Message) => notifier.update?.(id, message, options);

describe('the promises of the port', () => {
  const REFUSED = { fails: 'internal_error', refuses: 'channel_not_found' } as const;

  function opens(address: string, wrap: (notifier: Notifier) => Notifier = (notifier) => notifier) {
    return async (): Promise<NotifierFixture> => {
      let how: ChannelAnswer = 'takes';
      const received: { key: string; text: string }[] = [];
      const fetch: typeof globalThis.fetch = async (url, { signal, headers, body } = {}) => {
        if (signal?.aborted) throw signal.reason;
        if (how === 'hangs') await new Promise((_, no) => signal?.addEventListener('abort', () => no(signal.reason)));
        const key = new Headers(headers).get('idempotency-key') ?? '';
        received.push({ key, text: JSON.stringify(JSON.parse(String(body)).blocks) });
        if (how === 'busy') return new Response('{"ok":false}', { status: 429, headers: { 'retry-after': '30' } });
        if (how === 'takes' || how === 'hangs') return okFor(String(url));
        return new Response(JSON.stringify({ ok: false, error: REFUSED[how], needed: `${url} ${token}` }));
      };
      return {
        notifier: wrap(slackNotifier({ token, fetch })),
        message: to(address),
        answer(given) {
          how = given;
        },
        received: () => received,
        busyMs: 30_000,
        secrets: [token, '/services/T0000/B0000/s3cretPath'],
        close() {},
      };
    };
  }

  describe('to a channel', () => {
    expect(testNotifier(test, opens(channel))).toEqual([]);
  });

  describe('to a webhook', () => {
    expect(testNotifier(test, opens(hook))).toEqual([]);
  });

  const deaf = (notifier: Notifier): Notifier => ({
    ...notifier,
    async send(message, { idempotencyKey }) {
      const sent = await notifier.send(message, { idempotencyKey, signal: patient });
      return typeof sent === 'object' ? sent : undefined;
    },
  });
  const telling = (notifier: Notifier): Notifier => ({
    ...notifier,
    async send() {
      throw new Error(`cannot send with ${token}`);
    },
  });

  test.each([
    ['N2', 'does not listen to its signal', deaf],
    ['N8', 'tells its token', telling],
  ])('%s fails for one that %s', async (promise, _, wrap) => {
    const failed: string[] = [];
    const runs: Promise<void>[] = [];
    const collect = (title: string, run: () => Promise<void>) =>
      runs.push(run().catch(() => void failed.push(title.slice(0, 2))));
    testNotifier((title, run) => void collect(title, run), opens(channel, wrap));
    await Promise.all(runs);
    expect(failed).toContain(promise);
  });
});

describe('what is posted', () => {
  test('to a channel: chat.postMessage with the token, the blocks and the key of the delivery', async () => {
    const { calls, fetch } = slack();
    const answer = await slackNotifier({ token, fetch }).send(to(channel, { body: 'No answer\non 5432' }), options);
    expect(answer).toEqual({ externalId: 'C0123456789:1503435956.000247' });
    const [{ url, headers, body }] = calls as [Call];
    expect(url).toBe('https://slack.com/api/chat.postMessage');
    expect(Object.fromEntries(headers)).toEqual({
      authorization: `Bearer ${token}`,
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': 'inc-1:4:1',
    });
    expect(body).toEqual({
      channel,
      text: 'Database is down\nSEV1 · Checkout',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'Database is down', emoji: false } },
        { type: 'section', text: { type: 'mrkdwn', text: 'SEV1 · Checkout', verbatim: true } },
        { type: 'section', text: { type: 'mrkdwn', text: 'No answer\non 5432', verbatim: true } },
      ],
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: 'tocsin_page', event_payload: { idempotency_key: 'inc-1:4:1' } },
    });
  });

  test('to a webhook: text and blocks, and never the token', async () => {
    const { calls, fetch } = slack();
    await expect(slackNotifier({ token, fetch }).send(to(hook), options)).resolves.toBeUndefined();
    const [{ url, headers, body }] = calls as [Call];
    expect(url).toBe(hook);
    expect(headers.has('authorization')).toBe(false);
    expect(Object.keys(body)).toEqual(['text', 'blocks', 'unfurl_links', 'unfurl_media']);
  });

  test('actions and links as buttons of https; other links as text', async () => {
    const { blocks } = await posted({
      actions: [
        { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1&c=2' },
        { id: 'escalate', label: 'Escalate' },
      ],
      links: [
        { href: 'https://runbook.example/' },
        { href: 'http://old.example/?a&b', text: 'Old' },
        { href: 'javascript:x' },
      ],
    });
    const button = (text: string, url: string) => ({
      type: 'button',
      text: { type: 'plain_text', text, emoji: false },
      url,
    });
    expect(blocks.slice(2)).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text: '<http://old.example/?a&amp;b|Old>', verbatim: true } },
      {
        type: 'actions',
        elements: [
          button('Acknowledge', 'https://ops.example/a?b=1&c=2'),
          button('runbook.example', 'https://runbook.example/'),
        ],
      },
    ]);
  });

  test('of many links 25 are buttons, and of the rest as many are text as fit', async () => {
    const links = Array.from({ length: 80 }, (_, n) => ({
      href: `https://a.example/${'x'.repeat(300)}`,
      text: `${n}`,
    }));
    const [, , text, buttons] = (await posted({ links })).blocks;
    expect(buttons?.elements).toHaveLength(25);
    const lines = text?.text?.text.split('\n') ?? [];
    expect(lines[0]).toMatch(/^<https:.*\|25>$/);
    expect(lines.at(-1)).toBe(`and ${80 - 25 - (lines.length - 1)} more`);
    expect(lines.length).toBeGreaterThan(5);
  });

  test('a bundle with its links, and how many are left out', async () => {
    const item = { deliveryId: 'd', title: 'Disk <full>', urgency: 'high', line: 'SEV2 · 3 min' } as const;
    const actions = [{ id: 'acknowledge', label: 'Ack', url: 'https://ops.example/1' }] as const;
    const { blocks } = await posted({ bundle: [{ ...item, actions }, ...Array.from({ length: 60 }, () => item)] });
    const texts = blocks.slice(2).map(({ text }) => text?.text);
    expect(texts).toHaveLength(41);
    expect(texts[0]).toBe('• Disk &lt;full&gt;\nSEV2 · 3 min\n<https://ops.example/1|Ack>');
    expect(texts.at(-1)).toBe('and 21 more');
  });

  test('what strangers write mentions nobody and formats nothing', async () => {
    const evil = '<!channel> <@U0123456789> @here *bold* `code` <https://evil.example|bank> :fire:';
    const body = await posted({ title: evil, body: evil, lines: [evil] });
    expect(JSON.stringify(body)).not.toMatch(/[<`*]|@here|:fire:/);
    expect(Object.keys(body)).not.toContain('link_names');
  });

  test('a message without a title is called by its delivery', async () => {
    expect((await posted({ title: ' \u0000 ' })).blocks[0]?.text?.text).toBe('inc-1:4:1');
  });

  test('a key that no header can carry is encoded there', async () => {
    const { calls, fetch } = slack();
    await slackNotifier({ token, fetch }).send(to(channel), { ...options, idempotencyKey: 'a\r\nx: 1' });
    expect((calls as [Call])[0].headers.get('idempotency-key')).toBe('YQ0KeDogMQ');
  });
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.stringMatching(/^[&<>@:*_~`!#|a-c\n ]{0,80}$/),
  fc.tuple(fc.constantFrom('&', '<', 'x', '👩‍👩‍👧', ':a:', '\ud800'), fc.nat(5_000)).map(([text, n]) => text.repeat(n)),
);
const href = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  nasty,
  fc.tuple(fc.constantFrom('https://a.example/?', 'http://b.example/'), nasty).map(([base, rest]) => `${base}${rest}`),
);
const action = fc.record({ id: fc.constant('acknowledge' as const), label: nasty, url: href });
const link = fc.record({ href, text: nasty });
const bundleItem = fc.record({
  deliveryId: fc.constant('d'),
  title: nasty,
  line: nasty,
  urgency: fc.constant('high' as const),
  actions: fc.array(action, { maxLength: 3 }),
});
const anyContent = fc.record({
  title: nasty,
  body: nasty,
  lines: fc.array(nasty, { maxLength: 6 }),
  links: fc.array(link, { maxLength: 40 }),
  actions: fc.array(action, { maxLength: 5 }),
  bundle: fc.array(bundleItem, { maxLength: 70 }),
  moreText: nasty,
});

const LINK = /<https?:\/\/[^\s<>|]+(?:\|[^<>|\n]*)?>/g;
const ENTITY = /&(?:amp|lt|gt);/g;

describe('whatever a message says', () => {
  test('the blocks hold no markup but our own links, within the limits of Slack', async () => {
    await fc.assert(
      fc.asyncProperty(anyContent, async (content) => {
        const { text, blocks } = await posted(content);
        expect(text.length).toBeLessThanOrEqual(4_000);
        expect(blocks.length).toBeLessThanOrEqual(50);
        expect(text.replace(ENTITY, '')).not.toMatch(/[<&*`~]/);
        for (const { type, text: field, elements = [] } of blocks) {
          expect(['header', 'section', 'actions']).toContain(type);
          if (field !== undefined) checkField(type, field);
          expect(elements.length).toBeLessThanOrEqual(25);
          for (const element of elements) checkButton(element);
        }
      }),
      { numRuns: 150 },
    );
  });

  function checkField(type: string, field: Text): void {
    expect(field.text.length).toBeGreaterThan(0);
    expect(field.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
    expect(field).toMatchObject(type === 'header' ? { type: 'plain_text' } : { type: 'mrkdwn', verbatim: true });
    expect(field.text.isWellFormed()).toBe(true);
    const rest = (type === 'header' ? field.text : field.text.replace(LINK, '')).replace(ENTITY, '');
    expect(rest).not.toMatch(/[<&*`~]|@(?:here|channel|everyone)/);
  }

  function checkButton({ type, text, url }: Element): void {
    expect(type).toBe('button');
    expect(text.type).toBe('plain_text');
    expect(text.text.length).toBeGreaterThan(0);
    expect(text.text.length).toBeLessThanOrEqual(75);
    expect(text.text.replace(ENTITY, '')).not.toMatch(/[<&]/);
    expect(url.length).toBeLessThanOrEqual(3_000);
    expect(new URL(url).protocol).toBe('https:');
  }

  test('whatever Slack answers, no error tells a token or the path of a webhook', async () => {
    const told = fc.constantFrom(
      ...([
        [channel, token],
        [hook, token],
        [hook, hook],
        [hook, new URL(hook).pathname],
      ] as const),
    );
    await fc.assert(
      fc.asyncProperty(
        ...([nasty, told, nasty, fc.constantFrom(200, 400, 500), fc.boolean()] as const),
        async (before, [address, secret], after, status, isJson) => {
          const said = `${before}${secret}${after}`;
          const answer = isJson ? JSON.stringify({ ok: false, error: said }) : said;
          expect((await answering(answer, { status }, address)).message).not.toMatch(/s3cret/);
        },
      ),
    );
  });
});

describe('what an answer means', () => {
  test.each(
    `channel_not_found not_in_channel is_archived invalid_auth account_inactive token_revoked token_expired no_permission
    missing_scope msg_too_long msg_blocks_too_long invalid_blocks not_authed restricted_action`.split(/\s+/),
  )('%s is permanent', async (code) => {
    const error = await saying(code);
    expect(error.details).toEqual({ permanent: true });
    expect(error.message).toBe(
      `Cannot deliver to https://slack.com: Slack did not take the message (${code}). Mend the address, the token or the app in Slack.`,
    );
  });

  test.each(
    'ratelimited rate_limited internal_error fatal_error service_unavailable request_timeout new_error'.split(' '),
  )('%s is tried again', async (code) => {
    const error = await saying(code);
    expect(error.details).toEqual({ permanent: false });
    expect(error.message).toContain(`(${code}). This is tried again.`);
  });

  test('a missing scope is named', async () => {
    expect((await saying('missing_scope', { needed: 'chat:write' })).message).toContain(
      '(missing_scope, it needs chat:write)',
    );
  });

  test.each([
    ['', channel],
    ['<html>Sign in</html>', channel],
    ['ok', channel],
    ['null', channel],
    ['{"ok":"true"}', channel],
    ['{"ok":false}', channel],
    ['', hook],
    ['<html>Sign in</html>', hook],
    ['{"ok":false}', hook],
  ])('a 200 that says %j does not count as sent', async (text, address) => {
    expect((await answering(text, {}, address)).details).toEqual({ permanent: false });
  });

  test.each([
    [400, 'invalid_payload', true],
    [403, 'action_prohibited', true],
    [404, 'no_service', true],
    [410, 'channel_is_archived', true],
    [500, 'rollup_error', false],
  ])('a webhook that answers %i %s: permanent is %s', async (status, text, permanent) => {
    const error = await answering(text, { status }, hook);
    expect(error.details).toEqual({ permanent });
    expect(error.message).toContain(`https://hooks.slack.com: it answered ${status} (${text}).`);
  });

  test.each([channel, hook])('429 says how long to wait: %s', async (address) => {
    const init = { status: 429, headers: { 'retry-after': '30' } };
    expect((await answering('{"ok":false,"error":"ratelimited"}', init, address)).details).toEqual({
      permanent: false,
      retryAfterMs: 30_000,
    });
  });

  test.each([{}, { channel }, { channel: 7, ts: 1.5 }])('an answer without a usable id is sent: %j', async (ids) => {
    const { fetch } = slack(() => new Response(JSON.stringify({ ok: true, ...ids })));
    await expect(slackNotifier({ token, fetch }).send(to(channel), options)).resolves.toBeUndefined();
  });

  test('an attempt that was given up says so', async () => {
    const { calls, fetch } = slack();
    const sending = slackNotifier({ token, fetch }).send(to(channel), { ...options, signal: aborted });
    expect((await failureOf(sending)).message).toContain('there was no answer in time');
    expect(calls).toEqual([]);
  });
});

describe('a message that was sent is changed', () => {
  test('by chat.update, which is told to look for no names', async () => {
    const { calls, fetch } = slack();
    const notifier = slackNotifier({ token, fetch });
    await update(notifier, `${channel}:1503435956.000247`, to('U0123456789', { title: 'Resolved' }));
    const [{ url, body, headers }] = calls as [Call];
    expect(url).toBe('https://slack.com/api/chat.update');
    expect(headers.get('authorization')).toBe(`Bearer ${token}`);
    expect(body).toMatchObject({ channel, ts: '1503435956.000247', parse: 'none' });
    expect(body.blocks[0]?.text?.text).toBe('Resolved');
  });

  test.each(['', 'C0123456789', 'C0123456789:now', `${hook}:1.2`])('but not by the id %j', async (id) => {
    const { calls, fetch } = slack();
    const error = await failureOf(update(slackNotifier({ token, fetch }), id, to(channel)));
    expect(error.details).toEqual({ permanent: true });
    expect(calls).toEqual([]);
  });

  test('one that is gone is a permanent failure', async () => {
    const { fetch } = slack(() => new Response('{"ok":false,"error":"message_not_found"}'));
    const changing = update(slackNotifier({ token, fetch }), `${channel}:1.2`, to(channel));
    expect((await failureOf(changing)).details).toEqual({ permanent: true });
  });

  test('only with a token', () => {
    expect(slackNotifier().update).toBeUndefined();
    expect(slackNotifier().capabilities).toEqual({ canUpdate: false });
    expect(slackNotifier({ token }).capabilities).toEqual({ canUpdate: true });
  });
});

describe('what is refused', () => {
  const refused = (given: object): unknown => {
    try {
      return slackNotifier(given as SlackNotifierOptions);
    } catch (error) {
      return error;
    }
  };

  test('a channel without a token, with what to do', async () => {
    const { calls, fetch } = slack();
    const error = await failureOf(slackNotifier({ fetch }).send(to(channel), options));
    expect(error.message).toBe(
      'Cannot deliver to a channel or a person of Slack without a token. Give slackNotifier a `token` with the scope chat:write, or the contact the URL of an incoming webhook.',
    );
    expect(error.details).toEqual({ permanent: true });
    expect(calls).toEqual([]);
  });

  test.each(['#general', 'stdout', '', 'c0123456789', 'ftp://slack.com/'])('the address %j', async (address) => {
    const { calls, fetch } = slack();
    const error = await failureOf(slackNotifier({ token, fetch }).send(to(address), options));
    expect(error.details).toEqual({ permanent: true });
    expect(calls).toEqual([]);
  });

  test.each(['', 'xoxb s3cret', 'xoxb-s3cret\r\nx: 1', 'xoxb-s3crét', 7])('the token %j, unrepeated', (given) => {
    const error = refused({ token: given });
    expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { problems: [{ path: '/token' }] } });
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cr');
  });

  test.each(['slack.com', 'ftp://slack.com', 'https://a:b@slack.com', 'https://slack.com/?a', 7])(
    'the baseUrl %j',
    (baseUrl) => {
      expect(refused({ baseUrl })).toMatchObject({
        code: 'INPUT_INVALID',
        details: { problems: [{ path: '/baseUrl' }] },
      });
    },
  );

  test('an option that is not known', () => {
    expect(refused({ chanel: channel })).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('who is behind an address: the host of the webhook, or of the methods', () => {
    const { name, kind, provider } = slackNotifier({ name: 'ops', baseUrl: 'https://proxy.example/api/' });
    expect([name, kind, slackNotifier().name]).toEqual(['ops', 'chat', 'slack']);
    expect([provider?.(hook), provider?.(channel)]).toEqual(['https://hooks.slack.com', 'https://proxy.example']);
  });
});
