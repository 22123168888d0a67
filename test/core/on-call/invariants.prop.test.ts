/** What must be so of every schedule, however odd: notes/on-call.md 3. What schedule.prop.test.ts shows is not repeated. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule, type Shift } from '../../../src/core/on-call/index.ts';
import { clockOf, DAY, localText, MINUTE } from './oracle/clock.ts';
import { whoText } from './oracle/duty.ts';
import { FROM, iso, localArb, minuteArb, overrideArb, scheduleArb, windowArb, zoneArb } from './oracle/schedule-arb.ts';

type Window = { readonly from: number; readonly until: number };

/** Who serves, and in which turn, by a list of shifts. */
const served = (shifts: readonly Shift[], at: number) =>
  shifts.filter(({ start, end }) => +start <= at && at < +end).map(whoText);
/** Every moment at which something may change, and the one before. */
const edges = (shifts: readonly Shift[], { from, until }: Window) =>
  [from, ...shifts.flatMap(({ start, end }) => [+start, +end])]
    .flatMap((at) => [at - 1, at])
    .filter((at) => at >= from && at < until);

test('a handoff shows the local time of its rule, unless the zone skips that time', () => {
  const rules = ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TH', 'FREQ=MONTHLY;BYMONTHDAY=1,9,-1', 'FREQ=YEARLY;BYDAY=SU'];
  fc.assert(
    fc.property(zoneArb, localArb, fc.constantFrom(...rules), windowArb, (timeZone, start, rrule, window) => {
      const clock = clockOf(timeZone);
      const input = { id: 'any', timeZone, layers: [{ id: 'one', rotation: { start, rrule, participants: ['ana'] } }] };
      for (const at of createSchedule(input).handoffs('one', window)) {
        const local = clock.toLocal(+at);
        if (localText(local).slice(11) === start.slice(11)) continue;
        const skipped = Date.parse(`${localText(local).slice(0, 10)}T${start.slice(11)}Z`);
        const isSkipped = [skipped, skipped - DAY].some((one) => clock.toInstant(one) === +at);
        expect([at, isSkipped]).toEqual([at, true]);
      }
    }),
    { numRuns: 100 },
  );
});

test('the shifts of a year add up to the year', () => {
  const rules = [
    'FREQ=HOURLY;INTERVAL=7',
    'FREQ=DAILY;BYHOUR=2,14',
    'FREQ=WEEKLY;BYDAY=MO,SA',
    'FREQ=MONTHLY;BYDAY=-1FR',
  ];
  fc.assert(
    fc.property(zoneArb, localArb, fc.constantFrom(...rules), minuteArb, (timeZone, start, rrule, at) => {
      const from = at + 80 * DAY;
      const rotation = { start, rrule, participants: ['ana', 'ben', 'chi'] };
      const schedule = createSchedule({ id: 'any', timeZone, layers: [{ id: 'one', rotation }] });
      const shifts = schedule.shifts({ from, until: from + 365 * DAY });
      expect(shifts.reduce((sum, { start: begins, end }) => sum + +end - +begins, 0)).toBe(365 * DAY);
      for (const [index, shift] of shifts.slice(1).entries()) expect(shift.start).toEqual(shifts[index]?.end);
    }),
    { numRuns: 30 },
  );
});

test('what was asked before changes no answer', () => {
  const askArb = fc.array(fc.tuple(minuteArb, fc.constantFrom('who', 'next', 'why', 'shifts')), {
    minLength: 8,
    maxLength: 8,
  });
  fc.assert(
    fc.property(scheduleArb, askArb, (input, questions) => {
      const ask = (of: ReturnType<typeof createSchedule>, [at, what]: (typeof questions)[number]) => {
        if (what === 'who') return of.onCallAt(at);
        if (what === 'next') return of.nextHandoff(at);
        return what === 'why' ? of.explainAt(at) : of.shifts({ from: at, until: at + 2 * DAY });
      };
      const asked = createSchedule(input);
      const inOrder = questions.map((question) => ask(asked, question));
      const again = questions.toReversed().map((question) => ask(asked, question));
      expect(again.toReversed()).toEqual(inOrder);
      expect(questions.map((question) => ask(createSchedule(input), question))).toEqual(inOrder);
    }),
    { numRuns: 30 },
  );
});

test('whoever is on call is whoever is explained to be', () => {
  fc.assert(
    fc.property(scheduleArb, fc.array(minuteArb, { minLength: 2, maxLength: 3 }), (input, moments) => {
      const schedule = createSchedule(input);
      for (const at of moments) {
        const { onCall, layers } = schedule.explainAt(at);
        expect(onCall.map(whoText)).toEqual(schedule.onCallAt(at).map(whoText));
        const serving = layers.filter(({ state }) => state === 'serving').map(({ layer }) => layer);
        for (const { layer, source } of onCall) if (source === 'rotation') expect(serving).toContain(layer);
      }
    }),
    { numRuns: 30 },
  );
});

