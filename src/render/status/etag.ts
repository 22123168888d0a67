/**
 * Entity tags: a short name for the bytes of an answer, so that a reader who has them is not sent them again.
 *
 * Pure. Nothing may be trusted because of a tag (see hash.ts).
 *
 * @see RFC 9110 8.8.3 and 13.1.2
 */

import { hashOf } from './hash.ts';

const TAG = /(?:W\/)?("[^"]*")/g;

/** The strong tag of `body`: its length and 64 bits of hash, in quotes. The same in every process and version. */
export function etagOf(body: string): string {
  return `"${body.length.toString(36)}-${hashOf(body)}"`;
}

/** Whether a reader whose `If-None-Match` says so has the body with that tag. Weak tags match as well. */
export function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...ifNoneMatch.matchAll(TAG)].some(([, tag]) => tag === etag);
}
