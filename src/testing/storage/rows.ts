/**
 * Rows for the tests of a storage: incidents, events, alerts, timers and deliveries as the engine writes them.
 *
 * Every instant is near `T0`; nothing here knows the time.
 */
import { settle } from '../../core/lifecycle/settle.ts';
import type { IncidentSnapshot } from '../../core/lifecycle/snapshot.ts';
import type { StoredAlert } from '../../model/alert.ts';
import type { StoredDelivery } from '../../model/delivery.ts';
import type { EventDraft } from '../../model/timeline.ts';
import type { Change, IncidentChange, TimerChange } from '../../ports/storage.ts';

export const MINUTE = 60_000;
export const DAY = 86_400_000;
/** Tuesday, 6 January 2026, 10:00 UTC. */
export const T0 = Date.UTC(2026, 0, 6, 10);

/** An incident that was read, or that a change of it can begin with. */
export type KnownIncident = { readonly version: number; readonly snapshot: IncidentSnapshot };

const by = { kind: 'user', id: 'ana' } as const;
const ladder = {
  policyId: 'p',
  rungs: [{ targets: [{ user: 'ana' }], waitMs: 5 * MINUTE, strategy: 'all' as const }],
  loops: 1,
  fallback: [{ user: 'boss' }],
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
export type Opening = { readonly service?: string; readonly severity?: string; readonly title?: string };

/** An incident within a change, with the events that `drafts` lead to. */
export function incidentChange(
  before: KnownIncident | undefined,
  drafts: readonly EventDraft[],
  at = T0,
): IncidentChange {
  const { snapshot, events } = settle({ snapshot: before?.snapshot, drafts, at, by, plan: () => undefined });
  return { id: snapshot.context.id, expectedVersion: before?.version ?? 0, snapshot, events };
}

/** A new incident. */
export function newIncident(id: string, opening: Opening = {}, at = T0): IncidentChange {
  return incidentChange(undefined, [opened(id, opening)], at);
}

/** A new incident that has ended at once. */
export function endedIncident(
  id: string,
  end: 'closed' | 'dismissed' | 'merged' | 'resolved',
  at = T0,
): IncidentChange {
  const ends: Readonly<Record<typeof end, readonly EventDraft[]>> = {
    closed: [{ type: 'incident.resolved' }, { type: 'incident.closed' }],
    dismissed: [{ type: 'incident.dismissed' }],
    merged: [{ type: 'incident.merged', into: 'other' }],
    resolved: [{ type: 'incident.resolved' }],
  };
  return incidentChange(undefined, [opened(id, {}), ...ends[end]], at);
}

/** What an incident is opened with, as its first event. */
export function opened(
  id: string,
  { service = 'checkout', severity = 'SEV1', title = `Incident ${id}` }: Opening,
): EventDraft {
  return {
    type: 'incident.opened',
    incidentId: id,
    title,
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

export const note = (text: string): EventDraft => ({ type: 'note.added', text });

/** A firing alert of one key. */
export function alert(id: string, more: Partial<StoredAlert> = {}): StoredAlert {
  return {
    id,
    tenant: 'acme',
    routeKey: 'r',
    dedupKey: 'disk',
    service: 'checkout',
    incidentId: 'i1',
    status: 'firing',
    severity: 'SEV1',
    title: 'Disk full',
    labels: { host: 'db-1' },
    links: [],
    openedAt: T0,
    lastSeenAt: T0,
    count: 1,
    ...more,
  };
}

/** Opens an alert. */
export const open = (id: string, more: Partial<StoredAlert> = {}) =>
  ({ type: 'open', alert: alert(id, more) }) as const;

/** Opens an alert that is kept quiet, and so belongs to no incident. */
export const openSuppressed = (id: string, more: Partial<StoredAlert> = {}) =>
  open(id, { status: 'suppressed', incidentId: undefined, ...more });

/** Counts one trigger of an alert. */
export const repeat = (id = 'a1', seenAt = T0) => ({ type: 'repeat', id, seenAt }) as const;

/** Clears an alert. */
export const clear = (id = 'a1', clearedAt = T0) => ({ type: 'set', id, status: 'cleared', clearedAt }) as const;

/** A delivery that is due at once. */
export function delivery(id: string, more: Partial<StoredDelivery> = {}): StoredDelivery {
  return {
    id,
    tenant: 'acme',
    incidentId: 'i1',
    page: 2,
    purpose: 'step',
    position: { cycle: 1, loop: 1, step: 1 },
    user: 'ana',
    contact: 'sms',
    notifier: 'sms',
    address: '+1',
    urgency: 'high',
    state: 'pending',
    requestedAt: T0,
    dueAt: T0,
    attempts: 0,
    ...more,
  };
}

/** A timer that is due at once. */
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

let commits = 0;

/** A change of tenant `acme` under an id of its own. */
export function change(parts: Partial<Change> = {}): Change {
  commits += 1;
  return {
    commitId: `commit-${commits}`,
    tenant: 'acme',
    incidents: [],
    alerts: [],
    timers: [],
    withdrawals: [],
    deliveries: [],
    documents: [],
    slots: [],
    counters: [],
    ...parts,
  };
}

/** A change that touches every kind of row. */
export function wholeChange(tenant = 'acme'): Change {
  return change({
    tenant,
    incidents: [newIncident('i1')],
    alerts: [open('a1', { tenant })],
    timers: [arm('step', { dueAt: T0 + 5 * MINUTE })],
    deliveries: [delivery('i1:2:0', { tenant })],
    documents: [{ collection: 'c', id: 'd', expectedVersion: 0, data: { deep: [1, { two: 2 }] } }],
    slots: [{ kind: 'group', key: 'k', expectedVersion: 0, owner: 'i1', until: T0 + DAY }],
    counters: [{ collection: 'n', id: 'd', add: 1 }],
  });
}
