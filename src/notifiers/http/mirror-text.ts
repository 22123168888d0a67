/**
 * Mirrors: the key and the texts of an incident on a platform that shows HTML or Markdown in its fields.
 *
 * Pure. No text of a message ever becomes a tag, or a link whose address is hidden. What is counted is UTF-16 code units,
 * never fewer than the characters that a platform counts.
 */
import { createHash } from 'node:crypto';
import { boundedLine, boundedText } from '../../core/text/bounded.ts';
import { cutUnits } from '../../core/text/cut-units.ts';
import { plainText } from '../../core/text/plain-text.ts';
import type { Message } from '../../model/message.ts';
import { mirrorKey, shortMirrorKey } from '../../model/mirror-key.ts';

// What would begin a tag, a comment or an entity, and what would hide an address behind a text.
const MARKUP = /[<&](?=[A-Za-z/!?#])|\](?=[([:])/g;
/** What is left of a text, so that there is room for the invisible spaces. */
const SHARE = 0.8;

/** The key of the mirror, for life: `tocsin:<tenant>:<incident>`, or a hash of that when the platform takes none of its `shape`. */
export function mirrorKeyLike(shape: RegExp, message: Message): string {
  const key = mirrorKey(message);
  return shape.test(key) ? key : shortMirrorKey(createHash('sha256').update(key).digest('hex'));
}

/** The title of the mirror: that of the message, or of its delivery when nothing is left of it. */
export function mirrorTitle({ title, deliveryId }: Message, max: number): string {
  return mirrorLine(title, max) || mirrorLine(deliveryId, max);
}

/** All that the message says. */
export function mirrorBody(message: Message, max: number): string {
  return cutUnits(unmarked(plainText(message, { max: Math.floor(SHARE * max) })), max);
}

/** A note in the words of the message; `undefined` when it brings none. */
export function mirrorNote({ topic, body = '' }: Message, max: number): string | undefined {
  if (topic !== 'note' && topic !== 'update') return undefined;
  return mirrorText(body, max) || undefined;
}

/** `text` on as many lines as it has. */
export function mirrorText(text: string, max: number): string {
  return cutUnits(unmarked(boundedText(text, max).trim()), max);
}

/** `text` on one line. */
export function mirrorLine(text: string, max: number): string {
  return cutUnits(unmarked(boundedLine(text, max)), max);
}

/** `text` with an invisible space where markup would begin. */
function unmarked(text: string): string {
  return text.replace(MARKUP, '$&\u200b');
}
