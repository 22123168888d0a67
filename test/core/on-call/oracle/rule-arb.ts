/**
 * Random recurrence rules: every FREQ with every part that RFC 5545 lets it have, as text.
 *
 * Nothing here knows what a rule means; only that it is legal.
 */
import fc from 'fast-check';
import type { RecurrenceInput } from '../../../../src/model/schedule.ts';
import { changesOf, clockOf, DAY, localText, MINUTE } from './clock.ts';

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Zones whose clocks do strange things, most of them in the years asked about. */
export const AWKWARD_ZONES = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Cairo',
  'America/Santiago',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'America/St_Johns',
  'America/Havana',
  'Asia/Kathmandu',
] as const;

const YEARS = { first: Date.UTC(2004, 0, 1), days: 9 * 365 };

/** How many days are walked: enough for a dozen occurrences of most rules. */
const HORIZON_DAYS = { HOURLY: 150, DAILY: 900, WEEKLY: 1_500, MONTHLY: 3_000, YEARLY: 8_000 } as const;
export type Frequency = keyof typeof HORIZON_DAYS;

const list = (item: fc.Arbitrary<string | number>, maxLength: number) =>
  fc.uniqueArray(item, { minLength: 1, maxLength }).map((items) => items.join(','));
const oneTo = (max: number) => fc.integer({ min: 1, max });
const signed = (max: number) => fc.tuple(oneTo(max), fc.boolean()).map(([size, isLast]) => (isLast ? -size : size));
const weekday = fc.constantFrom(...WEEKDAYS);
const nthWeekday = (max: number) =>
  fc.tuple(fc.oneof(fc.constant(''), signed(max)), weekday).map(([nth, day]) => `${nth}${day}`);

const TIMES = {
  BYHOUR: list(fc.integer({ min: 0, max: 23 }), 4),
  BYMINUTE: list(fc.constantFrom(0, 1, 15, 30, 45, 59), 3),
  BYSECOND: list(fc.constantFrom(0, 1, 30, 59, 60), 2),
};
const DAYS = {
  BYMONTH: list(oneTo(12), 5),
  BYMONTHDAY: list(fc.oneof(signed(31), fc.constantFrom(1, 28, 29, 30, 31, -1)), 5),
};
const PLAIN_DAY = { BYDAY: list(weekday, 5) };
const BYYEARDAY = list(fc.oneof(signed(366), fc.constantFrom(1, 60, 365, 366, -366, -1)), 8);
const BYWEEKNO = list(fc.oneof(signed(53), fc.constantFrom(1, 52, 53, -1, -53)), 5);

type PartArbs = Readonly<Record<string, fc.Arbitrary<string>>>;
const PARTS: Readonly<Record<Frequency, PartArbs>> = {
  HOURLY: { ...DAYS, BYYEARDAY, ...PLAIN_DAY, ...TIMES },
  DAILY: { ...DAYS, ...PLAIN_DAY, ...TIMES },
  WEEKLY: { BYMONTH: DAYS.BYMONTH, ...PLAIN_DAY, ...TIMES },
  MONTHLY: { ...DAYS, BYDAY: list(nthWeekday(5), 4), ...TIMES },
  YEARLY: { ...DAYS, BYYEARDAY, BYDAY: list(nthWeekday(53), 4), ...TIMES },
};
const WEEKS: PartArbs = { ...DAYS, BYYEARDAY, BYWEEKNO, ...PLAIN_DAY, ...TIMES };

/** One to three of the parts, and now and then all that there are. */
function byParts(arbs: PartArbs): fc.Arbitrary<readonly string[]> {
  const names = Object.keys(arbs);
  return fc
    .oneof(
      { weight: 5, arbitrary: fc.subarray(names, { maxLength: 3 }) },
      { weight: 1, arbitrary: fc.subarray(names, { maxLength: 5 }) },
    )
    .chain((chosen) =>
      fc.tuple(...chosen.map((name) => (arbs[name] ?? fc.constant('')).map((value) => `${name}=${value}`))),
    );
}

const intervalArb = fc.oneof(
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: oneTo(8) },
  { weight: 1, arbitrary: oneTo(60) },
);
const positionsArb = list(fc.oneof(signed(4), signed(20), signed(366)), 3);

/** The parts of a rule but for its end. */
function stepsArb(freq: Frequency): fc.Arbitrary<readonly string[]> {
  const parts = freq === 'YEARLY' ? fc.oneof(byParts(PARTS.YEARLY), byParts(WEEKS)) : byParts(PARTS[freq]);
  return fc
    .record({
      interval: intervalArb,
      parts,
      wkst: fc.option(weekday, { nil: undefined }),
      positions: fc.option(positionsArb, { nil: undefined, freq: 3 }),
    })
    .map(({ interval, parts: by, wkst, positions }) => [
      `FREQ=${freq}`,
      ...(interval === 1 ? [] : [`INTERVAL=${interval}`]),
      ...by,
      ...(wkst === undefined ? [] : [`WKST=${wkst}`]),
      ...(positions === undefined || by.length === 0 ? [] : [`BYSETPOS=${positions}`]),
    ]);
}

