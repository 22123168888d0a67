/**
 * Problems of a configuration: what is wrong, where, and what to do about it.
 */
import { isTocsinError } from '../../errors.ts';

/** One thing that is wrong, where, and what to do about it. */
export type ConfigProblem = { readonly path: string; readonly message: string; readonly hint?: string };

/** A problem from an error that a part of the configuration threw when it was compiled. */
export function problemOf(path: string, error: unknown): ConfigProblem[] {
  if (!isTocsinError(error)) throw error;
  const { problems } = error.details;
  if (!Array.isArray(problems))
    return [{ path: typeof error.details.path === 'string' ? error.details.path : path, message: error.message }];
  return problems.map((problem: ConfigProblem) => ({
    ...problem,
    path: problem.path === '' ? path : `${path}.${problem.path}`,
  }));
}
