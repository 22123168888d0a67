/**
 * foldAlertChanges: what several events of one key do to its alerts, as few changes.
 *
 * Pure. The result does what the changes do one after the other, no more and no less.
 */
import { type AlertChange, changedAlert } from '../../model/alert.ts';

/** Repeats of an alert become one, and what happens to an alert that is opened here becomes part of its opening. */
export function foldAlertChanges(changes: readonly AlertChange[]): readonly AlertChange[] {
  const folded: AlertChange[] = [];
  /** Where the last change of each alert stands in `folded`. */
  const places = new Map<string, number>();
  for (const change of changes) {
    const id = change.type === 'open' ? change.alert.id : change.id;
    const place = places.get(id);
    const earlier = place === undefined ? undefined : folded[place];
    const joined = earlier === undefined ? undefined : join(earlier, change);
    if (place !== undefined && joined !== undefined) folded[place] = joined;
    else places.set(id, folded.push(change) - 1);
  }
  return folded;
}

/** One change that does what both do; `undefined` when there is none. */
function join(earlier: AlertChange, later: AlertChange): AlertChange | undefined {
  if (later.type === 'open') return undefined;
  if (earlier.type === 'open') return { type: 'open', alert: changedAlert(earlier.alert, later) };
  if (earlier.type !== 'repeat' || later.type !== 'repeat') return undefined;
  return {
    ...earlier,
    seenAt: Math.max(earlier.seenAt, later.seenAt),
    times: (earlier.times ?? 1) + (later.times ?? 1),
  };
}
