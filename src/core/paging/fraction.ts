/**
 * Fractions: chance that is none, so that whoever asks again is told the same.
 *
 * Pure. Not for secrets: whoever knows the text knows the number.
 */

/** A number from 0 up to 1, the same for the same text: FNV-1a, stirred so that texts alike lie far apart. */
export function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
