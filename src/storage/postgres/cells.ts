/**
 * Cells: values on their way into columns of Postgres and back.
 *
 * A text column takes neither NUL nor half of a surrogate pair, so they are escaped; bodies are JSON text, in which they
 * are escaped anyway. It never loses a character.
 */
import { createHash } from 'node:crypto';

/** A row as the driver answers it. */
export type Row = Readonly<Record<string, unknown>>;

const UNSTORABLE = /[\0\\]|\p{Surrogate}/gu;
const ESCAPED = /\\(?:u([0-9a-f]{4})|0|\\)/g;

/** `value` as a text column can hold it; equal for equal texts, different for different ones. */
export function cell(value: string): string {
  if (value.search(UNSTORABLE) === -1) return value;
  return value.replaceAll(UNSTORABLE, (found) => {
    if (found === '\0') return '\\0';
    return found === '\\' ? '\\\\' : `\\u${found.charCodeAt(0).toString(16)}`;
  });
}

/** The text that {@link cell} was given. */
export function textOf(value: unknown): string {
  return String(value).replaceAll(ESCAPED, (found, code: string | undefined) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return found === '\\0' ? '\0' : '\\';
  });
}

/** A number, however the host has told its driver to read numbers. */
export function numberOf(value: unknown): number {
  return Number(value);
}

/** What `read` makes of a cell that is not empty. */
export function maybe<T>(read: (value: unknown) => T, value: unknown): T | undefined {
  return value === null || value === undefined ? undefined : read(value);
}

/** A short and fixed name for texts that are too long for an index. */
export function hashOf(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url');
}
