/**
 * What Opsgenie is asked, within its limits, and what it is never asked.
 */
import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { alertOf, alertTitle, aliasOf, noteOf, priorityOf } from '../../src/notifiers/opsgenie/alert-text.ts';
import { type OpsgenieNotifierOptions, opsgenieNotifier } from '../../src/notifiers/opsgenie.ts';
import { type ChannelAnswer, type NotifierFixture, sampleMessage, testNotifier } from '../../src/testing/index.ts';
import { bordersOf, strangers } from '../core/text/strangers.ts';
import { opsgeniePlatform } from '../support/platforms/opsgenie.ts';
import { messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS, UPDATE_SABOTEURS } from './saboteurs.ts';

const apiKey = 'eb243592-faa2-4ba2-a551-1afdf565c889';
const apiKeys = { default: apiKey };
const to = { contact: 'opsgenie', address: 'default' };
const message = messageWith({ to, purpose: 'mirror', topic: 'opened', status: 'triggered' });
const options = { idempotencyKey: 'k1', signal: patient };

const STATUS = { fails: 503, refuses: 403, busy: 429 } as const;

/** An account that does as it is told, and repeats the key in its errors. */
async function open(): Promise<NotifierFixture> {
  const platform = await opsgeniePlatform({ apiKey });
  return {
    notifier: opsgenieNotifier({ apiKeys, baseUrl: platform.baseUrl }),
    message: sampleMessage({ to }),
    answer(how: ChannelAnswer) {
      if (how === 'takes') platform.overrule(undefined);
      else if (how === 'hangs') platform.overrule('hangs');
      else {
        const headers = how === 'busy' ? { 'x-ratelimit-period-in-sec': '60' } : {};
        platform.overrule({ status: STATUS[how], headers, body: { message: `no: GenieKey ${apiKey}` } });
      }
    },
    received: () =>
      platform.asked
        .filter(({ method, path }) => method === 'POST' && path === '/v2/alerts')
        .map(({ body }) => ({ text: body })),
    shown: () => platform.alerts.map((alert) => `${alert.message} ${alert.priority} ${alert.status} ${alert.count}`),
    busyMs: 60_000,
    secrets: [apiKey],
    close: () => platform.close(),
  };
}

expect(testNotifier(test, open, { updates: true })).toEqual([]);

test.each([...SEND_SABOTEURS, ...UPDATE_SABOTEURS])('$promise a notifier that $does is found out', async (saboteur) => {
  expect(await bitten(saboteur, open, { updates: true })).not.toEqual([]);
});

describe('the alert', () => {
  test('says what the incident says', () => {
    const links = [{ href: 'https://runbooks.example/db', text: 'Runbook' }];
    expect(alertOf({ ...message, body: 'No space left', links }, 'P1')).toEqual({
      message: 'Database is down',
      alias: 'tocsin:default:inc-1',
      description: 'Database is down\nSEV1 · Checkout\nNo space left\nRunbook: https://runbooks.example/db',
      priority: 'P1',
      tags: ['tocsin', 'high', 'SEV1'],
      details: { tenant: 'default', incident: 'inc-1', severity: 'SEV1' },
      entity: 'Checkout',
      user: 'Tocsin',
      source: 'tocsin',
    });
  });

  test('has an alias that is the same for life, of at most 512 characters', () => {
    const long = { ...message, tenant: 't'.repeat(300), incidentId: 'i'.repeat(300) };
    expect(aliasOf(long)).toMatch(/^tocsin:[0-9a-f]{64}$/);
    expect(aliasOf({ ...long, title: 'x', deliveryId: 'd9' })).toBe(aliasOf(long));
    expect(aliasOf({ ...long, incidentId: 'j'.repeat(300) })).not.toBe(aliasOf(long));
    const { incidentId: _, ...none } = message;
    expect(aliasOf(none)).toBe('tocsin:default:inc-1:4:1');
    expect(aliasOf({ ...message, tenant: 't'.repeat(499) })).toHaveLength(512);
    expect(aliasOf({ ...message, tenant: 't'.repeat(500) })).toHaveLength(7 + 64);
  });

  test.each([
    ['SEV1', 'low', 'P1'],
    ['sev-5', 'high', 'P5'],
    ['SEV0', 'low', 'P1'],
    ['SEV9', 'high', 'P5'],
    ['P2', 'low', 'P2'],
    ['critical', 'high', 'P2'],
    ['critical', 'low', 'P4'],
    ['gold', 'low', 'P1'],
    ['constructor', 'low', 'P4'],
    [undefined, 'high', 'P2'],
  ] as const)('of severity %s and urgency %s has the priority %s', (severity, urgency, priority) => {
    expect(priorityOf({ ...message, severity, urgency }, { gold: 'P1' })).toBe(priority);
  });

  test('brings a note for news of that kind only', () => {
    expect(noteOf({ ...message, topic: 'note', body: ' On it ' })).toBe('On it');
    expect(noteOf({ ...message, topic: 'update', body: 'Half done' })).toBe('Half done');
    expect(noteOf({ ...message, topic: 'severity', body: 'On it' })).toBeUndefined();
    expect(noteOf({ ...message, topic: 'note', body: ' ' })).toBeUndefined();
    expect(noteOf({ ...message, topic: 'note', body: 'n'.repeat(30_000) })).toHaveLength(25_000);
  });
});

