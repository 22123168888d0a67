/**
 * Rule bombs: rules and schedules that are written to make a calculator hang. Each is refused by name, or answered, at once.
 */
import { afterAll, expect, test } from 'vitest';
import { createRecurrence, createSchedule, type ScheduleInput } from '../../../src/core/on-call/index.ts';
import { askEverything, defused, LIMIT_MS, listOf, rule, START, slowest } from './oracle/defuse.ts';

afterAll(() => {
  if (process.env.SHOW_TIMES === undefined) return;
  for (const [name, ms] of slowest.toSorted(([, a], [, b]) => b - a).slice(0, 12)) console.log(ms.toFixed(2), name);
});

const oneTo = (last: number) => listOf(last, (index) => index + 1);
const REFUSED = 'SCHEDULE_INVALID at rrule';
test.each([
  ['every second', rule('FREQ=SECONDLY')],
  ['every minute', rule('FREQ=MINUTELY')],
  ['no step at all', rule('FREQ=DAILY;INTERVAL=0')],
  ['a step of minus zero', rule('FREQ=DAILY;INTERVAL=-0')],
  ['a step backwards', rule('FREQ=DAILY;INTERVAL=-1')],
  ['a step beyond numbers', rule(`FREQ=DAILY;INTERVAL=${'9'.repeat(300)}`)],
  ['a step of half a day', rule('FREQ=DAILY;INTERVAL=0.5')],
  ['a step in exponents', rule('FREQ=DAILY;INTERVAL=1e3')],
  ['a step in Arabic digits', rule('FREQ=DAILY;INTERVAL=٣')],
  ['months in full-width digits', rule('FREQ=MONTHLY;BYMONTHDAY=１')],
  ['a count of nothing', rule('FREQ=DAILY;COUNT=0')],
  ['a count beyond a milliard', rule('FREQ=DAILY;COUNT=1000000001')],
  ['a position of minus zero', rule('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-0')],
  ['a day of minus zero', rule('FREQ=MONTHLY;BYMONTHDAY=-0')],
  ['31 February', rule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31')],
  ['31 February every month', rule('FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31')],
  ['30 February by day', rule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30')],
  ['30 February in a week', rule('FREQ=YEARLY;BYWEEKNO=9;BYMONTH=2;BYMONTHDAY=30')],
  ['30 February hour by hour', rule('FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30')],
  ['30 February every seven hours', rule('FREQ=HOURLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=30')],
  [
    '31 June and 31 November, at every minute',
    rule(`FREQ=YEARLY;BYMONTH=6,11;BYMONTHDAY=31;BYMINUTE=${listOf(60, (m) => m).join()}`),
  ],
  [
    '29 February every fourth year from an odd one',
    rule('FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29', { start: '2027-01-01T00:00:00' }),
  ],
  [
    '29 February every tenth year from an odd one',
    rule('FREQ=YEARLY;INTERVAL=10;BYMONTH=2;BYMONTHDAY=29', { start: '2027-01-01T00:00:00' }),
  ],
  ['the last day of a year in February', rule('FREQ=YEARLY;BYYEARDAY=366;BYMONTH=2')],
  ['the sixth Monday of a month', rule('FREQ=MONTHLY;BYDAY=6MO')],
  ['week 1 in July', rule('FREQ=YEARLY;BYWEEKNO=1;BYMONTH=7')],
  ['an hour that is never reached', rule('FREQ=HOURLY;INTERVAL=12;BYHOUR=10')],
  ['the 366th of a small set', rule('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=366')],
  ['the 366th of a week', rule('FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=366')],
  ['the second of one, every seven hours', rule('FREQ=HOURLY;INTERVAL=7;BYMINUTE=5;BYSETPOS=2')],
  ['an end before the start', rule('FREQ=DAILY;UNTIL=20250101')],
  ['an end on no day', rule('FREQ=DAILY;UNTIL=20260230')],
  ['a thousand and one characters', rule(`FREQ=DAILY;BYHOUR=${'1,'.repeat(600)}1`)],
  [
    'more than a time a minute',
    rule(`FREQ=DAILY;BYHOUR=${listOf(24, (h) => h)};BYMINUTE=${listOf(60, (m) => m)};BYSECOND=0,30`),
  ],
  ['a part twice', rule('FREQ=DAILY;COUNT=1;COUNT=1000000000')],
  ['a thousand semicolons', rule(';'.repeat(999))],
  ['a thousand equal signs', rule(`FREQ${'='.repeat(900)}`)],
] as const)('a rule with %s is refused by name', (name, input) => {
  const { end, ms } = defused(name, () => askEverything(input));
  expect(end).toBe(REFUSED);
  expect(ms).toBeLessThan(LIMIT_MS);
});

test.each([
  ['a milliard of occurrences', rule('FREQ=HOURLY;COUNT=1000000000')],
  ['a milliard of month ends', rule('FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=1000000000')],
  ['an end in the year 9999', rule('FREQ=MONTHLY;BYDAY=-1FR;UNTIL=99991231')],
  ['an end in the year 9999, in UTC', rule('FREQ=HOURLY;BYMONTH=1,3;UNTIL=99991231T235959Z')],
  [
    '29 February of every hundredth year',
    rule('FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=29', { start: '1600-02-29T00:00:00' }),
  ],
  ['29 February on a Monday', rule('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO')],
  ['week 53 every tenth year', rule('FREQ=YEARLY;INTERVAL=10;BYWEEKNO=53')],
  ['Friday 13 October every seventh year', rule('FREQ=YEARLY;INTERVAL=7;BYMONTH=10;BYMONTHDAY=13;BYDAY=FR')],
  ['a step of ten thousand years', rule('FREQ=YEARLY;INTERVAL=10000')],
  ['a step of ten thousand weeks in March', rule('FREQ=WEEKLY;INTERVAL=10000;BYMONTH=3')],
  ['a step of 9,973 days in one month', rule('FREQ=DAILY;INTERVAL=9973;BYMONTH=2;BYMONTHDAY=28,29')],
  ['every minute by lists', rule(`FREQ=DAILY;BYHOUR=${listOf(24, (h) => h)};BYMINUTE=${listOf(60, (m) => m)}`)],
  [
    'every minute of months by lists',
    rule(`FREQ=MONTHLY;BYMONTHDAY=${oneTo(31)};BYHOUR=${listOf(24, (h) => h)};BYMINUTE=${listOf(60, (m) => m)}`),
  ],
  ['every day of the year by number', rule(`FREQ=YEARLY;BYYEARDAY=${oneTo(240)}`)],
  [
    'positions of every minute of a year',
    rule(
      `FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${listOf(24, (h) => h)};BYMINUTE=${listOf(60, (m) => m)};BYSETPOS=1,-366`,
    ),
  ],
  [
    'positions of every minute of a numbered week',
    rule(
      `FREQ=YEARLY;BYWEEKNO=${oneTo(53)};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${listOf(24, (h) => h)};BYMINUTE=${listOf(60, (m) => m)};BYSETPOS=-366`,
    ),
  ],
  ['six hundred times the same hour', rule(`FREQ=DAILY;BYHOUR=${'1,'.repeat(480)}1`)],
  ['every nth weekday that there is', rule(`FREQ=YEARLY;BYDAY=${listOf(53, (n) => `${n + 1}MO,-${n + 1}SU`)}`)],
  ['a start in the year 0001', rule('FREQ=HOURLY;BYMONTH=2;BYDAY=MO', { start: '0001-01-01T00:00:00' })],
  ['a start at the end of time', rule('FREQ=HOURLY', { start: '9999-12-31T23:00:00' })],
  ['month ends from the year 0001', rule('FREQ=MONTHLY;BYMONTHDAY=31', { start: '0001-01-31T00:00:00' })],
  [
    'a thousand dates taken away',
    rule('FREQ=DAILY', {
      exdates: listOf(1_000, (n) => new Date(Date.UTC(2026, 0, 5 + n, 9)).toISOString().slice(0, 19)),
    }),
  ],
] as const)('a rule with %s is answered at once', (name, input) => {
  const { end, ms } = defused(name, () => askEverything(input));
  expect(end).toBe('answered');
  expect(ms).toBeLessThan(LIMIT_MS);
});

test.each([
  ['every seventh hour of one', rule('FREQ=HOURLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=29;BYHOUR=4')],
  ['every eleventh hour on Mondays', rule('FREQ=HOURLY;INTERVAL=11;BYDAY=MO;BYMINUTE=0,30')],
  ['every 9,999th hour in a night', rule('FREQ=HOURLY;INTERVAL=9999;BYHOUR=3')],
] as const)('a rule that counts passing hours, with %s, is answered for a century and then refused', (name, input) => {
  const near = defused(name, () => {
    const recurrence = createRecurrence(input);
    recurrence.after('2090-01-01T00:00:00Z');
    recurrence.before('2090-01-01T00:00:00Z');
    recurrence.between({ from: '2030-01-01T00:00:00Z', until: '2031-01-01T00:00:00Z' });
  });
  expect([near.end, near.ms < LIMIT_MS]).toEqual(['answered', true]);
  const far = defused(`${name}, far away`, () => createRecurrence(input).after('2500-01-01T00:00:00Z'));
  expect([far.end, far.ms < LIMIT_MS]).toEqual(['UNBOUNDED', true]);
});

type Layer = ScheduleInput['layers'][number];
const layerOf = (
  more: Partial<Layer['rotation']> = {},
  restrictions: Layer['restrictions'] = [],
  id = 'one',
): Layer => ({
  id,
  rotation: { start: START, rrule: 'FREQ=DAILY', participants: ['ana', 'ben'], ...more },
  restrictions,
});
const scheduleOf = (layers: readonly Layer[], more: Partial<ScheduleInput> = {}): ScheduleInput => ({
  id: 'any',
  timeZone: 'America/New_York',
  layers: [...layers],
  ...more,
});
const office = (index: number) => ({
  start: `2026-01-05T${String(index % 24).padStart(2, '0')}:00:00`,
  duration: '2h',
  rrule: 'FREQ=MONTHLY;BYDAY=1MO',
});
const cover = (index: number) => {
  const at = (hours: number) => new Date(Date.UTC(2026, 0, 6) + (index * 8 + hours) * 3_600_000).toISOString();
  return { id: `o${index}`, kind: 'replace' as const, user: `user${index % 50}`, from: at(0), until: at(8) };
};

/** The questions that a page and a screen ask, now and at the end of time. */
function askSchedule(input: ScheduleInput): void {
  const schedule = createSchedule(input);
  for (const at of ['2026-06-15T12:00:00Z', '2026-06-15T12:01:00Z', '9999-06-15T12:00:00Z']) schedule.onCallAt(at);
  schedule.nextHandoff('2026-06-15T12:00:00Z');
  schedule.shifts({ from: '2026-06-15T00:00:00Z', until: '2026-06-22T00:00:00Z' });
  schedule.explainAt('2026-06-15T12:00:00Z');
}

test.each([
  [
    'a restriction that never opens',
    'layers[0].restrictions[0].rrule',
    scheduleOf([layerOf({}, [{ start: START, duration: '8h', rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }])]),
  ],
  [
    'ten thousand dates taken away',
    'layers[0].rotation.exdates',
    scheduleOf([layerOf({ exdates: listOf(10_000, () => START) })]),
  ],
  ['fifty-one layers', 'layers', scheduleOf(listOf(51, (index) => layerOf({}, [], `l${index}`)))],
  ['a hundred and one restrictions', 'layers[0].restrictions', scheduleOf([layerOf({}, listOf(101, office))])],
  ['ten thousand and one overrides', 'overrides', scheduleOf([layerOf()], { overrides: listOf(10_001, cover) })],
  [
    'a shift of a thousand years',
    'layers[0].rotation.shiftDuration',
    scheduleOf([layerOf({ shiftDuration: '365000d' })]),
  ],
  ['a shift of no time', 'layers[0].rotation.shiftDuration', scheduleOf([layerOf({ shiftDuration: '0s' })])],
  ['a start on 31 February', 'layers[0].rotation.start', scheduleOf([layerOf({ start: '2026-02-31T00:00:00' })])],
])('a schedule with %s is refused, and the place is named', (name, path, input) => {
  const { end, ms } = defused(name, () => askSchedule(input));
  expect(end).toBe(`SCHEDULE_INVALID at ${path}`);
  expect(ms).toBeLessThan(LIMIT_MS);
});

const coprime = [
  { start: START, duration: '1h', rrule: 'FREQ=DAILY;INTERVAL=9967' },
  { start: START, duration: '1h', rrule: 'FREQ=DAILY;INTERVAL=9973' },
];
test.each([
  [
    'restrictions that are closed whenever it hands off',
    scheduleOf([
      layerOf({ shiftDuration: '1h' }, [{ start: '2026-01-05T20:00:00', duration: '1h', rrule: 'FREQ=DAILY' }]),
    ]),
  ],
  [
    'windows that open every 27 years, and turns that count only then',
    scheduleOf([layerOf({ advance: 'active-only' }, coprime)]),
  ],
  [
    'turns that count only on the last Friday',
    scheduleOf([
      layerOf({ start: '2016-01-05T09:00:00', advance: 'active-only' }, [
        { start: START, duration: '8h', rrule: 'FREQ=MONTHLY;BYDAY=-1FR' },
      ]),
    ]),
  ],
  ['a shift of ten years every hour', scheduleOf([layerOf({ rrule: 'FREQ=HOURLY', shiftDuration: '3650d' })])],
  [
    'a window of ten years every hour',
    scheduleOf([layerOf({}, [{ start: START, duration: '3650d', rrule: 'FREQ=HOURLY' }])]),
  ],
  ['the last handoff eight thousand years ago', scheduleOf([layerOf({ rrule: 'FREQ=DAILY;COUNT=1' })])],
  [
    'five hundred participants, a thousand handoffs each',
    scheduleOf([
      layerOf({ rrule: 'FREQ=HOURLY', participants: listOf(500, (index) => `user${index}`), handoffsPerTurn: 1_000 }),
    ]),
  ],
])('a schedule with %s is answered at once', (name, input) => {
  const { end, ms } = defused(name, () => askSchedule(input));
  // What would have to be counted for millennia is refused by name.
  expect(['answered', 'UNBOUNDED']).toContain(end);
  expect(ms).toBeLessThan(LIMIT_MS);
});

test.each([
  [
    'somebody who serves without end beside people who hand over every hour',
    scheduleOf([
      { ...layerOf({ rrule: 'FREQ=HOURLY' }), priority: 0 },
      { ...layerOf({ rrule: 'FREQ=DAILY;COUNT=1' }, [], 'boss'), priority: 0 },
    ]),
  ],
  [
    'somebody added for ten years to people who hand over every hour',
    scheduleOf([layerOf({ rrule: 'FREQ=HOURLY' })], {
      overrides: [{ id: 'o', kind: 'add', user: 'zoe', from: '2026-01-06T00:00:00Z', until: '2036-01-01T00:00:00Z' }],
    }),
  ],
  [
    'fifty layers of a hundred restrictions',
    scheduleOf(listOf(50, (index) => layerOf({}, listOf(100, office), `l${index}`))),
  ],
  ['ten thousand overrides', scheduleOf([layerOf()], { overrides: listOf(10_000, cover) })],
])('a schedule with %s tells who is on call at once', (name, input) => {
  const schedule = createSchedule(input);
  let minute = Date.UTC(2026, 5, 15, 12);
  const { end, ms } = defused(name, () => {
    minute += 40 * 86_400_000;
    schedule.onCallAt(minute);
  });
  expect(end).toBe('answered');
  expect(ms).toBeLessThan(LIMIT_MS);
  const again = defused(`${name}, asked again`, () => {
    minute -= 40 * 86_400_000;
    schedule.onCallAt(minute);
  });
  // Asked again, it works out the whole week at once.
  expect(again.ms).toBeLessThan(4 * LIMIT_MS);
  defused(`${name}, made`, () => createSchedule(input));
  defused(`${name}, a week of shifts`, () => schedule.shifts({ from: minute, until: minute + 7 * 86_400_000 }));
});

test.each([
  ['an endless window', { from: '2026-01-01T00:00:00Z', until: '9999-01-01T00:00:00Z' }],
  ['a window that ends before it begins', { from: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }],
  ['an empty window', { from: 0, until: 0 }],
])('%s is refused', (name, window) => {
  const schedule = createSchedule(scheduleOf([layerOf({ rrule: 'FREQ=HOURLY' })]));
  for (const ask of [schedule.shifts, schedule.gaps, schedule.coverage, schedule.load]) {
    const { end, ms } = defused(name, () => ask(window));
    expect([end, ms < LIMIT_MS]).toEqual(['WINDOW_INVALID', true]);
  }
});
