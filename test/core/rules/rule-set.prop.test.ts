import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCondition, compileRules } from '../../../src/core/rules/index.ts';
import type { Condition } from '../../../src/model/condition.ts';
import { patterns } from './arbitrary-pattern.ts';

const names = fc.constantFrom('env', 'team', 'severity', 'n');
const values = fc.constantFrom('a', 'b', '', '1', 'ab', 'abab', 'Disk full', 'disk-1', 'a\nb', 'ſKk', 'é', '🙂');
const scalars = fc.oneof(values, fc.constantFrom(1, 5, true, null));
const fields = fc.oneof(
  names.map((name) => `labels.${name}`),
  names,
);

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ field: fields, op: fc.constantFrom('equals', 'notEquals', 'contains'), value: scalars }),
  fc.record({ field: fields, op: fc.constantFrom('in', 'notIn'), value: fc.array(scalars, { maxLength: 3 }) }),
  fc.record({ field: fields, op: fc.constantFrom('startsWith', 'endsWith'), value: values }),
  fc.record({ field: fields, op: fc.constantFrom('exists', 'missing') }),
  fc.record({ field: fields, op: fc.constantFrom('gt', 'lte'), value: fc.constantFrom(0, 1, 3) }),
  fc.record({ field: fields, op: fc.constant('matches' as const), value: patterns }),
  fc.record({ field: fields, op: fc.constant('between' as const), value: fc.constant<number[]>([1, 4]) }),
  fc.constantFrom<Condition[]>(
    { op: 'during', value: { timeZone: 'UTC', from: '12:00' } },
    { op: 'during', value: { timeZone: 'UTC' } },
  ),
  fc
    .tuple(names, fc.constantFrom('=', '!=', '=~', '!~'), fc.oneof(values, patterns))
    .filter(([, op, value]) => op.length === 2 || value !== '')
    .map(([name, op, value]) => `${name}${op}${JSON.stringify(value).replaceAll(/\\([^"\\n])/g, '\\\\$1')}`)
    .filter(isCondition),
);
const condition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.record({ all: fc.array(tie('any'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('any'), { maxLength: 3 }) }),
    fc.record({ not: tie('any') }),
  ),
})).any;
const found = fc.oneof(scalars, fc.array(scalars, { maxLength: 3 }), fc.stringMatching(/^[abAB1 -]{0,8}$/));
const fact = fc.record(
  { env: found, severity: found, n: found, labels: fc.dictionary(names, found) },
  { requiredKeys: [] },
);
const moments = fc.constantFrom(0, Date.UTC(2026, 0, 5, 13), Number.NaN);

test('the index never changes which rule decides, nor which rules hold', () => {
  let compared = 0;
  let decided = 0;
  fc.assert(
    fc.property(
      fc.array(fc.option(condition, { nil: undefined, freq: 20 }), { maxLength: 14 }),
      fc.array(fact, { minLength: 1, maxLength: 6 }),
      moments,
      (conditions, facts, at) => {
        const rules = compileRules(conditions.map((when, outcome) => ({ when, outcome })));
        const naive = conditions.map((when) => when === undefined || compileCondition(when));
        for (const about of facts) {
          const tried = naive.flatMap((rule, place) => (rule === true || rule.test(about, at) ? [place] : []));
          compared += 1;
          decided += tried.length > 0 ? 1 : 0;
          expect(rules.matches(about, at).map(({ index }) => index)).toEqual(tried);
          expect(rules.decide(about, at)?.index).toBe(tried[0]);
          expect(rules.trace(about, at).flatMap(({ index, result }) => (result ? [index] : []))).toEqual(tried);
          expect(rules.evaluate(about, at).trace).toHaveLength(
            tried[0] === undefined ? conditions.length : tried[0] + 1,
          );
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(decided / compared).toBeGreaterThan(0.3);
});

test('a condition and its explanation always agree', () => {
  fc.assert(
    fc.property(condition, fact, moments, (when, about, at) => {
      const compiled = compileCondition(when);
      expect(compiled.explain(about, at).result).toBe(compiled.test(about, at));
    }),
    { numRuns: 500 },
  );
});

function isCondition(text: string): boolean {
  try {
    compileCondition(text);
    return true;
  } catch {
    return false;
  }
}
