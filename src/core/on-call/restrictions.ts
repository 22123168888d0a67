/**
 * Restrictions: the recurring windows of local time in which a layer serves.
 *
 * A window ends at the local time that its duration leads to, so that windows which touch on the wall clock touch
 * in time, also in the night of a clock change. Nothing here knows rotations.
 */
import { handoffsFrom, type Timetable } from './handoffs.ts';
import type { Span } from './span.ts';
import { overlaps, unite } from './span.ts';
import type { Wall } from './wall-clock.ts';
import type { Zone } from './zone.ts';

/** One restriction, compiled. */
export type Restriction = { readonly timetable: Timetable; readonly durationMs: number };

/** The union of all windows that touch `span`, ascending and disjoint. The outer ones may reach beyond it. */
export function openSpans(restrictions: readonly Restriction[], span: Span): readonly Span[] {
  const windows: Span[] = [];
  for (const { timetable, durationMs } of restrictions) {
    // All windows of a restriction are equally long: the one that opened last covers what the earlier ones still would.
    for (const { at, wall } of handoffsFrom(span, timetable)) {
      windows.push({ startAt: at, endAt: endOf({ at, wall }, durationMs, timetable.zone) });
    }
  }
  return unite(windows.filter((window) => overlaps(window, span)));
}

/**
 * The instant at which something that starts at local time `wall` (instant `at`) ends after `durationMs` of wall clock.
 * What a gap would swallow whole lasts its duration instead.
 */
export function endOf(
  { at, wall }: { readonly at: number; readonly wall: Wall },
  durationMs: number,
  zone: Zone,
): number {
  const endAt = zone.toInstant(wall + durationMs);
  return endAt > at ? endAt : at + durationMs;
}
