/**
 * References between the parts of a configuration: every id that is named must exist, once.
 *
 * Also what would page nobody: a fallback without a reachable person, policies that follow each other in a circle.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import type { EscalationPolicy, Target } from '../../model/escalation.ts';
import type { User } from '../../model/user.ts';
import { createSchedule } from '../on-call/schedule.ts';
import { isTimeZone } from '../on-call/zone.ts';
import { contactsOf } from '../paging/contacts.ts';
import { everEnds } from '../paging/quiet-hours.ts';
import { namedUsers } from './named-users.ts';
import { attempt, type ConfigProblem, duplicates, missing, unknown } from './problem.ts';

type Known = {
  readonly [K in 'users' | 'teams' | 'channels' | 'schedules' | 'services' | 'escalationPolicies']: ReadonlySet<string>;
};

const SECTIONS = ['users', 'teams', 'channels', 'schedules', 'services', 'escalationPolicies'] as const;

/** Everything in `config` that names what does not exist, or could reach nobody. */
export function referenceProblems(config: Config, hasDirectory = false): ConfigProblem[] {
  const known: Known = {
    users: hasDirectory ? new Set([...ids(config.users), ...namedUsers(config)]) : ids(config.users),
    teams: ids(config.teams),
    channels: ids(config.channels),
    schedules: ids(config.schedules),
    services: ids(config.services),
    escalationPolicies: ids(config.escalationPolicies),
  };
  return [
    ...SECTIONS.flatMap((section) => duplicates(section, config[section])),
    ...userProblems(config),
    ...teamProblems(config, known),
    ...scheduleProblems(config, known),
    ...policyProblems(config, known, hasDirectory),
    ...serviceProblems(config, known),
    ...routeProblems(config, known),
  ];
}

function userProblems({ users }: Config): ConfigProblem[] {
  return users.flatMap((user, index) => {
    const contacts = contactsOf(user);
    const names = new Set(contacts.map(({ id }) => id));
    const rules = (['high', 'low'] as const).flatMap((urgency) =>
      (user.rules[urgency] ?? []).flatMap(({ contact, added }, rule) =>
        names.has(contact) || added
          ? []
          : [unknown(`users[${index}].rules.${urgency}[${rule}].contact`, 'contact of this user', contact, names)],
      ),
    );
    return [
      ...duplicates(`users[${index}].contacts`, contacts),
      ...rules,
      ...zoneProblems(index, user.timeZone),
      ...quietProblems(`users[${index}].quietHours`, user),
      ...leadProblems(`users[${index}].notices.shifts`, user),
    ];
  });
}

function zoneProblems(user: number, timeZone: string | undefined): ConfigProblem[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  return [
    {
      path: `users[${user}].timeZone`,
      message: `${JSON.stringify(timeZone)} is no IANA time zone`,
      hint: 'Write one such as America/New_York.',
    },
  ];
}

/** Hours that are nobody's, empty or without an end would hold back what can wait for ever, or nothing. */
function quietProblems(path: string, { quietHours, timeZone }: User): ConfigProblem[] {
  if (quietHours.length === 0) return [];
  const empty = quietHours.flatMap(({ from, until }, index) =>
    from === until || from === '24:00'
      ? [
          {
            path: `${path}[${index}]`,
            message: 'the window is empty',
            hint: 'Let `until` differ from `from`; write 00:00 to 24:00 for whole days.',
          },
        ]
      : [],
  );
  const zoneless =
    timeZone === undefined
      ? [
          {
            path,
            message: 'quiet hours are hours of the local time, and the time zone of this user is not known',
            hint: 'Give the user a timeZone such as America/New_York.',
          },
        ]
      : [];
  if (empty.length + zoneless.length > 0) return [...empty, ...zoneless];
  if (everEnds(quietHours)) return [];
  return [
    {
      path,
      message: 'these hours are the whole week, so that low urgency would wait without end',
      hint: 'Leave some time of the week open.',
    },
  ];
}

/** What follows from one event is bounded: fifty steps of each of them may be closed at once. */
const MOST_POLICIES = 20;
/** How far ahead somebody can be told of their time on call. */
const LONGEST_LEAD_MS = 31 * 86_400_000;

function leadProblems(path: string, { notices }: User): ConfigProblem[] {
  return notices.shifts.flatMap((which, index) =>
    which === 'start' || which === 'end' || durationMs(which) <= LONGEST_LEAD_MS
      ? []
      : [
          {
            path: `${path}[${index}]`,
            message: `${which} is more than a month before the shift`,
            hint: 'Write a lead of at most 31d.',
          },
        ],
  );
}

function teamProblems({ teams }: Config, known: Known): ConfigProblem[] {
  return teams.flatMap((team, index) => [
    ...team.members.flatMap((member, place) =>
      missing(`teams[${index}].members[${place}]`, 'user', member, known.users),
    ),
    ...missing(`teams[${index}].schedule`, 'schedule', team.schedule, known.schedules),
  ]);
}

