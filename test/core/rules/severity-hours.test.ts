/**
 * Support hours: whether they run, and when they begin next, also when clocks change.
 */
import { describe, expect, test } from 'vitest';
import { compileSupportHours } from '../../../src/core/rules/severity-hours.ts';
import type { During } from '../../../src/model/condition.ts';

const hours = (...windows: During[]) => compileSupportHours(windows, 'severity.supportHours');
const next = (at: string, ...windows: During[]) => {
  const found = hours(...windows).nextBeginning(Date.parse(at));
  return found === undefined ? undefined : new Date(found).toISOString().replace(':00.000Z', 'Z');
};
const work = {
  timeZone: 'Europe/Berlin',
  weekdays: ['MO', 'TU', 'WE', 'TH', 'FR'],
  from: '09:00',
  until: '17:00',
} satisfies During;

test('they run while any of their windows does', () => {
  const { run } = hours(work, { timeZone: 'UTC', weekdays: ['SA'] });
  const runs = (at: string) => run(Date.parse(at));
  expect(runs('2026-01-06T07:59:00Z')).toBe(false);
  expect(runs('2026-01-06T08:00:00Z')).toBe(true);
  expect(runs('2026-01-06T16:00:00Z')).toBe(false);
  expect(runs('2026-01-10T03:00:00Z')).toBe(true);
});

describe('they begin next', () => {
  test.each([
    ['in the morning', '2026-01-06T22:00:00Z', '2026-01-07T08:00Z'],
    ['on the same day', '2026-01-06T03:00:00Z', '2026-01-06T08:00Z'],
    ['after the weekend', '2026-01-09T22:00:00Z', '2026-01-12T08:00Z'],
    ['later in the day of a summer', '2026-07-06T22:00:00Z', '2026-07-07T07:00Z'],
    ['after the clocks went forward', '2026-03-27T22:00:00Z', '2026-03-30T07:00Z'],
    ['after the clocks went back', '2026-10-23T22:00:00Z', '2026-10-26T08:00Z'],
  ])('%s: %s is followed by %s', (_, at, expected) => {
    expect(next(at, work)).toBe(expected);
  });

  test('with the window that comes first', () => {
    const saturday: During = { timeZone: 'America/New_York', weekdays: ['SA'], from: '10:00', until: '12:00' };
    expect(next('2026-01-09T22:00:00Z', work, saturday)).toBe('2026-01-10T15:00Z');
  });

  test('at midnight when a window has whole days', () => {
    expect(next('2026-01-06T12:00:00Z', { timeZone: 'Asia/Kolkata', weekdays: ['TH'] })).toBe('2026-01-07T18:30Z');
  });

  test('on the evening of a window that runs over midnight', () => {
    const night: During = { timeZone: 'UTC', weekdays: ['MO'], from: '22:00', until: '06:00' };
    expect(next('2026-01-06T12:00:00Z', night)).toBe('2026-01-12T22:00Z');
  });

  test('with the first minute there is, when the clocks skip the hour in which they should', () => {
    const early: During = { timeZone: 'Europe/Berlin', from: '02:30', until: '06:00' };
    expect(next('2026-03-28T23:00:00Z', early)).toBe('2026-03-29T01:00Z');
  });

  test('again when the clocks repeat the hour in which they do', () => {
    const early: During = { timeZone: 'Europe/Berlin', from: '02:00', until: '02:30' };
    expect(next('2026-10-24T23:00:00Z', early)).toBe('2026-10-25T00:00Z');
    expect(next('2026-10-25T00:45:00Z', early)).toBe('2026-10-25T01:00Z');
    const ending: During = { timeZone: 'Europe/Berlin', from: '00:00', until: '02:30' };
    expect(next('2026-10-25T00:45:00Z', ending)).toBe('2026-10-25T01:00Z');
  });

  test('in every zone and week at a minute at which they run, and at which they did not a minute before', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'America/St_Johns',
    ];
    for (const timeZone of zones) {
      const { run, nextBeginning } = hours({ ...work, timeZone, from: '08:30' });
      for (let week = 0; week < 52; week += 1) {
        const at = Date.UTC(2026, 0, 3, 12, 7, 31) + week * 7 * 86_400_000;
        const found = nextBeginning(at);
        if (found === undefined) throw new Error(`nothing after ${new Date(at).toISOString()} in ${timeZone}`);
        expect([run(found), run(found - 1)]).toEqual([true, false]);
        expect(found - at).toBeLessThan(3 * 86_400_000);
      }
    }
  });
});

const ruled = {
  timeZone: 'Europe/Berlin',
  start: '2026-01-05T09:00:00',
  rrule: 'FREQ=WEEKLY;BYDAY=MO,TU',
  duration: '8h',
} satisfies During;

describe('windows by a recurrence rule', () => {
  test('begin with its next occurrence, also when the clocks changed', () => {
    expect(next('2026-01-06T22:00:00Z', ruled)).toBe('2026-01-12T08:00Z');
    expect(next('2026-03-27T22:00:00Z', ruled)).toBe('2026-03-30T07:00Z');
  });

  test('that begin in more than 35 days begin too late to wait for', () => {
    const yearly = { ...ruled, rrule: 'FREQ=YEARLY' };
    expect(next('2026-01-06T22:00:00Z', yearly)).toBeUndefined();
    expect(next('2026-12-10T22:00:00Z', yearly)).toBe('2027-01-05T08:00Z');
  });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, Date.UTC(9_999, 0, 1)])(
  '%s is no moment at which anybody waits for them',
  (at) => {
    expect(hours(work, ruled).nextBeginning(at)).toBeUndefined();
  },
);

test('a malformed window is refused with its place', () => {
  expect(() => hours(work, { timeZone: 'Mars/Olympus' })).toThrow(
    expect.objectContaining({ code: 'RULE_INVALID', details: { path: 'severity.supportHours[1].timeZone' } }),
  );
});
