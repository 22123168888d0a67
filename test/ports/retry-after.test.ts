/**
 * How long a receiver may make us wait.
 */
import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/ports/retry-after.ts';

const now = Date.UTC(2026, 0, 5, 9, 0, 0);

test.each([
  ['30', 30_000],
  [' 30 ', 30_000],
  ['1', 1_000],
  ['900', 900_000],
  ['Mon, 05 Jan 2026 09:02:00 GMT', 120_000],
  ['Monday, 05-Jan-26 09:02:00 GMT', 120_000],
  ['Mon Jan  5 09:02:00 2026', 120_000],
])('%s is honoured', (value, expected) => {
  expect(retryAfterMs(value, now)).toBe(expected);
});

test.each([
  ['0', 1_000],
  ['901', 900_000],
  ['9'.repeat(400), 900_000],
  ['Mon, 05 Jan 2026 08:00:00 GMT', 1_000],
  ['Tue, 05 Jan 2027 09:00:00 GMT', 900_000],
])('%s is clamped between one second and a quarter of an hour', (value, expected) => {
  expect(retryAfterMs(value, now)).toBe(expected);
});

test.each([
  [null],
  [''],
  ['soon'],
  ['-5'],
  ['1.5'],
  ['30s'],
  ['0x1e'],
  ['2026-01-05T09:02:00Z'],
  ['Mon, 99 Jan 2026 09:02:00 GMT'],
  ['Mon, 05 Jan 2026 09:02:00 GMT, 30'],
])('%s says nothing', (value) => {
  expect(retryAfterMs(value, now)).toBeUndefined();
});
