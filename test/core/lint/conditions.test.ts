import { expect, test } from 'vitest';
import type { Condition, During } from '../../../src/model/condition.ts';
import { foundIn, messageIn } from './found.ts';

const rule = (when: Condition) => ({ severity: { rules: [{ when, severity: 'SEV1' }] } });
const env = (op: 'equals' | 'notEquals' | 'startsWith' | 'endsWith' | 'contains', value: string): Condition => ({
  field: 'labels.env',
  op,
  value,
});
const load = (op: 'gt' | 'gte' | 'lt' | 'lte', value: number): Condition => ({ field: 'details.load', op, value });
const path = 'severity.rules[0].when';

test('the smallest configuration has no findings', () => {
  expect(foundIn()).toEqual([]);
});

test.each<[string, Condition]>([
  ['two values of one field', { all: [env('equals', 'prod'), env('equals', 'dev')] }],
  ['two values of one label, in a matcher', 'env="prod", env="dev"'],
  ['a matcher and a field test that differ', { all: ['env="prod"', env('equals', 'dev')] }],
  ['a pattern that the value does not match', { all: [env('equals', 'prod'), 'env=~"dev.*"'] }],
  ['a value and its opposite', { all: [env('equals', 'prod'), env('notEquals', 'prod')] }],
  ['a value that is in no list', { all: [env('equals', 'dev'), { field: 'labels.env', op: 'in', value: ['a', 'b'] }] }],
  [
    'a value that is there and missing',
    {
      all: [
        { field: 'body', op: 'exists' },
        { field: 'body', op: 'missing' },
      ],
    },
  ],
  ['a range with nothing in it', { all: [load('gt', 5), load('lte', 5)] }],
  ['two ranges that do not meet', { all: [load('lt', 5), { field: 'details.load', op: 'between', value: [6, 9] }] }],
  ['two ways to begin', { all: [env('startsWith', 'prod'), env('startsWith', 'dev')] }],
  ['two ways to end', { all: [env('endsWith', '-eu'), env('endsWith', '-us')] }],
  ['no value at all', { field: 'labels.env', op: 'in', value: [] }],
  ['no alternative at all', { any: [] }],
  ['what is denied beside it', { all: [env('contains', 'prod'), { not: env('contains', 'prod') }] }],
  ['what is denied of all', { not: { all: [] } }],
  [
    'alternatives that each contradict what stands beside them',
    { all: ['env="prod"', { any: ['env="a"', 'env="b"'] }] },
  ],
])('a condition that wants %s can never hold', (_, when) => {
  expect(foundIn(rule(when))).toEqual([`CONDITION_NEVER_HOLDS ${path}`]);
});

test.each<[string, Condition]>([
  ['one of two values', { any: [env('equals', 'prod'), env('equals', 'dev')] }],
  ['a value that is in the list', { all: [env('equals', 'a'), { field: 'labels.env', op: 'in', value: ['a', 'b'] }] }],
  ['a label that is missing or empty', { all: ['env=""', { field: 'labels.env', op: 'missing' }] }],
  ['a range of one number', { all: [load('gte', 5), load('lte', 5)] }],
  ['one way to begin and a longer one', { all: [env('startsWith', 'prod'), env('startsWith', 'prod-eu')] }],
  ['two parts of one text', { all: [env('contains', 'prod'), env('contains', 'dev')] }],
  ['two fields', { all: ['env="prod"', 'tier="dev"'] }],
  ['one alternative that goes with the rest', { all: ['env="prod"', { any: ['env="a"', 'env="prod"'] }] }],
  [
    'a number or its text',
    {
      any: [
        { field: 'details.n', op: 'equals', value: 5 },
        { field: 'details.n', op: 'equals', value: '5' },
      ],
    },
  ],
])('a condition that wants %s may hold', (_, when) => {
  expect(foundIn(rule(when))).toEqual([]);
});

test('an alternative that can never hold is found where it stands', () => {
  expect(foundIn(rule({ any: ['env="prod"', { all: ['env="a"', 'env="b"'] }] }))).toEqual([
    `CONDITION_NEVER_HOLDS ${path}.any[1]`,
  ]);
});

const window = (rrule: string): During => ({ timeZone: 'UTC', start: '2025-12-01T09:00:00', rrule, duration: '8h' });

test('a window whose rule has ended never opens again', () => {
  const when = (rrule: string): Condition => ({ all: ['env="prod"', { op: 'during', value: window(rrule) }] });
  expect(foundIn(rule(when('FREQ=DAILY;COUNT=10')))).toEqual([`WINDOW_OVER ${path}`]);
  expect(foundIn(rule(when('FREQ=DAILY;UNTIL=20260104')))).toEqual([`WINDOW_OVER ${path}`]);
  expect(foundIn(rule(when('FREQ=DAILY;COUNT=100')))).toEqual([]);
  expect(foundIn(rule(when('FREQ=DAILY')))).toEqual([]);
});

test('what holds outside of a window that has ended holds for ever', () => {
  expect(foundIn(rule({ not: { op: 'during', value: window('FREQ=DAILY;COUNT=10') } }))).toEqual([]);
});

test('a contradiction is told of in words', () => {
  expect(messageIn(rule('env="a", env="b"'))).toBe('its parts contradict each other: this condition can never hold');
  expect(messageIn(rule({ any: [] }))).toBe(
    'an empty list of alternatives holds for nothing: this condition can never hold',
  );
});

test('conditions are looked at wherever they stand', () => {
  const when: Condition = { any: [] };
  expect(
    foundIn({
      severity: { tables: [{ when, table: 'gcp' }] },
      enrichment: [{ set: 'body', template: 'x', when }],
      routes: [{ when, service: 'checkout' }],
      grouping: [{ id: 'g', when, by: ['title'], window: '5m' }],
      suppression: {
        silences: [
          { id: 's', when, from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z', author: 'ana', comment: 'x' },
        ],
        maintenance: [{ id: 'm', when, from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }],
        inhibition: [{ id: 'i', source: when, target: when }],
        rateLimits: [{ id: 'r', when, alerts: 5, within: '1m' }],
      },
    }),
  ).toEqual(
    [
      'severity.tables[0].when',
      'enrichment[0].when',
      'routes[0].when',
      'grouping[0].when',
      'suppression.silences[0].when',
      'suppression.maintenance[0].when',
      'suppression.inhibition[0].source',
      'suppression.inhibition[0].target',
      'suppression.rateLimits[0].when',
    ].map((place) => `CONDITION_NEVER_HOLDS ${place}`),
  );
});
