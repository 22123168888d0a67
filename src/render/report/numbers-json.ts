/**
 * A report as JSON for machines.
 *
 * The same numbers are the same bytes, in whichever order they were put together; nothing of the report is left out.
 */
import type { NumbersReport } from '../../model/measurement.ts';

const INSTANTS: ReadonlySet<string> = new Set<keyof NumbersReport>(['fromAt', 'untilAt', 'at']);

/**
 * A report as indented JSON, its keys in alphabetical order. `fromAt`, `untilAt` and `at` are ISO 8601 in UTC, durations ms; what
 * is not known is absent. `<` is escaped, so that the text may stand in a page.
 *
 * @example
 * ```ts
 * import { numbersJson } from 'tocsin/render';
 * import { sampleNumbers } from 'tocsin/testing';
 * JSON.parse(numbersJson(sampleNumbers())).fromAt; // => '2026-11-01T00:00:00.000Z'
 * ```
 */
export function numbersJson(report: NumbersReport): string {
  const written = Object.entries(report).map(([key, value]) => [
    key,
    INSTANTS.has(key) && typeof value === 'number' ? new Date(value).toISOString() : sorted(value),
  ]);
  return `${JSON.stringify(sorted(Object.fromEntries(written)), null, 2).replaceAll('<', '\\u003c')}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
