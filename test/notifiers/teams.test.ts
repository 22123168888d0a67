/**
 * What a workflow of Microsoft Teams is asked, and what its answers mean.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { cardMessage } from '../../src/notifiers/teams/card-message.ts';
import { type TeamsNotifierOptions, teamsNotifier } from '../../src/notifiers/teams.ts';
import { sampleMessage, testNotifier } from '../../src/testing/index.ts';
import { strangers, UNWANTED } from '../core/text/strangers.ts';
import { type Channel, failureOf, opens, recording } from './channel.ts';
import { messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS } from './saboteurs.ts';

const signature = 'iX9-s3cretSignature_of~it';
const flow = '3f1cb2d0a9e84c0c8f6b7d2e5a1b9c04';
const origin = 'https://prod-15.uksouth.logic.azure.com';
const path = `/workflows/${flow}/triggers/manual/paths/invoke`;
const address = `${origin}:443${path}?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${signature}`;
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const to = { contact: 'teams', address };
const message = messageWith({ to });

type Block = { readonly type: string; readonly text: string };
type Button = { readonly type: string; readonly title: string; readonly url: string };
type Content = { readonly body: readonly Block[]; readonly actions: readonly Button[] };

function workflow(answer: () => Response = () => new Response(null, { status: 202 })) {
  const { calls, fetch } = recording(answer, String);
  return { calls, notifier: teamsNotifier({ fetch }) };
}

function cardOf(changes: Partial<Message>): { readonly content: Content; readonly bytes: number } {
  const json = JSON.stringify(cardMessage({ ...message, ...changes }));
  return { content: JSON.parse(json).attachments[0].content, bytes: Buffer.byteLength(json) };
}

const STATUS = { fails: 502, refuses: 404, busy: 429 } as const;

/** A workflow that repeats what it was asked in its errors. */
const channel: Channel<object> = {
  notifier: (fetch) => teamsNotifier({ fetch }),
  message: sampleMessage({ title: 'Disk full', to }),
  secrets: [signature, flow, path],
  busyMs: 30_000,
  key: ({ headers }) => headers.get('idempotency-key') ?? '',
  text: (body) => JSON.stringify(body),
  take: () => new Response(null, { status: 202 }),
  refuse: (how, { url }) =>
    new Response(`no ${url} in ${flow}, signed ${signature}`, {
      status: STATUS[how],
      headers: how === 'busy' ? { 'retry-after': '30' } : {},
    }),
};

describe('the promises of the port', () => {
  expect(testNotifier(test, opens(channel))).toEqual([]);

  test.each(SEND_SABOTEURS)('$promise a notifier that $does is found out', async (saboteur) => {
    expect(await bitten(saboteur, opens(channel))).not.toEqual([]);
  });
});

