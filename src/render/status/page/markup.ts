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
const PLAIN = /^[\x20-\x7e]*$/;
const SPECIAL = /[&<>"']/;
const ADDRESS = /https?:\/\/[^\s<>"]+/gi;
const ENDS = /[.,;:!?'*_~…]$/;
const MANY_BREAKS = /\n\s*\n\s*\n/g;

/** `text` on one line of at most `max` characters, escaped; `instead` when nothing of it can be seen. */
export function line(text: string, max: number, instead = '–'): string {
  if (text.length <= max && PLAIN.test(text) && !SPECIAL.test(text) && text.trim() !== '') return text;
  const shown = cut(oneLine(text.slice(0, MOST_LINE)), max);
  return escaped(shown === '' ? instead : shown);
}

/** A text with its line breaks; addresses of the web in it are links. */
export function prose(text: string): string {
  const shown = boundedText(text.slice(0, 4 * MOST_TEXT).replace(/\r\n?/g, '\n'), MOST_TEXT)
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
