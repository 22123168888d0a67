/**
 * What a webhook of PagerDuty means, who has to have signed it, and what is our own echo.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import { alertEventSchema } from '../../src/model/alert.ts';
import {
  type PagerDutyWebhooksOptions,
  pagerDutyWebhooks,
  verifyPagerDutyWebhook,
} from '../../src/sources/pagerduty-webhooks.ts';

const fixture = (name: string) => readFileSync(`test/fixtures/pagerduty-webhooks/${name}.json`, 'utf8');
const parse = (body: unknown, options: PagerDutyWebhooksOptions = {}) => pagerDutyWebhooks(options).parse(body);

type Fields = Readonly<Record<string, unknown>>;
const integration = { id: 'PXMQRWJ', type: 'inbound_integration_reference', summary: 'Events API V2' };

/** The event of a body about one incident, with whatever a test is about. */
function eventWith(data: Fields, event: Fields = {}, options: PagerDutyWebhooksOptions = {}) {
  const incident = { id: 'PGR0VU2', type: 'incident', title: 'Disk full', urgency: 'high', ...data };
  const about = { id: 'E1', event_type: 'incident.acknowledged', resource_type: 'incident', agent: null, client: null };
  return parse({ event: { ...about, ...event, data: incident } }, options)[0]!;
}

function refusal(body: unknown) {
  try {
    parse(body);
  } catch (error) {
    if (isTocsinError(error, 'PAYLOAD_INVALID')) return error;
    throw error;
  }
  throw new Error('the body was not refused');
}

describe('the bodies that PagerDuty sends', () => {
  test.each([
    ['incident-triggered', 'trigger', 'opened', 'PFQZPSY', 'Test Incident 3', 'high', '2021-06-04T13:35:29.781Z'],
    [
      'incident-acknowledged',
      'acknowledge',
      'acknowledged',
      'PQ1K5C8',
      'Test Incident',
      'high',
      '2021-06-04T13:55:30.394Z',
    ],
    [
      'incident-unacknowledged',
      'trigger',
      'unacknowledged',
      'PQ1K5C8',
      'Test Incident',
      'high',
      '2021-06-04T13:54:23.185Z',
    ],
    ['incident-resolved', 'resolve', 'resolved', 'PCPZE64', 'Test Incident', 'high', '2021-06-04T13:16:53.816Z'],
    ['incident-reopened', 'trigger', 'reopened', 'Q05XJA8GDXGOB3', 'Test Incident 2', 'P3', '2026-04-01T02:15:02.274Z'],
    [
      'signed-priority-updated',
      'change',
      'other',
      'PGR0VU2',
      'A little bump in the road',
      'P1',
      '2021-04-26T17:36:27.458Z',
    ],
    [
      'incident-annotated',
      'change',
      'other',
      'Q3B15VLMF3ASBD',
      'Critical: Checkout API High Latency',
      undefined,
      '2026-04-01T02:18:59.674Z',
    ],
    [
      'incident-workflow-started',
      'change',
      'other',
      'Q3B15VLMF3ASBD',
      'Critical: Checkout API High Latency',
      undefined,
      '2026-04-01T02:51:47.500Z',
    ],
    [
      'incident-triggered-by-us',
      'change',
      'other',
      'Q1KD0TLXG4S1VO',
      'Database is down',
      'high',
      '2026-01-05T09:00:01.000Z',
    ],
    ['incident-merged', 'change', 'other', 'Q1KD0TLXG4S1VO', 'Database is down', 'high', '2026-01-05T09:10:00.000Z'],
  ] as const)('%s: %s, as %s', (name, action, change, id, title, severity, occurredAt) => {
    const [event, ...others] = parse(fixture(name));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ action, dedupKey: id, title, occurredAt, source: 'pagerduty' });
    expect(event?.external).toMatchObject({ platform: 'pagerduty', change });
    expect([event?.external?.ids[0], event?.severity]).toEqual([id, severity]);
    expect(alertEventSchema.safeParse(event).error).toBeUndefined();
  });

  test.each(['ping', 'service-updated'])('%s is about no incident', (name) => {
    expect(parse(fixture(name))).toEqual([]);
  });

  test('everything that is known of an incident goes along', () => {
    expect(parse(fixture('signed-priority-updated'), { users: { PLH1HKV: 'ana' } })).toEqual([
      {
        action: 'change',
        dedupKey: 'PGR0VU2',
        title: 'A little bump in the road',
        severity: 'P1',
        source: 'pagerduty',
        labels: { service: 'API Service', service_id: 'PF9KMXH', team: 'Engineering', priority: 'P1', urgency: 'high' },
        details: { event: 'incident.priority_updated', agent: 'Tenex Engineer', agentType: 'user_reference' },
        links: [{ href: 'https://acme.pagerduty.com/incidents/PGR0VU2', text: 'PagerDuty' }],
        occurredAt: '2021-04-26T17:36:27.458Z',
        deliveryId: '01BWDWL3NYY7LUFPZCC28QUCMK',
        external: { platform: 'pagerduty', ids: ['PGR0VU2'], change: 'other', by: 'ana' },
      },
    ]);
  });

  test('text, bytes and parsed JSON mean the same', () => {
    const body = fixture('incident-acknowledged');
    const events = parse(JSON.parse(body));
    expect(parse(body)).toEqual(events);
    expect(parse(new TextEncoder().encode(body))).toEqual(events);
  });
});

