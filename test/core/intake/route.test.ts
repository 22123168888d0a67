import { describe, expect, test } from 'vitest';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { compileRoutes } from '../../../src/core/intake/route.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { type Config, type ConfigInput, configSchema } from '../../../src/model/config.ts';

const config = (parts: Partial<ConfigInput> = {}): Config =>
  configSchema.parse({
    escalationPolicies: [
      { id: 'default', steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }], fallback: [{ user: 'ana' }] },
    ],
    services: [
      { id: 'general', escalationPolicy: 'default' },
      { id: 'checkout', escalationPolicy: 'strict', tier: 1 },
      { id: 'search', escalationPolicy: 'default' },
    ],
    ...parts,
  });

const routed = config({
  routes: [
    {
      id: 'pay',
      when: 'team="payments"',
      service: 'checkout',
      escalationPolicy: 'vip',
      holdFor: '30s',
      dedupFields: ['labels.host'],
      reopenWithin: '1h',
      resolveAfterClear: '10m',
      autoResolveAfter: '1d',
    },
    { when: 'team="search"', service: 'search' },
    { id: 'night', when: { op: 'during', value: { timeZone: 'UTC', until: '06:00' } }, service: 'search' },
    { id: 'cart', when: 'app="cart"', service: 'checkout' },
  ],
});
const NOON = Date.parse('2026-01-05T12:00:00Z');
const decide = (fields: Record<string, unknown>, at = NOON, of = routed) =>
  compileRoutes(of)(cleanEvent({ action: 'trigger', ...fields }), at);

describe('the first route that holds decides', () => {
  test.each([
    [{ team: 'payments' }, 'pay', 'checkout', 'route', 'route "pay" holds'],
    [{ team: 'payments', app: 'cart' }, 'pay', 'checkout', 'route', 'route "pay" holds'],
    [{ team: 'search', app: 'cart' }, 'routes[1]', 'search', 'route', 'route "routes[1]" holds'],
    [{ app: 'cart' }, 'cart', 'checkout', 'route', 'route "cart" holds'],
    [{}, 'catch-all', 'general', 'catch-all', 'no route holds; the first service takes it'],
  ])('%j goes by %s to %s', (labels, routeId, service, decidedBy, reason) => {
    const decision = decide({ labels });
    expect(decision).toMatchObject({ routeId, decidedBy, reason });
    expect(decision.service.id).toBe(service);
  });

  test('at the time of the decision', () => {
    expect(decide({}, Date.parse('2026-01-05T05:59:00Z')).routeId).toBe('night');
    expect(decide({}, Date.parse('2026-01-05T06:00:00Z')).routeId).toBe('catch-all');
  });

  test('a route without a condition takes everything', () => {
    expect(decide({}, NOON, config({ routes: [{ id: 'all', service: 'search' }] }))).toMatchObject({
      routeId: 'all',
      service: { id: 'search' },
    });
  });

  test('without routes the first service takes everything', () => {
    expect(decide({}, NOON, config())).toMatchObject({ routeId: 'catch-all', service: { id: 'general' }, trace: [] });
  });
});

describe('settings', () => {
  test('of the route, durations in ms', () => {
    expect(decide({ labels: { team: 'payments' } })).toEqual({
      routeId: 'pay',
      decidedBy: 'route',
      reason: 'route "pay" holds',
      service: routed.services[1],
      escalationPolicy: 'vip',
      dedupFields: [expect.any(Function)],
      merge: undefined,
      holdForMs: 30_000,
      reopenWithinMs: 3_600_000,
      resolveAfterClearMs: 600_000,
      autoResolveAfterMs: 86_400_000,
      trace: expect.any(Array),
    });
  });

  const DEFAULTS = {
    dedupFields: undefined,
    holdForMs: 0,
    reopenWithinMs: undefined,
    resolveAfterClearMs: 300_000,
    autoResolveAfterMs: undefined,
  };
  test.each([
    [{ labels: { app: 'cart' } }, 'strict'],
    [{ labels: {} }, 'default'],
    [{ service: 'checkout' }, 'strict'],
  ])('of %j are the defaults, and the policy of its service', (fields, escalationPolicy) => {
    expect(decide(fields)).toMatchObject({ ...DEFAULTS, escalationPolicy });
  });

  test('resolveAfterClear falls back to that of all incidents', () => {
    const slow = config({ incidents: { resolveAfterClear: '1h' }, routes: [{ when: 'a=b', service: 'search' }] });
    expect(decide({}, NOON, slow).resolveAfterClearMs).toBe(3_600_000);
    expect(decide({ labels: { a: 'b' } }, NOON, slow).resolveAfterClearMs).toBe(3_600_000);
  });
});

