/**
 * Rotations: whose turn it is, from handoff to handoff.
 *
 * The turn follows from the number of the handoff alone, so the past never changes and any moment is answered
 * without replaying the ones before. Nothing here knows other layers, overrides or swaps.
 */
import { TocsinError } from '../../errors.ts';
import type { Participant } from '../../model/schedule.ts';
import { following, type Handoff, handoffsFrom } from './handoffs.ts';
import { endOf } from './restrictions.ts';
import { clip, overlaps, type Span } from './span.ts';
import { modulo, type Recurrence } from './wall-clock.ts';
import type { Zone } from './zone.ts';

/** One handoff's stretch of duty: who serves from `startAt` to `endAt`. Nobody named means deliberately nobody. */
export type Turn = Span & { readonly handoff: number; readonly users: readonly string[] };

/** A rotation, compiled. */
export type Rotation = {
  readonly recurrence: Recurrence;
  readonly zone: Zone;
  readonly participants: readonly Participant[];
  readonly handoffsPerTurn: number;
  readonly startIndex: number;
  /** How long a shift lasts at most, in ms of wall clock; `undefined` means until the next handoff. */
  readonly shiftDurationMs: number | undefined;
  /** When the rotation serves at all. */
  readonly service: Span;
  /** Which shifts count as turns; `undefined` means all. */
  readonly countsAsTurn: ((shift: Span) => boolean) | undefined;
};

/** The turns that touch `span`, ascending, each cut to the time in which the rotation serves. */
export type TurnsOf = (span: Span) => readonly Turn[];

/** Makes a rotation answer for any span. */
export function compileRotation(rotation: Rotation): TurnsOf {
  const { recurrence, zone, participants, handoffsPerTurn, startIndex, service } = rotation;
  const turnNumber = turnCounter(rotation);

  return (span) => {
    if (participants.length === 0) return [];
    const turns: Turn[] = [];
    for (const handoff of handoffsFrom(clip(span, service), recurrence, zone)) {
      const served = clip(shiftOf(handoff, rotation), service);
      if (served.startAt >= served.endAt || !overlaps(served, span)) continue;
      const turn = Math.floor(turnNumber(handoff.index) / handoffsPerTurn) + startIndex;
      const participant = participants[modulo(turn, participants.length)] ?? [];
      const users = typeof participant === 'string' ? [participant] : participant;
      turns.push({ ...served, handoff: handoff.index, users });
    }
    return turns;
  };
}

function shiftOf(handoff: Handoff, { recurrence, zone, shiftDurationMs }: Rotation): Span {
  const nextAt = following(handoff.index, recurrence, zone)?.at ?? Number.POSITIVE_INFINITY;
  const ownEndAt = shiftDurationMs === undefined ? nextAt : endOf(handoff, shiftDurationMs, zone);
  return { startAt: handoff.at, endAt: Math.min(nextAt, ownEndAt) };
}

// Counting is the one thing that must look at every handoff since the start, so it is bounded: daily, 273 years.
const MAX_COUNTED = 100_000;

/** How many turns were handed over before the handoff of a given number. */
function turnCounter(rotation: Rotation): (index: number) => number {
  const { recurrence, zone, countsAsTurn } = rotation;
  if (countsAsTurn === undefined) return (index) => index;
  const turnsBefore: number[] = [0];

  return (index) => {
    if (index > MAX_COUNTED) {
      throw new TocsinError(
        'UNBOUNDED',
        `Cannot count the active turns of a rotation after ${index} handoffs; ${MAX_COUNTED} is the most. Give the rotation a later start.`,
        { details: { handoff: index, limit: MAX_COUNTED } },
      );
    }
    while (turnsBefore.length <= index) {
      const previous = turnsBefore.length - 1;
      const wall = recurrence.at(previous) ?? 0;
      const shift = shiftOf({ index: previous, wall, at: zone.toInstant(wall) }, rotation);
      const isTurn = shift.startAt < shift.endAt && countsAsTurn(shift);
      turnsBefore.push((turnsBefore[previous] ?? 0) + (isTurn ? 1 : 0));
    }
    return turnsBefore[index] ?? 0;
  };
}