describe('what happened', () => {
  test('the type of the event counts, not the status beside it, which may be newer', () => {
    expect(eventWith({ status: 'resolved' }).action).toBe('acknowledge');
  });

  test('an incident that was merged into another one has not ended', () => {
    const [event] = parse(fixture('incident-merged'));
    expect(event?.body).toBe('It was merged into Q2XYZ0000000AB, where its problem goes on.');
    const resolved = { event_type: 'incident.resolved' };
    expect(eventWith({ resolve_reason: null }, resolved).action).toBe('resolve');
    expect(eventWith({ resolve_reason: { type: 'merge_resolve_reason' } }, resolved).action).toBe('change');
  });

  test('an incident that its service resolved after a time has not ended', () => {
    const by = (type: string, event_type = 'incident.resolved') =>
      eventWith({}, { event_type, agent: { id: 'PF9KMXH', type } });
    expect(by('service_reference')).toMatchObject({
      action: 'change',
      external: { change: 'other' },
      body: 'Its service resolved it after a time, and nobody said that its problem is over.',
    });
    expect(by('service').action).toBe('change');
    expect(by('service_reference', 'incident.unacknowledged').action).toBe('trigger');
    for (const type of ['user_reference', 'inbound_integration_reference', 'x_service_reference'])
      expect(by(type).action).toBe('resolve');
  });

  test('a note says what was written', () => {
    expect(parse(fixture('incident-annotated'))[0]?.body).toMatch(/^Running KILL/);
  });

  test('the key that an incident has goes beside its id', () => {
    const ids = (incident_key: unknown) => eventWith({ incident_key }).external?.ids;
    expect(ids('tocsin:default:inc-1')).toEqual(['PGR0VU2', 'tocsin:default:inc-1']);
    expect(ids('PGR0VU2')).toEqual(['PGR0VU2']);
    for (const none of [null, '', 7, 'x'.repeat(1_025)]) expect(ids(none)).toEqual(['PGR0VU2']);
  });

  test('who did it is told by our id, when it is known', () => {
    const by = (agent: unknown) => eventWith({}, { agent }, { users: { PLH1HKV: 'ana' } }).external?.by;
    expect(by({ id: 'PLH1HKV', type: 'user_reference' })).toBe('ana');
    for (const agent of [{ id: 'P000000' }, { id: 'constructor' }, { id: '__proto__' }, null, 'PLH1HKV']) {
      expect(by(agent)).toBeUndefined();
    }
  });

  test('without the id of an event the header tells deliveries apart', () => {
    const body = { event: { event_type: 'incident.resolved', data: { id: 'PGR0VU2' } } };
    expect(pagerDutyWebhooks().parse(body, { 'x-webhook-id': 'w-1' })[0]?.deliveryId).toBe('w-1');
    expect(eventWith({}).deliveryId).toBe('E1');
  });

  test('a link or a moment that is none is left out', () => {
    const event = eventWith({ html_url: 'javascript:alert(1)' }, { occurred_at: 'yesterday' });
    expect(event).not.toHaveProperty('links');
    expect(event).not.toHaveProperty('occurredAt');
  });
});

