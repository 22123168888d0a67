/**
 * Thresholds: the alerts of a group that have begun and wait for others.
 *
 * Pure. A group that never reaches its threshold pages nobody; its alerts are stored and listed all the same.
 */
import type { StoredAlert } from '../../model/alert.ts';
import { type Deciding, keyOf, noteOf, type Writes } from './decision.ts';
import type { Group, Threshold } from './group.ts';
import type { Key, Note } from './note.ts';
import type { Quieted } from './suppress.ts';

/** The collection of what has begun in a group. */
export const BEGUN = 'group-begun';

/** An alert that waits for others of its group. */
export type Pending = { readonly key: Key; readonly at: number; readonly alert: StoredAlert; readonly note: Note };

/** The other alerts of the group that began within the time of the threshold, still fire, and wait. */
export function othersBegun(
  { routed, stored, moment }: Deciding,
  { key: id }: Group,
  { withinMs }: Threshold,
): readonly Pending[] {
  const own = keyOf(routed);
  return readBegun(stored.document(BEGUN, id)).flatMap(([routeKey, dedupKey, at]): Pending[] => {
    const key = { routeKey, dedupKey };
    if ((routeKey === own.routeKey && dedupKey === own.dedupKey) || at <= moment.at - withinMs) return [];
    const [alert, note] = [stored.alert(key), noteOf(stored, key)];
    const isWaiting = alert?.status === 'suppressed' && note.suppressed?.kind === 'threshold';
    return isWaiting ? [{ key, at, alert, note }] : [];
  });
}

/** Remembers that the alert has begun, beside the others that still wait. */
export function rememberBegun(
  { routed, moment }: Deciding,
  { key: id, threshold }: Group,
  others: readonly Pending[],
): Writes['documents'][number] {
  const { routeKey, dedupKey } = keyOf(routed);
  const begun = [...others.map(({ key, at }) => [key.routeKey, key.dedupKey, at]), [routeKey, dedupKey, moment.at]];
  return { collection: BEGUN, id, data: begun, expiresAt: moment.at + (threshold?.withinMs ?? 0) };
}

/** Why an alert waits. */
export function waitingFor({ grouping, threshold }: Group, others: number): Quieted {
  const why = `group ${grouping} pages from ${threshold?.alerts} alerts within its time on; this is number ${others + 1}`;
  return { kind: 'threshold', id: grouping, atEnd: 'reroute', why };
}

function readBegun(data: unknown): readonly (readonly [string, string, number])[] {
  if (!Array.isArray(data)) return [];
  return data.flatMap((entry: unknown) => {
    if (!Array.isArray(entry)) return [];
    const [routeKey, dedupKey, at] = entry;
    const isRead = typeof routeKey === 'string' && typeof dedupKey === 'string' && typeof at === 'number';
    return isRead ? [[routeKey, dedupKey, at] as const] : [];
  });
}
