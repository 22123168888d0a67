/**
 * Rotations: whose turn it is, from handoff to handoff.
 *
 * The turn follows from the number of the handoff alone, so the past never changes and any moment is answered
 * without replaying the ones before. Nothing here knows other layers, overrides or swaps.
 */
import type { Participant } from '../../model/schedule.ts';
import { following, type Handoff, handoffsFrom, type Timetable } from './handoffs.ts';
import { endOf } from './restrictions.ts';
import { clip, overlaps, type Span } from './span.ts';
import type { TurnCounter } from './turns.ts';
import { modulo } from './wall-clock.ts';

/** One handoff's stretch of duty: who serves from `startAt` to `endAt`. Nobody named means deliberately nobody. */
export type Turn = Span & { readonly handoff: number; readonly users: readonly string[] };

/** The participants that take turns at handoffs before `untilAt` (epoch ms); of several lists the first that still holds. */
export type Roster = {
  readonly untilAt: number;
  readonly participants: readonly Participant[];
  /** The participant of turn 0. */
  readonly startIndex: number;
};

/** A rotation, compiled. */
export type Rotation = {
  readonly timetable: Timetable;
  /** Ascending; the last one holds without end. */
  readonly rosters: readonly Roster[];
  readonly handoffsPerTurn: number;
  /** How long a shift lasts at most, in ms of wall clock; `undefined` means until the next handoff. */
  readonly shiftDurationMs: number | undefined;
  /** When the rotation serves at all. */
  readonly service: Span;
  readonly turnsBefore: TurnCounter;
};

/** The turns that touch `span`, ascending, each cut to the time in which the rotation serves. */
export function turnsIn(span: Span, rotation: Rotation): readonly Turn[] {
  const { timetable, service } = rotation;
  const turns: Turn[] = [];
  if (rotation.rosters.every(({ participants }) => participants.length === 0)) return turns;
  for (const handoff of handoffsFrom(clip(span, service), timetable)) {
    const served = clip(shiftOf(handoff, rotation), service);
    if (served.startAt >= served.endAt || !overlaps(served, span)) continue;
    const { roster, place } = placeOf(handoff, rotation);
    const participant = roster.participants[place];
    // A roster without anybody is a gap that hides nothing; `null` is deliberately nobody.
    if (participant === undefined) continue;
    const users = participant === null ? [] : typeof participant === 'string' ? [participant] : participant;
    turns.push({ ...served, handoff: handoff.index, users });
  }
  return turns;
}

/** The number of the turn that a handoff begins or goes on with, the roster it is taken from, and the place in it. */
export function placeOf(
  handoff: Handoff,
  { rosters, handoffsPerTurn, turnsBefore }: Rotation,
): { readonly turn: number; readonly roster: Roster; readonly place: number } {
  const turn = Math.floor(turnsBefore(handoff.index) / handoffsPerTurn);
  const roster = rosters.find(({ untilAt }) => handoff.at < untilAt) ?? NOBODY;
  return { turn, roster, place: modulo(turn + roster.startIndex, Math.max(1, roster.participants.length)) };
}

const NOBODY: Roster = { untilAt: Number.POSITIVE_INFINITY, participants: [], startIndex: 0 };

function shiftOf(handoff: Handoff, { timetable, shiftDurationMs }: Rotation): Span {
  const nextAt = following(handoff.index, timetable)?.at ?? Number.POSITIVE_INFINITY;
  const ownEndAt = shiftDurationMs === undefined ? nextAt : endOf(handoff, shiftDurationMs, timetable.zone);
  return { startAt: handoff.at, endAt: Math.min(nextAt, ownEndAt) };
}
