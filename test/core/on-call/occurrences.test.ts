import { expect, test } from 'vitest';
import { createRecurrence, occurrences } from '../../../src/core/on-call/index.ts';
import { caught } from './caught.ts';

const iso = (dates: readonly Date[]) => dates.map((date) => date.toISOString());
const daily = (timeZone: string, start: string) => ({ timeZone, start, rrule: 'FREQ=DAILY' });

test('a time that does not exist moves forward by the gap, and the next day is back', () => {
  const window = { from: '2026-03-07T00:00:00Z', until: '2026-03-10T00:00:00Z' };
  expect(iso(occurrences(daily('America/New_York', '2026-01-01T02:30:00'), window))).toEqual([
    '2026-03-07T07:30:00.000Z',
    '2026-03-08T07:30:00.000Z',
    '2026-03-09T06:30:00.000Z',
  ]);
});

test('a time that comes twice occurs once, the first time', () => {
  const window = { from: '2026-10-24T00:00:00Z', until: '2026-10-27T00:00:00Z' };
  expect(iso(occurrences(daily('Europe/London', '2026-01-01T01:30:00'), window))).toEqual([
    '2026-10-24T00:30:00.000Z',
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
});

test('half-hour clock changes are exact', () => {
  const spring = { from: '2026-10-02T15:00:00Z', until: '2026-10-05T00:00:00Z' };
  expect(iso(occurrences(daily('Australia/Lord_Howe', '2026-01-01T02:15:00'), spring))).toEqual([
    '2026-10-02T15:45:00.000Z',
    '2026-10-03T15:45:00.000Z',
    '2026-10-04T15:15:00.000Z',
  ]);
});

test('two occurrences that a skipped day moves onto one instant are one', () => {
  const window = { from: '2011-12-28T00:00:00Z', until: '2012-01-01T00:00:00Z' };
  expect(iso(occurrences(daily('Pacific/Apia', '2011-12-01T09:00:00'), window))).toEqual([
    '2011-12-28T19:00:00.000Z',
    '2011-12-29T19:00:00.000Z',
    '2011-12-30T19:00:00.000Z',
    '2011-12-31T19:00:00.000Z',
  ]);
});

test('an occurrence pushed out of a gap keeps its place among those it overtakes', () => {
  const pushed = {
    timeZone: 'America/New_York',
    start: '2026-03-08T02:30:00',
    rrule: 'FREQ=DAILY;COUNT=1',
    rdates: ['2026-03-08T03:00:00'],
  };
  const window = { from: '2026-03-08T00:00:00Z', until: '2026-03-09T00:00:00Z' };
  expect(iso(occurrences(pushed, window))).toEqual(['2026-03-08T07:00:00.000Z', '2026-03-08T07:30:00.000Z']);
});

test('a window takes its beginning and leaves its end', () => {
  const rule = daily('UTC', '2026-01-01T09:00:00');
  expect(iso(occurrences(rule, { from: '2026-01-02T09:00:00Z', until: '2026-01-03T09:00:00Z' }))).toEqual([
    '2026-01-02T09:00:00.000Z',
  ]);
  expect(occurrences(rule, { from: '2025-12-01T00:00:00Z', until: '2026-01-01T09:00:00Z' })).toEqual([]);
});

test('windows must begin before they end, within ten years and the calendar', () => {
  const rule = daily('UTC', '2026-01-01T09:00:00');
  const ask = (from: number | string, until: number | string) => () => occurrences(rule, { from, until });
  expect(caught(ask(5, 5))).toEqual({
    code: 'WINDOW_INVALID',
    message:
      'Cannot use the window 1970-01-01T00:00:00.005Z to 1970-01-01T00:00:00.005Z: it must begin before it ends.',
    details: { from: 5, until: 5 },
  });
  expect(caught(ask(6, 5)).code).toBe('WINDOW_INVALID');
  expect(ask(0, 3_653 * 86_400_000)()).toEqual([]);
  expect(caught(ask(0, 3_653 * 86_400_000 + 1))).toEqual({
    code: 'WINDOW_INVALID',
    message:
      'Cannot use the window 1970-01-01T00:00:00.000Z to 1980-01-02T00:00:00.001Z: ask for at most ten years at once.',
    details: { from: 0, until: 3_653 * 86_400_000 + 1 },
  });
  expect(caught(ask('2026-01-01T00:00:00', 5)).code).toBe('INSTANT_INVALID');
  expect(caught(ask(0, 1e15))).toEqual({
    code: 'INSTANT_INVALID',
    message:
      'Cannot look up until 1000000000000000: schedules know the years 1 to 9999. Check that it is in milliseconds.',
    details: { at: 1e15 },
  });
  expect(caught(ask(-1e15, 0)).message).toContain('Cannot look up from -1000000000000000:');
  const last = Date.parse('9999-12-31T00:00:00Z');
  expect(ask(last - 86_400_000, last)()).toHaveLength(1);
  const firstDay = Date.parse('0001-01-01T00:00:00Z');
  expect(ask(firstDay, firstDay + 1)()).toEqual([]);
  expect(caught(ask(firstDay - 1, firstDay)).code).toBe('INSTANT_INVALID');
});

test('everything wrong with a recurrence is said at once', () => {
  const wrong = {
    start: '2026-02-30T09:00:00',
    rrule: 'FREQ=MINUTELY',
    rdates: ['2026-01-01T09:00:00', '2026-04-31T09:00:00'],
    exdates: ['2026-02-29T09:00:00'],
    timeZone: 'Mars/Olympus',
  };
  const noDay = (text: string) => `${text} is no local time of any calendar: write one such as 2026-01-05T09:00:00`;
  expect(caught(() => occurrences(wrong, { from: 0, until: 1 }))).toMatchObject({
    code: 'SCHEDULE_INVALID',
    details: {
      problems: [
        { path: 'timeZone', message: '"Mars/Olympus" is no IANA time zone: write one such as America/New_York' },
        { path: 'start', message: noDay('2026-02-30T09:00:00') },
        { path: 'rdates[1]', message: noDay('2026-04-31T09:00:00') },
        { path: 'exdates[0]', message: noDay('2026-02-29T09:00:00') },
        {
          path: 'rrule',
          message:
            'FREQ=MINUTELY is more often than anybody can hand over: use one of HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY',
        },
      ],
    },
  });
});

test('a recurrence that never occurs is refused', () => {
  const never = { ...daily('UTC', '2026-01-05T09:00:00'), rrule: 'FREQ=DAILY;UNTIL=20260101' };
  expect(caught(() => occurrences(never, { from: 0, until: 1 }))).toEqual({
    code: 'SCHEDULE_INVALID',
    message:
      'Cannot use this recurrence: rrule: FREQ=DAILY;UNTIL=20260101 has no occurrence from 2026-01-05T09:00:00 on: widen UNTIL, its BY parts or exdates.',
    details: {
      problems: [
        {
          path: 'rrule',
          message:
            'FREQ=DAILY;UNTIL=20260101 has no occurrence from 2026-01-05T09:00:00 on: widen UNTIL, its BY parts or exdates',
        },
      ],
    },
  });
});

test('what has the wrong shape is named with its path', () => {
  const wrong = { ...daily('UTC', 'yesterday'), rrule: 7, colour: 'red' } as unknown as Parameters<
    typeof occurrences
  >[0];
  expect(caught(() => occurrences(wrong, { from: 0, until: 1 })).details.problems).toEqual([
    { path: 'start', message: "expected a local time such as '2026-01-05T09:00:00', without an offset" },
    { path: 'rrule', message: 'Invalid input: expected string, received number' },
    { path: '', message: 'Unrecognized key: "colour"' },
  ]);
});

const review = createRecurrence({
  start: '2026-01-05T09:00:00',
  rrule: 'FREQ=MONTHLY;BYDAY=-1FR;COUNT=3',
  timeZone: 'Europe/Berlin',
});

test('a recurrence is asked by number and by moment', () => {
  expect([0, 1, 2, 3].map((index) => review.at(index)?.toISOString())).toEqual([
    '2026-01-30T08:00:00.000Z',
    '2026-02-27T08:00:00.000Z',
    '2026-03-27T08:00:00.000Z',
    undefined,
  ]);
  expect([-1, 0.5, Number.NaN].map((index) => review.at(index))).toEqual([undefined, undefined, undefined]);
  expect(review.indexAt('2026-01-30T08:59:59+01:00')).toBe(-1);
  expect(review.indexAt('2026-01-30T09:00:00+01:00')).toBe(0);
  expect(review.indexAt('2030-01-01T00:00:00Z')).toBe(2);
});

test('before and after leave out the moment itself', () => {
  const second = '2026-02-27T08:00:00.000Z';
  expect(review.before(second)?.toISOString()).toBe('2026-01-30T08:00:00.000Z');
  expect(review.before(Date.parse(second) + 1)?.toISOString()).toBe(second);
  expect(review.after(second)?.toISOString()).toBe('2026-03-27T08:00:00.000Z');
  expect(review.after(Date.parse(second) - 1)?.toISOString()).toBe(second);
  expect(review.before('2026-01-30T08:00:00Z')).toBeUndefined();
  expect(review.after('2026-03-27T08:00:00Z')).toBeUndefined();
});

test('around a gap before and after follow the instants, not the numbers', () => {
  const awkward = createRecurrence({
    start: '2026-03-07T02:30:00',
    rrule: 'FREQ=DAILY;COUNT=3',
    rdates: ['2026-03-08T03:15:00'],
    timeZone: 'America/New_York',
  });
  const at = (text: string) => `2026-03-08T${text}:00-04:00`;
  expect([1, 2].map((index) => awkward.at(index)?.toISOString())).toEqual([
    new Date(at('03:30')).toISOString(),
    new Date(at('03:15')).toISOString(),
  ]);
  expect(awkward.before(at('12:00'))).toEqual(new Date(at('03:30')));
  expect(awkward.before(at('03:30'))).toEqual(new Date(at('03:15')));
  expect(awkward.after(at('03:00'))).toEqual(new Date(at('03:15')));
  expect(awkward.after(at('03:15'))).toEqual(new Date(at('03:30')));
});

test('what was handed in may change later without changing the answers', () => {
  const input = {
    start: '2026-01-05T09:00:00',
    rrule: 'FREQ=DAILY',
    timeZone: 'UTC',
    exdates: ['2026-01-06T09:00:00'],
  };
  const recurrence = createRecurrence(input);
  input.rrule = 'FREQ=WEEKLY';
  input.exdates.length = 0;
  expect(recurrence.at(1)?.toISOString()).toBe('2026-01-07T09:00:00.000Z');
  expect(createRecurrence(input).at(1)?.toISOString()).toBe('2026-01-12T09:00:00.000Z');
});
