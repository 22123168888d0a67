/**
 * What a Discord webhook is asked, and what its answers mean.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { type DiscordNotifierOptions, discordNotifier } from '../../src/notifiers/discord.ts';
import { sampleMessage, testNotifier } from '../../src/testing/index.ts';
import { readDiscord } from '../core/text/discord-parser.ts';
import { type Call, type Channel, failureOf, opens, recording, strangersMessages } from './channel.ts';
import { messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS, UPDATE_SABOTEURS } from './saboteurs.ts';

const webhookToken = 'T0KEN-of_the-webhook';
const path = `/api/webhooks/1234/${webhookToken}`;
const address = `https://discord.com${path}`;
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const to = { contact: 'discord', address };
const message = messageWith({ to });

type Body = { readonly content: string; readonly embeds: readonly { readonly description: string }[] };

const taken = () => Response.json({ id: '9007199254740993', content: 'x' });

function channel(answer: () => Response = taken) {
  const { calls, fetch } = recording<Body>(answer);
  return { calls, notifier: discordNotifier({ fetch }) };
}

async function bodyOf(changes: Partial<Message>): Promise<Body> {
  const { calls, notifier } = channel();
  await notifier.send({ ...message, ...changes }, options);
  return (calls as [Call<Body>])[0].body;
}

const STATUS = { fails: 502, refuses: 404, busy: 429 } as const;

const chat: Channel<Body> = {
  notifier: (fetch) => discordNotifier({ fetch }),
  message: sampleMessage({
    title: 'Disk full',
    to,
    actions: [{ id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a' }],
  }),
  secrets: [webhookToken, path],
  busyMs: 30_000,
  text: ({ content, embeds }) => JSON.stringify([content, embeds]),
  take({ url, body }, shown) {
    const [, edited] = /\/messages\/(\d+)/.exec(url) ?? [];
    const id = edited ?? String(shown.size + 1);
    shown.set(id, chat.text(body));
    return Response.json({ id });
  },
  refuse: (how, { url }) =>
    Response.json(
      { message: `no: ${url} ${webhookToken}`, ...(how === 'busy' && { retry_after: 29.3, global: false }) },
      { status: STATUS[how] },
    ),
};

expect(testNotifier(test, opens(chat), { updates: true })).toEqual([]);

test.each([...SEND_SABOTEURS, ...UPDATE_SABOTEURS])('$promise a notifier that $does is found out', async (saboteur) => {
  expect(await bitten(saboteur, opens(chat), { updates: true })).not.toEqual([]);
});

describe('what is sent', () => {
  test('the title as content, the rest in one embed, mentioning nobody', async () => {
    const { calls, notifier } = channel();
    const actions = [
      { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1&c=2' },
      { id: 'escalate', label: 'Escalate' },
    ] as const;
    const links = [
      { href: 'https://runbooks.example/db', text: 'Runbook' },
      { href: 'javascript:alert(1)', text: 'x' },
    ];
    await expect(notifier.send({ ...message, body: '*a* @here', actions, links }, options)).resolves.toEqual({
      externalId: '9007199254740993',
    });
    expect(calls).toMatchObject([
      {
        url: `${address}?wait=true`,
        method: 'POST',
        body: {
          content: 'Database is down',
          embeds: [
            {
              description:
                'SEV1 · Checkout\n\\*a\\* @\u200bhere\n[Acknowledge](<https://ops.example/a?b=1&c=2>)\n[Runbook](<https://runbooks.example/db>)',
            },
          ],
          allowed_mentions: { parse: [] },
        },
      },
    ]);
  });

  test('a title alone needs no embed', async () => {
    expect(await bodyOf({ lines: [] })).toMatchObject({ content: 'Database is down', embeds: [] });
  });

  test('what was bundled, how many are left out, and the body last, because it is cut first', async () => {
    const item = { deliveryId: 'd', title: 'Queue *full*', urgency: 'high', line: 'SEV2' } as const;
    const { embeds } = await bodyOf({ bundle: Array.from({ length: 200 }, () => item), body: 'b'.repeat(4_000) });
    const lines = embeds[0]?.description.split('\n') ?? [];
    const items = lines.filter((line) => line.startsWith('•'));
    expect(items[0]).toBe('• Queue \\*full\\* (SEV2)');
    expect(items.length).toBeGreaterThan(50);
    expect(lines.slice(-2)).toEqual([`and ${200 - items.length} more`, expect.stringMatching(/^b{1000,}…$/)]);
  });

  test('a message that is resolved, or has no actions any more, offers none', async () => {
    const { calls, notifier } = channel();
    const actions = [{ id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a' }] as const;
    await notifier.update?.('42', { ...message, lines: [], actions, status: 'resolved' }, options);
    await notifier.update?.('42', { ...message, lines: [], actions: [] }, options);
    expect(calls.map(({ body }) => body.embeds)).toEqual([[], []]);
  });

  test('a query of the address is kept, and a change edits what was sent', async () => {
    const { calls, notifier } = channel();
    const threaded = { ...message, to: { ...to, address: `${address}/?thread_id=5&wait=false` } };
    await notifier.send(threaded, options);
    await notifier.update?.('42', { ...message, to: { ...to, address: `${address}/?thread_id=5` } }, options);
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${address}/?thread_id=5&wait=true`,
      `PATCH ${address}/messages/42?thread_id=5`,
    ]);
  });

  test('each server is a provider of its own', () => {
    const { notifier } = channel();
    expect([notifier.provider?.(address), notifier.provider?.('x')]).toEqual(['https://discord.com', '']);
  });
});

describe('what a stranger writes', () => {
  const ourLink = /^\[(.+)\]\(<https?:\/\/[^\s<>()@]+>\)$/i;

  test('is text, within every limit, and mentions nobody', async () => {
    await fc.assert(
      fc.asyncProperty(strangersMessages, async (changes) => {
        const { content, embeds } = await bodyOf(changes);
        expect(content.length).toBeLessThanOrEqual(2_000);
        expect(readDiscord(content).nodes).toEqual([]);
        expect(embeds.length).toBeLessThanOrEqual(1);
        for (const { description } of embeds) {
          expect(description.length).toBeGreaterThan(0);
          expect(description.length).toBeLessThanOrEqual(4_096);
          const texts = description.split('\n').map((line) => ourLink.exec(line)?.[1] ?? line);
          expect(texts.flatMap((text) => readDiscord(text).nodes)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('fills what there is room for, and the actions stay', async () => {
    const actions = [{ id: 'acknowledge' as const, label: 'Acknowledge', url: 'https://ops.example/a' }];
    const links = Array.from({ length: 5 }, () => ({ href: `https://a.example/${'x'.repeat(1_500)}`, text: 'Graph' }));
    const { embeds } = await bodyOf({
      title: 't'.repeat(5_000),
      body: '*a'.repeat(4_000),
      lines: ['y'],
      actions,
      links,
    });
    const description = embeds[0]?.description ?? '';
    expect(description.length).toBeGreaterThan(4_000);
    expect(description.length).toBeLessThanOrEqual(4_096);
    expect(description).toContain('\n[Acknowledge](<https://ops.example/a>)\n[Graph](<');
    expect(description.match(/\[Graph\]/g)).toHaveLength(1);
  });
});

describe('what an answer means', () => {
  test.each([
    [400, { message: 'Invalid Form Body', code: 50_035 }],
    [401, { message: 'Invalid Webhook Token', code: 50_027 }],
    [404, { message: 'Unknown Webhook', code: 10_015 }],
  ])('%i is permanent: %j', async (status, body) => {
    const { notifier } = channel(() => Response.json(body, { status }));
    await expect(notifier.send(message, options)).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      message: expect.stringContaining(body.message),
      details: { permanent: true },
    });
  });

  test.each([
    [429, { retry_after: 64.57, global: false }, { retryAfterMs: 65_000 }],
    [429, { retry_after: 0.3, global: true }, { retryAfterMs: 1_000 }],
    [429, { retry_after: 86_400 }, { retryAfterMs: 900_000 }],
    [429, { retry_after: -1 }, {}],
    [503, { retry_after: 7 }, { retryAfterMs: 7_000 }],
  ])('%i with %j', async (status, body, details) => {
    const { notifier } = channel(() => Response.json(body, { status }));
    await expect(notifier.send(message, options)).rejects.toHaveProperty('details', {
      permanent: false,
      status,
      ...details,
    });
  });

  test.each(['', '<html>', '{}', '{"id":5}', '{"id":"../5"}', JSON.stringify({ error: `${path} ${webhookToken}` })])(
    'an answer of 200 that is not that of Discord is tried again: %s',
    async (body) => {
      const { notifier } = channel(() => new Response(body));
      const error = await failureOf(notifier.send(message, options));
      expect(error.details.permanent).toBe(false);
      expect(inspect(error)).not.toContain(webhookToken);
    },
  );

  test('no secret can be read when a change fails', async () => {
    const { notifier } = channel(() => new Response(`gone: ${address} ${path} ${webhookToken}`, { status: 404 }));
    const error = await failureOf(notifier.update?.('5', message, options));
    expect(error.details).toEqual({ permanent: true, status: 404 });
    expect(inspect(error)).not.toContain(webhookToken);
  });
});

describe('what is refused at once', () => {
  test('an option that is not known', () => {
    const given = { url: address } as DiscordNotifierOptions;
    expect(() => discordNotifier(given)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test.each(['', 'general', 'ftp://discord.com/x'])('the address %j, permanently', async (wrong) => {
    const { calls, notifier } = channel();
    const other = { ...message, to: { ...to, address: wrong } };
    await expect(notifier.send(other, options)).rejects.toMatchObject({ details: { permanent: true } });
    await expect(notifier.update?.('5', other, options)).rejects.toMatchObject({ details: { permanent: true } });
    expect(calls).toEqual([]);
  });

  test.each(['', 'x', '5/../6', '5?x'])('the external id %j, permanently', async (externalId) => {
    const { calls, notifier } = channel();
    await expect(notifier.update?.(externalId, message, options)).rejects.toMatchObject({
      details: { permanent: true },
    });
    expect(calls).toEqual([]);
  });
});
