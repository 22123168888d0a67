/**
 * Answers: what it means that a source says that somebody has taken a problem, or that it is over.
 *
 * Pure. A key that is not known is never opened by an answer; that it was over is remembered, so that a trigger that comes late does
 * not page.
 */
import type { StoredAlert } from '../../model/alert.ts';
import type { EventDraft } from '../../model/timeline.ts';
import { canAccept } from '../lifecycle/allowed.ts';
import { pagingState } from '../lifecycle/view.ts';
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
  type Writes,
} from './decision.ts';
import type { Note } from './note.ts';

/** What an acknowledgement by a source means. */
export function decideAcknowledge({ routed, stored, moment }: Deciding): IntakeDecision {
  const { alert, incident, note } = keyState(stored, keyOf(routed));
  if (alert === undefined || alert.status === 'cleared') return nothing(`no open alert has the key ${routed.key.key}`);
  if (alert.status === 'suppressed') return nothing('the alert is kept quiet: nobody was asked', { alertId: alert.id });
  if (incident === undefined) return nothing(`no open alert has the key ${routed.key.key}`);
  const said = saidAt(routed.event, moment.at);
  if (said !== undefined && note.resolvedAt !== undefined && said < note.resolvedAt)
    return nothing('it is older than the end of the problem before this one', { alertId: alert.id });
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
    incidentId: incident.context.id,
    drafts,
    alerts: [],
    alertId: alert.id,
    writes: NO_WRITES,
  };
}

function acknowledgeReason(status: StoredAlert['status'], isWhole: boolean): string {
  if (isWhole) return 'every open alert of the incident is acknowledged';
  return status === 'acknowledged'
    ? 'the alert is acknowledged already'
    : 'other alerts of the incident are not acknowledged';
}

/** What it means that a source says that it is over. */
export function decideResolve(deciding: Deciding): IntakeDecision {
  const { routed, stored, moment } = deciding;
  const key = keyOf(routed);
  const state = keyState(stored, key);
  const { alert, incident } = state;
  const said = saidAt(routed.event, moment.at);
  const isOpen = alert !== undefined && alert.status !== 'cleared';
  if (isOpen && said !== undefined && alert.occurredAt !== undefined && said < alert.occurredAt)
    return nothing('it is older than the last trigger of the key', { alertId: alert.id });
  const writes = { ...NO_WRITES, notes: over(deciding, state, said) };
  if (isOpen && alert.status === 'suppressed') {
    return {
      outcome: 'resolved',
      reason: 'the source says that it is over, and it was kept quiet',
      incident: 'none',
      drafts: [],
      alerts: [{ type: 'set', id: alert.id, status: 'cleared', clearedAt: moment.at }],
      alertId: alert.id,
      writes,
    };
  }
  if (!isOpen || incident === undefined) return nothing(`no open alert has the key ${key.dedupKey}`, { writes });
  return cleared(alert, incident.context.id, { reason: 'the source says that it is over', writes });
}

/** An alert of an incident is over. */
export function cleared(
  alert: StoredAlert,
  incidentId: string,
  { reason, writes, because }: { readonly reason: string; readonly writes: Writes; readonly because?: string },
): IntakeDecision {
  return {
    outcome: 'resolved',
    reason,
    incident: 'known',
    incidentId,
    drafts: [{ type: 'alert.cleared', alert: alert.id, ...(because !== undefined && { reason: because }) }],
    alerts: [],
    alertId: alert.id,
    writes,
  };
}

/** The note of a key whose problem is over: when that was, where the source has said so, and the incident it had been in. */
function over({ routed }: Deciding, { alert, note }: KeyState, said: number | undefined): Writes['notes'] {
  const resolvedAt = said === undefined ? note.resolvedAt : Math.max(said, note.resolvedAt ?? said);
  const before = note.suppressed?.before ?? note.before;
  const after: Note = {
    ...(resolvedAt !== undefined && { resolvedAt }),
    ...(before !== undefined && { before }),
  };
  return noteWrites(keyOf(routed), alert?.id, note, after);
}
