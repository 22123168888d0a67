import { expect, test } from 'vitest';
import { parseRule } from '../../../src/core/on-call/rrule.ts';

const PLAIN = {
  freq: 'WEEKLY',
  interval: 1,
  byMonth: undefined,
  byWeekNo: undefined,
  byYearDay: undefined,
  byMonthDay: undefined,
  byDay: undefined,
  byHour: undefined,
  byMinute: undefined,
  bySecond: undefined,
  bySetPos: undefined,
  weekStart: 0,
  count: undefined,
  until: undefined,
};
const KNOWN = 'use one of HOURLY, DAILY, WEEKLY, MONTHLY, YEARLY';
const every = (weekday: number) => ({ weekday, nth: undefined });

test.each([
  ['FREQ=WEEKLY', PLAIN],
  ['rrule:freq=weekly', PLAIN],
  ['FREQ=HOURLY;INTERVAL=3', { ...PLAIN, freq: 'HOURLY', interval: 3 }],
  ['FREQ=DAILY', { ...PLAIN, freq: 'DAILY' }],
  ['INTERVAL=10000;FREQ=MONTHLY', { ...PLAIN, freq: 'MONTHLY', interval: 10_000 }],
  ['FREQ=WEEKLY;BYDAY=SU,MO', { ...PLAIN, byDay: [every(6), every(0)] }],
  [
    'FREQ=MONTHLY;BYDAY=1MO,-1FR,+5TU',
    {
      ...PLAIN,
      freq: 'MONTHLY',
      byDay: [
        { weekday: 0, nth: 1 },
        { weekday: 4, nth: -1 },
        { weekday: 1, nth: 5 },
      ],
    },
  ],
  ['FREQ=YEARLY;BYMONTH=12,1,12', { ...PLAIN, freq: 'YEARLY', byMonth: [1, 12] }],
  ['FREQ=YEARLY;BYWEEKNO=53,-1', { ...PLAIN, freq: 'YEARLY', byWeekNo: [-1, 53] }],
  ['FREQ=YEARLY;BYYEARDAY=+366,-366', { ...PLAIN, freq: 'YEARLY', byYearDay: [-366, 366] }],
  ['FREQ=HOURLY;BYYEARDAY=1', { ...PLAIN, freq: 'HOURLY', byYearDay: [1] }],
  ['FREQ=MONTHLY;BYMONTHDAY=31,-31', { ...PLAIN, freq: 'MONTHLY', byMonthDay: [-31, 31] }],
  ['FREQ=DAILY;BYHOUR=23,0;BYMINUTE=59', { ...PLAIN, freq: 'DAILY', byHour: [0, 23], byMinute: [59] }],
  ['FREQ=DAILY;BYSECOND=0,59,60', { ...PLAIN, freq: 'DAILY', bySecond: [0, 59] }],
  ['FREQ=DAILY;BYHOUR=1;BYSETPOS=-1,1', { ...PLAIN, freq: 'DAILY', byHour: [1], bySetPos: [-1, 1] }],
  ['FREQ=WEEKLY;WKST=SU', { ...PLAIN, weekStart: 6 }],
  ['FREQ=WEEKLY;COUNT=1000000000', { ...PLAIN, count: 1_000_000_000 }],
  ['FREQ=WEEKLY;UNTIL=20260105', { ...PLAIN, until: { wall: Date.UTC(2026, 0, 5, 23, 59, 59) } }],
  ['FREQ=WEEKLY;UNTIL=20260105T093015', { ...PLAIN, until: { wall: Date.UTC(2026, 0, 5, 9, 30, 15) } }],
  ['FREQ=WEEKLY;UNTIL=20260105T093015Z', { ...PLAIN, until: { at: Date.UTC(2026, 0, 5, 9, 30, 15) } }],
])('%s is understood', (text, rule) => {
  expect(parseRule(text)).toEqual({ rule });
});

