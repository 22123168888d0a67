/**
 * Triggers: what it means that a problem is there.
 *
 * Pure. An open key is a repeat; a new one is kept quiet, joins the open incident of its own or of its group, reopens one, or opens
 * one. A resolved incident is never joined.
 */
import type { AlertChange, StoredAlert } from '../../model/alert.ts';
import type { EventDraft } from '../../model/timeline.ts';
import type { IncidentSnapshot } from '../lifecycle/snapshot.ts';
import type { SeverityDecision } from '../rules/severity.ts';
import { admit } from './admit.ts';
import {
  type Deciding,
  type IntakeDecision,
  type KeyState,
  keyOf,
  keyState,
  NO_WRITES,
  noteWrites,
  nothing,
  saidAt,
} from './decision.ts';
import { mergedContent } from './merge-fields.ts';
import type { Note } from './note.ts';
import { raise } from './raise.ts';
import { autoResolveMs, keepQuiet, type Quieted, quietedBy, rateOf, sourceWrites, stayQuiet } from './suppress.ts';

/** How long what is older than the end of a problem is taken for late. A source that says so even later is believed. */
const LATE_MS = 3_600_000;

/** What a trigger means. */
export function decideTrigger(deciding: Deciding): IntakeDecision {
  const { routed, stored, config, moment } = deciding;
  const key = keyOf(routed);
  const state = keyState(stored, key);
  const { alert, incident, note } = state;
  const isOpen = alert !== undefined && alert.status !== 'cleared';
  if (!isOpen && isLate(deciding, note))
    return nothing('it is older than the end of the problem, of which its source has told already');
  const severity = config.severity.decide(routed.fact, moment.at);
  if (isOpen && alert.status === 'suppressed') return repeatQuietly(alert, deciding, state, severity);
  if (isOpen && incident !== undefined) return repeat(alert, incident, deciding, { note, severity });
  return begin(deciding, state, severity);
}

function isLate({ routed, moment: { at } }: Deciding, { resolvedAt }: Note): boolean {
  const said = saidAt(routed.event, at);
  return said !== undefined && resolvedAt !== undefined && said < resolvedAt && at - resolvedAt <= LATE_MS;
}

/** A problem that was not there before, or not any more. */
function begin(deciding: Deciding, state: KeyState, severity: SeverityDecision): IntakeDecision {
  const { alert, incident } = state;
  const isStored = alert !== undefined && alert.status !== 'cleared';
  const quieted = isStored ? undefined : quietedBy(deciding);
  const isReturning = alert !== undefined && incident?.context.outcome === 'open';
  const rate = quieted === undefined && !isReturning && !isStored ? rateOf(deciding) : { writes: [] };
  const keptBy = quieted ?? rate.quieted;
  if (keptBy !== undefined) {
    const fresh = newAlert(deciding, severity);
    return keepQuiet(fresh, { deciding, state, severity, quieted: keptBy, documents: rate.writes });
  }
  // An open alert whose incident is gone is given another one: a second open alert of the key could not be stored.
  return admit(deciding, {
    state,
    severity,
    alert: isStored ? alert : newAlert(deciding, severity),
    ...(isStored && { repeats: [repeatOf(alert, deciding)] }),
    documents: rate.writes,
  });
}

/** A repeat of an alert that is kept quiet: it stays so, unless what kept it quiet has ended. */
function repeatQuietly(
  alert: StoredAlert,
  deciding: Deciding,
  state: KeyState,
  said: SeverityDecision,
): IntakeDecision {
  const severity = worst(said, alert, deciding);
  const repeats = [repeatOf(alert, deciding)];
  const quieted = stillQuieted(deciding, state, severity);
  if (quieted !== undefined) return stayQuiet(alert, { deciding, state, severity, quieted }, repeats);
  return admit(deciding, { state, severity, alert, repeats, after: state.note.suppressed, documents: [] });
}

/** What an alert has said before is not taken back because nobody was asked about it. */
export function worst(
  said: SeverityDecision,
  alert: StoredAlert,
  { routed, config, moment }: Deciding,
): SeverityDecision {
  if (!config.severity.isMoreSevere(alert.severity, said.severity)) return said;
  const urgency = config.severity.urgencyOf(alert.severity, routed.route.service.id, moment.at);
  const { decidedBy, trace } = said;
  const reason = `it was ${alert.severity} while it was kept quiet`;
  return { severity: alert.severity, ...urgency, decidedBy, trace, reason };
}

