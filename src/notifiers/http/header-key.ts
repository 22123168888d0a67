/**
 * Idempotency keys in headers, where not every text can stand.
 */
const VISIBLE = /^[\x21-\x7e]+$/;

/** The key as it is, or in base64url when a header could not carry it; the same key always gives the same text. */
export function headerKey(key: string): string {
  return VISIBLE.test(key) ? key : Buffer.from(key).toString('base64url');
}
