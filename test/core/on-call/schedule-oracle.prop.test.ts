import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule } from '../../../src/core/on-call/index.ts';
import { MINUTE } from './oracle/clock.ts';
import { type Person, whoText } from './oracle/duty.ts';
import { walkSchedule } from './oracle/schedule.ts';
import { activeOnlyArb, daysArb, minuteArb, scheduleArb, stretchOf } from './oracle/schedule-arb.ts';

type Found = { readonly start: Date; readonly end: Date };

/** What shifts say of every minute, as sorted texts. */
function painted<T extends Found>(
  items: readonly T[],
  { from, until }: { from: number; until: number },
  text: (item: T) => string,
) {
  const minutes = Array.from({ length: (until - from) / MINUTE }, (): string[] => []);
  for (const item of items) {
    const first = Math.ceil((+item.start - from) / MINUTE);
    for (let minute = first; from + minute * MINUTE < +item.end; minute += 1) minutes[minute]?.push(text(item));
  }
  return minutes.map((texts) => texts.toSorted());
}

/** Where two lists of minutes differ first; `undefined` when nowhere. */
function firstDifference(one: readonly (readonly string[])[], other: readonly (readonly string[])[], from: number) {
  const minute = one.findIndex((texts, index) => texts.join() !== other[index]?.join());
  if (minute < 0) return undefined;
  return `${new Date(from + minute * MINUTE).toISOString()}: ${one[minute]?.join() || 'nobody'}, not ${other[minute]?.join() || 'nobody'}`;
}

/** How many unbroken stretches the minutes have, each for one reason. */
function runs(minutes: readonly (readonly string[])[]): number {
  return minutes.reduce(
    (sum, texts, minute) => sum + texts.filter((text) => !minutes[minute - 1]?.includes(text)).length,
    0,
  );
}

test('the final schedule is what whoever looks at every minute finds', () => {
  fc.assert(
    fc.property(scheduleArb, daysArb, (input, days) => {
      const stretch = stretchOf(input, days);
      const schedule = createSchedule(input);
      const { who } = walkSchedule(schedule.definition, stretch);
      const shifts = schedule.shifts(stretch);
      expect(firstDifference(painted(shifts, stretch, whoText), who, stretch.from)).toBeUndefined();
      expect(shifts.length).toBe(runs(who));
      const nobody = who.map((texts) => (texts.length === 0 ? ['gap'] : []));
      const gaps = schedule.gaps(stretch);
      expect(
        firstDifference(
          painted(gaps, stretch, () => 'gap'),
          nobody,
          stretch.from,
        ),
      ).toBeUndefined();
      expect(gaps.length).toBe(runs(nobody));
    }),
    { numRuns: Number(process.env.RUNS ?? 40) },
  );
});

test('after years in which only active turns count, it is the turn of whoever has counted them all', () => {
  fc.assert(
    fc.property(activeOnlyArb, minuteArb, (input, from) => {
      const stretch = { from, until: from + 1_440 * MINUTE };
      const schedule = createSchedule(input);
      const { who } = walkSchedule(schedule.definition, stretch);
      expect(firstDifference(painted(schedule.shifts(stretch), stretch, whoText), who, from)).toBeUndefined();
    }),
    { numRuns: Number(process.env.RUNS ?? 40) },
  );
});

test('who is on call at a minute is who is found there, whether it is asked for the first time or again', () => {
  fc.assert(
    fc.property(scheduleArb, daysArb, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (input, days, picks) => {
      const stretch = stretchOf(input, days);
      const { from, until } = stretch;
      const schedule = createSchedule(input);
      const { who } = walkSchedule(schedule.definition, stretch);
      const changes = who.flatMap((texts, minute) =>
        texts.join() === who[minute - 1]?.join() ? [] : [minute - 1, minute],
      );
      const asked = [...picks.map((pick) => pick % who.length), ...changes.slice(0, 40)].filter(
        (minute) => minute >= 0,
      );
      for (const minute of [...asked, ...asked]) {
        const at = from + minute * MINUTE;
        const answer = schedule.onCallAt(at);
        const expected = who[minute] ?? [];
        expect(firstDifference([answer.map(whoText).toSorted()], [expected], at)).toBeUndefined();
        const order = answer.map(({ user }) => user);
        expect(order).toEqual(order.toSorted());
        for (const { shift, ...duty } of answer) {
          const text = whoText(duty);
          const since = who.findLastIndex((texts, index) => index <= minute && !texts.includes(text)) + 1;
          const gone = who.findIndex((texts, index) => index > minute && !texts.includes(text));
          if (since > 0) expect([text, shift.start]).toEqual([text, new Date(from + since * MINUTE)]);
          else expect(+shift.start).toBeLessThanOrEqual(from);
          if (gone > 0) expect([text, shift.end]).toEqual([text, new Date(from + gone * MINUTE)]);
          else expect(+shift.end).toBeGreaterThanOrEqual(until);
        }
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 40) },
  );
});

test('each layer alone, and its handoffs, are what whoever looks at every minute finds', () => {
  fc.assert(
    fc.property(scheduleArb, daysArb, (input, days) => {
      const stretch = stretchOf(input, days);
      const schedule = createSchedule(input);
      const { layers } = walkSchedule(schedule.definition, stretch);
      for (const { id, people, handoffs } of layers) {
        const whys = (found: readonly Person[] | undefined) =>
          [...new Set((found ?? []).map(({ why }) => why))].toSorted();
        const alone = people.map(whys);
        const shifts = schedule.layerShifts(id, stretch);
        expect(firstDifference(painted(shifts, stretch, whoText), alone, stretch.from)).toBeUndefined();
        expect(shifts.length).toBe(runs(alone));
        expect(schedule.handoffs(id, stretch)).toEqual(handoffs.map((at) => new Date(at)));
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 40) },
  );
});

test('the next change is the next minute at which somebody hands off or the people change', () => {
  fc.assert(
    fc.property(scheduleArb, daysArb, (input, days) => {
      const stretch = stretchOf(input, days);
      const schedule = createSchedule(input);
      const { who, layers } = walkSchedule(schedule.definition, stretch);
      const crew = (minute: number) =>
        (who[minute] ?? [])
          .map((text) => text.split(' ')[0])
          .toSorted()
          .join();
      const newCrew = who.findIndex((_, minute) => crew(minute) !== crew(0));
      const handoffs = layers.flatMap((layer) => layer.handoffs.filter((at) => at > stretch.from));
      const expected = Math.min(...handoffs, newCrew < 0 ? stretch.until : stretch.from + newCrew * MINUTE);
      const next = schedule.nextHandoff(stretch.from)?.getTime() ?? Number.POSITIVE_INFINITY;
      if (expected < stretch.until) expect(new Date(next)).toEqual(new Date(expected));
      else expect(next).toBeGreaterThanOrEqual(stretch.until);
    }),
    { numRuns: Number(process.env.RUNS ?? 40) },
  );
});
