/**
 * The page for those who come from another system: each of its rows is a scenario that is tested, and each scenario has its row.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const SYSTEMS = [
  ['PagerDuty', 'pagerduty'],
  ['Opsgenie', 'opsgenie'],
  ['GoAlert', 'goalert'],
  ['Grafana OnCall', 'grafana-on-call'],
] as const;

type Row = { readonly there: string; readonly here: string; readonly difference: string };

describe.each(SYSTEMS)('what is said of %s', (system, file) => {
  const rows = rowsOf(readFileSync('docs/coming-from.md', 'utf8'), system);
  const titles = titlesOf(readFileSync(`test/scenarios/${file}.test.ts`, 'utf8'));

  test('is what is tested, row by row and in that order', () => {
    const tested = titles.map((title) => title.replace(`unlike ${system}, `, ''));
    expect(rows.map(({ here }) => here)).toEqual(tested);
    expect(titles.length).toBeGreaterThan(10);
  });

  test('names a difference exactly where the scenario does', () => {
    const different = rows.flatMap(({ here, difference }) => (/^none\b/.test(difference) ? [] : [here]));
    const unlike = titles.filter((title) => title.startsWith('unlike '));
    expect(different).toEqual(unlike.map((title) => title.replace(`unlike ${system}, `, '')));
  });

  test('says what happens there, and what is different in words', () => {
    for (const { there, difference } of rows) {
      expect(there).not.toBe('');
      expect(difference).not.toBe('');
    }
  });

  test('is a given, a when and a then', () => {
    for (const title of titles) expect(title).toMatch(/^(unlike [^,]+, )?given .+, then /);
  });
});

test('no scenario stands in a table of its own that is not read here', () => {
  for (const [, file] of SYSTEMS) {
    const source = readFileSync(`test/scenarios/${file}.test.ts`, 'utf8');
    expect([...source.matchAll(/\b(test|describe|it)\b[.(]/g)]).toHaveLength(titlesOf(source).length);
  }
});

/** The table below the heading of `system`. */
function rowsOf(page: string, system: string): readonly Row[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${system}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) => {
    const [there = '', here = '', difference = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { there, here, difference };
  });
}

function titlesOf(source: string): readonly string[] {
  return [...source.matchAll(/^test\(\s*'([^']+)'/gm)].map(([, title = '']) => title);
}
