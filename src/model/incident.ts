/**
 * The incident: what people respond to, as everybody outside the core sees it.
 *
 * It is folded from the timeline and never edited by hand.
 */
import type { Dated } from './dated.ts';
import type { Position } from './page.ts';
import type { IncidentKind, IncidentLink, Task, Visibility } from './timeline.ts';
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
  readonly firstPagedAt?: number;
  readonly acknowledgedAt?: number;
  readonly mitigatedAt?: number;
  readonly resolvedAt?: number;
  readonly closedAt?: number;
  readonly dismissedAt?: number;
};

/** The moments of an incident. Only what happened is there. */
export type IncidentTimes = Dated<TimesMs, keyof TimesMs>;

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
  readonly times: IncidentTimes;
  readonly position: Position;
  readonly policy: string;
  readonly acknowledgedBy: readonly string[];
  readonly roles: Readonly<Record<string, string>>;
  readonly responders: Readonly<Record<string, ResponderStatus>>;
  readonly tasks: readonly Task[];
  /** Updates that wait for approval, the oldest first. */
  readonly drafts: readonly Dated<KeptDraft, 'at'>[];
  readonly links: readonly IncidentLink[];
  /** The incidents of other platforms that mirror it, the latest of each mirror. */
  readonly externalRefs: readonly ExternalReference[];
  readonly alerts: Readonly<Record<string, 'firing' | 'acknowledged' | 'cleared'>>;
  readonly mergedInto?: string;
  readonly absorbed: readonly string[];
  /** The live timers: when each is due. */
  readonly timers: Readonly<Record<string, Date>>;
};
