/**
 * Text within a limit that counts after escaping: as much of a message as fits.
 *
 * Pure. It never cuts what is escaped already, so that no escape is parted.
 */
import { oneLine } from '../../core/text/clean.ts';
import { plainText } from '../../core/text/plain-text.ts';
import type { Message } from '../../model/message.ts';

/**
 * `write` of the plain text of `message`, which asks for less and less text until `sizeOf` of what is written is at most `max`.
 */
export function textWithin<T>(
  message: Message,
  { max, write, sizeOf }: { readonly max: number; write(text: string): T; sizeOf(written: T): number },
): T {
  // What says nothing else is called by its delivery: channels refuse an empty text.
  const named = { ...message, title: oneLine(message.title) || message.deliveryId };
  let room = max;
  for (;;) {
    const written = write(plainText(named, { max: room }));
    const excess = sizeOf(written) - max;
    if (excess <= 0 || room === 0) return written;
    // An escape makes two characters of one at most: half the excess has to go in any case.
    room = Math.max(0, room - Math.ceil(excess / 2));
  }
}
