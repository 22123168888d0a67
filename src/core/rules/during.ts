/**
 * During: whether a moment lies in a recurring window of local time.
 *
 * Pure: the moment is an argument, and the zone of the machine is never looked at.
 */
import { IANAZone } from 'luxon';
import { dayOf } from '../on-call/wall-clock.ts';
import { zoneOf } from '../on-call/zone.ts';
import { compileHolidays } from './holidays.ts';
import { compileRecurringWindow } from './recurring-window.ts';
import { below, quote, ruleInvalid } from './rule-invalid.ts';

/** A compiled window. */
export type DuringTest = {
  /** Whether epoch ms `at` lies in the window. */
  readonly holds: (at: number) => boolean;
  /** The local time of `at` for people: `MO 09:30`. */
  readonly localTime: (at: number) => string;
};

/** 0 is Sunday; -1 when there is no such moment. */
type LocalMinute = { readonly weekday: number; readonly minute: number };

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const ENGLISH = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const CLOCK_KEYS = ['weekdays', 'from', 'until', 'holidays'] as const;
const RULE_KEYS = ['start', 'rrule', 'duration'] as const;
const CLOCK = /^(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))$/;
const DAY_MINUTES = 1_440;
const MAX_ZONES = 1_000;
const LAST_AT = 8.64e15;
const NO_MOMENT: LocalMinute = { weekday: -1, minute: 0 };

/**
 * Compiles `{ timeZone, weekdays?, from?, until?, holidays? }` or `{ timeZone, start, rrule, duration }`.
 *
 * `from` (default 00:00) is included, `until` (default 24:00) is not. When `until` comes before `from` the window runs over midnight and
 * belongs to the weekday on which it began. Clock times are those of the wall: an hour that the clocks skip is not there,
 * an hour that they repeat counts twice. Whether a moment is on a holiday is said by the local date of that moment. Windows by a rule are told about at `compileRecurringWindow`. A moment that is no time of any
 * calendar lies in no window.
 *
 * @throws TocsinError RULE_INVALID when the zone is unknown, a part is none or missing, the two forms are mixed, or the window is empty.
 */
