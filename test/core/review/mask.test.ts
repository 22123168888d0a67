/**
 * Masks: which words of a text are replaced, and which only look alike.
 */
import { expect, test } from 'vitest';
import { maskAmong, maskOf } from '../../../src/core/review/mask.ts';

const of = (...terms: string[]) => maskOf(terms.map((term, place) => ({ term, by: `<${place + 1}>` })));

test.each([
  ['a whole word, whatever its case', 'ana', 'Ana asked ANA, (ana) and @ana.', '<1> asked <1>, (<1>) and @<1>.'],
  ['no part of a word', 'ana', 'banana, anagram, ana_1 and aná', 'banana, anagram, ana_1 and aná'],
  ['a part of a compound', 'ana', "ana-primary and ana's", "<1>-primary and <1>'s"],
  ['a name of several words over any white space', 'Ana Díaz', 'ana  díaz and Ana\nDíaz', '<1> and <1>'],
  ['accents that are written in either way', 'José', 'Jose\u0301 and JOSÉ', '<1> and <1>'],
  ['letters that fold to two', 'Strauß', 'Strauß, STRAUSS and strauss', '<1>, <1> and <1>'],
  ['characters that mean something in a pattern', 'a.b*(c)+[d]$', 'axb and a.b*(c)+[d]$!', 'axb and <1>!'],
  ['a name in a script without spaces', '田中', '田中さんが再起動した', '<1>さんが再起動した'],
  ['a name from right to left', 'דנה', 'כתב דנה: בסדר, אבל לא דנהה', 'כתב <1>: בסדר, אבל לא דנהה'],
  ['a name of emoji, wherever it stands', '🦊', 'by🦊 and 🦊!', 'by<1> and <1>!'],
  [
    'a name that is a word as well',
    'Will',
    'Will will do it; willing and goodwill',
    '<1> <1> do it; willing and goodwill',
  ],
])('%s', (_, term, text, masked) => {
  expect(of(term)(text)).toBe(masked);
});

test('of terms that begin alike the longest is taken, and what was put in is never replaced', () => {
  expect(of('ana', 'ana díaz', '1')('ana díaz and ana')).toBe('<2> and <1>');
});

test('of equal terms the first counts, and nothing is no term', () => {
  expect(of('Ana', 'ana', '', '  ')('ana')).toBe('<1>');
  expect(of('')('as it is')).toBe('as it is');
  expect(maskOf([])('as it is')).toBe('as it is');
});

test('of many terms each is found wherever it would be found alone', () => {
  const terms = ['ana', 'Ana Díaz', 'José', 'Strauß', 'a.b*(c)', '田中', 'דנה', '🦊', "O'Brien", '+15550100', '@kim'];
  const text = `ANA, ana  díaz; Jose\u0301 JOSÉ STRAUSS a.b*(c)+ 田中さん דנה! by🦊 o'brien +15550100 x@kim`;
  const others = terms.map((term) => ({ term, by: `<${term}>` }));
  expect(maskAmong([], others)(text)).toBe(maskOf(others)(text));
  expect(maskAmong([{ term: 'ana', by: 'she' }], others)('Ana and José')).toBe('she and <José>');
  expect(maskAmong([{ term: 'José', by: 'ana' }], others)('José')).toBe('ana');
  expect(maskAmong([], others)('as it is')).toBe('as it is');
});
