/**
 * What may be done to a review now, as the statechart has it.
 */
import { expect, test } from 'vitest';
import { allowedForReview } from '../../../src/core/lifecycle/allowed-review.ts';
import { STATES } from './states.ts';
import { story } from './support.ts';

test.each([
  ['notNeeded', ['request', 'start']],
  ['pending', ['start', 'waive']],
  ['draft', ['edit', 'submit', 'publish', 'waive']],
  ['inReview', ['edit', 'return', 'publish', 'waive']],
  ['published', ['return']],
])('a review that is %s', (state, commands) => {
  expect(allowedForReview(STATES.review[state]!().snapshot())).toEqual(commands);
});

test('of an incident that is open nothing may be asked yet', () => {
  expect(allowedForReview(story().snapshot())).toEqual([]);
});
