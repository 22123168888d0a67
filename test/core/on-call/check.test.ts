import { expect, test } from 'vitest';
import { createSchedule, type ScheduleInput } from '../../../src/core/on-call/index.ts';
import { between, layer, MONDAY, OFFICE_HOURS } from './build.ts';
import { caught } from './caught.ts';

const week = between('2026-01-05', '2026-01-12');
const backwards = { from: week.until, until: week.from };
const base: ScheduleInput = { id: 'primary', timeZone: 'UTC', layers: [layer('low', ['ana'])] };
const problems = (input: unknown) => caught(() => createSchedule(input as ScheduleInput)).details.problems;
const withLayer = (rest: Parameters<typeof layer>[2]) => ({ ...base, layers: [layer('low', ['ana'], rest)] });

test('one problem reads as a sentence', () => {
  expect(caught(() => createSchedule({ ...base, timeZone: 'Mars/Olympus' }))).toEqual({
    code: 'SCHEDULE_INVALID',
    message:
      'Cannot use this schedule "primary": timeZone: "Mars/Olympus" is no IANA time zone: write one such as America/New_York.',
    details: {
      problems: [
        { path: 'timeZone', message: '"Mars/Olympus" is no IANA time zone: write one such as America/New_York' },
      ],
    },
  });
});

test('what has the wrong shape is named with its path, and the cause is kept', () => {
  const broken = { ...base, layers: [{ ...base.layers[0], rotation: { start: MONDAY, rrule: 7, participants: [] } }] };
  expect(problems(broken)).toEqual([
    { path: 'layers[0].rotation.rrule', message: 'Invalid input: expected string, received number' },
  ]);
  try {
    createSchedule(broken as unknown as ScheduleInput);
  } catch (error) {
    expect((error as Error).cause).toMatchObject({ name: 'ZodError' });
  }
  expect(caught(() => createSchedule(null as unknown as ScheduleInput)).message).toBe(
    'Cannot use this schedule: Invalid input: expected object, received null.',
  );
  expect(problems({ ...base, colour: 'red' })).toEqual([{ path: '', message: 'Unrecognized key: "colour"' }]);
});

test('every problem is named at once', () => {
  const { message, details } = caught(() =>
    createSchedule({
      ...base,
      layers: [layer('low', ['ana'], { rotation: { rrule: 'FREQ=SECONDLY' } }), layer('low', ['ben'])],
      swaps: [{ id: 's', give: 'ana', take: 'ben', ...backwards }],
    }),
  );
  expect((details.problems as { path: string }[]).map(({ path }) => path)).toEqual([
    'layers[1].id',
    'layers[0].rotation.rrule',
    'swaps[0].until',
  ]);
  expect(message).toContain('layers[1].id: the id "low" is used twice; layers[0].rotation.rrule: FREQ=SECONDLY');
});

