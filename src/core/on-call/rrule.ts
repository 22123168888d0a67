/**
 * Recurrence rules as text: reads RFC 5545 RRULE into a value and says precisely what it cannot read.
 *
 * Never computes an occurrence; see recurrence.ts.
 */
import { ascending, parseWall, type Wall, WEEKDAYS } from './wall-clock.ts';

/** How often a rule steps. */
export type Frequency = (typeof FREQUENCIES)[number];

/** A weekday (0 is Monday), every one of them or only the `nth` of the month or year; -1 is the last. */
export type RuleDay = { readonly weekday: number; readonly nth: number | undefined };

/** A recurrence rule that was understood. A part that the text leaves out is `undefined`; lists are ascending. */
export type Rule = {
  readonly freq: Frequency;
  readonly interval: number;
  readonly byMonth: readonly number[] | undefined;
  readonly byWeekNo: readonly number[] | undefined;
  readonly byYearDay: readonly number[] | undefined;
  readonly byMonthDay: readonly number[] | undefined;
  readonly byDay: readonly RuleDay[] | undefined;
  readonly byHour: readonly number[] | undefined;
  readonly byMinute: readonly number[] | undefined;
  readonly bySecond: readonly number[] | undefined;
  readonly bySetPos: readonly number[] | undefined;
  /** The weekday on which a week begins, 0 is Monday. */
  readonly weekStart: number;
  readonly count: number | undefined;
  readonly until: Until | undefined;
};

/** The last moment at which a rule may occur: a local time or an instant in epoch ms, both inclusive. */
export type Until = { readonly wall: Wall } | { readonly at: number };

/** A rule, or why the text is none. */
export type ParsedRule = { readonly rule: Rule } | { readonly problem: string };

