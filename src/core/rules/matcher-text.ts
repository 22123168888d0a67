/**
 * Matcher texts: what the two ways of reading matchers have in common: braces, names, operators and commas.
 *
 * It knows no escape.
 */

/** One comparison of a label. */
export type Matcher = { readonly name: string; readonly op: '=' | '!=' | '=~' | '!~'; readonly value: string };
/** What was read, or what was wanted where. */
export type MatcherReading = readonly Matcher[] | Refused;
/** Something else was wanted at that position, counted from 0. */
export type Refused = { readonly at: number; readonly wanted: string };
/** A name or a value, and where the text goes on. */
export type Token = { readonly text: string; readonly next: number };
/** How names and values are read. `end` is where the list ends. */
export type Reader = {
  readonly name: (text: string, at: number) => Token | Refused;
  readonly value: (text: string, at: number, end: number) => Token | Refused;
};

const OPERATORS = ['!=', '=~', '!~', '='] as const;
const SPACE = /\s*/y;

/** Reads a list of matchers, names and values by `reader`. */
export function readMatchers(text: string, reader: Reader): MatcherReading {
  const inner = withoutBraces(text);
  if ('wanted' in inner) return inner;
  const matchers: Matcher[] = [];
  let at = skipSpace(text, inner.start);
  while (at < inner.end) {
    const name = reader.name(text, at);
    if ('wanted' in name) return name;
    const opAt = skipSpace(text, name.next);
    const op = OPERATORS.find((candidate) => text.startsWith(candidate, opAt));
    if (op === undefined) return { at: opAt, wanted: '=, !=, =~ or !~' };
    const value = reader.value(text, skipSpace(text, opAt + op.length), inner.end);
    if ('wanted' in value) return value;
    matchers.push({ name: name.text, op, value: value.text });
    at = skipSpace(text, value.next);
    if (at >= inner.end) break;
    if (text[at] !== ',') return { at, wanted: "','" };
    at = skipSpace(text, at + 1);
  }
  return matchers.length > 0 ? matchers : { at: inner.start, wanted: 'a matcher' };
}

function withoutBraces(text: string): { readonly start: number; readonly end: number } | Refused {
  const start = skipSpace(text, 0);
  const end = text.trimEnd().length;
  if (text[start] !== '{') return { start, end };
  if (end - 1 === start || text[end - 1] !== '}') return { at: end, wanted: "'}'" };
  return { start: start + 1, end: end - 1 };
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}
