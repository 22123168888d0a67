/**
 * decide: one alert event, to what it means for alerts and incidents.
 *
 * Pure, and the only such decision: `ingest` stores it, `explain` shows it. It never knows what is stored beyond
 * what it is handed.
 */
import type { AlertChange, StoredAlert } from '../../model/alert.ts';
import type { AlertFacts, EventDraft } from '../../model/timeline.ts';
import type { ConfigRules } from '../config/compile.ts';
import { canAccept } from '../lifecycle/allowed.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import { pagingState } from '../lifecycle/view.ts';
import type { SeverityDecision } from '../rules/severity.ts';
import type { CleanEvent } from './clean-event.ts';
import { type DedupKey, dedupKeyOf } from './dedup-key.ts';
import { eventFact } from './event-fact.ts';
import type { RouteDecision } from './route.ts';

/** What became of an event. */
export type IngestOutcome =
  | 'opened'
  | 'joined'
  | 'held'
  | 'deduplicated'
  | 'acknowledged'
  | 'resolved'
  | 'reopened'
  | 'suppressed'
  | 'dropped'
  | 'rejected';

/** Where an event goes and which key it has: all that can be said before anything is read. */
export type Routed = { readonly event: CleanEvent; readonly route: RouteDecision; readonly key: DedupKey };

/** What is stored about the key of an event: its latest alert, and the incident of that alert. */
export type KeyState = { readonly alert?: StoredAlert | undefined; readonly incident?: IncidentSnapshot | undefined };

/** What an event means. `incident` says to which incident the drafts belong. */
export type IntakeDecision = {
  readonly outcome: IngestOutcome;
  /** One sentence for people. */
  readonly reason: string;
  readonly incident: 'none' | 'known' | 'new';
  readonly drafts: readonly EventDraft[];
  readonly alerts: readonly AlertChange[];
  readonly alertId?: string | undefined;
  readonly severity?: SeverityDecision | undefined;
};

/** The moment of a decision, and the ids that it may use. */
export type DecisionMoment = {
  readonly at: number;
  readonly tenant: string;
  readonly newIncidentId: string;
  readonly newAlertId: string;
};

/** Routes a clean event and works out its key. */
export function routeEvent(event: CleanEvent, config: ConfigRules, at: number): Routed {
  const route = config.route(event, at);
  return { event, route, key: dedupKeyOf(event, route) };
}

/** What a routed event means, given what is stored about its key. */
export function decideIntake(
  routed: Routed,
  state: KeyState,
  config: ConfigRules,
  moment: DecisionMoment,
): IntakeDecision {
  switch (routed.event.action) {
    case 'trigger':
      return decideTrigger(routed, state, config, moment);
    case 'acknowledge':
      return decideAcknowledge(routed, state);
    case 'resolve':
      return decideResolve(routed, state);
    case 'change':
      return nothing('a change is context and pages nobody');
  }
}

function decideTrigger(routed: Routed, state: KeyState, config: ConfigRules, moment: DecisionMoment): IntakeDecision {
  const { event, route } = routed;
  const severity = config.severity.decide(eventFact(event, route.service), moment.at);
  const { alert, incident } = state;
  if (alert !== undefined && alert.status !== 'cleared' && incident !== undefined)
    return repeat(alert, incident, severity, config, moment);
  if (alert !== undefined && incident !== undefined && incident.context.outcome === 'open')
    return join(alert, incident, severity, config, moment);
  if (incident !== undefined && canReopen(incident, route, moment.at))
    return reopen(routed, incident, severity, config, moment);
  return open(routed, incident, severity, config, moment);
}

function repeat(
  alert: StoredAlert,
  incident: IncidentSnapshot,
  severity: SeverityDecision,
  config: ConfigRules,
  { at }: DecisionMoment,
): IntakeDecision {
  const drafts = raise(alert, incident, severity, config);
  return {
    outcome: 'deduplicated',
    reason: drafts.length > 0 ? 'the key is open already; its severity rose' : 'the key is open already',
    incident: drafts.length > 0 ? 'known' : 'none',
    drafts,
    alerts: [
      { type: 'repeat', id: alert.id, seenAt: at },
      ...(drafts.length > 0 ? [{ type: 'set', id: alert.id, severity: severity.severity } as const] : []),
    ],
    alertId: alert.id,
    severity,
  };
}

/** The same alert returns: a key that flaps leaves one alert, however often. */
function join(
  alert: StoredAlert,
  incident: IncidentSnapshot,
  severity: SeverityDecision,
  config: ConfigRules,
  { at }: DecisionMoment,
): IntakeDecision {
  const returned = { id: alert.id, severity: severity.severity, title: alert.title };
  return {
    outcome: 'joined',
    reason: 'the key fires again while its incident is open',
    incident: 'known',
    drafts: [{ type: 'alert.joined', alert: returned }, ...raise(alert, incident, severity, config)],
    alerts: [{ type: 'return', id: alert.id, seenAt: at, severity: severity.severity }],
    alertId: alert.id,
    severity,
  };
}

function reopen(
  routed: Routed,
  incident: IncidentSnapshot,
  severity: SeverityDecision,
  config: ConfigRules,
  moment: DecisionMoment,
): IntakeDecision {
  const alert = newAlert(routed, severity, moment, incident.context.id);
  return {
    outcome: 'reopened',
    reason: 'the key fires again soon after its incident was resolved',
    incident: 'known',
    drafts: [
      { type: 'incident.reopened', reason: 'the alert fires again', alert: factsOf(alert) },
      ...raise(undefined, incident, severity, config),
    ],
    alerts: [{ type: 'open', alert }],
    alertId: alert.id,
    severity,
  };
}

