/**
 * How a number has changed since the report before, in words.
 *
 * There is no percentage of nothing, and none that says no more than that it is much.
 */

import { grouped, percent } from '../facts.ts';
import { type Change, durationText } from './document.ts';

/** How a count has changed; nothing without an earlier one. */
export function countChange(now: number, before: number | undefined): Change | undefined {
  return before === undefined ? undefined : changeOf(now, before, before === 0 ? 'none' : grouped(before));
}

/** How a duration has changed; nothing unless both are known. */
export function durationChange(now: number | undefined, before: number | undefined): Change | undefined {
  if (now === undefined || before === undefined) return undefined;
  return changeOf(now, before, durationText(before));
}

/** How a share has changed, in points: a percentage of a percentage tells nobody anything. */
export function shareChange(now: number | undefined, before: number | undefined): Change | undefined {
  if (now === undefined || before === undefined) return undefined;
  if (percent(now) === percent(before)) return { direction: 'same', text: 'as before' };
  return now > before
    ? { direction: 'up', text: `up from ${percent(before)}` }
    : { direction: 'down', text: `down from ${percent(before)}` };
}

function changeOf(now: number, before: number, from: string): Change {
  if (now === before) return { direction: 'same', text: 'as before' };
  const direction = now > before ? 'up' : 'down';
  const share = Math.abs(now - before) / before;
  // Less than one percent is told as well, and a tenfold of little is no percentage.
  const much = before === 0 || now === 0 || share >= 10 ? '' : ` ${percent(share)},`;
  return { direction, text: `${direction}${much} from ${from}` };
}
