/**
 * Rows for tests of a storage: incidents, events, alerts, timers and deliveries as the engine writes them.
 */
import { settle } from '../../src/core/lifecycle/settle.ts';
import type { IncidentSnapshot } from '../../src/core/lifecycle/snapshot.ts';
import type { StoredAlert } from '../../src/model/alert.ts';
import type { StoredDelivery } from '../../src/model/delivery.ts';
import type { EventDraft, TimelineEvent } from '../../src/model/timeline.ts';
import type { Change, IncidentChange, Storage, TimerChange } from '../../src/ports/storage.ts';

export const MINUTE = 60_000;
/** Tuesday, 6 January 2026, 10:00 UTC. */
export const T0 = Date.UTC(2026, 0, 6, 10);

const by = { kind: 'user', id: 'ana' } as const;
const rungs = [{ targets: [{ user: 'ana' }], waitMs: 5 * MINUTE, strategy: 'all' as const }];
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

/** An incident within a change, with the events that `drafts` lead to. */
export function incidentChange(
  before: { readonly version: number; readonly snapshot: IncidentSnapshot } | undefined,
  drafts: readonly EventDraft[],
  at = T0,
): IncidentChange {
  const { snapshot, events } = settle({ snapshot: before?.snapshot, drafts, at, by, plan: () => undefined });
  return { id: snapshot.context.id, expectedVersion: before?.version ?? 0, snapshot, events };
}

/** A new incident. */
export const newIncident = (id: string, more: Parameters<typeof openedDraft>[1] = {}, at = T0): IncidentChange =>
  incidentChange(undefined, [openedDraft(id, more)], at);

export const note = (text: string): EventDraft => ({ type: 'note.added', text });

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
    deliveries: [],
    withdrawals: [],
    documents: [],
    ...parts,
  };
}

/** Commits one change and answers its result. */
export async function commit(storage: Storage, parts: Partial<Change>): Promise<string | undefined> {
  return (await storage.commit([change(parts)]))[0];
}

export async function loadIncident(storage: Storage, id = 'i1', tenant = 'acme') {
  return (await storage.load({ tenant, incidents: [id] })).incidents[0];
}

/** Everything that can be read of a tenant, to tell whether anything was written. */
export async function everything(storage: Storage, tenant = 'acme') {
  const { items } = await storage.listIncidents(tenant, {});
  const timelines: (readonly TimelineEvent[])[] = [];
  for (const { id } of items) timelines.push(await storage.timeline(tenant, id));
  return {
    items,
    timelines,
    alerts: await storage.listAlerts(tenant, {}),
    deliveries: await storage.listDeliveries(tenant, {}),
    dueAt: (await storage.nextDue([tenant])).dueAt,
    documents: (await storage.load({ tenant, documents: [{ collection: 'c', id: 'd' }] })).documents,
  };
}