export type RandomRecurrence = {
  readonly input: RecurrenceInput;
  readonly start: number;
  /** The local time up to which a rule is walked. */
  readonly horizon: number;
  /** The instants in between at which the clocks change. */
  readonly changes: readonly number[];
};

const quarterArb = (days: number) => fc.integer({ min: 0, max: days * 96 }).map((quarter) => quarter * 15 * MINUTE);
const SPAN = { from: YEARS.first, until: YEARS.first + (YEARS.days + HORIZON_DAYS.YEARLY) * DAY };
const changesIn = new Map(AWKWARD_ZONES.map((timeZone) => [timeZone, changesOf(clockOf(timeZone), SPAN)]));

const startArb = (timeZone: (typeof AWKWARD_ZONES)[number]) => {
  const clock = clockOf(timeZone);
  const changes = (changesIn.get(timeZone) ?? []).slice(0, 20).map((at) => clock.toLocal(at - 1) + 1);
  const near = fc.tuple(fc.constantFrom(...changes, YEARS.first), quarterArb(3)).map(([change, ms]) => change - ms);
  return fc.oneof(
    near,
    quarterArb(YEARS.days).map((ms) => YEARS.first + ms),
  );
};

/** Random recurrences of a frequency, with an end, rdates and exdates now and then. */
export function recurrenceArb(freq: Frequency): fc.Arbitrary<RandomRecurrence> {
  const days = HORIZON_DAYS[freq];
  const laterArb = fc.oneof(quarterArb(4), quarterArb(days));
  return fc.constantFrom(...AWKWARD_ZONES).chain((timeZone) =>
    fc
      .record({
        start: startArb(timeZone),
        second: fc.constantFrom(0, 0, 0, 17),
        steps: stepsArb(freq),
        count: fc.option(fc.oneof(oneTo(6), oneTo(200)), { nil: undefined, freq: 2 }),
        until: fc.option(fc.tuple(laterArb, fc.constantFrom('date', '', 'Z')), { nil: undefined, freq: 2 }),
        rdates: fc.array(laterArb, { maxLength: 3 }),
        exdates: fc.array(laterArb, { maxLength: 2 }),
      })
      .map(({ start: minute, second, steps, count, until, rdates, exdates }) => {
        const start = minute + second * 1_000;
        const horizon = start + days * DAY;
        const end = count !== undefined ? `;COUNT=${count}` : until === undefined ? '' : untilText(start, until);
        const dates = (later: readonly number[]) => later.map((ms) => localText(start + ms));
        const rrule = steps.join(';') + end;
        return {
          start,
          horizon,
          changes: (changesIn.get(timeZone) ?? []).filter((at) => at > start && at < horizon),
          input: { start: localText(start), timeZone, rrule, rdates: dates(rdates), exdates: dates(exdates) },
        };
      }),
  );
}

/** Rules of few times a day, some of which fall into the gap of a clock change and are pushed past others. */
export function pushedArb(): fc.Arbitrary<RandomRecurrence> {
  const zones = AWKWARD_ZONES.filter((timeZone) => changesIn.get(timeZone)?.length);
  return fc.constantFrom(...zones).chain((timeZone) => {
    const clock = clockOf(timeZone);
    const changes = (changesIn.get(timeZone) ?? []).slice(0, 20);
    return fc
      .record({
        change: fc.constantFrom(...changes),
        freq: fc.constantFrom('DAILY;INTERVAL=7', 'WEEKLY', 'MONTHLY', 'DAILY', 'DAILY;INTERVAL=2'),
        positions: fc.subarray([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], { minLength: 1, maxLength: 4 }),
        rdates: fc.array(fc.integer({ min: -8, max: 8 }), { maxLength: 2 }),
      })
      .map(({ change, freq, positions, rdates }) => {
        const gap = clock.toLocal(change - 1) + 1;
        const hour = new Date(gap).getUTCHours();
        const hours = [hour - 1, hour, hour + 1].filter((one) => one >= 0 && one < 24);
        const start = gap - (gap % DAY);
        const horizon = start + 40 * DAY;
        const rrule = `FREQ=${freq};BYHOUR=${hours};BYMINUTE=0,15,30,45;BYSETPOS=${positions}`;
        const dates = rdates.map((quarters) => localText(Math.max(start, gap + quarters * 15 * MINUTE)));
        return {
          start,
          horizon,
          changes: (changesIn.get(timeZone) ?? []).filter((at) => at > start && at < horizon),
          input: { start: localText(start), timeZone, rrule, rdates: dates },
        };
      });
  });
}

function untilText(start: number, [later, form]: readonly [number, string]): string {
  const digits = localText(start + later).replace(/[-:]/g, '');
  return `;UNTIL=${form === 'date' ? digits.slice(0, 8) : digits + form}`;
}
