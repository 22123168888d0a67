/**
 * Checks a configuration as a whole and reports every problem at once, each with its JSON path and a hint.
 *
 * Nothing is mended silently: a configuration that could page nobody, or the wrong person, is refused.
 */
import type * as z from 'zod';
import { TocsinError } from '../../errors.ts';
import { type Config, configSchema } from '../../model/config.ts';
import { deliveryProblems } from './delivery.ts';
import { holidayProblems } from './holidays.ts';
import { intakeProblems } from './intake.ts';
import type { ConfigProblem } from './problem.ts';
import { referenceProblems } from './references.ts';
import { responseProblems } from './response.ts';
import { reviewProblems } from './reviews.ts';
import { ruleProblems } from './rules.ts';
import { shapeProblems } from './shape-problems.ts';
import { statusProblems } from './status.ts';
import { updateProblems } from './updates.ts';
import { waitProblems } from './waits.ts';

/** Whether people may come from elsewhere: then somebody whom the configuration does not have may be named. */
export type CheckOptions = { readonly hasDirectory?: boolean };

/**
 * The configuration in `input` with every default filled in.
 *
 * @throws TocsinError CONFIG_INVALID with all problems in `details.problems`, each `{ path, message, hint? }`.
 */
export function checkConfig(input: unknown, { hasDirectory = false }: CheckOptions = {}): Config {
  const parsed = parse(input);
  if (!parsed.success)
    throw invalid(parsed.error.issues.flatMap((issue) => shapeProblems(issue, { input, schema: configSchema })));
  const config = parsed.data;
  const problems = [
    ...referenceProblems(config, hasDirectory),
    ...holidayProblems(config),
    ...ruleProblems(config),
    ...responseProblems(config),
    ...intakeProblems(config),
    ...waitProblems(config),
    ...deliveryProblems(config),
    ...statusProblems(config),
    ...updateProblems(config, hasDirectory),
    ...reviewProblems(config),
  ];
  if (problems.length > 0) throw invalid(problems);
  return config;
}

function parse(input: unknown): z.ZodSafeParseResult<Config> {
  try {
    return configSchema.safeParse(input);
  } catch (cause) {
    // A document nested without end exhausts the stack before any bound is looked at.
    throw invalid([{ path: '', message: 'the configuration is nested too deeply to be read' }], cause);
  }
}

function invalid(problems: readonly ConfigProblem[], cause?: unknown): TocsinError {
  const shown = problems
    .slice(0, 10)
    .map(({ path, message, hint }) => `  ${path || '(root)'}: ${message}${hint === undefined ? '' : `. ${hint}`}`);
  const more = problems.length > 10 ? [`  and ${problems.length - 10} more`] : [];
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new TocsinError(
    'CONFIG_INVALID',
    [`Cannot use this configuration: it has ${count}.`, ...shown, ...more].join('\n'),
    { details: { problems }, cause },
  );
}
