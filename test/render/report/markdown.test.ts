import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { reportMarkdown } from '../../../src/render/index.ts';
import { hostileTexts } from '../status/hostile-texts.ts';
import { EMPTY, hostileReport, MONTH, MONTH_BEFORE, YEAR } from './reports.ts';

const markdown = new MarkdownIt({ html: true, linkify: true });
/** What becomes of the text: the kinds of things, and how many cells. */
const kinds = (text: string) => {
  const tokens = markdown.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  return {
    kinds: new Set(tokens.map(({ type }) => type)),
    cells: tokens.filter(({ type }) => type === 'td_open' || type === 'th_open').length,
  };
};

describe('a report as Markdown', () => {
  test('has everything in tables', () => {
    const text = reportMarkdown(MONTH, { previous: MONTH_BEFORE, users: [{ id: 'ana', name: 'Ana Lima' }] });
    expect(text).toMatch(/^# Incidents in November 2026\n/);
    expect(text).toContain('| Incidents | 38 | down 19%, from 47 |');
    expect(text).toContain('| Time to acknowledge | 31 | 2 | 5 | 0 | 4m | 24m 48s | 8m 24s | 4m 19s |');
    expect(text).toContain('| Ana Lima | 26 | 21 | 9 | 4 | 3 | 5 | 4 | 18 | 16h 2m | 336 |');
    expect(text).toContain('|---|---|--:|--:|--:|\n| IndexLagHigh | search | 8 | 51 | 6 |');
    expect(text).toContain('1 Nov 2026 to 30 Nov 2026 (Europe/Berlin), as it stood on 1 Dec 2026 ');
    expect(text).toContain('Of those that were due, 71% were closed in time.');
  });

  test('of nothing says so', () => {
    const text = reportMarkdown(EMPTY);
    expect(text).toContain('No incident was opened in this period.');
    expect(text).toContain('No action item was created in this period.');
    expect(text).not.toMatch(/\b0s\b|NaN|undefined/);
  });

  test('rounds nothing to zero', () => {
    const [ana] = MONTH.people;
    const text = reportMarkdown({
      ...MONTH,
      people: [{ ...ana!, onCallHours: 0.4 }],
      noise: { ...MONTH.noise, alerts: 1, alertsPerIncident: 1 / 38 },
    });
    expect(text).toMatch(/\| &lt; 1 \|\n/);
    expect(text).toContain('There was 1 alert in 38 incidents, fewer than 0.1 for each incident.');
    expect(text).toContain('11 action items were created in this period.');
  });

  test('is the same bytes for the same report, whatever order it is asked in', () => {
    expect(reportMarkdown(structuredClone(YEAR))).toBe(reportMarkdown(YEAR));
  });

  test('has the same cells, and no markup but its own, whatever anything is called', () => {
    const plain = kinds(reportMarkdown(hostileReport(['a', 'b', 'c', 'd', 'e', 'f'])));
    fc.assert(
      fc.property(fc.array(hostileTexts, { minLength: 6, maxLength: 6 }), (names) => {
        const found = kinds(reportMarkdown(hostileReport(names), { title: names[0]! }));
        expect(found.cells).toBe(plain.cells);
        for (const kind of found.kinds) expect([...plain.kinds, 'text_special', 'hardbreak']).toContain(kind);
      }),
      { numRuns: 60 },
    );
  });
});
