import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCondition, compileRules } from '../../../src/core/rules/index.ts';
import type { Condition } from '../../../src/model/condition.ts';

const names = fc.constantFrom('env', 'team', 'severity', 'n');
const values = fc.constantFrom('a', 'b', '', '1');
const scalars = fc.oneof(values, fc.constantFrom(1, true, null));

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    field: names.map((name) => `labels.${name}`),
    op: fc.constantFrom('equals', 'notEquals'),
    value: scalars,
  }),
  fc.record({ field: names, op: fc.constantFrom('in', 'notIn'), value: fc.array(scalars, { maxLength: 3 }) }),
  fc.tuple(names, fc.constantFrom('=', '!=', '=~', '!~'), values).map(([name, op, value]) => `${name}${op}"${value}"`),
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
const fact = fc.record(
  { env: scalars, severity: scalars, n: scalars, labels: fc.dictionary(names, fc.oneof(values, fc.constant(1))) },
  { requiredKeys: [] },
);

test('the index never changes which rule decides, nor which rules hold', () => {
  fc.assert(
    fc.property(fc.array(fc.option(condition, { nil: undefined }), { maxLength: 12 }), fact, (conditions, about) => {
      const rules = compileRules(conditions.map((when, outcome) => ({ when, outcome })));
      const tried = conditions.flatMap((when, place) =>
        when === undefined || compileCondition(when).test(about, 0) ? [place] : [],
      );
      expect([...rules.matches(about, 0)].map(({ index }) => index)).toEqual(tried);
      expect(rules.decide(about, 0)?.index).toBe(tried[0]);
      expect(rules.trace(about, 0).flatMap(({ index, result }) => (result ? [index] : []))).toEqual(tried);
      expect(rules.evaluate(about, 0).trace).toHaveLength(tried[0] === undefined ? conditions.length : tried[0] + 1);
    }),
    { numRuns: 500 },
  );
});

test('a condition and its explanation always agree', () => {
  fc.assert(
    fc.property(condition, fact, (when, about) => {
      const compiled = compileCondition(when);
      expect(compiled.explain(about, 0).result).toBe(compiled.test(about, 0));
    }),
  );
});
