/**
 * Handoffs: the occurrences of a recurrence as instants of a zone.
 *
 * The handoff in force is the last whose instant has come. Where a zone skips time, two handoffs may fall on one
 * instant: the later one is in force, the earlier one keeps its number and its turn, and never serves. So the
 * handoffs that do take effect strictly increase. Nothing here knows who serves.
 */
import type { Span } from './span.ts';
import { DAY_MS, type Recurrence } from './wall-clock.ts';
import type { Zone } from './zone.ts';

/** When something happens: the occurrences of a recurrence, on the clock that makes instants of them. */
export type Timetable = { readonly recurrence: Recurrence; readonly zone: Zone };

/** One handoff that takes effect, with its number and its local time. */
export type Handoff = { readonly index: number; readonly at: number; readonly wall: number };

/** Farther than this from every change of the clocks local time is plain arithmetic: none ever moved them by more than a day. */
export const CALM_MS = 2 * DAY_MS;

/** The handoff in force at `at`, and all later ones before `span.endAt`, ascending. */
export function* handoffsFrom(span: Span, timetable: Timetable): Generator<Handoff> {
  const inForce = indexOfLastUpTo(span.startAt, timetable);
  let handoff = inForce < 0 ? following(-1, timetable) : handoffOf(inForce, timetable);
  while (handoff !== undefined && handoff.at < span.endAt) {
    yield handoff;
    handoff = following(handoff.index, timetable);
  }
}

/** The next handoff after number `index` that takes effect. */
export function following(index: number, timetable: Timetable): Handoff | undefined {
  const next = handoffOf(index + 1, timetable);
  if (next === undefined) return undefined;
  // Pushed out of a gap, it may be overtaken by handoffs whose local time exists.
  const pushedTo = timetable.zone.toWall(next.at);
  let earliest = next;
  for (let later = handoffOf(index + 2, timetable); later !== undefined && later.wall <= pushedTo; ) {
    if (later.at <= earliest.at) earliest = later;
    later = handoffOf(later.index + 1, timetable);
  }
  return earliest;
}

/** The number of the last occurrence whose instant is at or before `at`; -1 when there is none. */
export function indexOfLastUpTo(at: number, { recurrence, zone }: Timetable): number {
  const { startAt, endAt, offsetMs } = zone.steadyAt(at);
  if (at - startAt > CALM_MS && endAt - at > CALM_MS) return recurrence.indexAt(at + offsetMs);
  // While an hour is lived for the second time, local times up to its end have already had their (first) instant.
  const repeatedMs = Math.max(0, zone.offsetAt(at - DAY_MS) - zone.offsetAt(at));
  let index = recurrence.indexAt(zone.toWall(at) + repeatedMs);
  for (let wall = recurrence.at(index); index >= 0 && wall !== undefined && zone.toInstant(wall) > at; ) {
    index -= 1;
    wall = recurrence.at(index);
  }
  return index;
}

/**
 * Every occurrence whose instant lies in `span`, ascending, each instant once: also those that another one, pushed
 * out of a gap, overtakes.
 */
export function occurrencesIn(span: Span, { recurrence, zone }: Timetable): readonly number[] {
  const instants = new Set<number>();
  // No zone ever skipped or repeated more than a day.
  const lastWall = zone.toWall(span.endAt) + DAY_MS;
  for (let index = Math.max(0, recurrence.indexAt(zone.toWall(span.startAt) - DAY_MS)); ; index += 1) {
    const wall = recurrence.at(index);
    if (wall === undefined || wall > lastWall) break;
    const at = zone.toInstant(wall);
    if (at >= span.startAt && at < span.endAt) instants.add(at);
  }
  return [...instants].toSorted((a, b) => a - b);
}

function handoffOf(index: number, { recurrence, zone }: Timetable): Handoff | undefined {
  const wall = recurrence.at(index);
  return wall === undefined ? undefined : { index, wall, at: zone.toInstant(wall) };
}
