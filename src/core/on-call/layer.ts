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
import { compileRecurrence } from './recurrence.ts';
import { openSpans, type Restriction } from './restrictions.ts';
import { compileRotation, type Turn } from './rotation.ts';
import { parseRule } from './rrule.ts';
import { clip, overlaps, type Span } from './span.ts';
import { parseWall, type Recurrence } from './wall-clock.ts';
import { type Zone, zoneOf } from './zone.ts';

/** A layer, compiled. */
export type Layer = {
  readonly id: string;
  readonly priority: number;
  /** The stretches that touch `span` in which the layer is present, ascending, cut to `span`. */
  turns(span: Span): readonly Turn[];
  /** The instants in `span` at which the rotation hands off while it serves, strictly ascending. */
  handoffs(span: Span): readonly number[];
};

/** A recurrence as it is written, with its zone beside it. */
export type RecurrenceText = {
  readonly start: string;
  readonly rrule: string;
  readonly rdates?: readonly string[] | undefined;
  readonly exdates?: readonly string[] | undefined;
};

/** Compiles a layer whose definition was checked; `position` is its place in the list. */
export function compileLayer(
  definition: LayerDefinition,
  { position, timeZone }: { readonly position: number; readonly timeZone: string },
): Layer {
  const zone = zoneOf(definition.timeZone ?? timeZone);
  const { rotation } = definition;
  const recurrence = recurrenceOf(rotation, zone);
  const service = serviceOf(rotation);
  const restrictions: readonly Restriction[] = definition.restrictions.map((restriction) => ({
    recurrence: recurrenceOf(restriction, zone),
    durationMs: durationMs(restriction.duration),
  }));
  const isRestricted = restrictions.length > 0;
  const isActiveOnly = rotation.advance === 'active-only' && isRestricted;
  const turnsOf = compileRotation({
    ...rotation,
    recurrence,
    zone,
    service,
    shiftDurationMs: rotation.shiftDuration === undefined ? undefined : durationMs(rotation.shiftDuration),
    countsAsTurn: isActiveOnly ? (shift) => openSpans(restrictions, shift, zone).length > 0 : undefined,
  });

  return {
    id: definition.id,
    priority: definition.priority ?? position,
    turns(span) {
      const turns = turnsOf(span).map((turn) => ({ ...turn, ...clip(turn, span) }));
      return isRestricted ? intersect(turns, openSpans(restrictions, span, zone)) : turns;
    },
    handoffs(span) {
      const served = clip(span, service);
      const instants = [...handoffsFrom(served, recurrence, zone)].map(({ at }) => at);
      return instants.filter((at) => at >= served.startAt);
    },
  };
}

/** Compiles a recurrence whose text was checked. */
export function recurrenceOf({ start, rrule, rdates, exdates }: RecurrenceText, zone: Zone): Recurrence {
  const parsed = parseRule(rrule);
  const startWall = parseWall(start);
  if ('problem' in parsed || startWall === undefined) return { at: () => undefined, indexAt: () => -1 };
  return compileRecurrence({
    start: startWall,
    rule: parsed.rule,
    rdates: walls(rdates),
    exdates: walls(exdates),
    zone,
  });
}

function walls(texts: readonly string[] | undefined): readonly number[] {
  return (texts ?? []).map(parseWall).filter((wall) => wall !== undefined);
}

function serviceOf({ from, until }: RotationDefinition): Span {
  return {
    startAt: from === undefined ? Number.NEGATIVE_INFINITY : toEpochMs(from),
    endAt: until === undefined ? Number.POSITIVE_INFINITY : toEpochMs(until),
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
