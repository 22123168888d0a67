import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule, type ScheduleInput } from '../../../src/core/on-call/index.ts';
import { DAY } from './oracle/clock.ts';
import { localArb, minuteArb, overrideArb, rruleArb, scheduleArb, windowArb, zoneArb } from './oracle/schedule-arb.ts';

test('a point is the interval around it', () => {
  fc.assert(
    fc.property(scheduleArb, minuteArb, (input, at) => {
      const schedule = createSchedule(input);
      const point = schedule.onCallAt(at).map(({ shift, ...duty }) => ({ ...duty, ...shift }));
      const interval = schedule
        .shifts({ from: at - 100 * DAY, until: at + 100 * DAY })
        .filter(({ start, end }) => start.getTime() <= at && at < end.getTime())
        .toSorted((a, b) => (a.user < b.user ? -1 : 1));
      expect(point.map(({ user, source, id }) => [user, source, id])).toEqual(
        interval.map(({ user, source, id }) => [user, source, id]),
      );
      for (const [index, { start, end, truncatedStart, truncatedEnd }] of interval.entries()) {
        if (!truncatedStart) expect(point[index]?.start).toEqual(start);
        if (!truncatedEnd) expect(point[index]?.end).toEqual(end);
      }
    }),
    { numRuns: 60 },
  );
});

test('shifts and gaps tile the window', () => {
  fc.assert(
    fc.property(scheduleArb, windowArb, (input, { from, until }) => {
      const schedule = createSchedule(input);
      const shifts = schedule.shifts({ from, until });
      const gaps = schedule.gaps({ from, until });
      const edges = [from, until, ...[...shifts, ...gaps].flatMap(({ start, end }) => [+start, +end])];
      const cuts = [...new Set(edges)].toSorted((a, b) => a - b);
      expect([cuts[0], cuts.at(-1)]).toEqual([from, until]);
      for (const [index, cut] of cuts.slice(0, -1).entries()) {
        const middle = (cut + (cuts[index + 1] ?? cut)) / 2;
        const covering = shifts.filter(({ start, end }) => +start <= middle && middle < +end);
        const missing = gaps.filter(({ start, end }) => +start <= middle && middle < +end);
        expect(new Set(covering.map(({ user }) => user)).size).toBe(covering.length);
        expect(missing.length).toBe(covering.length === 0 ? 1 : 0);
      }
      const { percent } = schedule.coverage({ from, until });
      expect(percent === 100).toBe(gaps.length === 0);
      expect(percent).toBeGreaterThanOrEqual(0);
      const order = shifts.map(({ start, user }) => `${start.toISOString()} ${user}`);
      expect(order).toEqual(order.toSorted());
    }),
    { numRuns: 80 },
  );
});

test('a window split in two says the same', () => {
  fc.assert(
    fc.property(scheduleArb, windowArb, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (input, window, share) => {
      const schedule = createSchedule(input);
      const { from, until } = window;
      const middle = from + Math.max(1, Math.round((until - from) * share));
      const left = schedule.shifts({ from, until: middle });
      const right = schedule.shifts({ from: middle, until });
      const joined = [
        ...left.filter(({ truncatedEnd }) => !truncatedEnd),
        ...right.map((shift) => {
          const begun = left.find(({ user, truncatedEnd }) => truncatedEnd && user === shift.user);
          if (!shift.truncatedStart || begun === undefined) return shift;
          return { ...shift, start: begun.start, truncatedStart: begun.truncatedStart };
        }),
      ].toSorted((a, b) => +a.start - +b.start || (a.user < b.user ? -1 : 1));
      expect(joined).toEqual(schedule.shifts({ from, until }));
    }),
    { numRuns: 80 },
  );
});

test('handoffs strictly increase and each has a higher number', () => {
  fc.assert(
    fc.property(zoneArb, localArb, rruleArb, windowArb, (timeZone, start, rrule, { from }) => {
      const rotation = { start, rrule, participants: ['ana', 'ben'] };
      const schedule = createSchedule({ id: 'any', timeZone, layers: [{ id: 'one', rotation }] });
      const handoffs = schedule.handoffs('one', { from, until: from + 20 * DAY }).map(Number);
      expect(handoffs).toEqual([...new Set(handoffs)].toSorted((a, b) => a - b));
      const numbers = handoffs.map((at) => schedule.onCallAt(at)[0]?.handoff ?? -1);
      for (const [index, number] of numbers.slice(1).entries()) {
        expect(number).toBeGreaterThan(numbers[index] ?? -1);
      }
      for (const at of handoffs) expect(schedule.onCallAt(at)[0]?.shift.start.getTime()).toBe(at);
    }),
    { numRuns: 60 },
  );
});

test('an override changes nothing outside its time', () => {
  fc.assert(
    fc.property(scheduleArb, overrideArb, minuteArb, (input, override, at) => {
      fc.pre(at < Date.parse(override.from) || at >= Date.parse(override.until));
      const more = { ...input, overrides: [...(input.overrides ?? []), { ...override, id: 'more' }] };
      const people = (of: ScheduleInput) =>
        createSchedule(of)
          .onCallAt(at)
          .map(({ shift: _, ...duty }) => duty);
      expect(people(more)).toEqual(people(input));
    }),
    { numRuns: 60 },
  );
});

test('a schedule read back from JSON answers the same', () => {
  fc.assert(
    fc.property(scheduleArb, windowArb, (input, window) => {
      const schedule = createSchedule(input);
      const again = createSchedule(JSON.parse(JSON.stringify(schedule.definition)));
      expect(again.definition).toEqual(schedule.definition);
      expect(again.shifts(window)).toEqual(schedule.shifts(window));
    }),
    { numRuns: 40 },
  );
});

test('nothing changes before the next handoff', () => {
  fc.assert(
    fc.property(scheduleArb, minuteArb, (input, after) => {
      const schedule = createSchedule(input);
      const next = schedule.nextHandoff(after)?.getTime() ?? after + 10 * DAY;
      expect(next).toBeGreaterThan(after);
      const people = (at: number) => schedule.onCallAt(at).map(({ user }) => user);
      expect(people(next - 1)).toEqual(people(after));
      expect(people(Math.floor((after + next - 1) / 2))).toEqual(people(after));
    }),
    { numRuns: 60 },
  );
});

test('over whole rounds everybody serves equally often', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom('ana', 'ben', 'chi', 'dan', 'eva'), { minLength: 1 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 0, max: 9 }),
      (participants, handoffsPerTurn, startIndex) => {
        const rotation = {
          start: '2026-01-05T09:00:00',
          rrule: 'FREQ=DAILY',
          participants,
          handoffsPerTurn,
          startIndex,
        };
        const schedule = createSchedule({ id: 'any', timeZone: 'UTC', layers: [{ id: 'one', rotation }] });
        const from = Date.UTC(2026, 0, 5, 9);
        const load = schedule.load({ from, until: from + 2 * participants.length * handoffsPerTurn * DAY });
        expect(load.map(({ hours }) => hours)).toEqual(participants.map(() => 2 * handoffsPerTurn * 24));
      },
    ),
  );
});
