/**
 * Codes: only the same one is the same, and what is kept says nothing of it.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCode, keptCode } from '../../src/engine/contact-code.ts';

const code = fc.stringMatching(/^\d{6}$/);
const salt = fc.stringMatching(/^[0-9a-f]{32}$/);

test('a code is known again, for its contact alone, and no other one is', () => {
  fc.assert(
    fc.property(code, code, salt, (right, other, salted) => {
      const kept = keptCode({ code: right, salt: salted }, 'ana');
      expect(isCode(right, kept, 'ana')).toBe(true);
      expect(isCode(right, kept, 'ben')).toBe(false);
      if (other !== right) expect(isCode(other, kept, 'ana')).toBe(false);
      expect(JSON.stringify(kept)).not.toContain(`"${right}"`);
    }),
  );
});

test('the same code under another salt is kept as something else', () => {
  const of = (salted: string) => keptCode({ code: '123456', salt: salted }, 'ana').hash;
  expect(of('a')).not.toBe(of('b'));
});

test('what is kept and damaged is nobody’s code', () => {
  expect(isCode('123456', { salt: 'a', hash: '' }, 'ana')).toBe(false);
  expect(isCode('123456', { salt: 'a', hash: 'zz' }, 'ana')).toBe(false);
});
