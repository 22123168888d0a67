import { describe, expect, test } from 'vitest';
import { CUT_MARK, cut } from '../../../src/core/text/cut.ts';

// Far above what it takes even on a busy machine, far below what a quadratic or exponential way would take.
const HANGS_MS = 10_000;

const FAMILY = '👩‍👩‍👧';
const ACCENTED = 'e\u0301';

describe('a text that fits', () => {
  test.each([
    ['', 0],
    ['', 5],
    ['abc', 3],
    ['abc', 4],
    [FAMILY, 1],
    [FAMILY.repeat(3), 3],
    [ACCENTED.repeat(4), 4],
    ['a\r\nb', 3],
  ])('%j in %i characters stays as it is', (text, max) => {
    expect(cut(text, max)).toBe(text);
  });
});

describe('a text that is too long', () => {
  test.each([
    ['abcd', 3, 'ab…'],
    ['abcd', 1, '…'],
    ['a\tb\ncd', 4, 'a\tb…'],
    [FAMILY.repeat(3), 2, `${FAMILY}…`],
    [FAMILY.repeat(3), 1, '…'],
    [`ab${ACCENTED}${ACCENTED}`, 3, 'ab…'],
    // The last kept ASCII character is not the last one when something combines with it.
    ['abce\u0301', 3, 'ab…'],
    ['abc\u0301d', 3, 'ab…'],
    ['a\r\nbc', 3, 'a\r\n…'],
    ['~ ~ ~', 3, '~ …'],
  ])('%j in %i characters becomes %j', (text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
  });

  test('ASCII with an accent on the last kept character still counts that character once', () => {
    expect(cut('abc\u0301', 3)).toBe('abc\u0301');
  });

  test.each([0, -1])('nothing fits in %i characters', (max) => {
    expect(cut('abc', max)).toBe('');
  });

  test('the mark is one character', () => {
    expect(CUT_MARK).toBe('…');
    expect(CUT_MARK).toHaveLength(1);
  });
});

describe('a text made to hurt', () => {
  test('one character of a million code units is left out as a whole', () => {
    expect(cut(`a${'\u0301'.repeat(1_000_000)}`, 10)).toBe('…');
    expect(cut(`abc${'\u0301'.repeat(1_000_000)}`, 10)).toBe('ab…');
  });

  test('characters of exactly 32 code units are kept', () => {
    const tall = `e${'\u0301'.repeat(31)}`;
    expect(cut(tall.repeat(3), 3)).toBe(tall.repeat(3));
    expect(cut(tall.repeat(4), 3)).toBe(`${tall.repeat(2)}…`);
  });

  test.each([
    ['ASCII', 'x'.repeat(10_000_000)],
    ['families', FAMILY.repeat(1_250_000)],
    ['accents', ACCENTED.repeat(5_000_000)],
  ])('ten megabytes of %s are cut without reading them all', (_, text) => {
    const before = performance.now();
    const short = cut(text, 1_024);
    expect(performance.now() - before).toBeLessThan(HANGS_MS);
    expect(short.endsWith('…')).toBe(true);
    expect([...new Intl.Segmenter('en').segment(short)]).toHaveLength(1_024);
  });
});