const PARTS =
  'FREQ, INTERVAL, COUNT, UNTIL, WKST, BYDAY, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYHOUR, BYMINUTE, BYSECOND, BYSETPOS';
const NO_DAY = 'use MO to SU, or 1MO to 53SU and -1MO to -53SU';

test.each([
  ['FREQ', 'cannot read "FREQ": write NAME=VALUE'],
  ['FREQ=WEEKLY;', 'cannot read "": write NAME=VALUE'],
  ['FREQ=WEEKLY;COUNT=', 'cannot read "COUNT=": write NAME=VALUE'],
  ['FREQ=WEEKLY=1', 'cannot read "FREQ=WEEKLY=1": write NAME=VALUE'],
  ['FREQ=WEEKLY;FREQ=DAILY', 'FREQ is written twice'],
  [`FREQ=DAILY;BYHOUR=${'1,'.repeat(500)}1`, 'the rule has 1019 characters; 1000 is the most'],
  ['INTERVAL=2', `FREQ is missing: ${KNOWN}`],
  ['FREQ=FORTNIGHTLY', `FREQ=FORTNIGHTLY is no frequency: ${KNOWN}`],
  ['FREQ=SECONDLY', `FREQ=SECONDLY is more often than anybody can hand over: ${KNOWN}`],
  ['FREQ=MINUTELY', `FREQ=MINUTELY is more often than anybody can hand over: ${KNOWN}`],
  ['FREQ=WEEKLY;COLOUR=RED', `COLOUR is not a part of a recurrence rule. There are: ${PARTS}`],
  ['FREQ=WEEKLY;RSCALE=GREGORIAN', `RSCALE is not a part of a recurrence rule. There are: ${PARTS}`],
  ['FREQ=WEEKLY;COUNT=1;UNTIL=20260101', 'COUNT and UNTIL exclude each other: keep one of them'],
  ['FREQ=WEEKLY;INTERVAL=0', 'INTERVAL=0 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;INTERVAL=10001', 'INTERVAL=10001 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;INTERVAL=-1', 'INTERVAL=-1 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;INTERVAL=1E3', 'INTERVAL=1E3 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;INTERVAL=X1', 'INTERVAL=X1 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;COUNT=0', 'COUNT=0 is not a whole number from 1 to 1000000000'],
  ['FREQ=WEEKLY;COUNT=1000000001', 'COUNT=1000000001 is not a whole number from 1 to 1000000000'],
  ['FREQ=WEEKLY;WKST=XX', 'WKST=XX is no weekday: use MO to SU'],
  ['FREQ=WEEKLY;BYDAY=MO,XX', `BYDAY=XX is no weekday: ${NO_DAY}`],
  ['FREQ=WEEKLY;BYDAY=MO,', `BYDAY= is no weekday: ${NO_DAY}`],
  ['FREQ=MONTHLY;BYDAY=0MO', `BYDAY=0MO is no weekday: ${NO_DAY}`],
  ['FREQ=MONTHLY;BYDAY=54MO', `BYDAY=54MO is no weekday: ${NO_DAY}`],
  ['FREQ=MONTHLY;BYDAY=1MOX', `BYDAY=1MOX is no weekday: ${NO_DAY}`],
  ['FREQ=MONTHLY;BYDAY=X1MO', `BYDAY=X1MO is no weekday: ${NO_DAY}`],
  ['FREQ=YEARLY;BYMONTH=0', 'BYMONTH=0 is not a whole number from 1 to 12'],
  ['FREQ=YEARLY;BYMONTH=-1', 'BYMONTH=-1 is not a whole number from 1 to 12'],
  ['FREQ=YEARLY;BYMONTH=1.5', 'BYMONTH=1.5 is not a whole number from 1 to 12'],
  ['FREQ=YEARLY;BYMONTH=1,,2', 'BYMONTH= is not a whole number from 1 to 12'],
  ['FREQ=YEARLY;BYWEEKNO=54', 'BYWEEKNO=54 is not a whole number from 1 to 53 or from -53 to -1'],
  ['FREQ=YEARLY;BYWEEKNO=0', 'BYWEEKNO=0 is not a whole number from 1 to 53 or from -53 to -1'],
  ['FREQ=YEARLY;BYYEARDAY=367', 'BYYEARDAY=367 is not a whole number from 1 to 366 or from -366 to -1'],
  ['FREQ=MONTHLY;BYMONTHDAY=-32', 'BYMONTHDAY=-32 is not a whole number from 1 to 31 or from -31 to -1'],
  ['FREQ=MONTHLY;BYMONTHDAY=--1', 'BYMONTHDAY=--1 is not a whole number from 1 to 31 or from -31 to -1'],
  ['FREQ=DAILY;BYHOUR=24', 'BYHOUR=24 is not a whole number from 0 to 23'],
  ['FREQ=DAILY;BYMINUTE=60', 'BYMINUTE=60 is not a whole number from 0 to 59'],
  ['FREQ=DAILY;BYSECOND=61', 'BYSECOND=61 is not a whole number from 0 to 60'],
  ['FREQ=DAILY;BYSECOND=0001', 'BYSECOND=0001 is not a whole number from 0 to 60'],
  ['FREQ=DAILY;BYHOUR=1;BYSETPOS=0', 'BYSETPOS=0 is not a whole number from 1 to 366 or from -366 to -1'],
  ['FREQ=WEEKLY;UNTIL=20260230', 'UNTIL=20260230 is no time: write 20261231, 20261231T090000 or 20261231T140000Z'],
  ['FREQ=WEEKLY;UNTIL=2026', 'UNTIL=2026 is no time: write 20261231, 20261231T090000 or 20261231T140000Z'],
  ['FREQ=WEEKLY;UNTIL=X20260101', 'UNTIL=X20260101 is no time: write 20261231, 20261231T090000 or 20261231T140000Z'],
  ['FREQ=WEEKLY;UNTIL=20260101Z', 'UNTIL=20260101Z is no time: write 20261231, 20261231T090000 or 20261231T140000Z'],
])('%s is refused with its reason', (text, problem) => {
  expect(parseRule(text)).toEqual({ problem });
});

