/**
 * Measurements: the numbers of incidents, each with the two entries of the timeline that it came from.
 *
 * A number that cannot be given is never zero: it says whether it is still to come, does not apply, or cannot be right.
 * Instants are epoch ms, durations ms.
 */
import type { IncidentKind, Visibility } from './timeline.ts';

/** What is measured of every incident. */
export const MEASUREMENT_NAMES = ['detect', 'acknowledge', 'engage', 'mitigate', 'resolve', 'close'] as const;

/**
 * What is measured of every incident: how long it took until somebody or something noticed it (from the moment it began to
 * hurt), and from then on until it was acknowledged, until the first person did something about it, until it was
 * mitigated, resolved and closed.
 */
export type MeasurementName = (typeof MEASUREMENT_NAMES)[number];

/** The entry of the timeline that says when something happened. */
export type Milestone = {
  /** The number of the entry. */
  readonly seq: number;
  /** When it happened, as people have corrected it. */
  readonly at: number;
  /** Whether the entry is a correction, or was written down later. */
  readonly isCorrected: boolean;
};

/** Why a number is still to come. */
export type PendingReason = 'noImpactStart' | 'notYet';
/** Why a number does not apply, and will not. */
export type NotApplicableReason = 'endedBefore' | 'dismissed' | 'merged' | 'notMitigated' | 'unknown';
/** Why a number cannot be right. */
export type InvalidReason = 'endsBeforeItBegins';

/** One number of one incident. */
export type Measurement =
  | { readonly status: 'recorded'; readonly ms: number; readonly from: Milestone; readonly to: Milestone }
  /** `elapsedMs`: how long it has taken by now. */
  | {
      readonly status: 'pending';
      readonly why: PendingReason;
      readonly from?: Milestone;
      readonly elapsedMs?: number;
    }
  /** `observedMs`: how long it had not happened when it could not happen any more. */
  | {
      readonly status: 'notApplicable';
      readonly why: NotApplicableReason;
      readonly from?: Milestone;
      readonly observedMs?: number;
    }
  | { readonly status: 'invalid'; readonly why: InvalidReason; readonly from: Milestone; readonly to: Milestone };

/** Every number of one incident. */
export type MeasurementsByName = { readonly [N in MeasurementName]: Measurement };

/** What an incident asked of one person. */
export type PersonNumbers = {
  readonly user: string;
  /**
   * When each page to this person was requested; of one that waited for the end of their quiet hours, when those ended, unless it
   * was withdrawn before.
   */
  readonly pagedAt: readonly number[];
  /** How often this person acknowledged. */
  readonly acknowledgements: number;
  /**
   * How long this person had it: from each acknowledgement, or from joining, until it was given back (unacknowledged,
   * reassigned, snoozed, declined, removed), mitigated, or over, which is when people say that it was when that is earlier.
   */
  readonly engagedMs: number;
};

/** The numbers of one incident: what a report is made of. */
export type IncidentNumbers = {
  readonly id: string;
  readonly title: string;
  readonly service: string;
  readonly severity: string;
  readonly kind: IncidentKind;
  readonly visibility: Visibility;
  readonly outcome: 'open' | 'resolved' | 'closed' | 'dismissed' | 'merged';
  readonly openedAt: number;
  /** When it was resolved, dismissed or merged; absent while it is open. */
  readonly endedAt?: number;
  readonly measurements: MeasurementsByName;
  /**
   * What its alerts have in common with those of other incidents: the name of the alert that opened it (its label
   * `alertname`, else its title with `#` for every number). Absent when people reported it.
   */
  readonly offender?: string;
  /** The alerts that opened or joined it; those of an incident that was merged into it are counted there. */
  readonly alerts: number;
  /** Pages that were requested, of whatever purpose; one that asks five people is one. */
  readonly pages: number;
  /** How often the page went on because nobody answered in time. */
  readonly escalations: number;
  readonly reopenings: number;
  /** Whether it ended by itself, and nobody had done anything about it. */
  readonly isAutoResolved: boolean;
  readonly people: readonly PersonNumbers[];
  /** Of a private one: the users who have a part in it. */
  readonly involved?: readonly string[];
};

/** A point of a survival curve: the share of incidents in which it had not happened yet after `ms`. */
export type SurvivalPoint = {
  readonly ms: number;
  readonly survival: number;
  /** The 95 % confidence interval (log-log). */
  readonly lower: number;
  readonly upper: number;
  readonly atRisk: number;
  readonly events: number;
};

