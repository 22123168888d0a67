import { expect, test } from 'vitest';
import { clip, complement, coveringAt, overlaps, type Span, unite } from '../../../src/core/on-call/span.ts';

const span = (startAt: number, endAt: number): Span => ({ startAt, endAt });

test('spans that only touch do not overlap', () => {
  expect(overlaps(span(0, 5), span(5, 9))).toBe(false);
  expect(overlaps(span(5, 9), span(0, 5))).toBe(false);
  expect(overlaps(span(0, 5), span(4, 9))).toBe(true);
  expect(overlaps(span(4, 9), span(0, 5))).toBe(true);
});

test('a clipped span lies within the bounds', () => {
  expect(clip(span(0, 9), span(2, 5))).toEqual(span(2, 5));
  expect(clip(span(3, 4), span(2, 5))).toEqual(span(3, 4));
});

test('a union joins what overlaps, touches or contains', () => {
  expect(unite([span(7, 9), span(0, 3), span(3, 5), span(1, 2), span(10, 11)])).toEqual([
    span(0, 5),
    span(7, 9),
    span(10, 11),
  ]);
  expect(unite([])).toEqual([]);
});

test('the complement is every hole, at the edges too', () => {
  expect(complement([span(2, 3), span(5, 7)], span(0, 9))).toEqual([span(0, 2), span(3, 5), span(7, 9)]);
  expect(complement([span(0, 3), span(5, 9)], span(0, 9))).toEqual([span(3, 5)]);
  expect(complement([span(-5, 20)], span(0, 9))).toEqual([]);
  expect(complement([], span(0, 9))).toEqual([span(0, 9)]);
  expect(complement([span(-5, -1), span(12, 14)], span(0, 9))).toEqual([span(0, 9)]);
});

test('what covers a moment comes in the order of the list', () => {
  const late = span(4, 8);
  const early = span(0, 6);
  const short = span(1, 2);
  const at = coveringAt([late, short, early]);
  expect(at(0)).toEqual([early]);
  expect(at(1)).toEqual([short, early]);
  expect(at(2)).toEqual([early]);
  expect(at(4)).toEqual([late, early]);
  expect(at(6)).toEqual([late]);
  expect(at(8)).toEqual([]);
});

test('what ended before the first question never covers', () => {
  expect(coveringAt([span(0, 2), span(0, 5)])(3)).toEqual([span(0, 5)]);
});
