import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule, type ScheduleInput } from '../../../src/core/on-call/index.ts';

const DAY = 86_400_000;
const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Cairo',
  'America/Santiago',
  'Africa/Casablanca',
  'Antarctica/Troll',
];
// Around the day that Apia skipped, and the clock changes of the other zones.
const FROM = Date.UTC(2011, 8, 20);
const SPAN_DAYS = 200;

const userArb = fc.constantFrom('ana', 'ben', 'chi');
const minuteArb = fc.integer({ min: 0, max: SPAN_DAYS * 1_440 }).map((minute) => FROM + minute * 60_000);
const localArb = fc.integer({ min: 0, max: 40 * 96 }).map((quarter) => local(FROM - 30 * DAY + quarter * 900_000));
const rruleArb = fc.constantFrom(
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=3',
  'FREQ=WEEKLY',
  'FREQ=WEEKLY;BYDAY=MO,WE,SA',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR',
  'FREQ=DAILY;COUNT=40',
);
const durationArb = fc.constantFrom('30m', '8h', '12h', '24h', '40h');
const participantArb = fc.oneof(
  { weight: 4, arbitrary: userArb },
  { weight: 1, arbitrary: fc.constant<string[]>(['ana', 'dan']) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const rotationArb = fc.record(
  {
    start: localArb,
    rrule: rruleArb,
    participants: fc.array(participantArb, { maxLength: 4 }),
    shiftDuration: durationArb,
    handoffsPerTurn: fc.integer({ min: 1, max: 3 }),
    startIndex: fc.integer({ min: 0, max: 5 }),
    advance: fc.constantFrom('every-handoff' as const, 'active-only' as const),
  },
  { requiredKeys: ['start', 'rrule', 'participants'] },
);
const layerArb = fc.record({
  priority: fc.integer({ min: 0, max: 2 }),
  rotation: rotationArb,
  restrictions: fc.array(fc.record({ start: localArb, duration: durationArb, rrule: rruleArb }), { maxLength: 2 }),
});
const stretchArb = fc
  .tuple(minuteArb, fc.integer({ min: 1, max: 20 * 1_440 }))
  .map(([from, minutes]) => ({ from: iso(from), until: iso(from + minutes * 60_000) }));
const overrideArb = fc
  .record({
    stretch: stretchArb,
    kind: fc.constantFrom('replace' as const, 'add' as const, 'remove' as const),
    user: userArb,
    replaces: fc.option(userArb, { nil: undefined }),
    layer: fc.option(fc.constant('layer0'), { nil: undefined }),
  })
  .map(({ stretch, kind, user, replaces, layer }) => ({
    ...stretch,
    kind,
    user,
    ...(layer === undefined ? {} : { layer }),
    ...(kind === 'replace' && replaces !== undefined ? { replaces } : {}),
  }));
const swapArb = fc
  .record({ stretch: stretchArb, give: userArb, take: userArb })
  .map(({ stretch, ...swap }) => ({ ...stretch, ...swap }));
const scheduleArb: fc.Arbitrary<ScheduleInput> = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    layers: fc.array(layerArb, { minLength: 1, maxLength: 3 }),
    overrides: fc.array(overrideArb, { maxLength: 4 }),
    swaps: fc.array(swapArb, { maxLength: 2 }),
  })
  .map(({ timeZone, layers, overrides, swaps }) => ({
    id: 'any',
    timeZone,
    layers: layers.map((layer, index) => ({ ...layer, id: `layer${index}` })),
    overrides: overrides.map((override, index) => ({ ...override, id: `override${index}` })),
    swaps: swaps.map((swap, index) => ({ ...swap, id: `swap${index}` })),
  }));
const windowArb = fc
  .tuple(minuteArb, fc.integer({ min: 1, max: 30 * 1_440 }))
  .map(([from, minutes]) => ({ from, until: from + minutes * 60_000 }));

function iso(at: number): string {
  return new Date(at).toISOString();
}

function local(at: number): string {
  return iso(at).slice(0, 19);
}

test('a point is the interval around it', () => {
  fc.assert(
    fc.property(scheduleArb, minuteArb, (input, at) => {
      const schedule = createSchedule(input);
      const point = schedule.onCallAt(at).map(({ shift, ...duty }) => ({ ...duty, ...shift }));
      const interval = schedule
        .shifts({ from: at - 2_000 * DAY, until: at + 300 * DAY })
        .filter(({ start, end }) => start.getTime() <= at && at < end.getTime())
        .toSorted((a, b) => (a.user < b.user ? -1 : 1));
      expect(point.map(({ user, source, id }) => [user, source, id])).toEqual(
        interval.map(({ user, source, id }) => [user, source, id]),
      );
      expect(point.map(({ start }) => start)).toEqual(interval.map(({ start }) => start));
      expect(point.filter((_, index) => !interval[index]?.truncatedEnd).map(({ end }) => end)).toEqual(
        interval.filter(({ truncatedEnd }) => !truncatedEnd).map(({ end }) => end),
      );
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
    fc.property(fc.constantFrom(...ZONES), localArb, rruleArb, windowArb, (timeZone, start, rrule, { from }) => {
      const rotation = { start, rrule, participants: ['ana', 'ben'] };
      const schedule = createSchedule({ id: 'any', timeZone, layers: [{ id: 'one', rotation }] });
      const handoffs = schedule.handoffs('one', { from, until: from + 120 * DAY }).map(Number);
      expect(handoffs).toEqual([...new Set(handoffs)].toSorted((a, b) => a - b));
      const numbers = handoffs.map((at) => schedule.onCallAt(at)[0]?.handoff ?? -1);
      for (const [index, number] of numbers.slice(1).entries()) {
        expect([1, 2]).toContain(number - (numbers[index] ?? 0));
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
