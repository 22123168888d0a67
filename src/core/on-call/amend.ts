/**
 * Amendments: dates added to a recurrence and taken away from it, with the numbers that follow.
 *
 * Nothing here knows rules.
 */
import { ascending, countUpTo, type Recurrence, type Wall } from './wall-clock.ts';

/** Adds the `rdates` and takes away the `exdates`; who is in both is away. */
export function amend(
  base: Recurrence,
  { rdates, exdates }: { readonly rdates: readonly Wall[]; readonly exdates: readonly Wall[] },
): Recurrence {
  const isBase = (wall: Wall) => base.at(base.indexAt(wall)) === wall;
  const added = ascending(rdates.filter((wall) => !exdates.includes(wall) && !isBase(wall)));
  const removed = ascending(exdates.filter(isBase)).map((wall) => base.indexAt(wall));
  if (added.length === 0 && removed.length === 0) return base;

  const keptUpTo = (wall: Wall) => {
    const index = base.indexAt(wall);
    return index + 1 - countUpTo(removed, index);
  };
  // The number that each added date has among all, and the number of kept occurrences before each removed one.
  const addedIndexes = added.map((wall, position) => position + keptUpTo(wall));
  const keptBefore = removed.map((index, position) => index - position);

  return {
    at(index) {
      const addedUpTo = countUpTo(addedIndexes, index);
      if (addedIndexes[addedUpTo - 1] === index) return added[addedUpTo - 1];
      const kept = index - addedUpTo;
      return base.at(kept + countUpTo(keptBefore, kept));
    },
    indexAt: (wall) => keptUpTo(wall) + countUpTo(added, wall) - 1,
  };
}
