/**
 * What the vocabulary can already say and this version does not yet obey.
 *
 * It is refused rather than ignored: a step that asks all when one was meant would be a promise broken at night.
 */
import type { Config } from '../../model/config.ts';
import type { ConfigProblem } from './problem.ts';

/** The parts of `config` that this version would not obey. */
export function unsupportedProblems(config: Config): ConfigProblem[] {
  return [
    ...config.escalationPolicies.flatMap(({ steps }, policy) =>
      steps.flatMap(({ strategy }, step) =>
        strategy === 'round-robin' ? [problem(`escalationPolicies[${policy}].steps[${step}].strategy`)] : [],
      ),
    ),
  ];
}

function problem(path: string): ConfigProblem {
  return { path, message: 'this version does not obey it yet, and refuses to ignore it', hint: 'Remove it for now.' };
}
