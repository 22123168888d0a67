/**
 * Words: how states are called in JSON, feeds and badges, for readers who see no colour.
 *
 * English only. It never says more than the picture does.
 */
import { IMPACTS, type Impact, type Indicator, type MaintenanceStatus, type PublicStatus } from '../../model/status.ts';

/** How well a component works. */
export const IMPACT_WORDS: Readonly<Record<Impact, string>> = {
  operational: 'Operational',
  under_maintenance: 'Under maintenance',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
};

/** How bad it is as a whole. Widgets show this sentence as it is. */
export const INDICATOR_WORDS: Readonly<Record<Indicator, string>> = {
  none: 'All systems operational',
  maintenance: 'Maintenance under way',
  minor: 'Degraded performance',
  major: 'Partial outage',
  critical: 'Major outage',
};

/** The state of a component that is as bad as the whole. */
export const IMPACT_OF_INDICATOR: Readonly<Record<Indicator, Impact>> = {
  none: 'operational',
  maintenance: 'under_maintenance',
  minor: 'degraded_performance',
  major: 'partial_outage',
  critical: 'major_outage',
};

/** The whole that is as bad as one component. */
export const INDICATOR_OF_IMPACT: Readonly<Record<Impact, Indicator>> = {
  operational: 'none',
  under_maintenance: 'maintenance',
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
};

/** How far an incident or a maintenance is. */
export const STATUS_WORDS: Readonly<Record<PublicStatus | MaintenanceStatus, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  verifying: 'Verifying',
  completed: 'Completed',
};

/** The worst of them; of none, that all is well. */
export function worstOf(impacts: readonly Impact[]): Impact {
  return IMPACTS.findLast((impact) => impacts.includes(impact)) ?? 'operational';
}

/** Of what could not be made anew: from when it is. `as of 2026-11-29 10:00 UTC` */
export function asOf(at: number): string {
  return `as of ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
