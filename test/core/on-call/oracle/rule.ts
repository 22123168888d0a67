/**
 * The oracle's rules: which local times a recurrence rule names, found by walking every day and every time of day.
 *
 * Written from the text of RFC 5545 3.3.10 alone and as slow as it likes to be. It shares nothing with src/core/on-call.
 */
import { type Clock, DAY, HOUR, MINUTE } from './clock.ts';

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** The parts of a rule, by name. */
export type Parts = ReadonlyMap<string, string>;

export function partsOf(rrule: string): Parts {
  return new Map(
    rrule.split(';').map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']),
  );
}

export function numbersIn(parts: Parts, name: string): readonly number[] | undefined {
  return parts.get(name)?.split(',').map(Number);
}

/** Everything that a rule may ask about a day. */
type Day = {
  readonly number: number;
  readonly year: number;
  readonly month: number;
  readonly monthDay: number;
  readonly yearDay: number;
  readonly weekday: number;
  readonly monthLength: number;
  readonly yearLength: number;
};

function dayOf(local: number): Day {
  const number = Math.floor(local / DAY);
  const date = new Date(number * DAY);
  const [year, month, monthDay] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const isLeap = year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0);
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const before = lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0);
  return {
    number,
    year,
    month,
    monthDay,
    yearDay: before + monthDay,
    // 1970-01-01 was a Thursday.
    weekday: (((number + 3) % 7) + 7) % 7,
    monthLength: lengths[month - 1] ?? 0,
    yearLength: isLeap ? 366 : 365,
  };
}

/** The week of a day: the year that it is numbered in, its number, and how many that year has. */
function weekOf(day: Day, wkst: number) {
  const first = day.number - ((day.weekday - wkst + 7) % 7);
  // Week 1 has at least four days in the new year: a week belongs to the year of its fourth day.
  const { year, yearDay } = dayOf((first + 3) * DAY);
  const last = dayOf(Date.UTC(year, 11, 28));
  const lastFourth = dayOf((last.number - ((last.weekday - wkst + 7) % 7) + 3) * DAY);
  return { first, year, number: Math.ceil(yearDay / 7), count: Math.ceil(lastFourth.yearDay / 7) };
}

const isNamed = (list: readonly number[] | undefined, fromStart: number, length: number) =>
  list === undefined || list.includes(fromStart) || list.includes(fromStart - length - 1);

/** Whether the day parts of a rule name a day. */
function isDay(day: Day, start: Day, parts: Parts): boolean {
  const freq = parts.get('FREQ') ?? '';
  const wkst = WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO');
  const isBare = !['BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO'].some((name) => parts.has(name));
  if (!(numbersIn(parts, 'BYMONTH')?.includes(day.month) ?? true)) return false;
  if (!isNamed(numbersIn(parts, 'BYYEARDAY'), day.yearDay, day.yearLength)) return false;
  if (!isNamed(numbersIn(parts, 'BYMONTHDAY'), day.monthDay, day.monthLength)) return false;
  if (parts.has('BYWEEKNO')) {
    const week = weekOf(day, wkst);
    if (!isNamed(numbersIn(parts, 'BYWEEKNO'), week.number, week.count)) return false;
    const isWeekday = ['BYDAY', 'BYMONTHDAY', 'BYYEARDAY'].some((name) => parts.has(name));
    if (!isWeekday && day.weekday !== start.weekday) return false;
  }
  // What a rule leaves out is taken from its start.
  if (isBare && freq === 'WEEKLY' && day.weekday !== start.weekday) return false;
  if (isBare && (freq === 'MONTHLY' || freq === 'YEARLY') && day.monthDay !== start.monthDay) return false;
  if (isBare && freq === 'YEARLY' && !parts.has('BYMONTH') && day.month !== start.month) return false;
  const byDay = parts.get('BYDAY')?.split(',');
  return byDay === undefined || byDay.some((text) => isWeekdayOf(text, day, parts));
}

/** Whether `text`, such as `MO` or `-1FR`, names a day: of the month, or of the year when a YEARLY rule has no months. */
function isWeekdayOf(text: string, day: Day, parts: Parts): boolean {
  if (WEEKDAYS.indexOf(text.slice(-2)) !== day.weekday) return false;
  if (text.length === 2) return true;
  const nth = Number(text.slice(0, -2));
  const isOfMonth = parts.get('FREQ') === 'MONTHLY' || parts.has('BYMONTH');
  const [place, length] = isOfMonth ? [day.monthDay, day.monthLength] : [day.yearDay, day.yearLength];
  const fromStart = Math.ceil(place / 7);
  const fromEnd = Math.ceil((length - place + 1) / 7);
  return nth > 0 ? fromStart === nth : fromEnd === -nth;
}

