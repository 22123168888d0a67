/**
 * Fields of bodies that nobody has checked: what of them is text, a key or an address.
 *
 * Pure. It never throws: what is something else is not there.
 */
import { instantSchema } from '../../model/instant.ts';
import { isJsonObject } from './read-json.ts';

const MAX_KEY = 1_024;
const MAX_HREF = 4_096;

/** What stands in `value` under `name`, when it is an object with such a field of its own. */
export function field(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Trimmed text, or `undefined` when nothing is left of it. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

/** The first line of {@link text}. */
export function firstLine(value: unknown): string | undefined {
  return text(value)?.split(/\r?\n/)[0];
}

/** {@link text} that is short enough for a key: at most 1,024 characters. */
export function key(value: unknown): string | undefined {
  const found = text(value);
  return found !== undefined && found.length <= MAX_KEY ? found : undefined;
}

/** Whether `value` is an address of http or https, of at most 4,096 characters. */
export function isWebAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_HREF && /^https?:\/\//i.test(value) && URL.canParse(value);
}

/** Whether `value` is a text that names an instant. */
export function isInstant(value: unknown): value is string {
  return typeof value === 'string' && instantSchema.safeParse(value).success;
}
