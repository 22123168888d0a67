/**
 * The order of times: what contradicts what.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disorderIn } from '../../../src/core/response/times.ts';

const live = { now: 100, isBackfilled: false };
const later = { now: 100, isBackfilled: true };

test.each([
  [{ openedAt: 10 }, undefined],
  [{ impactStartedAt: 1, detectedAt: 2, openedAt: 3, acknowledgedAt: 4, mitigatedAt: 5, resolvedAt: 6 }, undefined],
  [{ impactStartedAt: 3, detectedAt: 3, openedAt: 3, acknowledgedAt: 3, mitigatedAt: 3, resolvedAt: 3 }, undefined],
  [{ openedAt: 3, mitigatedAt: 4, acknowledgedAt: 5 }, undefined],
  [
    { openedAt: 3, detectedAt: 4 },
    { earlier: 'detectedAt', later: 'openedAt' },
  ],
  [
    { openedAt: 3, impactStartedAt: 4 },
    { earlier: 'impactStartedAt', later: 'openedAt' },
  ],
  [
    { openedAt: 3, acknowledgedAt: 2 },
    { earlier: 'openedAt', later: 'acknowledgedAt' },
  ],
  [
    { openedAt: 3, mitigatedAt: 9, resolvedAt: 8 },
    { earlier: 'mitigatedAt', later: 'resolvedAt' },
  ],
  [
    { openedAt: 3, acknowledgedAt: 9, resolvedAt: 8 },
    { earlier: 'acknowledgedAt', later: 'resolvedAt' },
  ],
  [
    { openedAt: 3, resolvedAt: 101 },
    { earlier: 'resolvedAt', later: 'now' },
  ],
])('%j', (times, expected) => {
  expect(disorderIn(times, live)).toEqual(expected);
});

test('what was written down afterwards was opened after everything', () => {
  expect(disorderIn({ impactStartedAt: 1, acknowledgedAt: 2, resolvedAt: 3, openedAt: 50 }, later)).toBeUndefined();
  expect(disorderIn({ impactStartedAt: 4, resolvedAt: 3 }, later)).toEqual({
    earlier: 'impactStartedAt',
    later: 'resolvedAt',
  });
});

test('the end is never before anything else, whatever is known', () => {
  const moment = fc.option(fc.nat(120), { nil: undefined });
  const names = ['impactStartedAt', 'detectedAt', 'acknowledgedAt', 'mitigatedAt', 'resolvedAt'] as const;
  fc.assert(
    fc.property(fc.array(moment, { minLength: 5, maxLength: 5 }), fc.boolean(), (moments, isBackfilled) => {
      const known = Object.fromEntries(
        names.flatMap((name, index) => (moments[index] === undefined ? [] : [[name, moments[index]]])),
      ) as Partial<Record<(typeof names)[number], number>>;
      if (disorderIn(known, { now: 100, isBackfilled }) !== undefined) return;
      const { resolvedAt = 100, impactStartedAt = 0 } = known;
      for (const at of Object.values(known)) {
        expect(at).toBeLessThanOrEqual(resolvedAt);
        expect(at).toBeGreaterThanOrEqual(impactStartedAt);
      }
    }),
    { numRuns: 500, seed: 7 },
  );
});
