/**
 * Rules and facts that are made to be too much: refused with their path, or answered within bounds.
 */
import { describe, expect, test } from 'vitest';
import { compileCondition, compileRules } from '../../../src/core/rules/index.ts';
import type { Condition } from '../../../src/model/condition.ts';
import { cpuMsOf, LIMIT_MS } from './cpu-time.ts';
import { refusal } from './refusal.ts';

const COMPILE_MS = 2_000;
const listOf = <T>(size: number, item: (place: number) => T): T[] =>
  Array.from({ length: size }, (_, place) => item(place));

describe('refused at once, with the path', () => {
  const deep = (depth: number): unknown =>
    listOf(depth, (place) => place).reduce<unknown>((inner) => ({ not: inner }), 'a=b');
  test.each<[string, unknown, string]>([
    ['an unknown operator', { field: 'a', op: 'like', value: 1 }, 'rules[0].when.op'],
    ['a value of the wrong type', { field: 'a', op: 'gt', value: {} }, 'rules[0].when.value'],
    ['a pattern that RE2 refuses', { field: 'a', op: 'matches', value: '(a)\\1' }, 'rules[0].when.value'],
    ['a pattern that is too large', { field: 'a', op: 'matches', value: '(((a{9}){9}){9}){9}' }, 'rules[0].when.value'],
    ['a million characters of pattern', { field: 'a', op: 'matches', value: 'a'.repeat(1e6) }, 'rules[0].when.value'],
    ['a million characters of matcher', `a="${'b'.repeat(1e6)}"`, 'rules[0].when'],
    ['a path into __proto__', { all: [{ field: 'labels.__proto__.x', op: 'exists' }] }, 'rules[0].when.all[0].field'],
    ['a path into constructor', { field: 'constructor.name', op: 'exists' }, 'rules[0].when.field'],
    ['a path into prototype', { not: { field: 'a.prototype', op: 'missing' } }, 'rules[0].when.not.field'],
    ['a label named __proto__', '__proto__="x"', 'rules[0].when'],
    ['ten thousand levels', deep(10_000), `rules[0].when${'.not'.repeat(33)}`],
    ['a hundred thousand parts', { any: Array(100_000).fill('a=b') }, 'rules[0].when.any'],
    ['a hundred thousand values', { field: 'a', op: 'in', value: Array(100_000).fill('b') }, 'rules[0].when.value'],
    [
      'a window that never opens',
      {
        op: 'during',
        value: { timeZone: 'UTC', start: '2026-01-05T09:00:00', rrule: 'FREQ=SECONDLY', duration: '1s' },
      },
      'rules[0].when.value.rrule',
    ],
  ])('%s', (_, when, path) => {
    const attempt = () => compileRules([{ when: when as Condition, outcome: 1 }]);
    expect(refusal(attempt)).toMatchObject({ code: 'RULE_INVALID', path });
    expect(cpuMsOf(() => void attempt()).ms).toBeLessThan(LIMIT_MS);
  });
});

describe('ten thousand rules', () => {
  const conditions = listOf(10_000, (place): Condition => {
    const all: readonly Condition[] = [
      `service="s${place}"`,
      { field: 'title', op: 'matches', value: `replica \\d+ of db-${place}\\b` },
      { field: 'labels.host', op: 'startsWith', value: `web-${place}-` },
      { field: 'load', op: 'gte', value: 1_000 + place },
      { all: [{ field: 'title', op: 'contains', value: `job ${place} ` }, 'env!="dev"'] },
    ];
    return all[place % 5] ?? 'a=b';
  });
  const compile = () => compileRules(conditions.map((when, outcome) => ({ when, outcome })));

  test(`are compiled within ${COMPILE_MS} ms`, () => {
    expect(cpuMsOf(() => void compile()).ms).toBeLessThan(COMPILE_MS);
  });

  test('and answer right, within the time of a few', () => {
    const rules = compile();
    const facts = [
      { labels: { service: 's7000' } },
      { title: 'replica 3 of db-7001 lags' },
      { labels: { host: 'web-7002-a' } },
      { load: 9_000 },
      { title: 'job 7004 failed', labels: { env: 'prod' } },
      { title: 'job 7004 failed', labels: { env: 'dev' } },
      {},
    ];
    expect(facts.map((fact) => rules.decide(fact, 0)?.index)).toEqual([
      7_000,
      7_001,
      7_002,
      3,
      7_004,
      undefined,
      undefined,
    ]);
    expect(rules.matches({ load: 1_100 }, 0).map(({ index }) => index)).toEqual(listOf(20, (place) => 3 + 5 * place));
    expect(cpuMsOf(() => facts.forEach((fact) => void rules.decide(fact, 0))).ms).toBeLessThan(LIMIT_MS);
  });
});

