/**
 * A line of CSV, as both kinds of tables write it.
 *
 * What is not known is an empty cell, and never a zero. No text becomes a formula (see core/text/csv.ts).
 */
import { csvCell } from '../../core/text/csv.ts';

/** What a cell holds; `undefined` is an empty one. */
export type CsvValue = string | number | boolean | undefined;

/** One line with its end. @see RFC 4180 2 */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(cellOf).join(',')}\r\n`;
}

/** An instant for machines: `2026-11-29T14:58:00.000Z`. */
export function isoOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

function cellOf(value: CsvValue): string {
  if (value === undefined) return '';
  return typeof value === 'boolean' ? String(value) : csvCell(value);
}
