/**
 * Cutting: shortens a text between two characters as people see them, never inside one.
 *
 * Pure. It looks at no more of the text than it may keep, so that a text of many megabytes costs the same as a page;
 * it never knows how a channel counts (see cut-units.ts).
 */
import { lastOfFirst } from './border.ts';

/** What stands at the end of a text that was cut; it counts as one character. */
export const CUT_MARK = '…';

// The longest emoji sequences in use have 15 code units; more than 32 for one character is an attack on the display.
const UNITS_PER_GRAPHEME = 32;
const ONE_UNIT_EACH = /^[\n\t\x20-\x7e]*$/;

/**
 * `text` in at most `maxGraphemes` characters as people see them (extended grapheme clusters), the mark `…` included.
 *
 * A text that fits comes back as it is. Characters of absurd length (more than 32 code units on average) are cut off too,
 * so that the answer is bounded in memory.
 *
 * @example
 * ```ts
 * import { cut } from 'tocsin';
 * cut('database down', 8); // => 'databas…'
 * cut('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2); // => '👩‍👩‍👧…'
 * ```
 */
export function cut(text: string, maxGraphemes: number): string {
  if (text.length <= maxGraphemes) return text;
  if (maxGraphemes < 1) return '';
  // Looking at one unit beyond the limit makes sure that nothing combines with the last one kept.
  if (ONE_UNIT_EACH.test(text.slice(0, maxGraphemes + 1))) return text.slice(0, maxGraphemes - 1) + CUT_MARK;
  return cutByGraphemes(text, maxGraphemes);
}

function cutByGraphemes(text: string, maxGraphemes: number): string {
  const seen = text.slice(0, maxGraphemes * UNITS_PER_GRAPHEME);
  const { start, isFollowed } = lastOfFirst(seen, maxGraphemes);
  // The last character that was seen may go on beyond what was seen: it is left out.
  return isFollowed || seen.length < text.length ? text.slice(0, start) + CUT_MARK : text;
}
