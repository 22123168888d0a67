/**
 * Header lines: text of strangers for a field of a header, such as the subject of an e-mail.
 *
 * Pure. No line break survives, so that one field never becomes two; encoding beyond ASCII is the transport's business.
 *
 * @see RFC 5322 2.1.1
 */
import { boundedLine } from './bounded.ts';

/** A line of a header holds 998 characters; so much is left for the name and for encoding. */
const MAX_LENGTH = 240;

/**
 * `text` on one line of at most `maxLength` UTF-16 code units, without CR, LF, NUL or any other control character.
 *
 * @example
 * ```ts
 * import { headerLine } from 'tocsin';
 * headerLine('Disk full\r\nBcc: eve@example.org'); // => 'Disk full Bcc: eve@example.org'
 * ```
 */
export function headerLine(text: string, maxLength = MAX_LENGTH): string {
  return boundedLine(text, maxLength);
}
