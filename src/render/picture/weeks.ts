/**
 * Weeks: the rows of the picture as data, shifts and gaps cut at their borders and laid in lanes.
 *
 * Places are ms of wall-clock time since the beginning of the row, so that every day is equally wide and 09:00 always
 * lies at the same place, also in the week of a clock change. Nothing here draws.
 */
import type { Schedule, Shift, Stretch } from '../../core/on-call/schedule.ts';
import { DAY_MS, type LocalClock, WEEK_MS } from '../local-clock.ts';
import type { Roster } from '../roster.ts';

/** From `startAt` (in) to `endAt` (out), in epoch ms. */
export type Span = { readonly startAt: number; readonly endAt: number };

/** The part of a shift, of a gap, or of what was not asked about that lies in a row. */
export type Piece<T> = {
  readonly of: T;
  readonly left: number;
  readonly right: number;
  /** Whether it begins here, and not in an earlier row or before the window. */
  readonly begins: boolean;
  readonly ends: boolean;
};

/** A piece of a shift with its lane, from 0: people who are on call together lie in lanes of their own. */
export type Bar = Piece<Shift> & { readonly lane: number };

/** One row. */
export type Week = {
  /** Its beginning, as local time. */
  readonly wall: number;
  readonly bars: readonly Bar[];
  readonly lanes: number;
  readonly gaps: readonly Piece<Stretch>[];
  readonly unasked: readonly Piece<undefined>[];
  readonly now: number | undefined;
  /** By how much clocks are changed on each of the seven days, in ms. */
  readonly clockChanges: readonly number[];
};

/** The beginning of the week that `wall` lies in; `firstDay` is 0 for Sunday. */
export function weekStartOf(wall: number, firstDay: number): number {
  const midnight = Math.floor(wall / DAY_MS) * DAY_MS;
  const weekday = new Date(midnight).getUTCDay();
  return midnight - ((weekday - firstDay + 7) % 7) * DAY_MS;
}

/** The rows that a window touches, in order. */
export function weeksOf(
  schedule: Schedule,
  { startAt, endAt }: Span,
  { clock, roster, firstDay, now }: { clock: LocalClock; roster: Roster; firstDay: number; now: number | undefined },
): Week[] {
  const window = { from: startAt, until: endAt };
  const place = <T>(of: T, span: Span, cut: { start: boolean; end: boolean }): Piece<T> => {
    return {
      of,
      left: clock.axisAt(span.startAt),
      right: clock.axisAt(span.endAt),
      begins: !cut.start,
      ends: !cut.end,
    };
  };
  const shifts = schedule
    .shifts(window)
    .map((shift) => place(shift, spanOf(shift), { start: shift.truncatedStart, end: shift.truncatedEnd }));
  const gaps = schedule.gaps(window).map((gap) => place(gap, spanOf(gap), { start: false, end: false }));

  const first = weekStartOf(clock.wallAt(startAt), firstDay);
  const end = clock.axisAt(endAt);
  const walls = Array.from(
    { length: Math.max(1, Math.ceil((end - first) / WEEK_MS)) },
    (_, row) => first + row * WEEK_MS,
  );
  const nowAt = now === undefined || now < startAt || now >= endAt ? undefined : clock.axisAt(now);
  const outside = [
    { of: undefined, left: first, right: clock.axisAt(startAt), begins: true, ends: true },
    { of: undefined, left: end, right: first + walls.length * WEEK_MS, begins: true, ends: true },
  ].filter(({ left, right }) => left < right);

  const inRow = rowsOf(shifts, first);
  const gapsInRow = rowsOf(gaps, first);
  const outsideInRow = rowsOf(outside, first);
  let lanesBefore: ReadonlyMap<Shift, number> = new Map();
  return walls.map((wall, row) => {
    const bars = inLanes(inRow.get(row) ?? [], lanesBefore, roster);
    lanesBefore = new Map(bars.map(({ of, lane }) => [of, lane]));
    return {
      wall,
      bars,
      lanes: Math.max(1, ...bars.map(({ lane }) => lane + 1)),
      gaps: gapsInRow.get(row) ?? [],
      unasked: outsideInRow.get(row) ?? [],
      now: nowAt !== undefined && nowAt >= wall && nowAt < wall + WEEK_MS ? nowAt - wall : undefined,
      clockChanges: Array.from({ length: 7 }, (_, day) => changeOn(wall + day * DAY_MS, clock)),
    };
  });
}

function spanOf({ start, end }: Stretch): Span {
  return { startAt: start.getTime(), endAt: end.getTime() };
}

/** Cuts what is placed on the axis at the borders of the rows; every piece has at least one row. */
function rowsOf<T>(placed: readonly Piece<T>[], first: number): ReadonlyMap<number, readonly Piece<T>[]> {
  const rows = new Map<number, Piece<T>[]>();
  for (const { of, left, right, begins, ends } of placed) {
    const from = Math.floor((left - first) / WEEK_MS);
    const until = Math.max(from, Math.ceil((right - first) / WEEK_MS) - 1);
    for (let row = from; row <= until; row += 1) {
      const wall = first + row * WEEK_MS;
      const piece = {
        of,
        left: Math.max(0, left - wall),
        right: Math.min(WEEK_MS, right - wall),
        begins: begins && row === from,
        ends: ends && row === until,
      };
      rows.set(row, [...(rows.get(row) ?? []), piece]);
    }
  }
  return rows;
}

/** The lowest free lane for each; whoever goes on, also from the row before, stays in the lane if it is free. */
function inLanes(pieces: readonly Piece<Shift>[], lanesBefore: ReadonlyMap<Shift, number>, roster: Roster): Bar[] {
  const laneBefore = (piece: Piece<Shift>) => lanesBefore.get(piece.of) ?? Number.POSITIVE_INFINITY;
  const ordered = pieces.toSorted(
    (a, b) =>
      a.left - b.left ||
      Math.sign(laneBefore(a) - laneBefore(b)) ||
      roster.placeOf(a.of.user) - roster.placeOf(b.of.user),
  );
  const lanes: { end: number; user: string }[] = [];
  return ordered.map((piece) => {
    const { left, of } = piece;
    const going = lanes.findIndex(({ end, user }) => end === left && user === of.user);
    const free = lanes.findIndex(({ end }) => end <= left);
    const lane = going >= 0 ? going : free >= 0 ? free : lanes.length;
    lanes[lane] = { end: Math.max(piece.right, left + 1), user: of.user };
    return { ...piece, lane };
  });
}

/** By how much clocks go forward (positive) or back on the day that begins at `wall`. */
function changeOn(wall: number, clock: LocalClock): number {
  return clock.offsetAt(clock.instantOf(wall + DAY_MS)) - clock.offsetAt(clock.instantOf(wall));
}
