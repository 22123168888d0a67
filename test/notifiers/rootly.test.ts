/**
 * What Rootly is asked, within its limits, and what it is never asked.
 */
import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/model/message.ts';
import { ALERTS, INCIDENTS, keyOf, noteOf } from '../../src/notifiers/rootly/kinds.ts';
import { type RootlyNotifierOptions, rootlyNotifier } from '../../src/notifiers/rootly.ts';
import { type ChannelAnswer, type NotifierFixture, sampleMessage, testNotifier } from '../../src/testing/index.ts';
import { bordersOf, strangers } from '../core/text/strangers.ts';
import { rootlyPlatform } from '../support/platforms/rootly.ts';
import { messageWith, patient } from './message.ts';
import { bitten, SEND_SABOTEURS, UPDATE_SABOTEURS } from './saboteurs.ts';

const token = 'rootly_0123456789abcdef';
const to = { contact: 'rootly', address: 'Service:s-1' };
const message = messageWith({ to, purpose: 'mirror', topic: 'opened', status: 'triggered' });
const options = { idempotencyKey: 'k1', signal: patient };
const noIds = { urgencies: {}, severities: {} };

const STATUS = { fails: 503, refuses: 403, busy: 429 } as const;

/** An account that does as it is told, and repeats the token in its errors. */
const openAs = (as: 'alert' | 'incident') => async (): Promise<NotifierFixture> => {
  const platform = await rootlyPlatform({ token });
  return {
    notifier: rootlyNotifier({ token, as, baseUrl: platform.baseUrl }),
    message: sampleMessage({ to }),
    answer(how: ChannelAnswer) {
      if (how === 'takes') platform.overrule(undefined);
      else if (how === 'hangs') platform.overrule('hangs');
      else {
        const headers = how === 'busy' ? { 'retry-after': '60' } : {};
        platform.overrule({ status: STATUS[how], headers, body: { errors: [{ title: `no: Bearer ${token}` }] } });
      }
    },
    received: () => platform.asked.filter(({ method }) => method === 'POST').map(({ body }) => ({ text: body })),
    shown: () => platform.records.map(({ attributes }) => JSON.stringify(attributes)),
    busyMs: 60_000,
    secrets: [token],
    close: () => platform.close(),
  };
};

describe.each(['alert', 'incident'] as const)('as an %s', (as) => {
  expect(testNotifier(test, openAs(as), { updates: true })).toEqual([]);
});

test.each([...SEND_SABOTEURS, ...UPDATE_SABOTEURS])('$promise a notifier that $does is found out', async (saboteur) => {
  expect(await bitten(saboteur, openAs('alert'), { updates: true })).not.toEqual([]);
});

describe('the mirror', () => {
  test('has a key that is the same for life, of at most 255 characters', () => {
    const long = { ...message, tenant: 't'.repeat(200), incidentId: 'i'.repeat(200) };
    expect(keyOf(message)).toBe('tocsin:default:inc-1');
    expect(keyOf(long)).toMatch(/^tocsin:[0-9a-f]{64}$/);
    expect(keyOf({ ...long, title: 'x', deliveryId: 'd9' })).toBe(keyOf(long));
    expect(keyOf({ ...long, incidentId: 'j'.repeat(200) })).not.toBe(keyOf(long));
    const { incidentId: _, ...none } = message;
    expect(keyOf(none)).toBe('tocsin:default:inc-1:4:1');
    expect(keyOf({ ...message, tenant: 't'.repeat(242) })).toHaveLength(255);
    expect(keyOf({ ...message, tenant: 't'.repeat(243) })).toHaveLength(7 + 64);
  });

  test('says how bad it is only in ids that were given', () => {
    const ids = { urgencies: { high: 'u1' }, severities: { SEV1: 's1' } };
    expect(ALERTS.facts(message, ids)).toEqual({ summary: 'Database is down', alert_urgency_id: 'u1' });
    expect(ALERTS.facts({ ...message, urgency: 'low' }, ids)).toEqual({ summary: 'Database is down' });
    expect(INCIDENTS.facts(message, ids)).toEqual({ title: 'Database is down', severity_id: 's1' });
    expect(INCIDENTS.facts({ ...message, severity: 'constructor' }, ids)).toEqual({ title: 'Database is down' });
  });

  test('brings a note for news of that kind only', () => {
    expect(noteOf({ ...message, topic: 'note', body: ' On it ' })).toBe('On it');
    expect(noteOf({ ...message, topic: 'resolved', body: 'On it' })).toBeUndefined();
    expect(noteOf({ ...message, topic: 'update' })).toBeUndefined();
    expect(noteOf({ ...message, topic: 'note', body: 'n'.repeat(30_000) })).toHaveLength(10_000);
  });

  test('is looked for among what was made since the incident was opened', async () => {
    const asked: string[] = [];
    const fetch = async (url: string | URL | Request) => {
      asked.push(decodeURIComponent(String(url)));
      return Response.json({ data: [] });
    };
    await rootlyNotifier({ token, fetch }).send({ ...message, status: 'resolved' }, options);
    expect(asked).toEqual([
      'https://api.rootly.com/v1/alerts?filter[source]=api&fields[alerts]=status,summary,alert_urgency_id,external_id,url&filter[created_at][gte]=2026-01-05T08:50:00.000Z&page[size]=20',
    ]);
  });
});

