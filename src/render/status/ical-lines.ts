/**
 * Lines of iCalendar: values escaped, and lines folded.
 *
 * No text ends its line, and no line is longer than 75 octets. Here rather than from a package, since the status page
 * must work for hosts who have none for calendars.
 *
 * @see RFC 5545 3.1 and 3.3.11
 */
import { cleanText } from '../../core/text/clean.ts';

const MOST_OCTETS = 75;

/** `NAME:value` as a line of its own, folded. The value is written as it is. */
export function icalLine(name: string, value: string): string {
  return `${folded(`${name}:${value}`)}\r\n`;
}

/** `text` as a value of the type TEXT. */
export function icalText(text: string): string {
  return cleanText(text)
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');
}

/** `20261129T120000Z` */
export function icalMoment(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** A line that goes on begins with a space, which counts. No character is cut. */
function folded(line: string): string {
  let written = '';
  let octets = 0;
  for (const char of line) {
    const size = octetsOf(char);
    if (octets + size > MOST_OCTETS) {
      written += '\r\n ';
      octets = 1;
    }
    written += char;
    octets += size;
  }
  return written;
}

/** In UTF-8. */
function octetsOf(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
