/**
 * UTF-8 matchers: Alertmanager's newer syntax, with names of any characters and the escapes of Go.
 *
 * An escape that Go does not know is refused, never kept.
 */
import { type MatcherReading, type Refused, readMatchers, type Token } from './matcher-text.ts';

const BARE = /[^\s{}!=~,"'`\\]+/y;
const BYTES = /(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+/y;
const CODE_POINT = /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/y;
const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
]);

/** Reads `text` the UTF-8 way. */
export function readUtf8Matchers(text: string): MatcherReading {
  return readMatchers(text, {
    name: (from, at) => readToken(from, at, 'a label name'),
    value: (from, at) => readToken(from, at, 'a value (an empty one is "")'),
  });
}

function readToken(text: string, start: number, wanted: string): Token | Refused {
  if (text[start] === '"') return readQuoted(text, start);
  BARE.lastIndex = start;
  const bare = BARE.exec(text)?.[0];
  return bare === undefined ? { at: start, wanted } : { text: bare, next: start + bare.length };
}

function readQuoted(text: string, start: number): Token | Refused {
  let value = '';
  for (let at = start + 1; at < text.length; ) {
    const char = text.charAt(at);
    if (char === '"') return { text: value, next: at + 1 };
    const part = char === '\\' ? readEscape(text, at) : { text: char, next: at + 1 };
    if ('wanted' in part) return part;
    value += part.text;
    at = part.next;
  }
  return { at: text.length, wanted: 'a closing double quote' };
}

function readEscape(text: string, at: number): Token | Refused {
  const simple = SIMPLE.get(text.charAt(at + 1));
  if (simple !== undefined) return { text: simple, next: at + 2 };
  const bytes = matchAt(BYTES, text, at);
  const decoded = bytes && decode(bytes[0]);
  if (decoded !== undefined) return { text: decoded, next: at + (bytes?.[0].length ?? 0) };
  const point = matchAt(CODE_POINT, text, at);
  const code = Number.parseInt(point?.[1] ?? point?.[2] ?? '', 16);
  const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  if (point && isCharacter) return { text: String.fromCodePoint(code), next: at + point[0].length };
  return { at, wanted: 'an escape such as \\n, \\\\, \\" or \\u00e9 (a backslash itself is written twice)' };
}

/** The text of bytes that are written one by one; `undefined` when they are no UTF-8. */
function decode(written: string): string | undefined {
  const bytes = Array.from(written.matchAll(/\\x(..)|\\([0-7]{3})/g), ([, hex, octal]) =>
    hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16),
  );
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return undefined;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
