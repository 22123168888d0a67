import { expect, test } from 'vitest';
import type { Condition } from '../../../src/model/condition.ts';
import { policy } from '../config/smallest.ts';
import { findingsIn, foundIn, messageIn } from './found.ts';

const exists = (field: string): Condition => ({ field, op: 'exists' });
const rule = (when: Condition) => ({ severity: { rules: [{ when, severity: 'SEV1' }] } });
const gate = (when: Condition) => ({ escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], when }] })] });
const services = (more: object) => ({ services: [{ id: 'checkout', escalationPolicy: 'default', ...more }] });

test.each(['title', 'labels', 'labels.anything', 'details.a.b', 'occurredAtMs', 'service.id', 'service.dependants'])(
  'an event may have %s',
  (field) => {
    expect(foundIn(rule(exists(field)))).toEqual([]);
  },
);

test.each([
  ['sevrity', 'Did you mean severity?'],
  ['Title', 'Did you mean title?'],
  ['team', 'Did you mean labels.team?'],
])('no event has %s', (field, hint) => {
  const [finding] = findingsIn(rule(exists(field)));
  expect(finding).toMatchObject({
    code: 'FIELD_UNKNOWN',
    path: 'severity.rules[0].when.field',
    message: `no event has such a field: ${JSON.stringify(field)} is always missing`,
  });
  expect(finding?.hint).toBe(hint);
});

test('what is misspelt before the first dot is found as well', () => {
  expect(findingsIn(rule(exists('lables.env')))[0]?.hint).toBe('Did you mean labels.env?');
  expect(findingsIn(rule(exists('service.teir')))[0]?.hint).toBe('Did you mean service.tier?');
});

test('fields are looked at wherever they are named, deep in conditions as well', () => {
  const found = foundIn({
    severity: {
      rules: [{ when: { all: ['env="x"', { not: exists('nope') }] }, severity: 'SEV1' }],
      tables: [{ from: 'nope', table: 'gcp' }],
    },
    enrichment: [
      { set: 'body', from: 'nope' },
      { set: 'labels.a', from: 'title', pattern: '(?P<host>x)', template: '{{host}} {{1}} {{nope}}' },
      { set: 'labels.b', from: '/raw/nope' },
    ],
    routes: [{ service: 'checkout', serviceFrom: 'nope', dedupFields: ['title', 'nope', 'service.id'] }],
    grouping: [{ id: 'g', by: ['labels.x', 'nope'], window: '5m' }],
    suppression: { inhibition: [{ id: 'i', source: 'a="1"', target: 'a="2"', equal: ['nope'] }] },
  });
  expect(found).toEqual(
    [
      'severity.rules[0].when.all[1].not.field',
      'severity.tables[0].from',
      'enrichment[0].from',
      'enrichment[1].template',
      'routes[0].serviceFrom',
      'routes[0].dedupFields[1]',
      'routes[0].dedupFields[2]',
      'grouping[0].by[1]',
      'suppression.inhibition[0].equal[0]',
    ].map((path) => `FIELD_UNKNOWN ${path}`),
  );
});

test('a gate is asked about an incident, which has other fields than an event', () => {
  const path = 'escalationPolicies[0].steps[0].when.field';
  expect(foundIn(gate(exists('alertCount')))).toEqual([]);
  expect(foundIn(gate(exists('labels.env')))).toEqual([]);
  expect(foundIn(gate(exists('title')))).toEqual([`FIELD_UNKNOWN ${path}`]);
  expect(foundIn(gate(exists('service.tier')))).toEqual([`FIELD_UNKNOWN ${path}`]);
  expect(foundIn(rule(exists('alertCount')))).toEqual(['FIELD_UNKNOWN severity.rules[0].when.field']);
});

test('impact that no extraction sets may come from a person only', () => {
  const when = { field: 'impact', op: 'equals', value: 'high' } as const;
  expect(foundIn(rule(when))).toEqual(['FACTOR_UNSET severity.rules[0].when.field']);
  expect(messageIn(rule(when))).toContain('only a person who opens one may give it');
  expect(messageIn({ routes: [{ service: 'checkout', when }] })).toContain('always missing here');
  expect(foundIn({ ...rule(when), enrichment: [{ set: 'impact', from: 'labels.impact' }] })).toEqual([]);
});

test('a matrix whose factors no extraction sets may never decide for alerts', () => {
  const severity = { matrix: [{ impact: 'high', timePressure: 'high', severity: 'SEV1' }] };
  expect(foundIn({ severity })).toEqual(['FACTOR_UNSET severity.matrix']);
  expect(messageIn({ severity, enrichment: [{ set: 'impact', from: 'labels.i' }] })).toContain('sets timePressure:');
  const enrichment = ['impact', 'timePressure'].map((set) => ({ set, from: 'labels.x' }));
  expect(foundIn({ severity, enrichment })).toEqual([]);
});

test('facts of services are missing where no service has them', () => {
  const path = 'severity.rules[0].when.field';
  expect(foundIn(rule(exists('service.tier')))).toEqual([`SERVICE_FACT_UNSET ${path}`]);
  expect(foundIn({ ...rule(exists('service.tier')), ...services({ tier: 1 }) })).toEqual([]);
  expect(foundIn(rule(exists('service.team')))).toEqual([`SERVICE_FACT_UNSET ${path}`]);
  const teams = [{ id: 'payments', members: ['ana'] }];
  expect(foundIn({ ...rule(exists('service.team')), teams, ...services({ team: 'payments' }) })).toEqual([]);
});
