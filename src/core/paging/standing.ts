/**
 * Standing incidents: what somebody who comes on call finds acknowledged by others.
 *
 * Pure. It says whether an incident stands at a step that names a schedule; nobody is asked about it.
 */
import type { Target } from '../../model/escalation.ts';
import type { BundleItem } from '../../model/message.ts';
import { rungAt } from '../escalation/ladder.ts';
import { involvedIn } from '../lifecycle/involved.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import { pagingState } from '../lifecycle/view.ts';
import { kindOf } from './message-kind.ts';

/** An incident that somebody has taken. */
export type Standing = Omit<BundleItem, 'deliveryId'> & {
  readonly incidentId: string;
  /** Who may hear of it; `undefined` when everybody may. */
  readonly only?: readonly string[];
};

/** A schedule, and the teams whose schedule it is. */
export type OnCallPlace = { readonly schedule: string; readonly teams: readonly string[] };

/** The incident, if it is open, acknowledged, and stands at a step that names the schedule. */
export function standingAt(
  snapshot: IncidentSnapshot,
  place: OnCallPlace,
  serviceName: (id: string) => string | undefined,
): Standing | undefined {
  const { context } = snapshot;
  if (context.outcome !== 'open' || pagingState(snapshot) !== 'acknowledged') return undefined;
  const targets = rungAt(context.ladder, context.position)?.targets ?? [];
  if (!targets.some((target) => names(target, place))) return undefined;
  const { id, title, severity, urgency, service, times, visibility, kind } = context;
  return {
    incidentId: id,
    title,
    ...kindOf(kind),
    severity,
    urgency,
    service: { id: service, name: serviceName(service) ?? service },
    since: times.openedAt,
    ...(visibility === 'private' && { only: [...involvedIn(context)] }),
  };
}

/** Whether the step at which the incident stands names a team, and only all its members, never its schedule. */
export function namesMembersOnly({ context }: IncidentSnapshot, team: string): boolean {
  const targets = rungAt(context.ladder, context.position)?.targets ?? [];
  const named = targets.filter((target) => 'team' in target && target.team === team);
  return named.length > 0 && named.every((target) => 'team' in target && target.everyone === true);
}

/** Whether a target means whoever is on call for the schedule now. */
function names(target: Target, { schedule, teams }: OnCallPlace): boolean {
  if ('schedule' in target) return target.schedule === schedule && (target.who ?? 'now') === 'now';
  return 'team' in target && !target.everyone && teams.includes(target.team);
}
