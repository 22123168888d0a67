/**
 * Nearest names: which known name was meant by one that is misspelt.
 *
 * Pure. It answers only when little is wrong.
 */

const MOST_EDITS = 2;

/** The one of `names` that differs in case only, or in at most two letters; `undefined` when none does. */
export function nearestOf(name: string, names: readonly string[]): string | undefined {
  const written = name.toLowerCase();
  const scored = names.map((known) => ({ known, edits: editsBetween(written, known.toLowerCase()) }));
  const [best] = scored.sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= Math.min(MOST_EDITS, Math.floor(name.length / 2)) ? best.known : undefined;
}

/** How many letters must be put in, taken out or replaced. */
function editsBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MOST_EDITS) return MOST_EDITS + 1;
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