describe('what we did ourselves', () => {
  const user = { id: 'PLH1HKV', type: 'user_reference' };
  const ourKey = { incident_key: 'tocsin:default:inc-1' };
  const of = (data: Fields, event: Fields, options: PagerDutyWebhooksOptions = {}) => {
    const { action, external, details } = eventWith(data, event, options);
    const isEcho = (details as Fields).echo === true;
    expect([action, external?.change]).toEqual(isEcho ? ['change', 'other'] : ['acknowledge', 'acknowledged']);
    return isEcho ? 'echo' : 'news';
  };

  test('a trigger carries our name', () => {
    expect(of({}, { agent: integration, client: { name: 'Tocsin' } })).toBe('echo');
    expect(of({}, { agent: integration, client: { name: 'Grafana' } })).toBe('news');
  });

  test('what an integration does to an incident of our key is ours', () => {
    expect(of(ourKey, { agent: integration })).toBe('echo');
    expect(of({ incident_key: 'grafana:1' }, { agent: integration })).toBe('news');
  });

  test('where an incident has no key, the id of our integration says so', () => {
    const ours = ['PXMQRWJ'];
    expect(of({ incident_key: null }, { agent: integration }, { ours })).toBe('echo');
    expect(of({ incident_key: null }, { agent: integration })).toBe('news');
    expect(of({ incident_key: null }, { agent: { ...integration, id: 'POTHER1' } }, { ours })).toBe('news');
  });

  test('what a person does is news, also to an incident of ours', () => {
    expect(of(ourKey, { agent: user })).toBe('news');
    expect(of(ourKey, { agent: user, client: { name: 'Tocsin' } })).toBe('news');
  });

  test.each([
    ['incident.annotated', 'echo'],
    ['incident.priority_updated', 'echo'],
    ['incident.triggered', 'opened'],
    ['incident.acknowledged', 'acknowledged'],
    ['incident.unacknowledged', 'unacknowledged'],
    ['incident.reopened', 'reopened'],
    ['incident.resolved', 'resolved'],
  ])('of the user who writes our notes %s is %s', (event_type, expected) => {
    const { external, details } = eventWith(ourKey, { event_type, agent: user }, { ours: ['PLH1HKV'] });
    expect((details as Fields).echo === true ? 'echo' : external?.change).toBe(expected);
    expect(external?.change).toBe(expected === 'echo' ? 'other' : expected);
  });

  test.each(['unacknowledged', 'reopened'])('nothing of ours can have %s it, whoever it says', (what) => {
    const event = { event_type: `incident.${what}`, agent: integration, client: { name: 'Tocsin' } };
    const { action, external, details } = eventWith(ourKey, event, { ours: ['PXMQRWJ', 'Tocsin'] });
    expect([action, external?.change]).toEqual(['trigger', what]);
    expect(details).not.toHaveProperty('echo');
  });

  test('what nobody did, such as an acknowledgement that ran out, is news', () => {
    expect(of(ourKey, { agent: null })).toBe('news');
  });

  test('a client may be called otherwise', () => {
    expect(of({}, { agent: integration, client: { name: 'Tocsin EU' } }, { ours: ['Tocsin EU'] })).toBe('echo');
  });
});

