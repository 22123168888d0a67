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
import { ruleProblems } from './rules.ts';
import { unsupportedProblems } from './unsupported.ts';
import { waitProblems } from './waits.ts';

/**
 * The configuration in `input` with every default filled in.
 *
 * @throws TocsinError CONFIG_INVALID with all problems in `details.problems`, each `{ path, message, hint? }`.
 */
export function checkConfig(input: unknown): Config {
  const parsed = parse(input);
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap(shapeProblems));
  const config = parsed.data;
  const problems = [
    ...referenceProblems(config),
    ...ruleProblems(config),
    ...waitProblems(config),
    ...unsupportedProblems(config),
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

function shapeProblems(issue: z.core.$ZodIssue): ConfigProblem[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      message: 'this field is not known',
      hint: 'Check the spelling, or remove it.',
    }));
  }
  return issue.code === 'invalid_union' ? unionProblems(issue) : [{ path, message: issue.message }];
}

/** Of several possible forms the one that was nearly met says what is wrong; when none was, they all do. */
function unionProblems({ path, errors }: z.core.$ZodIssueInvalidUnion): ConfigProblem[] {
  const ofThisKind = errors.filter((issues) => !issues.some(isOfAnotherKind));
  const fewest = Math.min(...ofThisKind.map(countOf));
  const [nearest, ...others] = ofThisKind.filter((issues) => countOf(issues) === fewest);
  if (nearest !== undefined && others.length === 0)
    return nearest.flatMap((issue) => shapeProblems({ ...issue, path: [...path, ...issue.path] }));
  return [
    {
      path: pathOf(path),
      message: 'this has none of the forms that are possible here',
      hint: 'Check the names and the types of its fields.',
    },
  ];
}

function countOf(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((count, issue) => count + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

/** A text where an object was expected, or another text than the one that is possible. */
function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function pathOf(parts: readonly PropertyKey[]): string {
  return parts
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
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
