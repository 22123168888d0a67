import { describe, expect, test } from 'vitest';
import { compileOperator } from '../../../src/core/rules/operators.ts';
import type { Operator } from '../../../src/model/condition.ts';
import { refusal } from './refusal.ts';

const MISSING = undefined;

// operator, value, fields for which it holds, fields for which it does not
const TABLE: readonly (readonly [Operator, unknown, readonly unknown[], readonly unknown[]])[] = [
  ['equals', 'prod', ['prod'], ['Prod', 'prod ', '', null, MISSING, ['prod'], {}]],
  ['equals', 5, [5], ['5', 5.1, true, MISSING]],
  ['equals', true, [true], ['true', 1, false, MISSING]],
  ['equals', null, [null], ['', 0, false, MISSING]],
  ['equals', '', [''], [null, MISSING, ' ']],
  ['notEquals', 'prod', ['dev', '', null, 5, MISSING], ['prod']],
  ['in', ['a', 5, null], ['a', 5, null], ['5', 'b', MISSING, ['a']]],
  ['in', [], [], ['a', MISSING]],
  ['notIn', ['a', 5], ['b', '5', null, MISSING], ['a', 5]],
  ['contains', 'isk', ['disk', 'isk', ['isk', 'x']], ['DISK', '', ['disk'], MISSING, null, { isk: 1 }]],
  ['contains', 5, [[5], [1, 5]], ['5', ['5'], 5, MISSING]],
  ['contains', null, [[null]], ['null', [], null, MISSING]],
  ['startsWith', 'db-', ['db-', 'db-1'], ['DB-1', 'a db-', 5, ['db-1'], MISSING, null]],
  ['endsWith', '.eu', ['.eu', 'a.eu'], ['a.eu.com', 'A.EU', 5, MISSING]],
  ['matches', 'a+b', ['ab', 'xaabx'], ['a', 'AB', 5, ['ab'], null, MISSING]],
  ['matches', '^a$', ['a'], ['ba', 'ab', 'a\n']],
  ['exists', undefined, ['', 0, null, false, [], {}], [MISSING]],
  ['exists', true, [null], [MISSING]],
  ['missing', undefined, [MISSING], ['', 0, null, false]],
  ['missing', true, [MISSING], [null]],
  [
    'gt',
    5,
    [5.1, 6, '6', '5.01', '1e1', '+6'],
    [5, '5', 4, '', ' 6', '6 ', '6x', '0x10', '.6e2', '7.', true, null, [6], MISSING],
  ],
  ['gt', '5', [6, '6'], [5]],
  ['gt', -5, [-4.9, '-4.9'], [-5, '-5', '-1e1']],
  [
    'gt',
    0,
    ['1e-3', '1E+3', `${'0'.repeat(399)}1`],
    [Number.POSITIVE_INFINITY, Number.NaN, '1e999', `${'0'.repeat(400)}1`, 'Infinity', 'NaN', '1e'],
  ],
  ['gte', 5, [5, '5', '5.0', 6], [4.9, '4.9', 'x', null, MISSING]],
  ['lt', 5, [4, '4', -1], [5, '5', 6, '', null, false, MISSING]],
  ['lte', 5, [5, '5', 4], [5.1, '6', null, MISSING]],
  ['between', [80, 90], [80, 85, 90, '80', '90.0'], [79.9, 90.1, 'x', null, [80, 90], MISSING]],
  ['between', ['80', 80], [80], [79, 81]],
];

describe.each(TABLE)('%s %j', (op, value, holds, fails) => {
  const judge = (found: unknown) => compileOperator(op, value, 'value').test(found);
  if (holds.length > 0)
    test.each(holds.map((found) => [found]))('holds for %j', (found) => expect(judge(found)).toBe(true));
  test.each(fails.map((found) => [found]))('does not hold for %j', (found) => expect(judge(found)).toBe(false));
});

// operator, values that do not fit it, what the message says
const REFUSED: readonly (readonly [Operator, readonly unknown[], string])[] = [
  ['equals', [undefined, ['a'], {}, Number.NaN, Number.POSITIVE_INFINITY], 'Give one text, number, boolean or null.'],
  ['notEquals', [undefined, ['a']], 'Give one text, number, boolean or null.'],
  ['contains', [undefined, {}], 'Give one text, number, boolean or null.'],
  ['in', [undefined, 'a', [['a']], [undefined], Array(1_001).fill('a')], 'Give a list of at most 1000 texts'],
  ['notIn', [null, { 0: 'a' }], 'Give a list of at most 1000 texts'],
  ['startsWith', [undefined, 5, null, ['a']], 'Give a text.'],
  ['endsWith', [undefined, 5], 'Give a text.'],
  ['matches', [undefined, 5], 'Give a regular expression as text.'],
  ['exists', [false, 'yes', null, 0], "'exists' takes no value"],
  ['missing', [false, 'yes'], "'missing' takes no value"],
  [
    'gt',
    [undefined, '5%', true, null, [5], Number.NaN],
    "Give a number, or a text that is a decimal number such as '99.5'.",
  ],
  ['gte', ['x'], 'Give a number'],
  ['lt', ['x'], 'Give a number'],
  ['lte', ['x'], 'Give a number'],
  [
    'between',
    [undefined, 5, [1], [1, 2, 3], [2, 1], ['a', 2], [1, 'b'], { 0: 1, 1: 2, length: 2 }],
    'Give two numbers, the lower one first: [80, 100].',
  ],
];

describe.each(REFUSED)('%s is refused', (op, values, advice) => {
  test.each(values.map((value) => [value]))('with %j', (value) => {
    const { code, path, message } = refusal(() => compileOperator(op, value, 'when.value'));
    expect({ code, path }).toEqual({ code: 'RULE_INVALID', path: 'when.value' });
    expect(message).toContain('Cannot read when.value: ');
    expect(message).toContain(advice);
  });
});

test('a list of exactly a thousand values is taken', () => {
  const values = Array.from({ length: 1_000 }, (_, index) => index);
  expect(compileOperator('in', values, '').test(999)).toBe(true);
});

test('a refusal shows what was found', () => {
  const found = (value: unknown) => refusal(() => compileOperator('equals', value, 'v')).message;
  expect(found(undefined)).toContain('found nothing.');
  expect(found(['a'])).toContain('found a list.');
  expect(found({})).toContain('found an object.');
  expect(found(1n)).toContain('found a bigint.');
  expect(found(() => 1)).toContain('found a function.');
  expect(found(Symbol('x'))).toContain('found a symbol.');
  expect(refusal(() => compileOperator('gt', 'x'.repeat(100), 'v')).message).toContain(`found "${'x'.repeat(79)}…".`);
});
