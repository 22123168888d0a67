/**
 * Gates: whether a rung may be asked at a moment, and who of it.
 *
 * A gate may look at the clock of whoever would be asked; it is then judged for each of them. One that cannot be judged
 * stands open: asking somebody too many is better than asking nobody.
 */
import type { Condition, During } from '../../model/condition.ts';
import { bindWindows, windowsOf } from '../rules/bind-windows.ts';
import { type CompiledCondition, compileCondition } from '../rules/condition.ts';
import type { Fact } from '../rules/field.ts';

/** The dates of public holidays, by the id of their calendar. */
export type Calendars = ReadonlyMap<string, readonly string[]>;

/** Whose clock a gate looks at: the zone of the person, that of the schedule that named them, and their calendar. */
export type Whereabouts = {
  readonly responder: string;
  readonly schedule: string;
  readonly calendar?: string | undefined;
};

/** A gate that was compiled once, to be judged at many moments. */
export type Gate = {
  /** Whether its answer can differ from moment to moment; without a `during` inside it never does. */
  readonly isTimed: boolean;
  /** Whether its answer can differ from person to person. */
  readonly isPersonal: boolean;
  /** How many conditions it consists of, itself included. */
  readonly parts: number;
  /** Whether it is open for an incident of that fact at `at` (epoch ms), for somebody who is there when it is personal. */
  isOpen(fact: Fact, at: number, where?: Whereabouts): boolean;
};

/** Where nobody in particular is. */
export const NOWHERE: Whereabouts = { responder: 'UTC', schedule: 'UTC' };

const ALWAYS_OPEN = { isTimed: false, isPersonal: false, parts: 0, isOpen: () => true } as const;

/** Whether the gate `when` is open for an incident of that fact at `at` (epoch ms); a rung without a gate always is. */
export function isGateOpen(when: Condition | undefined, fact: Fact, at: number): boolean {
  return compileGate(when).isOpen(fact, at);
}

/** Compiles the gate `when`, with the calendars that it may name; a rung without one is always open. */
export function compileGate(when: Condition | undefined, calendars: Calendars = new Map()): Gate {
  if (when === undefined) return ALWAYS_OPEN;
  const read = orNothing(() => ({
    ...measured(when),
    isPersonal: windowsOf(when).some(({ window }) => isPersonal(window)),
  }));
  if (read === undefined) return { ...ALWAYS_OPEN, parts: 1 };
  // People in one place share what is made of it.
  const known = new Map<string, CompiledCondition | undefined>();
  const compiledFor = (where: Whereabouts) => {
    const key = read.isPersonal ? placeName(where) : '';
    if (!known.has(key))
      known.set(
        key,
        orNothing(() => compileCondition(boundGate(when, where, calendars))),
      );
    return known.get(key);
  };
  if (compiledFor(NOWHERE) === undefined && !read.isPersonal) return { ...ALWAYS_OPEN, parts: 1 };
  return {
    ...read,
    isOpen: (fact, at, where = NOWHERE) => orNothing(() => compiledFor(where)?.test(fact, at)) ?? true,
  };
}

/** Names a place: in equal ones every gate has the same answer. */
export function placeName({ responder, schedule, calendar }: Whereabouts): string {
  return JSON.stringify([responder, schedule, calendar]);
}

/**
 * The gate as it is for somebody there: with zones and dates instead of what stands for them. Whoever has no calendar has
 * no holidays.
 *
 * @throws Error when there is no calendar of a name; then it cannot be judged.
 */
export function boundGate(when: Condition, where: Whereabouts, calendars: Calendars): Condition {
  return bindWindows(when, (window) => bound(window, where, calendars));
}

function bound(window: During, where: Whereabouts, calendars: Calendars): During {
  const { timeZone } = window;
  const zone = timeZone === 'responder' || timeZone === 'schedule' ? where[timeZone] : timeZone;
  if ('rrule' in window) return { ...window, timeZone: zone };
  const { holidays } = window;
  if (holidays === undefined || !('calendar' in holidays)) return { ...window, timeZone: zone };
  const dates = datesOf(holidays.calendar === 'responder' ? where.calendar : holidays.calendar, calendars);
  return { ...window, timeZone: zone, holidays: { dates: [...dates], are: holidays.are } };
}

function datesOf(calendar: string | undefined, calendars: Calendars): readonly string[] {
  if (calendar === undefined) return [];
  const dates = calendars.get(calendar);
  if (dates === undefined) throw new Error(`there is no calendar ${calendar}`);
  return dates;
}

function isPersonal(window: During): boolean {
  if (window.timeZone === 'responder' || window.timeZone === 'schedule') return true;
  const holidays = 'rrule' in window ? undefined : window.holidays;
  return holidays !== undefined && 'calendar' in holidays && holidays.calendar === 'responder';
}

/** What a condition that compiles consists of. */
function measured(condition: Condition): Pick<Gate, 'isTimed' | 'parts'> {
  if (typeof condition === 'string') return { isTimed: false, parts: 1 };
  const inner =
    'all' in condition ? condition.all : 'any' in condition ? condition.any : 'not' in condition ? [condition.not] : [];
  const parts = inner.map(measured);
  return {
    isTimed: ('op' in condition && condition.op === 'during') || parts.some(({ isTimed }) => isTimed),
    parts: parts.reduce((sum, part) => sum + part.parts, 1),
  };
}

function orNothing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
