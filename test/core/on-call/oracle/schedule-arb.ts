/**
 * Random schedules: awkward zones, rules of every kind, and everything that lies on top of them.
 *
 * All times are whole minutes, around the clock changes of the second half of 2011 (and the day that Apia skipped).
 */
import fc from 'fast-check';
import type { ScheduleInput } from '../../../../src/model/schedule.ts';
import { changesOf, clockOf, DAY, localText, MINUTE } from './clock.ts';
import { AWKWARD_ZONES } from './rule-arb.ts';

export const FROM = Date.UTC(2011, 8, 20);
export const SPAN_DAYS = 200;

export const userArb = fc.constantFrom('ana', 'ben', 'chi');
export const zoneArb = fc.constantFrom(...AWKWARD_ZONES);
/** A minute of the half year, every now and then one near the day that Apia skipped. */
export const minuteArb = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: SPAN_DAYS * 1_440 }).map((minute) => FROM + minute * MINUTE) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 4 * 1_440 }).map((minute) => Date.UTC(2011, 11, 29) + minute * MINUTE),
  },
);
/** A start in the weeks around the beginning, sometimes years before. */
export const localArb = fc
  .oneof(
    { weight: 5, arbitrary: fc.integer({ min: -30 * 96, max: 10 * 96 }) },
    { weight: 1, arbitrary: fc.integer({ min: -1_500 * 96, max: 0 }) },
  )
  .map((quarter) => localText(FROM + quarter * 15 * MINUTE));

export const rruleArb = fc.constantFrom(
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=3',
  'FREQ=WEEKLY',
  'FREQ=WEEKLY;BYDAY=MO,WE,SA',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR',
  'FREQ=DAILY;COUNT=40',
  'FREQ=HOURLY',
  'FREQ=HOURLY;INTERVAL=8',
  'FREQ=HOURLY;INTERVAL=7',
  'FREQ=HOURLY;INTERVAL=36',
  'FREQ=HOURLY;INTERVAL=5;BYDAY=MO,TU,WE,TH,FR',
  'FREQ=HOURLY;INTERVAL=2;BYMINUTE=0,30',
  'FREQ=DAILY;BYHOUR=2,3,14;BYMINUTE=0,30',
  'FREQ=DAILY;BYHOUR=0,1,2,3,23;BYMINUTE=0,15,45;BYSETPOS=1,3,-2',
  'FREQ=DAILY;BYMONTH=10,11,1',
  'FREQ=DAILY;UNTIL=20111120T120000Z',
  'FREQ=MONTHLY',
  'FREQ=MONTHLY;BYMONTHDAY=1,15,31',
  'FREQ=MONTHLY;BYDAY=-1FR,2TU',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,5,-1',
  'FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=-1;WKST=TU',
  'FREQ=YEARLY;BYMONTH=10,11,12,1;BYDAY=SU',
  'FREQ=YEARLY;BYWEEKNO=40,44,48,52,1,5',
  'FREQ=YEARLY;BYYEARDAY=-1,1,40,280,300',
);
export const durationArb = fc.constantFrom('30m', '8h', '12h', '24h', '40h', '9d');
export const participantArb = fc.oneof(
  { weight: 4, arbitrary: userArb },
  { weight: 1, arbitrary: fc.constant<string[]>(['ana', 'dan']) },
  { weight: 1, arbitrary: fc.constant(null) },
);
export const participantsArb = fc.oneof(
  { weight: 7, arbitrary: fc.array(participantArb, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constant<(string | string[] | null)[]>([]) },
);

const rarely = <T>(arb: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: arb });

/** Leaves out what is undefined, as whoever writes a schedule does. */
function given<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(input));
}

const earlierArb = fc
  .uniqueArray(fc.tuple(minuteArb, participantsArb, fc.integer({ min: 0, max: 5 })), {
    minLength: 1,
    maxLength: 2,
    selector: ([at]) => at,
  })
  .map((rosters) =>
    rosters
      .toSorted(([a], [b]) => a - b)
      .map(([at, participants, startIndex]) => ({ until: new Date(at).toISOString(), participants, startIndex })),
  );
const serviceArb = fc.tuple(rarely(minuteArb), rarely(minuteArb)).map(([one, other]) => {
  const [from, until] = one !== undefined && other !== undefined && one > other ? [other, one] : [one, other];
  return {
    ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
    ...(until === undefined || until === from ? {} : { until: new Date(until).toISOString() }),
  };
});

export const rotationArb = fc
  .record({
    start: localArb,
    rrule: rruleArb,
    participants: participantsArb,
    rdates: rarely(fc.array(localArb, { maxLength: 2 })),
    exdates: rarely(fc.array(localArb, { maxLength: 2 })),
    shiftDuration: rarely(durationArb),
    handoffsPerTurn: fc.constantFrom(undefined, undefined, 1, 2, 3),
    startIndex: fc.constantFrom(undefined, undefined, 1, 5),
    earlier: rarely(earlierArb),
    advance: fc.constantFrom(undefined, 'every-handoff' as const, 'active-only' as const),
    service: serviceArb,
  })
  .map(({ service, ...rotation }) => ({ ...given(rotation), ...service }));
