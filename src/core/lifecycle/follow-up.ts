/**
 * The updates and review regions: what is owed to stakeholders and to the future.
 *
 * Both are inert unless the severity of the incident asks for them, but for updates that people write all the same;
 * neither ever pages.
 */
import { vocabulary } from './vocabulary.ts';

/** What is written and not posted leaves the cadence as it is: nobody was told. */
const DRAFTS = {
  'update.drafted': { guard: 'isNotMerged', actions: ['apply', 'signalActed'] },
  'update.discarded': { guard: 'hasDrafts', actions: ['apply', 'signalActed'] },
} as const;
const POSTED = { ...DRAFTS, 'update.posted': { guard: 'isNotMerged', actions: ['apply', 'signalActed'] } } as const;
const POSTED_IN_TIME = {
  ...DRAFTS,
  'update.posted': { target: 'due', reenter: true, actions: ['apply', 'signalActed'] },
} as const;
/** What changes only the urgency leaves the cadence as it is. */
const CADENCE = [
  { guard: 'keepsSeverity' },
  { guard: 'expectsUpdates', target: 'due', reenter: true },
  { target: 'notRequired' },
] as const;

export const updates = vocabulary.createStateConfig({
  initial: 'choosing',
  states: {
    choosing: { always: [{ guard: 'expectsUpdates', target: 'due' }, { target: 'notRequired' }] },
    notRequired: {
      on: {
        ...POSTED,
        '~severityChanged': { guard: 'expectsUpdatesNow', target: 'due' },
        '~reopened': { guard: 'expectsUpdates', target: 'due' },
      },
    },
    due: {
      after: { updateDue: { target: 'overdue', actions: 'recordUpdateMissed' } },
      on: { ...POSTED_IN_TIME, '~severityChanged': CADENCE, '~ended': 'notRequired' },
    },
    overdue: {
      after: { updateOverdue: { target: 'overdue', reenter: true, actions: 'recordUpdateMissed' } },
      on: {
        ...POSTED_IN_TIME,
        'update.missed': { actions: ['apply', { type: 'requestNotice', params: { topic: 'updateDue' } }] },
        '~severityChanged': CADENCE,
        '~ended': 'notRequired',
      },
    },
  },
});

/** What is late is recorded, and whoever led the incident is told, until somebody decides that it needs none. */
const OWED = {
  'review.missed': { actions: ['apply', { type: 'requestNotice', params: { topic: 'reviewDue' } }] },
  'review.waived': { target: 'notNeeded', actions: 'apply' },
} as const;
/**
 * What has begun goes on when the incident is open again; its time begins with the end, and another severity gives it another.
 * What was dismissed or merged in the end teaches nothing.
 */
const anew = <S extends string>(target: S) =>
  ({
    '~severityChanged': { target, reenter: true },
    '~reopened': { target, reenter: true },
    '~resolved': { target, reenter: true },
    '~ended': { guard: 'isDiscarded', target: 'notNeeded' },
  }) as const;

export const review = vocabulary.createStateConfig({
  initial: 'notNeeded',
  states: {
    notNeeded: {
      on: {
        'review.requested': { guard: 'isResolved', target: 'pending', actions: 'apply' },
        'review.started': { guard: 'isResolved', target: 'draft', actions: 'apply' },
        '~resolved': { guard: 'needsReview', target: 'pending' },
        '~severityChanged': { guard: 'needsReviewNow', target: 'pending' },
      },
    },
    pending: {
      after: { reviewPending: { target: 'pending', reenter: true, actions: 'recordReviewMissed' } },
      on: {
        ...OWED,
        '~severityChanged': { target: 'pending', reenter: true },
        'review.started': { target: 'draft', actions: 'apply' },
        '~reopened': 'notNeeded',
      },
    },
    draft: {
      after: { reviewDraft: { target: 'draft', reenter: true, actions: 'recordReviewMissed' } },
      on: {
        ...OWED,
        ...anew('draft'),
        'review.submitted': { target: 'inReview', actions: 'apply' },
        'review.published': { target: 'published', actions: 'apply' },
      },
    },
    inReview: {
      after: { reviewApproval: { target: 'inReview', reenter: true, actions: 'recordReviewMissed' } },
      on: {
        ...OWED,
        ...anew('inReview'),
        'review.returned': { target: 'draft', actions: 'apply' },
        'review.published': { target: 'published', actions: 'apply' },
      },
    },
    // What was published stays; to write on it is returned.
    published: { on: { 'review.returned': { target: 'draft', actions: 'apply' } } },
  },
});