/**
 * A Kaplan-Meier estimate: incidents in which it has not happened yet, or cannot any more, count for as long as they were
 * watched (they are censored), instead of being left out.
 */
export type Survival = {
  readonly events: number;
  readonly censored: number;
  /** When half of the incidents have got there; absent when fewer than half ever did. */
  readonly medianMs?: number;
  readonly p90Ms?: number;
  /** At most 200 points; of more, evenly chosen ones. Empty in groups: only all incidents together have a curve. */
  readonly curve: readonly SurvivalPoint[];
};

/** One number of many incidents. */
export type Distribution = {
  readonly recorded: number;
  readonly pending: number;
  readonly notApplicable: number;
  readonly invalid: number;
  /** Of the recorded ones; absent when there is none. */
  readonly medianMs?: number;
  readonly p90Ms?: number;
  readonly meanMs?: number;
  readonly survival: Survival;
};

/** Every number of many incidents. */
export type Distributions = { readonly [N in MeasurementName]: Distribution };

/** How incidents can be told apart in a report. */
export const NUMBERS_GROUPINGS = ['service', 'team', 'severity', 'week'] as const;
/** How incidents can be told apart in a report. A week is named by its Monday, as a local date: '2026-11-23'. */
export type NumbersGrouping = (typeof NUMBERS_GROUPINGS)[number];

/** The incidents of one service, team, severity or week. */
export type NumbersGroup = {
  readonly key: string;
  readonly incidents: number;
  readonly alerts: number;
  readonly pages: number;
  readonly durations: Distributions;
};

/** What being on call asked of one person. */
export type PersonLoad = {
  readonly user: string;
  readonly pages: number;
  /** A page that came within `interruptionGap` of the one before it is the same interruption. */
  readonly interruptions: number;
  /**
   * Interruptions in this person's own time zone, each in one of four: sleep hours of any day; otherwise Saturday and Sunday;
   * otherwise business hours, 08:00 to 18:00; otherwise evenings (and early mornings).
   */
  readonly duringBusiness: number;
  readonly duringEvenings: number;
  readonly duringWeekends: number;
  readonly duringSleep: number;
  /** Nights (by the local date on which they began) in which there was at least one interruption during sleep. */
  readonly nights: number;
  readonly acknowledgements: number;
  readonly engagedMs: number;
  /** Hours on call by the schedules of the configuration; absent when there are none, or they were not or cannot be asked. */
  readonly onCallHours?: number;
};

/** What fires often and means little. */
export type Offender = {
  readonly service: string;
  readonly name: string;
  readonly incidents: number;
  readonly alerts: number;
  readonly autoResolved: number;
};

/** How much of what came in was noise. */
export type Noise = {
  readonly alerts: number;
  readonly alertsPerIncident?: number;
  readonly autoResolved: number;
  /** Of the incidents that have ended. */
  readonly autoResolvedShare?: number;
  readonly dismissed: number;
  readonly offenders: readonly Offender[];
};

/** Whether what was decided in reviews gets done. Counted are the action items that were created in the window. */
export type ActionItemNumbers = {
  readonly created: number;
  readonly closedInTime: number;
  readonly closedLate: number;
  /** Closed, and had no due date. */
  readonly closedWithoutDue: number;
  readonly dropped: number;
  readonly open: number;
  /** Of the open ones. */
  readonly overdue: number;
  /** Of the open ones. */
  readonly ownedByNobody: number;
  /** Of those whose due date has passed or that were closed with one: how many were closed in time. Absent when there is none. */
  readonly inTimeShare?: number;
};

/** The numbers of a window of time. */
export type NumbersReport = {
  readonly tenant: string;
  /** Incidents that were opened from `fromAt` on and before `untilAt`. */
  readonly fromAt: number;
  readonly untilAt: number;
  /** When the numbers were taken. */
  readonly at: number;
  readonly timeZone: string;
  readonly counts: {
    readonly incidents: number;
    readonly open: number;
    /** Resolved, whether or not it was closed since. */
    readonly resolved: number;
    readonly dismissed: number;
    readonly merged: number;
    readonly reopened: number;
    /** Of kinds that were not asked for: as a rule tests, drills and what was written down later. In no other number. */
    readonly leftOut: number;
  };
  readonly durations: Distributions;
  /**
   * In the order of their keys; severities the most severe first, and those that the configuration does not know (any more)
   * last. A service that is of no team is in no group of `team`.
   */
  readonly groups: { readonly [G in NumbersGrouping]: readonly NumbersGroup[] };
  readonly people: readonly PersonLoad[];
  readonly noise: Noise;
  readonly actionItems: ActionItemNumbers;
};