describe('a fact that is too large is judged within bounds', () => {
  const rules = compileRules(
    listOf(1_000, (place): { when: Condition; outcome: number } => {
      const all: readonly Condition[] = [
        { all: [`service="s${place}"`, { field: 'title', op: 'contains', value: 'disk' }] },
        { field: 'title', op: 'matches', value: `replica \\d+ of db-${place}\\b` },
        { field: 'title', op: 'matches', value: `[A-Z]\\d{${1 + (place % 9)}}x[yz]` },
        { field: 'title', op: 'gte', value: place },
        { not: { field: 'title', op: 'endsWith', value: `!${place}` } },
        `title!~"[0-9]{${1 + (place % 9)}}"`,
      ];
      return { when: { all: [all[place % 6] ?? '', 'team="x"'] }, outcome: place };
    }),
  );
  const alone = compileRules(
    listOf(200, (place) => ({
      when: { field: 'title', op: 'matches' as const, value: `[A-Z]\\d{${1 + (place % 9)}}x[yz]` },
      outcome: place,
    })),
  );
  const labels = Object.fromEntries(listOf(10_000, (place) => [`label-${place}`, `value ${place}`]));
  const long = 'replica 1 of db-1x '.repeat(55_000);

  test.each<[string, Record<string, unknown>]>([
    ['ten thousand labels', { labels: { ...labels, team: 'x' } }],
    ['a text of a megabyte', { title: long, labels: { title: long, team: 'x' } }],
    ['a number of a megabyte', { title: '1'.repeat(1e6), labels: { team: 'x' } }],
    ['a megabyte of one letter', { title: 'A'.repeat(1e6), labels: { title: '1'.repeat(1e6), team: 'x' } }],
    [
      'a list of a hundred thousand texts',
      { title: Array(100_000).fill('disk'), labels: { service: 's0', team: 'x' } },
    ],
  ])('%s', (_, fact) => {
    expect(cpuMsOf(() => void rules.decide(fact, 0)).ms).toBeLessThan(LIMIT_MS);
    expect(cpuMsOf(() => void alone.decide(fact, 0)).ms).toBeLessThan(LIMIT_MS);
    expect(cpuMsOf(() => void rules.evaluate(fact, 0).matched).ms).toBeLessThan(LIMIT_MS);
  });

  test('a megabyte against the largest program that is taken', () => {
    const fact = { title: 'aabab'.repeat(200_000) };
    const { test: judge } = compileCondition({ field: 'title', op: 'matches', value: 'a.{990}[c-e]' });
    expect(cpuMsOf(() => void judge(fact, 0)).ms).toBeLessThan(LIMIT_MS);
  });

  test('what stands for plain texts is found at the very end of it', () => {
    const fact = { title: `${long}disk full` };
    expect(compileCondition({ field: 'title', op: 'matches', value: 'disk (full|failing)' }).test(fact, 0)).toBe(true);
    expect(compileCondition({ field: 'title', op: 'endsWith', value: 'disk full' }).test(fact, 0)).toBe(true);
  });
});

test('a fact without a prototype, or whose labels have names of the prototype, is read like any other', () => {
  const bare = Object.assign(Object.create(null), { labels: Object.assign(Object.create(null), { env: 'prod' }) });
  const rules = compileRules([
    { id: 'own', when: { field: 'labels.toString', op: 'exists' }, outcome: 1 },
    { id: 'prod', when: 'env="prod"', outcome: 2 },
  ]);
  expect(rules.decide(bare, 0)?.rule).toBe('prod');
  expect(rules.decide({ labels: { env: 'prod' } }, 0)?.rule).toBe('prod');
  expect(rules.decide({ labels: { toString: 'x' } }, 0)?.rule).toBe('own');
  expect(rules.decide(Object.create({ labels: { env: 'prod' } }), 0)).toBeUndefined();
  expect(rules.decide({ labels: Object.create({ env: 'prod' }) }, 0)).toBeUndefined();
});
