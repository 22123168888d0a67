/**
 * Turns: how many of a rotation's handoffs counted before a given one.
 *
 * Where only active turns count, they are counted on the wall clock, so that the count repeats with the rules and a
 * skipped hour or day counts like any other. Nothing here knows whose turn it is.
 */
import { TocsinError } from '../../errors.ts';
import { leastCommonMultiple, type Recurrence, type Wall } from './wall-clock.ts';

/** How many turns were handed over before the handoff of a given number. */
export type TurnCounter = (index: number) => number;

/** Every handoff is a turn. */
export const everyHandoff: TurnCounter = (index) => index;

/** What decides whether a handoff is an active turn. */
export type ActiveTurns = {
  readonly handoffs: Recurrence;
  /** How long a shift lasts at most, in ms; `undefined` means until the next handoff. */
  readonly shiftDurationMs: number | undefined;
  readonly windows: readonly Windows[];
};

/** Recurring windows of equal length. */
export type Windows = { readonly openings: Recurrence; readonly durationMs: number };

// Where nothing repeats, every handoff since the start must be looked at once: hourly, 22 years.
const MOST_COUNTED = 200_000;

/** Counts the handoffs whose shift has a moment in common with a window. */
export function activeTurns(active: ActiveTurns): TurnCounter {
  const { handoffs, windows } = active;
  // Before the first window opens no turn is active.
  const firstOpening = Math.min(...windows.map(({ openings }) => openings.at(0) ?? Number.POSITIVE_INFINITY));
  const skipped = Math.max(0, handoffs.indexAt(Math.min(firstOpening, LATEST)));
  const turnsBefore: number[] = [0];
  const counted = (index: number) => {
    const toCount = index - skipped;
    if (toCount > MOST_COUNTED) throw tooMany(toCount);
    for (let next = turnsBefore.length; next <= toCount; next += 1)
      turnsBefore.push((turnsBefore[next - 1] ?? 0) + (isActive(skipped + next - 1, active) ? 1 : 0));
    return turnsBefore[Math.max(0, toCount)] ?? 0;
  };

  const round = roundOf(active);
  if (round === undefined) return counted;
  const first = Math.max(skipped, handoffs.indexAt(round.fromWall) + 1);
  return (index) => {
    if (index <= first) return counted(index);
    const rounds = Math.floor((index - first) / round.handoffs);
    const perRound = counted(first + round.handoffs) - counted(first);
    return counted(first + ((index - first) % round.handoffs)) + rounds * perRound;
  };
}

function isActive(index: number, { handoffs, shiftDurationMs, windows }: ActiveTurns): boolean {
  const startWall = handoffs.at(index);
  if (startWall === undefined) return false;
  const nextWall = handoffs.at(index + 1) ?? Number.POSITIVE_INFINITY;
  const endWall = Math.min(nextWall, startWall + (shiftDurationMs ?? Number.POSITIVE_INFINITY));
  return windows.some(({ openings, durationMs }) => {
    // All windows are equally long: the last one that opens before the shift ends is the one that reaches furthest.
    const opening = openings.at(openings.indexAt(endWall === Number.POSITIVE_INFINITY ? LATEST : endWall - 1));
    return opening !== undefined && opening + durationMs > startWall;
  });
}

// The end of the years that a local time can name.
const LATEST: Wall = Date.UTC(10_000, 0, 1) - 1;

type Round = { readonly handoffs: number; readonly fromWall: Wall };

/** After how many handoffs, and from when on, everything repeats; `undefined` when it does not, or not soon enough. */
function roundOf({ handoffs, windows }: ActiveTurns): Round | undefined {
  const own = handoffs.cycle;
  if (own === undefined) return undefined;
  let periodMs = own.periodMs;
  let fromWall = handoffs.at(0) ?? 0;
  for (const { openings, durationMs } of windows) {
    const { cycle } = openings;
    if (cycle === undefined) return undefined;
    periodMs = leastCommonMultiple(periodMs, cycle.periodMs);
    // Before its first window, and while that one may be the only one, a restriction does not repeat yet.
    fromWall = Math.max(fromWall, (openings.at(0) ?? 0) + durationMs);
  }
  const perRound = (periodMs / own.periodMs) * own.count;
  return perRound > MOST_COUNTED / 2 ? undefined : { handoffs: perRound, fromWall };
}

function tooMany(index: number): TocsinError {
  return new TocsinError(
    'UNBOUNDED',
    `Cannot count the active turns of a rotation after ${index} handoffs; ${MOST_COUNTED} is the most for rules that do not repeat. Give the rotation a later start.`,
    { details: { handoff: index, limit: MOST_COUNTED } },
  );
}
