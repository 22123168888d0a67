/**
 * Looking ahead: whether somebody whom targets name can be asked at the quarters of an hour to come.
 *
 * Pure, and bounded: each schedule is worked out once for the whole time, only when it is asked for, and only so many are.
 */
import type { Target } from '../../model/escalation.ts';
import type { Urgency } from '../../model/user.ts';
import { type Candidate, namedBy, type People, participantsOf, whereaboutsOf } from './candidates.ts';
import { placeName, type Whereabouts } from './gate.ts';
import { recipientOf } from './resolve-targets.ts';

export const QUARTER_MS = 900_000;
/** How many schedules, or moments of one, are worked out. */
const MOST_RESOLUTIONS = 200;

/** Whether somebody who is there may be asked. */
export type Visit = (where: Whereabouts) => boolean;

/**
 * Whether somebody whom the targets name, and whom `mayAsk` lets through, can be asked at a full quarter; `undefined` when
 * it may not be found out any more.
 */
export type Look = (targets: readonly Target[], at: number, mayAsk?: Visit) => boolean | undefined;

type Span = { readonly startAt: number; readonly endAt: number };

/** People in one place, whom every gate treats alike, and when they can be asked; always when nothing is said. */
type Group = { readonly where: Whereabouts; readonly quarters?: Set<number> };

/** Looks ahead throughout `span`. */
export function lookingAhead(people: People, urgency: Urgency, span: Span): Look {
  const groups = new Map<string, readonly Group[]>();
  const reachable = new Map<string, boolean>();
  let resolutions = 0;

  const canReach = (user: string): boolean => {
    const known = reachable.get(user);
    if (known !== undefined) return known;
    const found = recipientOf(user, { target: { user } }, people, { urgency, at: span.startAt }) !== undefined;
    reachable.set(user, found);
    return found;
  };

  const remembered = (key: string, workOut: () => readonly Group[]): readonly Group[] => {
    const known = groups.get(key) ?? workOut();
    groups.set(key, known);
    return known;
  };

  /** Whoever is named whatever the time is. */
  const always = (key: string, candidates: () => readonly Candidate[]) =>
    remembered(key, () =>
      grouped(
        candidates()
          .filter(({ user }) => canReach(user))
          .map((one) => ({ where: whereaboutsOf(one, people) })),
      ),
    );

  /** Whoever is on call, at the quarters at which they are; a schedule that cannot be worked out has nobody. */
  const onCall = (schedule: string, target: Target): readonly Group[] | undefined => {
    const key = `on call ${schedule}`;
    if (!groups.has(key) && ++resolutions > MOST_RESOLUTIONS) return undefined;
    return remembered(key, () =>
      grouped(
        shiftsOf(schedule, people, span)
          .filter(({ user }) => canReach(user))
          .map(({ user, ...shift }) => ({
            where: whereaboutsOf({ user, reason: { target, schedule } }, people),
            quarters: quartersOf(shift),
          })),
      ),
    );
  };

  const groupsOf = (target: Target): readonly Group[] | undefined => {
    if ('channel' in target) return [];
    if ('user' in target) return always(`user ${target.user}`, () => [{ user: target.user, reason: { target } }]);
    if ('team' in target) {
      const team = people.teams.get(target.team);
      if (target.everyone)
        return always(`team ${target.team}`, () => (team?.members ?? []).map((user) => ({ user, reason: { target } })));
      return team?.schedule === undefined ? [] : onCall(team.schedule, target);
    }
    const { schedule, who } = target;
    if (who !== 'everyone') return onCall(schedule, target);
    const named = people.schedules.get(schedule);
    return always(`everyone ${schedule}`, () =>
      named === undefined ? [] : participantsOf(named).map(({ user }) => ({ user, reason: { target, schedule } })),
    );
  };

  /** Whoever comes next is another one at each moment, and is looked for at each. */
  const next = (target: Target, at: number, mayAsk: Visit): boolean | undefined => {
    if (++resolutions > MOST_RESOLUTIONS) return undefined;
    return namedBy([target], people, at).some(
      (named) =>
        'candidate' in named && canReach(named.candidate.user) && mayAsk(whereaboutsOf(named.candidate, people)),
    );
  };

  return (targets, at, mayAsk = () => true) => {
    let isKnown = true;
    for (const target of targets) {
      const found =
        'schedule' in target && target.who === 'next'
          ? next(target, at, mayAsk)
          : groupsOf(target)?.some(({ where, quarters }) => (quarters?.has(at) ?? true) && mayAsk(where));
      if (found) return true;
      isKnown &&= found !== undefined;
    }
    return isKnown ? false : undefined;
  };
}

/** One group for all in the same place. */
function grouped(
  entries: readonly { readonly where: Whereabouts; readonly quarters?: readonly number[] }[],
): readonly Group[] {
  const byPlace = Map.groupBy(entries, ({ where }) => placeName(where));
  return [...byPlace.values()].flatMap((same): readonly Group[] => {
    const [first] = same;
    if (first === undefined) return [];
    if (first.quarters === undefined) return [{ where: first.where }];
    return [{ where: first.where, quarters: new Set(same.flatMap(({ quarters = [] }) => quarters)) }];
  });
}

function shiftsOf(id: string, { schedules }: People, { startAt, endAt }: Span) {
  try {
    const shifts = schedules.get(id)?.shifts({ from: startAt, until: endAt }) ?? [];
    return shifts.map(({ user, start, end }) => ({ user, startAt: start.getTime(), endAt: end.getTime() }));
  } catch {
    return [];
  }
}

/** The full quarters of an hour within a span. */
function quartersOf({ startAt, endAt }: Span): readonly number[] {
  const first = Math.ceil(startAt / QUARTER_MS) * QUARTER_MS;
  const count = Math.max(0, Math.ceil((endAt - first) / QUARTER_MS));
  return Array.from({ length: count }, (_, n) => first + n * QUARTER_MS);
}
