/**
 * Opening: the first event of an incident that alerts open.
 *
 * Pure. It carries everything that a replay needs; who is asked is decided by the statechart and the plan that follow.
 */
import type { AlertFacts, EventDraft } from '../../model/timeline.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import type { SeverityDecision } from '../rules/severity.ts';
import { urgencyFields } from '../rules/severity-urgency.ts';
import type { Deciding } from './decision.ts';

/** What an incident opens with. */
export type Opening = {
  readonly severity: SeverityDecision;
  /** The incident that the key belonged to before. */
  readonly before: IncidentSnapshot | undefined;
  readonly alerts: readonly AlertFacts[];
  readonly group: string | undefined;
};

/** The event that opens an incident; of several alerts the most severe says how severe it is. */
export function openIncident(
  { routed, config, moment }: Deciding,
  { severity: decision, before, alerts, group }: Opening,
): EventDraft {
  const { event, route } = routed;
  const worst = alerts.reduce(
    (id, alert) => (config.severity.isMoreSevere(alert.severity, id) ? alert.severity : id),
    decision.severity,
  );
  const urgency =
    worst === decision.severity ? decision : config.severity.urgencyOf(worst, route.service.id, moment.at);
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
    alerts: [...alerts],
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
