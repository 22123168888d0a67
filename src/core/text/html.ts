/**
 * HTML: text of strangers as plain text in a page, an e-mail or a Telegram message.
 *
 * Pure. Line breaks stay as they are; it never makes a tag of anything but a link that was asked for.
 */
import { replaceSpecial, specialPattern } from './replace-special.ts';
import { webAddress } from './web-address.ts';

const SPECIAL = specialPattern('&<>"\'');
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * `text` for the inside of an element or of a quoted attribute. Escaped once only: twice shows the entities.
 *
 * @example
 * ```ts
 * import { htmlText } from 'tocsin';
 * htmlText('<b> & "c"'); // => '&lt;b&gt; &amp; &quot;c&quot;'
 * ```
 */
export function htmlText(text: string): string {
  return replaceSpecial(text, SPECIAL, (char) => ENTITIES[char]);
}

/**
 * A link, or its text alone when the address is no http or https address.
 *
 * @example
 * ```ts
 * import { htmlLink } from 'tocsin';
 * htmlLink('https://example.org/?a=1&b=2', 'Graph'); // => '<a href="https://example.org/?a=1&amp;b=2">Graph</a>'
 * ```
 */
export function htmlLink(href: string, text: string): string {
  const address = webAddress(href);
  return address === undefined ? htmlText(text) : `<a href="${htmlText(address)}">${htmlText(text)}</a>`;
}
