/**
 * A hash: sixteen hexadecimal digits that stand for a text.
 *
 * Pure, and no cryptography: two texts share them by chance once in 2^64, but somebody who wants to can make two that do.
 * Nothing may be trusted because of it.
 */

const MULTIPLIERS = [0x9e3779b1, 0x5f356495] as const;

/** 64 bits of hash. The same in every process and version. */
export function hashOf(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(turned(high ^ unit, 13), MULTIPLIERS[0]);
    low = Math.imul(turned(low ^ unit, 17), MULTIPLIERS[1]);
  }
  // Each lane is mixed with the other, so that every unit reaches every digit.
  const mixed = scrambled(high ^ turned(low, 16));
  return `${digits(mixed)}${digits(scrambled(low ^ mixed))}`;
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
