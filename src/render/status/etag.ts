/**
 * Entity tags: a short name for the bytes of an answer, so that a reader who has them is not sent them again.
 *
 * Pure, and no cryptography: two bodies share a tag by chance once in 2^64, but somebody who wants to can make two that
 * do. Nothing may be trusted because of it.
 *
 * @see RFC 9110 8.8.3 and 13.1.2
 */

const MULTIPLIERS = [0x9e3779b1, 0x5f356495] as const;
const TAG = /(?:W\/)?("[^"]*")/g;

/** The strong tag of `body`: its length and 64 bits of hash, in quotes. The same in every process and version. */
export function etagOf(body: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < body.length; index += 1) {
    const unit = body.charCodeAt(index);
    high = Math.imul(turned(high ^ unit, 13), MULTIPLIERS[0]);
    low = Math.imul(turned(low ^ unit, 17), MULTIPLIERS[1]);
  }
  // Each lane is mixed with the other, so that every unit reaches every digit.
  const mixed = scrambled(high ^ turned(low, 16));
  return `"${body.length.toString(36)}-${digits(mixed)}${digits(scrambled(low ^ mixed))}"`;
}

/** Whether a reader whose `If-None-Match` says so has the body with that tag. Weak tags match as well. */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(TAG)].some(([, tag]) => tag === etag);
}

function turned(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Every bit of the input changes about half of the bits of the output. @see MurmurHash3, fmix32 */
function scrambled(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

function digits(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