describe('what is sent', () => {
  test('one card: the title, the lines, the body, the bundle, and buttons', async () => {
    const { calls, notifier } = workflow();
    const actions = [
      { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1&c=2' },
      { id: 'escalate', label: 'Escalate' },
    ] as const;
    const links = [{ href: 'https://runbooks.example/db' }, { href: 'javascript:alert(1)', text: 'x' }];
    const item = { deliveryId: 'd', title: '# API', urgency: 'low' as const, line: 'SEV3', actions };
    await expect(
      notifier.send({ ...message, body: '*a* <at>all</at>\n- b', actions, links, bundle: [item] }, options),
    ).resolves.toBeUndefined();
    const [call] = calls;
    expect([call?.method, call?.url]).toEqual(['POST', address.replace(':443', '')]);
    expect(call?.headers.get('content-type')).toBe('application/json');
    expect(call?.headers.get('idempotency-key')).toBe('inc-1:4:1');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              { type: 'TextBlock', text: 'Database is down', wrap: true, size: 'Large', weight: 'Bolder' },
              { type: 'TextBlock', text: 'SEV1 · Checkout', wrap: true },
              { type: 'TextBlock', text: '\\*a\\* &lt;at&gt;all&lt;/at&gt;\n\n\\- b', wrap: true },
              {
                type: 'TextBlock',
                text: '• \\# API\n\nSEV3\n\n[Acknowledge](https://ops.example/a?b=1&c=2)',
                wrap: true,
              },
            ],
            actions: [
              { type: 'Action.OpenUrl', title: 'Acknowledge', url: 'https://ops.example/a?b=1&c=2' },
              { type: 'Action.OpenUrl', title: 'runbooks.example', url: 'https://runbooks.example/db' },
            ],
          },
        },
      ],
    });
  });

  test('six buttons, answers first; the other links are text', () => {
    const actions = [{ id: 'acknowledge' as const, label: 'Acknowledge', url: 'https://ops.example/a' }];
    const links = Array.from({ length: 7 }, (_, n) => ({ href: `https://a.example/${n}(x)`, text: `Graph ${n}` }));
    const { content } = cardOf({ actions, links, lines: [] });
    expect(content.actions.map(({ title }) => title)).toEqual([
      'Acknowledge',
      ...[0, 1, 2, 3, 4].map((n) => `Graph ${n}`),
    ]);
    expect(content.body.slice(1).map(({ text }) => text)).toEqual([
      '[Graph 5](https://a.example/5%28x%29)',
      '[Graph 6](https://a.example/6%28x%29)',
    ]);
  });

  test('a title of nothing gives way to the name of the delivery', () => {
    expect(cardOf({ title: '\u0000 \n', lines: [''] }).content.body.map(({ text }) => text)).toEqual(['inc-1:4:1']);
  });

  test('what does not fit goes in its order: the body, then the bundle, then the lines', () => {
    const items = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        deliveryId: `d${n}`,
        title: `Item ${n} ${'x'.repeat(400)}`,
        urgency: 'low' as const,
      }));
    const body = cardOf({ body: 'b'.repeat(50_000), bundle: items(3) });
    expect(body.bytes).toBeGreaterThan(19_900);
    expect(body.content.body.map(({ text }) => text.slice(0, 8))).toEqual([
      'Database',
      'SEV1 · C',
      'bbbbbbbb',
      '• Item 0',
      '• Item 1',
      '• Item 2',
    ]);
    expect(body.content.body[2]?.text).toMatch(/^b+…$/);

    const bundle = cardOf({ body: 'b'.repeat(5_000), bundle: items(90) });
    expect(bundle.bytes).toBeGreaterThan(19_000);
    const shown = bundle.content.body.filter(({ text }) => text.startsWith('• ')).length;
    expect(shown).toBeGreaterThan(30);
    expect(bundle.content.body.at(-1)?.text).toBe(`and ${90 - shown} more`);

    const lines = cardOf({
      body: 'b'.repeat(500),
      bundle: items(9),
      lines: Array.from({ length: 60 }, () => '磁'.repeat(500)),
    });
    const texts = lines.content.body.map(({ text }) => text);
    expect(texts.filter((text) => /^磁+$/.test(text))).toHaveLength(12);
    expect(texts.filter((text) => text.startsWith('• ')).length).toBeLessThan(9);
    expect(texts.at(-1)).toMatch(/^and \d more$/);
  });

  test('the longest addresses of links leave room for the lines', () => {
    const links = Array.from({ length: 6 }, () => ({
      href: `https://a.example/${'x'.repeat(2_030)}`,
      text: '👩‍👩‍👧'.repeat(80),
    }));
    const { content } = cardOf({ links, lines: ['one', 'two'] });
    expect(content.actions).toHaveLength(6);
    expect(content.body.map(({ text }) => text)).toEqual(['Database is down', 'one', 'two']);
    expect(cardOf({ links: [{ href: `https://a.example/${'磁'.repeat(1_000)}` }] }).content.actions).toEqual([]);
  });

  test('each host is a provider of its own', () => {
    const { notifier } = workflow();
    expect([notifier.provider?.(address), notifier.provider?.('x')]).toEqual([origin, '']);
  });
});

