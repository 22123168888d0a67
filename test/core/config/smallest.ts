/** The smallest configuration of the documents, and what is wrong with another one; never asserts anything. */
import { checkConfig } from '../../../src/core/config/check.ts';
import type { ConfigProblem } from '../../../src/core/config/problem.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { type ConfigInput, defineConfig } from '../../../src/model/config.ts';
import { weeklySchedule } from '../../../src/model/schedule.ts';

// biome-ignore format: as it is printed in the documents
export const smallest = (): ConfigInput => defineConfig({
  users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }, { id: 'ben', contacts: [{ notifier: 'sms', address: '+15550101' }] }],
  schedules: [weeklySchedule('primary', { timeZone: 'America/New_York', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] })],
  escalationPolicies: [{ id: 'default', steps: [{ targets: [{ schedule: 'primary' }], escalateAfter: '5m' }], fallback: [{ user: 'ben' }] }],
  services: [{ id: 'checkout', escalationPolicy: 'default' }],
});

/** The policy of the smallest configuration, changed. */
export function policy(more: Partial<ConfigInput['escalationPolicies'][number]> = {}) {
  return { id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ben' }], ...more };
}

/** What is wrong with the smallest configuration once `parts` of it are changed. */
export function problemsOf(parts: Partial<ConfigInput>): readonly ConfigProblem[] {
  return problemsIn({ ...smallest(), ...parts });
}

/** What is wrong with `input`; empty when nothing is. */
export function problemsIn(input: unknown): readonly ConfigProblem[] {
  try {
    checkConfig(input);
    return [];
  } catch (error) {
    if (!isTocsinError(error, 'CONFIG_INVALID')) throw error;
    return error.details.problems as readonly ConfigProblem[];
  }
}
