/**
 * Linting of people: teams without anybody, and users whom nothing names.
 */
import type { Config } from '../../model/config.ts';
import type { ScheduleDefinition } from '../../model/schedule.ts';
import type { Finding } from './finding.ts';

/** What of the people of `config` nothing would ever reach; `schedules` are those that are in force. */
export function lintPeople(config: Config, schedules: readonly ScheduleDefinition[]): readonly Finding[] {
  return [...emptyTeams(config), ...unnamed(config, schedules)];
}

function emptyTeams({ teams }: Config): readonly Finding[] {
  return teams.flatMap(({ id, members, schedule }, place): Finding[] =>
    members.length > 0 || schedule !== undefined
      ? []
      : [
          {
            code: 'TEAM_EMPTY',
            path: `teams[${place}]`,
            message: `team ${id} has no members and no schedule: it owns things for nobody`,
            hint: 'Give it members or a schedule.',
          },
        ],
  );
}

function unnamed(config: Config, schedules: readonly ScheduleDefinition[]): readonly Finding[] {
  const named = new Set([
    ...config.teams.flatMap(({ members }) => members),
    ...schedules.flatMap(usersOf),
    ...config.escalationPolicies.flatMap(({ steps, fallback }) =>
      [...steps.flatMap(({ targets }) => targets), ...fallback].flatMap((target) =>
        'user' in target ? target.user : [],
      ),
    ),
    ...config.suppression.silences.map(({ author }) => author),
  ]);
  return config.users.flatMap(({ id }, place): Finding[] =>
    named.has(id)
      ? []
      : [
          {
            code: 'USER_UNNAMED',
            path: `users[${place}]`,
            message: `no team, schedule or policy names ${id}: only people can ask them to join`,
            hint: 'Put them into a team or a schedule, unless they are there to be asked by hand.',
          },
        ],
  );
}

function usersOf({ layers, overrides, swaps }: ScheduleDefinition): readonly string[] {
  return [
    ...layers.flatMap(({ rotation }) =>
      [rotation.participants, ...(rotation.earlier ?? []).map(({ participants }) => participants)]
        .flat()
        .flatMap((participant) => participant ?? []),
    ),
    ...overrides.flatMap(({ user, replaces }) => [user, ...(replaces === undefined ? [] : [replaces])]),
    ...swaps.flatMap(({ give, take }) => [give, take]),
  ];
}
