/**
 * Windows: the span of time a caller asks about, checked before anything is computed.
 *
 * A window without bounds is never accepted: an answer must have an end.
 */
import { TocsinError } from '../../errors.ts';
import { MAX_DURATION_MS } from '../../model/duration.ts';
import { type InstantInput, toEpochMs } from '../../model/instant.ts';
import type { Span } from './span.ts';

/** From `from` (in) to `until` (out), at most ten years. */
export type TimeWindow = { readonly from: InstantInput; readonly until: InstantInput };

/** The longest window, and the furthest anything is looked for: ten years, in ms. */
export const TEN_YEARS_MS = MAX_DURATION_MS;

// The years 1 to 9999, which is what a local time can name.
const FIRST_AT = Date.parse('0001-01-01T00:00:00Z');
const LAST_AT = Date.parse('9999-12-31T00:00:00Z');

/**
 * The span of a window, in epoch ms.
 *
 * @throws TocsinError WINDOW_INVALID when it is none, `from` is not before `until`, or more than ten years lie between them.
 * @throws TocsinError INSTANT_INVALID when one of them is no moment of the years 1 to 9999.
 */
export function toSpan(window: TimeWindow): Span {
  if (typeof window !== 'object' || window === null) {
    throw new TocsinError('WINDOW_INVALID', `Cannot use ${String(window)} as a window: give { from, until }.`, {
      details: { window },
    });
  }
  const { from, until } = window;
  const startAt = toMoment(from, 'from');
  const endAt = toMoment(until, 'until');
  const found = `${new Date(startAt).toISOString()} to ${new Date(endAt).toISOString()}`;
  if (startAt >= endAt) {
    throw new TocsinError('WINDOW_INVALID', `Cannot use the window ${found}: it must begin before it ends.`, {
      details: { from: startAt, until: endAt },
    });
  }
  if (endAt - startAt > TEN_YEARS_MS) {
    throw new TocsinError('WINDOW_INVALID', `Cannot use the window ${found}: ask for at most ten years at once.`, {
      details: { from: startAt, until: endAt },
    });
  }
  return { startAt, endAt };
}

/**
 * A moment within the years that a schedule can answer for, in epoch ms.
 *
 * @throws TocsinError INSTANT_INVALID when it is no moment, or not in the years 1 to 9999.
 */
export function toMoment(input: InstantInput, name: string): number {
  const at = toEpochMs(input, name);
  if (at < FIRST_AT || at > LAST_AT) {
    throw new TocsinError(
      'INSTANT_INVALID',
      `Cannot look up ${name} ${at}: schedules know the years 1 to 9999. Check that it is in milliseconds.`,
      { details: { at } },
    );
  }
  return at;
}
