import { describe, expect, test } from 'vitest';
import { compileDuring } from '../../../src/core/rules/during.ts';
import { refusal } from './refusal.ts';

const at = (iso: string) => Date.parse(iso);
const BERLIN = 'Europe/Berlin';

// 2026-01-05 is a Monday; Berlin is at +01:00 in winter, New York at -05:00.
describe('office hours in Berlin', () => {
  const office = compileDuring({ timeZone: BERLIN, weekdays: ['MO', 'FR'], from: '09:00', until: '17:00' }, '');
  test.each([
    ['2026-01-05T07:59:59Z', false],
    ['2026-01-05T08:00:00Z', true],
    ['2026-01-05T15:59:59Z', true],
    ['2026-01-05T16:00:00Z', false],
    ['2026-01-06T10:00:00Z', false],
    ['2026-01-09T10:00:00Z', true],
    ['2026-07-06T07:00:00Z', true],
    ['2026-07-06T15:00:00Z', false],
  ])('%s: %s', (iso, expected) => {
    expect(office.holds(at(iso))).toBe(expected);
  });

  test('the same question gets the same answer after another one', () => {
    const answers = ['2026-01-05T08:00:00Z', '2026-01-06T08:00:00Z', '2026-01-05T08:00:00Z'].map((iso) =>
      office.holds(at(iso)),
    );
    expect(answers).toEqual([true, false, true]);
  });
});

describe('a window over midnight belongs to the weekday on which it began', () => {
  const night = compileDuring({ timeZone: 'UTC', weekdays: ['SU'], from: '22:00', until: '06:30' }, '');
  test.each([
    ['2026-01-04T21:59:00Z', false],
    ['2026-01-04T22:00:00Z', true],
    ['2026-01-04T23:59:00Z', true],
    ['2026-01-05T00:00:00Z', true],
    ['2026-01-05T06:29:00Z', true],
    ['2026-01-05T06:30:00Z', false],
    ['2026-01-05T22:00:00Z', false],
    ['2026-01-04T05:00:00Z', false],
  ])('%s: %s', (iso, expected) => {
    expect(night.holds(at(iso))).toBe(expected);
  });
});

describe('defaults', () => {
  test.each([
    [{ weekdays: ['MO'] }, '2026-01-05T00:00:00Z', true],
    [{ weekdays: ['MO'] }, '2026-01-05T23:59:59Z', true],
    [{ weekdays: ['MO'] }, '2026-01-06T00:00:00Z', false],
    [{ from: '18:00' }, '2026-01-05T23:59:00Z', true],
    [{ from: '18:00' }, '2026-01-06T00:00:00Z', false],
    [{ from: '18:00', until: '00:00' }, '2026-01-05T23:59:00Z', true],
    [{ from: '18:00', until: '00:00' }, '2026-01-06T00:00:00Z', false],
    [{ from: '18:00', until: '24:00' }, '2026-01-05T18:00:00Z', true],
    [{ until: '06:00' }, '2026-01-05T00:00:00Z', true],
    [{ until: '06:00' }, '2026-01-05T06:00:00Z', false],
    [{ until: '06:00', weekdays: undefined }, '2026-01-08T05:59:00Z', true],
    [{}, '2026-01-05T12:00:00Z', true],
  ])('%j at %s: %s', (window, iso, expected) => {
    expect(compileDuring({ timeZone: 'UTC', ...window }, '').holds(at(iso))).toBe(expected);
  });
});

test('the local time is shown with its weekday', () => {
  const { localTime } = compileDuring({ timeZone: 'America/New_York' }, '');
  expect(localTime(at('2026-01-05T04:05:00Z'))).toBe('SU 23:05');
  expect(localTime(at('2026-01-05T05:00:00Z'))).toBe('MO 00:00');
  expect(localTime(at('2026-03-08T07:30:00Z'))).toBe('SU 03:30');
});

test('each weekday is itself', () => {
  const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
  const { localTime } = compileDuring({ timeZone: 'UTC' }, '');
  expect(days.map((_, day) => localTime(at('2026-01-05T12:34:00Z') + day * 86_400_000))).toEqual(
    days.map((day) => `${day} 12:34`),
  );
});

describe('a window that opens by a rule', () => {
  const nights = { timeZone: BERLIN, start: '2026-01-05T22:00:00', rrule: 'FREQ=WEEKLY;BYDAY=MO,SA', duration: '8h' };
  const { holds, localTime } = compileDuring(nights, '');
  test.each([
    // Nothing is before its start.
    ['2026-01-03T22:00:00Z', false],
    ['2026-01-05T20:59:59Z', false],
    ['2026-01-05T21:00:00Z', true],
    ['2026-01-06T04:59:59Z', true],
    ['2026-01-06T05:00:00Z', false],
    ['2026-01-06T22:00:00Z', false],
    ['2026-01-10T21:00:00Z', true],
    // Summer time begins in this night: it still ends at six.
    ['2026-03-28T21:00:00Z', true],
    ['2026-03-29T03:59:59Z', true],
    ['2026-03-29T04:00:00Z', false],
    // And ends in this one, which is an hour longer.
    ['2026-10-24T19:59:59Z', false],
    ['2026-10-24T20:00:00Z', true],
    ['2026-10-25T04:59:59Z', true],
    ['2026-10-25T05:00:00Z', false],
  ])('%s: %s', (iso, expected) => {
    expect(holds(at(iso))).toBe(expected);
    expect(compileDuring(nights, '').holds(at(iso))).toBe(expected);
  });

  test('tells its local time like any other', () => expect(localTime(at('2026-01-05T21:30:00Z'))).toBe('MO 22:30'));

  test('opens every other week, or so many times only', () => {
    const window = { timeZone: 'UTC', start: '2026-01-05T09:00:00', duration: '1h' };
    const other = compileDuring({ ...window, rrule: 'FREQ=WEEKLY;INTERVAL=2' }, '');
    const thrice = compileDuring({ ...window, rrule: 'FREQ=DAILY;COUNT=3' }, '');
    const days = [5, 6, 7, 8, 12, 19].map((day) => at('2026-01-01T09:30:00Z') + (day - 1) * 86_400_000);
    expect(days.map(other.holds)).toEqual([true, false, false, false, false, true]);
    expect(days.map(thrice.holds)).toEqual([true, true, true, false, false, false]);
  });

  test('may last into the next one', () => {
    const always = compileDuring({ ...nights, rrule: 'FREQ=DAILY', duration: '30h' }, '');
    expect(always.holds(at('2026-01-05T20:59:59Z'))).toBe(false);
    expect([0, 1, 25, 26, 48].map((hours) => always.holds(at('2026-01-05T21:00:00Z') + hours * 3_600_000))).toEqual(
      Array(5).fill(true),
    );
  });
});

