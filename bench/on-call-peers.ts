/**
 * Peers of the on-call calculator: other ways to the last occurrence before a moment, as whoever uses them would write it.
 *
 * Each makes its object once and is then only asked. Nothing here measures, and nothing here knows schedules.
 */
import { DateTime } from 'luxon';
import rrule from 'rrule';
import { RRuleTemporal } from 'rrule-temporal';
import { createRecurrence } from '../src/core/on-call/index.ts';

const { RRule } = rrule;

export const ZONE = 'America/New_York';
const START = '2015-01-05T09:00:00';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The instant of the last occurrence before `moment`, in epoch ms. */
export type Ask = (moment: Date) => number;

/** A rule, and how one would ask Luxon for it. */
export type RuleAsked = { readonly name: string; readonly rrule: string; readonly luxon: () => Ask };

/** A way to ask; `zone` is where the rule starts at 09:00. */
export type Peer = { readonly name: string; readonly zone: string; readonly askerOf: (rule: RuleAsked) => Ask };

export const RULES = {
  weekly: { name: 'WEEKLY', rrule: 'FREQ=WEEKLY', luxon: () => stepped('weeks', 7 * DAY_MS) },
  daily: { name: 'DAILY', rrule: 'FREQ=DAILY', luxon: () => stepped('days', DAY_MS) },
  hourly: { name: 'HOURLY', rrule: 'FREQ=HOURLY', luxon: () => passing(HOUR_MS) },
  fiveHourly: { name: 'HOURLY;INTERVAL=5', rrule: 'FREQ=HOURLY;INTERVAL=5', luxon: () => passing(5 * HOUR_MS) },
  firstMonday: {
    name: 'BYDAY=1MO',
    rrule: 'FREQ=MONTHLY;BYDAY=1MO',
    luxon: () => monthly((year, month) => 1 + ((8 - weekdayOf(year, month, 1)) % 7)),
  },
  lastWorkday: {
    name: 'BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    rrule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    luxon: () =>
      monthly((year, month) => {
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
        return last - Math.max(0, ((weekdayOf(year, month, last) + 6) % 7) - 4);
      }),
  },
} satisfies Readonly<Record<string, RuleAsked>>;

/** Ours; in another zone to be compared with peers that know no other. */
export function ours(rule: RuleAsked, zone = ZONE): Ask {
  const recurrence = createRecurrence({ start: START, rrule: rule.rrule, timeZone: zone });
  return (moment) => recurrence.before(moment)?.getTime() ?? Number.NaN;
}

export const RRULE: Peer = {
  name: 'rrule: one object in UTC, before(t)',
  zone: 'UTC',
  askerOf({ rrule: text }) {
    const rule = new RRule({ ...RRule.parseString(text), dtstart: new Date(`${START}Z`) });
    return (moment) => rule.before(moment)?.getTime() ?? Number.NaN;
  },
};

export const RRULE_TEMPORAL: Peer = {
  name: 'rrule-temporal: one object in New York, previous(t)',
  zone: ZONE,
  askerOf({ rrule: text }) {
    const rule = temporalRule(text);
    return (moment) => rule.previous(moment)?.epochMilliseconds ?? Number.NaN;
  },
};

export const LUXON: Peer = {
  name: 'Luxon by hand: a guess from an anchor in New York, plus()',
  zone: ZONE,
  askerOf: ({ luxon }) => luxon(),
};

/** A rule of `rrule-temporal` from its text; without a Temporal of its own the runtime gets the one in the package. */
export function temporalRule(text: string): RRuleTemporal {
  const start = START.replaceAll(/[-:]/g, '');
  return new RRuleTemporal({ rruleString: `DTSTART;TZID=${ZONE}:${start}\nRRULE:${text}` });
}

/** Days and weeks keep their hour on the wall clock, so a guess by elapsed time is early by an hour of summer time. */
function stepped(unit: 'weeks' | 'days', periodMs: number): Ask {
  const anchor = DateTime.fromISO(START, { zone: ZONE });
  const anchorAt = anchor.toMillis();
  return (moment) => {
    const before = moment.getTime();
    let step = Math.floor((before - anchorAt) / periodMs);
    let at = anchor.plus({ [unit]: step }).toMillis();
    while (at >= before) {
      step -= 1;
      at = anchor.plus({ [unit]: step }).toMillis();
    }
    if (before - at <= periodMs - HOUR_MS) return at;
    const next = anchor.plus({ [unit]: step + 1 }).toMillis();
    return next < before ? next : at;
  };
}

/** Hours in Luxon are hours that pass. */
function passing(periodMs: number): Ask {
  const anchor = DateTime.fromISO(START, { zone: ZONE });
  const anchorAt = anchor.toMillis();
  return (moment) => {
    const steps = Math.ceil((moment.getTime() - anchorAt) / periodMs) - 1;
    return anchor.plus({ hours: (steps * periodMs) / HOUR_MS }).toMillis();
  };
}

/** Once a month, on the day that `dayOf` says. */
function monthly(dayOf: (year: number, month: number) => number): Ask {
  const inMonth = (year: number, month: number) =>
    DateTime.fromObject({ year, month, day: dayOf(year, month), hour: 9 }, { zone: ZONE }).toMillis();
  return (moment) => {
    const { year, month } = DateTime.fromJSDate(moment, { zone: ZONE });
    const at = inMonth(year, month);
    if (at < moment.getTime()) return at;
    return month === 1 ? inMonth(year - 1, 12) : inMonth(year, month - 1);
  };
}

/** 0 is Sunday; months count from 1. */
function weekdayOf(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}
