/**
 * What the vocabulary can already say and this version does not yet obey.
 *
 * It is refused rather than ignored: a silence that does not silence, or a group that does not group, would be a
 * promise broken at night.
 */
import type { Config } from '../../model/config.ts';
import type { ConfigProblem } from './problem.ts';

/** The parts of `config` that this version would not obey. */
export function unsupportedProblems(config: Config): ConfigProblem[] {
  const { silences, maintenance, inhibition } = config.suppression;
  return [
    ...refused('enrichment', config.enrichment),
    ...refused('grouping', config.grouping),
    ...refused('suppression.silences', silences),
    ...refused('suppression.maintenance', maintenance),
    ...refused('suppression.inhibition', inhibition),
    ...refused('heartbeats', config.heartbeats),
    ...config.routes.flatMap(({ autoResolveAfter }, index) =>
      autoResolveAfter === undefined ? [] : [problem(`routes[${index}].autoResolveAfter`)],
    ),
    ...config.escalationPolicies.flatMap(({ steps }, policy) =>
      steps.flatMap(({ strategy }, step) =>
        strategy === 'round-robin' ? [problem(`escalationPolicies[${policy}].steps[${step}].strategy`)] : [],
      ),
    ),
  ];
}

function refused(path: string, entries: readonly unknown[]): ConfigProblem[] {
  return entries.length === 0 ? [] : [problem(path)];
}

function problem(path: string): ConfigProblem {
  return { path, message: 'this version does not obey it yet, and refuses to ignore it', hint: 'Remove it for now.' };
}
