/**
 * Named users: every person whom a configuration names, wherever it does.
 *
 * Pure. Whether they exist is not looked at.
 */
import type { Config } from '../../model/config.ts';
import type { Target } from '../../model/escalation.ts';

/** The ids of all people whom `config` names, each once. */
export function namedUsers({ schedules, teams, escalationPolicies }: Config): ReadonlySet<string> {
  const targets = escalationPolicies.flatMap(({ steps, fallback }) => [
    ...steps.flatMap((step) => step.targets),
    ...fallback,
  ]);
  return new Set([
    ...teams.flatMap(({ members }) => members),
    ...targets.flatMap((target: Target) => ('user' in target ? [target.user] : [])),
    ...schedules.flatMap(({ layers, overrides, swaps }) => [
      ...layers.flatMap(({ rotation }) => rotation.participants.flatMap((participant) => participant ?? [])),
      ...overrides.flatMap(({ user, replaces }) => [user, replaces ?? []].flat()),
      ...swaps.flatMap(({ give, take }) => [give, take]),
    ]),
  ]);
}
