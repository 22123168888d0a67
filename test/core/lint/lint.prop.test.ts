/**
 * What is said of conditions is true of every fact of a small world: all combinations of a few values of a few fields, at two moments.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CleanEvent } from '../../../src/core/intake/clean-event.ts';
import { deadParts } from '../../../src/core/lint/lint-conditions.ts';
import { lintConfig } from '../../../src/core/lint/lint-config.ts';
import { partsOf } from '../../../src/core/lint/places.ts';
import { compileCondition } from '../../../src/core/rules/condition.ts';
import { compileSeverity } from '../../../src/core/rules/severity.ts';
import type { Condition } from '../../../src/model/condition.ts';
import { severityConfigSchema } from '../../../src/model/severity.ts';
import { policy } from '../config/smallest.ts';
import { AT, compiled, findingsIn } from './found.ts';

const TEXTS = ['', 'a', 'b', 'ab'];
const NUMBERS = [1, 2, '1', '2', '1e0', null, 'a'];
const MOMENTS = [AT, AT + 12 * 3_600_000];

const facts = [undefined, ...TEXTS].flatMap((env) =>
  [undefined, 'a', 'b'].flatMap((label) =>
    [undefined, 'a', 'b'].flatMap((severity) =>
      [undefined, ...NUMBERS].map((n) => ({
        labels: { ...(env !== undefined && { env }), ...(label !== undefined && { severity: label }) },
        ...(severity !== undefined && { severity }),
        details: { ...(n !== undefined && { n }) },
      })),
    ),
  ),
);

const text = fc.constantFrom(...TEXTS);
const field = fc.constantFrom('labels.env', 'severity', 'labels.severity', 'details.n');
const scalar = fc.constantFrom(...TEXTS, ...NUMBERS);
const limit = fc.constantFrom(0, 1, 1.5, 2, '2');
const atom: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ field, op: fc.constantFrom('equals', 'notEquals'), value: scalar }),
  fc.record({ field, op: fc.constantFrom('in', 'notIn'), value: fc.array(scalar, { maxLength: 4 }) }),
  fc.record({ field, op: fc.constantFrom('contains', 'startsWith', 'endsWith'), value: text }),
  fc.record({ field, op: fc.constant('matches'), value: fc.constantFrom('^a', 'b$', 'a|b', '^$') }),
  fc.record({ field, op: fc.constantFrom('exists', 'missing') }),
  fc.record({ field: fc.constant('details.n'), op: fc.constantFrom('gt', 'gte', 'lt', 'lte'), value: limit }),
  fc
    .constantFrom<[number, number]>([0, 1], [1, 2], [2, 3])
    .map((value): Condition => ({ field: 'details.n', op: 'between', value })),
  fc
    .tuple(
      fc.constantFrom('env', 'severity'),
      fc.constantFrom('=', '!=', '=~', '!~'),
      fc.constantFrom('', 'a', 'b', 'a|b', 'a.*', '|a'),
    )
    .map(([name, op, value]) => `${name}${op}"${value}"`),
  fc.constantFrom('09:00', '18:00').map(
    (from): Condition => ({
      op: 'during',
      value: { timeZone: 'UTC', from, until: from === '09:00' ? '17:00' : '23:00' },
    }),
  ),
  fc.constant<Condition>({
    op: 'during',
    value: { timeZone: 'UTC', start: '2025-12-01T09:00:00', rrule: 'FREQ=DAILY;COUNT=3', duration: '1h' },
  }),
);
const { condition } = fc.letrec<{ condition: Condition; list: Condition[] }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 3, arbitrary: atom },
    { weight: 2, arbitrary: tie('list').map((all): Condition => ({ all })) },
    { weight: 1, arbitrary: tie('list').map((any): Condition => ({ any })) },
    { weight: 1, arbitrary: tie('condition').map((not): Condition => ({ not })) },
  ),
  list: fc.array(tie('condition'), { maxLength: 3 }),
}));

test('a condition of which it is said that it never holds holds for no fact', () => {
  let told = 0;
  fc.assert(
    fc.property(condition, (when) => {
      for (const { path } of deadParts(when, '', AT)) {
        told += 1;
        const { test: holds } = compileCondition(at(when, path));
        expect(facts.some((fact) => MOMENTS.some((moment) => holds(fact, moment)))).toBe(false);
      }
    }),
    { numRuns: 1_200 },
  );
  expect(told).toBeGreaterThan(20);
});

test('a rule of which it is said that it never decides decides for no fact', () => {
  let told = 0;
  const severity = fc.record({
    strategy: fc.constantFrom('first' as const, 'highest' as const),
    rules: fc.array(fc.record({ when: condition, severity: fc.constantFrom('SEV1', 'SEV2') }), {
      minLength: 2,
      maxLength: 5,
    }),
  });
  fc.assert(
    fc.property(severity, (input) => {
      const shadowed = findingsIn({ severity: input }).flatMap(({ code, path }) =>
        code === 'RULE_SHADOWED' ? path : [],
      );
      if (shadowed.length === 0) return;
      told += shadowed.length;
      const { decide } = compileSeverity(severityConfigSchema.parse(input));
      const deciding = new Set(
        facts
          .flatMap((fact) => MOMENTS.map((moment) => decide(fact, moment).decidedBy))
          .flatMap((by) => (by.kind === 'rule' ? by.rule : [])),
      );
      expect(shadowed.filter((rule) => deciding.has(rule))).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(told).toBeGreaterThan(20);
});

test('a route of which it is said that it takes nothing takes nothing, and one for named events only those', () => {
  let told = 0;
  const services = ['checkout', 'search'].map((id) => ({ id, escalationPolicy: 'default' }));
  const route = fc.record({
    when: fc.option(condition, { nil: undefined }),
    service: fc.constantFrom('checkout', 'search'),
    serviceFrom: fc.constantFrom(undefined, undefined, 'labels.env'),
  });
  const events = facts.flatMap((fact): CleanEvent[] =>
    [undefined, 'checkout', 'search'].map((service) => ({
      action: 'trigger',
      routeKey: 'default',
      title: 'it burns',
      links: [],
      images: [],
      ...fact,
      service,
    })),
  );
  fc.assert(
    fc.property(fc.array(route, { minLength: 2, maxLength: 4 }), (list) => {
      const routes = list.map(({ when, service, serviceFrom }) => ({
        service,
        ...(when !== undefined && { when }),
        ...(serviceFrom !== undefined && { serviceFrom }),
      }));
      const config = compiled({ services, routes });
      const said = lintConfig(config, { at: AT }).filter(({ code }) => code.startsWith('ROUTE_'));
      if (said.length === 0) return;
      told += said.length;
      const taken = new Map<string, Set<string | undefined>>();
      for (const event of events) {
        const { routeId } = config.route(event, AT);
        taken.set(routeId, (taken.get(routeId) ?? new Set()).add(event.service));
      }
      for (const { code, path } of said) {
        if (code === 'ROUTE_SHADOWED') expect(taken.has(path)).toBe(false);
        else expect(taken.get(path)?.has(undefined) ?? false).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
  expect(told).toBeGreaterThan(50);
});

test('a gate is said never to open exactly when its windows leave it closed at every moment', () => {
  const clock = fc.constantFrom('00:00', '02:30', '09:00', '12:00', '22:00');
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York');
  const weekly = fc
    .record({
      timeZone: zone,
      from: clock,
      until: clock,
      weekdays: fc.constantFrom(['MO'], ['SA', 'SU'], ['MO', 'FR']),
    })
    .filter(({ from, until }) => from !== until);
  const rule = fc.record({
    timeZone: zone,
    start: fc.constantFrom('2026-01-05T09:00:00', '2025-04-01T22:00:00'),
    rrule: fc.constantFrom('FREQ=WEEKLY', 'FREQ=YEARLY', 'FREQ=MONTHLY', 'FREQ=DAILY;COUNT=3'),
    duration: fc.constantFrom('1h', '3d'),
  });
  const time = fc.tuple(fc.oneof(weekly, rule), fc.boolean()).map(([value, isOutside]) => {
    const during = { op: 'during', value } as Condition;
    return isOutside ? { not: during } : during;
  });
  const answers = new Set<boolean>();
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 3 }), (all) => {
      const when: Condition = { all };
      const { test: holds } = compileCondition(when);
      const quarters = Array.from({ length: 90 * 96 }, (_, n) => AT + n * 900_000);
      const opens = quarters.some((moment) => holds({}, moment));
      const steps = [{ targets: [{ user: 'ana' }], when }];
      const said = findingsIn({ escalationPolicies: [policy({ steps })] }).filter(
        ({ code }) => code === 'GATE_NEVER_OPENS',
      );
      answers.add(opens);
      expect(said).toHaveLength(opens ? 0 : 1);
    }),
    { numRuns: 100 },
  );
  expect(answers.size).toBe(2);
});

/** The part of a condition at a path such as `.any[1].all[0]`. */
function at(when: Condition, path: string): Condition {
  if (path === '') return when;
  const part = partsOf(when).find(({ key }) => path.startsWith(key));
  if (part === undefined) throw new Error(`nothing at ${path}`);
  return at(part.when, path.slice(part.key.length));
}
