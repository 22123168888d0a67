import { describe, expect, test } from 'vitest';
import { indexAnchors } from '../../../src/core/rules/anchor-index.ts';
import { compileAnchored } from '../../../src/core/rules/condition.ts';
import { compileRules } from '../../../src/core/rules/index.ts';
import type { Condition } from '../../../src/model/condition.ts';
import { refusal } from './refusal.ts';

const rules = compileRules([
  { id: 'dev', when: 'env="dev"', outcome: 'ignore' },
  { when: { field: 'labels.team', op: 'in', value: ['a', 'b', 'a'] }, outcome: 'team' },
  { id: 'loud', when: { not: 'level="quiet"' }, outcome: 'page' },
  { id: 'rest', outcome: 'note' },
]);

describe('the first rule that holds decides', () => {
  test.each([
    [
      { env: 'dev', team: 'a' },
      { rule: 'dev', index: 0, outcome: 'ignore' },
    ],
    [
      { env: 'prod', team: 'b' },
      { rule: 'rules[1]', index: 1, outcome: 'team' },
    ],
    [{ env: 'prod' }, { rule: 'loud', index: 2, outcome: 'page' }],
    [{ level: 'quiet' }, { rule: 'rest', index: 3, outcome: 'note' }],
  ])('%j', (labels, match) => {
    expect(rules.decide({ labels }, 0)).toEqual(match);
    expect(rules.evaluate({ labels }, 0)).toMatchObject({
      matched: match.rule,
      index: match.index,
      outcome: match.outcome,
    });
  });

  test('or none does', () => {
    const narrow = compileRules([{ id: 'dev', when: 'env="dev"', outcome: 1 }]);
    expect(narrow.decide({}, 0)).toBeUndefined();
    const evaluation = narrow.evaluate({}, 0);
    expect(evaluation).toMatchObject({ matched: undefined, index: undefined, outcome: undefined });
    expect(evaluation.trace.map(({ rule, result }) => [rule, result])).toEqual([['dev', false]]);
    expect(compileRules([]).evaluate({}, 0).trace).toEqual([]);
  });
});

test('every rule that holds is given in the order of the list', () => {
  const found = [...rules.matches({ labels: { env: 'dev', team: 'a' } }, 0)];
  expect(found.map(({ rule }) => rule)).toEqual(['dev', 'rules[1]', 'loud', 'rest']);
  expect([...rules.matches({ labels: { level: 'quiet', team: 'b' } }, 0)].map(({ index }) => index)).toEqual([1, 3]);
});

describe('the trace', () => {
  test('says of each rule up to the one that decided why it holds or not, also of those the index left out', () => {
    const { trace } = rules.evaluate({ labels: { env: 'prod', level: 'loud' } }, 0);
    expect(trace).toEqual([
      {
        rule: 'dev',
        index: 0,
        result: false,
        condition: { result: false, path: 'rules[0].when', asked: 'env="dev"', found: 'prod' },
      },
      {
        rule: 'rules[1]',
        index: 1,
        result: false,
        condition: { result: false, path: 'rules[1].when', asked: 'labels.team in ["a", "b", "a"]' },
      },
      {
        rule: 'loud',
        index: 2,
        result: true,
        condition: {
          result: true,
          path: 'rules[2].when',
          asked: 'not',
          parts: [{ result: false, path: 'rules[2].when.not', asked: 'level="quiet"', found: 'loud' }],
        },
      },
    ]);
  });

  test('has no condition for a rule without one', () => {
    expect(rules.evaluate({ labels: { level: 'quiet' } }, 0).trace[3]).toEqual({
      rule: 'rest',
      index: 3,
      result: true,
    });
  });

  test('is worked out once, and is plain data', () => {
    const evaluation = rules.evaluate({ labels: {} }, 0);
    expect(evaluation.trace).toBe(evaluation.trace);
    expect(JSON.parse(JSON.stringify(evaluation)).trace).toHaveLength(3);
  });

  test('has every rule, also after the one that decided, when the decision is explained', () => {
    const about = { labels: { env: 'dev' } };
    const explained = rules.explain(about, 0);
    expect(explained).toMatchObject({ matched: 'dev', index: 0, outcome: 'ignore' });
    expect(explained.trace).toEqual(rules.trace(about, 0));
    expect(explained.trace[1]?.condition).toMatchObject({ result: false, asked: 'labels.team in ["a", "b", "a"]' });
  });

  test('can be asked of all rules', () => {
    expect(rules.trace({ labels: { env: 'dev' } }, 0).map(({ result }) => result)).toEqual([true, false, true, true]);
  });
});

