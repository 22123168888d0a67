/**
 * A report that is taken before its period is over: what is to come is not known, and is no zero.
 */
import { describe, expect, test } from 'vitest';
import { numbersCharts, numbersSvg, reportMarkdown } from '../../../src/render/index.ts';
import { EMPTY, MONTH, MONTH_BEFORE } from './reports.ts';

/** November as it stands on Tuesday the 10th, in the morning. */
const EARLY = {
  ...MONTH,
  at: Date.UTC(2026, 10, 10, 8),
  groups: { ...MONTH.groups, week: MONTH.groups.week.filter(({ key }) => key < '2026-11-10') },
};

describe('a period that is not over', () => {
  test('has the weeks that have begun, and none of those to come', () => {
    const weeks = ['2026-10-26', '2026-11-02', '2026-11-09'];
    expect(numbersCharts(EARLY).incidentsByWeek.data.values.map(({ week }) => week)).toEqual(weeks);
    const text = reportMarkdown(EARLY);
    expect(text).toContain('| 9 Nov 2026 |');
    expect(text).not.toContain('| 16 Nov 2026 |');
    expect(numbersSvg(EARLY, 'incidentsByWeek')).not.toContain('16 Nov:');
  });

  test('is shorter than the one before it, and says so', () => {
    const warning = 'That period was longer: counts cannot be compared.';
    expect(reportMarkdown(EARLY, { previous: MONTH_BEFORE })).toContain(warning);
    expect(reportMarkdown(MONTH, { previous: MONTH_BEFORE })).not.toContain(warning);
  });

  test('and has not even begun has no weeks', () => {
    const next = { ...EMPTY, at: Date.UTC(2026, 9, 1) };
    expect(numbersCharts(next).incidentsByWeek.data.values).toEqual([]);
    const svg = numbersSvg(next, 'incidentsByWeek');
    expect(svg).toContain('The period has not begun yet.');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});
