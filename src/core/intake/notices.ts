/**
 * Notices of a maintenance: when listeners are told that a window begins or ends, and of each some time before.
 *
 * Pure.
 */
import type { Windows } from './quiet.ts';

/** Something that listeners are told of a window. Moments are epoch ms. */
export type Notice = {
  readonly at: number;
  /** `starts` and `ends` come before the moment they speak of; `started` and `ended` at it. */
  readonly what: 'starts' | 'started' | 'ends' | 'ended';
  /** The moment it speaks of. */
  readonly of: number;
};

/** The notices that come first after `after`; several may come at one moment. None when there are no more windows. */
export function nextNotices(windows: Windows, leadsMs: readonly number[], after: number): readonly Notice[] {
  const all = [0, ...leadsMs].flatMap((leadMs) => [
    ...beginnings(windows, leadMs, after),
    ...endings(windows, leadMs, after),
  ]);
  return earliest(all);
}

/** As {@link nextNotices}, but only of beginnings, some time before each. */
export function nextReminders(windows: Windows, leadsMs: readonly number[], after: number): readonly Notice[] {
  return earliest(leadsMs.flatMap((leadMs) => beginnings(windows, leadMs, after)));
}

/** Those that come first. */
export function earliest(notices: readonly Notice[]): readonly Notice[] {
  const first = Math.min(...notices.map(({ at }) => at));
  return notices.filter(({ at }) => at === first);
}

function beginnings(windows: Windows, leadMs: number, after: number): readonly Notice[] {
  const of = windows.after(after + leadMs)?.from;
  return of === undefined ? [] : [{ at: of - leadMs, what: leadMs === 0 ? 'started' : 'starts', of }];
}

function endings(windows: Windows, leadMs: number, after: number): readonly Notice[] {
  const of = (windows.at(after + leadMs) ?? windows.after(after + leadMs))?.until;
  // A window that is shorter than the notice of its end is only told of when it begins.
  return of === undefined ? [] : [{ at: of - leadMs, what: leadMs === 0 ? 'ended' : 'ends', of }];
}
