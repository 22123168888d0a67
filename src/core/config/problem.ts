/**
 * Problems of a configuration: what is wrong, where, and what to do about it.
 */
import { isTocsinError } from '../../errors.ts';

/** One thing that is wrong, where, and what to do about it. */
export type ConfigProblem = { readonly path: string; readonly message: string; readonly hint?: string };

/** The problem that `compile` throws, at `path` unless it names its own; none when it succeeds. */
export function attempt(path: string, compile: () => unknown): ConfigProblem[] {
  try {
    compile();
    return [];
  } catch (error) {
    return problemOf(path, error);
  }
}

/** The ids that are used a second time. What has no id cannot repeat one. */
export function duplicates(section: string, items: readonly { readonly id?: string | undefined }[]): ConfigProblem[] {
  const seen = new Set<string>();
  return items.flatMap(({ id }, index) => {
    if (id === undefined) return [];
    const isSecond = seen.has(id);
    seen.add(id);
    return isSecond
      ? [{ path: `${section}[${index}].id`, message: `the id ${id} is used twice`, hint: 'Give each its own id.' }]
      : [];
  });
}

/** A problem when `id` is named and not among `known`. */
export function missing(
  path: string,
  what: string,
  id: string | undefined,
  known: ReadonlySet<string>,
): ConfigProblem[] {
  return id === undefined || known.has(id) ? [] : [unknown(path, what, id, known)];
}

/** The problem of naming `id`, with some of the ids that are known. */
export function unknown(path: string, what: string, id: string, known: ReadonlySet<string>): ConfigProblem {
  const names = [...known];
  const some = names.slice(0, 5).join(', ') + (names.length > 5 ? `, and ${names.length - 5} more` : '');
  return {
    path,
    message: `there is no ${what} ${id}`,
    hint: names.length === 0 ? 'Configure one first.' : `Known: ${some}.`,
  };
}

/** A problem from an error that a part of the configuration threw when it was compiled. */
function problemOf(path: string, error: unknown): ConfigProblem[] {
  if (!isTocsinError(error)) throw error;
  const { problems } = error.details;
  if (!Array.isArray(problems))
    return [{ path: typeof error.details.path === 'string' ? error.details.path : path, message: error.message }];
  return problems.map((problem: ConfigProblem) => ({
    ...problem,
    path: problem.path === '' ? path : `${path}.${problem.path}`,
  }));
}