export const restrictionArb = fc.record({ start: localArb, duration: durationArb, rrule: rruleArb });
export const layerArb = fc
  .record({
    priority: fc.constantFrom(undefined, 0, 1, 2),
    timeZone: rarely(zoneArb),
    rotation: rotationArb,
    restrictions: fc.array(restrictionArb, { maxLength: 2 }),
  })
  .map(({ rotation, ...layer }) => ({ ...given(layer), rotation }));

const stretchArb = fc
  .tuple(minuteArb, fc.oneof(fc.integer({ min: 1, max: 20 * 1_440 }), fc.integer({ min: 1, max: SPAN_DAYS * 1_440 })))
  .map(([from, minutes]) => ({ from: iso(from), until: iso(from + minutes * MINUTE) }));
export const overrideArb = fc
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
export const swapArb = fc
  .record({ stretch: stretchArb, give: userArb, take: userArb, layer: rarely(fc.constant('layer0')) })
  .map(({ stretch, ...swap }) => ({ ...stretch, ...given(swap) }));

export const scheduleArb: fc.Arbitrary<ScheduleInput> = fc
  .record({
    timeZone: zoneArb,
    layers: fc.array(layerArb, { minLength: 1, maxLength: 3 }),
    overrides: fc.array(overrideArb, { maxLength: 4 }),
    swaps: fc.array(swapArb, { maxLength: 3 }),
  })
  .map(({ timeZone, layers, overrides, swaps }) => ({
    id: 'any',
    timeZone,
    layers: layers.map((layer, index) => ({ ...layer, id: `layer${index}` })),
    overrides: overrides.map((override, index) => ({ ...override, id: `override${index}` })),
    swaps: swaps.map((swap, index) => ({ ...swap, id: `swap${index}` })),
  }));

const STEADY_RULES = [
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=3',
  'FREQ=DAILY;BYHOUR=8,16',
  'FREQ=WEEKLY;BYDAY=MO,WE,SA',
  'FREQ=HOURLY;INTERVAL=8',
  'FREQ=HOURLY;INTERVAL=7',
  'FREQ=MONTHLY;BYDAY=-1FR,2TU',
];
const yearsAgoArb = fc
  .integer({ min: -1_200 * 96, max: -20 * 96 })
  .map((quarter) => localText(FROM + quarter * 15 * MINUTE));

/** One layer whose turns count only while a window is open, for years, with people enough to tell turns apart. */
export const activeOnlyArb: fc.Arbitrary<ScheduleInput> = fc
  .record({
    timeZone: zoneArb,
    start: yearsAgoArb,
    rrule: fc.constantFrom(...STEADY_RULES),
    handoffsPerTurn: fc.constantFrom(1, 2),
    shiftDuration: rarely(durationArb),
    restrictions: fc.array(
      fc.record({
        start: yearsAgoArb,
        duration: fc.constantFrom('30m', '8h', '40h'),
        rrule: fc.constantFrom(...STEADY_RULES),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ timeZone, restrictions, ...rotation }) => {
    const participants = ['ana', 'ben', 'chi', 'dan', 'eva', 'fay', 'gus'];
    const counted = { ...given(rotation), participants, advance: 'active-only' as const };
    return { id: 'any', timeZone, layers: [{ id: 'layer0', rotation: counted, restrictions }] };
  });

export const windowArb = fc
  .tuple(minuteArb, fc.integer({ min: 1, max: 30 * 1_440 }))
  .map(([from, minutes]) => ({ from, until: from + minutes * MINUTE }));

/** A few days of a schedule, as often as not around a change of the clocks of one of its zones. */
export type Days = { readonly at: number; readonly change: number; readonly before: number; readonly minutes: number };
export const daysArb: fc.Arbitrary<Days> = fc.record({
  at: minuteArb,
  change: fc.nat(20),
  before: fc.integer({ min: 0, max: 2_000 }),
  minutes: fc.integer({ min: 1, max: 4 * 1_440 }),
});

export function stretchOf({ timeZone, layers }: ScheduleInput, { at, change, before, minutes }: Days) {
  const zones = [...new Set([timeZone, ...layers.map((layer) => layer.timeZone ?? timeZone)])];
  const changes = zones.flatMap((zone) => changesOf(clockOf(zone), { from: FROM, until: FROM + SPAN_DAYS * DAY }));
  const near = change % 2 === 0 ? changes[Math.floor(change / 2) % Math.max(1, changes.length)] : undefined;
  const from = near === undefined ? at : near - before * MINUTE;
  return { from, until: from + minutes * MINUTE };
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}
