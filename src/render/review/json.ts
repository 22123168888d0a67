/**
 * A review as JSON for machines, and for people who compare two of them.
 *
 * Pure. It says everything that the review says, and changes nothing but how instants are written.
 */
import type { BuiltReview } from '../../model/review.ts';

/**
 * A review as JSON text, indented by two spaces: the same fields as {@link BuiltReview}, with keys in alphabetical order, so
 * that equal reviews are equal bytes.
 *
 * Instants (`at`, whatever ends in `At`) are ISO 8601 in UTC with milliseconds; durations (`...Ms`) stay numbers of
 * milliseconds. `Date.parse` of an instant gives back the epoch ms. `<` is escaped, so that the text may stand in a page.
 *
 * @example
 * ```ts
 * import type { BuiltReview } from 'tocsin/model';
 * import { reviewJson } from 'tocsin/render';
 * const openedAt = (review: BuiltReview): string => JSON.parse(reviewJson(review)).incident.openedAt;
 * openedAt.length; // => 1
 * ```
 */
export function reviewJson(review: BuiltReview): string {
  return `${JSON.stringify(written('', review), undefined, 2).replaceAll('<', '\\u003c')}\n`;
}

const INSTANT = /^at$|At$/;

function written(key: string, value: unknown): unknown {
  if (typeof value === 'number') return INSTANT.test(key) ? new Date(value).toISOString() : value;
  // The instants of a list are called as it is.
  if (Array.isArray(value)) return value.map((one) => written(key, one));
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, one]) => [name, written(name, one)]));
}
