/**
 * The timeline for a terminal: one line for each entry, in order.
 */

import { oneLine } from '../core/text/clean.ts';
import { cut } from '../core/text/cut.ts';
import { describeEntry, type TimelineItem } from '../core/text/describe-entry.ts';
import { checkTimeZone, formatTime } from './moment.ts';

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
