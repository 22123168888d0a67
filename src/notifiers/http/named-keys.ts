/**
 * Keys by name: the secrets of one provider, of which the address of a contact names one.
 *
 * An address is read by many and a key by nobody: no error ever repeats one.
 */
import { notifyError } from '../../ports/notifier.ts';
import { isLike, malformedOption } from './checked-options.ts';

/**
 * The keys that the option `name` gives, by their names; each is of the shape `pattern`, which is `needed`.
 *
 * @throws TocsinError INPUT_INVALID when there is none, or one is malformed.
 */
export function readNamedKeys(
  name: string,
  given: unknown,
  { pattern, needed }: { readonly pattern: RegExp; readonly needed: string },
): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const [by, key] of Object.entries(Object(given))) {
    if (by === '' || !isLike(pattern, key)) throw malformedOption(`${name}/${by}`, needed);
    keys.set(by, key);
  }
  if (keys.size > 0) return keys;
  throw malformedOption(name, "keys by names of your own, such as { default: '...' }");
}

/**
 * The one of `keys` that `address` names.
 *
 * @throws TocsinError NOTIFY_FAILED, permanent, when it names none.
 */
export function namedKey(provider: string, keys: ReadonlyMap<string, string>, address: string): string {
  const key = keys.get(address);
  if (key !== undefined) return key;
  throw notifyError(
    `Cannot deliver to ${provider}: the contact's address names no key. Known: ${[...keys.keys()].join(', ')}.`,
    { permanent: true },
  );
}
