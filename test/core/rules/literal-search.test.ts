import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLiteralSearch } from '../../../src/core/rules/literal-search.ts';

const found = (literals: readonly string[], where: 'start' | 'anywhere', text: string) => {
  const lists: (readonly number[])[] = [];
  createLiteralSearch(literals, where, (places) => places).search(text, lists);
  return [...new Set(lists.flat())].toSorted((a, b) => a - b);
};

test.each([
  [['disk', 'isk f', 'full'], 'disk full', [0, 1, 2]],
  [['he', 'she', 'his', 'hers'], 'ushers', [0, 1, 3]],
  [['aaa', 'aa', 'b'], 'aab', [1, 2]],
  [['Disk'], 'DISK', [0]],
  [['kelvin', 'sauce'], '\u212Aelvin \u017Fauce', [0, 1]],
  [['é', '🙂'], 'caf\u00e9 🙂', [0, 1]],
  [['É'], 'é', []],
  [['disk'], 'dis', []],
])('of %j anywhere in %j: %j', (literals, text, expected) => {
  expect(found(literals, 'anywhere', text)).toEqual(expected);
});

test('at the start only what the text starts with is found', () => {
  expect(found(['disk', 'dis', 'full', 'disk full now'], 'start', 'disk full')).toEqual([0, 1]);
});

test('each text is found once however often it is there, in one search after another', () => {
  const { search } = createLiteralSearch(['ab', 'b'], 'anywhere', (places) => places.join());
  const once = () => {
    const lists: string[] = [];
    search('ababab', lists);
    return lists;
  };
  expect([once(), once()]).toEqual([['0,1'], ['0,1']]);
});

test('nothing that is there is missed', () => {
  const words = fc
    .array(fc.constantFrom('a', 'b', 'B', 'é'), { minLength: 1, maxLength: 6 })
    .map((all) => all.join(''));
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), words, words, (literals, head, tail) => {
      const text = head + tail;
      const there = (isThere: (literal: string) => boolean) =>
        literals.flatMap((literal, place) => (isThere(literal) ? [place] : []));
      const folded = text.toLowerCase();
      expect(found(literals, 'anywhere', text)).toEqual(there((literal) => folded.includes(literal.toLowerCase())));
      expect(found(literals, 'start', text)).toEqual(there((literal) => folded.startsWith(literal.toLowerCase())));
    }),
    { numRuns: 1_000 },
  );
});

test('of long literals, and of very many, too much may be found, never too little', () => {
  const many = Array.from({ length: 1_200 }, (_, place) => `replica-${place}`);
  expect(found(many, 'anywhere', 'lag on replica-77')).toContain(77);
  expect(found(['x'.repeat(100)], 'anywhere', 'x'.repeat(100))).toEqual([0]);
});
