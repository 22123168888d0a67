/**
 * Waits of a configuration: what happens again and again must not do so without a pause, and no step has two of them.
 *
 * Waits that happen once may be zero, unless that would end an incident at once; those that may are not looked at here.
 */
import type { Config } from '../../model/config.ts';
import { durationMs } from '../../model/duration.ts';
import type { EscalationPolicy } from '../../model/escalation.ts';
import type { ConfigProblem } from './problem.ts';

/** Nobody answers sooner than that. */
const LEAST_MS = 10_000;

/** The waits of `config` that must be longer than zero and are not, and those that are said twice. */
export function waitProblems({ escalationPolicies, severity, incidents, reviews }: Config): ConfigProblem[] {
  return [
    ...escalationPolicies.flatMap(({ fallbackEvery, acknowledgeTimeout, steps }, index) => [
      ...steps.flatMap((step, place) => oneWait(`escalationPolicies[${index}].steps[${place}]`, step)),
      ...seldom(`escalationPolicies[${index}].fallbackEvery`, fallbackEvery),
      ...seldom(
        `escalationPolicies[${index}].acknowledgeTimeout`,
        acknowledgeTimeout === 'off' ? undefined : acknowledgeTimeout,
      ),
    ]),
    ...severity.levels.flatMap(({ updateEvery, reviewWithin, autoResolveAfter }, index) => [
      ...longer(`severity.levels[${index}].updateEvery`, updateEvery),
      ...longer(`severity.levels[${index}].reviewWithin`, reviewWithin),
      ...longer(`severity.levels[${index}].autoResolveAfter`, autoResolveAfter, 'each incident would end at once'),
    ]),
    ...seldom('incidents.reminderEvery', incidents.reminderEvery),
    ...longer('reviews.actionItems.remindEvery', reviews.actionItems.remindEvery),
    ...incidents.roles.flatMap(({ remindEvery }, index) =>
      seldom(`incidents.roles[${index}].remindEvery`, remindEvery),
    ),
  ];
}

/** A step ends after some time or at some time. */
function oneWait(path: string, { escalateAfter, escalateAt }: EscalationPolicy['steps'][number]): ConfigProblem[] {
  if (escalateAfter === undefined || escalateAt === undefined) return [];
  const message = 'a step cannot have both `escalateAfter` and `escalateAt`';
  return [{ path: `${path}.escalateAt`, message, hint: 'Write one of them.' }];
}

function longer(path: string, duration: string | undefined, because = 'this repeats'): ConfigProblem[] {
  if (duration === undefined || durationMs(duration) > 0) return [];
  return [
    { path, message: `${duration} is no time at all, and ${because}`, hint: 'Write a duration longer than zero.' },
  ];
}

/** What pages people again and again leaves them time to answer. */
function seldom(path: string, duration: string | undefined): ConfigProblem[] {
  if (duration === undefined || durationMs(duration) >= LEAST_MS) return [];
  const message = `${duration} is less than ${LEAST_MS / 1_000} s, and this repeats`;
  return [{ path, message, hint: "Write a duration that leaves time to answer, such as '15m'." }];
}
