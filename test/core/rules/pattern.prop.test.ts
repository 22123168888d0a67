import fc from 'fast-check';
import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { createFieldIndex, type Places } from '../../../src/core/rules/field-index.ts';
import { compilePattern } from '../../../src/core/rules/pattern.ts';
import { patterns, texts } from './arbitrary-pattern.ts';

const modes = fc.constantFrom('found' as const, 'whole' as const);

test('a pattern says what RE2 says, and all that it wants is in every text that it matches', () => {
  const seen = { yes: 0, no: 0, value: 0, start: 0, part: 0, pattern: 0 };
  fc.assert(
    fc.property(patterns, modes, fc.array(texts, { minLength: 1, maxLength: 12 }), (pattern, mode, all) => {
      const { test: matches, wants } = compilePattern(pattern, mode, '');
      const re2 = RE2JS.compile(pattern);
      for (const { kind } of wants) seen[kind] += 1;
      const indexes = wants.map((want) =>
        createFieldIndex([{ anchor: { key: 'x', read: ({ x }) => x, want }, place: 7 }]),
      );
      for (const text of all) {
        const expected = mode === 'whole' ? re2.matches(text) : re2.matcher(text).find();
        expect([pattern, text, matches(text)]).toEqual([pattern, text, expected]);
        seen[expected ? 'yes' : 'no'] += 1;
        for (const [number, index] of expected ? indexes.entries() : []) {
          const found: Places[] = [];
          index.lookUp({ x: text }, found);
          expect([pattern, text, wants[number], found[0]]).toEqual([pattern, text, wants[number], [7]]);
        }
      }
    }),
    { numRuns: 4_000 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(300);
});