/** The number of the period (year, month, week, day or hour) that a time lies in. */
function periodOf(local: number, parts: Parts): number {
  const day = dayOf(local);
  switch (parts.get('FREQ')) {
    case 'YEARLY':
      return parts.has('BYWEEKNO') ? weekOf(day, WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO')).year : day.year;
    case 'MONTHLY':
      return day.year * 12 + day.month;
    case 'WEEKLY':
      return Math.floor(weekOf(day, WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO')).first / 7);
    case 'DAILY':
      return day.number;
    default:
      return Math.floor(local / HOUR);
  }
}

/** The times within an hour, or the hours, that a rule names; `own` is that of its start. */
function listed(parts: Parts, name: string, own: number): readonly number[] {
  return numbersIn(parts, name) ?? [own];
}

/** The minutes and seconds of an hour, in ms. */
function timesOfHour(start: number, parts: Parts): readonly number[] {
  const inHour = ((start % HOUR) + HOUR) % HOUR;
  const seconds = listed(parts, 'BYSECOND', (inHour % MINUTE) / 1_000).map((second) => Math.min(59, second));
  const minutes = listed(parts, 'BYMINUTE', Math.floor(inHour / MINUTE));
  return minutes.flatMap((minute) => seconds.map((second) => minute * MINUTE + second * 1_000));
}

/** Those of a complete set that BYSETPOS chooses, ascending, each once. */
function chosen(set: readonly number[], parts: Parts): readonly number[] {
  const all = [...new Set(set)].toSorted((a, b) => a - b);
  const positions = numbersIn(parts, 'BYSETPOS');
  return positions === undefined ? all : all.filter((_, index) => isNamed(positions, index + 1, all.length));
}

/** How many days a period has at most; a year of weeks may begin and end some days elsewhere. */
const LONGEST: Readonly<Record<string, number>> = { HOURLY: 1, DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 380 };

/** All local times before `end` that a rule names from `start` on, without COUNT and UNTIL. */
export function walkRule(rrule: string, { start, end }: { readonly start: number; readonly end: number }): number[] {
  const parts = partsOf(rrule);
  const interval = Number(parts.get('INTERVAL') ?? 1);
  const startDay = dayOf(start);
  const everyHour = Array.from({ length: 24 }, (_, hour) => hour);
  const ownHours = parts.get('FREQ') === 'HOURLY' ? everyHour : [Math.floor((start - startDay.number * DAY) / HOUR)];
  const times = (numbersIn(parts, 'BYHOUR') ?? ownHours).flatMap((hour) =>
    timesOfHour(start, parts).map((time) => hour * HOUR + time),
  );
  const periods = new Map<number, number[]>();
  // The first and the last period must be complete.
  const margin = LONGEST[parts.get('FREQ') ?? ''] ?? 0;
  for (let day = startDay.number - margin; day * DAY < end + margin * DAY; day += 1) {
    if (!isDay(dayOf(day * DAY), startDay, parts)) continue;
    for (const time of times) {
      const period = periodOf(day * DAY + time, parts);
      const set = periods.get(period);
      if (set === undefined) periods.set(period, [day * DAY + time]);
      else set.push(day * DAY + time);
    }
  }
  const first = periodOf(start, parts);
  return [...periods]
    .filter(([period]) => period >= first && (period - first) % interval === 0)
    .flatMap(([, set]) => chosen(set, parts))
    .filter((local) => local >= start && local < end)
    .toSorted((a, b) => a - b);
}

/** The same in instants, for an HOURLY rule that counts hours as they pass. */
export function walkHours(
  rrule: string,
  clock: Clock,
  { start, end }: { readonly start: number; readonly end: number },
): number[] {
  const parts = partsOf(rrule);
  const times = chosen(timesOfHour(start, parts), parts);
  const hours = numbersIn(parts, 'BYHOUR');
  const startAt = clock.toInstant(start);
  const endAt = clock.toInstant(end);
  const found: number[] = [];
  const step = Number(parts.get('INTERVAL')) * HOUR;
  for (let hour = startAt - (((start % HOUR) + HOUR) % HOUR); hour < endAt; hour += step) {
    const local = clock.toLocal(hour);
    const day = dayOf(local);
    const isHour = hours?.includes(Math.floor((local - day.number * DAY) / HOUR)) ?? true;
    if (isHour && isDay(day, day, parts)) found.push(...times.map((time) => hour + time));
  }
  return found.filter((at) => at >= startAt && at < endAt);
}
