/**
 * What Slack gets, and what its answers mean.
 */
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseSlackInteraction } from '../../src/interactions/slack.ts';
import type { Message } from '../../src/model/message.ts';
import { type SlackNotifierOptions, slackNotifier } from '../../src/notifiers/slack.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { testNotifier } from '../../src/testing/index.ts';
import { slackNodes } from '../core/text/slack-parser.ts';
import { strangers } from '../core/text/strangers.ts';
import { type Call, type Channel, failureOf, opens, recording, strangersMessages } from './channel.ts';
import { messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS, UPDATE_SABOTEURS } from './saboteurs.ts';

const token = 'xoxb-0123456789-s3cretT0ken';
const hook = 'https://hooks.slack.com/services/T0000/B0000/s3cretPath';
const channel = 'C0123456789';
const taken = { ok: true, channel, ts: '1503435956.000247' };

type Text = { readonly type: string; readonly text: string; readonly verbatim?: boolean; readonly emoji?: boolean };
type Element = {
  readonly type: string;
  readonly text: Text;
  readonly url?: string;
  readonly action_id?: string;
  readonly value?: string;
  readonly style?: string;
};
type Block = { readonly type: string; readonly text?: Text; readonly elements?: readonly Element[] };
type Posted = Readonly<Record<string, unknown>> & { readonly text: string; readonly blocks: readonly Block[] };

/** A Slack that answers each request as told, and keeps what it got. */
function slack(answer: (url: string) => Response = okFor) {
  return recording<Posted>(({ url }) => answer(url));
}

function okFor(url: string): Response {
  return new Response(url.includes('hooks.') ? 'ok' : JSON.stringify(taken));
}

const to = (address: string, changes: Partial<Message> = {}) =>
  messageWith({ to: { user: 'ana', contact: 'slack', address }, ...changes });

const options = { idempotencyKey: 'inc-1:4:1', signal: patient };

async function posted(changes: Partial<Message> = {}, more: SlackNotifierOptions = {}): Promise<Posted> {
  const { calls, fetch } = slack();
  await slackNotifier({ token, fetch, ...more }).send(to(channel, changes), options);
  return (calls as [Call<Posted>])[0].body;
}

const answering = (text: string, init: ResponseInit = {}, address = channel) => {
  const { fetch } = slack(() => new Response(text, init));
  return failureOf(slackNotifier({ token, fetch }).send(to(address), options));
};

const saying = (error: string, more: object = {}) => answering(JSON.stringify({ ok: false, error, ...more }));
const update = (notifier: Notifier, id: string, message: Message) => notifier.update?.(id, message, options);

describe('the promises of the port', () => {
  const CODES = { fails: 'internal_error', refuses: 'channel_not_found', busy: 'ratelimited' } as const;

  const chatAt = (address: string): Channel<Posted> => ({
    notifier: (fetch) => slackNotifier({ token, fetch, interactive: true }),
    message: to(address, { actions: [{ id: 'acknowledge', label: 'Acknowledge', token: 't1.a.b' }] }),
    secrets: [token, '/services/T0000/B0000/s3cretPath'],
    busyMs: 30_000,
    key: ({ headers }) => headers.get('idempotency-key') ?? '',
    text: ({ blocks }) => JSON.stringify(blocks),
    take({ url, body }, shown) {
      const ts = url.endsWith('/chat.update') ? String(body.ts) : `1503435956.00000${shown.size}`;
      shown.set(ts, JSON.stringify(body.blocks));
      return new Response(address === hook ? 'ok' : JSON.stringify({ ok: true, channel, ts }));
    },
    refuse: (how, { url }) =>
      Response.json(
        { ok: false, error: CODES[how], needed: `${url} ${token}` },
        how === 'busy' ? { status: 429, headers: { 'retry-after': '30' } } : {},
      ),
  });

  describe('to a channel', () => {
    expect(testNotifier(test, opens(chatAt(channel)), { updates: true })).toEqual([]);
  });

  describe('to a webhook, whose messages cannot be changed', () => {
    expect(testNotifier(test, opens(chatAt(hook)))).toEqual([]);
  });

  test.each([...SEND_SABOTEURS, ...UPDATE_SABOTEURS])(
    '$promise a notifier that $does is found out',
    async (saboteur) => {
      expect(await bitten(saboteur, opens(chatAt(channel)), { updates: true })).not.toEqual([]);
    },
  );
});

