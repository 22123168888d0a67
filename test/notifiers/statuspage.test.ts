/**
 * What Statuspage is asked, within its limits, and what it is never asked.
 */
import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import type { PublicFacts } from '../../src/model/message.ts';
import { type StatuspageNotifierOptions, statuspageNotifier } from '../../src/notifiers/statuspage.ts';
import { type ChannelAnswer, type NotifierFixture, sampleMessage, testNotifier } from '../../src/testing/index.ts';
import { strangers } from '../core/text/strangers.ts';
import { statuspagePlatform } from '../support/platforms/statuspage.ts';
import { recording } from './channel.ts';
import { messageWith, patient } from './message.ts';
import { bitten, PUBLIC_SABOTEURS, SEND_SABOTEURS, UPDATE_SABOTEURS } from './saboteurs.ts';

const pageId = 'kctbh9vrtdwd';
const apiKey = '89a229ce1a8dbcf9ff30430fbe35eb4c';
const pages = { main: { pageId, apiKey } };
const to = { contact: 'status', address: 'main' };
const options = { idempotencyKey: 'k1', signal: patient };
const facts: PublicFacts = {
  title: 'Checkout is slow',
  status: 'investigating',
  components: {},
  updates: [{ id: '4', at: 0, status: 'investigating', text: 'We are looking into it.' }],
};
const message = messageWith({ to, purpose: 'mirror', topic: 'update', publicFacts: facts });
const STATUS = { fails: 503, refuses: 403, busy: 420 } as const;

/** A page that does as it is told, and repeats the key in its errors. */
const open = async (): Promise<NotifierFixture> => {
  const platform = await statuspagePlatform({ pageId, apiKey });
  return {
    notifier: statuspageNotifier({ pages, baseUrl: platform.baseUrl }),
    message: sampleMessage({ to, title: 'Checkout is slow', publicFacts: facts }),
    answer(how: ChannelAnswer) {
      if (how === 'takes') platform.overrule(undefined);
      else if (how === 'hangs') platform.overrule('hangs');
      else {
        const headers = how === 'busy' ? { 'retry-after': '60' } : {};
        platform.overrule({ status: STATUS[how], headers, body: { error: `no: OAuth ${apiKey}` } });
      }
    },
    received: () => platform.asked.filter(({ method }) => method !== 'GET').map(({ body }) => ({ text: body })),
    shown: () => platform.incidents.map((incident) => JSON.stringify(incident)),
    busyMs: 60_000,
    secrets: [apiKey],
    close: () => platform.close(),
  };
};

expect(testNotifier(test, open, { updates: true, publishes: true })).toEqual([]);

test.each([...SEND_SABOTEURS, ...UPDATE_SABOTEURS, ...PUBLIC_SABOTEURS])(
  '$promise a notifier that $does is found out',
  async (saboteur) => {
    expect(await bitten(saboteur, open, { updates: true, publishes: true })).not.toEqual([]);
  },
);

type Sent = { readonly name: string; readonly body: string };
const NOTHING: Sent = { name: '', body: '' };

/** The body of the incident that is made for `given`. */
async function made(given: Partial<PublicFacts>, more: Partial<StatuspageNotifierOptions> = {}) {
  const { fetch, calls } = recording<Sent>(
    ({ method }) => Response.json(method === 'GET' ? [] : { id: 'p1' }),
    (body): Sent => (body === undefined ? NOTHING : JSON.parse(String(body)).incident),
  );
  const publicFacts = { ...facts, ...given };
  await statuspageNotifier({ pages, fetch, ...more }).send({ ...message, publicFacts }, options);
  return { asked: calls.map(({ method, url }) => `${method} ${url}`), incident: calls.at(-1)?.body ?? NOTHING };
}

