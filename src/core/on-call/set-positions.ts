/**
 * BYSETPOS: which places of a period's complete list are chosen.
 *
 * The list is complete before the start of a recurrence cuts it, and a position beyond either end chooses nothing, as
 * RFC 5545 has it; the `rrule` package differs in both, and is not asked.
 */
import { ascending } from './wall-clock.ts';

/**
 * The chosen places of a list of `size`, numbered from 0, ascending.
 *
 * @see RFC 5545 3.3.10
 */
export function positionsIn(size: number, bySetPos: readonly number[]): readonly number[] {
  const places = bySetPos.map((position) => (position > 0 ? position - 1 : size + position));
  return ascending(places.filter((place) => place >= 0 && place < size));
}
