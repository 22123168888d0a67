/**
 * What may be done to the review of an incident now.
 *
 * It only asks the statechart; what a review must say, and who may publish it, is no matter of the statechart's.
 */
import type { EventDraft, TimelineEventType } from '../../model/timeline.ts';
import { canAccept } from './allowed.ts';
import type { IncidentSnapshot } from './snapshot.ts';

/** Each command of `tocsin.reviews`, and the event that it leaves in the timeline. */
export const REVIEW_EVENTS = {
  request: 'review.requested',
  start: 'review.started',
  submit: 'review.submitted',
  return: 'review.returned',
  publish: 'review.published',
  waive: 'review.waived',
} as const satisfies Record<string, TimelineEventType>;

/** A command of `tocsin.reviews` that leaves an event in the timeline. */
export type ReviewStep = keyof typeof REVIEW_EVENTS;
/** A command of `tocsin.reviews`. */
export type ReviewCommand = ReviewStep | 'edit';

/** What can still be published can still be written. */
const ASKED_AS: { readonly [C in ReviewCommand]: EventDraft } = {
  request: { type: REVIEW_EVENTS.request },
  start: { type: REVIEW_EVENTS.start },
  edit: { type: REVIEW_EVENTS.publish },
  submit: { type: REVIEW_EVENTS.submit },
  return: { type: REVIEW_EVENTS.return },
  publish: { type: REVIEW_EVENTS.publish },
  waive: { type: REVIEW_EVENTS.waive },
};

/** The commands of `tocsin.reviews` that may be given now. */
export function allowedForReview(snapshot: IncidentSnapshot): readonly ReviewCommand[] {
  return (Object.keys(ASKED_AS) as ReviewCommand[]).filter((command) => canAccept(snapshot, ASKED_AS[command]));
}