test.each([
  [
    'a zone of a layer',
    withLayer({ timeZone: '+02:00' }),
    { path: 'layers[0].timeZone', message: '"+02:00" is no IANA time zone: write one such as America/New_York' },
  ],
  [
    'a shift without length',
    withLayer({ rotation: { shiftDuration: '0s' } }),
    {
      path: 'layers[0].rotation.shiftDuration',
      message: '0s is no time at all: write a duration longer than zero',
    },
  ],
  [
    'a restriction without length',
    withLayer({ restrictions: [OFFICE_HOURS, { ...OFFICE_HOURS, duration: '0m' }] }),
    {
      path: 'layers[0].restrictions[1].duration',
      message: '0m is no time at all: write a duration longer than zero',
    },
  ],
  [
    'a restriction that starts on no day',
    withLayer({ restrictions: [{ ...OFFICE_HOURS, start: '2026-02-30T09:00:00' }] }),
    {
      path: 'layers[0].restrictions[0].start',
      message: '2026-02-30T09:00:00 is no local time of any calendar: write one such as 2026-01-05T09:00:00',
    },
  ],
  [
    'a restriction that never opens',
    withLayer({ restrictions: [{ ...OFFICE_HOURS, rrule: 'FREQ=DAILY;INTERVAL=7;BYDAY=TU' }] }),
    {
      path: 'layers[0].restrictions[0].rrule',
      message:
        'FREQ=DAILY;INTERVAL=7;BYDAY=TU has no occurrence from 2026-01-05T09:00:00 on: widen UNTIL, its BY parts or exdates',
    },
  ],
  [
    'an excluded day that does not exist',
    withLayer({ rotation: { exdates: [MONDAY, '2026-04-31T09:00:00'] } }),
    {
      path: 'layers[0].rotation.exdates[1]',
      message: '2026-04-31T09:00:00 is no local time of any calendar: write one such as 2026-01-05T09:00:00',
    },
  ],
  [
    'a rotation that ends before it begins',
    withLayer({ rotation: backwards }),
    {
      path: 'layers[0].rotation.until',
      message: '2026-01-05T00:00:00Z is not after 2026-01-12T00:00:00Z: it must end after it begins',
    },
  ],
  [
    'an override that ends as it begins',
    { ...base, overrides: [{ id: 'o', kind: 'add', user: 'zoe', from: week.from, until: week.from }] },
    {
      path: 'overrides[0].until',
      message: '2026-01-05T00:00:00Z is not after 2026-01-05T00:00:00Z: it must end after it begins',
    },
  ],
  [
    'an override from a time that the zone skips',
    {
      ...base,
      timeZone: 'America/New_York',
      overrides: [{ id: 'o', kind: 'add', user: 'zoe', from: '2026-03-08T02:30:00', until: '2026-03-09T00:00:00' }],
    },
    {
      path: 'overrides[0].from',
      message:
        '2026-03-08T02:30:00 does not exist in America/New_York, where the clocks are put forward over it: write an offset, such as 2026-03-08T03:30:00-04:00',
    },
  ],
  [
    'a swap until a time that the zone repeats',
    {
      ...base,
      timeZone: 'Australia/Lord_Howe',
      swaps: [{ id: 's', give: 'ana', take: 'zoe', from: '2026-04-01T00:00', until: '2026-04-05T01:45' }],
    },
    {
      path: 'swaps[0].until',
      message:
        '2026-04-05T01:45 comes twice in Australia/Lord_Howe, where the clocks are put back: write 2026-04-05T01:45:00+11:00 or 2026-04-05T01:45:00+10:30',
    },
  ],
  [
    'an override until a day that does not exist',
    {
      ...base,
      overrides: [{ id: 'o', kind: 'add', user: 'zoe', from: '2026-02-01T00:00:00', until: '2026-02-30T00:00:00' }],
    },
    { path: 'overrides[0].until', message: '2026-02-30T00:00:00 is no local time of any calendar' },
  ],
  [
    'an override whose end is no moment',
    { ...base, overrides: [{ id: 'o', kind: 'add', user: 'zoe', from: week.from, until: 'tomorrow' }] },
    {
      path: 'overrides[0].until',
      message: "expected a moment such as '2026-01-05T09:00:00Z', or a local time such as '2026-01-05T09:00:00'",
    },
  ],
  [
    'rosters of earlier times in disorder',
    withLayer({
      rotation: {
        earlier: [
          { until: week.until, participants: ['ana'] },
          { until: week.from, participants: ['ben'] },
        ],
      },
    }),
    {
      path: 'layers[0].rotation.earlier[1].until',
      message: '2026-01-05T00:00:00Z is not after 2026-01-12T00:00:00Z: list them in order',
    },
  ],
  [
    'a rule that counts passing hours and never meets a day',
    withLayer({ rotation: { rrule: 'FREQ=HOURLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=30' } }),
    {
      path: 'layers[0].rotation.rrule',
      message:
        'FREQ=HOURLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=30 has no occurrence from 2026-01-05T09:00:00 on: widen UNTIL, its BY parts or exdates',
    },
  ],
  [
    'an override of a layer that does not exist',
    { ...base, overrides: [{ id: 'o', kind: 'add', user: 'zoe', layer: 'high', ...week }] },
    { path: 'overrides[0].layer', message: 'there is no layer "high": use one of low' },
  ],
  [
    'an override that adds somebody in place of somebody',
    { ...base, overrides: [{ id: 'o', kind: 'add', user: 'zoe', replaces: 'ana', ...week }] },
    { path: 'overrides[0].replaces', message: 'an override of kind add replaces nobody: leave it out' },
  ],
  [
    'two overrides of one name',
    {
      ...base,
      overrides: [
        { id: 'o', kind: 'add', user: 'zoe', ...week },
        { id: 'o', kind: 'remove', user: 'ana', ...week },
      ],
    },
    { path: 'overrides[1].id', message: 'the id "o" is used twice' },
  ],
  [
    'a swap of a layer that does not exist',
    { ...base, swaps: [{ id: 's', give: 'ana', take: 'zoe', layer: 'high', ...week }] },
    { path: 'swaps[0].layer', message: 'there is no layer "high": use one of low' },
  ],
  [
    'two swaps of one name',
    {
      ...base,
      swaps: [
        { id: 's', give: 'ana', take: 'zoe', ...week },
        { id: 's', give: 'ben', take: 'zoe', ...week },
      ],
    },
    { path: 'swaps[1].id', message: 'the id "s" is used twice' },
  ],
])('%s is refused', (_, input, problem) => {
  expect(problems(input)).toEqual([problem]);
});

