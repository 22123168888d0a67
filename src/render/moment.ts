/**
 * Moments for people: an instant in a zone that is said.
 */
import { DateTime } from 'luxon';

/** `2026-01-06 03:00:00` in `timeZone`. */
export function formatMoment(at: number, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone, locale: 'en-GB' }).toFormat('yyyy-MM-dd HH:mm:ss');
}

/** `03:00:00` in `timeZone`. */
export function formatTime(at: number, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone, locale: 'en-GB' }).toFormat('HH:mm:ss');
}
