import { parseXml } from '@rgrove/parse-xml';
import { describe, expect, test } from 'vitest';
import { NUMBERS_CHARTS, numbersSvg } from '../../../src/render/index.ts';
import { CHART_PAINTS } from '../../../src/render/report/chart/paints.ts';
import { pixels, widthOf } from '../../../src/render/text-width.ts';
import { everyElement, readXml, type Xml } from '../read-xml.ts';
import { HOSTILE } from '../schedules.ts';
import { EMPTY, hostileReport, MONTH, ONE, YEAR } from './reports.ts';

const REPORTS = { year: YEAR, month: MONTH, one: ONE, empty: EMPTY, hostile: hostileReport(HOSTILE) };
const cases = Object.keys(REPORTS).flatMap((name) =>
  NUMBERS_CHARTS.map((chart) => [name as keyof typeof REPORTS, chart] as const),
);
const find = (root: Xml, name: string) => everyElement(root).filter((one) => one.name === name);

/** Where each text of a chart lies, as wide as it is at most. */
function boxes(root: Xml) {
  return find(root, 'text').map(({ attributes, text }) => {
    const size = Number(attributes['font-size']);
    const width = widthOf(text, pixels(size));
    const x =
      Number(attributes.x) -
      (attributes['text-anchor'] === 'middle' ? width / 2 : attributes['text-anchor'] === 'end' ? width : 0);
    const y = Number(attributes.y);
    return { text, left: x, right: x + width, top: y - size * 0.75, bottom: y + size * 0.2 };
  });
}

/** Relative luminance. @see WCAG 2.2 */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
const contrast = (a: string, b: string) => {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
};

describe('charts as SVG', () => {
  test.each(cases)('are well-formed, and no label lies over another one: %s, %s', (name, chart) => {
    for (const width of [280, 360, 900]) {
      const svg = numbersSvg(REPORTS[name], chart, { width });
      parseXml(svg);
      const root = readXml(svg);
      const texts = boxes(root);
      for (const [place, one] of texts.entries()) {
        expect(one.left, one.text).toBeGreaterThanOrEqual(0);
        expect(one.right, one.text).toBeLessThanOrEqual(width + 0.01);
        expect(one.bottom, one.text).toBeLessThanOrEqual(Number(root.attributes.height));
        const over = texts
          .slice(place + 1)
          .filter(
            (other) =>
              other.left < one.right && one.left < other.right && other.top < one.bottom && one.top < other.bottom,
          );
        expect(over.map(({ text }) => `${one.text} / ${text}`)).toEqual([]);
      }
    }
  });

  test.each(NUMBERS_CHARTS)('say in words what they show, and in two sets of colours: %s', (chart) => {
    const root = readXml(numbersSvg(YEAR, chart));
    const [title, description, style] = [find(root, 'title')[0]!, find(root, 'desc')[0]!, find(root, 'style')[0]!];
    expect(root.attributes).toMatchObject({
      role: 'img',
      'aria-labelledby': title.attributes.id,
      'aria-describedby': description.attributes.id,
    });
    expect(description.text.length).toBeGreaterThan(20);
    expect(style.text).toMatch(/^@media screen and \(prefers-color-scheme:dark\)/);
  });

  test('have the numbers in the words', () => {
    const wordsOf = (chart: (typeof NUMBERS_CHARTS)[number]) =>
      find(readXml(numbersSvg(MONTH, chart)), 'desc')[0]!.text;
    expect(wordsOf('incidentsByWeek')).toBe(
      'Incidents opened in the week of 26 Oct: 1, 2 Nov: 12, 9 Nov: 7, 16 Nov: 13, 23 Nov: 5, 30 Nov: 0.',
    );
    expect(wordsOf('severities')).toBe('SEV1: 4, SEV2: 13, SEV3: 21.');
    expect(wordsOf('durationsByWeek')).toContain('2 Nov: 59m 12s and 6h 7m');
    expect(wordsOf('survival')).toBe(
      'The share of incidents that is not acknowledged yet: half of them after 4m 19s; not resolved yet: half of them after 1h 19m.',
    );
    expect(wordsOf('load')).toContain('ana 9 business hours 4 evenings 3 weekends 5 sleep');
  });

  test('break the line at a week in which nothing was recorded', () => {
    const lines = find(readXml(numbersSvg(YEAR, 'durationsByWeek')), 'path').filter(
      ({ attributes }) => attributes['stroke-width'] === '2' && attributes.d!.length > 100,
    );
    expect(lines.map(({ attributes }) => attributes.d!.match(/M/g)!.length)).toEqual([3, 3]);
  });

  test('draw as many bars as there were weeks with incidents', () => {
    const bars = find(readXml(numbersSvg(YEAR, 'incidentsByWeek')), 'rect').filter(
      ({ attributes }) => attributes.class === 'tcc-f-blue',
    );
    expect(bars).toHaveLength(51);
  });

  test('of nothing say so, and draw no zero', () => {
    const texts = (chart: (typeof NUMBERS_CHARTS)[number]) =>
      find(readXml(numbersSvg(EMPTY, chart)), 'text').map(({ text }) => text);
    expect(texts('durationsByWeek')).toContain('Nothing was recorded in this period.');
    expect(texts('survival')).toContain('Nothing has happened in time yet.');
    expect(texts('load')).toContain('Nobody was paged.');
    expect(find(readXml(numbersSvg(EMPTY, 'survival')), 'desc')[0]!.text).toBe(
      'The share of incidents that is not acknowledged yet: nothing is known; not resolved yet: nothing is known.',
    );
  });

  test('are the same bytes for the same report, and tell two people apart who are called the same', () => {
    const users = MONTH.people.map(({ user }) => ({ id: user, name: 'Kim' }));
    const svg = numbersSvg(MONTH, 'load', { users });
    expect(numbersSvg(structuredClone(MONTH), 'load', { users })).toBe(svg);
    expect(find(readXml(svg), 'text').filter(({ text }) => text === 'Kim')).toHaveLength(4);
  });

  test('use colours that can be seen, and told apart in grey', () => {
    const { ground, business, evenings, eveningsEdge, weekends, sleep, blue, orange } = CHART_PAINTS;
    for (const side of [0, 1] as const) {
      for (const paint of [business, eveningsEdge, weekends, sleep, blue, orange]) {
        expect(contrast(paint[side], ground[side]), paint[side]).toBeGreaterThanOrEqual(3);
      }
      const greys = [business, evenings, weekends, sleep]
        .map((paint) => luminance(paint[side]))
        .toSorted((a, b) => a - b);
      for (const [place, grey] of greys.slice(1).entries()) {
        expect((grey + 0.05) / (greys[place]! + 0.05)).toBeGreaterThan(1.15);
      }
    }
  });

  test('are refused in a width that nobody could read', () => {
    expect(() => numbersSvg(MONTH, 'load', { width: 100 })).toThrow(/width: expected a number from 280 to 1600/);
    expect(() => numbersSvg({ ...MONTH, timeZone: 'Mars/Base' }, 'load')).toThrow(/no time zone/);
  });
});