function scheduleProblems({ schedules }: Config, known: Known): ConfigProblem[] {
  return schedules.flatMap((schedule, index) => {
    const path = `schedules[${index}]`;
    const people = schedule.layers.flatMap((layer, place) =>
      layer.rotation.participants.flatMap((participant, turn) =>
        [participant ?? []]
          .flat()
          .flatMap((user) =>
            missing(`${path}.layers[${place}].rotation.participants[${turn}]`, 'user', user, known.users),
          ),
      ),
    );
    const overrides = schedule.overrides.flatMap(({ user, replaces }, place) => [
      ...missing(`${path}.overrides[${place}].user`, 'user', user, known.users),
      ...missing(`${path}.overrides[${place}].replaces`, 'user', replaces, known.users),
    ]);
    const swaps = schedule.swaps.flatMap(({ give, take }, place) => [
      ...missing(`${path}.swaps[${place}].give`, 'user', give, known.users),
      ...missing(`${path}.swaps[${place}].take`, 'user', take, known.users),
    ]);
    return [...people, ...overrides, ...swaps, ...attempt(path, () => createSchedule(schedule))];
  });
}

function policyProblems(config: Config, known: Known, hasDirectory: boolean): ConfigProblem[] {
  const policies = new Map(config.escalationPolicies.map((policy) => [policy.id, policy]));
  return config.escalationPolicies.flatMap((policy, index) => {
    const path = `escalationPolicies[${index}]`;
    const targets = policy.steps.flatMap((step, place) =>
      step.targets.flatMap((target, which) =>
        targetProblems(`${path}.steps[${place}].targets[${which}]`, target, config, known),
      ),
    );
    const fallback = policy.fallback.flatMap((target, which) =>
      targetProblems(`${path}.fallback[${which}]`, target, config, known),
    );
    const next = policy.onExhausted?.policy;
    return [
      ...targets,
      ...fallback,
      ...reachProblems(`${path}.fallback`, policy, { config, hasDirectory }),
      ...missing(`${path}.onExhausted.policy`, 'escalation policy', next, known.escalationPolicies),
      ...circleProblems(`${path}.onExhausted.policy`, policy, policies),
    ];
  });
}

function targetProblems(path: string, target: Target, config: Config, known: Known): ConfigProblem[] {
  if ('user' in target) return missing(`${path}.user`, 'user', target.user, known.users);
  if ('schedule' in target) return missing(`${path}.schedule`, 'schedule', target.schedule, known.schedules);
  if ('channel' in target) return missing(`${path}.channel`, 'channel', target.channel, known.channels);
  const team = config.teams.find(({ id }) => id === target.team);
  if (team === undefined) return missing(`${path}.team`, 'team', target.team, known.teams);
  if (target.everyone || team.schedule !== undefined) return [];
  return [
    {
      path: `${path}.team`,
      message: `team ${team.id} has no schedule, and a team means its schedule`,
      hint: 'Give the team a schedule, or write `everyone: true`.',
    },
  ];
}

/** Somebody is always reached: a fallback names a person who has a contact, or who is in the directory and may have one. */
function reachProblems(
  path: string,
  policy: EscalationPolicy,
  { config: { users }, hasDirectory }: { readonly config: Config; readonly hasDirectory: boolean },
): ConfigProblem[] {
  const elsewhere = (id: string) => hasDirectory && !users.some((user) => user.id === id);

  const isReachable = policy.fallback.some(
    (target) =>
      'user' in target &&
      (elsewhere(target.user) || users.some(({ id, contacts }) => id === target.user && contacts.length > 0)),
  );
  if (isReachable) return [];
  return [
    {
      path,
      message: 'no user of this fallback has a contact',
      hint: 'Name at least one user with a contact: somebody must be reached when nobody answers.',
    },
  ];
}

function circleProblems(
  path: string,
  policy: EscalationPolicy,
  policies: ReadonlyMap<string, EscalationPolicy>,
): ConfigProblem[] {
  const seen = new Set<string>();
  for (
    let at: EscalationPolicy | undefined = policy;
    at !== undefined;
    at = at.onExhausted && policies.get(at.onExhausted.policy)
  ) {
    if (seen.has(at.id))
      return [
        {
          path,
          message: `the policies run in a circle at ${at.id}`,
          hint: 'Let the last one have no `onExhausted`; its fallback is paged until somebody answers.',
        },
      ];
    seen.add(at.id);
    if (seen.size > MOST_POLICIES)
      return [
        {
          path,
          message: `more than ${MOST_POLICIES} policies follow each other`,
          hint: 'Join them: a policy has up to 50 steps, and an incident carries all that may follow.',
        },
      ];
  }
  return [];
}

function serviceProblems({ services }: Config, known: Known): ConfigProblem[] {
  return services.flatMap((service, index) => [
    ...missing(
      `services[${index}].escalationPolicy`,
      'escalation policy',
      service.escalationPolicy,
      known.escalationPolicies,
    ),
    ...missing(`services[${index}].team`, 'team', service.team, known.teams),
    ...service.dependsOn.flatMap((id, place) =>
      missing(`services[${index}].dependsOn[${place}]`, 'service', id, known.services),
    ),
  ]);
}

function routeProblems({ routes }: Config, known: Known): ConfigProblem[] {
  return routes.flatMap((route, index) => [
    ...missing(`routes[${index}].service`, 'service', route.service, known.services),
    ...missing(
      `routes[${index}].escalationPolicy`,
      'escalation policy',
      route.escalationPolicy,
      known.escalationPolicies,
    ),
  ]);
}

function ids(items: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(items.map(({ id }) => id));
}
