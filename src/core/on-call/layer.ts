/**
 * Layers: a rotation cut to its restrictions.
 *
 * A layer that is closed by its restrictions is absent, and what lies below shows; a layer whose turn is deliberately
 * nobody's is present and hides it. Nothing here compares layers.
 */
import { durationMs } from '../../model/duration.ts';
import { toEpochMs } from '../../model/instant.ts';
import type { LayerDefinition, RotationDefinition } from '../../model/schedule.ts';
import { handoffsFrom } from './handoffs.ts';
import { openSpans, type Restriction } from './restrictions.ts';
import { type Roster, type Rotation, type Turn, turnsIn } from './rotation.ts';
import { clip, overlaps, type Span } from './span.ts';
import { timetableOf } from './timetable.ts';
import { activeTurns, everyHandoff, type TurnCounter } from './turns.ts';
import type { Recurrence } from './wall-clock.ts';
import { type Zone, zoneOf } from './zone.ts';

/** A layer, compiled. */
export type Layer = {
  readonly id: string;
  readonly priority: number;
  readonly zone: Zone;
  readonly rotation: Rotation;
  /** When its restrictions are open within a span; `undefined` when it has none. */
  readonly opens: ((span: Span) => readonly Span[]) | undefined;
  /** The stretches that touch `span` in which the layer is present, ascending, cut to `span`. */
  turns(span: Span): readonly Turn[];
  /** The instants in `span` at which the rotation hands off while it serves, strictly ascending. */
  handoffs(span: Span): readonly number[];
};

/** Open less than a twentieth of the time. */
const RARELY = 20;

/** Compiles a layer whose definition was checked; `position` is its place in the list. */
export function compileLayer(
  definition: LayerDefinition,
  { position, timeZone }: { readonly position: number; readonly timeZone: string },
): Layer {
  const zone = zoneOf(definition.timeZone ?? timeZone);
  const restrictions: readonly Restriction[] = definition.restrictions.map((restriction) => ({
    timetable: timetableOf(restriction, zone),
    durationMs: durationMs(restriction.duration),
  }));
  const rotation = compileRotation(definition.rotation, restrictions, zone);
  const opens = restrictions.length === 0 ? undefined : (span: Span) => openSpans(restrictions, span);

  return {
    id: definition.id,
    priority: definition.priority ?? position,
    zone,
    rotation,
    opens,
    turns(span) {
      const cutTo = (bounds: Span) => turnsIn(bounds, rotation).map((turn) => ({ ...turn, ...clip(turn, bounds) }));
      if (opens === undefined) return cutTo(span);
      const open = opens(span).map((window) => clip(window, span));
      // Where a layer is hardly ever open, its turns in between are not worth counting.
      const openMs = open.reduce((sum, { startAt, endAt }) => sum + endAt - startAt, 0);
      return openMs * RARELY < span.endAt - span.startAt ? open.flatMap(cutTo) : intersect(cutTo(span), open);
    },
    handoffs(span) {
      const served = clip(span, rotation.service);
      const instants = [...handoffsFrom(served, rotation.timetable)].map(({ at }) => at);
      return instants.filter((at) => at >= served.startAt);
    },
  };
}

function compileRotation(definition: RotationDefinition, restrictions: readonly Restriction[], zone: Zone): Rotation {
  const { participants, startIndex, handoffsPerTurn, earlier = [], from, until } = definition;
  const former: readonly Roster[] = earlier.map((roster) => ({ ...roster, untilAt: toEpochMs(roster.until) }));
  const timetable = timetableOf(definition, zone);
  const shiftDurationMs = definition.shiftDuration === undefined ? undefined : durationMs(definition.shiftDuration);
  return {
    timetable,
    rosters: [...former, { untilAt: Number.POSITIVE_INFINITY, participants, startIndex }],
    handoffsPerTurn,
    shiftDurationMs,
    service: {
      startAt: from === undefined ? Number.NEGATIVE_INFINITY : toEpochMs(from),
      endAt: until === undefined ? Number.POSITIVE_INFINITY : toEpochMs(until),
    },
    turnsBefore: turnCounter(definition, { timetable, shiftDurationMs, restrictions, zone }),
  };
}

function turnCounter(
  { advance }: RotationDefinition,
  {
    timetable,
    shiftDurationMs,
    restrictions,
    zone,
  }: Pick<Rotation, 'timetable' | 'shiftDurationMs'> & {
    readonly restrictions: readonly Restriction[];
    readonly zone: Zone;
  },
): TurnCounter {
  if (advance !== 'active-only' || restrictions.length === 0) return everyHandoff;
  return activeTurns({
    handoffs: onWallOf(zone, timetable),
    shiftDurationMs,
    windows: restrictions.map((restriction) => ({
      openings: onWallOf(zone, restriction.timetable),
      durationMs: restriction.durationMs,
    })),
  });
}

/** The same in local time of `zone`; hours that are counted as they pass have another clock. */
function onWallOf(zone: Zone, { recurrence, zone: clock }: Rotation['timetable']): Recurrence {
  if (clock === zone) return recurrence;
  const at = (index: number) => {
    const wall = recurrence.at(index);
    return wall === undefined ? undefined : zone.toWall(clock.toInstant(wall));
  };
  return {
    at,
    indexAt(wall) {
      // A time in a gap stands for one after it, at which more may have occurred.
      let index = recurrence.indexAt(clock.toWall(zone.toInstant(wall)));
      while ((at(index) ?? Number.NEGATIVE_INFINITY) > wall) index -= 1;
      return index;
    },
  };
}

function intersect(turns: readonly Turn[], open: readonly Span[]): readonly Turn[] {
  const pieces: Turn[] = [];
  let first = 0;
  for (const turn of turns) {
    while ((open[first]?.endAt ?? Number.POSITIVE_INFINITY) <= turn.startAt) first += 1;
    for (let next = first; ; next += 1) {
      const window = open[next];
      if (window === undefined || !overlaps(window, turn)) break;
      pieces.push({ ...turn, ...clip(turn, window) });
    }
  }
  return pieces;
}
