/**
 * Opening: the first event of an incident that alerts open.
 *
 * Pure. It carries everything that a replay needs; who is asked is decided by the statechart and the plan that follow.
 */
import type { AlertFacts, EventDraft } from '../../model/timeline.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import type { SeverityDecision } from '../rules/severity.ts';
import { type UrgencyDecision, urgencyFields } from '../rules/severity-urgency.ts';
import type { Deciding } from './decision.ts';

/** What an incident opens with. */
export type Opening = {
  readonly severity: SeverityDecision;
  /** The incident that the key belonged to before. */
  readonly before: IncidentSnapshot | undefined;
  /** The alert that opens it. */
  readonly alert: AlertFacts;
  /** The alerts that have waited for it. */
  readonly others: readonly (AlertFacts & { readonly service: string })[];
  readonly group: string | undefined;
};

/** The event that opens an incident; of several alerts the most severe says how severe it is, the most urgent how urgent. */
export function openIncident(
  deciding: Deciding,
  { severity: decision, before, alert, others, group }: Opening,
): EventDraft {
  const { routed, config, moment } = deciding;
  const { event, route } = routed;
  const alerts = [alert, ...others.map(({ service: _, ...facts }) => facts)];
  const worst = alerts.reduce(
    (id, alert) => (config.severity.isMoreSevere(alert.severity, id) ? alert.severity : id),
    decision.severity,
  );
  const urgency = mostUrgent([
    worst === decision.severity ? decision : config.severity.urgencyOf(worst, route.service.id, moment.at),
    ...others.map((other) => config.severity.urgencyOf(other.severity, other.service, moment.at)),
  ]);
  return {
    type: 'incident.opened',
    incidentId: moment.newIncidentId,
    title: event.title,
    ...(event.body !== undefined && { body: event.body }),
    service: route.service.id,
    routeKey: event.routeKey,
    severity: worst,
    ...urgencyFields(urgency, moment.at),
    visibility: 'public',
    ...(event.impact !== undefined && { impact: event.impact }),
    ...(event.timePressure !== undefined && { timePressure: event.timePressure }),
    labels: { ...event.labels },
    alerts,
    links: [
      ...event.links,
      ...(before === undefined ? [] : [{ incident: before.context.id, relation: 'follows' as const }]),
    ],
    ladder: config.ladder(route.escalationPolicy),
    settings: config.carriedSettings(worst, route),
    configVersion: config.version,
    explanation: {
      route: route.reason,
      key: routed.key.from,
      severity: decision.reason,
      ...(group !== undefined && { group }),
    },
  };
}

/** What cannot wait is asked about whatever it opens with; what can waits no longer than the first of it. */
function mostUrgent([first, ...others]: [UrgencyDecision, ...UrgencyDecision[]]): UrgencyDecision {
  return others.reduce((most, other) => {
    if (most.urgency === 'high') return most;
    const isSooner = (other.urgencyRisesAt ?? Infinity) < (most.urgencyRisesAt ?? Infinity);
    return other.urgency === 'high' || isSooner ? other : most;
  }, first);
}
