/**
 * Spans: what was so from one moment to the next, from the moments at which it changed.
 *
 * Pure. Time never runs backwards in it: a change that is said to be older than the one before it counts from then.
 */

/** From `at` (epoch ms) on it is `value`; `undefined`: nothing. */
export type ChangeAt<V> = { readonly at: number; readonly value: V | undefined };

/** It was `value` from one moment to another; without `untilAt` it still is. */
export type ValueSpan<V> = { readonly fromAt: number; readonly untilAt?: number; readonly value: V };

/** The spans between `changes`. What changed again at the same moment was never so; the same value twice is one span. */
export function spansOf<V>(changes: readonly ChangeAt<V>[]): readonly ValueSpan<V>[] {
  const settled: ChangeAt<V>[] = [];
  for (const { at, value } of changes) {
    const moment = Math.max(at, settled.at(-1)?.at ?? at);
    if (settled.at(-1)?.at === moment) settled.pop();
    if (settled.at(-1)?.value !== value) settled.push({ at: moment, value });
  }
  return settled.flatMap(({ at, value }, place) => {
    if (value === undefined) return [];
    const next = settled[place + 1];
    return [{ fromAt: at, ...(next !== undefined && { untilAt: next.at }), value }];
  });
}

/** The window that a picture shows (epoch ms), and whether what lasts still lasts beyond it. */
export type PictureWindow = { readonly fromAt: number; readonly untilAt: number; readonly isOpen: boolean };

/** `spans` within the window: what lasts ends with it unless it is open, what began after it is left out. */
export function within<S extends { readonly fromAt: number; readonly untilAt?: number }>(
  spans: readonly S[],
  { untilAt: end, isOpen }: PictureWindow,
): readonly S[] {
  return spans.flatMap((span) => {
    if (span.fromAt > end) return [];
    if (span.untilAt === undefined) return [isOpen ? span : { ...span, untilAt: end }];
    return [span.untilAt > end ? { ...span, untilAt: end } : span];
  });
}
