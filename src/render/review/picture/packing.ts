/**
 * Packing: many bars and marks on few pixels, so that two thousand entries stay a small picture.
 *
 * What falls together is counted, never dropped. Pixels only: nothing here knows what a bar stands for, or draws.
 */

/** A stretch of pixels. */
export type Stretch = { readonly left: number; readonly right: number };

/** `items` with the lowest free row for each; `undefined` when `most` rows are not enough. */
export function inRows<T extends Stretch>(
  items: readonly T[],
  most: number,
): readonly (T & { readonly row: number })[] | undefined {
  const ends: number[] = [];
  const placed: (T & { readonly row: number })[] = [];
  for (const item of items.toSorted((a, b) => a.left - b.left)) {
    const free = ends.findIndex((end) => end <= item.left);
    const row = free >= 0 ? free : ends.length;
    if (row >= most) return undefined;
    ends[row] = item.right;
    placed.push({ ...item, row });
  }
  return placed;
}

/** How many of `items` lie on each of the columns of `width` pixels from `from` on. */
export function countsOf(
  items: readonly Stretch[],
  from: number,
  { until, width }: { until: number; width: number },
): number[] {
  const columns = Math.max(1, Math.ceil((until - from) / width));
  const changes = new Array<number>(columns + 1).fill(0);
  const columnOf = (x: number) => Math.min(columns - 1, Math.max(0, Math.floor((x - from) / width)));
  for (const { left, right } of items) {
    const [first, last] = [columnOf(left), columnOf(Math.max(left, right - 0.5))];
    changes[first] = (changes[first] ?? 0) + 1;
    changes[last + 1] = (changes[last + 1] ?? 0) - 1;
  }
  let count = 0;
  return changes.slice(0, columns).map((change) => {
    count += change;
    return count;
  });
}

/** Marks that would touch, as one. */
export type Cluster<T> = { readonly x: number; readonly of: readonly T[] };

/** Marks as clusters that do not touch; `roomOf` says how much room one with so many marks takes before and behind its middle. */
export function clustersOf<T extends { readonly x: number }>(
  marks: readonly T[],
  roomOf: (count: number) => { readonly before: number; readonly behind: number },
): readonly Cluster<T>[] {
  const clusters: { x: number; of: T[] }[] = [];
  for (const mark of marks.toSorted((a, b) => a.x - b.x)) {
    let last = { x: mark.x, of: [mark] };
    // A cluster grows when it gets a number, and may touch the one before.
    for (let before = clusters.at(-1); before !== undefined && doTouch(before, last); before = clusters.at(-1)) {
      clusters.pop();
      before.of.push(...last.of);
      last = { x: ((before.of[0]?.x ?? 0) + mark.x) / 2, of: before.of };
    }
    clusters.push(last);
  }
  return clusters;

  function doTouch(a: Cluster<T>, b: Cluster<T>): boolean {
    return a.x + roomOf(a.of.length).behind > b.x - roomOf(b.of.length).before;
  }
}

/** A part of a chain: one link, or several that are too narrow to be seen apart. */
export type Piece<T> = Stretch & { readonly of: readonly T[] };

/** A chain of stretches, one after the other, in which those narrower than `least` are joined with others like them. */
export function piecesOf<T extends Stretch>(chain: readonly T[], least: number): readonly Piece<T>[] {
  const pieces: { left: number; right: number; of: T[] }[] = [];
  for (const link of chain.toSorted((a, b) => a.left - b.left)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.right - last.left < least && link.right - link.left < least) {
      last.right = Math.max(last.right, link.right);
      last.of.push(link);
      continue;
    }
    const left = Math.max(link.left, last?.right ?? link.left);
    pieces.push({ left, right: Math.max(left, link.right), of: [link] });
  }
  return pieces;
}