describe('the incident', () => {
  test('is looked for among the latest before it is made', async () => {
    const { asked } = await made({});
    expect(asked).toEqual([
      `GET https://api.statuspage.io/v1/pages/${pageId}/incidents?limit=25`,
      `POST https://api.statuspage.io/v1/pages/${pageId}/incidents`,
    ]);
  });

  test('says what was posted, and is known by a hash', async () => {
    const { incident } = await made({});
    expect(incident).toEqual({
      name: 'Checkout is slow',
      status: 'investigating',
      body: 'We are looking into it.',
      deliver_notifications: true,
      metadata: { tocsin: { key: expect.stringMatching(/^tocsin:[0-9a-f]{64}$/), last: '4' } },
    });
    expect(JSON.stringify(incident)).not.toContain(message.incidentId);
  });

  test('names only components that Statuspage knows', async () => {
    const impacts = { checkout: 'major_outage', search: 'partial_outage', constructor: 'major_outage' } as const;
    const { incident } = await made({ components: impacts }, { components: { checkout: 'abc123' } });
    expect(incident).toMatchObject({ components: { abc123: 'major_outage' }, component_ids: ['abc123'] });
    expect((await made({ components: impacts })).incident).not.toHaveProperty('components');
  });

  test('tells nobody when it is not to', async () => {
    const { incident } = await made({}, { deliverNotifications: false });
    expect(incident).toMatchObject({ deliver_notifications: false });
  });
});

test('what a stranger writes is within every limit, and never a tag or a hidden link', async () => {
  const long = fc.oneof(
    { weight: 4, arbitrary: strangers },
    fc.tuple(strangers, fc.integer({ min: 1, max: 3_000 })).map(([text, times]) => `x${text}`.repeat(times)),
  );
  await fc.assert(
    fc.asyncProperty(long, long, async (title, text) => {
      const { incident } = await made({ title, updates: [{ id: '4', at: 0, status: 'identified', text }] });
      for (const [said, max] of [
        [incident.name, 255],
        [incident.body, 25_000],
      ] as const) {
        expect(said.length).toBeLessThanOrEqual(max);
        expect(said.isWellFormed()).toBe(true);
        expect(parseFragment(said).childNodes.every(({ nodeName }) => nodeName === '#text')).toBe(true);
        expect(said).not.toMatch(/\][([:]/);
      }
      expect(incident.name).not.toBe('');
    }),
    { numRuns: 100 },
  );
});

describe('what is refused at once', () => {
  test.each([
    [{ pages: {} }],
    [{ pages: { main: { pageId } } }],
    [{ pages: { main: { pageId, apiKey: 'short' } } }],
    [{ pages: { main: { pageId, apiKey: `${apiKey}\n` } } }],
    [{ pages: { main: { pageId: 'a/b', apiKey } } }],
    [{ pages: { '': { pageId, apiKey } } }],
    [{ components: { checkout: 'a/b' } }],
    [{ components: { checkout: 7 } }],
    [{ deliverNotifications: 'yes' }],
    [{ baseUrl: 'ftp://a.example' }],
    [{ token: apiKey }],
  ])('the options %j', (more) => {
    const making = () => statuspageNotifier({ pages, ...more } as StatuspageNotifierOptions);
    expect(making).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(making).not.toThrow(apiKey);
  });

  const silent = statuspageNotifier({ pages, fetch: () => Promise.reject(new Error('asked')) });

  test.each(['', 'other', 'constructor'])('the address %j, permanently', async (address) => {
    const sending = silent.send({ ...message, to: { ...to, address } }, options);
    await expect(sending).rejects.toMatchObject({ code: 'NOTIFY_FAILED', details: { permanent: true } });
  });

  test('a message without public facts, permanently and unasked', async () => {
    const { publicFacts: _, ...page } = message;
    const refusal = { message: expect.stringContaining('no public facts'), details: { permanent: true } };
    await expect(silent.send(page, options)).rejects.toMatchObject(refusal);
    await expect(silent.update?.('p1', page, options)).rejects.toMatchObject(refusal);
  });

  test.each(['a/b', 'a?x=1', '%2e%2e'])('the external id %j is one name and no path', async (externalId) => {
    const { fetch, calls } = recording(
      () => new Response('{}', { status: 404 }),
      (body) => body,
    );
    await expect(statuspageNotifier({ pages, fetch }).update?.(externalId, message, options)).rejects.toMatchObject({
      details: { permanent: true },
    });
    expect(calls.map(({ url }) => new URL(url).pathname)).toEqual([
      `/v1/pages/${pageId}/incidents/${encodeURIComponent(externalId)}`,
    ]);
  });

  test('a list that cannot be read, for now: what it may hold is not made again', async () => {
    for (const body of ['', '<html>', '{}', `[{"id":"p1","name":"${'x'.repeat(1_100_000)}"}]`]) {
      const { fetch, calls } = recording(
        () => new Response(body),
        (sent) => sent,
      );
      await expect(statuspageNotifier({ pages, fetch }).send(message, options)).rejects.toMatchObject({
        details: { permanent: false },
      });
      expect(calls).toHaveLength(1);
    }
  });
});