test.each([
  ['FREQ=MONTHLY;BYWEEKNO=1', 'BYWEEKNO goes with FREQ=YEARLY only, not with MONTHLY'],
  ['FREQ=HOURLY;BYWEEKNO=1', 'BYWEEKNO goes with FREQ=YEARLY only, not with HOURLY'],
  ['FREQ=DAILY;BYYEARDAY=1', 'BYYEARDAY goes with FREQ=HOURLY or YEARLY only, not with DAILY'],
  ['FREQ=WEEKLY;BYYEARDAY=1', 'BYYEARDAY goes with FREQ=HOURLY or YEARLY only, not with WEEKLY'],
  ['FREQ=MONTHLY;BYYEARDAY=1', 'BYYEARDAY goes with FREQ=HOURLY or YEARLY only, not with MONTHLY'],
  ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY does not go with FREQ=WEEKLY'],
  [
    'FREQ=WEEKLY;BYDAY=MO,2TU',
    'BYDAY=MO,2TU counts weekdays of a month or year: that goes with FREQ=MONTHLY or YEARLY only',
  ],
  ['FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO', 'BYDAY with numbers does not go with BYWEEKNO'],
  ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS chooses among what another BY part lists: add one, such as BYDAY'],
  [
    `FREQ=HOURLY;BYMINUTE=${Array.from({ length: 60 }, (_, minute) => minute).join(',')};BYSECOND=0,30`,
    'the rule names 2880 times a day; 1440 is the most',
  ],
])('%s is refused, as the standard has it', (text, problem) => {
  expect(parseRule(text)).toEqual({ problem });
});
