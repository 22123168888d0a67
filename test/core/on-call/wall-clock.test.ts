import { expect, test } from 'vitest';
import { countUpTo, modulo, parseWall, weekdayOf } from '../../../src/core/on-call/wall-clock.ts';

test.each([
  ['2026-01-05T09:00:00', Date.UTC(2026, 0, 5, 9)],
  ['2026-01-05T09:00', Date.UTC(2026, 0, 5, 9)],
  ['2028-02-29T23:59:59', Date.UTC(2028, 1, 29, 23, 59, 59)],
  ['0099-01-01T00:00:00', Date.parse('0099-01-01T00:00:00Z')],
  ['2026-02-29T09:00:00', undefined],
  ['2026-04-31T09:00:00', undefined],
  ['2026-13-01T09:00:00', undefined],
  ['2026-01-01T24:00:00', undefined],
  ['nonsense', undefined],
])('%s is read as %s', (text, expected) => {
  expect(parseWall(text)).toBe(expected);
});

test('weekdays run from Monday to Sunday, also before 1970', () => {
  const days = ['2026-01-05', '2026-01-06', '2026-01-10', '2026-01-11', '1969-12-29', '1969-12-28'];
  expect(days.map((day) => weekdayOf(Date.parse(`${day}T23:59:59Z`)))).toEqual([0, 1, 5, 6, 0, 6]);
});

test('a remainder is never negative', () => {
  expect([modulo(7, 3), modulo(-1, 3), modulo(-3, 3) + 0, modulo(0, 3)]).toEqual([1, 2, 0, 0]);
});

test('counts the numbers up to a value', () => {
  expect([0, 1, 2, 3, 4, 9].map((value) => countUpTo([1, 3, 3, 4], value))).toEqual([0, 1, 1, 3, 4, 4]);
  expect(countUpTo([], 1)).toBe(0);
});
