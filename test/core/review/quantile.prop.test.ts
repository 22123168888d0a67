import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderOf } from '../../../src/core/review/order.ts';
import { quantileOf } from '../../../src/core/review/quantile.ts';

const sorted = (...values: readonly number[]) => Float64Array.from(values).sort();

test('quantiles as R gives them (quantile, type = 7)', () => {
  expect(quantileOf(sorted(1, 2, 3, 4), 0.5)).toBe(2.5);
  expect(quantileOf(sorted(1, 2, 3, 4, 5), 0.5)).toBe(3);
  expect(quantileOf(sorted(1, 2, 3, 4), 0.25)).toBe(1.75);
  expect(quantileOf(sorted(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 0.9)).toBeCloseTo(9.1, 12);
  expect(quantileOf(sorted(15, 20, 35, 40, 50), 0.4)).toBeCloseTo(29, 12);
  expect(quantileOf(sorted(7), 0.9)).toBe(7);
  expect(quantileOf(sorted(), 0.5)).toBeUndefined();
});

const values = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 });

test('a quantile lies on the straight lines between the values, each at its share of the way', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const ascending = list.toSorted((a, b) => a - b);
      // Value number i stands at the share i / (n - 1); in between the line is straight.
      const places = ascending.map((value, index) => ({ value, share: index / Math.max(1, list.length - 1) }));
      const before = places.findLast((place) => place.share <= share) ?? places[0]!;
      const after = places.find((place) => place.share > share) ?? before;
      const way = after === before ? 0 : (share - before.share) / (after.share - before.share);
      expect(quantileOf(sorted(...list), share)).toBeCloseTo(before.value + way * (after.value - before.value), 6);
    }),
    { numRuns: 200 },
  );
});

test('rows are put in order as if they were compared, and those without a value are left out', () => {
  const durations = fc.oneof(fc.nat(20), fc.nat(3_000), fc.maxSafeNat(), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(durations, { maxLength: 60 }), (list) => {
      const compared = list
        .map((value, place) => ({ value, place }))
        .filter(({ value }) => !Number.isNaN(value))
        .toSorted((a, b) => a.value - b.value || a.place - b.place);
      expect([...orderOf(Float64Array.from(list))]).toEqual(compared.map(({ place }) => place));
    }),
    { numRuns: 200 },
  );
});
