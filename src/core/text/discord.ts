/**
 * Discord: text of strangers as plain text in the content of a message or of an embed.
 *
 * Pure. Whoever posts sends `allowed_mentions: { parse: [] }` besides; nothing here ever depends on it.
 *
 * @see https://discord.com/developers/docs/reference#message-formatting
 */
import { oneLine } from './clean.ts';
import { isAtLineStart, replaceSpecial, specialPattern } from './replace-special.ts';
import { bracketedAddress, webAddress } from './web-address.ts';

const ANYWHERE = '\\*_~`|<>[]#';
const SPECIAL = specialPattern(`${ANYWHERE}-+.):@`);
const MENTION = /^(?:everyone|here|[!&]?\d)/i;
const LONGEST_MENTION = 8;

/**
 * `text` as it is written: no mention, no link, no emphasis, no heading, no list comes of it. Line breaks stay.
 *
 * @example
 * ```ts
 * import { discordText } from 'tocsin';
 * discordText('# *down* <@42>'); // => '\\# \\*down\\* \\<@\u200b42\\>'
 * ```
 */
export function discordText(text: string): string {
  return replaceSpecial(text, SPECIAL, escaped);
}

/**
 * A link, or its text alone when the address is no http or https address.
 *
 * @example
 * ```ts
 * import { discordLink } from 'tocsin';
 * discordLink('https://example.org/a(b)', 'Graph'); // => '[Graph](<https://example.org/a%28b%29>)'
 * ```
 */
export function discordLink(href: string, text: string): string {
  const address = webAddress(href);
  const label = discordText(oneLine(text));
  return address === undefined || label === '' ? label : `[${label}](<${bracketedAddress(address)}>)`;
}

function escaped(char: string, index: number, text: string): string | undefined {
  switch (char) {
    case '-':
    case '+':
      return isAtLineStart(text, index) ? `\\${char}` : undefined;
    case '.':
    case ')':
      return endsNumber(text, index) ? `\\${char}` : undefined;
    case ':':
      // What would become a link by itself.
      return text.startsWith('//', index + 1) ? '\\:' : undefined;
    case '@':
      return MENTION.test(text.slice(index + 1, index + 1 + LONGEST_MENTION)) ? '@\u200b' : undefined;
    default:
      return `\\${char}`;
  }
}

/** Whether a number stands before `index`, and nothing before that in its line: the beginning of a list. */
function endsNumber(text: string, index: number): boolean {
  let first = index;
  while (isDigit(text.charCodeAt(first - 1))) first -= 1;
  return first < index && isAtLineStart(text, first);
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
