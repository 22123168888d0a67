/**
 * Key text: any text as a database column that gives it back as it was.
 *
 * A column is UTF-8, which has no lone surrogates, and some versions of the driver cut what they read at a NUL; both
 * are escaped, so that two different keys never meet. Bodies are JSON, which escapes both by itself, and never come here.
 */

const UNSAFE = /[\\\0\p{Cs}]/gu;
// Also finds the halves of a pair, which are safe, but takes a tenth of the time.
const MAYBE_UNSAFE = /[\\\0\ud800-\udfff]/;

/** `text` as it stands in a column. Text without a backslash, NUL or lone surrogate is left alone. */
export function toColumn(text: string): string {
  if (!MAYBE_UNSAFE.test(text)) return text;
  return text.replaceAll(UNSAFE, (unit) => `\\${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What {@link toColumn} was given. */
export function fromColumn(column: string): string {
  if (!column.includes('\\')) return column;
  return column.replaceAll(/\\([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