test('the time of the decision reaches the rules', () => {
  const office = compileRules([{ when: { op: 'during', value: { timeZone: 'UTC', from: '09:00' } }, outcome: 'day' }]);
  const evaluation = (hour: string) => office.evaluate({}, Date.parse(`2026-01-05T${hour}:00Z`));
  expect(evaluation('09:00').matched).toBe('rules[0]');
  expect(evaluation('08:59').matched).toBeUndefined();
  expect(evaluation('08:59').trace[0]?.condition?.found).toBe('MO 08:59');
});

test('a malformed rule is refused with the path of the list', () => {
  const list = [{ outcome: 1 }, { when: { all: ['x'] }, outcome: 2 }];
  expect(refusal(() => compileRules(list))).toMatchObject({ code: 'RULE_INVALID', path: 'rules[1].when.all[0]' });
  expect(refusal(() => compileRules(list, { path: 'routes' })).path).toBe('routes[1].when.all[0]');
  expect(compileRules([{ outcome: 1 }], { strategy: 'first', path: 'routes' }).decide({}, 0)?.rule).toBe('routes[0]');
});

describe('the index', () => {
  const indexOf = (...conditions: (Condition | undefined)[]) =>
    indexAnchors(conditions.map((condition) => (condition === undefined ? undefined : compileAnchored(condition, ''))));

  test('leaves out the rules whose anchor has another value', () => {
    const { candidates } = indexOf('env="a"', 'env="b"', undefined, 'env="a"', { not: 'env="a"' }, 'team="x"');
    expect([...candidates({ labels: { env: 'a' } })]).toEqual([0, 2, 3, 4]);
    expect([...candidates({ labels: { env: 'b', team: 'x' } })]).toEqual([1, 2, 4, 5]);
    expect([...candidates({})]).toEqual([2, 4]);
  });

  test('uses the anchor that the fewest rules share', () => {
    const { candidates } = indexOf('env="prod",team="a"', 'env="prod",team="b"', 'env="prod",team="c"');
    expect([...candidates({ labels: { env: 'prod', team: 'b' } })]).toEqual([1]);
    expect([...candidates({ labels: { env: 'prod' } })]).toEqual([]);
  });

  test('counts all values of a list', () => {
    const wide: Condition = { field: 'x', op: 'in', value: [1, 2, 3] };
    const { candidates } = indexOf(
      { all: [wide, { field: 'y', op: 'equals', value: 'b' }] },
      { field: 'y', op: 'equals', value: 'b' },
    );
    expect([...candidates({ x: 1 })]).toEqual([]);
    expect([...candidates({ y: 'b' })]).toEqual([0, 1]);
  });

  test('tells apart values of different types', () => {
    const { candidates } = indexOf({ field: 'x', op: 'equals', value: 1 }, { field: 'x', op: 'equals', value: '1' });
    expect([...candidates({ x: 1 })]).toEqual([0]);
    expect([...candidates({ x: '1' })]).toEqual([1]);
  });

  test('of a thousand anchored rules it gives the one that can hold', () => {
    const conditions = Array.from({ length: 1_000 }, (_, place) => `service="s${place}", env="prod", team=~"a|b"`);
    const { candidates } = indexOf(...conditions);
    expect([...candidates({ labels: { service: 's999', env: 'prod', team: 'b' } })]).toEqual([999]);
  });
});
