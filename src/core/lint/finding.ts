/**
 * Findings: what a configuration is allowed to say and yet does not do as its author thinks.
 *
 * A finding never makes a configuration unusable; what does is refused when it is read (core/config).
 */
import type { ScheduleFinding } from '../on-call/lint.ts';

/** What can be found, by the part of the configuration that it concerns. */
export type FindingCode =
  // Conditions
  | 'CONDITION_NEVER_HOLDS'
  | 'WINDOW_OVER'
  | 'FIELD_UNKNOWN'
  | 'FACTOR_UNSET'
  | 'SERVICE_FACT_UNSET'
  // Severity and intake
  | 'RULE_SHADOWED'
  | 'MATRIX_CELL_SHADOWED'
  | 'REPAGE_IDLE'
  | 'ROUTE_SHADOWED'
  | 'ROUTE_FOR_NAMED_ONLY'
  | 'GROUPING_SHADOWED'
  | 'GROUPING_JOIN_IDLE'
  | 'RATE_LIMIT_SHADOWED'
  | 'EXTRACTION_REPEATED'
  | 'EXTRACTION_IDLE'
  | 'INHIBITION_REPEATED'
  | 'SILENCE_ENDED'
  | 'MAINTENANCE_ENDED'
  | 'HEARTBEAT_GRACE_LONG'
  | 'HEARTBEAT_ZONE_IDLE'
  // Services and people
  | 'SERVICE_WITHOUT_TEAM'
  | 'SERVICE_UNROUTED'
  | 'DEPENDENCY_CIRCLE'
  | 'TEAM_EMPTY'
  | 'USER_UNNAMED'
  // Status pages
  | 'COMPONENT_UNFED'
  | 'STATUS_PAGE_EMPTY'
  | 'STATUS_HISTORY_SHORT'
  | 'SERVICE_NOT_ON_PAGE'
  // Paging
  | 'STEP_REACHES_NOBODY'
  | 'STEP_CHANNELS_ONLY'
  | 'CONTACT_MISSING'
  | 'STEP_LASTS_LONG'
  | 'FIRST_MESSAGE_LATE'
  | 'FALLBACK_CONTACT_UNUSED'
  | 'GATE_NEVER_OPENS'
  // Schedules
  | 'SCHEDULE_GAP'
  | 'SCHEDULE_NOT_COMPUTABLE'
  | ScheduleFinding['code'];

/** What was found, where, why it matters and what to do. */
export type Finding = {
  readonly code: FindingCode;
  /** Such as `routes[3].when`. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
};
