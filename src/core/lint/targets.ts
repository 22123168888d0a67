/**
 * Targets in the time ahead: whom a step may ask at any moment of it.
 *
 * Pure. A schedule of which nothing is known may reach anybody: of such a step nothing is found.
 */
import type { Target } from '../../model/escalation.ts';
import type { Team, User } from '../../model/user.ts';
import type { LookAhead } from './look-ahead.ts';

/** Who may be asked. */
export type World = {
  readonly users: ReadonlyMap<string, User>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly lookAhead: LookAhead;
};

/** Everybody whom `targets` may mean within the time ahead, each once; `isKnown` when there can be no others. */
export function peopleOf(
  targets: readonly Target[],
  world: World,
): { readonly users: readonly User[]; readonly isKnown: boolean } {
  const ids = new Set<string>();
  let isKnown = true;
  for (const target of targets) {
    for (const user of namedBy(target, world.teams)) ids.add(user);
    const schedule = scheduleOf(target, world.teams);
    if (schedule === undefined) continue;
    const outlook = world.lookAhead(schedule);
    if (outlook === undefined || 'error' in outlook) isKnown = false;
    else for (const user of isEveryone(target) ? outlook.participants : outlook.users) ids.add(user);
  }
  return { users: [...ids].flatMap((id) => world.users.get(id) ?? []), isKnown };
}

/** The schedule that a target means, by itself or as that of a team. */
export function scheduleOf(target: Target, teams: ReadonlyMap<string, Team>): string | undefined {
  if ('schedule' in target) return target.schedule;
  return 'team' in target && !target.everyone ? teams.get(target.team)?.schedule : undefined;
}

/** Whether a target means whoever is on call at that moment: when nobody is, it reaches nobody. */
export function isOfNow(target: Target): boolean {
  return !('who' in target) || target.who === undefined || target.who === 'now';
}

/** People for a sentence, at most three of them. */
export function namesOfUsers(users: readonly Pick<User, 'id'>[]): string {
  const shown = users.slice(0, 3).map(({ id }) => id);
  const more = users.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}

function isEveryone(target: Target): boolean {
  return 'who' in target && target.who === 'everyone';
}

function namedBy(target: Target, teams: ReadonlyMap<string, Team>): readonly string[] {
  if ('user' in target) return [target.user];
  return 'team' in target && target.everyone ? (teams.get(target.team)?.members ?? []) : [];
}
