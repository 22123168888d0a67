/**
 * Looking again: what has become of an alert that was kept quiet, or of which nothing was heard for long.
 *
 * Pure. It decides as if the source had spoken now, and counts nothing.
 */
import type { ConfigRules } from '../config/compile.ts';
import { admit } from './admit.ts';
import { cleared } from './answers.ts';
import {
  type Deciding,
  type DecisionMoment,
  type IntakeDecision,
  type KeyState,
  keyState,
  NO_WRITES,
  noteWrites,
  nothing,
  type Stored,
} from './decision.ts';
import type { Key, Note } from './note.ts';
import { routeAgain } from './routed.ts';
import { nextLook, stayQuiet } from './suppress.ts';
import { stillQuieted, worst } from './trigger.ts';

/** What is to be done about a key now. */
export function decideLook(key: Key, stored: Stored, config: ConfigRules, moment: DecisionMoment): IntakeDecision {
  const state = keyState(stored, key);
  const { alert, incident, note } = state;
  if (alert === undefined || alert.status === 'cleared') {
    const { resolvedAt } = note;
    const writes = noteWrites(key, alert?.id, note, resolvedAt === undefined ? {} : { resolvedAt });
    return nothing('no open alert has the key', { writes: { ...NO_WRITES, notes: writes } });
  }
  if (note.quietMs !== undefined && alert.lastSeenAt + note.quietMs <= moment.at) return quiet(key, state, moment);
  if (alert.status === 'suppressed') return again(key, state, { stored, config, moment });
  const lookAt = note.quietMs === undefined ? undefined : alert.lastSeenAt + note.quietMs;
  return nothing('it was heard of since', {
    alertId: alert.id,
    incidentId: incident?.context.id,
    writes: { ...NO_WRITES, notes: noteWrites(key, alert.id, note, withLook(note, lookAt)) },
  });
}

/** Nothing was heard of it for so long that it counts as over. */
function quiet(key: Key, { alert, incident, note }: KeyState, { at }: DecisionMoment): IntakeDecision {
  if (alert === undefined) return nothing('no open alert has the key');
  const { resolvedAt } = note;
  const writes = {
    ...NO_WRITES,
    notes: noteWrites(key, alert.id, note, resolvedAt === undefined ? {} : { resolvedAt }),
  };
  const reason = 'nothing was heard of it for so long that it counts as over';
  if (alert.status !== 'suppressed' && incident !== undefined)
    return cleared(alert, incident.context.id, { reason, writes, because: reason });
  return {
    outcome: 'resolved',
    reason,
    incident: 'none',
    drafts: [],
    alerts: [{ type: 'set', id: alert.id, status: 'cleared', clearedAt: at }],
    alertId: alert.id,
    writes,
  };
}

/** What kept it quiet may have ended. */
function again(key: Key, state: KeyState, world: Omit<Deciding, 'routed'>): IntakeDecision {
  const { alert, note } = state;
  const { suppressed } = note;
  if (alert === undefined) return nothing('no open alert has the key');
  if (suppressed === undefined)
    return nothing('why it is kept quiet cannot be read; its next event decides', { alertId: alert.id });
  const routed = routeAgain(suppressed.event, key, world.config, world.moment.at);
  const deciding = { ...world, routed };
  const severity = worst(world.config.severity.decide(routed.fact, world.moment.at), alert, deciding);
  const quieted = stillQuieted(deciding, state, severity);
  if (quieted !== undefined) {
    const stays = stayQuiet(alert, { deciding, state, severity, quieted }, []);
    return { ...stays, writes: { ...stays.writes, notes: lookedAt(stays.writes.notes, key, state, deciding) } };
  }
  const admitted = admit(deciding, { state, severity, alert, after: suppressed, documents: [] });
  if (admitted.outcome !== 'suppressed') return admitted;
  return { ...admitted, writes: { ...admitted.writes, notes: lookedAt(admitted.writes.notes, key, state, deciding) } };
}

/** The timer has fired: the note says when to look next, whether or not anything else in it has changed. */
function lookedAt(
  notes: IntakeDecision['writes']['notes'],
  key: Key,
  { alert, note }: KeyState,
  { moment: { at } }: Deciding,
): IntakeDecision['writes']['notes'] {
  if (notes.length > 0) return notes;
  const { suppressed, quietMs } = note;
  const look = suppressed === undefined ? undefined : nextLook(suppressed, at);
  const quietAt = alert === undefined || quietMs === undefined ? undefined : alert.lastSeenAt + quietMs;
  const next = Math.min(look ?? Number.POSITIVE_INFINITY, quietAt ?? Number.POSITIVE_INFINITY);
  return [{ key, alertId: alert?.id, note: withLook(note, Number.isFinite(next) ? next : undefined) }];
}

function withLook({ lookAt: _, ...note }: Note, lookAt: number | undefined): Note {
  return lookAt === undefined ? note : { ...note, lookAt };
}
