/**
 * Reads the outline of a regular expression in RE2 syntax.
 *
 * It reads only patterns that RE2 has taken, and never guesses: what it does not know is unknown, and so is what is around it.
 */
import {
  EMPTY,
  either,
  inTurn,
  type Outline,
  oneOf,
  repeated,
  SOME_PLACE,
  TEXT_END,
  TEXT_START,
  UNKNOWN,
} from './outline.ts';
import { readCharacterClass } from './read-character-class.ts';
import { type Escape, readEscape } from './read-escape.ts';

/** The outline of `pattern`; {@link UNKNOWN} when it has something in it that is not known here. */
export function readOutline(pattern: string): Outline {
  const reader: Reader = { text: pattern, at: 0, isFolded: false, isMultiline: false };
  const outline = readAlternatives(reader);
  return outline !== undefined && reader.at === pattern.length ? outline : UNKNOWN;
}

/** How far a pattern has been read; the flags are those of the group. */
type Reader = { readonly text: string; at: number; isFolded: boolean; isMultiline: boolean };
/** A part that was read; `undefined` when it is not known here. */
type Part = Outline | undefined;

const REPEAT = /\{(\d+)(,(\d*))?\}/y;
const GROUP = /\((?:\?P?<\w+>|\?:)?(?!\?)/y;
const FLAGS = /\(\?([imsU]*)(?:-([imsU]+))?([:)])/y;

function readAlternatives(reader: Reader): Part {
  const alternatives: Outline[] = [];
  for (;;) {
    const parts = readParts(reader);
    if (parts === undefined) return undefined;
    alternatives.push(inTurn(parts));
    if (reader.text[reader.at] !== '|') return either(alternatives);
    reader.at += 1;
  }
}

function readParts(reader: Reader): readonly Outline[] | undefined {
  const parts: Outline[] = [];
  while (reader.at < reader.text.length && !'|)'.includes(reader.text.charAt(reader.at))) {
    const part = readRepeats(readPart(reader), reader);
    if (part === undefined) return undefined;
    const text = joined(parts.at(-1), part);
    if (text) parts.splice(-1, 1, text);
    else parts.push(part);
  }
  return parts;
}

// Letters that follow each other are one text, or a long one would be copied letter by letter into all that stands before it.
function joined(before: Part, part: Outline): Part {
  const [head, tail] = [before && textOf(before), textOf(part)];
  if (head === undefined || tail === undefined) return undefined;
  return oneOf([head + tail], before?.isFolded === true || part.isFolded);
}

function textOf({ exact, isLoose, startsAnchored, endsAnchored }: Outline): string | undefined {
  return exact?.length === 1 && !isLoose && !startsAnchored && !endsAnchored ? exact[0] : undefined;
}

function readPart(reader: Reader): Part {
  const char = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0);
  if (char === '(') return readGroup(reader);
  if (char === '[') return readClass(reader);
  if (char === '\\') return readEscaped(reader);
  reader.at += char.length;
  if (char === '.') return UNKNOWN;
  if (char === '^') return reader.isMultiline ? SOME_PLACE : TEXT_START;
  if (char === '$') return reader.isMultiline ? SOME_PLACE : TEXT_END;
  return '*+?'.includes(char) ? undefined : literal(char, reader);
}

function readGroup(reader: Reader): Part {
  const { isFolded, isMultiline } = reader;
  const flags = matchAt(FLAGS, reader);
  if (flags) {
    const [, on = '', off = '', end] = flags;
    if (on.includes('i') || off.includes('i')) reader.isFolded = !off.includes('i');
    if (on.includes('m') || off.includes('m')) reader.isMultiline = !off.includes('m');
    // To RE2 a repetition after flags is one of what stands before them.
    if (end === ')') return '*+?{'.includes(reader.text[reader.at] ?? '-') ? undefined : EMPTY;
  } else if (!matchAt(GROUP, reader)) return undefined;
  const inner = readAlternatives(reader);
  if (inner === undefined || reader.text[reader.at] !== ')') return undefined;
  reader.at += 1;
  reader.isFolded = isFolded;
  reader.isMultiline = isMultiline;
  return inner;
}

function readClass(reader: Reader): Part {
  const found = readCharacterClass(reader.text, reader.at);
  if (found === undefined) return undefined;
  reader.at = found.next;
  return found.chars === undefined ? UNKNOWN : either(found.chars.map((char) => literal(char, reader)));
}

function readEscaped(reader: Reader): Part {
  const found = readEscape(reader.text, reader.at);
  if (found === undefined) return undefined;
  reader.at = found.next;
  return outlineOf(found, reader);
}

function outlineOf({ char, place }: Escape, reader: Reader): Outline {
  if (char !== undefined) return literal(char, reader);
  if (place === undefined) return UNKNOWN;
  return { A: TEXT_START, z: TEXT_END, b: SOME_PLACE, B: SOME_PLACE }[place];
}

function readRepeats(part: Part, reader: Reader): Part {
  let outline = part;
  for (;;) {
    const sign = reader.text[reader.at];
    const counted = sign === '{' ? matchAt(REPEAT, reader) : undefined;
    if (outline === undefined || (counted === undefined && !(sign && '*+?'.includes(sign)))) return outline;
    if (counted) {
      const least = Number(counted[1]);
      const most = counted[2] === undefined ? least : counted[3] ? Number(counted[3]) : Number.POSITIVE_INFINITY;
      outline = repeated(outline, least, most);
    } else {
      reader.at += 1;
      outline = repeated(outline, sign === '+' ? 1 : 0, sign === '?' ? 1 : Number.POSITIVE_INFINITY);
    }
    if (reader.text[reader.at] === '?') reader.at += 1;
  }
}

function literal(char: string, { isFolded }: Reader): Outline {
  const code = char.codePointAt(0) ?? 0;
  // Half a pair is no character of its own in a text, and beyond ASCII cases are not one to one.
  if ((code >= 0xd800 && code <= 0xdfff) || (isFolded && code > 0x7f)) return UNKNOWN;
  return oneOf([char], isFolded && /[a-z]/i.test(char));
}

function matchAt(pattern: RegExp, reader: Reader): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text) ?? undefined;
  if (match) reader.at += match[0].length;
  return match;
}
