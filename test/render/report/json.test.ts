import { describe, expect, test } from 'vitest';
import { numbersJson } from '../../../src/render/index.ts';
import { EMPTY, hostileReport, MONTH, YEAR } from './reports.ts';

/** The same value, with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

describe('a report as JSON', () => {
  test('holds all of it, with instants that people can read', () => {
    const read = JSON.parse(numbersJson(YEAR));
    expect(read).toEqual({
      ...structuredClone(YEAR),
      fromAt: '2025-11-30T23:00:00.000Z',
      untilAt: '2026-11-30T23:00:00.000Z',
      at: '2026-12-01T08:00:00.000Z',
    });
  });

  test('is the same bytes in whichever order it was put together', () => {
    expect(numbersJson(turned(MONTH) as typeof MONTH)).toBe(numbersJson(MONTH));
  });

  test('may stand in a page, whatever anything is called', () => {
    const name = '</script><!--<script>';
    const report = hostileReport([name]);
    expect(numbersJson(report)).not.toContain('<');
    expect(JSON.parse(numbersJson(report)).people).toEqual(report.people);
    expect(JSON.stringify(report)).toContain(name);
  });

  test('of nothing knows no durations', () => {
    const json = numbersJson(EMPTY);
    expect(json).not.toMatch(/medianMs|p90Ms|meanMs|Share/);
    expect(json.endsWith('}\n')).toBe(true);
  });
});
