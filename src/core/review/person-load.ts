/**
 * Person load: what being on call asked of each person, in that person's own time.
 *
 * An interruption is one page, or several of which each came soon after the one before. It counts what came, hour by hour of the
 * wall clock, and never judges what is fair.
 */
import type { PersonLoad, PersonNumbers } from '../../model/measurement.ts';
import { DAY_MS, dayOf, HOUR_MS, modulo, weekdayOf } from '../on-call/wall-clock.ts';
import { isTimeZone, type Zone, zoneOf } from '../on-call/zone.ts';
import { type Column, column } from './column.ts';

/** How the load of people is counted. */
export type LoadOptions = {
  /** The zone of people who have none of their own. */
  readonly timeZone: string;
  readonly zoneOf: (user: string) => string | undefined;
  /** When people sleep, in ms since local midnight; over midnight when `fromMs` is the later one, never when they are equal. */
  readonly sleep: { readonly fromMs: number; readonly untilMs: number };
  /** How long after a page the next one is the same interruption. */
  readonly gapMs: number;
};

/** The load of many people from many incidents. */
export type PersonLoads = {
  add(people: readonly PersonNumbers[]): void;
  /** Ascending by user; with everybody who was on call when `onCallHours` says so. */
  loads(onCallHours?: ReadonlyMap<string, number>): readonly PersonLoad[];
};

/** Nobody so far. */
export function personLoads(options: LoadOptions): PersonLoads {
  const people = new Map<string, Sums>();
  return {
    add(numbers) {
      for (const { user, pagedAt, acknowledgements, engagedMs } of numbers) {
        const sums = people.get(user) ?? { pages: column(), acknowledgements: 0, engagedMs: 0 };
        people.set(user, sums);
        for (const at of pagedAt) sums.pages.push(at);
        sums.acknowledgements += acknowledgements;
        sums.engagedMs += engagedMs;
      }
    },
    loads(onCallHours) {
      const users = new Set([...people.keys(), ...(onCallHours?.keys() ?? [])]);
      return [...users].toSorted().map((user) => {
        const sums = people.get(user);
        const hours = onCallHours?.get(user) ?? 0;
        return {
          user,
          ...interruptionsOf(Float64Array.from(sums?.pages.values() ?? []), user, options),
          acknowledgements: sums?.acknowledgements ?? 0,
          engagedMs: sums?.engagedMs ?? 0,
          ...(onCallHours !== undefined && { onCallHours: hours }),
        };
      });
    },
  };
}

type Sums = { readonly pages: Column; acknowledgements: number; engagedMs: number };

type Interruptions = Pick<
  PersonLoad,
  'pages' | 'interruptions' | 'duringBusiness' | 'duringEvenings' | 'duringWeekends' | 'duringSleep' | 'nights'
>;

function interruptionsOf(pages: Float64Array, user: string, options: LoadOptions): Interruptions {
  const zone = zoneFor(user, options);
  const counts = { business: 0, evenings: 0, weekends: 0, sleep: 0 };
  const nights = new Set<number>();
  let interruptions = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const at of pages.sort()) {
    if (at - before > options.gapMs) {
      const wall = zone.toWall(at);
      const part = partOf(wall, options.sleep);
      interruptions += 1;
      counts[part] += 1;
      // A night belongs to the day on which it began, also after midnight.
      if (part === 'sleep') nights.add(dayOf(wall - options.sleep.fromMs));
    }
    before = at;
  }
  return {
    pages: pages.length,
    interruptions,
    duringBusiness: counts.business,
    duringEvenings: counts.evenings,
    duringWeekends: counts.weekends,
    duringSleep: counts.sleep,
    nights: nights.size,
  };
}

function zoneFor(user: string, { zoneOf: own, timeZone }: LoadOptions): Zone {
  const named = own(user);
  return zoneOf(named !== undefined && isTimeZone(named) ? named : timeZone);
}

const SATURDAY = 5;
const BUSINESS_FROM_MS = 8 * HOUR_MS;
const BUSINESS_UNTIL_MS = 18 * HOUR_MS;

function partOf(
  wall: number,
  { fromMs, untilMs }: LoadOptions['sleep'],
): 'business' | 'evenings' | 'weekends' | 'sleep' {
  const timeMs = modulo(wall, DAY_MS);
  if (modulo(timeMs - fromMs, DAY_MS) < modulo(untilMs - fromMs, DAY_MS)) return 'sleep';
  if (weekdayOf(wall) >= SATURDAY) return 'weekends';
  return timeMs >= BUSINESS_FROM_MS && timeMs < BUSINESS_UNTIL_MS ? 'business' : 'evenings';
}
