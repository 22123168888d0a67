/**
 * Codes that show that an address is somebody's: how one is kept, and whether another one is the same.
 *
 * Whoever draws a code hands it in; nothing here draws one, and only its salted hash is ever kept.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** A code of six digits, and the salt of its hash; both from a source that nobody can guess. */
export type DrawnCode = { readonly code: string; readonly salt: string };

/** Draws a code. */
export type Codes = () => DrawnCode;

/** What is kept of a code. */
export type KeptCode = { readonly salt: string; readonly hash: string };

/** What to keep of a code of `contact`; the hash of one contact is of no use for another. */
export function keptCode({ code, salt }: DrawnCode, contact: string): KeptCode {
  return { salt, hash: digest(code, salt, contact).toString('hex') };
}

/** Whether `given` is the code that was kept for `contact`; how long that takes tells nothing of it. */
export function isCode(given: string, { salt, hash }: KeptCode, contact: string): boolean {
  const expected = Buffer.from(hash, 'hex');
  const found = digest(given, salt, contact);
  return expected.length === found.length && timingSafeEqual(expected, found);
}

function digest(code: string, salt: string, contact: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([salt, contact, code]))
    .digest();
}
