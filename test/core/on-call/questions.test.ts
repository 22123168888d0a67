import { expect, test } from 'vitest';
import { createSchedule } from '../../../src/core/on-call/index.ts';
import { between, layer, MONDAY, OFFICE_HOURS, schedule, short } from './build.ts';
import { caught } from './caught.ts';

const office = schedule([layer('office', ['ana', 'ben'], { restrictions: [OFFICE_HOURS] })]);

test('gaps are what nobody covers', () => {
  const gaps = office.gaps(between('2026-01-06T10:00:00Z', '2026-01-08T09:00:00Z'));
  expect(gaps.map(({ start, end }) => `${short(start)} to ${short(end)}`)).toEqual([
    '01-06 17:00 to 01-07 09:00',
    '01-07 17:00 to 01-08 09:00',
  ]);
});

test('coverage is the covered part of the window, and people together count once', () => {
  expect(office.coverage(between('2026-01-06', '2026-01-07')).percent).toBeCloseTo(100 / 3, 10);
  const pair = schedule([layer('pair', [['ana', 'ben']], { restrictions: [{ ...OFFICE_HOURS, duration: '12h' }] })]);
  expect(pair.coverage(between('2026-01-06', '2026-01-07'))).toEqual({
    percent: 50,
    gaps: [
      { start: new Date('2026-01-06T00:00:00Z'), end: new Date('2026-01-06T09:00:00Z') },
      { start: new Date('2026-01-06T21:00:00Z'), end: new Date('2026-01-07T00:00:00Z') },
    ],
  });
});

test('coverage is 100 without a gap, 0 without anybody, and less than 100 with a gap of a millisecond', () => {
  const always = schedule([layer('always', ['ana'])]);
  expect(always.coverage(between('2026-01-06', '2036-01-01'))).toEqual({ percent: 100, gaps: [] });
  expect(always.coverage(between('2025-01-06', '2025-01-07')).percent).toBe(0);
  expect(always.coverage(between('2026-01-05T08:59:59.999Z', '2035-12-01')).percent).toBeLessThan(100);
});

test('the next handoff is the next time a layer hands off', () => {
  const weekly = schedule([layer('weekly', ['ana'])]);
  expect(weekly.nextHandoff('2026-01-05T08:59:59.999Z')).toEqual(new Date('2026-01-05T09:00:00Z'));
  expect(weekly.nextHandoff('2026-01-05T09:00:00Z')).toEqual(new Date('2026-01-12T09:00:00Z'));
});

test('the next handoff is also when the people change, if that comes first', () => {
  expect(office.nextHandoff('2026-01-06T12:00:00Z')).toEqual(new Date('2026-01-06T17:00:00Z'));
  expect(office.nextHandoff('2026-01-06T17:00:00Z')).toEqual(new Date('2026-01-07T09:00:00Z'));
});

test('the next handoff is found far away, up to ten years', () => {
  const once = schedule([layer('once', ['ana'], { rotation: { rrule: 'FREQ=WEEKLY;COUNT=1' } })]);
  const start = Date.parse(`${MONDAY}Z`);
  expect(once.nextHandoff(start - 3_652 * 86_400_000)).toEqual(new Date(start));
  expect(once.nextHandoff(start - 3_653 * 86_400_000)).toBeUndefined();
  expect(once.nextHandoff(start)).toBeUndefined();
});

test('the same person for another reason is no change', () => {
  const rotation = { rrule: 'FREQ=WEEKLY;COUNT=1' };
  const over = { id: 'o1', kind: 'replace', user: 'ana', ...between('2026-01-06', '2026-01-07') } as const;
  const asked = schedule([layer('once', ['ana'], { rotation })], { overrides: [over] });
  expect(asked.nextHandoff('2026-01-05T12:00:00Z')).toBeUndefined();
});

test('a long shift is found whole', () => {
  const slow = schedule([layer('slow', ['ana', 'ben'], { rotation: { rrule: 'FREQ=WEEKLY;INTERVAL=100' } })]);
  expect(slow.onCallAt('2026-06-01T00:00:00Z')[0]?.shift).toEqual({
    start: new Date('2026-01-05T09:00:00Z'),
    end: new Date('2027-12-06T09:00:00Z'),
  });
});

