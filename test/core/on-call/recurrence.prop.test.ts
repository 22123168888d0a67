import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timetableOf } from '../../../src/core/on-call/timetable.ts';
import { DAY_MS, WEEKDAYS, weekdayOf } from '../../../src/core/on-call/wall-clock.ts';
import { zoneOf } from '../../../src/core/on-call/zone.ts';

const START = Date.UTC(2026, 0, 1, 9);
const DAYS = 400;

const local = (wall: number) => new Date(wall).toISOString().slice(0, 19);
const ruleArb = fc.record({
  freq: fc.constantFrom('DAILY', 'WEEKLY'),
  interval: fc.integer({ min: 1, max: 9 }),
  byDay: fc.subarray([0, 1, 2, 3, 4, 5, 6]),
  weekStart: fc.integer({ min: 0, max: 6 }),
  startDay: fc.integer({ min: 0, max: 20 }),
  end: fc.oneof(
    fc.constant({}),
    fc.record({ count: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ untilDay: fc.integer({ min: 21, max: DAYS }) }),
  ),
  exdays: fc.array(fc.integer({ min: 0, max: DAYS }), { maxLength: 8 }),
  rdays: fc.array(fc.integer({ min: 0, max: DAYS }), { maxLength: 5 }),
});
type Case = typeof ruleArb extends fc.Arbitrary<infer T> ? T : never;

/** The same by looking at every day. */
function everyDay({ freq, interval, byDay, weekStart, startDay, end, exdays, rdays }: Case): readonly number[] {
  const start = START + startDay * DAY_MS;
  const anchorWeek = start - ((weekdayOf(start) - weekStart + 7) % 7) * DAY_MS;
  const days = byDay.length > 0 ? byDay : freq === 'WEEKLY' ? [weekdayOf(start)] : [0, 1, 2, 3, 4, 5, 6];
  const matches: number[] = [];
  for (let wall = start; wall <= START + DAYS * DAY_MS; wall += DAY_MS) {
    const thisWeek = wall - ((weekdayOf(wall) - weekStart + 7) % 7) * DAY_MS;
    const steps = freq === 'DAILY' ? (wall - start) / DAY_MS : (thisWeek - anchorWeek) / (7 * DAY_MS);
    if (steps % interval === 0 && days.includes(weekdayOf(wall))) matches.push(wall);
  }
  const counted = 'count' in end ? matches.slice(0, end.count) : matches;
  const untilDay = 'untilDay' in end ? end.untilDay : DAYS;
  const ended = counted.filter((wall) => wall <= START + untilDay * DAY_MS);
  const added = rdays.map((day) => START + day * DAY_MS);
  const gone = exdays.map((day) => START + day * DAY_MS);
  return [...new Set([...ended, ...added])].filter((wall) => !gone.includes(wall)).toSorted((a, b) => a - b);
}

function compile({ freq, interval, byDay, weekStart, startDay, end, exdays, rdays }: Case) {
  const parts = [`FREQ=${freq}`, `INTERVAL=${interval}`, `WKST=${WEEKDAYS[weekStart]}`];
  if (byDay.length > 0) parts.push(`BYDAY=${byDay.map((day) => WEEKDAYS[day]).join(',')}`);
  if ('count' in end) parts.push(`COUNT=${end.count}`);
  if ('untilDay' in end) parts.push(`UNTIL=${local(START + end.untilDay * DAY_MS).replace(/[-:]/g, '')}`);
  return timetableOf(
    {
      start: local(START + startDay * DAY_MS),
      rrule: parts.join(';'),
      exdates: exdays.map((day) => local(START + day * DAY_MS)),
      rdates: rdays.map((day) => local(START + day * DAY_MS)),
    },
    zoneOf('UTC'),
  ).recurrence;
}

test('counting by index agrees with looking at every day', () => {
  fc.assert(
    fc.property(ruleArb, (input) => {
      const expected = everyDay(input);
      const recurrence = compile(input);
      expect(expected.map((_, index) => recurrence.at(index))).toEqual(expected);
      for (let wall = START - DAY_MS; wall <= START + DAYS * DAY_MS; wall += 3 * DAY_MS) {
        expect(recurrence.indexAt(wall)).toBe(expected.findLastIndex((occurrence) => occurrence <= wall));
        expect(recurrence.indexAt(wall - 1)).toBe(expected.findLastIndex((occurrence) => occurrence < wall));
      }
    }),
    { numRuns: 150 },
  );
});

test('at and indexAt are each other’s inverse, however far away', () => {
  fc.assert(
    fc.property(ruleArb, fc.integer({ min: 0, max: 100_000 }), (input, index) => {
      const recurrence = compile(input);
      const wall = recurrence.at(index);
      fc.pre(wall !== undefined);
      expect(recurrence.indexAt(wall!)).toBe(index);
      expect(recurrence.indexAt(wall! - 1)).toBe(index - 1);
    }),
  );
});
