/**
 * The incident: what people respond to, as everybody outside the core sees it.
 *
 * It is folded from the timeline and never edited by hand.
 */
import type { Dated } from './dated.ts';
import type { Position } from './page.ts';
import type { CorrectableTime, FieldValue, Task } from './response-events.ts';
import type { IncidentKind, IncidentLink, Visibility } from './timeline.ts';
import type { KeptDraft } from './updates.ts';
import type { Urgency } from './user.ts';

/** How far the response is. */
export type Phase =
  | 'triage'
  | 'investigating'
  | 'identified'
  | 'monitoring'
  | 'resolved'
  | 'closed'
  | 'dismissed'
  | 'merged';
/** Whether somebody is being asked, has answered, or need not. */
export type Paging = 'quiet' | 'holding' | 'escalating' | 'acknowledged' | 'snoozed' | 'exhausted' | 'notified';
/** Whether the alerts of the incident still fire. */
export type AlertsState = 'none' | 'firing' | 'clearing' | 'clear';
/** Whether stakeholders wait for an update. */
export type Updates = 'notRequired' | 'due' | 'overdue';
/** How far the review is. */
export type Review = 'notNeeded' | 'pending' | 'draft' | 'inReview' | 'published';
/** Whether somebody who was asked to join has answered. */
export type ResponderStatus = 'requested' | 'accepted' | 'declined';

/** The moments of an incident, in epoch ms, as they are kept. Only what happened is there. */
export type TimesMs = {
  readonly openedAt: number;
  /** When it began to hurt: only people know, so only they say it. */
  readonly impactStartedAt?: number;
  readonly detectedAt?: number;
  readonly firstPagedAt?: number;
  readonly acknowledgedAt?: number;
  readonly mitigatedAt?: number;
  readonly resolvedAt?: number;
  readonly closedAt?: number;
  readonly dismissedAt?: number;
};

/** The moments of an incident. Only what happened is there. */
export type IncidentTimes = Dated<TimesMs, keyof TimesMs>;

/** What was recorded at the time, of the moments that people have corrected since. */
export type OriginalTimes = { readonly [T in CorrectableTime]?: Date };

/** Something to be done that the incident keeps track of. */
export type IncidentTask = Dated<Task, 'dueAt' | 'createdAt' | 'completedAt'>;

/** What another platform calls the incident, and where a person can look at it there. */
export type ExternalReference = {
  readonly platform: string;
  readonly id: string;
  /** The mirror of the configuration, or the contact, by which it got there. */
  readonly mirror: string;
  readonly url?: string;
};

/** An incident as hosts see it. */
export type Incident = {
  readonly id: string;
  readonly tenant: string;
  /** Grows with every commit. */
  readonly version: number;
  readonly title: string;
  readonly body?: string;
  readonly service: string;
  readonly severity: string;
  readonly urgency: Urgency;
  readonly visibility: Visibility;
  /** What it is for: only a real one counts in the numbers and on a public page. */
  readonly kind: IncidentKind;
  readonly impact?: string;
  readonly timePressure?: string;
  readonly phase: Phase;
  readonly paging: Paging;
  readonly alertsState: AlertsState;
  readonly updates: Updates;
  readonly review: Review;
  /** As they were corrected. */
  readonly times: IncidentTimes;
  readonly originalTimes: OriginalTimes;
  /** A finer word of the configuration for where it stands within its phase. */
  readonly subStatus?: string;
  readonly position: Position;
  readonly policy: string;
  readonly acknowledgedBy: readonly string[];
  readonly roles: Readonly<Record<string, string>>;
  readonly responders: Readonly<Record<string, ResponderStatus>>;
  /** The roles that have to be filled, and are not. */
  readonly vacantRoles: readonly string[];
  readonly tasks: readonly IncidentTask[];
  /** Updates that wait for approval, the oldest first. */
  readonly drafts: readonly Dated<KeptDraft, 'at'>[];
  /** The fields of the configuration that were filled in; a date is epoch ms. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The fields that are to be filled in, and are not. */
  readonly missingFields: readonly string[];
  /** The numbers of the timeline entries that people have pinned. */
  readonly pinned: readonly number[];
  readonly links: readonly IncidentLink[];
  /** The incidents of other platforms that mirror it, the latest of each mirror. */
  readonly externalRefs: readonly ExternalReference[];
  readonly alerts: Readonly<Record<string, 'firing' | 'acknowledged' | 'cleared'>>;
  readonly mergedInto?: string;
  readonly absorbed: readonly string[];
  /** The live timers: when each is due. */
  readonly timers: Readonly<Record<string, Date>>;
};
