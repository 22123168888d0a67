/**
 * The text of a review: what an edit changes, who counts as an author, and which publications are kept.
 */
import { describe, expect, test } from 'vitest';
import { begunReview, editedReview, lengthOf, publishedReview } from '../../../src/core/review/written-review.ts';
import type { StoredReview } from '../../../src/model/review.ts';

const ana = { kind: 'user', id: 'ana' } as const;
const ben = { kind: 'user', id: 'ben' } as const;
const at = (by: typeof ana | typeof ben, when = 5) => ({ at: when, by });
const begun = () => begunReview('i1', { id: 't', sections: [] }, at(ana, 1));

describe('an edit', () => {
  test('keeps what it does not name, empties what it names as null or as nothing, and knows when and by whom', () => {
    const first = editedReview(begun(), { answers: { a: 'one', b: 'two', c: 'three' } }, at(ana));
    const second = editedReview(first, { answers: { b: null, c: '' }, factors: [{ id: 'f', text: 'x' }] }, at(ben, 9));
    expect(second).toEqual({
      ...begun(),
      content: { answers: { a: 'one' }, factors: [{ id: 'f', text: 'x' }] },
      editedAt: 9,
      authors: [ana, ben],
    });
  });

  test('that changes nothing gives the same review, whatever the order in which it names things', () => {
    const review = editedReview(
      begun(),
      { answers: { a: 'one', b: 'two' }, factors: [{ id: 'f', text: 'x' }] },
      at(ana),
    );
    expect(editedReview(review, { answers: { b: 'two', a: 'one', c: null } }, at(ben))).toBe(review);
    expect(editedReview(review, { factors: [{ id: 'f', text: 'x' }] }, at(ben))).toBe(review);
    expect(editedReview(review, {}, at(ben))).toBe(review);
  });

  test('of the order of the factors is one', () => {
    const factors = [
      { id: 'f', text: 'x' },
      { id: 'g', text: 'y' },
    ];
    const review = editedReview(begun(), { factors }, at(ana));
    expect(
      editedReview(review, { factors: factors.toReversed() }, at(ben)).content.factors.map(({ id }) => id),
    ).toEqual(['g', 'f']);
  });

  test('makes nobody an author twice, and takes a person for nothing else of that name', () => {
    const once = editedReview(begun(), { answers: { a: '1' } }, at(ana));
    expect(editedReview(once, { answers: { a: '2' } }, at(ana)).authors).toEqual([ana]);
    const source = { kind: 'source', id: 'ana' } as const;
    expect(editedReview(once, { answers: { a: '2' } }, { at: 5, by: source }).authors).toEqual([ana, source]);
  });
});

describe('a publication', () => {
  test('has the next number, the event that it is of, and what was written then', () => {
    const written = editedReview(begun(), { answers: { a: 'first' } }, at(ana));
    const once = publishedReview(written, 7, at(ben, 8));
    const twice = publishedReview(editedReview(once, { answers: { a: 'second' } }, at(ana)), 12, at(ana, 9));
    expect(twice.publications).toEqual([
      { revision: 1, seq: 7, at: 8, by: ben, content: { answers: { a: 'first' }, factors: [] } },
      { revision: 2, seq: 12, at: 9, by: ana, content: { answers: { a: 'second' }, factors: [] } },
    ]);
  });

  test('of more than four million characters together the oldest are forgotten, and the numbers go on', () => {
    const long = 'x'.repeat(500_000);
    let review: StoredReview = editedReview(begun(), { answers: { a: long } }, at(ana));
    for (let seq = 1; seq <= 10; seq++) review = publishedReview(review, seq, at(ana));
    expect(review.publications.map(({ revision }) => revision)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(publishedReview(review, 11, at(ana)).publications.at(-1)?.revision).toBe(11);
  });

  test('of a thousand and one the first is forgotten', () => {
    const [one] = publishedReview(begun(), 1, at(ana)).publications;
    const many = Array.from({ length: 1_000 }, (_, index) => ({ ...one!, revision: index + 1 }));
    const { publications } = publishedReview({ ...begun(), publications: many }, 9, at(ana));
    expect([publications.length, publications[0]?.revision, publications.at(-1)?.revision]).toEqual([1_000, 2, 1_001]);
  });

  test('stays although it alone is too long', () => {
    const huge = { ...begun(), content: { answers: { a: 'x'.repeat(5_000_000) }, factors: [] } };
    expect(publishedReview(huge, 1, at(ana)).publications).toHaveLength(1);
  });
});

test('the length of a review is that of everything people have written in it', () => {
  expect(lengthOf({ answers: { a: 'abc', b: '' }, factors: [{ id: 'long-id', text: 'de', category: 'c' }] })).toBe(5);
});
