/**
 * What PagerDuty gets, and what its answers mean.
 */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import type { Message } from '../../src/model/message.ts';
import { type PagerDutyNotifierOptions, pagerDutyNotifier } from '../../src/notifiers/pagerduty.ts';
import { validEvent } from '../support/platforms/pagerduty/events.ts';
import { failureOf } from './channel.ts';
import { aborted, messageWith, patient } from './message.ts';

const routingKey = 'a1b2c3d4e5f6a7b8c9d0a1b2c3d4s3cr';
const token = 'u+s3cretT0ken';
const routingKeys = { default: routingKey };
const rest = { token, from: 'bot@acme.example' };
const options = { idempotencyKey: 'inc-1:4:1', signal: patient };
const at = Date.UTC(2026, 0, 5, 9, 0, 0);

type Sent = {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
};
type Answer = (sent: Sent) => Response;

const taken = () => Response.json({ status: 'success', message: 'Event processed', dedup_key: 'k' }, { status: 202 });
const listing = (...incidents: object[]) => Response.json({ incidents });
const incident = { id: 'PGR0VU2', html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2', service: { id: 'PS1' } };

/** A PagerDuty that answers each request as told, and keeps what it got. */
function pagerDuty(answer: Answer = () => taken(), given: Partial<PagerDutyNotifierOptions> = {}) {
  const calls: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (url, { method = 'GET', headers, body, signal } = {}) => {
    if (signal?.aborted) throw signal.reason;
    const text = typeof body === 'string' ? body : '{}';
    const sent = { url: String(url), method, headers: new Headers(headers), body: JSON.parse(text) };
    calls.push(sent);
    return answer(sent);
  };
  return { calls, notifier: pagerDutyNotifier({ routingKeys, fetch, ...given }) };
}

/** A PagerDuty whose REST API knows `incidents`, and these notes. */
const account = (incidents: readonly object[], notes: readonly string[] = []) =>
  pagerDuty(
    ({ url, method }) => {
      if (url.includes('/enqueue')) return taken();
      if (!url.includes('/notes')) return listing(...incidents);
      return method === 'GET' ? Response.json({ notes: notes.map((content) => ({ content })) }) : Response.json({});
    },
    { rest },
  );

const to = (changes: Partial<Message> = {}, address = 'default') =>
  messageWith({ to: { contact: 'pagerduty', address }, ...changes });
const mirror = (changes: Partial<Message> = {}) => to({ purpose: 'mirror', topic: 'opened', ...changes });
const actionsOf = (calls: readonly Sent[]) => calls.map(({ body }) => body.event_action);

async function sent(changes: Partial<Message> = {}, given: Partial<PagerDutyNotifierOptions> = {}) {
  const { calls, notifier } = pagerDuty(undefined, given);
  const answer = await notifier.send(to(changes), options);
  return { calls, answer, body: calls[0]?.body ?? {} };
}

async function updated(changes: Partial<Message>) {
  const { calls, notifier } = pagerDuty();
  await notifier.update?.('tocsin:default:inc-1', mirror(changes), options);
  return actionsOf(calls);
}

afterEach(() => vi.restoreAllMocks());

describe('what is sent', () => {
  test('a page triggers under the key of its incident', async () => {
    const { calls, answer } = await sent({ body: 'No answer\non 5432', alertCount: 2 });
    expect(answer).toEqual({ externalId: 'tocsin:default:inc-1' });
    expect(calls.map(({ url, method }) => [method, url])).toEqual([
      ['POST', 'https://events.pagerduty.com/v2/enqueue'],
    ]);
    expect(calls[0]?.body).toEqual({
      routing_key: routingKey,
      event_action: 'trigger',
      dedup_key: 'tocsin:default:inc-1',
      payload: {
        summary: 'Database is down',
        source: 'Checkout',
        severity: 'critical',
        timestamp: '2026-01-05T09:00:00.000Z',
        component: 'checkout',
        custom_details: {
          incident: 'inc-1',
          severity: 'SEV1',
          alerts: 2,
          facts: ['SEV1 · Checkout'],
          text: 'No answer\non 5432',
        },
      },
      links: [],
      client: 'Tocsin',
    });
  });

  test('the address chooses the routing key', async () => {
    const other = 'b'.repeat(32);
    const { calls, notifier } = pagerDuty(undefined, { routingKeys: { ...routingKeys, checkout: other } });
    await notifier.send(to({}, 'checkout'), options);
    expect(calls[0]?.body.routing_key).toBe(other);
  });

  test.each(['constructor', '', 'nobody', routingKey])(
    'an address that names no key is permanent: %j',
    async (address) => {
      const { calls, notifier } = pagerDuty();
      const error = await failureOf(notifier.send(to({}, address), options));
      expect(error.details).toEqual({ permanent: true });
      expect(error.message).toContain('Known: default.');
      expect(error.message).not.toContain('s3cr');
      expect(calls).toEqual([]);
    },
  );

  test.each([
    ['us', 'https://events.pagerduty.com/v2/enqueue', 'https://api.pagerduty.com/incidents'],
    ['eu', 'https://events.eu.pagerduty.com/v2/enqueue', 'https://api.eu.pagerduty.com/incidents'],
  ] as const)('an account in the %s is asked there', async (region, events, incidents) => {
    const { calls, notifier } = pagerDuty(({ url }) => (url.includes('/v2/') ? taken() : listing()), { region, rest });
    await notifier.send(to(), options);
    expect(calls.map(({ url }) => url.replace(/\?.*/, ''))).toEqual([events, incidents]);
  });

  test.each([
    ['SEV1', 'low', 'critical'],
    ['SEV2', 'high', 'error'],
    ['SEV3', 'high', 'warning'],
    ['SEV4', 'high', 'info'],
    ['SEV5', 'high', 'info'],
    ['P1', 'high', 'critical'],
    ['P1', 'low', 'warning'],
    ['constructor', 'low', 'warning'],
    [undefined, 'high', 'critical'],
  ] as const)('%s of %s urgency is %s', async (severity, urgency, expected) => {
    expect((await sent({ severity, urgency })).body).toMatchObject({ payload: { severity: expected } });
  });

  test('your own levels go before the usual ones', async () => {
    const severity = { major: 'error', SEV1: 'info' } as const;
    expect((await sent({ severity: 'major' }, { severity })).body).toMatchObject({ payload: { severity: 'error' } });
    expect((await sent({ severity: 'SEV1' }, { severity })).body).toMatchObject({ payload: { severity: 'info' } });
    expect((await sent({ severity: 'SEV2' }, { severity })).body).toMatchObject({ payload: { severity: 'error' } });
  });

  test('actions and links that can be followed go along, all else does not', async () => {
    const { body } = await sent({
      actions: [
        { id: 'acknowledge', label: 'Acknowledge', url: 'https://ops.example/a?b=1' },
        { id: 'escalate', label: 'Escalate' },
      ],
      links: [{ href: 'https://runbook.example/' }, { href: 'javascript:alert(1)', text: 'x' }],
    });
    expect(body.links).toEqual([
      { href: 'https://ops.example/a?b=1', text: 'Acknowledge' },
      { href: 'https://runbook.example/', text: 'https://runbook.example/' },
    ]);
  });

  test('what was bundled is listed, and how many are left out', async () => {
    const bundle = Array.from({ length: 60 }, (_, n) => ({
      deliveryId: 'd',
      title: `Disk ${n}`,
      urgency: 'high' as const,
      line: 'SEV2',
    }));
    const { payload } = (await sent({ bundle })).body as { payload: { custom_details: { bundle: string[] } } };
    expect(payload.custom_details.bundle).toHaveLength(51);
    expect(payload.custom_details.bundle[0]).toBe('Disk 0 · SEV2');
    expect(payload.custom_details.bundle.at(-1)).toBe('and 10 more');
  });

  test('a message without a title is called by its delivery', async () => {
    expect((await sent({ title: ' \u0000 ' })).body).toMatchObject({ payload: { summary: 'inc-1:4:1' } });
  });

  test.each(['canary', 'notice', 'summary', 'handoff', 'verification'] as const)(
    'a message that asks for nothing, such as a %s, pages nobody there',
    async (purpose) => {
      const { calls, answer } = await sent({ purpose, title: 'All is well' });
      expect(answer).toBeUndefined();
      expect(calls.map(({ url }) => url)).toEqual(['https://events.pagerduty.com/v2/change/enqueue']);
      expect(calls[0]?.body).toMatchObject({ routing_key: routingKey, payload: { summary: 'All is well' } });
      expect(calls[0]?.body).not.toHaveProperty('event_action');
    },
  );
});

describe('the key of an incident', () => {
  const keyOf = async (changes: Partial<Message>) => (await sent(changes)).body.dedup_key;

  test('is that of the delivery for what is about no incident', async () => {
    expect(await keyOf({ incidentId: undefined, purpose: 'emergency' })).toBe('tocsin:default:inc-1:4:1');
  });

  test('is as long as PagerDuty takes, and hashed beyond', async () => {
    const longest = 'x'.repeat(255 - 'tocsin:default:'.length);
    expect(await keyOf({ incidentId: longest })).toBe(`tocsin:default:${longest}`);
    const hashed = await keyOf({ incidentId: `${longest}x` });
    expect(hashed).toMatch(/^tocsin:[0-9a-f]{64}$/);
    expect(await keyOf({ incidentId: `${longest}x` })).toBe(hashed);
    expect(await keyOf({ incidentId: `${longest}y` })).not.toBe(hashed);
    expect(await keyOf({ tenant: 'größe' })).toMatch(/^tocsin:[0-9a-f]{64}$/);
  });
});

describe('a mirror follows', () => {
  const first = async (status: Message['status']) => actionsOf((await sent({ purpose: 'mirror', status })).calls);

  test('an incident that is acknowledged already is acknowledged there as well', async () => {
    expect(await first('triggered')).toEqual(['trigger']);
    expect(await first('acknowledged')).toEqual(['trigger', 'acknowledge']);
  });

  test('an incident that is resolved already makes none there, and ends what a lost answer has left', async () => {
    const { calls, answer } = await sent({ purpose: 'mirror', status: 'resolved' });
    expect([actionsOf(calls), answer]).toEqual([['resolve'], undefined]);
  });

  test.each([
    ['triggered', 'opened', ['trigger']],
    ['triggered', 'severity', ['trigger']],
    ['triggered', 'unacknowledged', ['trigger']],
    ['triggered', 'reopened', ['trigger']],
    ['triggered', 'acknowledged', ['trigger']],
    ['triggered', 'note', []],
    ['triggered', 'update', []],
    ['acknowledged', 'acknowledged', ['acknowledge']],
    ['acknowledged', 'severity', ['trigger', 'acknowledge']],
    ['acknowledged', 'unacknowledged', ['trigger', 'acknowledge']],
    ['acknowledged', 'note', ['acknowledge']],
    ['resolved', 'resolved', ['resolve']],
    ['resolved', 'severity', ['resolve']],
    ['resolved', 'note', ['resolve']],
    [undefined, 'severity', ['trigger']],
  ] as const)('when our incident is %s, news of the topic %s send %j', async (status, topic, actions) => {
    expect(await updated({ status, topic })).toEqual(actions);
  });

  test('a page that is said anew follows too', async () => {
    expect(await updated({ purpose: 'update', topic: undefined, status: 'acknowledged' })).toEqual([
      'trigger',
      'acknowledge',
    ]);
    expect(await updated({ purpose: 'update', topic: undefined, status: 'resolved' })).toEqual(['resolve']);
  });

  test('only a mirror is told in notes: a page is said anew whatever its topic', async () => {
    expect(await updated({ purpose: 'update', topic: 'note', status: 'triggered' })).toEqual(['trigger']);
  });

  test('what was answered as a key stays the key, whatever the message is about now', async () => {
    const { calls, notifier } = pagerDuty();
    await notifier.update?.('tocsin:default:d1', mirror({ incidentId: undefined, status: 'resolved' }), options);
    expect(calls[0]?.body.dedup_key).toBe('tocsin:default:d1');
  });
});

describe('with the REST API', () => {
  test('the id and the page of the incident are answered', async () => {
    const { calls, notifier } = account([incident]);
    expect(await notifier.send(mirror(), options)).toEqual({ externalId: 'PGR0VU2', url: incident.html_url });
    expect(calls[1]?.url).toBe(
      'https://api.pagerduty.com/incidents?incident_key=tocsin%3Adefault%3Ainc-1&date_range=all&sort_by=created_at%3Adesc&limit=3&statuses%5B%5D=triggered&statuses%5B%5D=acknowledged',
    );
    expect(calls[1]?.method).toBe('GET');
    expect(Object.fromEntries(calls[1]?.headers ?? [])).toMatchObject({
      accept: 'application/vnd.pagerduty+json;version=2',
      authorization: `Token token=${token}`,
      from: 'bot@acme.example',
    });
  });

  test('what is about no incident is known by its key, under which it can be updated', async () => {
    const { calls, notifier } = account([incident]);
    const emergency = to({ incidentId: undefined, purpose: 'emergency' });
    expect(await notifier.send(emergency, options)).toEqual({ externalId: 'tocsin:default:inc-1:4:1' });
    expect(calls).toHaveLength(1);
  });

  test('an incident that does not show yet is known by its key until an update finds it', async () => {
    expect(await account([]).notifier.send(mirror(), options)).toEqual({ externalId: 'tocsin:default:inc-1' });
    const later = account([incident]).notifier.update?.('tocsin:default:inc-1', mirror({ topic: 'severity' }), options);
    expect(await later).toEqual({ externalId: 'PGR0VU2', url: incident.html_url });
  });

  test('a key that stands for incidents of two services tells nothing, one for two of the same the newest', async () => {
    const other = { ...incident, id: 'PGR0VU3' };
    const answer = async (...incidents: object[]) =>
      (await account(incidents).notifier.send(mirror(), options))?.externalId;
    expect(await answer(incident, { ...other, service: { id: 'PS2' } })).toBe('tocsin:default:inc-1');
    expect(await answer(incident, other)).toBe('PGR0VU2');
  });

  test.each([
    ['fails', () => new Response('down', { status: 503 })],
    ['refuses the token', () => Response.json({ error: { message: token } }, { status: 401 })],
    ['answers something else', () => new Response('<html>')],
  ])('an incident that was made stays made when the API %s', async (_, answer) => {
    const { notifier } = pagerDuty(({ url }) => (url.includes('/v2/') ? taken() : answer()), { rest });
    expect(await notifier.send(mirror(), options)).toEqual({ externalId: 'tocsin:default:inc-1' });
  });

  test('what takes too long to find is left', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(aborted);
    expect(await account([incident]).notifier.send(mirror(), options)).toEqual({ externalId: 'tocsin:default:inc-1' });
  });

  test('an attempt that is called off while it looks rejects', async () => {
    const controller = new AbortController();
    const { notifier } = pagerDuty(
      ({ url }) => {
        if (!url.includes('/v2/')) controller.abort();
        return url.includes('/v2/') ? taken() : new Response(null, { status: 500 });
      },
      { rest },
    );
    await failureOf(notifier.send(mirror(), { ...options, signal: controller.signal }));
  });

  const note = mirror({ topic: 'note', body: 'Rolled back', status: 'acknowledged' });

  test('a note is added where the incident is now, with a mark', async () => {
    const { calls, notifier } = account([incident]);
    const answer = await notifier.update?.('POLD001', note, options);
    expect(answer).toEqual({ externalId: 'PGR0VU2', url: incident.html_url });
    const { url, method, headers, body } = calls.at(-1)!;
    expect([method, url]).toEqual(['POST', 'https://api.pagerduty.com/incidents/PGR0VU2/notes']);
    expect(headers.get('from')).toBe('bot@acme.example');
    expect((body.note as { content: string }).content).toMatch(/^Rolled back\n\(Tocsin [\w-]{12}\)$/);
    expect(actionsOf(calls)).toEqual(['acknowledge', undefined, undefined, undefined]);
  });

  test('a note that is there already is not added again; the same text of another delivery is', async () => {
    const before = account([incident]);
    await before.notifier.update?.('PGR0VU2', note, options);
    const content = (before.calls.at(-1)!.body.note as { content: string }).content;
    const posts = async (idempotencyKey: string) => {
      const { calls, notifier } = account([incident], ['another', content]);
      await notifier.update?.('PGR0VU2', note, { ...options, idempotencyKey });
      return calls.filter(({ method, url }) => method === 'POST' && url.endsWith('/notes')).length;
    };
    expect([await posts('inc-1:4:1'), await posts('inc-1:5:1')]).toEqual([0, 1]);
  });

  test('a note on an incident that has ended goes to the one that is known', async () => {
    const { calls, notifier } = account([]);
    await notifier.update?.('PGR0VU2', { ...note, status: 'resolved' }, options);
    expect(calls.at(-1)?.url).toBe('https://api.pagerduty.com/incidents/PGR0VU2/notes');
    expect(calls[1]?.url).not.toContain('statuses');
  });

  test('a note for an incident that does not show yet is tried again', async () => {
    const error = await failureOf(account([]).notifier.update?.('tocsin:default:inc-1', note, options));
    expect(error.details).toEqual({ permanent: false });
  });

  test('an id that is none leads nowhere else', async () => {
    const { calls, notifier } = account([]);
    await notifier.update?.('../users?x=', note, options);
    expect(calls.at(-1)?.url).toBe('https://api.pagerduty.com/incidents/..%2Fusers%3Fx%3D/notes');
  });

  test('of an acknowledgement that was taken back, which no event can tell, a note tells', async () => {
    const { calls, notifier } = account([incident]);
    const news = mirror({
      topic: 'unacknowledged',
      status: 'triggered',
      title: 'Ana gave it back',
      body: 'long',
      lines: ['SEV1'],
    });
    await notifier.update?.('PGR0VU2', news, options);
    expect(calls[0]?.body.event_action).toBe('trigger');
    expect(calls.at(-1)?.body).toMatchObject({
      note: { content: expect.stringMatching(/^Ana gave it back\nSEV1\n\(/) },
    });
  });

  test('without it a note is left out', async () => {
    const { calls, notifier } = pagerDuty();
    await notifier.update?.('tocsin:default:inc-1', note, options);
    expect(actionsOf(calls)).toEqual(['acknowledge']);
  });

  test('how long it asks to wait is taken from its own header', async () => {
    const limited = new Response('{}', { status: 429, headers: { 'ratelimit-reset': '20' } });
    const { notifier } = pagerDuty(({ url }) => (url.includes('/v2/') ? taken() : limited), { rest });
    const error = await failureOf(notifier.update?.('PGR0VU2', note, options));
    expect(error.details).toEqual({ permanent: false, status: 429, retryAfterMs: 20_000 });
  });

  test('a note that is refused is permanent', async () => {
    const { notifier } = pagerDuty(({ url }) => (url.includes('/v2/') ? taken() : new Response('', { status: 401 })), {
      rest,
    });
    expect((await failureOf(notifier.update?.('PGR0VU2', note, options))).details).toEqual({
      permanent: true,
      status: 401,
    });
  });
});

describe('what an answer means', () => {
  const answering = (body: string, init: ResponseInit) =>
    failureOf(pagerDuty(() => new Response(body, init)).notifier.send(to(), options));

  test('what is not the answer of PagerDuty is tried again', async () => {
    const error = await answering('<html>Sign in</html>', { status: 200 });
    expect(error.details).toEqual({ permanent: false });
    expect(error.message).toContain('(<html>Sign in</html>)');
  });

  test('an acknowledgement that does not get through fails, so that nobody is paged for long', async () => {
    let count = 0;
    const { calls, notifier } = pagerDuty(() => (++count === 1 ? taken() : new Response('', { status: 503 })));
    await failureOf(notifier.send(mirror({ status: 'acknowledged' }), options));
    expect(actionsOf(calls)).toEqual(['trigger', 'acknowledge']);
  });
});

describe('whatever a message says', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .tuple(fc.constantFrom('a', '"', '€', '\ud800', '👩‍👩‍👧', '\n', '<b>', '\u2028'), fc.nat(25_000))
      .map(([text, n]) => text.repeat(n)),
  );
  const href = fc.oneof(
    fc.webUrl(),
    nasty,
    nasty.map((text) => `https://a.example/${text}`),
  );
  const link = fc.record({ href, text: nasty });
  const item = fc.record({
    deliveryId: fc.constant('d'),
    title: nasty,
    line: nasty,
    urgency: fc.constant('high' as const),
  });
  const content = fc.record({
    title: nasty,
    body: nasty,
    lines: fc.array(nasty, { maxLength: 40 }),
    links: fc.array(link, { maxLength: 40 }),
    actions: fc.array(fc.record({ id: fc.constant('acknowledge' as const), label: nasty, url: href }), {
      maxLength: 5,
    }),
    bundle: fc.array(item, { maxLength: 70 }),
    moreText: nasty,
    service: fc.record({ id: fc.constant('checkout'), name: nasty }),
    purpose: fc.constantFrom('step' as const, 'mirror' as const, 'canary' as const),
  });

  test('its event is one that PagerDuty takes', async () => {
    await fc.assert(
      fc.asyncProperty(content, async (changes) => {
        const call = (await sent(changes)).calls[0]!;
        const text = JSON.stringify(call.body);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(512 * 1_024);
        expect(validEvent(new URL(call.url).pathname, text)).toMatchObject({ routing_key: routingKey });
        const { summary } = call.body.payload as { summary: string };
        expect(summary).not.toMatch(/\p{Cc}/u);
        expect(text.isWellFormed() && summary.isWellFormed()).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('its longest one too', async () => {
    const long = '€'.repeat(100_000);
    const links = Array.from({ length: 50 }, () => ({ href: `https://a.example/${'€'.repeat(2_020)}`, text: long }));
    const bundle = Array.from({ length: 99 }, () => ({
      deliveryId: 'd',
      title: long,
      line: long,
      urgency: 'high' as const,
    }));
    const lines = Array.from({ length: 99 }, () => long);
    const { body } = await sent({ title: long, body: long, lines, links, bundle, moreText: long });
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(512 * 1_024);
    expect(validEvent('/v2/enqueue', JSON.stringify(body))).toMatchObject({ event_action: 'trigger' });
    expect((body.payload as { summary: string }).summary).toHaveLength(1_024);
  });

  test('the summary is cut between two characters', async () => {
    const { payload } = (await sent({ title: '👩‍👩‍👧'.repeat(300) })).body as { payload: { summary: string } };
    expect(payload.summary).toMatch(/^(?:👩‍👩‍👧)+…$/u);
    expect(payload.summary.length).toBeGreaterThan(1_010);
  });

  test('whatever PagerDuty answers, no error tells a key or a token', async () => {
    const status = fc.constantFrom(200, 400, 429, 500);
    await fc.assert(
      fc.asyncProperty(
        nasty,
        fc.constantFrom(routingKey, token),
        nasty,
        status,
        async (before, secret, after, code) => {
          const answer = () => new Response(`${before}${secret}${after}`, { status: code });
          const { notifier } = pagerDuty(({ url }) => (url.includes('/v2/') && secret === token ? taken() : answer()), {
            rest,
          });
          const note = mirror({ topic: 'note', body: 'x', status: 'acknowledged' });
          const error = await failureOf(notifier.update?.('tocsin:default:inc-1', note, options));
          expect(error.message).not.toMatch(/s3cr/);
        },
      ),
    );
  });
});

describe('the options', () => {
  const refused = (given: object) => {
    try {
      pagerDutyNotifier({ routingKeys, ...given });
    } catch (error) {
      if (isTocsinError(error, 'INPUT_INVALID')) return error;
      throw error;
    }
    throw new Error('the options were taken');
  };

  test.each([
    ['no routing key', { routingKeys: {} }, '/routingKeys'],
    ['no routing keys at all', { routingKeys: undefined }, '/routingKeys'],
    ['a key that is too short', { routingKeys: { default: 's3cret' } }, '/routingKeys/default'],
    ['a key with a line break', { routingKeys: { default: `${routingKey}\n` } }, '/routingKeys/default'],
    ['a key without a name', { routingKeys: { '': routingKey } }, '/routingKeys/'],
    ['a region that is none', { region: 'de' }, '/region'],
    ['a token with a line break', { rest: { ...rest, token: 's3cret\r\nx: 1' } }, '/rest'],
    ['no token', { rest: { from: rest.from } }, '/rest'],
    ['an address with a line break', { rest: { ...rest, from: 'a@b\r\nx: s3cret' } }, '/rest'],
    ['no address', { rest: { token } }, '/rest'],
    ['a severity that is none', { severity: { SEV1: 'awful' } }, '/severity/SEV1'],
    ['an address of files', { eventsUrl: 'file:///etc' }, '/eventsUrl'],
    ['an address with credentials', { restUrl: 'https://a:s3cret@b.example' }, '/restUrl'],
    ['an address with a query', { restUrl: 'https://b.example?s3cret' }, '/restUrl'],
    ['an option that is not known', { routingKey }, 'routingKey'],
    ['an option of the API that is not known', { rest: { ...rest, email: 'x' } }, 'email'],
  ])('%s is refused, and nothing secret repeated', (_, given, path) => {
    const error = refused(given);
    expect(error.details.problems).toEqual([expect.objectContaining({ path })]);
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/s3cr/);
  });

  test('the notifier says what it is', () => {
    const { send, update, provider, ...rest } = pagerDutyNotifier({ routingKeys, eventsUrl: 'http://localhost:81/' });
    expect(rest).toEqual({
      name: 'pagerduty',
      kind: 'webhook',
      mirrors: 'pagerduty',
      capabilities: { canUpdate: true },
    });
    expect(provider?.('default')).toBe('http://localhost:81');
    expect(pagerDutyNotifier({ routingKeys, name: 'pd-eu' }).name).toBe('pd-eu');
  });
});

test('the moment of an incident is that of its opening', async () => {
  const { body } = await sent({ since: at - 60_000 });
  expect(body).toMatchObject({ payload: { timestamp: '2026-01-05T08:59:00.000Z' } });
});
