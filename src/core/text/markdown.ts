/**
 * Markdown: text of strangers as plain text in a Markdown page, and in the cards of Microsoft Teams.
 *
 * Every character that could begin markup is escaped, so that a title is never a heading, a link, an image or HTML.
 */
import { cleanText, oneLine } from './clean.ts';
import { bracketedAddress, webAddress } from './web-address.ts';

const SPECIAL = /[\\`*_{}[\]#|<>~&!$^]|:(?=\/\/)/g;
const LIST = /^(?:[-+=]|\d+[.)])/;
const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/**
 * `text` on one line, as plain Markdown text. Not for the beginning of a line, where a dash or a number would begin a list.
 */
export function markdownLine(text: string): string {
  return oneLine(text).replace(SPECIAL, (char) => ENTITIES[char] ?? `\\${char}`);
}

/**
 * `text` as paragraphs of plain text, one for each line; empty lines go.
 *
 * @example
 * ```ts
 * import { markdownText } from 'tocsin';
 * markdownText('1. look\n<at>all</at>'); // => '1\\. look\n\n&lt;at&gt;all&lt;/at&gt;'
 * ```
 */
export function markdownText(text: string): string {
  const lines = cleanText(text).split('\n').map(markdownLine);
  return lines
    .filter((line) => line !== '')
    .map((line) => line.replace(LIST, (found) => `${found.slice(0, -1)}\\${found.slice(-1)}`))
    .join('\n\n');
}

/**
 * A link, or its text alone when the address is no http or https address.
 *
 * @example
 * ```ts
 * import { markdownLink } from 'tocsin';
 * markdownLink('https://example.org/a(b)', 'Graph'); // => '[Graph](<https://example.org/a%28b%29>)'
 * ```
 */
export function markdownLink(href: string, text: string): string {
  const address = webAddress(href);
  const label = markdownLine(text);
  return address === undefined || label === '' ? label : `[${label}](<${bracketedAddress(address)}>)`;
}

/** `text` as a fenced block; the fence is longer than any run of backticks within. */
export function markdownBlock(text: string): string {
  const clean = cleanText(text);
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${clean}\n${fence}`;
}