function open(
  routed: Routed,
  before: IncidentSnapshot | undefined,
  severity: SeverityDecision,
  config: ConfigRules,
  moment: DecisionMoment,
): IntakeDecision {
  const { event, route } = routed;
  const alert = newAlert(routed, severity, moment, moment.newIncidentId);
  const settings = config.carriedSettings(severity.severity, route);
  return {
    outcome: settings.holdMs > 0 ? 'held' : 'opened',
    reason: settings.holdMs > 0 ? 'a new problem, held before anyone is paged' : 'a new problem',
    incident: 'new',
    drafts: [
      {
        type: 'incident.opened',
        incidentId: moment.newIncidentId,
        title: event.title,
        ...(event.body !== undefined && { body: event.body }),
        service: route.service.id,
        routeKey: event.routeKey,
        severity: severity.severity,
        urgency: severity.urgency,
        visibility: 'public',
        labels: { ...event.labels },
        alerts: [factsOf(alert)],
        links: [
          ...event.links,
          ...(before === undefined ? [] : [{ incident: before.context.id, relation: 'follows' as const }]),
        ],
        ladder: config.ladder(route.escalationPolicy),
        settings,
        configVersion: config.version,
        explanation: { route: route.reason, key: routed.key.from, severity: severity.reason },
      },
    ],
    alerts: [{ type: 'open', alert }],
    alertId: alert.id,
    severity,
  };
}

function decideAcknowledge({ key }: Routed, { alert, incident }: KeyState): IntakeDecision {
  if (alert === undefined || alert.status === 'cleared' || incident === undefined)
    return nothing(`no open alert has the key ${key.key}`);
  const others = Object.entries(incident.context.alerts).filter(([id]) => id !== alert.id);
  const isWhole =
    others.every(([, status]) => status !== 'firing') &&
    pagingState(incident) !== 'acknowledged' &&
    canAccept(incident, { type: 'incident.acknowledged' });
  // An acknowledgement may have expired since the alert got its own: then it is said anew.
  const ofAlert: EventDraft[] =
    alert.status === 'acknowledged' ? [] : [{ type: 'alert.acknowledged', alert: alert.id }];
  const drafts: EventDraft[] = isWhole ? [...ofAlert, { type: 'incident.acknowledged' }] : ofAlert;
  return {
    outcome: 'acknowledged',
    reason: acknowledgeReason(alert.status, isWhole),
    incident: drafts.length > 0 ? 'known' : 'none',
    drafts,
    alerts: [],
    alertId: alert.id,
  };
}

function acknowledgeReason(status: StoredAlert['status'], isWhole: boolean): string {
  if (isWhole) return 'every open alert of the incident is acknowledged';
  return status === 'acknowledged'
    ? 'the alert is acknowledged already'
    : 'other alerts of the incident are not acknowledged';
}

function decideResolve({ key }: Routed, { alert, incident }: KeyState): IntakeDecision {
  if (alert === undefined || alert.status === 'cleared' || incident === undefined)
    return nothing(`no open alert has the key ${key.key}`);
  return {
    outcome: 'resolved',
    reason: 'the source says that it is over',
    incident: 'known',
    drafts: [{ type: 'alert.cleared', alert: alert.id }],
    alerts: [],
    alertId: alert.id,
  };
}

/**
 * An alert that became more severe than it was raises its incident; nothing lowers it. What an alert has said before does
 * not undo what a person has decided since.
 */
function raise(
  before: StoredAlert | undefined,
  { context }: IncidentSnapshot,
  decision: SeverityDecision,
  config: ConfigRules,
): EventDraft[] {
  const { isMoreSevere } = config.severity;
  if (!isMoreSevere(decision.severity, context.severity)) return [];
  if (before !== undefined && !isMoreSevere(decision.severity, before.severity)) return [];
  const { updateEveryMs, reviewWithinMs } = config.carriedSettings(decision.severity);
  const { severity, urgency } = decision;
  return [
    {
      type: 'severity.changed',
      severity,
      urgency,
      direction: 'raised',
      updateEveryMs,
      reviewWithinMs,
      reason: decision.reason,
    },
  ];
}

function canReopen(incident: IncidentSnapshot, route: RouteDecision, at: number): boolean {
  const { outcome, times } = incident.context;
  return (
    route.reopenWithinMs !== undefined &&
    outcome === 'resolved' &&
    times.resolvedAt !== undefined &&
    at - times.resolvedAt <= route.reopenWithinMs
  );
}

function newAlert(
  { event, route, key }: Routed,
  { severity }: SeverityDecision,
  { at, tenant, newAlertId }: DecisionMoment,
  incidentId: string,
): StoredAlert {
  return {
    id: newAlertId,
    tenant,
    routeKey: event.routeKey,
    dedupKey: key.key,
    service: route.service.id,
    incidentId,
    status: 'firing',
    severity,
    title: event.title,
    ...(event.body !== undefined && { body: event.body }),
    ...(event.source !== undefined && { source: event.source }),
    labels: { ...event.labels },
    links: event.links,
    openedAt: at,
    lastSeenAt: at,
    count: 1,
  };
}

function factsOf({ id, severity, title }: StoredAlert): AlertFacts {
  return { id, severity, title };
}

function nothing(reason: string): IntakeDecision {
  return { outcome: 'dropped', reason, incident: 'none', drafts: [], alerts: [] };
}