describe('an event that names a service', () => {
  test('goes there, whatever the routes say', () => {
    const decision = decide({ service: 'search', labels: { team: 'payments' } });
    expect(decision).toMatchObject({
      routeId: 'service',
      decidedBy: 'event',
      reason: 'the event names service "search"; no route to it holds',
    });
    expect(decision.service).toBe(routed.services[2]);
    expect(decision.trace.map(({ rule, result }) => [rule, result])).toEqual([
      ['routes[1]', false],
      ['night', false],
    ]);
  });

  test('with the settings of the first route to that service that holds', () => {
    const decision = decide({ service: 'checkout', labels: { team: 'payments', app: 'cart' } });
    expect(decision).toMatchObject({
      routeId: 'pay',
      decidedBy: 'event',
      holdForMs: 30_000,
      reason: 'the event names service "checkout"; route "pay" to it holds',
    });
    expect(decision.trace.map(({ rule }) => rule)).toEqual(['pay']);
    expect(decide({ service: 'checkout', labels: { team: 'search', app: 'cart' } })).toMatchObject({
      routeId: 'cart',
      holdForMs: 0,
    });
  });

  test('that is unknown is routed like any other', () => {
    expect(decide({ service: 'gone', labels: { app: 'cart' } })).toMatchObject({
      routeId: 'cart',
      decidedBy: 'route',
      reason: 'the event names "gone", which is no service; route "cart" holds',
    });
    expect(decide({ service: 'gone' })).toMatchObject({
      routeId: 'catch-all',
      reason: 'the event names "gone", which is no service; no route holds; the first service takes it',
    });
  });
});

describe('the trace', () => {
  test('says why the earlier routes did not hold', () => {
    const { trace } = decide({ labels: { app: 'cart' } });
    expect(trace.map(({ rule, result }) => [rule, result])).toEqual([
      ['pay', false],
      ['routes[1]', false],
      ['night', false],
      ['cart', true],
    ]);
    expect(trace[0]?.condition).toEqual({ result: false, path: 'routes[0].when', asked: 'team="payments"' });
  });

  test('is worked out once', () => {
    const decision = decide({});
    expect(decision.trace).toHaveLength(4);
    expect(decision.trace).toBe(decision.trace);
  });
});

describe('refused', () => {
  const refusal = (of: Config) => {
    try {
      compileRoutes(of);
    } catch (error) {
      if (isTocsinError(error)) return { code: error.code, details: error.details, message: error.message };
    }
    return undefined;
  };

  test('a route to a service that is not there', () => {
    expect(refusal(config({ routes: [{ service: 'search' }, { service: 'gone' }] }))).toEqual({
      code: 'REFERENCE_UNKNOWN',
      details: { path: 'routes[1].service', id: 'gone' },
      message: 'Cannot route to "gone" at routes[1].service: no such service. Add it to services, or name another.',
    });
  });

  test('malformed conditions and dedup fields', () => {
    expect(refusal(config({ routes: [{ when: 'x', service: 'search' }] }))).toMatchObject({
      code: 'RULE_INVALID',
      details: { path: 'routes[0].when' },
    });
    const dedupFields = ['labels.a', 'details.__proto__'];
    expect(refusal(config({ routes: [{ service: 'search', dedupFields }] }))).toMatchObject({
      code: 'RULE_INVALID',
      details: { path: 'routes[0].dedupFields[1]' },
    });
  });

  test('a configuration without services', () => {
    expect(refusal({ ...config(), services: [] })).toMatchObject({
      code: 'CONFIG_INVALID',
      details: { problems: [{ path: 'services', message: 'name at least one service' }] },
      message: 'Cannot route alerts: services is empty. Name at least one service.',
    });
  });
});
