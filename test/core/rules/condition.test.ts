import { describe, expect, test } from 'vitest';
import { compileAnchored, compileCondition } from '../../../src/core/rules/condition.ts';
import type { Condition } from '../../../src/model/condition.ts';
import { refusal } from './refusal.ts';

const MONDAY_NOON = Date.parse('2026-01-05T12:00:00Z');
const fact = {
  severity: 'critical',
  source: 'prometheus',
  service: 'cart',
  title: 'disk',
  labels: { env: 'prod', team: 'a', source: 'own' },
};
const yes: Condition = { field: 'labels.env', op: 'equals', value: 'prod' };
const no: Condition = { field: 'labels.env', op: 'equals', value: 'dev' };

const holds = (condition: Condition, about: Record<string, unknown> = fact) =>
  compileCondition(condition).test(about, MONDAY_NOON);

describe('combinators', () => {
  test.each<[Condition, boolean]>([
    [yes, true],
    [no, false],
    [{ all: [] }, true],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ all: [no, yes] }, false],
    [{ any: [] }, false],
    [{ any: [no, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [yes, no] }, true],
    [{ not: yes }, false],
    [{ not: no }, true],
    [{ not: { any: [no, { not: yes }] } }, true],
    [{ all: ['env=prod', { op: 'during', value: { timeZone: 'UTC', weekdays: ['MO'] } }] }, true],
    [{ field: 'at', op: 'during', value: { timeZone: 'UTC', weekdays: ['TU'] } }, false],
  ])('%j: %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
    expect(compileCondition(condition).explain(fact, MONDAY_NOON).result).toBe(expected);
  });
});

describe('matcher texts', () => {
  test.each<[string, boolean]>([
    ['env="prod"', true],
    ['env="Prod"', false],
    ['env!="prod"', false],
    ['env!="dev"', true],
    ['env=~"pr.d|dev"', true],
    // Anchored at both ends, as in Alertmanager.
    ['env=~"pro"', false],
    ['env=~"rod"', false],
    ['env!~"pro"', true],
    ['env!~"p.*"', false],
    // A missing label is the empty text.
    ['absent=""', true],
    ['absent!=""', false],
    ['absent!="x"', true],
    ['absent=~""', true],
    ['absent=~".*"', true],
    ['absent=~".+"', false],
    ['absent!~".+"', true],
    ['env=""', false],
    // Three names fall back to the field of the event; a label of that name goes before it.
    ['severity="critical"', true],
    ['severity=~"critical|page"', true],
    ['service="cart"', true],
    ['source="own"', true],
    ['source="prometheus"', false],
    ['title="disk"', false],
    ['title=""', true],
    ['{env="prod", team="a"}', true],
    ['{env="prod", team="b"}', false],
    ['env=dev,team=a', false],
  ])('%s: %s', (text, expected) => {
    expect(holds(text)).toBe(expected);
    expect(compileCondition(text).explain(fact, 0).result).toBe(expected);
  });

  test('source means the field when there is no such label', () => {
    expect(holds('source="prometheus"', { source: 'prometheus', labels: {} })).toBe(true);
    expect(holds('source="prometheus"', { source: 'prometheus' })).toBe(true);
  });

  test('what is no text counts as missing', () => {
    expect(holds('env="5"', { labels: { env: 5 } })).toBe(false);
    expect(holds('env=""', { labels: { env: 5 } })).toBe(true);
  });
});

