/**
 * Looking ahead: who is on call in the time that comes, each schedule worked out once and only when it is asked for.
 *
 * What cannot be worked out, or is too much, is unknown, and nothing is found in it.
 */

import type { Schedule } from '../on-call/schedule.ts';
import { complement, type Span, unite } from '../on-call/span.ts';
import { DAY_MS } from '../on-call/wall-clock.ts';
import { participantsOf } from '../paging/candidates.ts';

/** How far is looked ahead. */
export const LOOK_AHEAD_DAYS = 90;
/** So many schedules are worked out. */
const MOST_SCHEDULES = 500;

/** The time ahead. */
export type Ahead = Span;

/** What a schedule says of the time ahead, and who takes part in it at all, or why it cannot be asked. */
export type Outlook =
  | { readonly users: ReadonlySet<string>; readonly participants: ReadonlySet<string>; readonly gaps: readonly Span[] }
  | { readonly error: string };

/** Asks the schedule of that id; `undefined` when there is none, or too many were asked already. */
export type LookAhead = (scheduleId: string) => Outlook | undefined;

/** The time ahead of `at`. */
export function aheadOf(at: number): Ahead {
  return { startAt: at, endAt: at + LOOK_AHEAD_DAYS * DAY_MS };
}

/** Looks ahead in `schedules`. */
export function lookingAhead(schedules: ReadonlyMap<string, Schedule>, ahead: Ahead): LookAhead {
  const known = new Map<string, Outlook>();
  return (id) => {
    const schedule = schedules.get(id);
    const found = known.get(id);
    if (found !== undefined || schedule === undefined || known.size >= MOST_SCHEDULES) return found;
    const outlook = outlookOf(schedule, ahead);
    known.set(id, outlook);
    return outlook;
  };
}

function outlookOf(schedule: Schedule, span: Span): Outlook {
  try {
    const shifts = schedule.shifts({ from: span.startAt, until: span.endAt });
    const served = unite(shifts.map(({ start, end }) => ({ startAt: start.getTime(), endAt: end.getTime() })));
    const participants = new Set(participantsOf(schedule).map(({ user }) => user));
    return { users: new Set(shifts.map(({ user }) => user)), participants, gaps: complement(served, span) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