describe('what is posted', () => {
  test('to a channel: chat.postMessage with the token, the blocks and the key of the delivery', async () => {
    const { calls, fetch } = slack();
    const answer = await slackNotifier({ token, fetch }).send(to(channel, { body: 'No answer\non 5432' }), options);
    expect(answer).toEqual({ externalId: 'C0123456789:1503435956.000247' });
    const [{ url, headers, body }] = calls as [Call<Posted>];
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
    const [{ url, headers, body }] = calls as [Call<Posted>];
    expect(url).toBe(hook);
    expect(headers.has('authorization')).toBe(false);
    expect(Object.keys(body)).toEqual(['text', 'blocks', 'unfurl_links', 'unfurl_media']);
  });

  const actions = [
    { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1&c=2', token: 't1.claims.mac' },
    { id: 'escalate', label: 'Escalate', url: 'http://ops.example/b', token: 't1.other.mac' },
    { id: 'snooze', label: 'Snooze', url: 'http://ops.example/c' },
  ] as const;
  const label = (text: string) => ({ type: 'plain_text', text, emoji: false });

  test('actions as buttons of https; other links as text', async () => {
    const links = [{ href: 'https://runbook.example/?a&b', text: 'Runbook' }, { href: 'javascript:x' }];
    const { blocks } = await posted({ actions, links });
    const text =
      '<http://ops.example/b|Escalate>\n<http://ops.example/c|Snooze>\n<https://runbook.example/?a&amp;b|Runbook>';
    expect(blocks.slice(2)).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } },
      {
        type: 'actions',
        elements: [{ type: 'button', text: label('Acknowledge'), url: 'https://ops.example/a?b=1&c=2' }],
      },
    ]);
  });

  test('actions with a token as buttons that answer, when the app hears of them', async () => {
    const { blocks, text } = await posted({ actions }, { interactive: true });
    expect(text).toBe('Database is down\nSEV1 · Checkout');
    expect(blocks.slice(2)).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text: '<http://ops.example/c|Snooze>', verbatim: true } },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            text: label('Acknowledge'),
            action_id: 'tocsin:acknowledge',
            value: 't1.claims.mac',
            style: 'primary',
          },
          { type: 'button', text: label('Escalate'), action_id: 'tocsin:escalate', value: 't1.other.mac' },
        ],
      },
    ]);
  });

  test('a button that answers is read by what reads the requests of Slack', async () => {
    const { blocks } = await posted({ actions }, { interactive: true });
    const press = { type: 'block_actions', user: { id: 'U0123456789' }, actions: blocks.at(-1)?.elements?.slice(0, 1) };
    const read = parseSlackInteraction(`payload=${encodeURIComponent(JSON.stringify(press))}`);
    expect(read).toMatchObject({ kind: 'action', token: 't1.claims.mac', slackUser: 'U0123456789' });
  });

  test('a token that is too long for a button leaves the link', async () => {
    const action = { ...actions[0], token: 'x'.repeat(2_001) };
    const { blocks } = await posted({ actions: [action] }, { interactive: true });
    expect(blocks.at(-1)?.elements).toEqual([{ type: 'button', text: label('Acknowledge'), url: action.url }]);
  });

  test('an action without a label is called by its id', async () => {
    const { blocks } = await posted({ actions: [{ ...actions[0], label: ' \u0000' }] });
    expect(blocks.at(-1)?.elements?.[0]?.text.text).toBe('acknowledge');
  });

  test('of many links as many as fit, and how many are left out', async () => {
    const links = Array.from({ length: 80 }, (_, n) => ({
      href: `https://a.example/${'x'.repeat(300)}`,
      text: `${n}`,
    }));
    const [, , text] = (await posted({ links })).blocks;
    const lines = text?.text?.text.split('\n') ?? [];
    expect(lines[0]).toMatch(/^<https:.*\|0>$/);
    expect(lines.at(-1)).toBe(`and ${80 - (lines.length - 1)} more`);
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
    expect((calls as [Call<Posted>])[0].headers.get('idempotency-key')).toBe('YQ0KeDogMQ');
  });
});

