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
 * import { createTocsin } from 'tocsin';
 * import { consoleNotifier } from 'tocsin/notifiers/console';
 * import { reviewJson } from 'tocsin/render';
 * const tocsin = createTocsin({
 *   notifiers: [consoleNotifier()],
 *   config: {
 *     users: [{ id: 'ana', contacts: [{ notifier: 'console', address: 'ana' }] }],
 *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
 *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
 *   },
 * });
 * const { id } = await tocsin.incidents.open({ title: 'Payments <b>fail</b>', service: 'checkout', by: 'ana' });
 * const review = await tocsin.reviews.get(id);
 * const json = reviewJson(review);
 * json.includes('<'); // => false
 * JSON.parse(json).incident.title; // => 'Payments <b>fail</b>'
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
