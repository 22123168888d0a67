import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, oneLine } from '../../../src/core/text/clean.ts';
import { cut } from '../../../src/core/text/cut.ts';

const segmenter = new Intl.Segmenter('en');
const graphemesOf = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);
const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string());

test('a cut text never has more characters than asked for, and is a beginning of the text', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 20 }), (text, max) => {
      const all = graphemesOf(text);
      const expected = all.length <= max ? text : `${all.slice(0, max - 1).join('')}…`;
      expect(cut(text, max)).toBe(expected);
    }),
  );
});

test('cleaning twice changes nothing more, and the result is well-formed', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }), (text) => {
      expect(cleanText(cleanText(text))).toBe(cleanText(text));
      expect(oneLine(oneLine(text))).toBe(oneLine(text));
      expect(() => encodeURIComponent(cleanText(text))).not.toThrow();
    }),
  );
});
