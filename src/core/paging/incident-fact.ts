/**
 * Incident facts: the view of an incident that the gates of a ladder are asked about.
 */
import type { IncidentContext } from '../lifecycle/context.ts';
import type { Fact } from '../rules/field.ts';

/**
 * The fact of an incident: its severity, urgency, service, visibility, impact, time pressure, number of alerts, and the
 * labels of the alert that opened it.
 */
export function incidentFact(context: IncidentContext): Fact {
  const { severity, urgency, service, visibility, impact, timePressure, alerts, labels } = context;
  return {
    severity,
    urgency,
    service,
    visibility,
    ...(impact !== null && { impact }),
    ...(timePressure !== null && { timePressure }),
    alertCount: Object.keys(alerts).length,
    labels,
  };
}