describe('what a stranger writes', () => {
  const long = fc.oneof(
    { weight: 4, arbitrary: strangers },
    fc.tuple(strangers, fc.integer({ min: 1, max: 1_500 })).map(([text, times]) => `x${text}`.repeat(times)),
  );
  const changes = fc.record({
    title: long,
    body: long,
    lines: fc.array(long, { maxLength: 4 }),
    links: fc.array(fc.record({ href: strangers, text: strangers }), { maxLength: 4 }),
  });

  test('is within every limit, and never a tag or a hidden link', () => {
    fc.assert(
      fc.property(changes, (given) => {
        const full: Message = { ...message, ...given };
        const { summary } = ALERTS.facts(full, noIds);
        const { description } = ALERTS.made(full, undefined);
        const note = noteOf({ ...full, topic: 'note' }) ?? '';
        expect(INCIDENTS.facts(full, noIds)).toEqual({ title: summary });
        expect(INCIDENTS.made(full, undefined)).toMatchObject({ summary: description });
        for (const [text, max] of [
          [summary, 255],
          [description, 10_000],
          [note, 10_000],
        ] as const) {
          expect(String(text).length).toBeLessThanOrEqual(max);
          expect(String(text).isWellFormed()).toBe(true);
          expect(parseFragment(String(text)).childNodes.every(({ nodeName }) => nodeName === '#text')).toBe(true);
          expect(text).not.toMatch(/\][([:]/);
        }
        expect(summary).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });

  test('is cut between characters as people see them', () => {
    const title = '👩‍👩‍👧‍👦'.repeat(40);
    const kept = String(ALERTS.facts({ ...message, title }, noIds).summary).slice(0, -1);
    expect(kept.length).toBeGreaterThan(200);
    expect(bordersOf(title).has(kept.length)).toBe(true);
  });
});

describe('what is refused at once', () => {
  test.each([
    [{ token: '' }],
    [{ token: 'short' }],
    [{ token: `${token}\n` }],
    [{ token: undefined }],
    [{ as: 'page' }],
    [{ baseUrl: 'ftp://a.example' }],
    [{ baseUrl: 'https://a:b@a.example' }],
    [{ baseUrl: 'https://a.example/?x=1' }],
    [{ apiKey: token }],
  ])('the options %j', (more) => {
    const made = () => rootlyNotifier({ token, ...more } as RootlyNotifierOptions);
    expect(made).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(made).not.toThrow(token);
  });

  const silent = (as: 'alert' | 'incident') =>
    rootlyNotifier({ token, as, fetch: () => Promise.reject(new Error('asked')) });

  test.each([
    ['alert', ''],
    ['alert', 's-1'],
    ['alert', 'Service:'],
    ['alert', 'Service:a/../b'],
    ['alert', 'Robot:1'],
    ['incident', 'User:1'],
    ['incident', 'EscalationPolicy:1'],
  ] as const)('for an %s the address %j, permanently', async (as, address) => {
    const sending = silent(as).send({ ...message, to: { ...to, address } }, options);
    await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
  });

  test.each(['a/b', 'a?x=1', 'a#b', '%2e%2e'])('the external id %j is one name and no path', async (externalId) => {
    const asked: string[] = [];
    const fetch = async (url: string | URL | Request) => {
      asked.push(String(url));
      return new Response('{}', { status: 404 });
    };
    await expect(rootlyNotifier({ token, fetch }).update?.(externalId, message, options)).rejects.toMatchObject({
      details: { permanent: true },
    });
    expect(asked).toEqual([`https://api.rootly.com/v1/alerts/${encodeURIComponent(externalId)}`]);
  });

  test('an answer that is not that of Rootly, for now', async () => {
    for (const body of ['', '<html>', '{}', '{"data":null}', '{"data":{"id":7}}', `{"x":"${token}"}`]) {
      const notifier = rootlyNotifier({ token, fetch: async () => new Response(body) });
      for (const ask of [() => notifier.send(message, options), () => notifier.update?.('a-1', message, options)]) {
        await expect(ask()).rejects.toMatchObject({
          message: expect.not.stringContaining(token),
          details: { permanent: false },
        });
      }
    }
  });
});
