/**
 * Descriptions: one sentence for each entry of a timeline, be it an event or a delivery that has ended.
 */
import type { Delivery } from '../../model/delivery.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import { describeEvent } from './describe-event.ts';
import { type Say, sayWith, type Words } from './words.ts';

/** An entry of a timeline: an event, or a delivery that has ended. */
export type TimelineItem =
  | { readonly kind: 'event'; readonly at: Date | number; readonly event: TimelineEvent }
  | { readonly kind: 'delivery'; readonly at: Date | number; readonly delivery: Delivery };

/** One sentence about an entry of a timeline; `words` as for an event. */
export function describeEntry(entry: TimelineItem, words: Words = {}): string {
  if (entry.kind === 'event') return describeEvent(entry.event, words);
  const { state, error = 'no reason given' } = entry.delivery;
  const say = sayWith(words);
  const { done, what } = describeDelivery(entry.delivery, say);
  return state === 'sent' ? `${done}.` : `Could not ${what}${say.because(say.error(error))}`;
}

function describeDelivery({ purpose, user, channel, notifier }: Delivery, say: Say) {
  const who = user === undefined ? `#${say.text(String(channel))}` : say.named(user);
  if (purpose === 'room') return { done: `Kept its ${notifier} up to date`, what: `keep its ${notifier} up to date` };
  if (purpose === 'mirror') return { done: `Mirrored by ${notifier}`, what: `mirror by ${notifier}` };
  if (purpose === 'update') {
    const message = `the message to ${who} by ${notifier}`;
    return { done: `Brought ${message} up to date`, what: `bring ${message} up to date` };
  }
  return { done: `Reached ${who} by ${notifier}`, what: `reach ${who} by ${notifier}` };
}