describe('what a stranger writes', () => {
  const hrefs = fc.oneof(
    strangers,
    strangers.map((text) => `https://a.example/${text.replaceAll(/\s/g, '')}`),
  );
  const long = fc.oneof(
    { weight: 4, arbitrary: strangers },
    fc.tuple(strangers, fc.integer({ min: 1, max: 3_000 })).map(([text, times]) => `x${text}`.repeat(times)),
  );
  const actions = fc.array(fc.record({ id: fc.constant('snooze' as const), label: long, url: hrefs }), {
    maxLength: 4,
  });
  const messages = fc.record({
    title: long,
    body: fc.option(long, { nil: undefined }),
    lines: fc.array(long, { maxLength: 30 }),
    links: fc.array(fc.record({ href: hrefs, text: strangers }), { maxLength: 14 }),
    actions,
    moreText: fc.oneof(fc.constant('and {n} more'), strangers),
    bundle: fc.option(
      fc.array(
        fc.record({ deliveryId: strangers, title: long, line: long, urgency: fc.constant('low' as const), actions }),
        { maxLength: 60 },
      ),
      { nil: undefined },
    ),
  });
  const reader = new MarkdownIt({ html: true });

  /** The kinds of everything that `text` is in Markdown, but for paragraphs, texts and our links of http and https. */
  function foreign(text: string): readonly string[] {
    return reader.parse(text, {}).flatMap((block) => {
      if (block.type === 'paragraph_open' || block.type === 'paragraph_close') return [];
      if (block.type !== 'inline') return [block.type];
      const nodes = block.children ?? [];
      const isLink = nodes[0]?.type === 'link_open' && nodes.at(-1)?.type === 'link_close';
      const hrefs = nodes.flatMap((node) => (isLink && node.type === 'link_open' ? [node.attrGet('href') ?? ''] : []));
      const others = nodes.slice(isLink ? 1 : 0, isLink ? -1 : undefined);
      return [
        ...hrefs.filter((href) => !/^https?:\/\/\S+$/i.test(href)),
        ...others.map(({ type }) => type).filter((type) => type !== 'text' && type !== 'text_special'),
      ];
    });
  }

  test('is text, and the card is never too large', () => {
    fc.assert(
      fc.property(messages, (changes) => {
        const { content, bytes } = cardOf(changes);
        expect(bytes).toBeLessThanOrEqual(20_000);
        expect(Object.keys(content).toSorted()).toEqual(['$schema', 'actions', 'body', 'type', 'version']);
        expect(content.body.length).toBeGreaterThan(0);
        content.body.forEach(({ type, text, ...rest }, index) => {
          expect(type).toBe('TextBlock');
          expect(rest).toEqual({ wrap: true, ...(index === 0 ? { size: 'Large', weight: 'Bolder' } : {}) });
          expect(foreign(text)).toEqual([]);
          expect(text).not.toMatch(UNWANTED);
          // Neither a mention nor a date that Teams would fill in.
          expect(text).not.toMatch(/<|\{\{/);
        });
        expect(content.actions.length).toBeLessThanOrEqual(6);
        for (const { type, title, url, ...rest } of content.actions) {
          expect([type, rest]).toEqual(['Action.OpenUrl', {}]);
          expect(url).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
          expect(title.length).toBeGreaterThan(0);
          expect(title.length).toBeLessThanOrEqual(80);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the reader of these tests finds markup where there is some', () => {
    expect(
      ['*a*', '<at>a</at>', '- a', '# a', '[a](b.example)', '![a](https://b.example)', '    a'].map(foreign),
    ).toEqual([
      ['em_open', 'em_close'],
      ['html_inline', 'html_inline'],
      ['bullet_list_open', 'list_item_open', 'list_item_close', 'bullet_list_close'],
      ['heading_open', 'heading_close'],
      ['b.example'],
      ['image'],
      ['code_block'],
    ]);
  });
});

describe('what an answer means', () => {
  test.each([200, 202, 204])('%i is sent', async (status) => {
    const { notifier } = workflow(() => new Response(status === 200 ? '1' : null, { status }));
    await expect(notifier.send(message, options)).resolves.toBeUndefined();
  });

  test('a 200 that says in its text that the delivery failed is tried again', async () => {
    const said =
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId';
    const { notifier } = workflow(() => new Response(`${said} ${flow} ${address}`));
    const error = await failureOf(notifier.send(message, options));
    expect(error).toMatchObject({
      code: 'NOTIFY_FAILED',
      message: expect.stringContaining(`Cannot deliver to ${origin}: it answered (${said} [hidden] `),
      details: { permanent: false },
    });
    for (const secret of [signature, flow]) expect(inspect(error)).not.toContain(secret);
  });
});

describe('what is refused at once', () => {
  test('an option that is not known', () => {
    const given = { url: address } as TeamsNotifierOptions;
    expect(() => teamsNotifier(given)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test.each(['', 'general', 'ftp://a.example', `http${address.slice(5)}`])(
    'the address %j, permanently',
    async (wrong) => {
      const { calls, notifier } = workflow();
      const error = await failureOf(notifier.send({ ...message, to: { ...to, address: wrong } }, options));
      expect(error).toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
      expect(inspect(error)).not.toContain(signature);
      expect(calls).toEqual([]);
    },
  );
});