test('a moment of no calendar is in no window', () => {
  const rule = { start: '2026-01-05T22:00:00', rrule: 'FREQ=DAILY', duration: '24h' };
  for (const window of [{}, { from: '18:00', until: '06:00' }, rule]) {
    const { holds, localTime } = compileDuring({ timeZone: 'UTC', ...window }, '');
    const moments = [Number.NaN, Number.POSITIVE_INFINITY, -9e15, 9e15];
    expect(moments.map(holds)).toEqual([false, false, false, false]);
    expect(moments.map(localTime)).toEqual(Array(4).fill('no time'));
  }
});

describe('refused', () => {
  const nightly = { timeZone: BERLIN, start: '2026-01-05T22:00:00', rrule: 'FREQ=DAILY', duration: '8h' };
  const advice = "{ timeZone: 'Europe/Berlin', weekdays: ['MO'], from: '09:00', until: '17:00' }";
  test.each([
    [undefined, 'value', advice],
    ['nights', 'value', advice],
    [null, 'value', advice],
    [[], 'value', advice],
    [{}, 'value.timeZone', 'nothing is no time zone'],
    [{ timeZone: 'Mars/Olympus' }, 'value.timeZone', '"Mars/Olympus" is no time zone'],
    [{ timeZone: 5 }, 'value.timeZone', '5 is no time zone'],
    [{ timeZone: 'UTC', from: '9:00' }, 'value.from', 'found "9:00"'],
    [{ timeZone: 'UTC', from: '24:01' }, 'value.from', 'found "24:01"'],
    [{ timeZone: 'UTC', from: '09:60' }, 'value.from', 'found "09:60"'],
    [{ timeZone: 'UTC', from: 'x09:00' }, 'value.from', 'such as'],
    [{ timeZone: 'UTC', until: '09:00x' }, 'value.until', 'such as'],
    [{ timeZone: 'UTC', until: '24:00x' }, 'value.until', 'such as'],
    [{ timeZone: 'UTC', until: 'x24:00' }, 'value.until', 'such as'],
    [{ timeZone: 'UTC', until: 900 }, 'value.until', 'found 900'],
    [{ timeZone: 'UTC', from: '09:00', until: '09:00' }, 'value', 'the window is empty'],
    [{ timeZone: 'UTC', from: '24:00', until: '06:00' }, 'value', 'the window is empty'],
    [{ timeZone: 'UTC', until: '00:00' }, 'value', 'the window is empty'],
    [{ timeZone: 'UTC', weekdays: [] }, 'value.weekdays', "such as ['MO', 'TU']"],
    [{ timeZone: 'UTC', weekdays: ['MO', 'MON'] }, 'value.weekdays', 'found a list'],
    [{ timeZone: 'UTC', weekdays: 'MO' }, 'value.weekdays', 'found "MO"'],
    [{ ...nightly, weekdays: ['MO'] }, 'value.weekdays', "'weekdays' does not go together with 'start'"],
    [{ timeZone: 'UTC', from: '09:00', duration: '8h' }, 'value.from', "'from' does not go together with 'duration'"],
    [
      { timeZone: 'UTC', until: '09:00', rrule: 'FREQ=DAILY' },
      'value.until',
      'Write either weekdays, from and until, or',
    ],
    [{ timeZone: 'UTC', rrule: 'FREQ=DAILY' }, 'value.start', 'found nothing'],
    [{ timeZone: 'UTC', start: '2026-01-05T09:00:00' }, 'value.rrule', 'found nothing'],
    [{ ...nightly, duration: undefined }, 'value.duration', 'found nothing'],
    [{ ...nightly, duration: 'long' }, 'value.duration', 'Cannot read "long" as a duration'],
    [{ ...nightly, duration: '0s' }, 'value.duration', 'the window is empty'],
    [{ ...nightly, rrule: 'FREQ=SECONDLY' }, 'value.rrule', 'SECONDLY'],
    [{ ...nightly, rrule: 'nonsense' }, 'value.rrule', 'write NAME=VALUE'],
    [{ ...nightly, rrule: 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30' }, 'value.rrule', 'BYMONTHDAY'],
    [{ ...nightly, start: 'yesterday' }, 'value.start', ''],
    [{ ...nightly, timeZone: 'Mars/Olympus' }, 'value.timeZone', 'is no time zone'],
    [{ timeZone: 'UTC', to: '09:00' }, 'value', '"to" is unknown'],
  ])('%j', (window, path, problem) => {
    const refused = refusal(() => compileDuring(window, 'value'));
    expect(refused).toMatchObject({ code: 'RULE_INVALID', path });
    expect(refused.message).toContain(problem);
  });
});
