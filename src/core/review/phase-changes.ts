/**
 * Phases of an incident over time, from its events, at the moments that people know by now.
 *
 * Pure, and faster than a replay. It follows the statechart and decides nothing: the last phase is that of the incident.
 */
import type { Phase } from '../../model/incident.ts';
import type { TimelineEvent } from '../../model/timeline.ts';
import type { IncidentContext } from '../lifecycle/context.ts';

/** From `at` (epoch ms) on the incident is in that phase. */
export type PhaseChange = { readonly at: number; readonly value: Phase };

const PHASES: { readonly [T in TimelineEvent['type']]?: Phase } = {
  'incident.opened': 'triage',
  'investigation.started': 'investigating',
  'cause.identified': 'identified',
  'incident.mitigated': 'monitoring',
  'incident.resolved': 'resolved',
  'incident.reopened': 'triage',
  'incident.closed': 'closed',
  'incident.dismissed': 'dismissed',
  'incident.merged': 'merged',
};
const ENDED: ReadonlySet<Phase> = new Set<Phase>(['resolved', 'closed', 'dismissed', 'merged']);

/** Whether an incident in that phase has ended. */
export function isEnd(phase: Phase): boolean {
  return ENDED.has(phase);
}

/** The phase with which it ended and has been over since: 'closed' is only the end of an end. */
export function endIn(phases: readonly PhaseChange[]): PhaseChange | undefined {
  return phases[phases.findLastIndex(({ value }) => !isEnd(value)) + 1];
}

/**
 * The phases in their order. The latest easing and the latest end count from when people say they were, and what was written
 * down later began when it was noticed, or began to hurt.
 */
export function phaseChanges(
  events: readonly TimelineEvent[],
  { kind, corrections }: Pick<IncidentContext, 'kind' | 'corrections'>,
): readonly PhaseChange[] {
  const changes: { at: number; value: Phase; type: TimelineEvent['type'] }[] = [];
  for (const event of events) {
    const value = PHASES[event.type] ?? (isRegression(event, changes.at(-1)?.value) ? 'investigating' : undefined);
    if (value !== undefined) changes.push({ at: event.at, value, type: event.type });
  }
  const move = (type: TimelineEvent['type'], at: number | undefined) => {
    const change = changes.findLast((one) => one.type === type);
    if (change !== undefined && at !== undefined) change.at = at;
  };
  const { impactStartedAt, detectedAt, mitigatedAt, resolvedAt } = corrections;
  move('incident.mitigated', mitigatedAt);
  move('incident.resolved', resolvedAt);
  if (kind === 'backfilled') move('incident.opened', detectedAt ?? impactStartedAt ?? mitigatedAt ?? resolvedAt);
  return changes;
}

/** An alert that fires while an incident is watched takes it back to the investigation. */
function isRegression(event: TimelineEvent, phase: Phase | undefined): boolean {
  if (phase !== 'monitoring') return false;
  if (event.type === 'alert.joined') return true;
  return event.type === 'incident.absorbed' && event.alerts.some(({ status }) => status !== 'cleared');
}
