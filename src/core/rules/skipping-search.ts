/**
 * Skipping search: which of many longer texts stand in a short one, looking only at every few characters of it.
 *
 * The way of Wu and Manber. It takes the two cases of a letter for one, so that it may find too much, never too little. Its worst case is the
 * product of everything, so that it is for short texts; literal-search.ts is for the others.
 */
import { foldedCodeAt, foldedCodes } from './folded-code.ts';
import type { LiteralSearch } from './literal-search.ts';

/** No literal may be shorter. */
export const LEAST_SKIPPED = 5;

type Literal = { readonly codes: readonly number[]; readonly windowEnd: number; readonly place: number };

const LONGEST = 24;
const MOST_WINDOW = 8;
const BLOCK = 3;
const TABLE = 16_384;

/** Looks for `literals` anywhere in a text; `meaning` tells what stands for one, given its place. */
export function createSkippingSearch<T>(literals: readonly string[], meaning: (place: number) => T): LiteralSearch<T> {
  const window = literals.reduce((least, { length }) => Math.min(least, length), MOST_WINDOW);
  const compiled = withWindows(
    literals.map((text) => foldedCodes(text, LONGEST)),
    window,
  );
  const { shifts, buckets } = tablesOf(compiled, window);
  const values = literals.map((_, place) => meaning(place));
  return {
    search: (text, found) => {
      for (let at = window - 1; at < text.length; ) {
        const hash = hashOf(foldedCodeAt(text, at - 2), foldedCodeAt(text, at - 1), foldedCodeAt(text, at));
        const shift = shifts[hash] ?? 1;
        if (shift === 0) addFound(buckets.get(hash) ?? [], text, at, values, found);
        at += shift === 0 ? 1 : shift;
      }
    },
  };
}

function addFound<T>(bucket: readonly Literal[], text: string, at: number, values: readonly T[], found: T[]): void {
  for (const { codes, windowEnd, place } of bucket) {
    const value = values[place];
    if (value !== undefined && isAt(text, at - windowEnd, codes)) found.push(value);
  }
}

function isAt(text: string, start: number, codes: readonly number[]): boolean {
  if (start < 0 || start + codes.length > text.length) return false;
  for (let index = 0; index < codes.length; index += 1)
    if (foldedCodeAt(text, start + index) !== codes[index]) return false;
  return true;
}

// Of a literal the part is looked for whose end the fewest others have: in `queue-17.internal` that is the number.
function withWindows(literals: readonly (readonly number[])[], window: number): readonly Literal[] {
  const uses = new Map<number, number>();
  for (const codes of literals)
    for (const hash of blocksOf(codes, BLOCK - 1, codes.length)) uses.set(hash, (uses.get(hash) ?? 0) + 1);
  return literals.map((codes, place) => {
    const ends = blocksOf(codes, window - 1, codes.length).map((hash) => uses.get(hash) ?? 0);
    return { codes, windowEnd: window - 1 + ends.lastIndexOf(Math.min(...ends)), place };
  });
}

function tablesOf(literals: readonly Literal[], window: number) {
  const shifts = new Uint8Array(TABLE).fill(window - BLOCK + 1);
  const buckets = new Map<number, Literal[]>();
  for (const literal of literals) {
    const { codes, windowEnd } = literal;
    const blocks = blocksOf(codes, windowEnd - window + BLOCK, windowEnd + 1);
    for (const [index, hash] of blocks.entries()) {
      const shift = blocks.length - 1 - index;
      if (shift < (shifts[hash] ?? 0)) shifts[hash] = shift;
      if (shift > 0) continue;
      const bucket = buckets.get(hash);
      if (bucket) bucket.push(literal);
      else buckets.set(hash, [literal]);
    }
  }
  return { shifts, buckets };
}

/** The hashes of the blocks that end from `from` on and before `until`. */
function blocksOf(codes: readonly number[], from: number, until: number): readonly number[] {
  return Array.from({ length: Math.max(0, until - from) }, (_, index) => {
    const end = from + index;
    return hashOf(codes[end - 2] ?? 0, codes[end - 1] ?? 0, codes[end] ?? 0);
  });
}

function hashOf(first: number, second: number, third: number): number {
  return ((first * 31 + second) * 31 + third) & (TABLE - 1);
}
