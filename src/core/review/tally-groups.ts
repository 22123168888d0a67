/**
 * Tally groups: which rows of a tally belong together, by one thing that they have in common.
 *
 * Pure. Rows without it belong to no group.
 */
import { codes, wholeColumn } from './column.ts';
import type { Partition } from './distributions.ts';

/** One way in which rows belong together. */
export type TallyGroups = {
  /** Of the next row: what it has in common with others; nothing or an empty text leaves it out. */
  add(key: string | undefined): void;
  /** The group of each row; 0 is that of those left out. */
  partition(): Partition;
  /** The keys of the groups, each with the number of its group: in the order of `compare`, and those it calls equal ascending. */
  keys(compare?: (a: string, b: string) => number): readonly { readonly key: string; readonly group: number }[];
};

/** No groups. */
export function tallyGroups(): TallyGroups {
  const known = codes();
  const groupOfRow = wholeColumn();
  return {
    add: (key) => groupOfRow.push(known.codeOf(key)),
    partition: () => ({ groupOfRow: groupOfRow.values(), groups: known.texts.length + 1 }),
    keys: (compare = () => 0) =>
      known.texts
        .map((key, index) => ({ key, group: index + 1 }))
        .toSorted((a, b) => compare(a.key, b.key) || (a.key < b.key ? -1 : 1)),
  };
}
