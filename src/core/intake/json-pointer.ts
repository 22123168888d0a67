/**
 * JSON pointers: how `/alerts/0/name` finds its value in JSON.
 *
 * Pure. It reads own properties only and never walks a prototype.
 */
import { isReservedKey, ownValue } from '../rules/field.ts';
import { quote, ruleInvalid } from '../rules/rule-invalid.ts';

const ESCAPES = /~(?![01])/;

/**
 * A reader of `pointer`.
 *
 * @throws TocsinError RULE_INVALID when it has a stray `~`, or names `__proto__`, `constructor` or `prototype`.
 * @see RFC 6901
 */
export function compilePointer(pointer: string, path: string): (json: unknown) => unknown {
  if (!pointer.startsWith('/') || ESCAPES.test(pointer)) {
    throw ruleInvalid(
      path,
      `${quote(pointer)} is no JSON pointer`,
      "Write '/raw/name'; a slash in a key is '~1', a tilde '~0'.",
    );
  }
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const reserved = keys.find(isReservedKey);
  if (reserved !== undefined)
    throw ruleInvalid(path, `${quote(pointer)} names '${reserved}', which no field may`, 'Name a field of the event.');
  return (json) => keys.reduce(ownValue, json);
}
