import { expect, test } from 'vitest';
import { lintConfig } from '../../../src/core/lint/lint-config.ts';
import type { Condition } from '../../../src/model/condition.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import { smallest } from '../config/smallest.ts';
import { AT, compiled, foundIn, messageIn } from './found.ts';

type Rules = NonNullable<NonNullable<ConfigInput['severity']>['rules']>;
const rules = (...conditions: Condition[]) => ({
  severity: { rules: conditions.map((when, place) => ({ id: `r${place}`, when, severity: 'SEV2' })) },
});
const field = (
  op: 'equals' | 'in' | 'startsWith' | 'gt' | 'notEquals' | 'matches',
  value: string | number | string[],
): Condition => ({
  field: 'labels.env',
  op,
  value,
});

test.each<[string, Condition, Condition]>([
  ['the same', 'env="prod"', 'env="prod"'],
  ['the same in other words', 'env="prod"', field('equals', 'prod')],
  ['everything', { all: [] }, 'env="prod"'],
  ['less', 'env="prod"', { all: ['team="a"', 'env="prod"'] }],
  ['the same in another order', { all: ['a="1"', 'b="2"'] }, 'b="2", a="1"'],
  ['one of more values', field('in', ['prod', 'dev']), field('equals', 'dev')],
  ['one of more values, in a matcher', 'env=~"prod|dev"', 'env="dev"'],
  ['a pattern that the value matches', field('matches', '^d'), field('equals', 'dev')],
  ['one of more alternatives', { any: ['env="prod"', 'team="a"'] }, { all: ['team="a"', 'tier="1"'] }],
  ['a longer list of alternatives', { any: ['env="a"', 'team="b"', 'x="c"'] }, { any: ['x="c"', 'env="a"'] }],
  ['a shorter beginning', field('startsWith', 'prod'), field('startsWith', 'prod-eu')],
  ['a lower limit', field('gt', 3), field('gt', 5)],
  ['that it is there', { field: 'labels.env', op: 'exists' }, field('startsWith', 'prod')],
  ['that it is another', field('notEquals', 'dev'), field('equals', 'prod')],
])('a rule never decides behind one that wants %s', (_, earlier, later) => {
  expect(foundIn(rules(earlier, later))).toEqual(['RULE_SHADOWED severity.rules[1]']);
});

test.each<[string, Condition, Condition]>([
  ['another value', 'env="prod"', 'env="dev"'],
  ['more', { all: ['team="a"', 'env="prod"'] }, 'env="prod"'],
  ['one of its values', field('equals', 'dev'), field('in', ['prod', 'dev'])],
  ['one of its alternatives', 'env="prod"', { any: ['env="prod"', 'team="a"'] }],
  ['a longer beginning', field('startsWith', 'prod-eu'), field('startsWith', 'prod')],
  ['a higher limit', field('gt', 5), field('gt', 3)],
  [
    'a number instead of its text',
    { field: 'details.n', op: 'equals', value: 5 },
    { field: 'details.n', op: 'equals', value: '5' },
  ],
  ['a pattern that the value does not match', field('matches', '^p'), field('equals', 'dev')],
  ['a field of the event that a label may hide', { field: 'severity', op: 'equals', value: 'page' }, 'severity="page"'],
])('a rule may decide behind one that wants %s', (_, earlier, later) => {
  expect(foundIn(rules(earlier, later))).toEqual([]);
});

test('several rules together can leave nothing for a later one', () => {
  expect(foundIn(rules('env="a"', 'env="b"', field('in', ['a', 'b'])))).toEqual(['RULE_SHADOWED severity.rules[2]']);
  expect(messageIn(rules('env="a"', 'env="b"', { any: ['env="a"', 'env="b"'] }))).toBe(
    'this rule never decides: whenever it holds, r0 and r1 decide',
  );
  expect(foundIn(rules('env="a"', 'env="b"', field('in', ['a', 'b', 'c'])))).toEqual([]);
});

test('with the strategy `highest` only a rule that is at least as severe casts a shadow, wherever it stands', () => {
  const highest = (...list: Rules) => foundIn({ severity: { strategy: 'highest', rules: list } });
  const [any, one] = [{ all: [] }, 'env="prod"'];
  expect(highest({ when: any, severity: 'SEV3' }, { when: one, severity: 'SEV1' })).toEqual([]);
  expect(highest({ when: any, severity: 'SEV1' }, { when: one, severity: 'SEV3' })).toEqual([
    'RULE_SHADOWED severity.rules[1]',
  ]);
  expect(highest({ when: one, severity: 'SEV3' }, { when: any, severity: 'SEV1' })).toEqual([
    'RULE_SHADOWED severity.rules[0]',
  ]);
  expect(highest({ when: one, severity: 'SEV2' }, { when: any, severity: 'SEV2' })).toEqual([]);
  expect(highest({ when: one, severity: 'SEV2' }, { when: one, severity: 'SEV2' })).toEqual([
    'RULE_SHADOWED severity.rules[1]',
  ]);
});

