/**
 * Reads a character class of a regular expression in RE2 syntax, such as `[Dd]` or `[^a-z\d]`.
 *
 * It names the characters of small classes only; of the others it never says more than where they end.
 */
import { readEscape } from './read-escape.ts';

/** A class that was read; `chars` is absent when there are many. */
export type CharacterClass = { readonly next: number; readonly chars?: readonly string[] };

type Item = { readonly next: number; readonly char?: string };

const MOST_CHARS = 8;
const POSIX = /\[:\^?\w+:\]/y;

/** The class whose bracket is at `at`; `undefined` when it is not known here. */
export function readCharacterClass(text: string, at: number): CharacterClass | undefined {
  const isNegated = text[at + 1] === '^';
  const first = at + (isNegated ? 2 : 1);
  let here = first;
  let isSmall = !isNegated;
  const chars = new Set<string>();
  while (here < text.length && (text[here] !== ']' || here === first)) {
    const low = readItem(text, here);
    if (low === undefined) return undefined;
    here = low.next;
    const isRange = text[here] === '-' && here + 1 < text.length && text[here + 1] !== ']';
    const high = isRange ? readItem(text, here + 1) : low;
    if (high === undefined) return undefined;
    here = high.next;
    isSmall &&= addRange(chars, low.char, high.char);
  }
  if (text[here] !== ']') return undefined;
  return isSmall ? { next: here + 1, chars: [...chars] } : { next: here + 1 };
}

function readItem(text: string, at: number): Item | undefined {
  POSIX.lastIndex = at;
  const posix = POSIX.exec(text);
  if (posix) return { next: at + posix[0].length };
  if (text[at] === '\\') {
    const found = readEscape(text, at);
    return found?.place === undefined ? found : undefined;
  }
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { next: at + char.length, char };
}

function addRange(chars: Set<string>, low: string | undefined, high: string | undefined): boolean {
  const [from, to] = [low?.codePointAt(0), high?.codePointAt(0)];
  if (from === undefined || to === undefined || to - from >= MOST_CHARS) return false;
  for (let code = from; code <= to; code += 1) chars.add(String.fromCodePoint(code));
  return chars.size <= MOST_CHARS;
}
