/**
 * Recent history: what a list or a feed tells of.
 *
 * What is open is never left out, however much there is; of what has ended only the newest stays.
 */

/** As many as Statuspage lists. */
const MOST = 50;

/** All of `open` and the newest of `past`, the newest first. `past` has its newest first. */
export function recent<Item>(open: readonly Item[], past: readonly Item[], momentOf: (item: Item) => number): Item[] {
  return [...open, ...past.slice(0, Math.max(0, MOST - open.length))].toSorted((a, b) => momentOf(b) - momentOf(a));
}
