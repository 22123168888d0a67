import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NUMBERS_CHARTS, numbersCharts } from '../../../src/render/index.ts';
import { HOSTILE } from '../schedules.ts';
import { hostileTexts } from '../status/hostile-texts.ts';
import { EMPTY, hostileReport, MONTH, ONE, YEAR } from './reports.ts';
import { renderSpec } from './vega.ts';

const USERS = [
  { id: 'ana', name: 'Ana Lima' },
  { id: 'ben', name: 'Ana Lima' },
];
const REPORTS = { year: YEAR, month: MONTH, one: ONE, empty: EMPTY, hostile: hostileReport(HOSTILE) };

describe('charts as Vega-Lite', () => {
  test.each(Object.keys(REPORTS) as (keyof typeof REPORTS)[])(
    'are compiled and drawn without a warning: %s',
    async (name) => {
      const charts = numbersCharts(REPORTS[name], { users: USERS });
      for (const chart of NUMBERS_CHARTS) {
        const { svg, warnings } = await renderSpec(charts[chart]);
        expect({ chart, warnings }).toEqual({ chart, warnings: [] });
        expect(svg).toContain(charts[chart].title.text);
      }
    },
  );

  test('are plain JSON, and say what they show', () => {
    const charts = numbersCharts(YEAR);
    expect(JSON.parse(JSON.stringify(charts))).toEqual(charts);
    expect(Object.keys(charts)).toEqual([...NUMBERS_CHARTS]);
    for (const { description, $schema } of Object.values(charts)) {
      expect(description.length).toBeGreaterThan(30);
      expect($schema).toBe('https://vega.github.io/schema/vega-lite/v6.json');
    }
    expect(charts.survival.title.subtitle[0]).toContain(
      'open incidents are censored (30 incidents never got to the end)',
    );
  });

  test('count a week in which nothing happened as none, and give it no duration', () => {
    const { incidentsByWeek, durationsByWeek } = numbersCharts(YEAR);
    const weeks = incidentsByWeek.data.values;
    expect(weeks).toHaveLength(53);
    expect(weeks[4]).toEqual({ week: '2025-12-29', until: '2026-01-05', incidents: 0 });
    const durationsOf = (monday: string) => durationsByWeek.data.values.filter(({ week }) => week === monday);
    expect(durationsOf('2025-12-29').map(({ minutes }) => minutes)).toEqual([null, null, null, null]);
    expect(durationsOf('2026-01-05').every(({ minutes }) => Number(minutes) > 0)).toBe(true);
  });

  test('keep people apart who are called the same', () => {
    const people = numbersCharts(MONTH, { users: USERS }).load.data.values.map(({ person }) => person);
    expect([...new Set(people)]).toEqual(['Ana Lima', 'Ana Lima (2)', 'chi', 'dee']);
  });

  test('never take a name for anything but a value', () => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.length;
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, key === 'values' ? 'data' : shape(inner)]),
      );
    };
    const known = shape(numbersCharts(hostileReport(['a', 'b', 'c', 'd', 'e'])));
    fc.assert(
      fc.property(fc.array(hostileTexts, { minLength: 5, maxLength: 5 }), (names) => {
        expect(shape(numbersCharts(hostileReport(names)))).toEqual(known);
      }),
      { numRuns: 60 },
    );
  });

  test('bracketed and dotted names are drawn as they are', async () => {
    const name = "a.b[0]['c'] datum.x";
    const { svg } = await renderSpec(numbersCharts(hostileReport([name])).offenders);
    expect(svg).toContain("a.b[0]['c'] datum.x");
  });
});
