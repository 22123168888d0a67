import { describe, expect, test } from 'vitest';
import { boundJson } from '../../../src/core/intake/bound-json.ts';

// Far above what it takes even on a busy machine, far below what a quadratic or exponential way would take.
const HANGS_MS = 10_000;

const LIMITS = { depth: 3, keys: 4, characters: 40 };
const bound = (value: unknown, limits: Partial<typeof LIMITS> = {}) => boundJson(value, { ...LIMITS, ...limits });

describe('data that fits is copied', () => {
  test.each([
    [null, null],
    [true, true],
    [5, 5],
    ['text', 'text'],
    [{ a: [1, { b: null }] }, { a: [1, { b: null }] }],
    [[], []],
    [{}, {}],
    ['a\u0000b', 'ab'],
    [{ 'a\u0000b': '\u202ec' }, { ab: 'c' }],
    [Number.NaN, null],
    [
      [Number.POSITIVE_INFINITY, undefined, () => 1],
      [null, null, null],
    ],
    [{ a: undefined, b: () => 1, c: 1 }, { c: 1 }],
    [12n, '12'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), null],
    [undefined, undefined],
    [() => 1, undefined],
    [Symbol('x'), undefined],
  ])('%#', (value, expected) => {
    expect(bound(value)).toStrictEqual(expected);
  });

  test('and not shared', () => {
    const inner = { a: 1 };
    expect(bound({ inner })).toEqual({ inner });
    expect(bound(inner)).not.toBe(inner);
  });

  test('without keys that name parts of every object', () => {
    const sent = JSON.parse('{"__proto__":{"polluted":1},"constructor":1,"prototype":2,"a":3}');
    const copied = bound(sent, { keys: 10, characters: 100 });
    expect(copied).toStrictEqual({ a: 3 });
    expect(Object.keys(copied as object)).toEqual(['a']);
    expect(Object.keys(bound({ '__pro\u0000to__': 1 }) as object)).toEqual([]);
  });
});

describe('data that does not fit is refused as a whole', () => {
  test('by depth', () => {
    expect(bound({ a: { a: { a: 1 } } })).toEqual({ a: { a: { a: 1 } } });
    expect(bound({ a: { a: { a: {} } } })).toBeUndefined();
    expect(bound([[[1]]])).toEqual([[[1]]]);
    expect(bound([[[[]]]])).toBeUndefined();
  });

  test('by the keys of all objects together', () => {
    expect(bound({ a: 1, b: { c: 1, d: 1 } })).toEqual({ a: 1, b: { c: 1, d: 1 } });
    expect(bound({ a: 1, b: { c: 1, d: 1, e: 1 } })).toBeUndefined();
    expect(
      bound([
        { a: 1, b: 1 },
        { a: 1, b: 1, c: 1 },
      ]),
    ).toBeUndefined();
  });

  test('by the characters of its JSON', () => {
    expect(bound('x'.repeat(38))).toBe('x'.repeat(38));
    expect(bound('x'.repeat(39))).toBeUndefined();
    expect(bound({ key: 'x'.repeat(30) })).toEqual({ key: 'x'.repeat(30) });
    expect(bound({ key: 'x'.repeat(31) })).toBeUndefined();
    expect(bound({ [`key${'x'.repeat(33)}`]: 1 })).toBeUndefined();
    expect(bound(Array(19).fill(1))).toEqual(Array(19).fill(1));
    expect(bound(Array(20).fill(1))).toBeUndefined();
  });

  test('also when only its escapes are too long', () => {
    expect(bound('\n'.repeat(19))).toBe('\n'.repeat(19));
    expect(bound('\n'.repeat(20))).toBeUndefined();
  });
});

describe('data made to hurt costs no time', () => {
  const quickly = (value: unknown) => {
    const before = performance.now();
    expect(boundJson(value, { depth: 64, keys: 1_000, characters: 100_000 })).toBeUndefined();
    expect(performance.now() - before).toBeLessThan(HANGS_MS);
  };

  test('nested two hundred thousand deep', () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 200_000; level += 1) deep = { a: deep };
    quickly(deep);
  });

  test('containing itself', () => {
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    quickly(circle);
  });

  test('of ten million characters, items or empty items', () => {
    quickly('x'.repeat(10_000_000));
    quickly({ a: ['x'.repeat(10_000_000)] });
    quickly(Array(4_000_000_000));
    quickly(Array(1_000_000).fill(null));
    quickly(Object.fromEntries(Array.from({ length: 10_000 }, (_, key) => [`k${key}`, 1])));
  });

  test('doubling at every level', () => {
    let wide: unknown = 'x';
    for (let level = 0; level < 60; level += 1) wide = [wide, wide];
    quickly(wide);
  });
});
