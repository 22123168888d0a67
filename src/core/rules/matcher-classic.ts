/**
 * Classic matchers: Alertmanager's older syntax, with plain label names and backslashes that stay.
 *
 * Its names never stand in quotes.
 */
import { type MatcherReading, type Refused, readMatchers, type Token } from './matcher-text.ts';

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const MISLEADING = "=~'`";

/** Reads `text` the classic way. */
export function readClassicMatchers(text: string): MatcherReading {
  return readMatchers(text, { name: readName, value: readValue });
}

function readName(text: string, at: number): Token | Refused {
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[0];
  return name === undefined ? { at, wanted: 'a label name' } : { text: name, next: at + name.length };
}

function readValue(text: string, at: number, end: number): Token | Refused {
  return text[at] === '"' ? readQuoted(text, at, end) : readBare(text, at, end);
}

function readQuoted(text: string, start: number, end: number): Token | Refused {
  let value = '';
  for (let at = start + 1; at < end; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { text: value, next: at + 1 };
    const escaped = char === '\\' && at + 1 < end ? readEscape(text[at + 1]) : undefined;
    value += escaped ?? char;
    if (escaped !== undefined) at += 1;
  }
  return { at: text.length, wanted: 'a closing double quote' };
}

function readBare(text: string, start: number, end: number): Token | Refused {
  const wanted = 'a value';
  if (start < end && MISLEADING.includes(text.charAt(start))) return { at: start, wanted };
  let value = '';
  let depth = 0;
  let at = start;
  for (; at < end && text[at] !== ','; at += 1) {
    const char = text.charAt(at);
    if (char === '"') return { at, wanted: 'no double quote inside a value that does not start with one' };
    depth += char === '{' ? 1 : char === '}' ? -1 : 0;
    if (depth < 0) return { at, wanted: "','" };
    const escaped = char === '\\' && at + 1 < end ? readEscape(text[at + 1]) : undefined;
    value += escaped ?? char;
    if (escaped !== undefined) at += 1;
  }
  return depth > 0 ? { at, wanted: "'}'" } : { text: value.trimEnd(), next: at };
}

function readEscape(char: string | undefined): string | undefined {
  if (char === 'n') return '\n';
  return char === '"' || char === '\\' ? char : undefined;
}