describe('explanations', () => {
  const explain = (condition: Condition, about: Record<string, unknown> = fact) =>
    compileCondition(condition, 'routes[1].when').explain(about, MONDAY_NOON);

  test('name what was asked and what was found', () => {
    expect(explain({ all: [yes, { not: 'env=dev' }] })).toEqual({
      result: true,
      path: 'routes[1].when',
      asked: 'all of 2',
      parts: [
        { result: true, path: 'routes[1].when.all[0]', asked: 'labels.env equals "prod"', found: 'prod' },
        {
          result: true,
          path: 'routes[1].when.all[1]',
          asked: 'not',
          parts: [{ result: false, path: 'routes[1].when.all[1].not', asked: 'env="dev"', found: 'prod' }],
        },
      ],
    });
  });

  test('tell every part of a list, also after the one that decided', () => {
    expect(explain({ any: [yes, no] }).parts?.map(({ result }) => result)).toEqual([true, false]);
    expect(explain({ all: [no, yes] }).parts?.map(({ result }) => result)).toEqual([false, true]);
    expect(explain('env=dev,team=a')).toMatchObject({ asked: 'all of 2', path: 'routes[1].when' });
  });

  test('leave out what is missing', () => {
    expect(explain({ field: 'labels.x', op: 'exists' })).toEqual({
      result: false,
      path: 'routes[1].when',
      asked: 'labels.x exists',
    });
    expect(explain('x!="y"')).toEqual({ result: true, path: 'routes[1].when', asked: 'x!="y"' });
  });

  test('show lists, objects and long texts in short', () => {
    expect(explain({ field: 'x', op: 'in', value: ['a', 1, null] }, { x: ['a'] })).toMatchObject({
      asked: 'x in ["a", 1, null]',
      found: 'a list',
    });
    expect(explain({ field: 'x', op: 'exists' }, { x: {} })).toMatchObject({ found: 'an object' });
    expect(explain({ field: 'x', op: 'exists' }, { x: null })).toMatchObject({ found: null });
    expect(explain({ field: 'x', op: 'gt', value: 1 }, { x: 2 })).toMatchObject({ asked: 'x gt 1', found: 2 });
    expect(explain({ field: 'x', op: 'exists' }, { x: 'y'.repeat(201) }).found).toBe(`${'y'.repeat(199)}…`);
    const many = Array.from({ length: 1_000 }, (_, place) => place);
    expect(explain({ field: 'x', op: 'in', value: many }, {}).asked).toHaveLength('x in []'.length + 200);
  });

  test('tell how far a pattern looked into a text that is too long for it', () => {
    const long = { x: 'y'.repeat(20_000), labels: { x: 'y'.repeat(16_384) } };
    const pattern: Condition = { field: 'x', op: 'matches', value: '[a-c]\\d' };
    expect(explain(pattern, long)).toMatchObject({ result: false, lookedAt: 16_384 });
    expect(explain({ ...pattern, value: 'disk full' }, long)).not.toHaveProperty('lookedAt');
    expect(explain('x!~"[a-c]+"', long)).not.toHaveProperty('lookedAt');
    expect(explain('x!~"[a-c]+"', { labels: { x: long.x } })).toMatchObject({ lookedAt: 16_384 });
  });

  test('show the local time', () => {
    expect(explain({ op: 'during', value: { timeZone: 'Europe/Berlin' } })).toEqual({
      result: true,
      path: 'routes[1].when',
      asked: 'at during the window',
      found: 'MO 13:00',
    });
  });
});

describe('refused, with the path', () => {
  test.each<[unknown, string, string]>([
    [undefined, '', 'Cannot read the condition: found nothing.'],
    [null, '', 'found null'],
    [5, '', 'found 5'],
    [[], '', 'found a list'],
    [{}, 'field', 'Cannot read field: found nothing.'],
    [{ field: 'a', op: 'like', value: 'x' }, 'op', '"like" is no operator. Use one of equals, '],
    [{ field: 'a', op: 'toString' }, 'op', 'is no operator'],
    [{ field: 'a' }, 'op', 'nothing is no operator'],
    [{ field: 'a', op: 'equals' }, 'value', 'found nothing'],
    [{ field: 'a', op: 'equals', value: 1, and: [] }, '', '"and" does not belong beside field, op, value'],
    [{ all: [yes], any: [yes] }, '', '"any" does not belong beside all'],
    [{ not: yes, field: 'a' }, '', '"field" does not belong beside not'],
    [{ all: 'env=prod' }, 'all', 'found "env=prod". Give a list of conditions.'],
    [{ any: { 0: yes } }, 'any', 'found an object'],
    [{ any: [yes, 7] }, 'any[1]', 'found 7'],
    [{ any: Array(2) }, 'any[0]', 'found nothing'],
    [
      { all: [{ any: [yes, { not: { field: '__proto__', op: 'exists' } }] }] },
      'all[0].any[1].not.field',
      "names '__proto__'",
    ],
    [{ all: [{ field: 'a', op: 'matches', value: '(' }] }, 'all[0].value', 'RE2 refuses the pattern "("'],
    [{ all: ['a=~"("'] }, 'all[0]', 'RE2 refuses'],
    ['a=~"("', '', 'RE2 refuses'],
    ['a', '', 'expected =, !=, =~ or !~'],
    [
      { field: 'labels.env', op: 'during', value: { timeZone: 'UTC' } },
      'field',
      '\'during\' looks at the time, not at "labels.env"',
    ],
    [{ op: 'during', value: { timeZone: 'Mars' } }, 'value.timeZone', 'is no time zone'],
    [{ op: 'during', value: { timeZone: 'UTC', rrule: 'FREQ=DAILY' } }, 'value.start', 'found nothing'],
  ])('%j', (condition, path, problem) => {
    const refused = refusal(() => compileCondition(condition as Condition));
    expect(refused).toMatchObject({ code: 'RULE_INVALID', path });
    expect(refused.message).toContain(problem);
  });

  test('the path given goes before', () => {
    expect(refusal(() => compileCondition({ all: ['a'] }, 'routes[0].when')).path).toBe('routes[0].when.all[0]');
  });
});

