/**
 * explain: what would become of an event, and whom it would reach, with the reasons. Writes nothing.
 *
 * It runs the very functions that `ingest` runs; a preview of the ladder follows it to the fallback.
 */

import { decideIntake } from '../core/intake/decide.ts';
import { type IntakeDecision, keyOf, type Routed } from '../core/intake/decision.ts';
import type { Explanation } from '../core/intake/explanation.ts';
import { NOTES, noteId } from '../core/intake/note.ts';
import type { QuietTrace } from '../core/intake/quiet.ts';
import { routeEvent } from '../core/intake/routed.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { pagingState } from '../core/lifecycle/view.ts';
import type { SeverityDecision } from '../core/rules/severity.ts';
import type { AlertEvent } from '../model/alert.ts';
import { SYSTEM } from '../model/identity.ts';
import type { Paging } from '../model/incident.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { takeEvent } from './ingest.ts';
import { createLedger } from './ledger.ts';
import { previewLadder } from './preview-ladder.ts';
import { settleFor } from './settle-for.ts';
import { configOf } from './tenant-config.ts';
import { transact } from './transact.ts';

const ANSWERED: ReadonlySet<Paging> = new Set<Paging>(['acknowledged', 'snoozed', 'quiet']);

/** The whole decision about `input` at a moment; now by default. */
export async function explainEvent(
  engine: Engine,
  tenant: string,
  input: AlertEvent,
  options: { readonly at?: InstantInput },
): Promise<Explanation> {
  const event = takeEvent(input);
  const asked = options.at === undefined ? undefined : toEpochMs(options.at, 'at');
  const first = keyOf(routeEvent(event, configOf(engine, tenant), asked ?? engine.clock.now()));
  const query = { tenant, alertKeys: [first], documents: [{ collection: NOTES, id: noteId(first) }] };
  return transact(engine, query, (loaded, names) => {
    const { config } = loaded;
    const at = asked ?? loaded.now;
    const routed = routeEvent(event, config, at);
    const { stored, missing } = createLedger(tenant, loaded, names);
    const moment = { at, tenant, newIncidentId: 'new', newAlertId: 'new' };
    const decision = decideIntake(routed, stored, config, moment);
    const isKnown = decision.incident !== 'new' && decision.incidentId !== undefined;
    const incident = isKnown ? stored.incident(decision.incidentId ?? '') : undefined;
    const more = missing();
    if (more !== undefined) return { more };
    const explanation = explained({ routed, decision, incident, loaded, at });
    return { answer: () => explanation };
  });
}

type Explaining = {
  readonly routed: Routed;
  readonly decision: IntakeDecision;
  readonly incident: IncidentSnapshot | undefined;
  readonly loaded: Decidable;
  readonly at: number;
};

function explained({ routed, decision, incident, loaded, at }: Explaining): Explanation {
  const { config, roundRobin } = loaded;
  const { route, fact, group, event } = routed;
  const severity = config.severity.decide(fact, at);
  const gist = { ...levelOf(decision, incident, severity), service: route.service.id, labels: event.labels };
  // An incident climbs the ladder that it began with.
  const ladderOf = incident?.context.firstLadder ?? config.ladder(route.escalationPolicy);
  const holdForMs = decision.incident === 'new' ? route.holdForMs : 0;
  const ladder = isAskedFor(decision, incident, loaded)
    ? previewLadder(ladderOf, { ...config, lastTurn: roundRobin.last }, at + holdForMs, gist)
    : [];
  const isKnown = decision.incident !== 'new' && decision.alertId !== undefined && decision.incidentId !== undefined;
  return {
    at: iso(at),
    outcome: decision.outcome,
    reason: decision.reason,
    ...(isKnown && decision.incidentId !== undefined && { incidentId: decision.incidentId }),
    ...(decision.alertId !== undefined && decision.alertId !== 'new' && { alertId: decision.alertId }),
    enrichment: routed.enrichment,
    route: { id: route.routeId, service: route.service.id, why: route.reason, trace: route.trace },
    suppression: suppressionOf(decision, config.intake.quiet.trace(fact, at)),
    ...(group !== undefined && { group: { grouping: group.grouping, key: group.key } }),
    groupTrace: config.intake.groups.trace(fact, at),
    dedupKey: { routeKey: event.routeKey, key: routed.key.key, from: routed.key.from },
    severity: {
      severity: severity.severity,
      urgency: severity.urgency,
      ...(severity.urgencyRisesAt !== undefined && { urgencyRisesAt: iso(severity.urgencyRisesAt) }),
      why: severity.reason,
      trace: severity.trace,
    },
    policy: ladderOf.policyId,
    ladder,
    reachesSomebody: ladder.some(({ people }) => people.length > 0),
  };
}

/** How severe the incident would be: as severe as the worst of its alerts. */
function levelOf(
  { drafts }: IntakeDecision,
  incident: IncidentSnapshot | undefined,
  own: Pick<SeverityDecision, 'severity' | 'urgency'>,
): Pick<SeverityDecision, 'severity' | 'urgency'> {
  const said = drafts.findLast((draft) => draft.type === 'incident.opened' || draft.type === 'severity.changed');
  const { severity, urgency } = said ?? incident?.context ?? own;
  return { severity, urgency };
}

function suppressionOf({ quieting }: IntakeDecision, trace: readonly QuietTrace[]): Explanation['suppression'] {
  const shown = trace.map((each) => ({ ...each, until: iso(each.until) }));
  if (quieting !== undefined) {
    const { kind, id, until, why } = quieting;
    return { suppressed: true, kind, id, ...(until !== undefined && { until: iso(until) }), why, trace: shown };
  }
  const count = trace.length;
  const why =
    count === 0
      ? 'no silence and no maintenance is under way'
      : `of ${count} silences and windows that are under way none holds up this alert`;
  return { suppressed: false, why, trace: shown };
}

/** Whether somebody is asked because of this event: for the first time, or anew because it became worse or came back. */
function isAskedFor(
  { outcome, drafts }: IntakeDecision,
  snapshot: IncidentSnapshot | undefined,
  { config, roundRobin, now }: Decidable,
): boolean {
  if (outcome === 'opened' || outcome === 'held' || outcome === 'reopened') return true;
  if (snapshot === undefined || (outcome !== 'deduplicated' && outcome !== 'joined') || drafts.length === 0)
    return false;
  // Nobody is asked yet: the turn stays whose it is.
  const untouched = { config, roundRobin: { ...roundRobin, take: () => {} } };
  const settled = settleFor(untouched, { snapshot, drafts, at: now, by: SYSTEM });
  const isRaised = drafts.some(({ type }) => type === 'severity.changed');
  const isPaged = settled.events.some(({ type }) => type === 'page.requested' || type === 'page.nobody');
  return (isRaised || isPaged) && !ANSWERED.has(pagingState(settled.snapshot));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
