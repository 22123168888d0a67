/** Reviews for tests: a small shop, the numbers that a review is handed, and the review of a timeline; never asserts anything. */
import { replay } from 'tocsin/lifecycle';
import { checkConfig } from '../../../src/core/config/check.ts';
import { compileConfig } from '../../../src/core/config/compile.ts';
import { buildReview } from '../../../src/core/review/build-review.ts';
import type { ReviewInput } from '../../../src/core/review/review-input.ts';
import type { TimelineItem } from '../../../src/core/text/describe-entry.ts';
import type { StoredActionItem } from '../../../src/model/action-item.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import type { IncidentNumbers, Measurement } from '../../../src/model/measurement.ts';
import type { BuiltReview, StoredReview } from '../../../src/model/review.ts';
import type { TimelineEvent } from '../../../src/model/timeline.ts';
import { person, T0 } from '../lifecycle/support.ts';

/** Ana, ben and boss; a shop and its till; reviews by name unless a test says otherwise. */
export function shop({ reviews, ...parts }: Partial<ConfigInput> = {}) {
  return compileConfig(
    checkConfig({
      users: [
        { id: 'ana', name: 'Ana Díaz', contacts: [{ notifier: 'sms', address: '+15550100' }] },
        { id: 'ben' },
        { id: 'boss', contacts: [{ notifier: 'sms', address: '+15550199' }] },
      ],
      escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'boss' }] }],
      services: [
        { id: 'checkout', name: 'Checkout', escalationPolicy: 'default' },
        { id: 'till', escalationPolicy: 'default' },
      ],
      reviews: { blameless: false, ...reviews },
      ...parts,
    }),
    'c1',
  );
}

const PENDING: Measurement = { status: 'pending', why: 'notYet' };

/** Numbers of an incident that nobody was asked about. */
export function numbers(more: Partial<IncidentNumbers> = {}): IncidentNumbers {
  return {
    id: 'i1',
    title: 'Checkout fails',
    service: 'checkout',
    severity: 'SEV2',
    kind: 'real',
    visibility: 'public',
    outcome: 'open',
    openedAt: T0,
    measurements: {
      detect: PENDING,
      acknowledge: PENDING,
      engage: PENDING,
      mitigate: PENDING,
      resolve: PENDING,
      close: PENDING,
    },
    alerts: 1,
    pages: 0,
    escalations: 0,
    reopenings: 0,
    isAutoResolved: false,
    people: [],
    ...more,
  };
}

export const items = (events: readonly TimelineEvent[]): readonly TimelineItem[] =>
  events.map((event) => ({ kind: 'event', at: event.at, event }));

/** What a review of these events is built from; `now` is the moment of the last of them. */
export function inputOf(events: readonly TimelineEvent[], more: Partial<ReviewInput> = {}): ReviewInput {
  return {
    snapshot: replay(events),
    timeline: items(events),
    numbers: numbers(),
    actionItems: [],
    similar: [],
    config: shop(),
    now: events.at(-1)?.at ?? T0,
    ...more,
  };
}

export const reviewOf = (events: readonly TimelineEvent[], more: Partial<ReviewInput> = {}): BuiltReview =>
  buildReview(inputOf(events, more));

/** A draft with a summary. */
export function draft(more: Partial<StoredReview> = {}): StoredReview {
  return {
    format: 1,
    incidentId: 'i1',
    template: { id: 'default', sections: [{ id: 'summary', kind: 'summary', required: true }] },
    content: { answers: { summary: 'The disk was full.' }, factors: [] },
    startedAt: T0,
    startedBy: person('ana'),
    authors: [person('ana')],
    publications: [],
    ...more,
  };
}

export function actionItem(more: Partial<StoredActionItem> = {}): StoredActionItem {
  return {
    format: 1,
    id: 'a1',
    incidentId: 'i1',
    service: 'checkout',
    visibility: 'public',
    title: 'Watch the disk',
    status: 'open',
    createdAt: T0,
    createdBy: person('ana'),
    reminded: 0,
    ...more,
  };
}
