import { describe, expect, test } from 'vitest';
import { instantSchema, localDateTimeSchema, toEpochMs } from '../../src/model/instant.ts';
import { caught } from '../core/on-call/caught.ts';

const NINE = Date.UTC(2026, 0, 5, 9);

describe('toEpochMs reads', () => {
  test.each([
    ['2026-01-05T09:00:00Z', NINE],
    ['2026-01-05T09:00Z', NINE],
    ['2026-01-05T10:00:00+01:00', NINE],
    ['2026-01-05T10:00+0100', NINE],
    ['2026-01-05T03:30:00-05:30', NINE],
    ['2026-01-05T03:30-0530', NINE],
    ['2026-01-05T09:00:00-00:00', NINE],
    ['2026-01-05T09:00:00.5Z', NINE + 500],
    ['2026-01-05T09:00:00.12Z', NINE + 120],
    ['2026-01-05T09:00:00.123Z', NINE + 123],
    ['2026-01-05T09:00:00.123456789Z', NINE + 123],
    ['2026-01-05T09:00:00.9999999Z', NINE + 999],
    ['2026-01-05T14:30:00.123456+0530', NINE + 123],
    ['2026-01-05T14:30:00.1234-05:30', NINE + 11 * 3_600_000 + 123],
    ['2026-01-04T24:00:00Z', NINE - 9 * 3_600_000],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
  ])('%s', (text, ms) => {
    expect(toEpochMs(text)).toBe(ms);
    expect(instantSchema.safeParse(text).success).toBe(true);
  });

  test('a Date and epoch milliseconds, rounded to whole ones', () => {
    expect(toEpochMs(new Date(NINE))).toBe(NINE);
    expect(toEpochMs(NINE)).toBe(NINE);
    expect(toEpochMs(0)).toBe(0);
    expect(toEpochMs(1.5)).toBe(2);
    expect(toEpochMs(-1.6)).toBe(-2);
  });

  test('every moment that a Date can hold, and no further', () => {
    expect(toEpochMs(8_640_000_000_000_000)).toBe(8_640_000_000_000_000);
    expect(toEpochMs(-8_640_000_000_000_000)).toBe(-8_640_000_000_000_000);
    expect(caught(() => toEpochMs(8_640_000_000_000_001)).code).toBe('INSTANT_INVALID');
    expect(caught(() => toEpochMs(-8_640_000_000_000_001)).code).toBe('INSTANT_INVALID');
  });
});

describe('toEpochMs refuses', () => {
  test.each([
    ['a local time, which means something else elsewhere', '2026-01-05T09:00:00'],
    ['a day', '2026-01-05'],
    ['a space for the T', '2026-01-05 09:00:00Z'],
    ['a time zone by name', '2026-01-05T09:00:00 UTC'],
    ['text around it', 'at 2026-01-05T09:00:00Z'],
    ['text behind it', '2026-01-05T09:00:00Z.'],
    ['a day that no calendar has', '2026-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['31 April', '2026-04-31T12:00:00+02:00'],
    ['day 32', '2026-01-32T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['hour 25', '2026-01-05T25:00:00Z'],
    ['minute 60', '2026-01-05T09:60:00Z'],
    ['second 60', '2026-01-05T09:00:60Z'],
    ['an offset beyond a day', '2026-01-05T09:00:00+25:00'],
    ['an offset of whole hours only', '2026-01-05T09:00:00+01'],
    ['a fraction of no digits', '2026-01-05T09:00:00.Z'],
    ['ten fraction digits', '2026-01-05T09:00:00.1234567890Z'],
    ['a comma', '2026-01-05T09:00:00,5Z'],
    ['nothing', ''],
    ['words', 'tomorrow'],
  ])('%s', (_, text) => {
    expect(caught(() => toEpochMs(text)).code).toBe('INSTANT_INVALID');
    expect(instantSchema.safeParse(text).error?.issues[0]?.message).toBe(
      "expected an ISO 8601 instant with an offset, such as '2026-01-05T09:00:00Z'",
    );
  });

  test.each([
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['a Date of no moment', new Date(Number.NaN), 'Invalid Date'],
    ['nothing', undefined as never, 'undefined'],
    ['null', null as never, 'null'],
    ['a bigint', 1n as never, '1'],
  ])('%s', (_, input, found) => {
    const { code, message } = caught(() => toEpochMs(input));
    expect(code).toBe('INSTANT_INVALID');
    expect(message).toBe(
      `Cannot read instant ${found} as a moment. Give a Date, epoch milliseconds, or ISO 8601 with an offset.`,
    );
  });

  test('naming what it is for, quoting at most 80 characters', () => {
    expect(caught(() => toEpochMs('now', 'until')).message).toMatch(/^Cannot read until "now" as a moment\. Give /);
    expect(caught(() => toEpochMs('x'.repeat(1_000))).message).toContain(` "${'x'.repeat(80)}" as a moment`);
  });

  test('an instant of more than 64 characters in a configuration', () => {
    expect(instantSchema.safeParse('2'.repeat(65)).error?.issues[0]?.message).toBe(
      'Too big: expected string to have <=64 characters',
    );
  });
});

describe('a local time of a configuration', () => {
  test.each(['2026-01-05T09:00:00', '2026-12-31T23:59', '2026-10-30T00:00:59', '2026-02-30T19:20:30'])(
    'may be %s',
    (text) => {
      expect(localDateTimeSchema.safeParse(text).success).toBe(true);
    },
  );

  test.each([
    '2026-01-05T09:00:00Z',
    '2026-01-05T09:00:00+01:00',
    '2026-01-05T09:00:00.5',
    '2026-01-05',
    '2026-00-05T09:00',
    '2026-13-05T09:00',
    '2026-01-00T09:00',
    '2026-01-32T09:00',
    '2026-01-05T24:00',
    '2026-01-05T09:60',
    ' 2026-01-05T09:00',
    '2026-01-05T09:00 ',
  ])('may not be %j', (text) => {
    expect(localDateTimeSchema.safeParse(text).error?.issues[0]?.message).toBe(
      "expected a local time such as '2026-01-05T09:00:00', without an offset",
    );
  });
});
