/**
 * Cleaning: takes out of a stranger's text what no display and no database should be given.
 *
 * Pure and linear. It never escapes for a channel: markup is the business of whoever renders.
 */

// C0 and C1 controls but newline and tab, and the bidirectional overrides and isolates that make a text read as another one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this file is for
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;
// With the flag `u` a surrogate that has its partner is no longer seen as one.
const LONE_SURROGATE = /\p{Surrogate}/gu;
const WHITE_SPACE = /\s+/g;

/**
 * `text` without NUL and other control characters (newline and tab stay), without bidirectional overrides and isolates
 * (U+202A-202E, U+2066-2069), and well-formed: a lone surrogate becomes U+FFFD.
 *
 * @example
 * ```ts
 * import { cleanText } from 'tocsin';
 * cleanText('disk\u0000 full\u202e'); // => 'disk full'
 * ```
 */
export function cleanText(text: string): string {
  return text.replace(UNWANTED, '').replace(LONE_SURROGATE, '\ufffd');
}

/**
 * {@link cleanText} on one line: every run of white space becomes one space, none stays at the ends.
 *
 * @example
 * ```ts
 * import { oneLine } from 'tocsin';
 * oneLine('  disk\n\tfull '); // => 'disk full'
 * ```
 */
export function oneLine(text: string): string {
  // Once before, because a carriage return parts words; once after, because what is taken out may stand between spaces.
  return cleanText(text.replace(WHITE_SPACE, ' ')).replace(WHITE_SPACE, ' ').trim();
}