test('of two cells of the matrix for the same pair the second never counts', () => {
  const cell = (impact: string) => ({ impact, timePressure: 'high', severity: 'SEV1' });
  const enrichment = ['impact', 'timePressure'].map((set) => ({ set, from: `labels.${set}` }));
  expect(foundIn({ enrichment, severity: { matrix: [cell('high'), cell('low'), cell('high')] } })).toEqual([
    'MATRIX_CELL_SHADOWED severity.matrix[2]',
  ]);
});

test('a rise to a level of low urgency never pages again', () => {
  const level = (urgency: 'high' | 'low') => ({ id: urgency, urgency, repage: true });
  expect(foundIn({ severity: { levels: [level('high'), level('low')] } })).toEqual([
    'REPAGE_IDLE severity.levels[1].repage',
  ]);
});

const services = [
  { id: 'checkout', escalationPolicy: 'default' },
  { id: 'search', escalationPolicy: 'default' },
];

test('a route behind one to the same service that takes everything takes nothing', () => {
  const routes = [{ service: 'checkout' }, { id: 'prod', when: 'env="prod"', service: 'checkout' }];
  expect(foundIn({ routes })).toEqual(['ROUTE_SHADOWED routes[1]']);
  expect(messageIn({ routes })).toBe(
    'this route takes nothing: whatever it could take, routes[0] to the same service takes before',
  );
  expect(foundIn({ routes: routes.toReversed() })).toEqual([]);
});

test('a route behind one to another service still treats the events that name its service', () => {
  const routes = [{ service: 'checkout' }, { when: 'env="prod"', service: 'search' }];
  expect(foundIn({ services, routes })).toEqual(['ROUTE_FOR_NAMED_ONLY routes[1]']);
  expect(messageIn({ services, routes })).toBe(
    'only events that name the service search themselves reach this route: all others are taken by routes[0] before',
  );
  const bySource = [{ service: 'checkout', serviceFrom: 'labels.app' }, { service: 'checkout' }];
  expect(foundIn({ ...smallest(), routes: bySource })).toEqual(['ROUTE_FOR_NAMED_ONLY routes[1]']);
});

test('groupings and limits behind one that takes everything never apply', () => {
  const grouping = [
    { id: 'a', by: ['title'], window: '5m' },
    { id: 'b', when: 'env="prod"', by: ['body'], window: '5m' },
  ];
  expect(foundIn({ grouping })).toEqual(['GROUPING_SHADOWED grouping[1]']);
  expect(foundIn({ grouping: grouping.toReversed() })).toEqual([]);
  const limits = [
    { id: 'a', alerts: 10, within: '1m' },
    { id: 'b', when: 'env="prod"', alerts: 5, within: '1m' },
  ];
  expect(foundIn({ suppression: { rateLimits: limits } })).toEqual(['RATE_LIMIT_SHADOWED suppression.rateLimits[1]']);
  expect(foundIn({ suppression: { rateLimits: limits.toReversed() } })).toEqual([]);
});

// Of time only the growth is asserted: how long it takes depends on what else the machine does. Alone it takes about a second.
test('ten thousand rules cost about ten times what a thousand cost, not a hundred times', { retry: 2 }, () => {
  const tookFor = (count: number) => {
    const config = compiled(rules(...Array.from({ length: count - 1 }, (_, n) => busyRule(n)), LAST));
    const begunAt = performance.now();
    const found = lintConfig(config, { at: AT });
    const took = performance.now() - begunAt;
    expect(found.map(({ code, path }) => `${code} ${path}`)).toEqual([`RULE_SHADOWED severity.rules[${count - 1}]`]);
    return took;
  };
  tookFor(1_000);
  expect(tookFor(10_000) / tookFor(1_000)).toBeLessThan(40);
});

/** Asks for what every other one asks for, and for something of its own. */
const busyRule = (n: number): Condition => ({
  all: [
    'env="prod"',
    { field: 'title', op: n % 2 === 0 ? 'startsWith' : 'contains', value: `alert ${n} ` },
    { field: 'labels.alertname', op: 'in', value: [`a${n}`, `b${n % 3_000}`] },
    { any: [`team="${n % 10}"`, 'team=~"core.*"'] },
  ],
});
const LAST: Condition = {
  all: ['env="prod"', 'team="1"', 'alertname="a1"', { field: 'title', op: 'equals', value: 'x alert 1 ' }],
};