/**
 * What keeps an alert quiet that was kept quiet before. One that became worse is no longer the one that was put off or let be:
 * only what concerns it now keeps it quiet.
 */
export function stillQuieted(
  deciding: Deciding,
  { alert, note: { suppressed } }: KeyState,
  { severity }: SeverityDecision,
): Quieted | undefined {
  const current = quietedBy(deciding);
  if (current !== undefined || suppressed === undefined) return current;
  if (alert !== undefined && deciding.config.severity.isMoreSevere(severity, alert.severity)) return undefined;
  const { kind, id, until, atEnd, instance } = suppressed;
  const rest = { kind, id, until, atEnd, instance };
  if (atEnd === 'let-be') return { ...rest, why: `${kind} ${id} lets it be until it clears` };
  if (kind !== 'rateLimit' || until === undefined || deciding.moment.at >= until) return undefined;
  return { ...rest, why: `rate limit ${id} puts it off until ${new Date(until).toISOString()}` };
}

type Repeating = { readonly note: Note; readonly severity: SeverityDecision };

/** An open key says again what it has said: it pages nobody, unless it became worse. */
function repeat(
  alert: StoredAlert,
  incident: IncidentSnapshot,
  deciding: Deciding,
  { note, severity }: Repeating,
): IntakeDecision {
  const { routed } = deciding;
  const drafts: EventDraft[] = raise(deciding, { before: alert, incident, severity });
  const merge = routed.route.merge;
  const content = merge === undefined ? undefined : mergedContent(alert, routed.event, merge);
  const isChanged = drafts.length > 0 || content !== undefined;
  const changes: AlertChange[] = isChanged
    ? [
        {
          type: 'set',
          id: alert.id,
          ...(drafts.length > 0 && { severity: severity.severity }),
          ...(content !== undefined && { content }),
        },
      ]
    : [];
  // Two that merge at once would each overwrite what the other appended: the note of the key is written with it.
  const merged = { ...note, merges: (note.merges ?? 0) + 1 };
  const isRaised = drafts.length > 0;
  const kept = content === undefined ? note : merged;
  const after = isRaised ? withQuiet(kept, deciding, severity) : kept;
  const notes = noteWrites(keyOf(routed), alert.id, note, after);
  return {
    outcome: 'deduplicated',
    reason: isRaised ? 'the key is open already; its severity rose' : 'the key is open already',
    incident: isRaised ? 'known' : 'none',
    incidentId: alert.incidentId,
    drafts,
    alerts: [repeatOf(alert, deciding), ...changes],
    alertId: alert.id,
    severity,
    writes: { ...NO_WRITES, notes, documents: sourceWrites(deciding) },
  };
}

/** After how long it counts as over follows from its severity, which has changed. */
function withQuiet(
  { quietMs: _, lookAt: __, ...note }: Note,
  deciding: Deciding,
  { severity }: SeverityDecision,
): Note {
  const quietMs = autoResolveMs(deciding, severity);
  return quietMs === undefined ? note : { ...note, quietMs, lookAt: deciding.moment.at + quietMs };
}

function repeatOf({ id }: StoredAlert, { routed, moment: { at } }: Deciding): AlertChange {
  const occurredAt = saidAt(routed.event, at);
  return { type: 'repeat', id, seenAt: at, ...(occurredAt !== undefined && { occurredAt }) };
}

function newAlert({ routed, moment }: Deciding, { severity }: SeverityDecision): StoredAlert {
  const { event, route, key } = routed;
  const { at, tenant, newAlertId } = moment;
  const occurredAt = saidAt(event, at);
  return {
    id: newAlertId,
    tenant,
    routeKey: event.routeKey,
    dedupKey: key.key,
    service: route.service.id,
    status: 'firing',
    severity,
    title: event.title,
    ...(event.body !== undefined && { body: event.body }),
    ...(event.source !== undefined && { source: event.source }),
    labels: { ...event.labels },
    links: event.links,
    openedAt: at,
    lastSeenAt: at,
    ...(occurredAt !== undefined && { occurredAt }),
    count: 1,
  };
}
