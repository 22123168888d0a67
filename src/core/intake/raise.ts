/**
 * Raising: an alert that became more severe than it was raises its incident; nothing lowers it.
 *
 * Pure. What an alert has said before does not undo what a person has decided since.
 */
import type { StoredAlert } from '../../model/alert.ts';
import type { EventDraft } from '../../model/timeline.ts';
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
  if (!isMoreSevere(severity, context.severity)) return [];
  if (before !== undefined && !isMoreSevere(severity, before.severity)) return [];
  return [config.severityChanged(severity, context, moment.at, reason)];
}
