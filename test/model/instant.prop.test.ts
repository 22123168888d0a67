import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTocsinError } from '../../src/errors.ts';
import { toEpochMs } from '../../src/model/instant.ts';

const moment = fc
  .date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.getTime());

test('a moment is the same as a number, a Date and a text', () => {
  fc.assert(
    fc.property(moment, (ms) => {
      expect(toEpochMs(ms)).toBe(ms);
      expect(toEpochMs(new Date(ms))).toBe(ms);
      expect(toEpochMs(new Date(ms).toISOString())).toBe(ms);
    }),
  );
});

test('the same moment is read from its local time in any offset, with or without the colon', () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: -14 * 60, max: 14 * 60 }), fc.constantFrom('', ':'), (ms, offset, colon) => {
      const two = (value: number) => String(value).padStart(2, '0');
      const size = Math.abs(offset);
      const text = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
      const sign = offset < 0 ? '-' : '+';
      expect(toEpochMs(`${text}${sign}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`)).toBe(ms);
    }),
  );
});

test('any text is a moment or refused as INSTANT_INVALID', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(Number.isInteger(toEpochMs(text))).toBe(true);
      } catch (error) {
        expect(isTocsinError(error, 'INSTANT_INVALID')).toBe(true);
      }
    }),
  );
});
