/**
 * Web addresses: a stranger's link as one that may be shown and followed, or none at all.
 *
 * Pure. It lets only http and https pass and never shortens an address: half an address is another one.
 */
import { cleanText } from './clean.ts';

const MAX_LENGTH = 2_048;
const PLAIN = /^https?:\/\/(?![/?#])[\w.~:/?#[\]@!$&()*+,;=%-]+$/i;
const WEB = /^https?:\/\/[^\s/?#]/i;
// Whatever could end an address, an attribute or a link in some channel's markup.
const TROUBLE = /["'<>\\^`{|}]/g;
const WHITE_SPACE = /\s/;

/**
 * `text` as an address that no channel's markup can be broken with; `undefined` when it is no http or https address, holds
 * white space or is longer than 2,048 characters.
 *
 * @example
 * ```ts
 * import { webAddress } from 'tocsin';
 * webAddress('https://example.org/a|b'); // => 'https://example.org/a%7Cb'
 * webAddress('javascript:alert(1)'); // => undefined
 * ```
 */
export function webAddress(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (PLAIN.test(text)) return text;
  const clean = cleanText(text);
  return WEB.test(clean) && !WHITE_SPACE.test(clean) ? clean.replace(TROUBLE, percent) : undefined;
}

/** `address` for a place within round brackets, without a character that mentions somebody. */
export function bracketedAddress(address: string): string {
  return address.replace(/[()@]/g, percent);
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
