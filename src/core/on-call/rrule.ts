/**
 * Recurrence rules as text: reads RFC 5545 RRULE into a value and says precisely what it cannot read.
 *
 * Never computes an occurrence; see recurrence.ts.
 */
import rrule, { type ByWeekday } from 'rrule';
import { parseWall, type Wall, WEEKDAYS } from './wall-clock.ts';

const { RRule } = rrule;

/** A recurrence rule that was understood. */
export type Rule = {
  readonly freq: 'DAILY' | 'WEEKLY';
  readonly interval: number;
  /** Weekdays, 0 is Monday; `undefined` when the rule names none. */
  readonly byDay: readonly number[] | undefined;
  /** The weekday on which a week begins, 0 is Monday. */
  readonly weekStart: number;
  readonly count: number | undefined;
  readonly until: Until | undefined;
};

/** The last moment at which a rule may occur: a local time or an instant in epoch ms, both inclusive. */
export type Until = { readonly wall: Wall } | { readonly at: number };

/** A rule, or why the text is none. */
export type ParsedRule = { readonly rule: Rule } | { readonly problem: string };

const SUPPORTED = 'Supported: FREQ=DAILY or WEEKLY with INTERVAL, BYDAY, WKST, COUNT and UNTIL.';
const LATER_FREQ = ['SECONDLY', 'MINUTELY', 'HOURLY', 'MONTHLY', 'YEARLY'];
const LATER_PARTS = ['BYSECOND', 'BYMINUTE', 'BYHOUR', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH', 'BYSETPOS'];
const PARTS = ['FREQ', 'INTERVAL', 'BYDAY', 'WKST', 'COUNT', 'UNTIL'];
const MAX_INTERVAL = 10_000;
const MAX_COUNT = 1_000_000_000;
const UNTIL = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/;

/** Reads `text`, such as `FREQ=WEEKLY;BYDAY=MO,WE`. A leading `RRULE:` and lower case are fine. */
export function parseRule(text: string): ParsedRule {
  const parts = new Map<string, string>();
  const bare = text.toUpperCase().replace(/^RRULE:/, '');
  for (const part of bare.split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (value === '' || rest.length > 0) return { problem: `cannot read ${JSON.stringify(part)}: write NAME=VALUE` };
    if (parts.has(name)) return { problem: `${name} is written twice` };
    parts.set(name, value);
  }
  const problem = findProblem(parts);
  return problem === undefined ? { rule: toRule(bare, parts) } : { problem };
}

type Parts = ReadonlyMap<string, string>;

function findProblem(parts: Parts): string | undefined {
  for (const name of parts.keys()) {
    if (LATER_PARTS.includes(name)) return `${name} is not supported yet. ${SUPPORTED}`;
    if (!PARTS.includes(name)) return `${name} is not a part of a recurrence rule. ${SUPPORTED}`;
  }
  const freq = parts.get('FREQ');
  if (freq === undefined) return `FREQ is missing. ${SUPPORTED}`;
  if (LATER_FREQ.includes(freq)) return `FREQ=${freq} is not supported yet. ${SUPPORTED}`;
  if (freq !== 'DAILY' && freq !== 'WEEKLY') return `FREQ=${freq} is no frequency. ${SUPPORTED}`;
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'COUNT and UNTIL exclude each other: keep one of them';
  return (
    numberProblem(parts, 'INTERVAL', MAX_INTERVAL) ??
    numberProblem(parts, 'COUNT', MAX_COUNT) ??
    dayProblem(parts) ??
    untilProblem(parts)
  );
}

function numberProblem(parts: Parts, name: string, max: number): string | undefined {
  const value = parts.get(name);
  if (value === undefined) return undefined;
  const isFine = /^\d{1,10}$/.test(value) && Number(value) >= 1 && Number(value) <= max;
  return isFine ? undefined : `${name}=${value} is not a whole number from 1 to ${max}`;
}

function dayProblem(parts: Parts): string | undefined {
  const weekStart = parts.get('WKST');
  if (weekStart !== undefined && weekdayNumber(weekStart) < 0) return `WKST=${weekStart} is no weekday: use MO to SU`;
  for (const day of parts.get('BYDAY')?.split(',') ?? []) {
    if (/^[+-]?\d+[A-Z]{2}$/.test(day)) return `BYDAY=${day} with an ordinal is not supported yet. ${SUPPORTED}`;
    if (weekdayNumber(day) < 0) return `BYDAY=${day} is no weekday: use MO to SU`;
  }
  return undefined;
}

function untilProblem(parts: Parts): string | undefined {
  const until = parts.get('UNTIL');
  if (until === undefined || toUntil(until) !== undefined) return undefined;
  return `UNTIL=${until} is no time: write 20261231, 20261231T090000 or 20261231T140000Z`;
}

/** The library reads what the checks above have let through; UNTIL is ours, because it takes a local time for UTC. */
function toRule(text: string, parts: Parts): Rule {
  const { freq, interval = 1, byweekday, wkst, count } = RRule.parseString(text);
  const days = byweekday === null || byweekday === undefined ? undefined : [byweekday].flat();
  return {
    freq: freq === RRule.DAILY ? 'DAILY' : 'WEEKLY',
    interval,
    byDay: days?.map(dayNumber),
    weekStart: wkst === null || wkst === undefined ? 0 : dayNumber(wkst),
    count: count ?? undefined,
    until: toUntil(parts.get('UNTIL') ?? ''),
  };
}

/** The library names a weekday by its number, by its letters, or by an object that holds the number. */
function dayNumber(day: ByWeekday): number {
  if (typeof day === 'object') return day.weekday;
  return typeof day === 'number' ? day : weekdayNumber(day);
}

function weekdayNumber(day: string): number {
  return WEEKDAYS.indexOf(day);
}

/** A bare date means until the end of that day, because whoever writes one means the whole day. */
function toUntil(text: string): Until | undefined {
  const [, year, month, day, hours = '23', minutes = '59', seconds = '59', zulu] = UNTIL.exec(text) ?? [];
  const wall = parseWall(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}`);
  if (wall === undefined) return undefined;
  return zulu === 'Z' ? { at: wall } : { wall };
}