test('load counts hours, nights, weekends and shifts in local time', () => {
  const weekly = schedule([layer('weekly', ['ana', 'ben'])], { timeZone: 'America/New_York' });
  expect(weekly.load(between('2026-03-02T14:00:00Z', '2026-03-16T13:00:00Z'))).toEqual([
    { user: 'ana', hours: 167, nights: 7, weekends: 1, holidays: 0, shifts: 1 },
    { user: 'ben', hours: 168, nights: 7, weekends: 1, holidays: 0, shifts: 1 },
  ]);
});

test('load is what lies in the window, by user', () => {
  const daily = schedule([layer('daily', ['ben', 'ana'], { rotation: { rrule: 'FREQ=DAILY' } })]);
  expect(daily.load(between('2026-01-09T12:00:00Z', '2026-01-12T12:00:00Z'))).toEqual([
    { user: 'ana', hours: 27, nights: 1, weekends: 1, holidays: 0, shifts: 2 },
    { user: 'ben', hours: 45, nights: 2, weekends: 1, holidays: 0, shifts: 2 },
  ]);
  expect(daily.load(between('2025-01-01', '2025-01-02'))).toEqual([]);
});

test.each([
  ['06:00', '16h', 0],
  ['06:00', '17h', 1],
  ['05:00', '1h', 1],
  ['22:00', '8h', 1],
  ['21:00', '1h', 0],
  ['05:00', '18h', 2],
])('a shift from %s that lasts %s touches %s nights', (time, shiftDuration, nights) => {
  const start = `2026-01-06T${time}:00`;
  const rotation = { start, rrule: 'FREQ=DAILY;COUNT=1', shiftDuration };
  const asked = schedule([layer('one', ['ana'], { rotation })], { timeZone: 'Europe/Berlin' });
  expect(asked.load(between('2026-01-05', '2026-01-09'))[0]?.nights).toBe(nights);
});

test.each([
  ['2026-01-09T00:00:00', '24h', 0],
  ['2026-01-09T00:00:00', '25h', 1],
  ['2026-01-11T23:00:00', '1h', 1],
  ['2026-01-12T00:00:00', '5d', 0],
  ['2026-01-11T23:00:00', '6d', 2],
])('a shift from %s that lasts %s touches %s weekends', (start, shiftDuration, weekends) => {
  const rotation = { start, rrule: 'FREQ=DAILY;COUNT=1', shiftDuration };
  const asked = schedule([layer('one', ['ana'], { rotation })], { timeZone: 'America/New_York' });
  expect(asked.load(between('2026-01-05', '2026-02-01'))[0]?.weekends).toBe(weekends);
});

test('several shifts in one night or weekend count it once', () => {
  const rotation = { start: '2026-01-10T00:00:00', rrule: 'FREQ=DAILY' };
  const restrictions = [
    { start: '2026-01-10T00:00:00', duration: '1h', rrule: 'FREQ=DAILY' },
    { start: '2026-01-10T03:00:00', duration: '1h', rrule: 'FREQ=DAILY' },
  ];
  const asked = schedule([layer('one', ['ana'], { rotation, restrictions })]);
  expect(asked.load(between('2026-01-10', '2026-01-12'))).toEqual([
    { user: 'ana', hours: 4, nights: 2, weekends: 1, holidays: 0, shifts: 4 },
  ]);
});

test('a night that a zone skips is not counted', () => {
  const rotation = { start: '2011-12-28T09:00:00', rrule: 'FREQ=WEEKLY' };
  const asked = schedule([layer('one', ['ana'], { rotation })], { timeZone: 'Pacific/Apia' });
  const load = asked.load(between('2011-12-29T19:00:00Z', '2011-12-31T19:00:00Z'));
  expect(load).toEqual([{ user: 'ana', hours: 48, nights: 2, weekends: 1, holidays: 0, shifts: 1 }]);
});

test('a long shift that ends soon, or began just now, is found whole', () => {
  const slow = schedule([layer('slow', ['ana', 'ben'], { rotation: { rrule: 'FREQ=WEEKLY;INTERVAL=100' } })]);
  const shift = { start: new Date('2026-01-05T09:00:00Z'), end: new Date('2027-12-06T09:00:00Z') };
  expect(slow.onCallAt('2027-12-06T08:00:00Z')[0]?.shift).toEqual(shift);
  expect(slow.onCallAt('2026-01-05T09:00:00Z')[0]?.shift).toEqual(shift);
});

