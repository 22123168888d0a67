/**
 * Retry-After: how long a receiver asks us to wait.
 *
 * Pure. It never believes a wait that would lose the page: what is no number of seconds and no date is ignored.
 *
 * @see RFC 9110 10.2.3
 */
const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 15 * 60_000;
// The date of today's HTTP, and the two older forms that a receiver still has to read.
const DATES = [
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * What a `Retry-After` header asks for, in ms between one second and a quarter of an hour; `undefined` when it says nothing. Seconds and
 * dates are read; `nowMs` is epoch ms.
 *
 * @see RFC 9110 10.2.3
 * @example
 * ```ts
 * import { retryAfterMs } from 'tocsin';
 * retryAfterMs('120', 0); // => 120000
 * retryAfterMs('Thu, 01 Jan 1970 00:00:30 GMT', 0); // => 30000
 * retryAfterMs('soon', 0); // => undefined
 * ```
 */
export function retryAfterMs(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  const asked = /^\d+$/.test(text)
    ? Number(text) * 1_000
    : DATES.some((date) => date.test(text))
      ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) - nowMs
      : Number.NaN;
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(asked, MIN_WAIT_MS), MAX_WAIT_MS);
}
