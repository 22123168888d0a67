import { expect, test } from 'vitest';
import { reviewJson } from '../../../src/render/index.ts';
import { REVIEWS } from './reviews.ts';

const BACK = /^at$|At$/;
/** Instants as they were. */
const back = (text: string) => {
  const read = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((one) => read(key, one));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, read(name, one)]));
    }
    return BACK.test(key) ? Date.parse(value as string) : value;
  };
  return read('', JSON.parse(text));
};

test.each(Object.entries(REVIEWS))('a review as JSON says everything that the review says: %s', (_, review) => {
  const text = reviewJson(review);
  const read = back(text);
  expect(read).toEqual(JSON.parse(JSON.stringify(review)));
  expect(text).not.toContain('<');
  expect(reviewJson(structuredClone(review))).toBe(text);
});

test('instants are ISO 8601 in UTC, durations are milliseconds', () => {
  const read = JSON.parse(reviewJson(REVIEWS.short));
  expect(read.incident.openedAt).toBe('2026-11-26T01:34:50.000Z');
  expect(read.numbers.people[0].pagedAt).toEqual(['2026-11-26T01:39:56.000Z']);
  expect(read.numbers.measurements.detect).toEqual({
    ...{ from: { at: '2026-11-26T01:31:20.000Z', isCorrected: true, seq: 1 }, ms: 210_000, status: 'recorded' },
    to: { at: '2026-11-26T01:34:50.000Z', isCorrected: false, seq: 2 },
  });
});

test('equal reviews are equal bytes, in whatever order they were put together', () => {
  const turned = Object.fromEntries(Object.entries(REVIEWS.short).toReversed()) as typeof REVIEWS.short;
  expect(Object.keys(turned)).not.toEqual(Object.keys(REVIEWS.short));
  expect(reviewJson(turned)).toBe(reviewJson(REVIEWS.short));
});