export function compileDuring(value: unknown, path: string): DuringTest {
  const window = readWindow(value, path);
  const timeZone = readZone(window.timeZone, below(path, 'timeZone'));
  const localMinute = localMinutes(timeZone);
  return {
    holds: RULE_KEYS.some((key) => window[key] !== undefined)
      ? compileRecurringWindow(window, path)
      : onDays(compileClockWindow(window, localMinute, path), { window, timeZone, path }),
    localTime: (at) => {
      const { weekday, minute } = localMinute(at);
      return weekday < 0
        ? 'no time'
        : `${WEEKDAYS[weekday]} ${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
    },
  };
}

type Window = Readonly<Record<'timeZone' | (typeof CLOCK_KEYS)[number] | (typeof RULE_KEYS)[number], unknown>>;

function readWindow(value: unknown, path: string): Window {
  const advice = "Write { timeZone: 'Europe/Berlin', weekdays: ['MO'], from: '09:00', until: '17:00' }.";
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw ruleInvalid(path, `found ${quote(value)}`, advice);
  const given = new Map<string, unknown>(Object.entries(value).filter(([, part]) => part !== undefined));
  const known: readonly string[] = ['timeZone', ...CLOCK_KEYS, ...RULE_KEYS];
  for (const key of given.keys()) if (!known.includes(key)) throw ruleInvalid(path, `${quote(key)} is unknown`, advice);
  const clock = CLOCK_KEYS.find((key) => given.has(key));
  const rule = RULE_KEYS.find((key) => given.has(key));
  if (clock !== undefined && rule !== undefined) {
    const choice =
      'Write either weekdays, from and until, or start, rrule and duration; join two windows with { all: [...] }.';
    throw ruleInvalid(below(path, clock), `'${clock}' does not go together with '${rule}'`, choice);
  }
  const [timeZone, weekdays, from] = [given.get('timeZone'), given.get('weekdays'), given.get('from')];
  const [until, start, rrule] = [given.get('until'), given.get('start'), given.get('rrule')];
  const [duration, holidays] = [given.get('duration'), given.get('holidays')];
  return { timeZone, weekdays, from, until, start, rrule, duration, holidays };
}

type Dated = { readonly window: Window; readonly timeZone: string; readonly path: string };

/** The window on those days only that its holidays leave. */
function onDays(isWithin: (at: number) => boolean, { window, timeZone, path }: Dated): (at: number) => boolean {
  if (window.holidays === undefined) return isWithin;
  const mayCount = compileHolidays(window.holidays, below(path, 'holidays'));
  const zone = zoneOf(timeZone);
  return (at) => isWithin(at) && mayCount(dayOf(zone.toWall(at)));
}

function compileClockWindow(window: Window, localMinute: LocalMinuteOf, path: string): (at: number) => boolean {
  const from = readClock(window.from, 0, below(path, 'from'));
  const until = readClock(window.until, DAY_MINUTES, below(path, 'until'));
  if (from === until || from === DAY_MINUTES) {
    throw ruleInvalid(path, 'the window is empty', 'Let `until` differ from `from`; leave both out for whole days.');
  }
  const weekdays = readWeekdays(window.weekdays, below(path, 'weekdays'));
  return (at) => {
    const { weekday, minute } = localMinute(at);
    if (weekday < 0) return false;
    if (from < until) return weekdays.has(weekday) && minute >= from && minute < until;
    return minute >= from ? weekdays.has(weekday) : minute < until && weekdays.has((weekday + 6) % 7);
  };
}

function readZone(zone: unknown, path: string): string {
  if (typeof zone === 'string' && IANAZone.isValidZone(zone)) return zone;
  if (zone === 'responder' || zone === 'schedule')
    throw ruleInvalid(
      path,
      `${quote(zone)} means a zone in the gate of a step (\`when\`) only`,
      'Name an IANA time zone.',
    );
  throw ruleInvalid(path, `${quote(zone)} is no time zone`, "Name an IANA time zone, such as 'America/New_York'.");
}

function readClock(text: unknown, absent: number, path: string): number {
  if (text === undefined) return absent;
  const match = typeof text === 'string' ? CLOCK.exec(text) : null;
  if (!match) throw ruleInvalid(path, `found ${quote(text)}`, "Write a time of day such as '09:00'.");
  return Number(match[1] ?? match[3]) * 60 + Number(match[2] ?? match[4]);
}

function readWeekdays(days: unknown, path: string): ReadonlySet<number> {
  const names: readonly string[] = days === undefined ? WEEKDAYS : Array.isArray(days) ? days : [];
  const numbers = names.map((name) => WEEKDAYS.indexOf(name));
  if (numbers.length > 0 && !numbers.includes(-1)) return new Set(numbers);
  throw ruleInvalid(path, `found ${quote(days)}`, "Give a list of weekdays such as ['MO', 'TU'].");
}

type LocalMinuteOf = (at: number) => LocalMinute;
const zones = new Map<string, LocalMinuteOf>();

// A formatter costs thousands of times what it formats; a zone has one, however many rules name it.
function localMinutes(timeZone: string): LocalMinuteOf {
  const known = zones.get(timeZone);
  if (known) return known;
  const fresh = remembered(readingOf(timeZone));
  if (zones.size >= MAX_ZONES) zones.clear();
  zones.set(timeZone, fresh);
  return fresh;
}

// All the rules of one decision ask about the same moment.
function remembered(read: LocalMinuteOf): LocalMinuteOf {
  let lastAt = Number.NaN;
  let last: LocalMinute = { weekday: 0, minute: 0 };
  return (at) => {
    if (at !== lastAt) {
      last = read(at);
      lastAt = at;
    }
    return last;
  };
}

function readingOf(timeZone: string): LocalMinuteOf {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (at) => {
    if (!(Math.abs(at) <= LAST_AT)) return NO_MOMENT;
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return { weekday: ENGLISH.indexOf(part.weekday ?? ''), minute: Number(part.hour) * 60 + Number(part.minute) };
  };
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}
