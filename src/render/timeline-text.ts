/**
 * The timeline for a terminal: one line for each entry, in order.
 */

import { oneLine } from '../core/text/clean.ts';
import { cut } from '../core/text/cut.ts';
import type { Delivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import { describeEvent } from './describe-event.ts';
import { checkTimeZone, formatTime } from './moment.ts';

/** An entry of a timeline: an event, or a delivery that has ended. */
export type TimelineItem =
  | { readonly kind: 'event'; readonly at: Date | number; readonly event: TimelineEvent }
  | { readonly kind: 'delivery'; readonly at: Date | number; readonly delivery: Delivery };

/** How a timeline is shown. */
export type TimelineOptions = { readonly timeZone?: string; readonly width?: number };

/**
 * One line for each entry: local time, then what happened. Control characters of strangers are gone.
 *
 * @throws TocsinError INPUT_INVALID when the time zone is not known.
 */
export function timelineText(entries: readonly TimelineItem[], options: TimelineOptions = {}): string {
  const { timeZone = 'UTC', width = 110 } = options;
  checkTimeZone(timeZone);
  return entries
    .map((entry) => `${formatTime(entry.at, timeZone)}  ${cut(oneLine(describeEntry(entry)), width)}`)
    .join('\n');
}

/** One sentence about an entry of a timeline. */
export function describeEntry(entry: TimelineItem): string {
  if (entry.kind === 'event') return describeEvent(entry.event);
  const { state, error = 'no reason given' } = entry.delivery;
  const { done, what } = describeDelivery(entry.delivery);
  return state === 'sent' ? `${done}.` : `Could not ${what}: ${error}.`;
}

function describeDelivery({ purpose, user, channel, notifier }: Delivery) {
  const who = user ?? `#${channel}`;
  if (purpose === 'room') return { done: `Kept its ${notifier} up to date`, what: `keep its ${notifier} up to date` };
  if (purpose === 'mirror') return { done: `Mirrored by ${notifier}`, what: `mirror by ${notifier}` };
  if (purpose === 'update') {
    const message = `the message to ${who} by ${notifier}`;
    return { done: `Brought ${message} up to date`, what: `bring ${message} up to date` };
  }
  return { done: `Reached ${who} by ${notifier}`, what: `reach ${who} by ${notifier}` };
}
