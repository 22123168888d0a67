/**
 * The words of a review: what its numbers, states and phases are called.
 *
 * Words only: nothing of it is markup, and nothing of it blames anybody.
 */
import type { ActionItemStatus } from '../../model/action-item.ts';
import type { Phase, Review } from '../../model/incident.ts';
import type { InvalidReason, MeasurementName, NotApplicableReason, PendingReason } from '../../model/measurement.ts';
import type { Impact } from '../../model/status.ts';
import type { IncidentKind } from '../../model/timeline.ts';

/** What each number is. */
export const NUMBER_WORDS: { readonly [N in MeasurementName]: string } = {
  detect: 'Time to detect',
  acknowledge: 'Time to acknowledge',
  engage: 'Time until somebody worked on it',
  mitigate: 'Time to mitigate',
  resolve: 'Time to resolve',
  close: 'Time to close',
};

/** Why a number is still to come. */
export const PENDING_WORDS: { readonly [R in PendingReason]: string } = {
  noImpactStart: 'Still to come: nobody has said yet when it began to hurt',
  notYet: 'Not yet',
};

/** Why a number does not apply. */
export const NOT_APPLICABLE_WORDS: { readonly [R in NotApplicableReason]: string } = {
  endedBefore: 'Does not apply: it ended before that happened',
  dismissed: 'Does not apply: it was dismissed',
  merged: 'Does not apply: it was merged into another incident',
  notMitigated: 'Does not apply: it was over without having been mitigated',
  unknown: 'Cannot be given: nobody has written down when it began, or when it ended',
};

/** Why a number cannot be right. */
export const INVALID_WORDS: { readonly [R in InvalidReason]: string } = {
  endsBeforeItBegins: 'Cannot be right: it ends before it begins; correct one of these entries',
};

/** How far a review is. */
export const STATE_WORDS: { readonly [S in Review]: string } = {
  notNeeded: 'not asked for',
  pending: 'not started',
  draft: 'draft',
  inReview: 'in review',
  published: 'published',
};

/** How far an incident is. */
export const PHASE_WORDS: { readonly [P in Phase]: string } = {
  triage: 'Triage',
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
  closed: 'Closed',
  dismissed: 'Dismissed',
  merged: 'Merged',
};

/** What an incident was for, when it was no real one. */
export const KIND_WORDS: { readonly [K in IncidentKind]: string } = {
  real: '',
  test: 'a test',
  drill: 'a drill',
  backfilled: 'written down later',
};

/** How bad it was for a component. */
export const IMPACT_WORDS: { readonly [I in Impact]: string } = {
  operational: 'operational',
  under_maintenance: 'under maintenance',
  degraded_performance: 'degraded performance',
  partial_outage: 'partial outage',
  major_outage: 'major outage',
};

/** How far an action item is. */
export const ITEM_WORDS: { readonly [S in ActionItemStatus]: string } = {
  open: 'open',
  inProgress: 'in progress',
  done: 'done',
  dropped: 'dropped',
};

/** `1 page`, `1,204 pages`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(count)} ${count === 1 ? noun : plural}`;
}

/** `1,204` */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
