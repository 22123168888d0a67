/**
 * Waits of a configuration: what happens again and again must not do so without a pause.
 *
 * Waits that happen once may be zero, unless that would end an incident at once; those that may are not looked at here.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import type { ConfigProblem } from './problem.ts';

/** The waits of `config` that must be longer than zero and are not. */
export function waitProblems({ escalationPolicies, severity, incidents }: Config): ConfigProblem[] {
  return [
    ...escalationPolicies.flatMap(({ fallbackEvery, acknowledgeTimeout }, index) => [
      ...longer(`escalationPolicies[${index}].fallbackEvery`, fallbackEvery),
      ...longer(
        `escalationPolicies[${index}].acknowledgeTimeout`,
        acknowledgeTimeout === 'off' ? undefined : acknowledgeTimeout,
      ),
    ]),
    ...severity.levels.flatMap(({ updateEvery, reviewWithin, autoResolveAfter }, index) => [
      ...longer(`severity.levels[${index}].updateEvery`, updateEvery),
      ...longer(`severity.levels[${index}].reviewWithin`, reviewWithin),
      ...longer(`severity.levels[${index}].autoResolveAfter`, autoResolveAfter, 'each incident would end at once'),
    ]),
    ...longer('incidents.reminderEvery', incidents.reminderEvery),
  ];
}

function longer(path: string, duration: string | undefined, because = 'this repeats'): ConfigProblem[] {
  if (duration === undefined || durationMs(duration) > 0) return [];
  return [
    { path, message: `${duration} is no time at all, and ${because}`, hint: 'Write a duration longer than zero.' },
  ];
}
