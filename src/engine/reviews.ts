/**
 * tocsin.reviews: what incidents teach, begun, written, handed in, published and read.
 *
 * Each method a line. A command answers with the review as it is after the commit.
 */
import type { ReviewStep } from '../core/lifecycle/allowed-review.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { actionItemsApi } from './action-items-api.ts';
import type { Engine } from './engine.ts';
import type { Read } from './incident-reads.ts';
import { editReview, stepReview } from './review-commands.ts';
import { listReviews, readReview } from './review-reads.ts';
import type { ReviewsApi } from './reviews-api.ts';
import { readSimilar } from './similar-incidents.ts';
import { reaching } from './transact.ts';

/** The reviews of `tenant`. */
export function reviewsApi(engine: Engine, tenant: string): ReviewsApi {
  const read: Read = async (work) => {
    await engine.ready();
    return reaching(work);
  };
  const step = (name: ReviewStep) => async (id: string, input: unknown) => {
    await stepReview(engine, { tenant, id }, name, input);
    return readReview(engine, { tenant, id });
  };
  return {
    get: async (id, options = {}) => {
      refuseUnknownOptions('reviews.get', options, ['as', 'revision']);
      return readReview(engine, { tenant, id }, options);
    },
    list: async (filter = {}) => listReviews(engine, tenant, filter, read),
    request: step('request'),
    start: step('start'),
    edit: async (id, input) => {
      await editReview(engine, { tenant, id }, input);
      return readReview(engine, { tenant, id });
    },
    submit: step('submit'),
    return: step('return'),
    publish: step('publish'),
    waive: step('waive'),
    similar: (id, options = {}) => readSimilar(engine, { tenant, id }, options),
    actionItems: actionItemsApi(engine, tenant),
  };
}
