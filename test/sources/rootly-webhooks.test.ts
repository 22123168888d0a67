/**
 * What a webhook of Rootly means, who sent it, and what is not believed.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import { alertEventSchema } from '../../src/model/alert.ts';
import { rootlyWebhooks, verifyRootlyWebhook } from '../../src/sources/rootly-webhooks.ts';

const source = rootlyWebhooks({ users: { 'lee@example.org': 'lee', '7': 'ana' } });
const fixture = (name: string) => readFileSync(`test/fixtures/rootly-webhooks/${name}.json`, 'utf8');
const THEN = '2024-05-01T09:00:00.000Z';
const bodyOf = (type: unknown, data: object = {}) => ({ event: { id: 'e1', type }, data: { id: 'r1', ...data } });
const eventOf = (type: unknown, data?: object) => source.parse(bodyOf(type, data))[0]!;

describe('the bodies that Rootly sends', () => {
  test('an incident that was resolved', () => {
    expect(source.parse(fixture('incident-resolved'))).toEqual([
      {
        action: 'resolve',
        dedupKey: '9f0c1d2e-0000-4000-8000-000000000002',
        title: 'Checkout latency above threshold',
        source: 'rootly',
        details: { type: 'incident.resolved', status: 'resolved' },
        occurredAt: '2024-05-01T10:00:00.000Z',
        deliveryId: '72b2a1b0-0000-4000-8000-000000000001',
        external: { platform: 'rootly', ids: ['9f0c1d2e-0000-4000-8000-000000000002'], change: 'resolved' },
      },
    ]);
  });

  test('an incident that was created', () => {
    expect(source.parse(fixture('incident-created'))[0]).toMatchObject({
      action: 'trigger',
      title: 'Checkout is slow',
      severity: 'sev1',
      links: [{ href: 'https://rootly.example/account/incidents/19-checkout-is-slow', text: 'Rootly' }],
      external: { ids: ['b7eed587-50e6-44fe-b010-7a2bb05d737a'], change: 'opened', by: 'lee' },
    });
  });

  test('an alert that was created', () => {
    expect(source.parse(fixture('alert-created'))[0]).toMatchObject({
      action: 'trigger',
      title: 'db-2 has little memory left',
      occurredAt: '2022-11-27T19:15:29.546-08:00',
      external: { ids: ['13c82722-ec52-4eda-aaa2-771f7c81c01c', 'Q1IC19Z6U7MIQB'], change: 'opened' },
    });
  });

  test.each([
    ['incident.created', {}, 'trigger', 'opened'],
    ['incident.created', { kind: 'normal_sub', status: 'in_triage' }, 'trigger', 'opened'],
    ['incident.created', { status: 'resolved' }, 'resolve', 'resolved'],
    ['incident.created', { status: 'scheduled' }, 'change', 'other'],
    ['incident.created', { kind: 'scheduled_sub' }, 'change', 'other'],
    ['incident.created', { kind: 'test' }, 'change', 'other'],
    ['incident.created', { kind: 'example_sub' }, 'change', 'other'],
    ['incident.created', { kind: 'backfilled', status: 'resolved' }, 'change', 'other'],
    ['incident.updated', { status: 'acknowledged', acknowledged_at: THEN }, 'acknowledge', 'acknowledged'],
    ['incident.updated', { status: 'mitigated', mitigated_at: THEN }, 'acknowledge', 'acknowledged'],
    ['incident.updated', { status: 'closed', closed_at: THEN }, 'resolve', 'resolved'],
    ['incident.updated', { status: 'acknowledged' }, 'change', 'other'],
    ['incident.updated', { status: 'acknowledged', acknowledged_at: 'yesterday' }, 'change', 'other'],
    ['incident.updated', { status: 'resolved', acknowledged_at: THEN }, 'change', 'other'],
    ['incident.updated', { status: 'started', started_at: THEN }, 'change', 'other'],
    ['incident.updated', { status: 'created', created_at: THEN }, 'change', 'other'],
    ['incident.updated', {}, 'change', 'other'],
    ['incident.in_triage', {}, 'change', 'other'],
    ['incident.mitigated', { mitigated_at: THEN }, 'acknowledge', 'acknowledged'],
    ['incident.mitigated', {}, 'change', 'other'],
    ['incident.resolved', {}, 'resolve', 'resolved'],
    ['incident.cancelled', {}, 'resolve', 'resolved'],
    ['incident.deleted', {}, 'resolve', 'resolved'],
    ['alert.created', {}, 'trigger', 'opened'],
    ['alert.created', { ended_at: '2022-11-27T19:15:29.546-08:00' }, 'resolve', 'resolved'],
    ['alert.created', { status: 'resolved' }, 'resolve', 'resolved'],
    ['alert.acknowledged', {}, 'acknowledge', 'acknowledged'],
    ['alert.resolved', {}, 'resolve', 'resolved'],
    ['alert.updated', { status: 'resolved', resolved_at: THEN }, 'change', 'other'],
    ['alert.updated', { status: 'acknowledged', acknowledged_at: THEN }, 'change', 'other'],
    ['alert.constructor', {}, 'change', 'other'],
  ])('%s with %j', (type, data, action, change) => {
    const event = eventOf(type, data);
    expect([event.action, event.external?.change]).toEqual([action, change]);
  });

  test('what an update shows happened when its status was reached, not when the update was told', () => {
    const toldAt = (type: string, data: object) =>
      source.parse({ event: { type, issued_at: '2024-05-01T10:00:00.000Z' }, data: { id: 'r1', ...data } })[0]
        ?.occurredAt;
    expect(toldAt('incident.updated', { status: 'acknowledged', acknowledged_at: THEN })).toBe(THEN);
    expect(toldAt('incident.mitigated', { mitigated_at: THEN })).toBe(THEN);
    expect(toldAt('incident.updated', { status: 'acknowledged' })).toBe('2024-05-01T10:00:00.000Z');
    expect(toldAt('incident.resolved', { resolved_at: THEN })).toBe('2024-05-01T10:00:00.000Z');
  });

  test.each(['incident.scheduled.created', 'incident_post_mortem.published', 'pulse.created', 'x'])(
    '%s is a change of nothing that is mirrored',
    (type) => {
      const event = eventOf(type);
      expect(event).toMatchObject({ action: 'change', dedupKey: 'r1', title: `Rootly ${type}` });
      expect(event).not.toHaveProperty('external');
    },
  );

  test('an alert is known by every name that it has', () => {
    const data = {
      external_id: 'x1',
      deduplication_key: 'x2',
      short_id: 'AB1',
      labels: [{ key: 'tocsin', value: 'x3' }],
    };
    expect(eventOf('alert.resolved', data).external?.ids).toEqual(['r1', 'x1', 'x2', 'AB1', 'x3']);
    expect(eventOf('incident.resolved', { labels: { tocsin: 'x3' } }).external?.ids).toEqual(['r1', 'x3']);
    expect(eventOf('alert.resolved', { external_id: 'x'.repeat(1_025) }).external?.ids).toEqual(['r1']);
  });
});

describe('what is ours', () => {
  test.each([
    ['an alert with our key', 'alert.created', { deduplication_key: 'tocsin:default:i1' }],
    ['an alert with our label', 'alert.created', { labels: [{ key: 'tocsin', value: 'tocsin:default:i1' }] }],
    ['an incident with our label', 'incident.created', { labels: { tocsin: 'tocsin:default:i1' } }],
  ])('%s was made by us', (_, type, data) => {
    expect(eventOf(type, data)).toMatchObject({ action: 'change', external: { change: 'other' } });
  });

  test('what people do to our mirror is news, and what the owner of our key does is none', () => {
    const data = {
      deduplication_key: 'tocsin:default:i1',
      resolved_by: { id: 7, email: 'bot@example.org', name: 'Bot' },
    };
    expect(eventOf('alert.resolved', data)).toMatchObject({ action: 'resolve', external: { by: 'ana' } });
    for (const name of ['bot@example.org', 'Bot', '7']) {
      const [event] = rootlyWebhooks({ ours: [name] }).parse(bodyOf('alert.resolved', data));
      expect(event).toMatchObject({ action: 'change', external: { change: 'other' } });
    }
  });

  test('people must be ids of ours', () => {
    expect(() => rootlyWebhooks({ users: { a: '' } })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

describe('what cannot be read', () => {
  test.each([
    ['not JSON', '{"event": : {}}'],
    ['a list', []],
    ['no event', { data: { id: 'r1' } }],
    ['an event without a type', { event: {}, data: { id: 'r1' } }],
    ['no data', { event: { type: 'alert.created' } }],
    ['data without an id', { event: { type: 'alert.created' }, data: { id: 7 } }],
    ['a body that reaches for a prototype', '{"event":{"type":"x"},"data":{"id":"r","constructor":{"prototype":{}}}}'],
  ])('%s is refused', (_, body) => {
    expect(() => source.parse(body)).toThrow(expect.objectContaining({ code: 'PAYLOAD_INVALID' }));
  });

  test('whatever arrives is one valid event, or refused in one way', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const types = fc.constantFrom('incident.updated', 'alert.created', 'alert.resolved', 'pulse.created');
    const event = fc.record({ id: json, type: fc.oneof(types, json), issued_at: json }, { requiredKeys: [] });
    const data = fc.record(
      {
        id: fc.oneof(fc.string(), json),
        title: json,
        summary: json,
        status: fc.oneof(fc.constantFrom('resolved', 'acknowledged'), json),
        labels: json,
        external_id: json,
        url: json,
        severity: json,
        resolved_by: json,
        resolved_at: fc.oneof(fc.constant(THEN), json),
        kind: json,
      },
      { requiredKeys: [] },
    );
    const bodies = fc.oneof(json, fc.string(), fc.record({ event: fc.oneof(event, json), data: fc.oneof(data, json) }));
    fc.assert(
      fc.property(bodies, (body) => {
        try {
          const events = source.parse(body);
          expect(events).toHaveLength(1);
          expect(alertEventSchema.safeParse(events[0]).error).toBeUndefined();
        } catch (error) {
          if (!isTocsinError(error, 'PAYLOAD_INVALID')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the signature', () => {
  const secret = 'signing secret of the endpoint';
  const seconds = 1_492_774_588;
  const body = fixture('incident-resolved');
  const mac = (text: string | Buffer, given = secret, at: number | string = seconds) =>
    createHmac('sha256', given).update(String(at)).update(text).digest('hex');
  const verify = (signature: string | undefined, changes: object = {}) => {
    const outcome = verifyRootlyWebhook({
      headers: { 'X-Rootly-Signature': signature },
      body,
      secrets: [secret],
      nowMs: seconds * 1_000,
      ...changes,
    });
    return outcome.ok ? outcome.text : outcome.code;
  };

  test('lets the body pass that it was made for', () => {
    expect(verify(`t=${seconds},v1=${mac(body)}`)).toBe(body);
    expect(verify(`t=${seconds}, v1=${mac(body)}`)).toBe(body);
    expect(verify(`t=${seconds},v1=${mac(body)}`, { body: Buffer.from(body) })).toBe(body);
    expect(verify(`t=${seconds},v1=${mac(body)}`, { secrets: ['x'.repeat(16), secret] })).toBe(body);
    expect(verify(`t=${seconds},v1=${'0'.repeat(64)},v1=${mac(body)},v2=x`)).toBe(body);
  });

  test('is good for five minutes, before and after', () => {
    for (const at of [seconds - 300, seconds + 300]) expect(verify(`t=${at},v1=${mac(body, secret, at)}`)).toBe(body);
    for (const at of [seconds - 301, seconds + 301])
      expect(verify(`t=${at},v1=${mac(body, secret, at)}`)).toBe('stale');
    expect(verify(`t=${seconds},v1=${mac(body)}`, { nowMs: Number.NaN })).toBe('stale');
  });

  test('that a digit was moved out of, or into, is none', () => {
    expect(verify(`t=14927745880,v1=${mac('{}', secret, '14927745880')}`, { body: '{}' })).toBe('malformed');
    expect(verify(`t=149277458,v1=${mac('8{}', secret, '149277458')}`, { body: '8{}' })).toBe('malformed');
  });

  test.each([
    [undefined, 'unsigned'],
    ['', 'unsigned'],
    [`v1=${mac(body)}`, 'malformed'],
    [`t=${seconds}`, 'malformed'],
    [`t=${seconds},v1=`, 'malformed'],
    [`t=${seconds},v1=${mac(body).toUpperCase()}`, 'malformed'],
    [`t=${seconds},t=${seconds},v1=${mac(body)}`, 'malformed'],
    [`t=${seconds}junk,v1=${mac(body)}`, 'malformed'],
    [`t= ${seconds},v1=${mac(body)}`, 'malformed'],
    [`t=${seconds}${`,v1=${mac(body)}`.repeat(11)}`, 'malformed'],
    [`t=${seconds},v1=${mac(body)}${',x=y'.repeat(1_000)}`, 'malformed'],
    [`t=${seconds},v1=${mac(body, 'another')}`, 'forged'],
    [`t=${seconds + 1},v1=${mac(body)}`, 'forged'],
  ])('%s is %s', (signature, code) => {
    expect(verify(signature)).toBe(code);
  });

  test('does not fit with any bit of the body, the time or the signature flipped', () => {
    const header = `t=${seconds},v1=${mac(body)}`;
    const flipped = (text: string, at: number, bit: number) => {
      const bytes = Buffer.from(text);
      bytes[at % bytes.length]! ^= 1 << bit;
      return bytes;
    };
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), fc.boolean(), (at, bit, isBody) => {
        const outcome = isBody
          ? verify(header, { body: flipped(body, at, bit) })
          : verify(flipped(header, at, bit).toString('latin1'));
        expect(['forged', 'malformed', 'stale']).toContain(outcome);
      }),
      { numRuns: 1_000 },
    );
  });

  test('needs a secret', () => {
    for (const secrets of [[], [''], ['x'.repeat(15)]]) {
      expect(() => verify(`t=${seconds},v1=${mac(body)}`, { secrets })).toThrow(
        expect.objectContaining({ code: 'INPUT_INVALID' }),
      );
    }
  });
});
