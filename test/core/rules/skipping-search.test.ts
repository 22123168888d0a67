import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSkippingSearch } from '../../../src/core/rules/skipping-search.ts';

const found = (literals: readonly string[], text: string) => {
  const places: number[] = [];
  createSkippingSearch(literals, (place) => place).search(text, places);
  return [...new Set(places)].toSorted((a, b) => a - b);
};

test.each([
  [['replica', 'lag on db-1', 'lag on db-17'], 'The replica has a LAG on DB-17', [0, 1, 2]],
  [['abcde'], 'abcde', [0]],
  [['abcde'], 'abcd', []],
  [['abcde'], '', []],
  [['\u212Aelvin'], 'of kelvin', [0]],
  [['größe'], 'die größe', [0]],
  [['aaaaa', 'aaaaab'], 'aaaaaaab', [0, 1]],
])('of %j in %j: %j', (literals, text, expected) => {
  expect(found(literals, text)).toEqual(expected);
});

test('nothing that is there is missed', () => {
  const part = fc
    .array(fc.constantFrom('a', 'b', 'B', 'é', '-'), { minLength: 5, maxLength: 12 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), fc.array(part, { maxLength: 4 }), (literals, rest) => {
      const text = [...rest, ...literals.slice(0, 1), ...rest].join('');
      const folded = text.toLowerCase();
      const there = literals.flatMap((literal, place) => (folded.includes(literal.toLowerCase()) ? [place] : []));
      expect(found(literals, text)).toEqual(there);
    }),
    { numRuns: 2_000 },
  );
});

test('a literal of which only the start is looked at is found with too much rather than too little', () => {
  expect(found([`${'x'.repeat(30)}y`], `${'x'.repeat(30)}y`)).toEqual([0]);
});
