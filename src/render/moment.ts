/**
 * Moments for people: an instant in a zone that is said.
 */
import { DateTime } from 'luxon';
import { TocsinError } from '../errors.ts';

/**
 * Refuses a zone that nobody knows, for which luxon would print `Invalid DateTime` instead of a time, and that of the
 * process (`local`, `system`), which is another one on another machine.
 *
 * @throws TocsinError INPUT_INVALID when `timeZone` is no time zone.
 */
export function checkTimeZone(timeZone: unknown): void {
  const at = typeof timeZone === 'string' ? DateTime.fromMillis(0, { zone: timeZone }) : undefined;
  if (at?.isValid && at.zone.type !== 'system') return;
  const message = `there is no time zone ${String(timeZone).slice(0, 80)}; write an IANA name such as Europe/Berlin`;
  throw new TocsinError('INPUT_INVALID', `Cannot show moments: ${message}.`, {
    details: { problems: [{ path: 'timeZone', message }] },
  });
}

/** `2026-01-06 03:00:00` in `timeZone`. */
export function formatMoment(at: Date | number, timeZone: string): string {
  return DateTime.fromMillis(Number(at), { zone: timeZone, locale: 'en-GB' }).toFormat('yyyy-MM-dd HH:mm:ss');
}

/** `03:00:00` in `timeZone`. */
export function formatTime(at: Date | number, timeZone: string): string {
  return DateTime.fromMillis(Number(at), { zone: timeZone, locale: 'en-GB' }).toFormat('HH:mm:ss');
}
