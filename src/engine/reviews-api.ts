/**
 * Reviews as hosts use them: what can be done with them, and what is refused.
 *
 * Types only; the implementation is in reviews.ts.
 */
import type { Actor } from '../model/identity.ts';
import type { BuiltReview, ReviewSummary, SimilarIncident } from '../model/review.ts';
import type { ActionItemsApi } from './action-items-api.ts';
import type { ReadOptions } from './read-options.ts';

/** Who does it: a user id, or an actor. */
export type By = { readonly by: string | Actor };

/** Which reviews are listed; the newest incidents first. */
export type ReviewFilter = ReadOptions & {
  readonly state?: ReviewSummary['state'] | readonly ReviewSummary['state'][];
  readonly service?: string;
  readonly limit?: number;
  readonly cursor?: string;
};

/** What is written into a review. What is not named stays as it is. */
export type ReviewEdit = By & {
  /** By the id of the section; `null` empties it. */
  readonly answers?: Readonly<Record<string, string | null>>;
  /** All of them, in their order; one without an id gets one. */
  readonly factors?: readonly { readonly id?: string; readonly text: string; readonly category?: string }[];
};

/** The reviews of one tenant. Those that change something answer with the review after the commit. */
export type ReviewsApi = {
  /**
   * The review of an incident as it stands, also before anybody has started it; a published one as it was published (with action
   * items as they are now). `revision` asks for an earlier publication.
   *
   * @throws TocsinError INCIDENT_NOT_FOUND when the tenant has none of that id, or none that `as` may see; INPUT_INVALID when
   * there is no such revision.
   */
  get(incidentId: string, options?: ReadOptions & { readonly revision?: number }): Promise<BuiltReview>;
  /** Incidents whose review is asked for, by how far it is. */
  list(filter?: ReviewFilter): Promise<{ readonly items: readonly ReviewSummary[]; readonly next?: string }>;
  /**
   * Asks for a review where the severity does not.
   *
   * @throws TocsinError INVALID_TRANSITION, as every command that the statechart does not accept now; `details.allowed` names
   * those that it does.
   */
  request(incidentId: string, input: By): Promise<BuiltReview>;
  /** Begins the draft. The template is chosen now, and stays. */
  start(incidentId: string, input: By): Promise<BuiltReview>;
  /**
   * Writes into the draft; one that was handed in can still be written.
   *
   * @throws TocsinError INVALID_TRANSITION when it has not been started, or is published: return it first; REFERENCE_UNKNOWN
   * when it names a section or a category that there is not; INPUT_INVALID when it is too long.
   */
  edit(incidentId: string, input: ReviewEdit): Promise<BuiltReview>;
  /** Hands the draft in. @throws TocsinError REVIEW_INCOMPLETE naming the required sections that are empty. */
  submit(incidentId: string, input: By): Promise<BuiltReview>;
  /** Back to the draft, from review or after it was published: what was published stays as a revision. */
  return(incidentId: string, input: By & { readonly reason?: string }): Promise<BuiltReview>;
  /**
   * @throws TocsinError REVIEW_INCOMPLETE as `submit`; REVIEW_NEEDS_APPROVAL when somebody else has to publish it.
   */
  publish(incidentId: string, input: By): Promise<BuiltReview>;
  /**
   * No review is needed after all, and why: nobody is reminded of it any more, and its incident may be pruned. What was
   * published of it stays as a revision. It can be asked for again.
   */
  waive(incidentId: string, input: By & { readonly reason: string }): Promise<BuiltReview>;
  /**
   * Past incidents that resemble this one: same service, labels, text; the most alike first. What is private is only named to
   * an `as` who has a part in it.
   */
  similar(incidentId: string, options?: ReadOptions & { readonly limit?: number }): Promise<readonly SimilarIncident[]>;
  /** What is done about it. */
  readonly actionItems: ActionItemsApi;
};
