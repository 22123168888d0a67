import { expect, test } from 'vitest';
import { parseRule } from '../../../src/core/on-call/rrule.ts';

const PLAIN = { freq: 'WEEKLY', interval: 1, byDay: undefined, weekStart: 0, count: undefined, until: undefined };
const SUPPORTED = 'Supported: FREQ=DAILY or WEEKLY with INTERVAL, BYDAY, WKST, COUNT and UNTIL.';

test.each([
  ['FREQ=WEEKLY', PLAIN],
  ['rrule:freq=weekly', PLAIN],
  ['FREQ=DAILY;INTERVAL=3', { ...PLAIN, freq: 'DAILY', interval: 3 }],
  ['INTERVAL=10000;FREQ=WEEKLY', { ...PLAIN, interval: 10_000 }],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU', { ...PLAIN, byDay: [0, 1, 2, 3, 4, 5, 6] }],
  ['FREQ=WEEKLY;WKST=SU', { ...PLAIN, weekStart: 6 }],
  ['FREQ=WEEKLY;COUNT=1000000000', { ...PLAIN, count: 1_000_000_000 }],
  ['FREQ=WEEKLY;UNTIL=20260105', { ...PLAIN, until: { wall: Date.UTC(2026, 0, 5, 23, 59, 59) } }],
  ['FREQ=WEEKLY;UNTIL=20260105T093015', { ...PLAIN, until: { wall: Date.UTC(2026, 0, 5, 9, 30, 15) } }],
  ['FREQ=WEEKLY;UNTIL=20260105T093015Z', { ...PLAIN, until: { at: Date.UTC(2026, 0, 5, 9, 30, 15) } }],
])('%s is understood', (text, rule) => {
  expect(parseRule(text)).toEqual({ rule });
});

test.each([
  ['FREQ', 'cannot read "FREQ": write NAME=VALUE'],
  ['FREQ=WEEKLY;', 'cannot read "": write NAME=VALUE'],
  ['FREQ=WEEKLY;COUNT=', 'cannot read "COUNT=": write NAME=VALUE'],
  ['FREQ=WEEKLY=1', 'cannot read "FREQ=WEEKLY=1": write NAME=VALUE'],
  ['FREQ=WEEKLY;FREQ=DAILY', 'FREQ is written twice'],
  ['INTERVAL=2', `FREQ is missing. ${SUPPORTED}`],
  ['FREQ=FORTNIGHTLY', `FREQ=FORTNIGHTLY is no frequency. ${SUPPORTED}`],
  ['FREQ=WEEKLY;COLOUR=RED', `COLOUR is not a part of a recurrence rule. ${SUPPORTED}`],
  ['FREQ=WEEKLY;COUNT=1;UNTIL=20260101', 'COUNT and UNTIL exclude each other: keep one of them'],
  ['FREQ=WEEKLY;INTERVAL=0', 'INTERVAL=0 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;INTERVAL=10001', 'INTERVAL=10001 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;INTERVAL=-1', 'INTERVAL=-1 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;INTERVAL=1E3', 'INTERVAL=1E3 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;INTERVAL=X1', 'INTERVAL=X1 is not a whole number from 1 to 10000'],
  ['FREQ=WEEKLY;COUNT=0', 'COUNT=0 is not a whole number from 1 to 1000000000'],
  ['FREQ=WEEKLY;COUNT=1000000001', 'COUNT=1000000001 is not a whole number from 1 to 1000000000'],
  ['FREQ=WEEKLY;WKST=XX', 'WKST=XX is no weekday: use MO to SU'],
  ['FREQ=WEEKLY;BYDAY=MO,XX', 'BYDAY=XX is no weekday: use MO to SU'],
  ['FREQ=WEEKLY;BYDAY=MO,', 'BYDAY= is no weekday: use MO to SU'],
  ['FREQ=WEEKLY;BYDAY=1MO', `BYDAY=1MO with an ordinal is not supported yet. ${SUPPORTED}`],
  ['FREQ=WEEKLY;BYDAY=-1FR', `BYDAY=-1FR with an ordinal is not supported yet. ${SUPPORTED}`],
  ['FREQ=WEEKLY;BYDAY=+12FR', `BYDAY=+12FR with an ordinal is not supported yet. ${SUPPORTED}`],
  ['FREQ=WEEKLY;BYDAY=1MOX', 'BYDAY=1MOX is no weekday: use MO to SU'],
  ['FREQ=WEEKLY;BYDAY=X1MO', 'BYDAY=X1MO is no weekday: use MO to SU'],
  ['FREQ=WEEKLY;UNTIL=20260230', 'UNTIL=20260230 is no time: write 20261231, 20261231T090000 or 20261231T140000Z'],
  ['FREQ=WEEKLY;UNTIL=2026', 'UNTIL=2026 is no time: write 20261231, 20261231T090000 or 20261231T140000Z'],
  ['FREQ=WEEKLY;UNTIL=X20260101', 'UNTIL=X20260101 is no time: write 20261231, 20261231T090000 or 20261231T140000Z'],
  ['FREQ=WEEKLY;UNTIL=20260101Z', 'UNTIL=20260101Z is no time: write 20261231, 20261231T090000 or 20261231T140000Z'],
])('%s is refused with its reason', (text, problem) => {
  expect(parseRule(text)).toEqual({ problem });
});

test.each(['SECONDLY', 'MINUTELY', 'HOURLY', 'MONTHLY', 'YEARLY'])('FREQ=%s waits for a later version', (freq) => {
  expect(parseRule(`FREQ=${freq}`)).toEqual({ problem: `FREQ=${freq} is not supported yet. ${SUPPORTED}` });
});

test.each(['BYSECOND', 'BYMINUTE', 'BYHOUR', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH', 'BYSETPOS'])(
  '%s waits for a later version',
  (part) => {
    expect(parseRule(`FREQ=DAILY;${part}=1`)).toEqual({ problem: `${part} is not supported yet. ${SUPPORTED}` });
  },
);
