import { expect, test } from 'vitest';
import { clockOf, offsetText, wallParts } from '../../src/render/local-clock.ts';

const newYork = clockOf('America/New_York');
const at = (text: string) => Date.parse(text);
const wall = (text: string) => Date.parse(`${text}Z`);

test('a local time that is skipped moves forward by the gap', () => {
  expect(newYork.instantOf(wall('2026-03-08T02:30:00'))).toBe(at('2026-03-08T03:30:00-04:00'));
});

test('a local time that comes twice is the first of the two', () => {
  expect(newYork.instantOf(wall('2026-11-01T01:30:00'))).toBe(at('2026-11-01T01:30:00-04:00'));
});

test('a day that a zone left out lies where the next one begins', () => {
  const apia = clockOf('Pacific/Apia');
  expect(apia.instantOf(wall('2011-12-30T00:00:00'))).toBe(at('2011-12-31T00:00:00+14:00'));
});

test('the hour that comes a second time lies at its end', () => {
  const axis = (text: string) => new Date(newYork.axisAt(at(text))).toISOString().slice(11, 16);
  expect(axis('2026-11-01T01:59:00-04:00')).toBe('01:59');
  expect(axis('2026-11-01T01:00:00-05:00')).toBe('02:00');
  expect(axis('2026-11-01T01:59:00-05:00')).toBe('02:00');
  expect(axis('2026-11-01T02:01:00-05:00')).toBe('02:01');
});

test('local times are said in words that no language changes', () => {
  expect(wallParts(wall('2026-09-06T09:05:00'))).toEqual({
    weekday: 'Sun',
    day: 6,
    month: 'Sep',
    year: 2026,
    date: '2026-09-06',
    time: '09:05',
  });
  expect(wallParts(wall('2026-09-06T09:05:07')).time).toBe('09:05:07');
});

test('offsets are said with a sign, hours and minutes', () => {
  expect([0, 19_800_000, -12_600_000].map(offsetText)).toEqual(['+00:00', '+05:30', '-03:30']);
});
