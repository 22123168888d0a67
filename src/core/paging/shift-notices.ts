/**
 * Shift notices: who is to be told when of their time on call, by a schedule as it stands.
 *
 * Pure. It only looks at the schedule: a swap or an override that is laid on it changes who is told. It never knows who was
 * told already.
 */
import { durationMs } from '../../model/duration.ts';
import type { User } from '../../model/user.ts';
import type { Schedule } from '../on-call/schedule.ts';
import { type Span, unite } from '../on-call/span.ts';

/** Somebody who is to be told of one of their shifts. Instants are epoch ms. */
export type ShiftNotice = {
  /** The same for the same news, whoever works it out. */
  readonly id: string;
  readonly user: string;
  /** `start`, `end`, or how long before the start: `1h`. */
  readonly which: string;
  /** The beginning or the end that it tells of. */
  readonly about: number;
  /** The whole stretch, as far as it was looked at. */
  readonly startAt: number | undefined;
  readonly endAt: number | undefined;
  readonly dueAt: number;
  /** When it is of no use any more: it may be late by its lead. */
  readonly lastAt: number;
};

/** Who wants to hear what. */
export type Listeners = Pick<ReadonlyMap<string, User>, 'get'>;

/** News of a shift that has begun or ended has no lead; so long it is still news. */
const LATEST_MS = 900_000;

/** The notices of `schedule` that are due after `from` and not after `until`, the first first. */
export function shiftNotices(
  schedule: Schedule,
  users: Listeners,
  { from, until }: { readonly from: number; readonly until: number },
): readonly ShiftNotice[] {
  const wanting = listeners(schedule, users);
  if (wanting.size === 0 || until <= from) return [];
  const leads = [...wanting.values()].flat().map(leadOf);
  // A stretch that is cut off by the window begins or ends where nothing is due any more, or not yet.
  const window = { from: from - 1, until: until + Math.max(...leads) + 1 };
  const byUser = Map.groupBy(schedule.shifts(window), ({ user }) => user);
  return [...wanting]
    .flatMap(([user, wanted]) => {
      const stretches = unite((byUser.get(user) ?? []).map(({ start, end }) => spanOf(start, end)));
      return stretches.flatMap((stretch) =>
        wanted.map((which) => noticeOf(schedule.id, user, { stretch, which, window })),
      );
    })
    .filter(({ dueAt }) => dueAt > from && dueAt <= until)
    .sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
}

/** How long before now a notice may have been due and still be sent. */
export function longestLead(schedule: Schedule, users: Listeners): number {
  return Math.max(LATEST_MS, ...[...listeners(schedule, users).values()].flat().map(leadOf));
}

/** Whoever takes part in the schedule and wants to hear of their shifts. */
export function listeners({ definition }: Schedule, users: Listeners): ReadonlyMap<string, readonly string[]> {
  const named = [
    ...definition.layers.flatMap(({ rotation }) => rotation.participants.flatMap((participant) => participant ?? [])),
    ...definition.overrides.map(({ user }) => user),
    ...definition.swaps.map(({ take }) => take),
  ];
  const found = new Map<string, readonly string[]>();
  for (const id of new Set(named)) {
    const wanted = users.get(id)?.notices.shifts ?? [];
    if (wanted.length > 0) found.set(id, [...new Set(wanted)]);
  }
  return found;
}

function leadOf(which: string): number {
  return which === 'start' || which === 'end' ? 0 : durationMs(which);
}

function spanOf(start: Date, end: Date): Span {
  return { startAt: start.getTime(), endAt: end.getTime() };
}

type Told = {
  readonly stretch: Span;
  readonly which: string;
  readonly window: { readonly from: number; readonly until: number };
};

/** Whoever goes on, for another reason or in another layer, neither begins nor ends. */
function noticeOf(schedule: string, user: string, { stretch, which, window }: Told): ShiftNotice {
  const { startAt, endAt } = stretch;
  const leadMs = leadOf(which);
  const about = which === 'end' ? endAt : startAt;
  const dueAt = about - leadMs;
  return {
    id: `shift:${schedule}:${user}:${about}:${which}`,
    user,
    which,
    about,
    startAt: startAt <= window.from ? undefined : startAt,
    endAt: endAt >= window.until ? undefined : endAt,
    dueAt,
    lastAt: dueAt + (leadMs === 0 ? LATEST_MS : leadMs),
  };
}
