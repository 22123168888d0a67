/**
 * Markdown: text of strangers as plain text in a Markdown page.
 *
 * Every character that could begin markup is escaped, so that a title is never a heading, a link, an image or HTML.
 */
import { cleanText, oneLine } from './clean.ts';

const SPECIAL = /[\\`*_{}[\]#|<>~&!$^]|:(?=\/\/)/g;
const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/**
 * `text` on one line, as plain Markdown text. Not for the beginning of a line, where a dash or a number would begin a list.
 */
export function markdownLine(text: string): string {
  return oneLine(text).replace(SPECIAL, (char) => ENTITIES[char] ?? `\\${char}`);
}

/** `text` as a fenced block; the fence is longer than any run of backticks within. */
export function markdownBlock(text: string): string {
  const clean = cleanText(text);
  const longest = Math.max(2, ...[...clean.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${clean}\n${fence}`;
}
