import fc from 'fast-check';
import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { createPatternSet } from '../../../src/core/rules/pattern-set.ts';
import { patterns, texts } from './arbitrary-pattern.ts';

const sized = (all: readonly string[]) =>
  all.map((pattern) => ({ pattern, size: RE2JS.compile(pattern).programSize() }));

function searchOf(all: readonly string[]): (text: string) => readonly number[] {
  const { search } = createPatternSet(sized(all));
  return (text) => {
    const met: number[] = [];
    search(text, (place) => met.push(place));
    return met.toSorted((a, b) => a - b);
  };
}

const matching = (all: readonly string[], text: string) =>
  all.flatMap((pattern, place) => (RE2JS.compile(pattern).test(text) ? [place] : []));

test('every pattern that matches is met, however many are asked together', () => {
  const bounded = patterns.filter((pattern) => !pattern.includes('\\Q'));
  fc.assert(
    fc.property(
      fc.array(bounded, { minLength: 3, maxLength: 8 }),
      fc.array(texts, { minLength: 1, maxLength: 6 }),
      (all, asked) => {
        const search = searchOf(all);
        for (const text of asked) expect(search(text)).toEqual(expect.arrayContaining(matching(all, text)));
      },
    ),
    { numRuns: 500 },
  );
});

test('patterns that go together are told apart exactly', () => {
  const all = ['^\\d+$', '[a-f]{3}', '\\s\\d', '[xyz]\\w'];
  const asked = ['123', 'abc 1', 'x1', '--', ''];
  expect(asked.map(searchOf(all))).toEqual(asked.map((text) => matching(all, text)));
});

test('those that do not go together are parted, and nothing is left out while that happens', () => {
  const all = Array.from({ length: 40 }, (_, place) => `[${'abcdefgh'[place % 8]}x].{${3 + place}}[0-${place % 10}]`);
  const search = searchOf(all);
  let state = 7;
  const letter = () => {
    state = (state * 48_271) % 2_147_483_647;
    return 'abcdefghx0123456789'.charAt(state % 19);
  };
  for (let number = 0; number < 150; number += 1) {
    const text = Array.from({ length: 60 }, letter).join('');
    expect(search(text)).toEqual(expect.arrayContaining(matching(all, text)));
  }
});

test('long texts and large patterns are left to the patterns themselves', () => {
  const all = ['[ab]', '[cd]', '[ef]', '([gh][ij]?){40}'];
  expect(searchOf(all)('a')).toEqual([0, 3]);
  expect(searchOf(all)('-'.repeat(257))).toEqual([0, 1, 2, 3]);
});
