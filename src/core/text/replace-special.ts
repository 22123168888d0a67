/**
 * Replacing: the one way behind every escape, over the few ASCII characters that mean something to a channel.
 *
 * Pure and linear. What is not clean is cleaned first; what is not replaced is copied in whole pieces.
 */

import { cleanText, UNWANTED_UNITS } from './clean.ts';

/** What is to be done about a special character; `undefined` leaves it as it is. */
export type Instead = (char: string, index: number, text: string) => string | undefined;

/** Finds the printable ASCII characters in `chars`, and on the way whatever should have been cleaned before. */
export function specialPattern(chars: string): RegExp {
  return new RegExp(`[${UNWANTED_UNITS}${chars.replace(/[\\\]^-]/g, '\\$&')}]`, 'g');
}

/** `text`, cleaned, with each special character replaced by what `instead` answers. */
export function replaceSpecial(text: string, pattern: RegExp, instead: Instead): string {
  const whole = text.toWellFormed();
  let isClean = true;
  const written = whole.replace(pattern, (char, index: number) => {
    if (char < ' ' || char > '~') isClean = false;
    return instead(char, index, whole) ?? char;
  });
  // Seen on the way, because a look of its own would take as long as all the rest.
  return isClean ? written : replaceSpecial(cleanText(text), pattern, instead);
}

/** Whether nothing but spaces and tabs stands between `index` and the beginning of its line. */
export function isAtLineStart(text: string, index: number): boolean {
  let before = index - 1;
  while (before >= 0 && isBlank(text.charCodeAt(before))) before -= 1;
  return before < 0 || isLineBreak(text.charCodeAt(before));
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}

function isLineBreak(unit: number): boolean {
  return unit === 0x0a || unit === 0x2028 || unit === 0x2029;
}
