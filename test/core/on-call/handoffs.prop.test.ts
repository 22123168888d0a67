import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { handoffsFrom, indexOfLastUpTo, occurrencesIn } from '../../../src/core/on-call/handoffs.ts';
import type { Recurrence } from '../../../src/core/on-call/wall-clock.ts';
import { zoneOf } from '../../../src/core/on-call/zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

// Local midnights around which the clocks of a zone change.
const CHANGES: readonly (readonly [string, string])[] = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/London', '2026-03-29'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Africa/Cairo', '2026-04-24'],
  ['America/Santiago', '2026-09-06'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Pacific/Apia', '2011-12-30'],
  ['Pacific/Kwajalein', '1993-08-21'],
];

const caseArb = fc.record({
  change: fc.constantFrom(...CHANGES),
  steps: fc.array(fc.integer({ min: 5, max: 9 * 60 }), { minLength: 1, maxLength: 30 }),
  at: fc.integer({ min: -30 * 60, max: 80 * 60 }),
  length: fc.integer({ min: 1, max: 60 * 60 }),
});
type Case = typeof caseArb extends fc.Arbitrary<infer T> ? T : never;

function listed(walls: readonly number[]): Recurrence {
  return { at: (index) => walls[index], indexAt: (wall) => walls.findLastIndex((one) => one <= wall) };
}

/** The instant of a local time, by trying every offset that the zone has had around it. */
function slowInstant(wall: number, timeZone: string): number {
  const offsetAt = (at: number) => DateTime.fromMillis(at, { zone: timeZone }).offset * MINUTE;
  const offsets = [-36, 36].map((hours) => offsetAt(wall + hours * HOUR));
  const exact = offsets.map((offset) => wall - offset).filter((at) => at + offsetAt(at) === wall);
  return exact.length > 0 ? Math.min(...exact) : wall - offsetAt(wall - 36 * HOUR);
}

function unfold({ change: [timeZone, day], steps, at, length }: Case) {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let wall = midnight - 20 * HOUR;
  const walls = steps.map((minutes) => (wall += minutes * MINUTE));
  const zone = zoneOf(timeZone);
  const startAt = midnight - zone.offsetAt(midnight) + at * MINUTE;
  const span = { startAt, endAt: startAt + length * MINUTE };
  const instants = walls.map((one) => slowInstant(one, timeZone));
  return { zone, span, instants, recurrence: listed(walls) };
}

test('the handoff in force is the last whose instant has come', () => {
  fc.assert(
    fc.property(caseArb, (input) => {
      const { zone, span, instants, recurrence } = unfold(input);
      const expected = instants.findLastIndex((instant) => instant <= span.startAt);
      expect(indexOfLastUpTo(span.startAt, { recurrence, zone })).toBe(expected);
    }),
    { numRuns: 120 },
  );
});

test('the handoffs of a span are those that no later one overtakes', () => {
  fc.assert(
    fc.property(caseArb, (input) => {
      const { zone, span, instants, recurrence } = unfold(input);
      const effective = instants
        .map((at, index) => ({ at, index }))
        .filter(({ at, index }) => instants.slice(index + 1).every((later) => later > at));
      const inForce = effective.findLast(({ at }) => at <= span.startAt);
      const expected = effective.filter((one) => one === inForce || (one.at > span.startAt && one.at < span.endAt));
      const found = [...handoffsFrom(span, { recurrence, zone })].map(({ at, index }) => ({ at, index }));
      expect(found).toEqual(expected);
    }),
    { numRuns: 120 },
  );
});

test('the occurrences of a span are all its instants, once each', () => {
  fc.assert(
    fc.property(caseArb, (input) => {
      const { zone, span, instants, recurrence } = unfold(input);
      const inside = instants.filter((at) => at >= span.startAt && at < span.endAt);
      expect(occurrencesIn(span, { recurrence, zone })).toEqual([...new Set(inside)].toSorted((a, b) => a - b));
    }),
    { numRuns: 120 },
  );
});
