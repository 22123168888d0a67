import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oneLine } from '../../../src/core/text/clean.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { IMPACTS, type StatusPicture } from '../../../src/model/status.ts';
import { type StatusBadgeOptions, statusBadge } from '../../../src/render/index.ts';
import { BADGE_COLOURS } from '../../../src/render/status/badge.ts';
import { pixels, widthOf } from '../../../src/render/text-width.ts';
import { hostileTexts } from './hostile-texts.ts';
import { INCIDENT, MAINTENANCE, NOW, OPERATIONAL } from './machine-pictures.ts';
import { everyXml, textOf, wellFormed } from './read-feed.ts';

const draw = (picture: StatusPicture, options?: StatusBadgeOptions) => wellFormed(statusBadge(picture, options));
const wordsOf = (picture: StatusPicture, options?: StatusBadgeOptions) =>
  everyXml(draw(picture, options), 'text').map(({ text }) => text);

describe('a badge', () => {
  test.each([
    ['operational', OPERATIONAL],
    ['major outage', INCIDENT],
    ['under maintenance', MAINTENANCE],
    ['degraded performance', { ...INCIDENT, indicator: 'minor' as const }],
    ['partial outage', { ...INCIDENT, indicator: 'major' as const }],
  ])('says in words: %s', (state, picture) => {
    expect(wordsOf(picture)).toEqual(['Example Shop', state]);
  });

  test('that could not be made anew says from when it is, and is not green', () => {
    const stale = { ...OPERATIONAL, stale: { askedAt: NOW + 90 * 60_000 } };
    const since = new Date(NOW).toISOString().slice(0, 16).replace('T', ' ');
    expect(wordsOf(stale)).toEqual(['Example Shop', `operational, as of ${since} UTC`]);
    expect(statusBadge(stale)).not.toContain(BADGE_COLOURS.operational);
    expect(statusBadge({ ...stale, stale: { askedAt: NOW + 1 } })).toBe(statusBadge(stale));
  });

  test('of a component says how that works', () => {
    expect(wordsOf(INCIDENT, { component: 'api' })).toEqual(['API', 'partial outage']);
    expect(wordsOf(INCIDENT, { component: 'search' })).toEqual(['Search', 'operational']);
  });

  test('has the label that is asked for, and its own when that says nothing', () => {
    expect(wordsOf(OPERATIONAL, { label: 'status' })).toEqual(['status', 'operational']);
    expect(wordsOf(OPERATIONAL, { component: 'api', label: ' \n ' })).toEqual(['API', 'operational']);
  });

  test('tells people who do not see it the same', () => {
    const badge = draw(INCIDENT, { component: 'api' });
    expect(badge.attributes.role).toBe('img');
    expect(badge.attributes['aria-label']).toBe('API: partial outage');
    expect(textOf(badge, 'title')).toBe('API: partial outage');
    expect(textOf(badge, 'desc')).toBe('As the status page of Example Shop has it.');
  });

  test('of a component that the page does not show is refused', () => {
    const refusal = (() => {
      try {
        return statusBadge(OPERATIONAL, { component: 'nope' });
      } catch (error) {
        return error;
      }
    })();
    expect(isTocsinError(refusal, 'REFERENCE_UNKNOWN')).toBe(true);
  });

  test('has the same bytes when the picture is made later', () => {
    expect(statusBadge({ ...INCIDENT, at: NOW + 1 })).toBe(statusBadge(structuredClone(INCIDENT)));
  });
});

test('whatever a label says, a badge is well-formed, says it, and its words lie within it', () => {
  fc.assert(
    fc.property(hostileTexts, (label) => {
      const badge = draw(OPERATIONAL, { label });
      const shown = oneLine(label).replace(/\p{Noncharacter_Code_Point}/gu, '\ufffd') || 'Example Shop';
      expect(textOf(badge, 'title')).toBe(`${shown}: operational`);
      expect(badge.attributes['aria-label']).toBe(`${shown}: operational`);
      const names = new Set(badge.children.map((child) => ('name' in child ? child.name : 'text')));
      expect([...names].toSorted()).toEqual(['desc', 'g', 'rect', 'title']);
      const [, left, edge] = everyXml(badge, 'rect');
      for (const { text, attributes } of everyXml(badge, 'text')) {
        const half = widthOf(text, pixels(11)) / 2;
        expect(Number(attributes.x) - half).toBeGreaterThanOrEqual(0);
        expect(Number(attributes.x) + half).toBeLessThanOrEqual(Number(badge.attributes.width));
      }
      if (left !== undefined) expect(Number(edge!.attributes.x) + 3).toBe(Number(left.attributes.width));
      expect(Number(badge.attributes.width)).toBeLessThan(420);
    }),
  );
});

test.each([...IMPACTS, 'label'] as const)('white words on the colour of %s can be read', (name) => {
  expect(1.05 / (luminance(BADGE_COLOURS[name]) + 0.05)).toBeGreaterThanOrEqual(4.5);
});

/** @see WCAG 2.2, relative luminance */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
