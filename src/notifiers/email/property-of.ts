/**
 * Properties of what we do not know: what a transport, an error or an option holds under a name.
 *
 * It never throws for a value that can hold nothing.
 */

/** What `value` holds under `key`; `undefined` when it is no object, or holds nothing there. */
export function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
