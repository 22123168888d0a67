/**
 * Chance that repeats itself: numbers that look random and are the same in every run.
 *
 * It never asks the machine for one.
 */

/** What can be asked of chance. */
export type Chance = {
  /** From 0 (in) to 1 (out). */
  next(): number;
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number;
  /** Whether something happens that happens in this share of cases. */
  happens(share: number): boolean;
  /** Around `median`, now and then many times as long, as everything is that people do. */
  around(median: number, spread?: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
};

/** Chance from a seed. @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md (mulberry32) */
export function chanceOf(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    happens: (share) => next() < share,
    // The logarithm is about normal: the sum of a few numbers is near enough.
    around: (median, spread = 0.9) =>
      Math.round(median * Math.exp(spread * (next() + next() + next() + next() - 2) * 1.73)),
    pick: (from) => from[below(from.length)] ?? from[0],
  };
}
