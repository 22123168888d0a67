/**
 * Rows for tests of what is stored: the opening of an incident, and timer rows.
 */
import type { EventDraft } from '../../src/model/timeline.ts';
import type { TimerChange } from '../../src/ports/storage.ts';

/** Tuesday, 6 January 2026, 10:00 UTC. */
export const T0 = Date.UTC(2026, 0, 6, 10);

const rungs = [{ targets: [{ user: 'ana' }], waitMs: 5 * 60_000, strategy: 'all' as const }];
const fallback = [{ user: 'boss' }];
const ladder = {
  policyId: 'p',
  rungs,
  loops: 1,
  fallback,
  fallbackEveryMs: 1,
  acknowledgeTimeoutMs: null,
  repageOn: [],
};
const settings = {
  holdMs: 0,
  clearForMs: 1,
  reopenWindowMs: 1,
  reminderMs: 1,
  updateEveryMs: null,
  reviewWithinMs: null,
};

/** What an incident is opened with. */
export function openedDraft(id: string, more: { service?: string; severity?: string } = {}): EventDraft {
  const { service = 'checkout', severity = 'SEV1' } = more;
  return {
    type: 'incident.opened',
    incidentId: id,
    title: `Incident ${id}`,
    service,
    severity,
    urgency: 'high',
    visibility: 'public',
    alerts: [],
    links: [],
    ladder,
    settings,
    configVersion: 'c1',
  };
}

export function arm(kind: string, more: { armedSeq?: number; dueAt?: number; ownerId?: string } = {}): TimerChange {
  const { armedSeq = 1, dueAt = T0, ownerId = 'i1' } = more;
  return { type: 'arm', ownerKind: 'incident', ownerId, kind, armedSeq, dueAt };
}

export const cancel = (kind: string, ownerId = 'i1'): TimerChange => ({
  type: 'cancel',
  ownerKind: 'incident',
  ownerId,
  kind,
});
