import { describe, expect, test } from 'vitest';
import type { PictureComponent, Uptime } from '../../../src/model/status.ts';
import { statusPageHtml } from '../../../src/render/index.ts';
import { percentOf } from '../../../src/render/status/page/bars.ts';
import { BANNERS, BARS, GROUNDS, ICONS, STATES } from '../../../src/render/status/page/palette.ts';
import { daysOf, PICTURES, pictureOf } from './pictures.ts';
import { type Html, named, readHtml } from './read-html.ts';

const itemOf = (uptime: Uptime, page = PICTURES.operational.page): Html => {
  const component: PictureComponent = { id: 'a', name: 'A', impact: 'operational', uptime };
  return named(readHtml(statusPageHtml(pictureOf({ page, components: [component], groups: [] }))), 'div', 'group')[0]!;
};
/** The days of each kind, as they are drawn. */
const drawn = (item: Html) =>
  Object.fromEntries(
    named(named(item, 'svg')[0]!, 'path').map(({ attributes: { class: kind = '', d = '' } }) => [
      kind,
      [...d.matchAll(/M(\d+) 0h(\d+)/g)].flatMap(([, from, length]) =>
        Array.from({ length: (Number(length) + 1) / 4 }, (_, index) => Number(from) / 4 + index),
      ),
    ]),
  );

describe('the bars of a component', () => {
  test('draw each day once, in its kind', () => {
    const bad = {
      0: { worst: 'major_outage', minutes: { major_outage: 5 } },
      1: { worst: 'partial_outage', minutes: {} },
      2: { worst: 'partial_outage', minutes: {} },
      5: { worst: 'under_maintenance', minutes: {} },
      8: { worst: 'degraded_performance', minutes: {} },
      9: { worst: undefined, minutes: {} },
    } as const;
    expect(drawn(itemOf({ days: daysOf(10, bad), ratio: 0.5 }))).toEqual({
      b0: [2, 3, 5, 6],
      b1: [4],
      b2: [1],
      b3: [7, 8],
      b4: [9],
      b5: [0],
    });
  });

  test('cost one stroke when nothing happened', () => {
    const [path, ...more] = named(itemOf({ days: daysOf(90), ratio: 1 }), 'path');
    expect([path!.attributes.d, more.length]).toEqual(['M0 0h359', 0]);
  });

  test('are told in words for each day that was not fine, the worst of it first', () => {
    const minutes = { degraded_performance: 20, major_outage: 94.4, under_maintenance: 0.2 };
    const days = daysOf(90, { 12: { worst: 'major_outage', minutes }, 3: { worst: 'partial_outage', minutes: {} } });
    const item = itemOf({ days, ratio: 0.999 });
    expect(named(item, 'summary')[0]!.text).toBe('2 days in detail');
    expect(named(named(item, 'details')[0]!, 'li').map(({ text }) => text)).toEqual([
      '17 Nov: Major outage 1 h 34 min, Degraded performance 20 min, Under maintenance 1 min',
      '26 Nov: Partial outage',
    ]);
  });

  test('say how much of the time it worked, cut off and never rounded up; and when that is not known', () => {
    const shares = [1, 0.999999, 0.9999, 0.99985, 0.995, 0.29, 0, -1, 2, Number.NaN];
    expect(shares.map((share) => percentOf(share, '.'))).toEqual([
      '100',
      '99.99',
      '99.99',
      '99.98',
      '99.50',
      '29',
      '0',
      '0',
      '100',
      '0',
    ]);
    expect(named(itemOf({ days: daysOf(90), ratio: undefined }), 'p', 'axis')[0]!.text).toBe(
      '90 days agoNo uptime known yetToday',
    );
    const german = { ...PICTURES.operational.page, locale: 'de' };
    expect(named(itemOf({ days: daysOf(90), ratio: 0.99871 }, german), 'p', 'axis')[0]!.text).toBe(
      'vor 90 Tagen99,87 % verfügbarHeute',
    );
  });

  test('are left out when there are no days', () => {
    expect(named(itemOf({ days: [], ratio: undefined }), 'svg')).toEqual([]);
  });
});

test('the page says what counts as down and how much, when the picture does', () => {
  const how = (picture: typeof PICTURES.operational) => named(readHtml(statusPageHtml(picture)), 'details', 'how')[0]!;
  expect(named(how(PICTURES.operational), 'li').map(({ text }) => text)).toEqual([
    'Major outage: 100%',
    'Partial outage: 30%',
    'Degraded performance: 0%',
  ]);
  expect(how(PICTURES.operational).text).toContain('the last 90 days');
  const { uptime: _, ...page } = PICTURES.operational.page;
  expect(named(how(pictureOf({ page })), 'li')).toEqual([]);
});

describe('every colour can be told from its ground', () => {
  const contrast = (one: string, two: string) => {
    const [light, dark] = [luminance(one), luminance(two)].toSorted((a, b) => b - a) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };
  const sides = [0, 1] as const;

  test.each(sides)('words at least 4.5 to 1 (%s)', (side) => {
    const words = [GROUNDS.ink, GROUNDS.soft, GROUNDS.link, ...STATES].map((pair) => pair[side]);
    for (const word of words) {
      expect(contrast(word, GROUNDS.card[side])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(word, GROUNDS.bg[side])).toBeGreaterThanOrEqual(4.5);
    }
    for (const banner of BANNERS) expect(contrast(banner, '#ffffff')).toBeGreaterThanOrEqual(4.5);
  });

  test.each(sides)('bars and icons at least 3 to 1 (%s)', (side) => {
    for (const paint of [...BARS.map((pair) => pair[side]), ...ICONS]) {
      expect(contrast(paint, GROUNDS.card[side])).toBeGreaterThanOrEqual(3);
      expect(contrast(paint, GROUNDS.bg[side])).toBeGreaterThanOrEqual(3);
    }
  });
});

/** @see WCAG 2.2, relative luminance */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const share = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
