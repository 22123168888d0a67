import { describe, expect, test } from 'vitest';
import { cutBytes, cutEscaped, cutTo, cutUnits } from '../../../src/core/text/cut-units.ts';

// Far above what it takes even on a busy machine, far below what a quadratic way would take.
const HANGS_MS = 10_000;
const FAMILY = '👩‍👩‍👧';

test.each([
  [cutUnits, 'abc', 3, 'abc'],
  [cutUnits, 'abcd', 3, 'ab…'],
  [cutUnits, 'abc', 1, '…'],
  [cutUnits, 'abc', 0, ''],
  [cutUnits, 'abc', -1, ''],
  [cutUnits, 'abc', Number.NaN, ''],
  [cutUnits, `${FAMILY}abc`, 9, `${FAMILY}…`],
  [cutUnits, `${FAMILY}abc`, 8, '…'],
  [cutUnits, 'ae\u0301bc', 3, 'a…'],
  [cutUnits, 'a\r\nbcd', 3, 'a…'],
  [cutUnits, '🇩🇪🇫🇷🇮🇹', 10, '🇩🇪🇫🇷…'],
  [cutBytes, 'größer', 8, 'größer'],
  [cutBytes, 'größer', 7, 'grö…'],
  [cutBytes, 'größer', 6, 'gr…'],
  [cutBytes, 'abc', 2, ''],
  [cutBytes, 'abcd', 3, '…'],
  [cutBytes, '🔥🔥', 8, '🔥🔥'],
  [cutBytes, '🔥🔥', 7, '🔥…'],
  [cutBytes, '\ud800\ud800', 5, '…'],
  [cutBytes, 'abc', Number.NaN, ''],
  [cutEscaped, 'a &amp; b', 5, 'a …'],
  [cutEscaped, 'a &amp; b', 8, 'a &amp;…'],
  [cutEscaped, 'a\\*b', 3, 'a…'],
  [cutEscaped, 'a\\\\\\*b', 4, 'a\\\\…'],
  [cutEscaped, 'a\\\\\\*bcd', 6, 'a\\\\\\*…'],
  [cutEscaped, '&amp;', 4, '…'],
  [cutEscaped, 'abc', Number.NaN, ''],
])('%o of %j to %d is %j', (shorten, text, max, expected) => {
  expect(shorten(text, max)).toBe(expected);
});

test('what counts in its own way is asked about a dozen times, not for each character', () => {
  let asked = 0;
  const half = cutTo('x'.repeat(4_096), 1_000, (text) => {
    asked += 1;
    return text.length;
  });
  expect(half).toBe(`${'x'.repeat(999)}…`);
  expect(asked).toBeLessThan(20);
  expect(cutTo('abc', 0, (text) => text.length)).toBe('');
});

describe('a text made to hurt', () => {
  test.each([
    ['accents', `a${'\u0301'.repeat(1_000_000)}`],
    ['families', FAMILY.repeat(200_000)],
    ['flags', '🇩'.repeat(500_000)],
    ['entities', '&amp;'.repeat(300_000)],
    ['backslashes', '\\'.repeat(1_000_000)],
  ])('%s by the million are cut in time', (_, text) => {
    const before = performance.now();
    for (const shorten of [cutUnits, cutBytes, cutEscaped]) {
      expect(shorten(text, 4_000).length).toBeLessThanOrEqual(4_000);
      expect(shorten(text, text.length - 1).length).toBeLessThan(text.length);
    }
    expect(performance.now() - before).toBeLessThan(HANGS_MS);
  });
});