test('the order in which overrides are listed does not matter where they do not meet', () => {
  const gapsArb = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(
      scheduleArb,
      fc.array(overrideArb, { minLength: 5, maxLength: 5 }),
      gapsArb,
      windowArb,
      (input, overrides, gaps, window) => {
        let at = window.from;
        const apart = overrides.map((override, index) => {
          const from = at + (gaps[index] ?? 0) * MINUTE;
          at = from + 1_000 * MINUTE;
          return { ...override, id: `apart${index}`, from: iso(from), until: iso(at) };
        });
        const shuffled = [3, 0, 4, 2, 1].map((index) => apart[index]!);
        const answer = (list: typeof apart) => createSchedule({ ...input, overrides: list }).shifts(window);
        expect(answer(shuffled)).toEqual(answer(apart));
      },
    ),
    { numRuns: 30 },
  );
});

test('coverage is the share of time with somebody on call, however many there are', () => {
  fc.assert(
    fc.property(scheduleArb, windowArb, (input, window) => {
      const schedule = createSchedule(input);
      const shifts = schedule.shifts(window);
      const cuts = [...new Set([window.until, ...edges(shifts, window)])].toSorted((a, b) => a - b);
      const covered = cuts
        .slice(0, -1)
        .reduce((sum, cut, index) => sum + (served(shifts, cut).length > 0 ? cuts[index + 1]! - cut : 0), 0);
      const { percent, gaps } = schedule.coverage(window);
      expect(percent).toBeCloseTo((100 * covered) / (window.until - window.from), 9);
      expect(percent === 100).toBe(gaps.length === 0);
    }),
    { numRuns: 60 },
  );
});

test('in UTC everything moves with its schedule when that moves by a week', () => {
  const weekLater = (text: string) =>
    new Date(Date.parse(text.endsWith('Z') ? text : `${text}Z`) + 7 * DAY).toISOString();
  fc.assert(
    fc.property(scheduleArb, windowArb, ({ timeZone, ...input }, { from, until }) => {
      // Months and years are not made of weeks.
      const text = JSON.stringify({ timeZone, ...input })
        .replace(/"rrule":"[^"]*(?:MONTH|YEAR|UNTIL)[^"]*"/g, '"rrule":"FREQ=DAILY;INTERVAL=3"')
        .replace(/"timeZone":"[^"]*"/g, '"timeZone":"UTC"');
      const later = text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, (found) =>
        found.endsWith('Z') ? weekLater(found) : weekLater(found).slice(0, 19),
      );
      const moved = createSchedule(JSON.parse(later)).shifts({ from: from + 7 * DAY, until: until + 7 * DAY });
      const back = moved.map((shift) => ({
        ...shift,
        start: new Date(+shift.start - 7 * DAY),
        end: new Date(+shift.end - 7 * DAY),
      }));
      expect(back).toEqual(createSchedule(JSON.parse(text)).shifts({ from, until }));
    }),
    { numRuns: 40 },
  );
});

test('a rule twenty years old is answered as fast as a new one', () => {
  const rules = [
    'FREQ=HOURLY',
    'FREQ=HOURLY;INTERVAL=7',
    'FREQ=DAILY;BYHOUR=2,14',
    'FREQ=WEEKLY;BYDAY=MO,SA',
    'FREQ=MONTHLY;BYDAY=-1FR',
    'FREQ=MONTHLY;BYMONTHDAY=31',
    'FREQ=YEARLY;BYWEEKNO=1,20,53;BYDAY=MO',
  ];
  for (const rrule of rules) {
    const rotation = {
      start: '1991-09-20T02:30:00',
      rrule,
      participants: ['ana', 'ben'],
      exdates: ['1999-09-20T02:30:00'],
    };
    const schedule = createSchedule({ id: 'old', timeZone: 'Europe/London', layers: [{ id: 'one', rotation }] });
    const ask = () => {
      const { user } = process.cpuUsage();
      // Far apart, so that no answer is at hand from the one before.
      for (let question = 0; question < 400; question += 1) schedule.onCallAt(FROM + ((question * 37) % 400) * DAY);
      return (process.cpuUsage().user - user) / 1_000 / 400;
    };
    // Ms of work, not of waiting: at best some hundredths. Replaying twenty years takes hundreds.
    expect([rrule, Math.min(ask(), ask(), ask()) < 1]).toEqual([rrule, true]);
  }
});
