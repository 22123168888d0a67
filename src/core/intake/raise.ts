/**
 * Raising: an alert that became more severe than it was raises its incident; nothing lowers it.
 *
 * Pure. What an alert has said before does not undo what a person has decided since.
 */
import type { StoredAlert } from '../../model/alert.ts';
import type { EventDraft } from '../../model/timeline.ts';
import type { ConfigRules } from '../config/compile.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import type { SeverityDecision } from '../rules/severity.ts';
import type { Deciding } from './decision.ts';

type Raising = {
  /** The alert as it was before, when it was there. */
  readonly before: StoredAlert | undefined;
  readonly incident: IncidentSnapshot;
  readonly severity: SeverityDecision;
};

/** The rise of the incident, if there is one. */
export function raise(
  { config, moment }: Deciding,
  { before, incident: { context }, severity: decision }: Raising,
): EventDraft[] {
  const { isMoreSevere } = config.severity;
  const { severity, reason } = decision;
  if (before !== undefined && !isMoreSevere(severity, before.severity)) return [];
  const isUrgent = decision.urgency === 'high';
  if (isMoreSevere(severity, context.severity)) {
    const raised = config.severityChanged(severity, context, moment.at, reason);
    return [isUrgent ? urgent(raised) : raised];
  }
  // What cannot wait by the hours of its own service does not wait for those of the service whose incident it joins.
  if (before !== undefined || !isUrgent || context.urgency === 'high') return [];
  return [urgent(config.severityChanged(context.severity, context, moment.at, reason))];
}

function urgent(draft: ReturnType<ConfigRules['severityChanged']>): EventDraft {
  const { urgencyRisesInMs: _, ...rest } = draft;
  return { ...rest, urgency: 'high', direction: 'raised' };
}
