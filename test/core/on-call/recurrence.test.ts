import { expect, test } from 'vitest';
import { type RecurrenceText, recurrenceOf } from '../../../src/core/on-call/layer.ts';
import { parseWall } from '../../../src/core/on-call/wall-clock.ts';
import { zoneOf } from '../../../src/core/on-call/zone.ts';

const compile = (text: RecurrenceText, timeZone = 'UTC') => recurrenceOf(text, zoneOf(timeZone));
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
  expect(compile({ start: MONDAY, rrule: 'FREQ=HOURLY' }).at(0)).toBeUndefined();
  expect(compile({ start: '2026-02-30T09:00:00', rrule: 'FREQ=DAILY' }).indexAt(0)).toBe(-1);
});
