import { describe, expect, test } from 'vitest';
import { durationMs, durationSchema, formatDuration, MAX_DURATION_MS } from '../../src/model/duration.ts';
import { caught } from '../core/on-call/caught.ts';

describe('durationMs reads', () => {
  test.each([
    ['0s', 0],
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['30m1h', 5_400_000],
    ['1.5h', 5_400_000],
    ['0.5s', 500],
    ['10.25m', 615_000],
    ['1.6ms', 2],
    ['PT5M', 300_000],
    ['PT1H30M', 5_400_000],
    ['P1D', 86_400_000],
    ['P2W', 1_209_600_000],
    ['P10DT10H', 900_000_000],
    ['P1W2DT3H4M5.5S', 788_645_500],
    ['PT90S', 90_000],
    ['PT0.25S', 250],
    ['PT10.75S', 10_750],
    ['PT36H', 129_600_000],
    ['PT120M', 7_200_000],
    ['P0D', 0],
  ])('%s as %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
    expect(durationSchema.safeParse(text).success).toBe(true);
  });

  test('up to ten years, the last millisecond included', () => {
    expect(MAX_DURATION_MS).toBe(315_619_200_000);
    expect(durationMs('3653d')).toBe(MAX_DURATION_MS);
    expect(durationMs('P3653D')).toBe(MAX_DURATION_MS);
  });
});

describe('durationMs refuses', () => {
  test.each([
    '',
    ' ',
    '5',
    'm',
    '5 m',
    ' 5m',
    '5m ',
    '5m\n',
    '-5m',
    '+5m',
    '5M',
    '5min',
    '1h 30m',
    '1h30',
    '.5h',
    '1.h',
    '1e3s',
    '1y',
    'P',
    'PT',
    'P1DT',
    'P1Y',
    'P1M',
    'PT5M ',
    'xPT5M',
    'pt5m',
    'P-1D',
    'P1.5D',
    'PT1.S',
    '3653d1ms',
    'P3653DT1S',
    `${'9'.repeat(400)}d`,
    '٣m',
  ])('%j', (text) => {
    expect(caught(() => durationMs(text)).code).toBe('DURATION_INVALID');
    const { error } = durationSchema.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toContain(
      text.length > 64
        ? 'Too big: expected string to have <=64 characters'
        : "expected a duration such as '30s', '5m', '1h30m' or 'PT5M', at most ten years",
    );
  });

  test('and says what was found and what to write, quoting at most 80 characters', () => {
    expect(caught(() => durationMs('soon')).message).toBe(
      `Cannot read "soon" as a duration. Write '30s', '5m', '1h30m' or 'PT5M', at most ten years.`,
    );
    expect(caught(() => durationMs('x'.repeat(5_000))).message).toContain(`"${'x'.repeat(80)}" as a duration`);
  });

  test('a text of more than 64 characters in a configuration', () => {
    expect(durationSchema.safeParse(`${'0'.repeat(63)}s`).success).toBe(true);
    expect(durationSchema.safeParse(`${'0'.repeat(64)}s`).success).toBe(false);
  });
});

describe('formatDuration writes the two largest units', () => {
  test.each([
    [-5, '0s'],
    [0, '0s'],
    [0.2, '1ms'],
    [1, '1ms'],
    [999.4, '999ms'],
    [999.6, '1s'],
    [1_000, '1s'],
    [59_499, '59s'],
    [59_500, '1m'],
    [60_000, '1m'],
    [61_000, '1m 1s'],
    [3_600_000, '1h'],
    [3_605_000, '1h'],
    [5_400_000, '1h 30m'],
    [86_400_000, '1d'],
    [90_061_000, '1d 1h'],
    [86_460_000, '1d'],
    [604_800_000, '7d'],
  ])('%d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