const FREQUENCIES = ['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const TOO_OFTEN = ['SECONDLY', 'MINUTELY'];
/** The bounds of the parts that are lists of numbers; signed ones count from the end as well. */
const LISTS = {
  BYMONTH: { min: 1, max: 12, isSigned: false },
  BYWEEKNO: { min: 1, max: 53, isSigned: true },
  BYYEARDAY: { min: 1, max: 366, isSigned: true },
  BYMONTHDAY: { min: 1, max: 31, isSigned: true },
  BYHOUR: { min: 0, max: 23, isSigned: false },
  BYMINUTE: { min: 0, max: 59, isSigned: false },
  BYSECOND: { min: 0, max: 60, isSigned: false },
  BYSETPOS: { min: 1, max: 366, isSigned: true },
} as const;
type ListName = keyof typeof LISTS;
const PARTS = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYDAY', ...Object.keys(LISTS)];

const MAX_LENGTH = 1_000;
const MAX_INTERVAL = 10_000;
const MAX_COUNT = 1_000_000_000;
/** Once a minute. */
const MAX_TIMES_A_DAY = 1_440;
const MAX_NTH = 53;
const DAY = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/;
const UNTIL = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/;

/**
 * Reads `text`, such as `FREQ=MONTHLY;BYDAY=-1FR`. A leading `RRULE:` and lower case are fine.
 *
 * @see RFC 5545 3.3.10
 */
export function parseRule(text: string): ParsedRule {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const rule = parse(text);
  if (parsed.size >= KEPT_RULES) parsed.clear();
  parsed.set(text, rule);
  return rule;
}

// Most schedules hand over by one of a few rules.
const parsed = new Map<string, ParsedRule>();
const KEPT_RULES = 500;

function parse(text: string): ParsedRule {
  if (text.length > MAX_LENGTH) return { problem: `the rule has ${text.length} characters; ${MAX_LENGTH} is the most` };
  const parts = new Map<string, string>();
  const bare = text.toUpperCase().replace(/^RRULE:/, '');
  for (const part of bare.split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (value === '' || rest.length > 0) return { problem: `cannot read ${JSON.stringify(part)}: write NAME=VALUE` };
    if (parts.has(name)) return { problem: `${name} is written twice` };
    parts.set(name, value);
  }
  const problem = shapeProblem(parts) ?? combinationProblem(parts);
  return problem === undefined ? { rule: toRule(parts) } : { problem };
}

type Parts = ReadonlyMap<string, string>;

/** What is wrong with one part by itself. */
function shapeProblem(parts: Parts): string | undefined {
  for (const name of parts.keys()) {
    if (!PARTS.includes(name)) return `${name} is not a part of a recurrence rule. There are: ${PARTS.join(', ')}`;
  }
  const freq = parts.get('FREQ');
  const known = `use one of ${FREQUENCIES.join(', ')}`;
  if (freq === undefined) return `FREQ is missing: ${known}`;
  if (TOO_OFTEN.includes(freq)) return `FREQ=${freq} is more often than anybody can hand over: ${known}`;
  if (!isFrequency(freq)) return `FREQ=${freq} is no frequency: ${known}`;
  return (
    numberProblem(parts, 'INTERVAL', MAX_INTERVAL) ??
    numberProblem(parts, 'COUNT', MAX_COUNT) ??
    dayProblem(parts) ??
    listProblem(parts) ??
    untilProblem(parts)
  );
}

function isFrequency(text: string): text is Frequency {
  return FREQUENCIES.some((freq) => freq === text);
}

function numberProblem(parts: Parts, name: string, max: number): string | undefined {
  const value = parts.get(name);
  if (value === undefined) return undefined;
  const isFine = /^\d{1,10}$/.test(value) && Number(value) >= 1 && Number(value) <= max;
  return isFine ? undefined : `${name}=${value} is not a whole number from 1 to ${max}`;
}

function dayProblem(parts: Parts): string | undefined {
  const weekStart = parts.get('WKST');
  if (weekStart !== undefined && WEEKDAYS.indexOf(weekStart) < 0)
    return `WKST=${weekStart} is no weekday: use MO to SU`;
  for (const day of parts.get('BYDAY')?.split(',') ?? []) {
    const [, nth] = DAY.exec(day) ?? [undefined, '0'];
    const isFine = nth === undefined || (Number(nth) !== 0 && Math.abs(Number(nth)) <= MAX_NTH);
    if (!isFine) return `BYDAY=${day} is no weekday: use MO to SU, or 1MO to ${MAX_NTH}SU and -1MO to -${MAX_NTH}SU`;
  }
  return undefined;
}

function listProblem(parts: Parts): string | undefined {
  for (const [name, { min, max, isSigned }] of Object.entries(LISTS)) {
    for (const item of parts.get(name)?.split(',') ?? []) {
      const size = Number(isSigned ? item.replace(/^[+-]/, '') : item);
      if (!/^[+-]?\d{1,3}$/.test(item) || !(size >= min && size <= max))
        return `${name}=${item} is not a whole number from ${min} to ${max}${isSigned ? ` or from -${max} to -${min}` : ''}`;
    }
  }
  return undefined;
}

function untilProblem(parts: Parts): string | undefined {
  const until = parts.get('UNTIL');
  if (until === undefined || toUntil(until) !== undefined) return undefined;
  return `UNTIL=${until} is no time: write 20261231, 20261231T090000 or 20261231T140000Z`;
}

/** What is wrong with parts that do not go together, by the table of RFC 5545 3.3.10. */
function combinationProblem(parts: Parts): string | undefined {
  const freq = parts.get('FREQ') ?? '';
  const forbidden = (name: string, freqs: readonly string[]) => parts.has(name) && freqs.includes(freq);
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'COUNT and UNTIL exclude each other: keep one of them';
  if (forbidden('BYWEEKNO', ['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY']))
    return `BYWEEKNO goes with FREQ=YEARLY only, not with ${freq}`;
  if (forbidden('BYYEARDAY', ['DAILY', 'WEEKLY', 'MONTHLY']))
    return `BYYEARDAY goes with FREQ=HOURLY or YEARLY only, not with ${freq}`;
  if (forbidden('BYMONTHDAY', ['WEEKLY'])) return 'BYMONTHDAY does not go with FREQ=WEEKLY';
  const hasOrdinal = /\d/.test(parts.get('BYDAY') ?? '');
  if (hasOrdinal && freq !== 'MONTHLY' && freq !== 'YEARLY')
    return `BYDAY=${parts.get('BYDAY')} counts weekdays of a month or year: that goes with FREQ=MONTHLY or YEARLY only`;
  if (hasOrdinal && parts.has('BYWEEKNO')) return 'BYDAY with numbers does not go with BYWEEKNO';
  if (parts.has('BYSETPOS') && ![...parts.keys()].some((name) => /^BY(?!SETPOS)/.test(name)))
    return 'BYSETPOS chooses among what another BY part lists: add one, such as BYDAY';
  const size = (name: string, alone: number) => parts.get(name)?.split(',').length ?? alone;
  const times = size('BYHOUR', freq === 'HOURLY' ? 24 : 1) * size('BYMINUTE', 1) * size('BYSECOND', 1);
  return times > MAX_TIMES_A_DAY ? `the rule names ${times} times a day; ${MAX_TIMES_A_DAY} is the most` : undefined;
}

function toRule(parts: Parts): Rule {
  const freq = parts.get('FREQ') ?? '';
  const count = parts.get('COUNT');
  const seconds = listOf(parts, 'BYSECOND');
  return {
    freq: isFrequency(freq) ? freq : 'DAILY',
    interval: Number(parts.get('INTERVAL') ?? 1),
    byMonth: listOf(parts, 'BYMONTH'),
    byWeekNo: listOf(parts, 'BYWEEKNO'),
    byYearDay: listOf(parts, 'BYYEARDAY'),
    byMonthDay: listOf(parts, 'BYMONTHDAY'),
    byDay: parts.get('BYDAY')?.split(',').map(toDay),
    byHour: listOf(parts, 'BYHOUR'),
    byMinute: listOf(parts, 'BYMINUTE'),
    // Without leap seconds the second 60 is the second 59: RFC 5545 3.3.12.
    bySecond: seconds === undefined ? undefined : ascending(seconds.map((second) => Math.min(second, 59))),
    bySetPos: listOf(parts, 'BYSETPOS'),
    weekStart: Math.max(0, WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO')),
    count: count === undefined ? undefined : Number(count),
    until: toUntil(parts.get('UNTIL') ?? ''),
  };
}

function listOf(parts: Parts, name: ListName): readonly number[] | undefined {
  const text = parts.get(name);
  return text === undefined ? undefined : ascending(text.split(',').map(Number));
}

function toDay(text: string): RuleDay {
  const [, nth, day = ''] = DAY.exec(text) ?? [];
  return { weekday: WEEKDAYS.indexOf(day), nth: nth === undefined ? undefined : Number(nth) };
}

/** A bare date means until the end of that day, because whoever writes one means the whole day. */
function toUntil(text: string): Until | undefined {
  const [, year, month, day, hours = '23', minutes = '59', seconds = '59', zulu] = UNTIL.exec(text) ?? [];
  const wall = parseWall(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}`);
  if (wall === undefined) return undefined;
  return zulu === 'Z' ? { at: wall } : { wall };
}