const LINK = /^<https?:\/\/[^\s<>|]+(?:\|[^<>|\n]*)?>$/;

describe('whatever a message says', () => {
  test('the blocks hold no markup but our own links, within the limits of Slack', async () => {
    await fc.assert(
      fc.asyncProperty(strangersMessages, fc.boolean(), async (content, interactive) => {
        const { text, blocks } = await posted(content, { interactive });
        expect(text.length).toBeLessThanOrEqual(4_000);
        expect(markupIn(text)).toEqual([]);
        expect(blocks.length).toBeLessThanOrEqual(50);
        for (const { type, text: field, elements = [] } of blocks) {
          expect(['header', 'section', 'actions']).toContain(type);
          if (field !== undefined) checkField(type, field);
          expect(elements.length).toBeLessThanOrEqual(5);
          const ids = elements.flatMap(({ action_id }) => action_id ?? []);
          expect(new Set(ids).size).toBe(ids.length);
          for (const element of elements) checkButton(element);
        }
      }),
      { numRuns: 300 },
    );
  });

  /**
   * What stands for an underscore counts as a part of a word, as the underscore did. One that a cut has left at the end of
   * a line has nothing to end.
   */
  const markupIn = (text: string) => slackNodes(text.replaceAll('ˍ', 'x').replaceAll(/_…$/gm, '…'));

  function checkField(type: string, field: Text): void {
    expect(field.text.trim()).not.toBe('');
    expect(field.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
    expect(field).toMatchObject(type === 'header' ? { type: 'plain_text' } : { type: 'mrkdwn', verbatim: true });
    expect(field.text.isWellFormed()).toBe(true);
    const nodes = markupIn(field.text);
    expect(nodes.filter(({ kind, text }) => type === 'header' || kind !== 'angle' || !LINK.test(text))).toEqual([]);
  }

  function checkButton({ type, text, url, action_id, value }: Element): void {
    expect(type).toBe('button');
    expect(text.type).toBe('plain_text');
    expect(text.text.trim()).not.toBe('');
    expect(text.text.length).toBeLessThanOrEqual(75);
    expect(markupIn(text.text)).toEqual([]);
    if (url === undefined) {
      expect(action_id).toMatch(/^tocsin:[a-z]+$/);
      expect(value).toMatch(/^t1\.[\w.-]{1,1990}$/);
    } else {
      expect(url.length).toBeLessThanOrEqual(3_000);
      expect(new URL(url).protocol).toBe('https:');
    }
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
        ...([strangers, told, strangers, fc.constantFrom(200, 400, 500), fc.boolean()] as const),
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
  test('one of 80 kB, which repeats a long message, is read to its end', async () => {
    const { fetch } = slack(() => Response.json({ message: { text: 'x'.repeat(80_000) }, ...taken }));
    const sent = await slackNotifier({ token, fetch }).send(to(channel), options);
    expect(sent).toEqual({ externalId: `${taken.channel}:${taken.ts}` });
  });

  test.each(
    `channel_not_found not_in_channel is_archived invalid_auth account_inactive token_revoked token_expired no_permission
    missing_scope msg_too_long msg_blocks_too_long invalid_blocks not_authed restricted_action message_not_found
    restricted_action_read_only_channel access_denied as_user_not_supported cant_update_message cannot_dm_bot
    edit_window_closed ekm_access_denied enterprise_is_restricted messages_tab_disabled metadata_too_large is_inactive
    metadata_must_be_sent_from_app method_deprecated deprecated_endpoint team_access_not_granted user_not_found no_text
    two_factor_setup_required user_disabled`.split(/\s+/),
  )('%s is permanent', async (code) => {
    const error = await saying(code);
    expect(error.details).toEqual({ permanent: true, status: 200 });
    expect(error.message).toBe(
      `Cannot deliver to https://slack.com: it answered 200 ({"ok":false,"error":"${code}"}). Mend the address or the receiver.`,
    );
  });

  test.each(
    `ratelimited rate_limited internal_error fatal_error service_unavailable request_timeout accesslimited
    team_added_to_org org_login_required external_channel_migrating new_error`.split(/\s+/),
  )('%s is tried again', async (code) => {
    const error = await saying(code);
    expect(error.details).toEqual({ permanent: false, status: 200 });
    expect(error.message).toContain(`"error":"${code}"}). This is tried again.`);
  });

  test('a missing scope is named', async () => {
    expect((await saying('missing_scope', { needed: 'chat:write' })).message).toContain('"needed":"chat:write"');
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
    expect((await answering(text, {}, address)).details.permanent).toBe(false);
  });

  test.each([
    [400, 'invalid_payload', true],
    [403, 'action_prohibited', true],
    [404, 'no_service', true],
    [410, 'channel_is_archived', true],
    [500, 'rollup_error', false],
  ])('a webhook that answers %i %s: permanent is %s', async (status, text, permanent) => {
    const error = await answering(text, { status }, hook);
    expect(error.details).toEqual({ permanent, status });
    expect(error.message).toContain(`https://hooks.slack.com: it answered ${status} (${text}).`);
  });

  test.each([{}, { channel }, { channel: 7, ts: 1.5 }])('an answer without a usable id is sent: %j', async (ids) => {
    const { fetch } = slack(() => new Response(JSON.stringify({ ok: true, ...ids })));
    await expect(slackNotifier({ token, fetch }).send(to(channel), options)).resolves.toBeUndefined();
  });
});

describe('a message that was sent is changed', () => {
  test('by chat.update, which is told to look for no names', async () => {
    const { calls, fetch } = slack();
    const notifier = slackNotifier({ token, fetch });
    await update(notifier, `${channel}:1503435956.000247`, to('U0123456789', { title: 'Resolved' }));
    const [{ url, body, headers }] = calls as [Call<Posted>];
    expect(url).toBe('https://slack.com/api/chat.update');
    expect(headers.get('authorization')).toBe(`Bearer ${token}`);
    expect(body).toMatchObject({ channel, ts: '1503435956.000247', parse: 'none' });
    expect(body.blocks[0]?.text?.text).toBe('Resolved');
  });

  test.each([true, false])('without its buttons when it is resolved: interactive is %s', async (interactive) => {
    const { calls, fetch } = slack();
    const notifier = slackNotifier({ token, fetch, interactive });
    const actions = [{ id: 'acknowledge', label: 'Ack', url: 'https://ops.example/a', token: 't1.a.b' }] as const;
    for (const now of [{ actions }, { actions, status: 'resolved' }, { actions: [] }] as const) {
      await update(notifier, `${channel}:1.2`, to(channel, now));
    }
    expect(calls.map(({ body }) => body.blocks.filter(({ type }) => type === 'actions').length)).toEqual([1, 0, 0]);
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
    expect((await failureOf(changing)).details.permanent).toBe(true);
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

  test.each([
    'http://hooks.slack.com/services/x',
    'https://hooks.slack.com.evil.example/services/x',
    'https://evilslack.com/services/x',
    'https://slack.com@evil.example/services/x',
    'https://hooks.slack.com@evil.example/services/x',
    'https://a.slack.com/api/api.test',
    'https://slack.com/services/x',
    'https://hooks.slack.com:8443/services/x',
    'https://hooks.slack.com/api/api.test',
    'https://hooks.slack.com/services/../api/api.test',
    'https://hooks.slack.com/services/',
    'https://hooks.slack.com/services?/x',
    'https://169.254.169.254/latest',
    'https://hooks.slack.com.:8443/x',
    'https://',
  ])('without a fetch of its own, the webhook %s, which is not of Slack', async (address) => {
    const error = await failureOf(slackNotifier({ token }).send(to(address), options));
    expect(error.message).toMatch(/no webhook of Slack/);
    expect(error.details).toEqual({ permanent: true });
  });

  test.each([
    'https://hooks.slack.com/services/x',
    'https://hooks.slack.com:443/triggers/x',
    'https://hooks.slack.com/workflows/x',
    'https://hooks.slack-gov.com/services/x',
  ])('but not the webhook %s', async (address) => {
    const { calls, fetch } = slack();
    vi.stubGlobal('fetch', fetch);
    onTestFinished(() => void vi.unstubAllGlobals());
    await slackNotifier({ token }).send(to(address), options);
    expect(calls).toHaveLength(1);
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
