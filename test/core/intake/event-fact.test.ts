import { expect, test } from 'vitest';
import { cleanEvent } from '../../../src/core/intake/clean-event.ts';
import { eventFact } from '../../../src/core/intake/event-fact.ts';
import { compileCondition } from '../../../src/core/rules/index.ts';

const event = cleanEvent({
  action: 'trigger',
  routeKey: 'rk',
  service: 'named',
  dedupKey: 'k',
  title: 'Disk full',
  body: 'b',
  severity: 'critical',
  source: 's',
  labels: { env: 'prod' },
  details: { free: 3 },
  links: [{ href: 'https://example.test' }],
  images: [{ src: 'https://example.test' }],
  occurredAt: 5,
  deliveryId: 'd',
  raw: 'raw',
});

test('a fact is the event without its links, images and raw data', () => {
  expect(eventFact(event)).toEqual({
    action: 'trigger',
    routeKey: 'rk',
    service: 'named',
    dedupKey: 'k',
    title: 'Disk full',
    body: 'b',
    severity: 'critical',
    source: 's',
    labels: { env: 'prod' },
    details: { free: 3 },
    occurredAtMs: 5,
    deliveryId: 'd',
  });
  expect(Object.keys(eventFact(event))).not.toContain('links');
});

test('after routing the service is the one that the event was routed to', () => {
  const fact = eventFact(event, { id: 'checkout', tier: 1, team: 'payments' });
  const holds = (condition: Parameters<typeof compileCondition>[0]) => compileCondition(condition).test(fact, 0);
  expect(holds('service="checkout"')).toBe(true);
  expect(holds({ field: 'service', op: 'equals', value: 'checkout' })).toBe(true);
  expect(holds({ field: 'service.id', op: 'equals', value: 'checkout' })).toBe(true);
  expect(holds({ field: 'service.tier', op: 'lte', value: 1 })).toBe(true);
  expect(holds({ field: 'service.team', op: 'equals', value: 'payments' })).toBe(true);
  expect(holds({ field: 'labels.env', op: 'equals', value: 'prod' })).toBe(true);
});

test('a service without a tier or team misses them', () => {
  const fact = eventFact(event, { id: 'checkout' });
  expect(compileCondition({ field: 'service.tier', op: 'missing' }).test(fact, 0)).toBe(true);
  expect(compileCondition({ field: 'service.team', op: 'missing' }).test(fact, 0)).toBe(true);
  expect(compileCondition({ field: 'service.tier', op: 'missing' }).test(eventFact(event), 0)).toBe(true);
});
