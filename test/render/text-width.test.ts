import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columns, fitText, pad, pixels, widthOf, wrapText } from '../../src/render/text-width.ts';

test.each([
  ['Ana', 3],
  ['張偉明', 6],
  ['ｶﾅ', 2],
  ['한국', 4],
  ['👩‍👩‍👧‍👦', 2],
  ['🇩🇪', 2],
  ['1️⃣', 2],
  ['e\u0301', 1],
  ['a\u200bb', 2],
  ['محمد', 4],
  ['', 0],
])('%s takes %i columns', (text, expected) => {
  expect(widthOf(text, columns)).toBe(expected);
});

test('a text that fits stays as it is; another is cut between characters and says so', () => {
  expect(fitText('Ana Lima', 8, columns)).toBe('Ana Lima');
  expect(fitText('Ana Lima', 7, columns)).toBe('Ana Li…');
  expect(fitText('Ana Lima', 5, columns)).toBe('Ana…');
  expect(fitText('張偉明', 4, columns)).toBe('張…');
  expect(fitText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3, columns)).toBe('👩‍👩‍👧‍👦…');
  expect(fitText('Ana', 1, columns)).toBe('');
});

test('what is said to fit does, in columns and in pixels, and padding is exact', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 40 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 60 }), (text, width) => {
      expect(widthOf(fitText(text, width, columns), columns)).toBeLessThanOrEqual(width);
      expect(widthOf(fitText(text, width, pixels(12)), pixels(12))).toBeLessThanOrEqual(width);
      expect(widthOf(pad(text, width), columns)).toBe(width);
    }),
  );
});

test('wide letters are wider than narrow ones, and everything grows with the size', () => {
  const small = pixels(10);
  expect([...'ilaWM明'].map(small)).toEqual([...'ilaWM明'].map(small).toSorted((a, b) => a - b));
  expect(widthOf('Ana', pixels(20))).toBeCloseTo(2 * widthOf('Ana', small));
});

describe('a text in lines', () => {
  test('is parted between words, and cut where no line is left', () => {
    const within = (most: number) => wrapText('open incidents are censored', 12, { measure: columns, most });
    expect(within(3)).toEqual(['open', 'incidents', 'are censored']);
    expect(within(2)).toEqual(['open', 'incidents a…']);
    expect(within(1)).toEqual(['open incide…']);
  });

  test('is one line when it fits, and a word that is too long is cut', () => {
    expect(wrapText('open', 12, { measure: columns, most: 3 })).toEqual(['open']);
    expect(wrapText('incomprehensibilities of all', 12, { measure: columns, most: 3 })).toEqual([
      'incomprehen…',
      'of all',
    ]);
  });
});
