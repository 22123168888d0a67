/**
 * Following: how many messages and mirrors of one notifier are brought up to date at once.
 *
 * Few, so that they never take the places of pages; what finds none is put off. Kept in memory.
 */

/** Counts what is on its way, by notifier. */
export type Following = {
  /** Takes a place; answers how to leave it, or nothing when none is free. */
  enter(notifier: string): (() => void) | undefined;
};

const PLACES = 8;

/** Nothing is on its way yet. */
export function createFollowing(): Following {
  const taken = new Map<string, number>();
  return {
    enter(notifier) {
      const count = taken.get(notifier) ?? 0;
      if (count >= PLACES) return undefined;
      taken.set(notifier, count + 1);
      return () => void taken.set(notifier, (taken.get(notifier) ?? 1) - 1);
    },
  };
}
