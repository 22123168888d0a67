/**
 * Texts of people on a status page, as markup.
 *
 * It is the only way from a text to the page: nothing that somebody wrote gets past it as a tag, an attribute or a
 * character that HTML forbids.
 */
import { boundedText } from '../../../core/text/bounded.ts';
import { oneLine } from '../../../core/text/clean.ts';
import { cut } from '../../../core/text/cut.ts';
import { htmlText } from '../../../core/text/html.ts';
import { webAddress } from '../../../core/text/web-address.ts';

/** The most characters of a title, as people see them. */
export const TITLE = 300;
/** The most characters of a name. */
export const NAME = 120;
const MOST_TEXT = 20_000;
// Of a line no more is looked at.
const MOST_LINE = 12_000;
const NO_CHARACTERS = /\p{Noncharacter_Code_Point}/gu;
// More marks on one letter than any language has: they would cover what stands around them.
const PILED_UP = /(\p{M}{8})\p{M}+/gu;
const PLAIN = /^[\x20-\x7e]*$/;
const SPECIAL = /[&<>"']/;
const ADDRESS = /https?:\/\/[^\s<>"]+/gi;
const ENDS = /[.,;:!?'*_~…]$/;
// Hebrew, Arabic and their like, and the marks that have their direction. A text without them reads the same either way.
const FROM_THE_RIGHT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff]|[\ud802\ud803\ud83a\ud83b]/;
const MANY_BREAKS = /\n\s*\n\s*\n/g;

/** `text` on one line of at most `max` characters, escaped; `instead` when nothing of it can be seen. */
export function line(text: string, max: number, instead = '–'): string {
  if (text.length <= max && PLAIN.test(text) && !SPECIAL.test(text) && text.trim() !== '') return text;
  const shown = cut(oneLine(text.slice(0, MOST_LINE)).replace(PILED_UP, '$1'), max);
  return escaped(shown === '' ? instead : shown);
}

/** The attribute of an element around `text`: a direction of its own, if anything in it is written from the right. */
export function dirOf(text: string): string {
  return FROM_THE_RIGHT.test(text) ? ' dir=auto' : '';
}

/** `markup` of a text within a line of others, so that it cannot turn around what stands beside it. */
export function apart(markup: string): string {
  return FROM_THE_RIGHT.test(markup) ? `<bdi>${markup}</bdi>` : markup;
}

/** A text with its line breaks; addresses of the web in it are links. */
export function prose(text: string): string {
  const shown = boundedText(text.slice(0, 4 * MOST_TEXT).replace(/\r\n?/g, '\n'), MOST_TEXT)
    .replace(PILED_UP, '$1')
    .replace(MANY_BREAKS, '\n\n')
    .trim();
  if (!shown.includes('://')) return escaped(shown);
  let written = '';
  let done = 0;
  for (const { 0: found, index } of shown.matchAll(ADDRESS)) {
    const address = withoutEnd(found);
    const link = linkTo(address);
    if (link === undefined) continue;
    written += escaped(shown.slice(done, index)) + link;
    done = index + address.length;
  }
  return written + escaped(shown.slice(done));
}

/** A link of the host that may be relative; `undefined` for one that leads anywhere else than to a page, mail or calendar. */
export function hostLink(href: string | undefined): string | undefined {
  if (href === undefined || !/^[\x21-\x7e]{1,2048}$/.test(href)) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href)?.[1]?.toLowerCase();
  return scheme === undefined || ['http', 'https', 'mailto', 'webcal'].includes(scheme) ? escaped(href) : undefined;
}

/** `text` for the inside of an element or of a quoted attribute. */
export function escaped(text: string): string {
  return htmlText(text).replace(NO_CHARACTERS, '\ufffd');
}

function linkTo(address: string): string | undefined {
  const href = webAddress(address);
  if (href === undefined) return undefined;
  return `<a href="${escaped(href)}" rel="nofollow noopener noreferrer">${escaped(address)}</a>`;
}

/** An address without the punctuation of the sentence that it stands in; brackets that it opened itself stay. */
function withoutEnd(found: string): string {
  let open = found.split('(').length - found.split(')').length;
  let end = found.length;
  for (;;) {
    const last = found.charAt(end - 1);
    if (last === ')' && open < 0) open += 1;
    else if (last !== ']' && last !== '}' && !ENDS.test(last)) return found.slice(0, end);
    end -= 1;
  }
}
