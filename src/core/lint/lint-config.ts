/**
 * Linting of a configuration: what is accepted and yet does not do what its author thinks.
 *
 * Pure, and bounded: each family looks at so much and no more, and of one kind so many are told. It never throws on a
 * configuration that was accepted.
 */
import type { CompiledConfig } from '../config/compile.ts';
import type { Finding } from './finding.ts';
import { lintConditions } from './lint-conditions.ts';
import { lintFields } from './lint-fields.ts';
import { lintGates } from './lint-gates.ts';
import { lintHeartbeats } from './lint-heartbeats.ts';
import { lintIntake } from './lint-intake.ts';
import { lintPeople } from './lint-people.ts';
import { lintPolicies } from './lint-policies.ts';
import { lintRoutes } from './lint-routes.ts';
import { lintRules } from './lint-rules.ts';
import { lintSchedules } from './lint-schedules.ts';
import { lintServices } from './lint-services.ts';
import { lintStatus } from './lint-status.ts';
import { aheadOf, lookingAhead } from './look-ahead.ts';

/** Of one code so many findings are told. */
const MOST_OF_A_KIND = 1_000;

/** What is looked at: a configuration, with its schedules as they are in force. */
export type Lintable = Pick<CompiledConfig, 'config' | 'users' | 'teams' | 'schedules'>;

/** Everything in a configuration that is likely a mistake at `at` (epoch ms), in the order of its families. */
export function lintConfig({ config, users, teams, schedules }: Lintable, { at }: { readonly at: number }): Finding[] {
  const ahead = aheadOf(at);
  const world = { users, teams, lookAhead: lookingAhead(schedules, ahead) };
  const definitions = [...schedules.values()].map(({ definition }) => definition);
  return bounded([
    ...lintConditions(config, at),
    ...lintFields(config),
    ...lintRules(config),
    ...lintRoutes(config),
    ...lintIntake(config, at),
    ...lintHeartbeats(config),
    ...lintServices(config),
    ...lintStatus(config),
    ...lintPeople(config, definitions),
    ...lintPolicies(config, world),
    ...lintGates(config, ahead),
    ...lintSchedules(config, schedules, world),
  ]);
}

function bounded(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  return findings.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= MOST_OF_A_KIND;
  });
}
