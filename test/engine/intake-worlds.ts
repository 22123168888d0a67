/**
 * Random worlds for the intake: configurations and events over a vocabulary so small that they meet.
 *
 * Everything is plain data that fast-check can shrink; nothing here runs.
 */
import fc from 'fast-check';
import type { AlertEvent, ConfigInput } from '../../src/index.ts';
import { config, HOUR, MINUTE, T0 } from './world.ts';

type Part<K extends keyof ConfigInput> = NonNullable<ConfigInput[K]>;

const iso = (ms: number) => new Date(ms).toISOString();
const condition = fc.constantFrom(
  'env="dev"',
  'env="prod"',
  'env!="dev"',
  'check=~"Down|Disk"',
  'check="Down"',
  'rack=~"r.*"',
  'host="a"',
);
const field = fc.constantFrom('labels.host', 'labels.rack', 'labels.check', 'labels.env', 'source');
const minutes = (from: number, to: number) => fc.integer({ min: from, max: to }).map((count) => `${count}m`);
const service = fc.constantFrom('checkout', 'search', 'db');

const route = fc.record(
  {
    service,
    when: condition,
    serviceFrom: fc.constantFrom('labels.host', 'labels.service'),
    dedupFields: fc.uniqueArray(field, { minLength: 1, maxLength: 2 }),
    holdFor: minutes(1, 3),
    reopenWithin: minutes(5, 60),
    autoResolveAfter: minutes(5, 40),
    merge: fc.constant({ title: 'last', labels: 'append' } as const),
  },
  { requiredKeys: ['service'] },
);

const grouping = fc.record(
  {
    by: fc.uniqueArray(field, { minLength: 1, maxLength: 2 }),
    window: minutes(2, 20),
    when: condition,
    rolling: fc.boolean(),
    acrossServices: fc.boolean(),
    joinDependants: fc.boolean(),
    threshold: fc.record({ alerts: fc.integer({ min: 2, max: 3 }), within: minutes(2, 10) }),
  },
  { requiredKeys: ['by', 'window'] },
);

const span = fc
  .tuple(fc.integer({ min: -10, max: 60 }), fc.integer({ min: 1, max: 60 }))
  .map(([from, lasts]) => ({ from: iso(T0 + from * MINUTE), until: iso(T0 + (from + lasts) * MINUTE) }));
const atEnd = fc.constantFrom('reroute', 'let-be');

const silence = fc.record({ span, when: condition, atEnd }).map(({ span: at, ...rest }) => ({
  ...at,
  ...rest,
  author: 'ana',
  comment: 'c',
}));
const maintenance = fc.oneof(
  fc
    .record({ span, services: fc.constant<string[]>(['checkout']), atEnd })
    .map(({ span: at, ...rest }) => ({ ...at, ...rest })),
  fc.record({
    when: condition,
    atEnd,
    recurring: fc.constantFrom(5, 25).map((minute) => ({
      timeZone: 'Europe/Berlin',
      start: `2026-01-06T11:${String(minute).padStart(2, '0')}:00`,
      rrule: 'FREQ=HOURLY',
      duration: '15m',
    })),
  }),
);
const inhibition = fc.record(
  { source: condition, target: condition, equal: fc.uniqueArray(field, { maxLength: 1 }), missingAgrees: fc.boolean() },
  { requiredKeys: ['source', 'target'] },
);
const rateLimit = fc.record(
  { alerts: fc.integer({ min: 1, max: 3 }), within: minutes(2, 10), when: condition },
  { requiredKeys: ['alerts', 'within'] },
);
const extraction = fc.constantFrom<Part<'enrichment'>[number]>(
  { set: 'labels.host', from: 'title', pattern: 'on ([a-c])' },
  { set: 'service', from: 'labels.host', table: { a: 'search', b: 'db' } },
  { set: 'severity', from: 'labels.check', table: { Down: 'critical' }, otherwise: 'warning' },
  { set: 'dedupKey', template: '{{labels.host}}/{{labels.check}}', overwrite: false },
);
const rule = fc.record({ when: condition, severity: fc.constantFrom('SEV1', 'SEV2', 'SEV3') });

const named = <T extends object>(name: string, items: readonly T[]) =>
  items.map((item, place) => ({ id: `${name}${place}`, ...item }));
const few = <T>(item: fc.Arbitrary<T>, maxLength = 2) => fc.array(item, { maxLength });

/** A configuration that is accepted. */
export const anyConfig: fc.Arbitrary<ConfigInput> = fc
  .record({
    routes: few(route, 3),
    grouping: few(grouping),
    silences: few(silence),
    maintenance: few(maintenance, 1),
    inhibition: few(inhibition),
    rateLimits: few(rateLimit, 1),
    enrichment: few(extraction),
    rules: few(rule, 3),
    strategy: fc.constantFrom('first', 'highest'),
  })
  .map(
    ({
      routes,
      grouping: groups,
      silences,
      maintenance: windows,
      inhibition: mutes,
      rateLimits,
      enrichment,
      rules,
      strategy,
    }) =>
      config({
        services: [
          { id: 'checkout', escalationPolicy: 'default', dependsOn: ['db'] },
          { id: 'search', escalationPolicy: 'default', dependsOn: ['db'] },
          { id: 'db', escalationPolicy: 'default' },
        ],
        routes: named('route', routes) as Part<'routes'>,
        grouping: named('group', groups) as Part<'grouping'>,
        enrichment,
        severity: { strategy, rules: named('rule', rules) },
        suppression: {
          silences: named('silence', silences),
          maintenance: named('window', windows),
          inhibition: named('mute', mutes),
          rateLimits: named('limit', rateLimits) as NonNullable<Part<'suppression'>['rateLimits']>,
        },
      }),
  );

const labels = fc.record(
  {
    env: fc.constantFrom('dev', 'prod'),
    check: fc.constantFrom('Down', 'Disk', 'Slow'),
    host: fc.constantFrom('a', 'b', 'search'),
    rack: fc.constantFrom('r1', 'r2'),
  },
  { requiredKeys: [] },
);

/** An event of one of four keys, or of a key that is worked out. */
export const anyEvent: fc.Arbitrary<AlertEvent> = fc
  .record(
    {
      action: fc.constantFrom('trigger', 'trigger', 'trigger', 'resolve', 'acknowledge', 'change'),
      dedupKey: fc.constantFrom('k1', 'k2', 'k3', 'k4'),
      title: fc.constantFrom('Disk on a', 'Down on b', 'Slow'),
      labels,
      severity: fc.constantFrom('critical', 'error', 'info'),
      service,
      routeKey: fc.constantFrom('r', 'q'),
      occurredAt: fc.integer({ min: -30, max: 60 }).map((minute) => new Date(T0 + minute * MINUTE)),
    },
    { requiredKeys: ['action', 'title', 'labels'] },
  )
  .map((event) => event as AlertEvent);

/** How many minutes pass. */
export const anyPause = fc.constantFrom(0, 0, 0, 1, 2, 5, 7, 30).map((count) => count * MINUTE);
/** The longest that anything of such a configuration lasts. */
export const LONG = 3 * HOUR;
