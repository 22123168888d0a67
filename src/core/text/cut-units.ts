/**
 * Cutting as channels count: UTF-16 code units, UTF-8 bytes, or whatever a function says, always between two characters.
 *
 * Pure. A cut text ends with `…`, which is counted too; it never looks behind the limit for longer than a character.
 */
import { borderBefore } from './border.ts';
import { CUT_MARK } from './cut.ts';

const MARK_BYTES = 3;
const LONGEST_ENTITY = 6;
const OPEN_ENTITY = /&[#a-z0-9]*$/i;
const BACKSLASH = 0x5c;

/**
 * `text` in at most `maxUnits` UTF-16 code units (what `length` counts), the mark `…` included; never cut inside a
 * character as people see it. A text that fits comes back as it is.
 *
 * @example
 * ```ts
 * import { cutUnits } from 'tocsin';
 * cutUnits('database down', 8); // => 'databas…'
 * cutUnits('ab👩‍👩‍👧', 8); // => 'ab…'
 * ```
 */
export function cutUnits(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  return maxUnits >= 1 ? text.slice(0, borderBefore(text, maxUnits - 1)) + CUT_MARK : '';
}

/**
 * `text` in at most `maxBytes` bytes of UTF-8, the three bytes of the mark `…` included; never cut inside a character as
 * people see it. A text that fits comes back as it is.
 *
 * @example
 * ```ts
 * import { cutBytes } from 'tocsin';
 * cutBytes('größer als gedacht', 9); // => 'größ…'
 * ```
 */
export function cutBytes(text: string, maxBytes: number): string {
  // No code unit takes more than three bytes.
  if (text.length * 3 <= maxBytes) return text;
  let bytes = 0;
  let room = 0;
  let index = 0;
  for (; index < text.length && bytes <= maxBytes; index += 1) {
    if (bytes <= maxBytes - MARK_BYTES) room = index;
    bytes += bytesOf(text, index);
  }
  if (bytes <= maxBytes) return text;
  return maxBytes >= MARK_BYTES ? text.slice(0, borderBefore(text, room)) + CUT_MARK : '';
}

/**
 * `escaped` in at most `maxUnits` UTF-16 code units, for what `slackText`, `discordText`, `htmlText` or `markdownText` has
 * answered: never cut inside a character as people see it, an entity or an escape.
 *
 * @example
 * ```ts
 * import { cutEscaped, slackText } from 'tocsin';
 * cutEscaped(slackText('a < b & c < d'), 12); // => 'a &lt; b …'
 * ```
 */
export function cutEscaped(escaped: string, maxUnits: number): string {
  if (escaped.length <= maxUnits) return escaped;
  if (!(maxUnits >= 1)) return '';
  let end = borderBefore(escaped, maxUnits - 1);
  for (let begun = escapeBegun(escaped, end); begun < end; begun = escapeBegun(escaped, end)) {
    end = borderBefore(escaped, begun);
  }
  return escaped.slice(0, end) + CUT_MARK;
}

/**
 * `text`, cut until `sizeOf` says that it is at most `max`, for what a channel counts in its own way. `sizeOf` must not
 * become smaller when a text goes on; it is asked about a dozen times.
 *
 * @example
 * ```ts
 * import { cutTo } from 'tocsin';
 * cutTo('Größe', 6, (text) => JSON.stringify(text).length); // => 'Grö…'
 * ```
 */
export function cutTo(text: string, max: number, sizeOf: (text: string) => number): string {
  if (sizeOf(text) <= max) return text;
  // The longest beginning that fits lies between `fits` and `tooLong`.
  let fits = -1;
  let tooLong = text.length;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    const border = borderBefore(text, middle);
    if (border <= fits) fits = middle;
    else if (sizeOf(text.slice(0, border) + CUT_MARK) <= max) fits = middle;
    else tooLong = border;
  }
  return fits < 0 ? '' : text.slice(0, borderBefore(text, fits)) + CUT_MARK;
}

/** Where the entity or the escape begins that goes on at `end`; `end` itself when there is none. */
function escapeBegun(escaped: string, end: number): number {
  const entity = escaped.slice(Math.max(0, end - LONGEST_ENTITY), end).search(OPEN_ENTITY);
  if (entity >= 0) return Math.max(0, end - LONGEST_ENTITY) + entity;
  let slashes = 0;
  while (escaped.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
  return end - (slashes % 2);
}

/** The bytes that the code unit adds: of a pair the second half adds what is left of four. */
function bytesOf(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  const isSecondHalf = unit >= 0xdc00 && unit <= 0xdfff && isFirstHalf(text.charCodeAt(index - 1));
  return isSecondHalf ? 1 : 3;
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
