import { expect, test } from 'vitest';
import { type RecurrenceText, timetableOf } from '../../../src/core/on-call/timetable.ts';
import { parseWall } from '../../../src/core/on-call/wall-clock.ts';
import { zoneOf } from '../../../src/core/on-call/zone.ts';

const compile = (text: RecurrenceText, timeZone = 'UTC') => timetableOf(text, zoneOf(timeZone)).recurrence;
const day = (wall: number | undefined) => (wall === undefined ? undefined : new Date(wall).toISOString().slice(0, 10));
const first = (text: RecurrenceText, count: number, timeZone = 'UTC') =>
  Array.from({ length: count }, (_, index) => day(compile(text, timeZone).at(index)));
const wall = (text: string) => parseWall(text) ?? Number.NaN;
const MONDAY = '2026-01-05T09:00:00';

test.each([
  ['FREQ=DAILY', ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08']],
  ['FREQ=DAILY;INTERVAL=10', ['2026-01-05', '2026-01-15', '2026-01-25', '2026-02-04']],
  ['FREQ=DAILY;BYDAY=SA,MO', ['2026-01-05', '2026-01-10', '2026-01-12', '2026-01-17']],
  ['FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU', ['2026-01-05', '2026-01-13', '2026-01-19', '2026-01-27']],
  ['FREQ=WEEKLY', ['2026-01-05', '2026-01-12', '2026-01-19', '2026-01-26']],
  ['FREQ=WEEKLY;INTERVAL=3', ['2026-01-05', '2026-01-26', '2026-02-16', '2026-03-09']],
  ['FREQ=WEEKLY;BYDAY=FR,MO,FR', ['2026-01-05', '2026-01-09', '2026-01-12', '2026-01-16']],
  ['FREQ=WEEKLY;BYDAY=TU', ['2026-01-06', '2026-01-13', '2026-01-20', '2026-01-27']],
  ['FREQ=WEEKLY;COUNT=2', ['2026-01-05', '2026-01-12', undefined, undefined]],
  ['FREQ=WEEKLY;UNTIL=20260119', ['2026-01-05', '2026-01-12', '2026-01-19', undefined]],
  ['FREQ=WEEKLY;UNTIL=20260119T090000', ['2026-01-05', '2026-01-12', '2026-01-19', undefined]],
  ['FREQ=WEEKLY;UNTIL=20260119T085959', ['2026-01-05', '2026-01-12', undefined, undefined]],
])('%s from a Monday', (rrule, expected) => {
  expect(first({ start: MONDAY, rrule }, 4)).toEqual(expected);
});

test('the week start decides which weeks an interval skips', () => {
  const start = '1997-08-05T09:00:00';
  const rrule = 'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU';
  expect(first({ start, rrule: `${rrule};WKST=MO` }, 5)).toEqual([
    '1997-08-05',
    '1997-08-10',
    '1997-08-19',
    '1997-08-24',
    undefined,
  ]);
  expect(first({ start, rrule: `${rrule};WKST=SU` }, 5)).toEqual([
    '1997-08-05',
    '1997-08-17',
    '1997-08-19',
    '1997-08-31',
    undefined,
  ]);
});

test('days of the first week before the start do not count', () => {
  const recurrence = compile({ start: '2026-01-07T09:00:00', rrule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR' });
  expect([0, 1, 2].map((index) => day(recurrence.at(index)))).toEqual(['2026-01-07', '2026-01-09', '2026-01-12']);
  expect(recurrence.indexAt(wall('2026-01-06T00:00:00'))).toBe(-1);
  expect(recurrence.indexAt(wall('2026-01-07T09:00:00'))).toBe(0);
  expect(recurrence.at(-1)).toBeUndefined();
});

test('UNTIL as an instant means the instant, not its digits', () => {
  const start = '2024-03-09T09:00:00';
  const nine = '13:00 UTC is nine o’clock in summer time';
  expect(first({ start, rrule: 'FREQ=DAILY;UNTIL=20240312T130000Z' }, 5, 'America/New_York'), nine).toEqual([
    '2024-03-09',
    '2024-03-10',
    '2024-03-11',
    '2024-03-12',
    undefined,
  ]);
  expect(first({ start, rrule: 'FREQ=DAILY;UNTIL=20240312T125959Z' }, 5, 'America/New_York')[3]).toBeUndefined();
});

test('the number of the last occurrence changes exactly at an occurrence', () => {
  const recurrence = compile({ start: MONDAY, rrule: 'FREQ=WEEKLY;BYDAY=MO,FR;COUNT=3' });
  const at = ['2026-01-05T08:59:59', MONDAY, '2026-01-09T08:59:59', '2026-01-09T09:00:00', '2026-01-12T09:00:00'];
  expect(at.map((text) => recurrence.indexAt(wall(text)))).toEqual([-1, 0, 0, 1, 2]);
  expect(recurrence.indexAt(wall('2036-01-01T00:00:00'))).toBe(2);
});

test('an excluded date is no turn, and an added one is', () => {
  const text = {
    start: MONDAY,
    rrule: 'FREQ=WEEKLY;COUNT=4',
    exdates: ['2026-01-12T09:00:00', '2026-01-13T09:00:00', '2025-12-29T09:00:00'],
    rdates: ['2026-01-14T09:00:00', '2026-01-01T09:00:00', '2026-01-19T09:00:00', '2026-02-10T09:00:00'],
  };
  const dates = ['2026-01-01', '2026-01-05', '2026-01-14', '2026-01-19', '2026-01-26', '2026-02-10'];
  expect(first(text, 7)).toEqual([...dates, undefined]);
  const recurrence = compile(text);
  expect(dates.map((date) => recurrence.indexAt(wall(`${date}T09:00:00`)))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(dates.map((date) => recurrence.indexAt(wall(`${date}T08:59:59`)))).toEqual([-1, 0, 1, 2, 3, 4]);
});

test('neighbouring exclusions are skipped together', () => {
  const exdates = ['2026-01-07T09:00:00', '2026-01-06T09:00:00', '2026-01-05T09:00:00', '2026-01-10T09:00:00'];
  expect(first({ start: MONDAY, rrule: 'FREQ=DAILY', exdates }, 3)).toEqual(['2026-01-08', '2026-01-09', '2026-01-11']);
});

test('a date that is both added and excluded is excluded', () => {
  const both = ['2026-01-07T09:00:00'];
  expect(first({ start: MONDAY, rrule: 'FREQ=WEEKLY', rdates: both, exdates: both }, 2)).toEqual([
    '2026-01-05',
    '2026-01-12',
  ]);
});

test('a rule that matches no day has no occurrence', () => {
  const never = compile({ start: MONDAY, rrule: 'FREQ=DAILY;INTERVAL=7;BYDAY=TU' });
  expect([never.at(0), never.indexAt(wall('2036-01-01T00:00:00'))]).toEqual([undefined, -1]);
});

test('what cannot be read has no occurrence', () => {
  expect(compile({ start: MONDAY, rrule: 'FREQ=MINUTELY' }).at(0)).toBeUndefined();
  expect(compile({ start: '2026-02-30T09:00:00', rrule: 'FREQ=DAILY' }).indexAt(0)).toBe(-1);
});

const full = (text: RecurrenceText, count: number, timeZone = 'UTC') => {
  const recurrence = compile(text, timeZone);
  return Array.from({ length: count }, (_, index) => {
    const occurrence = recurrence.at(index);
    return occurrence === undefined ? undefined : new Date(occurrence).toISOString().slice(0, 16);
  });
};

test.each([
  ['FREQ=MONTHLY', ['2026-01-05', '2026-02-05', '2026-03-05', '2026-04-05']],
  ['FREQ=MONTHLY;INTERVAL=5', ['2026-01-05', '2026-06-05', '2026-11-05', '2027-04-05']],
  ['FREQ=MONTHLY;BYMONTHDAY=28,1', ['2026-01-28', '2026-02-01', '2026-02-28', '2026-03-01']],
  ['FREQ=MONTHLY;INTERVAL=5;BYMONTH=4,11', ['2026-11-05', '2027-04-05', '2031-11-05', '2032-04-05']],
  ['FREQ=MONTHLY;BYMONTHDAY=31', ['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31']],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']],
  ['FREQ=MONTHLY;BYDAY=1MO', ['2026-01-05', '2026-02-02', '2026-03-02', '2026-04-06']],
  ['FREQ=MONTHLY;BYDAY=5FR', ['2026-01-30', '2026-05-29', '2026-07-31', '2026-10-30']],
  ['FREQ=MONTHLY;BYDAY=MO,-1SU', ['2026-01-05', '2026-01-12', '2026-01-19', '2026-01-25']],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', ['2026-02-13', '2026-03-13', '2026-11-13', '2027-08-13']],
  ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', ['2026-01-30', '2026-02-27', '2026-03-31', '2026-04-30']],
  ['FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO', ['2026-01-05', '2026-03-02', '2026-05-04', '2026-07-06']],
  ['FREQ=YEARLY', ['2026-01-05', '2027-01-05', '2028-01-05', '2029-01-05']],
  ['FREQ=YEARLY;BYMONTH=6,3', ['2026-03-05', '2026-06-05', '2027-03-05', '2027-06-05']],
  ['FREQ=YEARLY;BYMONTHDAY=1', ['2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01']],
  ['FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29', ['2032-02-29', '2044-02-29', '2056-02-29', '2068-02-29']],
  ['FREQ=YEARLY;BYDAY=20MO', ['2026-05-18', '2027-05-17', '2028-05-15', '2029-05-14']],
  ['FREQ=YEARLY;BYMONTH=11;BYDAY=4TH', ['2026-11-26', '2027-11-25', '2028-11-23', '2029-11-22']],
  ['FREQ=YEARLY;BYYEARDAY=-1,1', ['2026-12-31', '2027-01-01', '2027-12-31', '2028-01-01']],
  ['FREQ=YEARLY;BYWEEKNO=20', ['2026-05-11', '2027-05-17', '2028-05-15', '2029-05-14']],
  ['FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,SU', ['2026-12-28', '2027-01-03', '2032-12-27', '2033-01-02']],
  ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=28,29', ['2026-02-28', '2027-02-28', '2028-02-28', '2028-02-29']],
  ['FREQ=DAILY;INTERVAL=10;BYMONTH=3', ['2026-03-06', '2026-03-16', '2026-03-26', '2027-03-01']],
  ['FREQ=WEEKLY;INTERVAL=2;BYMONTH=3;BYDAY=MO,FR', ['2026-03-02', '2026-03-06', '2026-03-16', '2026-03-20']],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=-1,1', ['2026-01-05', '2026-01-07', '2026-01-12', '2026-01-14']],
  ['FREQ=HOURLY;BYHOUR=9;BYYEARDAY=6', ['2026-01-06', '2027-01-06', '2028-01-06', '2029-01-06']],
])('%s counts from a Monday in January', (rrule, expected) => {
  expect(first({ start: MONDAY, rrule }, 4)).toEqual(expected);
});

test.each([
  ['FREQ=DAILY;BYHOUR=18,6', ['2026-01-05T18:00', '2026-01-06T06:00', '2026-01-06T18:00']],
  ['FREQ=DAILY;BYHOUR=6,12,18;BYSETPOS=2', ['2026-01-05T12:00', '2026-01-06T12:00', '2026-01-07T12:00']],
  ['FREQ=DAILY;BYMINUTE=45,15', ['2026-01-05T09:15', '2026-01-05T09:45', '2026-01-06T09:15']],
  ['FREQ=WEEKLY;BYHOUR=1,2;BYSETPOS=-1', ['2026-01-12T02:00', '2026-01-19T02:00', '2026-01-26T02:00']],
  ['FREQ=HOURLY;INTERVAL=8', ['2026-01-05T09:00', '2026-01-05T17:00', '2026-01-06T01:00']],
  ['FREQ=HOURLY;INTERVAL=8;BYHOUR=1,2', ['2026-01-06T01:00', '2026-01-07T01:00', '2026-01-08T01:00']],
  ['FREQ=HOURLY;BYMINUTE=0,20,40;BYSETPOS=-1', ['2026-01-05T09:40', '2026-01-05T10:40', '2026-01-05T11:40']],
  ['FREQ=HOURLY;INTERVAL=12;BYDAY=SA', ['2026-01-10T09:00', '2026-01-10T21:00', '2026-01-17T09:00']],
  ['FREQ=MONTHLY;BYDAY=MO;BYHOUR=9,17;BYSETPOS=3', ['2026-01-12T09:00', '2026-02-09T09:00', '2026-03-09T09:00']],
  ['FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=5;BYHOUR=8,9', ['2026-01-05T09:00', '2027-01-05T08:00', '2027-01-05T09:00']],
])('%s has its times of day', (rrule, expected) => {
  expect(full({ start: MONDAY, rrule }, 3)).toEqual(expected);
});

test('the first set is complete before the start cuts it', () => {
  const start = '2024-10-23T09:00:00';
  expect(first({ start, rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1' }, 2)).toEqual([
    '2024-10-28',
    '2024-11-04',
  ]);
});

test('a position beyond its set chooses nothing', () => {
  expect(first({ start: MONDAY, rrule: 'FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-5' }, 2)).toEqual(['2026-05-01', '2026-07-03']);
});

test('a numbered week belongs to the year that it is numbered in, whichever its days lie in', () => {
  const rule = { start: '2010-01-02T00:00:00', rrule: 'FREQ=YEARLY;INTERVAL=6;BYWEEKNO=53;BYDAY=TU,SA' };
  expect(first(rule, 3)).toEqual(['2010-01-02', '2015-12-29', '2016-01-02']);
});

test('hours that do not divide the day are counted as they pass', () => {
  const start = '2026-03-07T21:00:00';
  const timetable = timetableOf({ start, rrule: 'FREQ=HOURLY;INTERVAL=5' }, zoneOf('America/New_York'));
  const instants = [0, 1, 2, 3].map((index) => timetable.zone.toInstant(timetable.recurrence.at(index) ?? 0));
  expect(instants.map((at) => new Date(at).toISOString().slice(5, 16))).toEqual([
    '03-08T02:00',
    '03-08T07:00',
    '03-08T12:00',
    '03-08T17:00',
  ]);
});

test('what limits such hours, ends them or is added to them is read on the clock of the zone', () => {
  const zone = zoneOf('America/New_York');
  const text = {
    start: '2026-03-07T21:00:00',
    rrule: 'FREQ=HOURLY;INTERVAL=5;BYDAY=SU;UNTIL=20260308T180000',
    exdates: ['2026-03-08T13:00:00'],
    rdates: ['2026-03-09T12:00:00'],
  };
  const timetable = timetableOf(text, zone);
  const local = [0, 1, 2, 3].map((index) => {
    const occurrence = timetable.recurrence.at(index);
    if (occurrence === undefined) return undefined;
    return new Date(zone.toWall(timetable.zone.toInstant(occurrence))).toISOString().slice(5, 16);
  });
  expect(local).toEqual(['03-08T03:00', '03-08T08:00', '03-08T18:00', '03-09T12:00']);
});

test('a year of numbered weeks reaches as far as the year after it makes it', () => {
  const text = { start: '2003-01-01T00:00:00', rrule: 'FREQ=YEARLY;BYWEEKNO=-1;BYYEARDAY=-365' };
  expect(day(compile(text).at(8))).toBe('2023-01-01');
});

test('hours that come again when clocks are put back over midnight belong to the day that they show', () => {
  const zone = zoneOf('America/St_Johns');
  const { recurrence, zone: clock } = timetableOf(
    { start: '2010-11-06T19:30:00', rrule: 'FREQ=HOURLY;INTERVAL=5;BYDAY=SA' },
    zone,
  );
  const second = clock.toInstant(recurrence.at(1) ?? 0);
  expect(new Date(second).toISOString()).toBe('2010-11-07T03:00:00.000Z');
  expect(new Date(zone.toWall(second)).toISOString().slice(5, 16)).toBe('11-06T23:30');
});