describe('what cannot be read', () => {
  test.each([
    ['no object', '[]', 'body', 'an array of 0'],
    ['a V2 webhook', '{"messages":[]}', 'event', 'nothing'],
    ['an event that is none', '{"event":"x"}', 'event', '"x"'],
    ['an event without a type', '{"event":{}}', 'event_type', 'nothing'],
    ['no JSON', '{', 'json', 'a PagerDuty webhook (V3)'],
    ['a key that reaches for a prototype', '{"__proto__":{},"event":{}}', 'json', 'a PagerDuty webhook (V3)'],
  ])('%s is refused', (_, body, reason, found) => {
    const error = refusal(body);
    expect(error.details.reason).toBe(reason);
    expect(error.message).toContain(found);
  });

  test('an incident that begins without an id is looked at, one that ends without one ends nothing', () => {
    const nameless = (event_type: string, data: unknown) => parse({ event: { id: 'E1', event_type, data } });
    expect(nameless('incident.triggered', null)).toEqual([
      {
        action: 'trigger',
        dedupKey: 'unreadable:pagerduty',
        title: 'PagerDuty sent an incident that cannot be read',
        body: 'The data of its incident.triggered are null: they name no incident. Look at PagerDuty itself.',
        source: 'pagerduty',
        deliveryId: 'E1',
      },
    ]);
    expect(nameless('incident.reopened', {})[0]?.action).toBe('trigger');
    expect(nameless('incident.resolved', { id: 7 })[0]?.action).toBe('change');
    expect(nameless('incident.acknowledged', { id: ' ' })[0]?.action).toBe('change');
    expect(nameless('incident.action_invocation.created', { type: 'x' })).toEqual([]);
  });

  test('whatever stands in an event, each alert event is valid and parsing has no other outcome', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('PGR0VU2', 'x'.repeat(2_000), 'user_reference'),
    );
    const reference = fc.oneof(value, fc.record({ id: value, type: value, summary: value, name: value }));
    const data = fc.record(
      {
        ...{ id: value, type: fc.oneof(value, fc.constant('incident')), title: value, summary: value, content: value },
        ...{ incident: reference, incident_key: value, html_url: value, service: reference, priority: reference },
        ...{ teams: fc.oneof(value, fc.array(reference)), urgency: value, resolve_reason: reference },
      },
      { requiredKeys: [] },
    );
    const kind = fc.constantFrom('triggered', 'acknowledged', 'unacknowledged', 'resolved', 'reopened', 'annotated');
    const event = fc.record(
      {
        ...{
          event_type: fc.oneof(
            value,
            kind.map((name) => `incident.${name}`),
          ),
          id: value,
          occurred_at: value,
        },
        ...{ agent: reference, client: reference, data: fc.oneof(value, data) },
      },
      { requiredKeys: ['event_type'] },
    );
    fc.assert(
      fc.property(event, (content) => {
        let events: unknown[] = [];
        try {
          events = parse({ event: content }, { users: { PGR0VU2: 'ana' }, ours: ['ours'] });
        } catch (error) {
          if (!isTocsinError(error, 'PAYLOAD_INVALID')) throw error;
        }
        for (const one of events) expect(alertEventSchema.safeParse(one).error).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('the options', () => {
  test.each([
    ['a user who is none', { users: { PLH1HKV: 'not an id!' } }, '/users/PLH1HKV'],
    ['a name that is empty', { ours: [''] }, '/ours/0'],
    ['an option that is not known', { user: {} }, '/'],
  ])('%s is refused', (_, options, path) => {
    let thrown: unknown;
    try {
      pagerDutyWebhooks(options as PagerDutyWebhooksOptions);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'INPUT_INVALID', details: { problems: [expect.objectContaining({ path })] } });
  });
});

describe('the signature', () => {
  // The example of PagerDuty's own library.
  const secret = 'lDQHScfUeXUKaQRNF+8XIiDKZ7XX3itBAYzwU0TARw8lJqRnkKl2iB1anSb0Z+IK';
  const signature = 'v1=0c0b9495b893a39e70d1fea2fe11fbe0a825f88b9f67846f6cc07dd2bc5476cd';
  const body = fixture('signed-priority-updated');
  const headers = { 'Content-Type': 'application/json', 'X-PagerDuty-Signature': signature, 'X-Webhook-Id': 'w-1' };
  const other = '0123456789abcdef0123456789abcdef';

  type Request = Parameters<typeof verifyPagerDutyWebhook>[0];
  const verify = (changes: Partial<Request> = {}) => {
    const outcome = verifyPagerDutyWebhook({ headers, body, secrets: [secret], ...changes });
    return outcome.ok ? 'ok' : outcome.code;
  };
  const signed = (value: string | readonly string[] | undefined) => ({ ...headers, 'X-PagerDuty-Signature': value });
  const macOf = (text: string, key = secret) => `v1=${createHmac('sha256', key).update(text).digest('hex')}`;

  test('the published one is verified, as text and as bytes, and its text is handed on', () => {
    expect(verifyPagerDutyWebhook({ headers, body, secrets: [secret] })).toEqual({ ok: true, text: body });
    expect(verify({ body: Buffer.from(body), headers: new Headers(headers) })).toBe('ok');
  });

  test('one of several is enough while a secret is replaced, on either side', () => {
    expect(verify({ headers: signed(`${macOf(body, other)},${signature}`) })).toBe('ok');
    expect(verify({ headers: signed(`${signature}, ${macOf(body, other)}`) })).toBe('ok');
    expect(verify({ secrets: [other, secret] })).toBe('ok');
    expect(verify({ secrets: [other] })).toBe('forged');
  });

  test.each([
    ['another signature', signed('v1=7020c8a7ec668a9b7012bc3dd82e483394b038f4230acc6785efbf2a7d8bcaf5'), 'forged'],
    ['a signature of another version', signed(signature.replace('v1', 'v2')), 'forged'],
    ['a signature without a version', signed(signature.slice(3)), 'forged'],
    ['a signature in capitals', signed(signature.toUpperCase()), 'forged'],
    ['a signature cut short', signed(signature.slice(0, -1)), 'forged'],
    ['an empty signature', signed(''), 'unsigned'],
    ['no signature', signed(undefined), 'unsigned'],
    ['two headers', signed([signature, signature]), 'duplicate'],
    ['eleven signatures', signed(Array.from({ length: 11 }, () => signature).join(',')), 'malformed'],
    ['a million commas', signed(','.repeat(1_000_000)), 'malformed'],
    ['another content type', { ...headers, 'Content-Type': 'text/plain' }, 'wrong-type'],
  ])('%s is refused', (_, given, code) => {
    expect(verify({ headers: given })).toBe(code);
  });

  test('ten signatures are looked at', () => {
    const bad = Array.from({ length: 9 }, () => 'v1=00');
    expect(verify({ headers: signed([...bad, signature].join(',')) })).toBe('ok');
  });

  test('a body with any bit flipped is forged', () => {
    const bytes = Buffer.from(body);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << bit;
        expect(['forged', 'malformed']).toContain(verify({ body: flipped }));
      }),
      { numRuns: 300 },
    );
  });

  test('a signature with any bit flipped is forged', () => {
    fc.assert(
      fc.property(fc.nat(63), fc.nat(3), (at, bit) => {
        const digits = [...signature.slice(3)];
        digits[at] = (Number.parseInt(digits[at]!, 16) ^ (1 << bit)).toString(16);
        expect(verify({ headers: signed(`v1=${digits.join('')}`) })).toBe('forged');
      }),
    );
  });

  test('a body of another secret does not verify, and what is huge or not UTF-8 is not even hashed', () => {
    expect(verify({ headers: signed(macOf(body, other)) })).toBe('forged');
    expect(verify({ body: 'a'.repeat(1_048_577) })).toBe('too-large');
    expect(verify({ body: Uint8Array.of(0x61, 0xff) })).toBe('malformed');
  });

  test('a request that is sent again verifies again, and has the same delivery id, whatever its header says', () => {
    const again = { ...headers, 'X-Webhook-Id': 'w-2' };
    expect(verify({ headers: again })).toBe('ok');
    const ids = ['w-1', 'w-2'].map((id) => pagerDutyWebhooks().parse(body, { 'x-webhook-id': id })[0]?.deliveryId);
    expect(ids).toEqual(['01BWDWL3NYY7LUFPZCC28QUCMK', '01BWDWL3NYY7LUFPZCC28QUCMK']);
  });

  test.each([[[]], [['']], [['short']], [[secret, '']]])(
    'a secret that could be guessed is a mistake of the host',
    (secrets) => {
      expect(() => verify({ secrets })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
      expect(() => verify({ secrets })).not.toThrow(secret);
    },
  );
});
