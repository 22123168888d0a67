/**
 * Cleaning: takes out of a stranger's text what no display and no database should be given.
 *
 * Pure and linear. It never escapes for a channel: markup is the business of whoever renders.
 */

// C0 and C1 controls but newline and tab, and the bidirectional overrides and isolates that make a text read as another one.
/** The code units that {@link cleanText} takes out, as the inside of a class of a regular expression. */
export const UNWANTED_UNITS = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069';
const ANY_UNWANTED = new RegExp(`[${UNWANTED_UNITS}]`);
const UNWANTED = new RegExp(`[${UNWANTED_UNITS}]+`, 'g');
const WHITE_SPACE = /\s+/g;
const MAY_BE_NO_LINE = /[^\S ]| {2}|^ | $/;

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
  return isClean(text) ? text : text.replace(UNWANTED, '').toWellFormed();
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
  if (isClean(text) && !MAY_BE_NO_LINE.test(text)) return text;
  // Once before, because a carriage return parts words; once after, because what is taken out may stand between spaces.
  return cleanText(text.replace(WHITE_SPACE, ' ')).replace(WHITE_SPACE, ' ').trim();
}

/** Whether there is nothing to take out: most texts are clean, and every message asks many times. */
function isClean(text: string): boolean {
  return !ANY_UNWANTED.test(text) && text.isWellFormed();
}
