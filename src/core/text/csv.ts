/**
 * CSV: text of strangers as one cell, which no spreadsheet takes for a formula.
 *
 * Pure. Every text is quoted, so that no separator of any country parts it; it never changes a number.
 *
 * @see RFC 4180 2
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
import { cleanText } from './clean.ts';

const FORMULA = /^(?:\t|\s*[=+\-@＝＋－＠])/;

/**
 * `value` as a cell. A text that a spreadsheet could take for a formula gets an apostrophe in front; a number stays as it is.
 *
 * @example
 * ```ts
 * import { csvCell } from 'tocsin';
 * ['=1+1', 'say "hi"', -3].map(csvCell).join(','); // => '"\'=1+1","say ""hi""",-3'
 * ```
 */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const clean = cleanText(value);
  return `"${FORMULA.test(clean) ? "'" : ''}${clean.replaceAll('"', '""')}"`;
}