describe('what a stranger writes', () => {
  const long = fc.oneof(
    { weight: 4, arbitrary: strangers },
    fc.tuple(strangers, fc.integer({ min: 1, max: 2_000 })).map(([text, times]) => `x${text}`.repeat(times)),
  );
  const changes = fc.record({
    title: long,
    body: long,
    lines: fc.array(long, { maxLength: 4 }),
    severity: fc.option(long, { nil: undefined }),
    service: fc.record({ id: fc.constant('s'), name: long }),
    links: fc.array(fc.record({ href: strangers, text: strangers }), { maxLength: 4 }),
  });

  test('is within every limit, and never a tag or a hidden link', () => {
    fc.assert(
      fc.property(changes, (given) => {
        const full: Message = { ...message, ...given };
        const alert = alertOf(full, 'P1');
        const note = noteOf({ ...full, topic: 'note' }) ?? '';
        expect(alert.message.length).toBeLessThanOrEqual(130);
        expect(alert.message).not.toBe('');
        expect(alert.description.length).toBeLessThanOrEqual(15_000);
        expect(alert.entity.length).toBeLessThanOrEqual(512);
        expect(note.length).toBeLessThanOrEqual(25_000);
        for (const tag of alert.tags) expect(tag.length).toBeLessThanOrEqual(50);
        expect(Object.entries(alert.details).flat().join('').length).toBeLessThanOrEqual(8_000);
        const texts = [
          alert.message,
          alert.description,
          alert.entity,
          note,
          ...alert.tags,
          ...Object.values(alert.details),
        ];
        for (const text of texts) {
          expect(text.isWellFormed()).toBe(true);
          expect(parseFragment(text).childNodes.every(({ nodeName }) => nodeName === '#text')).toBe(true);
          expect(text).not.toMatch(/\][([:]/);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is cut between characters as people see them', () => {
    const family = '👩‍👩‍👧‍👦';
    const title = family.repeat(40);
    const kept = alertTitle({ ...message, title }).slice(0, -1);
    expect(kept.length).toBeGreaterThan(100);
    expect(bordersOf(title).has(kept.length)).toBe(true);
  });

  test('of nothing leaves the delivery as the title', () => {
    expect(alertTitle({ ...message, title: '\u0000 \n' })).toBe('inc-1:4:1');
  });
});

describe('what is refused at once', () => {
  const make = (more: object) => () => opsgenieNotifier({ apiKeys, ...more } as OpsgenieNotifierOptions);

  test.each([
    [{ apiKeys: {} }],
    [{ apiKeys: undefined }],
    [{ apiKeys: { default: '' } }],
    [{ apiKeys: { default: `${apiKey}\n` } }],
    [{ apiKeys: { default: apiKey, other: 7 } }],
    [{ region: 'mars' }],
    [{ region: 'mars', baseUrl: 'https://a.example' }],
    [{ priority: { SEV1: 'P0' } }],
    [{ baseUrl: 'ftp://a.example' }],
    [{ baseUrl: 'https://a:b@a.example' }],
    [{ baseUrl: 'https://a.example/?x=1' }],
    [{ baseUrl: 'https://' }],
    [{ key: apiKey }],
  ])('the options %j', (more) => {
    expect(make(more)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(make(more)).not.toThrow(apiKey);
  });

  test.each(['', 'other', apiKey, 'constructor', '__proto__'])('the address %j, permanently', async (address) => {
    const notifier = opsgenieNotifier({ apiKeys, fetch: () => Promise.reject(new Error('asked')) });
    const sending = notifier.send({ ...message, to: { ...to, address } }, options);
    await expect(sending).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      message: expect.not.stringContaining(apiKey),
      details: { permanent: true },
    });
  });

  test('an answer that is not that of Opsgenie, for now', async () => {
    for (const body of ['', '<html>', '{"requestId":""}', '{"requestId":7}', `{"x":"${apiKey}"}`]) {
      const notifier = opsgenieNotifier({ apiKeys, fetch: async () => new Response(body, { status: 202 }) });
      await expect(notifier.send(message, options)).rejects.toMatchObject({
        message: expect.not.stringContaining(apiKey),
        details: { permanent: false },
      });
      await expect(notifier.update?.('a1', message, options)).rejects.toMatchObject({ details: { permanent: false } });
    }
  });
});

test('the account is asked where it is', async () => {
  const hosts: string[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    hosts.push(`${init?.method} ${String(url)} ${new Headers(init?.headers).get('authorization')}`);
    return Response.json({ data: { count: 0 } });
  };
  const canary: Message = { ...message, purpose: 'canary' };
  await opsgenieNotifier({ apiKeys, fetch }).send(canary, options);
  await opsgenieNotifier({ apiKeys, fetch, region: 'eu' }).send(canary, options);
  expect(hosts).toEqual([
    `GET https://api.opsgenie.com/v2/alerts/count GenieKey ${apiKey}`,
    `GET https://api.eu.opsgenie.com/v2/alerts/count GenieKey ${apiKey}`,
  ]);
});
