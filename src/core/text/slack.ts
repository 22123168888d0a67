/**
 * Slack: text of strangers as plain text in a field of mrkdwn.
 *
 * Slack has no way to escape its emphasis, so the characters that could begin one become others that look the same. Pure;
 * whoever posts never needs `link_names` or `parse`, and leaves them off.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text
 */
import { oneLine } from './clean.ts';
import { isAtLineStart, replaceSpecial, specialPattern } from './replace-special.ts';
import { webAddress } from './web-address.ts';

const SPECIAL = specialPattern('&<>*~`_@:');
const INSTEAD: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '*': '∗', '~': '∼', '`': 'ˋ' };
const MENTION = /^(?:channel|here|everyone)/i;
const LONGEST_MENTION = 8;
const EMOJI = /[a-z][a-z0-9_+'-]*:(?!\w)/iy;
const LETTER = /[\p{L}\p{N}]/u;
const WORD = /\w/;

/**
 * `text` for a mrkdwn field: no mention, no link, no emphasis, no quotation comes of it. Line breaks stay.
 *
 * @example
 * ```ts
 * import { slackText } from 'tocsin';
 * slackText('<!channel> a & b'); // => '&lt;!channel&gt; a &amp; b'
 * slackText('*disk_full*'); // => '∗disk_full∗'
 * ```
 */
export function slackText(text: string): string {
  return replaceSpecial(text, SPECIAL, instead);
}

/**
 * A link, or its text alone when the address is no http or https address.
 *
 * @example
 * ```ts
 * import { slackLink } from 'tocsin';
 * slackLink('https://example.org/?a=1&b=2', 'Graph|1'); // => '<https://example.org/?a=1&amp;b=2|Graph∣1>'
 * ```
 */
export function slackLink(href: string, text: string): string {
  const address = webAddress(href);
  const label = slackText(oneLine(text)).replaceAll('|', '∣');
  if (address === undefined) return label;
  return `<${address.replaceAll('&', '&amp;')}${label === '' ? '' : `|${label}`}>`;
}

function instead(char: string, index: number, text: string): string | undefined {
  switch (char) {
    case '>':
      // At the beginning of a line even an escaped one makes a quotation.
      return isAtLineStart(text, index) ? '›' : '&gt;';
    case '_':
      return isLetter(text, index - 1) && isLetter(text, index + 1) ? undefined : 'ˍ';
    case '@':
      return MENTION.test(text.slice(index + 1, index + 1 + LONGEST_MENTION)) ? '@\u200b' : undefined;
    case ':':
      return beginsEmoji(text, index) ? ':\u200b' : undefined;
    default:
      return INSTEAD[char];
  }
}

function isLetter(text: string, index: number): boolean {
  return LETTER.test(text.charAt(index));
}

function beginsEmoji(text: string, index: number): boolean {
  if (WORD.test(text.charAt(index - 1))) return false;
  EMOJI.lastIndex = index + 1;
  return EMOJI.test(text);
}