test('beside a short shift a long one is found whole, and people come by name', () => {
  const asked = schedule([
    layer('long', ['zoe'], { priority: 0, rotation: { rrule: 'FREQ=WEEKLY;INTERVAL=4' } }),
    layer('short', ['ana', 'ben'], { priority: 0, rotation: { rrule: 'FREQ=DAILY' } }),
  ]);
  const at = asked.onCallAt('2026-01-20T12:00:00Z');
  expect(at.map(({ user, shift }) => `${user} ${short(shift.start)} to ${short(shift.end)}`)).toEqual([
    'ben 01-20 09:00 to 01-21 09:00',
    'zoe 01-05 09:00 to 02-02 09:00',
  ]);
  const day = asked.shifts(between('2026-01-20T09:00:00Z', '2026-01-21T09:00:00Z'));
  expect(day.map(({ user }) => user)).toEqual(['ben', 'zoe']);
  const other = asked.shifts(between('2026-01-20T08:00:00Z', '2026-01-21T09:00:00Z'));
  expect(other.map(({ user }) => user)).toEqual(['ana', 'zoe', 'ben']);
});

test('the next handoff notices that as many, but other people are on call', () => {
  const over = { id: 'o1', kind: 'replace', user: 'zoe', ...between('2026-01-07', '2026-01-08') } as const;
  const asked = schedule([layer('weekly', ['ana', 'ben'])], { overrides: [over] });
  expect(asked.nextHandoff('2026-01-06T00:00:00Z')).toEqual(new Date('2026-01-07T00:00:00Z'));
  expect(asked.nextHandoff('2026-01-07T00:00:00Z')).toEqual(new Date('2026-01-08T00:00:00Z'));
});

test('a moment that is none is named', () => {
  expect(caught(() => office.onCallAt(1e15)).message).toContain('Cannot look up at 1000000000000000:');
  expect(caught(() => office.nextHandoff(1e15)).message).toContain('Cannot look up after 1000000000000000:');
  expect(caught(() => office.onCallAt('2026-01-06T12:00:00')).code).toBe('INSTANT_INVALID');
});

test('instants may be dates, numbers or text', () => {
  const at = '2026-01-06T12:00:00Z';
  expect(office.onCallAt(new Date(at))).toEqual(office.onCallAt(at));
  expect(office.onCallAt(Date.parse(at))).toEqual(office.onCallAt(at));
  expect(office.onCallAt('2026-01-06T07:00:00-05:00')).toEqual(office.onCallAt(at));
});

test('a schedule read back from JSON answers the same', () => {
  const again = createSchedule(JSON.parse(JSON.stringify(office.definition)));
  expect(again.definition).toEqual(office.definition);
  expect(again.shifts(between('2026-01-01', '2026-02-01'))).toEqual(office.shifts(between('2026-01-01', '2026-02-01')));
});

test('holidays are counted where they are touched, from midnight to midnight', () => {
  const daily = schedule([layer('daily', ['ana', 'ben'], { rotation: { rrule: 'FREQ=DAILY' } })], {
    timeZone: 'America/New_York',
  });
  const window = between('2026-12-24T14:00:00Z', '2026-12-28T14:00:00Z');
  const holidays = ['2026-12-25', '2026-12-26', '2026-12-26', '2027-01-01'];
  expect(daily.load(window, { holidays }).map((load) => [load.user, load.holidays])).toEqual([
    ['ana', 2],
    ['ben', 2],
  ]);
  expect(daily.load(between('2026-12-24T14:00:00Z', '2026-12-25T05:00:00Z'), { holidays })[0]?.holidays).toBe(0);
  expect(daily.load(window)[0]?.holidays).toBe(0);
});

test('a holiday that is no date is named', () => {
  const asked = schedule([layer('weekly', ['ana'])]);
  for (const wrong of ['2026-02-30', 'Christmas', 20261225]) {
    const window = between('2026-01-01', '2027-01-01');
    expect(caught(() => asked.load(window, { holidays: [wrong as string] }))).toEqual({
      code: 'INPUT_INVALID',
      message: `Cannot count a holiday: ${JSON.stringify(wrong)} is no date of the calendar: write one such as 2026-12-25.`,
      details: {
        problems: [
          {
            path: 'holidays',
            message: `${JSON.stringify(wrong)} is no date of the calendar: write one such as 2026-12-25`,
          },
        ],
      },
    });
  }
});