test('an override may be written in local time of the schedule', () => {
  const local: ScheduleInput = {
    ...base,
    timeZone: 'America/New_York',
    layers: [layer('low', ['ana'], { timeZone: 'UTC' })],
    overrides: [{ id: 'o', kind: 'replace', user: 'zoe', from: '2026-01-06T00:00:00', until: '2026-01-07T00:00:00' }],
    swaps: [{ id: 's', give: 'ana', take: 'ben', from: '2026-01-08T00:00', until: '2026-01-09T00:00:00-08:00' }],
  };
  const shifts = createSchedule(local).shifts(between('2026-01-06', '2026-01-10'));
  expect(shifts.map(({ user, start }) => `${user} from ${start.toISOString()}`)).toEqual([
    'ana from 2026-01-06T00:00:00.000Z',
    'zoe from 2026-01-06T05:00:00.000Z',
    'ana from 2026-01-07T05:00:00.000Z',
    'ben from 2026-01-08T05:00:00.000Z',
    'ana from 2026-01-09T08:00:00.000Z',
  ]);
});

test('layers and references that exist are fine', () => {
  const input: ScheduleInput = {
    ...base,
    layers: [layer('low', ['ana']), layer('high', ['ben'], { rotation: { ...week } })],
    overrides: [
      { id: 'o', kind: 'replace', user: 'zoe', replaces: 'ana', layer: 'high', ...week },
      { id: 'p', kind: 'remove', user: 'zoe', ...week },
    ],
    swaps: [{ id: 'o', give: 'ana', take: 'zoe', layer: 'low', ...week }],
  };
  expect(createSchedule(input).id).toBe('primary');
});

test('a zone that several recurrences share is wrong once', () => {
  const input = { ...withLayer({ restrictions: [OFFICE_HOURS, OFFICE_HOURS] }), timeZone: 'Mars/Olympus' };
  expect(problems(input)).toHaveLength(1);
});

test('rule bombs are refused or cost nothing', () => {
  for (const rrule of [
    'FREQ=SECONDLY',
    'FREQ=MINUTELY',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31',
  ]) {
    expect(problems(withLayer({ rotation: { rrule } }))).toHaveLength(1);
  }
  const many = createSchedule(withLayer({ rotation: { rrule: 'FREQ=DAILY;COUNT=1000000000' } }));
  expect(many.onCallAt('9999-01-01T00:00:00Z')[0]?.handoff).toBe(2_912_073);
});
