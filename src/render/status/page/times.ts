/**
 * Times on a status page: moments, spans and lengths in the zone and the words of the page.
 *
 * It never asks the clock, the zone or the locale of the process, and never fails: a zone that nobody knows is UTC.
 */
import { DateTime } from 'luxon';
import { clockOf, DAY_MS, offsetText, rememberedOffsets } from '../../local-clock.ts';
import type { Words } from './words.ts';

/** How a page tells time. */
export type Times = {
  readonly zone: string;
  /** `+01:00` */
  offset(at: number): string;
  /** `29 Nov 2026, 14:58` */
  moment(at: number): string;
  /** `29 Nov, 14:58` */
  short(at: number): string;
  /** `14:58` on the day of `other`, otherwise with the date. */
  beside(at: number, other: number): string;
  /** `29 Nov, 14:58 – 16:10` */
  span(from: number, until: number): string;
  /** `2026-11` */
  monthOf(at: number): string;
  /** `November 2026` */
  monthTitle(month: string): string;
  /** `12 Nov` of `2026-11-12`. */
  date(iso: string): string;
  /** `1 h 34 min` */
  length(ms: number): string;
  /** For machines: `2026-11-29T13:58Z`. */
  machine(at: number): string;
};

// The years 1 to 9999: whatever lies outside is no moment that anybody meant.
const FIRST = -62_104_060_800_000;
const LAST = Date.UTC(9999, 11, 30);
const HOUR_MIN = 60;
const DAY_MIN = 24 * HOUR_MIN;

/** The times of a page in that zone. */
export function timesOf(timeZone: string, words: Words): Times {
  const zone = zoneOf(timeZone);
  const offsetAt = rememberedOffsets(clockOf(zone));
  const wallAt = (at: number) => new Date(sane(at) + offsetAt(sane(at)));
  const dayOf = (wall: Date) => ({
    day: wall.getUTCDate(),
    month: wall.getUTCMonth() + 1,
    year: wall.getUTCFullYear(),
  });
  const clock = (wall: Date) => `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
  const short = (at: number) => {
    const wall = wallAt(at);
    return `${words.date(dayOf(wall))}, ${clock(wall)}`;
  };
  const beside = (at: number, other: number) => {
    const wall = wallAt(at);
    return dayNumber(wall) === dayNumber(wallAt(other)) ? clock(wall) : `${words.date(dayOf(wall))}, ${clock(wall)}`;
  };
  return {
    zone,
    offset: (at) => offsetText(offsetAt(sane(at))),
    moment: (at) => {
      const wall = wallAt(at);
      return `${words.dateWithYear(dayOf(wall))}, ${clock(wall)}`;
    },
    short,
    beside,
    span: (from, until) => words.span(short(from), beside(until, from)),
    monthOf: (at) => wallAt(at).toISOString().slice(0, 7),
    monthTitle: (month) => words.month(Number(month.slice(5, 7)), Number(month.slice(0, 4))),
    date: (iso) => {
      const [year = '', month = '', day = ''] = iso.split('-');
      return words.date({ year: Number(year), month: Number(month), day: Number(day) });
    },
    length: (ms) => lengthIn(words, Math.max(1, Math.round((Number.isFinite(ms) ? ms : 0) / 60_000))),
    machine: (at) => `${new Date(sane(at)).toISOString().slice(0, 16)}Z`,
  };
}

function lengthIn(words: Words, minutes: number): string {
  const [days, hours, rest] = [
    Math.floor(minutes / DAY_MIN),
    Math.floor((minutes % DAY_MIN) / HOUR_MIN),
    minutes % HOUR_MIN,
  ];
  const parts = [
    days > 0 ? `${days} ${words.days}` : '',
    hours > 0 ? `${hours} ${words.hours}` : '',
    // Nobody asks for the minutes of days.
    rest > 0 && days === 0 ? `${rest} ${words.minutes}` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function zoneOf(timeZone: string): string {
  const { isValid, zone } = DateTime.fromMillis(0, { zone: timeZone });
  return isValid && zone.type !== 'system' ? timeZone : 'UTC';
}

function dayNumber(wall: Date): number {
  return Math.floor(wall.getTime() / DAY_MS);
}

function sane(at: number): number {
  return Number.isNaN(at) ? 0 : Math.min(Math.max(at, FIRST), LAST);
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
