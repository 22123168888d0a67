/**
 * Reviews as they are stored: one document each, whose id is that of its incident.
 *
 * How far a review is stands in the incident alone, never here. One that this version cannot read is never written over.
 */
import { TocsinError } from '../errors.ts';
import { type StoredReview, storedReviewSchema } from '../model/review.ts';
import type { DocumentChange, DocumentKey, StoredDocument } from '../ports/storage.ts';

/** Names the collection. */
export const REVIEWS = 'reviews';

/** Names the document of the review of an incident. */
export const reviewKey = (incidentId: string): DocumentKey => ({ collection: REVIEWS, id: incidentId });

/** The review of an incident as it was read, and the version of its document, 0 when there is none. */
export type KnownReview = { readonly review: StoredReview | undefined; readonly version: number };

/**
 * The review of an incident among the documents that were loaded.
 *
 * @throws TocsinError SNAPSHOT_UNREADABLE when what is stored is none that this version knows.
 */
export function reviewIn(documents: readonly StoredDocument[], incidentId: string): KnownReview {
  const document = documents.find(({ collection, id }) => collection === REVIEWS && id === incidentId);
  if (document === undefined) return { review: undefined, version: 0 };
  const read = storedReviewSchema.safeParse(document.data);
  if (read.success) return { review: read.data, version: document.version };
  throw new TocsinError(
    'SNAPSHOT_UNREADABLE',
    `Cannot read the review of incident ${incidentId}: what is stored is none that this version knows.`,
    { details: { incident: incidentId, problems: read.error.issues.slice(0, 8).map(({ message }) => message) } },
  );
}

/** Stores `review` in the place of the version `expectedVersion`. */
export function reviewChange(review: StoredReview, expectedVersion: number): DocumentChange {
  return { ...reviewKey(review.incidentId), expectedVersion, data: review };
}