describe('bounds', () => {
  const nested = (depth: number): Condition => (depth === 0 ? yes : { not: nested(depth - 1) });

  test('32 levels are taken, 33 are not', () => {
    expect(holds(nested(32))).toBe(true);
    const { code, message } = refusal(() => compileCondition(nested(33)));
    expect(code).toBe('RULE_INVALID');
    expect(message).toContain('it is nested more than 32 deep');
  });

  test('lists count as levels too', () => {
    const lists = (depth: number): Condition => (depth === 0 ? yes : { all: [lists(depth - 1)] });
    expect(holds(lists(32))).toBe(true);
    expect(refusal(() => compileCondition(lists(33))).path).toBe(Array(33).fill('all[0]').join('.'));
  });

  test('a condition that contains itself is refused', () => {
    const circle: { not: Condition } = { not: yes };
    circle.not = circle;
    expect(refusal(() => compileCondition(circle)).code).toBe('RULE_INVALID');
  });

  test('ten thousand parts are taken, more are not, however they are shared', () => {
    expect(holds({ all: Array(9_999).fill(yes) })).toBe(true);
    expect(refusal(() => compileCondition({ all: Array(10_000).fill(yes) })).message).toContain(
      'has more than 10000 parts',
    );
    let wide: Condition = yes;
    for (let level = 0; level < 32; level += 1) wide = { all: [wide, wide] };
    expect(refusal(() => compileCondition(wide)).message).toContain('has more than 10000 parts');
  });

  test('lists and matcher texts are read when the condition is compiled, not later', () => {
    const list = [yes];
    const compiled = compileCondition({ all: list });
    list.push(no);
    expect(compiled.test(fact, 0)).toBe(true);
  });
});

describe('ways to look a condition up', () => {
  const ways = (condition: Condition) =>
    compileAnchored(condition, '').ways.map((way) =>
      way.anchors.map(({ key, want }) => [
        key,
        want.kind,
        ...('texts' in want ? want.texts : 'values' in want ? want.values : []),
      ]),
    );

  test.each<[Condition, unknown]>([
    [yes, [[['field labels.env', 'value', 'prod']]]],
    [{ field: 'a', op: 'in', value: [1, 'b'] }, [[['field a', 'value', 1, 'b']]]],
    [{ field: 'a', op: 'startsWith', value: 'x' }, [[['field a', 'start', 'x']]]],
    [{ field: 'a', op: 'endsWith', value: 'x' }, [[['field a', 'part', 'x']]]],
    [{ field: 'a', op: 'contains', value: 'x' }, [[['field a', 'part', 'x']]]],
    [
      { field: 'a', op: 'matches', value: '^(a|b)$' },
      [[['field a', 'value', 'a', 'b']], [['field a', 'start', 'a', 'b']]],
    ],
    ['env="prod"', [[['label env', 'value', 'prod']]]],
    ['env=~"db-.*"', [[['label env', 'start', 'db-']], [['label env', 'part', 'db-']], [['label env', 'pattern']]]],
    [{ all: [yes, 'a=b', { not: no }] }, [[['field labels.env', 'value', 'prod']], [['label a', 'value', 'b']]]],
    [
      { any: [yes, 'a=b'] },
      [
        [
          ['field labels.env', 'value', 'prod'],
          ['label a', 'value', 'b'],
        ],
      ],
    ],
    [{ any: [] }, [[]]],
  ])('%j', (condition, expected) => {
    expect(ways(condition)).toEqual(expected);
  });

  test.each<[Condition]>([
    [{ not: yes }],
    [{ any: [yes, { not: no }] }],
    [{ all: [] }],
    [{ field: 'a', op: 'notEquals', value: 1 }],
    [{ field: 'a', op: 'notIn', value: [1] }],
    [{ field: 'a', op: 'startsWith', value: '' }],
    [{ field: 'a', op: 'contains', value: 5 }],
    [{ field: 'a', op: 'gt', value: 5 }],
    [{ field: 'a', op: 'exists' }],
    ['a!="b"'],
    ['a!~"b"'],
    [{ op: 'during', value: { timeZone: 'UTC' } }],
  ])('there are none in %j', (condition) => {
    expect(ways(condition)).toEqual([]);
  });
});
