/**
 * SMS bodies: a message as one text message of at most three segments.
 *
 * Pure. The keys that answer it are always there: the rest is cut, never they, and no address is shown in part.
 *
 * @see https://www.twilio.com/docs/glossary/what-sms-character-limit
 */
import { plainText } from '../../core/text/plain-text.ts';
import { smsLength, smsText } from '../../core/text/sms.ts';
import { webAddress } from '../../core/text/web-address.ts';
import type { Message } from '../../model/message.ts';
import { answerCode, answerKeys } from '../http/answer-keys.ts';
import { textWithin } from '../http/text-within.ts';

const MAX_SEGMENTS = 3;
const MAX_SEPTETS = MAX_SEGMENTS * 153;
/** How many septets fit where one UTF-16 code unit would stand, and how many one unit of text takes at most (`…`). */
const SEPTETS_PER_UNIT = 153 / 67;
const MOST_PER_UNIT = 3;

/**
 * The title, its lines, the body, what was bundled, one link and the keys, each on lines of their own; the keys as
 * `1=Acknowledge 3=Escalate (4711)`. The link is the first that fits beside everything but the body.
 */
export function smsBody(message: Message): string {
  const keys = keyLine(message);
  const text: Message = { ...message, links: [], actions: [] };
  const facts = plainText({ ...text, body: undefined });
  const link = addressesOf(message).find((address) => sizeOf(joined(facts, [address, ...keys])) <= MAX_SEPTETS);
  const below = link === undefined ? keys : [link, ...keys];
  return textWithin(text, { max: MAX_SEPTETS, write: (above) => joined(above, below), sizeOf });
}

function keyLine(message: Message): readonly string[] {
  const keys = answerKeys(message).map(({ key, label }) => smsText(`${key}=${label}`));
  const code = answerCode(message);
  if (keys.length === 0) return [];
  return [[...keys, ...(code === undefined ? [] : [`(${code})`])].join(' ')];
}

/** Where the actions can be performed, then the other links. */
function addressesOf({ actions, links }: Message): readonly string[] {
  const all = [...actions.map(({ url = '' }) => url), ...links.map(({ href }) => href)];
  return all.flatMap((href) => webAddress(href) ?? []);
}

function joined(above: string, below: readonly string[]): string {
  const lines = above.split('\n').map(smsText);
  return [...lines.filter((line) => line !== ''), ...below].join('\n');
}

/** What asks {@link textWithin} for less as long as there is a segment too many, and never for much too little. */
function sizeOf(text: string): number {
  const { encoding, units, segments } = smsLength(text);
  if (segments <= MAX_SEGMENTS) return 0;
  const septets = encoding === 'gsm-7' ? units : units * SEPTETS_PER_UNIT;
  return MAX_SEPTETS + Math.max(1, Math.ceil(((septets - MAX_SEPTETS) * 2) / MOST_PER_UNIT));
}
