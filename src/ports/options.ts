/**
 * Options: the refusal of a name that a factory does not know, said the same way everywhere.
 *
 * A misspelt option would be found out when the first page is lost. It never looks at what an option holds.
 */
import { TocsinError } from '../errors.ts';

/**
 * Refuses options that are no object, and names that are not `known`; `doing` completes "Cannot ...".
 *
 * @throws TocsinError INPUT_INVALID with `details.problems`, one for each name.
 */
export function refuseUnknownOptions(doing: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TocsinError('INPUT_INVALID', `Cannot ${doing}: its options are no object. Known: ${known.join(', ')}.`, {
      details: { problems: [{ path: '', message: 'expected an object of options' }] },
    });
  }
  const names = Object.keys(options).filter((name) => !known.includes(name));
  if (names.length === 0) return;
  throw new TocsinError(
    'INPUT_INVALID',
    `Cannot ${doing}: it has no option ${names.join(', ')}. Known: ${known.join(', ')}.`,
    { details: { problems: names.map((path) => ({ path, message: 'this option is not known' })) } },
  );
}
