/**
 * Limits: whatever counts, a text is cut between two characters, at the last place where that is possible.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { borderBefore, isAlone } from '../../../src/core/text/border.ts';
import { boundedLine, boundedText } from '../../../src/core/text/bounded.ts';
import { cut } from '../../../src/core/text/cut.ts';
import { cutBytes, cutEscaped, cutTo, cutUnits } from '../../../src/core/text/cut-units.ts';
import { bordersOf, strangers, UNWANTED } from './strangers.ts';

const texts = fc.oneof(strangers, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string());
const limits = fc.integer({ min: 0, max: 60 });
const runs = { numRuns: 1_500 };
const bytes = (text: string) => Buffer.byteLength(text);
const units = (text: string) => text.length;
const escapedUnits = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').length;

test('a border is where the platform sees one, the last one not behind the place asked about', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: -2, max: 80 }), (text, index) => {
      const expected = Math.max(0, ...[...bordersOf(text)].filter((border) => border <= index));
      expect(borderBefore(text, index)).toBe(expected);
    }),
    runs,
  );
});

test('between two characters that stand alone there is always a border', () => {
  const alone = Array.from({ length: 0x10000 }, (_, unit) => unit).filter(isAlone);
  expect(alone.length).toBeGreaterThan(20_000);
  const inOrder = String.fromCharCode(...alone.flatMap((unit) => [unit, unit, 0x61, unit, 0x4e00]));
  expect(bordersOf(inOrder).size).toBe(inOrder.length + 1);
});

/** A limit with its measure, and the longest cut that the platform's borders allow. */
function longest(text: string, max: number, sizeOf: (text: string) => number): string {
  if (sizeOf(text) <= max) return text;
  const fitting = [...bordersOf(text)].filter(
    (border) => border < text.length && sizeOf(`${text.slice(0, border)}…`) <= max,
  );
  return fitting.length === 0 ? '' : `${text.slice(0, Math.max(...fitting))}…`;
}

describe('a text within its limit stays, another is cut at the last border that lets it fit', () => {
  test.each<[string, (text: string, max: number) => string, (text: string) => number]>([
    ['UTF-16 units', cutUnits, units],
    ['bytes', cutBytes, bytes],
    ['bytes, asked again and again', (text, max) => cutTo(text, max, bytes), bytes],
    ['units of an escaped text', (text, max) => cutTo(text, max, escapedUnits), escapedUnits],
  ])('%s', (_, shorten, sizeOf) => {
    fc.assert(
      fc.property(texts, limits, (text, max) => {
        expect(shorten(text, max)).toBe(longest(text, max, sizeOf));
      }),
      runs,
    );
  });

  test('characters, in texts of many scripts', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, max) => {
        const borders = [...bordersOf(text)];
        const count = text === '' ? 0 : borders.length - 1;
        expect(cut(text, max)).toBe(count <= max ? text : `${text.slice(0, borders[max - 1])}…`);
      }),
      runs,
    );
  });
});

test('cutting twice changes nothing more', () => {
  fc.assert(
    fc.property(texts, limits, (text, max) => {
      for (const shorten of [cut, cutUnits, cutBytes, cutEscaped, boundedLine, boundedText])
        expect(shorten(shorten(text, max), max)).toBe(shorten(text, max));
    }),
    runs,
  );
});

test('a bounded text is clean and within its limit', () => {
  fc.assert(
    fc.property(texts, limits, (text, max) => {
      for (const bounded of [boundedLine(text, max), boundedText(text, max)]) {
        expect(bounded.length).toBeLessThanOrEqual(max);
        expect(bounded).not.toMatch(UNWANTED);
        expect(bounded.isWellFormed()).toBe(true);
      }
      expect(boundedLine(text, max)).not.toMatch(/[\n\u2028\u2029]/);
    }),
    runs,
  );
});
