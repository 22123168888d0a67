/**
 * Tally groups: which rows of a tally belong together, by one thing that they have in common.
 *
 * Pure. Rows without it belong to no group.
 */
import { codes, wholeColumn } from './column.ts';

/** One way in which rows belong together. */
export type TallyGroups = {
  /** Of the next row: what it has in common with others; nothing or an empty text leaves it out. */
  add(key: string | undefined): void;
  /** Each key with its rows in their order, ascending by key. */
  groups(): readonly { readonly key: string; readonly rows: Uint32Array }[];
};

/** No groups. */
export function tallyGroups(): TallyGroups {
  const known = codes();
  const groupOfRow = wholeColumn();
  return {
    add: (key) => groupOfRow.push(known.codeOf(key)),
    groups() {
      const all = groupOfRow.values();
      const sizes = new Uint32Array(known.texts.length + 1);
      for (const code of all) sizes[code] = (sizes[code] ?? 0) + 1;
      const rows = Array.from(sizes, (size) => new Uint32Array(size));
      const filled = new Uint32Array(sizes.length);
      all.forEach((code, row) => {
        const place = filled[code] ?? 0;
        const own = rows[code];
        if (own !== undefined) own[place] = row;
        filled[code] = place + 1;
      });
      return known.texts
        .map((key, index) => ({ key, rows: rows[index + 1] ?? new Uint32Array() }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
}
