/**
 * Checks a configuration as a whole and reports every problem at once, each with its JSON path and a hint.
 *
 * Nothing is mended silently: a configuration that could page nobody, or the wrong person, is refused.
 */
import type * as z from 'zod';
import { TocsinError } from '../../errors.ts';
import { type Config, configSchema } from '../../model/config.ts';
import type { ConfigProblem } from './problem.ts';
import { referenceProblems } from './references.ts';
import { unsupportedProblems } from './unsupported.ts';

/**
 * The configuration in `input` with every default filled in.
 *
 * @throws TocsinError CONFIG_INVALID with all problems in `details.problems`, each `{ path, message, hint? }`.
 */
export function checkConfig(input: unknown): Config {
  const parsed = parse(input);
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap(shapeProblems));
  const problems = [...referenceProblems(parsed.data), ...unsupportedProblems(parsed.data)];
  if (problems.length > 0) throw invalid(problems);
  return parsed.data;
}

function parse(input: unknown): z.ZodSafeParseResult<Config> {
  try {
    return configSchema.safeParse(input);
  } catch (cause) {
    // A document nested without end exhausts the stack before any bound is looked at.
    throw invalid([{ path: '', message: 'the configuration is nested too deeply to be read' }], cause);
  }
}

function shapeProblems(issue: z.core.$ZodIssue): ConfigProblem[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      message: 'this field is not known',
      hint: 'Check the spelling, or remove it.',
    }));
  }
  return [{ path, message: issue.message }];
}

function pathOf(parts: readonly PropertyKey[]): string {
  return parts
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

function invalid(problems: readonly ConfigProblem[], cause?: unknown): TocsinError {
  const shown = problems
    .slice(0, 10)
    .map(({ path, message, hint }) => `  ${path || '(root)'}: ${message}${hint ? ` ${hint}` : ''}`);
  const more = problems.length > 10 ? [`  and ${problems.length - 10} more`] : [];
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return new TocsinError(
    'CONFIG_INVALID',
    [`Cannot use this configuration: it has ${count}.`, ...shown, ...more].join('\n'),
    { details: { problems }, cause },
  );
}
