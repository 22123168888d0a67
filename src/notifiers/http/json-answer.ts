/**
 * Answers in JSON: one field of what a provider said.
 *
 * It never throws: an answer that is no JSON, or another shape, has no such field.
 */

/** What stands in `answer` under `path`, such as `['parameters', 'retry_after']`; `undefined` when there is nothing. */
export function fieldOf(answer: string, path: readonly string[]): unknown {
  let found: unknown = parsed(answer);
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

/** {@link fieldOf}, when it is a number from 0. */
export function secondsOf(answer: string, path: readonly string[]): number | undefined {
  const found = fieldOf(answer, path);
  return typeof found === 'number' && found >= 0 ? found : undefined;
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}
