/**
 * Reads an escape of a regular expression in RE2 syntax, such as `\.`, `\d` or `\x41`.
 *
 * What it does not know it never guesses.
 */

/** What an escape stands for: one character, a place, or (with neither) some character out of many. */
export type Escape = { readonly next: number; readonly char?: string; readonly place?: 'A' | 'z' | 'b' | 'B' };

const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);
const MANY = /\\(?:[dDsSwW]|[pP](?:\{\^?[\w&]+\}|[A-Za-z]))/y;
const HEX = /\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/y;
const PUNCTUATION = /[!-/:-@[-`{-~ ]/;

/** The escape at the backslash at `at`; `undefined` when it is not known here. */
export function readEscape(text: string, at: number): Escape | undefined {
  const char = text[at + 1];
  if (char === undefined) return undefined;
  const next = at + 2;
  if (char === 'A' || char === 'z' || char === 'b' || char === 'B') return { next, place: char };
  const control = CONTROLS.get(char);
  if (control !== undefined) return { next, char: control };
  if (PUNCTUATION.test(char)) return { next, char };
  const many = matchAt(MANY, text, at);
  if (many) return { next: at + many[0].length };
  const hex = matchAt(HEX, text, at);
  const code = Number.parseInt(hex?.[1] ?? hex?.[2] ?? '', 16);
  return hex && code <= 0x10ffff ? { next: at + hex[0].length, char: String.fromCodePoint(code) } : undefined;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
