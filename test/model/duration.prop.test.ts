import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationMs, durationSchema, formatDuration } from '../../src/model/duration.ts';

const small = fc.nat({ max: 60 });

test('a duration in parts is the sum of its parts, short or ISO', () => {
  fc.assert(
    fc.property(small, small, small, small, (days, hours, minutes, seconds) => {
      const sum = ((days * 24 + hours) * 60 + minutes) * 60_000 + seconds * 1_000;
      expect(durationMs(`${days}d${hours}h${minutes}m${seconds}s`)).toBe(sum);
      expect(durationMs(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(sum);
    }),
  );
});

test('what formatDuration writes can be read again, and is at most one smaller unit away', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 * 365 * 86_400_000 }), (ms) => {
      const read = durationMs(formatDuration(ms).replaceAll(' ', ''));
      const unit = ms >= 86_400_000 ? 3_600_000 : ms >= 3_600_000 ? 60_000 : ms >= 60_000 ? 1_000 : 500;
      expect(Math.abs(ms - read)).toBeLessThanOrEqual(unit);
    }),
  );
});

test('no text makes the schema throw, and what it takes has a length', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      if (durationSchema.safeParse(text).success) expect(durationMs(text)).toBeGreaterThanOrEqual(0);
    }),
  );
});
