/**
 * Memory storage: everything in this process, gone when it ends.
 *
 * For tests, examples and trying things out. It keeps every promise of ports/storage.ts but durability; it is no
 * laxer than the others, so that what works here works there.
 */
import type { AlertChange, StoredAlert } from '../model/alert.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import {
  type Change,
  type CommitResult,
  type DeliveryClaimQuery,
  type DeliveryOutcome,
  incidentCursor,
  type Storage,
  type StoredIncident,
  type StoredTimer,
  type TimerChange,
  type WithdrawalChange,
} from '../ports/storage.ts';

/** The clock of a memory storage. */
export type MemoryStorageOptions = { readonly clock?: { now(): number } };

type TimerRow = { timer: StoredTimer; leasedUntil: number };
type DeliveryRow = { delivery: StoredDelivery; token: number; leasedUntil: number };

const key = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);

/**
 * A storage that lives in this process.
 *
 * @example
 * ```ts
 * import { memoryStorage } from 'tocsin/storage/memory';
 * const storage = memoryStorage();
 * await storage.migrate();
 * (await storage.listIncidents('default', {})).items; // => []
 * ```
 */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  const clock = options.clock ?? { now: () => Date.now() };
  const commits = new Set<string>();
  const incidents = new Map<string, StoredIncident>();
  const timelines = new Map<string, TimelineEvent[]>();
  const alerts = new Map<string, StoredAlert>();
  const latestOfKey = new Map<string, string>();
  const timers = new Map<string, TimerRow>();
  const deliveries = new Map<string, DeliveryRow>();
  const documents = new Map<string, unknown>();

  const alertKey = (tenant: string, routeKey: string, dedupKey: string) => key(tenant, routeKey, dedupKey);
  const timerKey = (timer: Pick<StoredTimer, 'tenant' | 'ownerKind' | 'ownerId' | 'kind'>) =>
    key(timer.tenant, timer.ownerKind, timer.ownerId, timer.kind);

  function conflicts(change: Change): boolean {
    const isStale = change.incidents.some(
      ({ id, expectedVersion }) => (incidents.get(key(change.tenant, id))?.version ?? 0) !== expectedVersion,
    );
    const exists = change.documents.some(({ collection, id }) => documents.has(key(change.tenant, collection, id)));
    return isStale || exists || change.alerts.some((alert) => isRefused(change, alert));
  }

  function isRefused(change: Change, wanted: AlertChange): boolean {
    if (wanted.type === 'repeat') return (alerts.get(key(change.tenant, wanted.id))?.status ?? 'cleared') === 'cleared';
    if (wanted.type === 'set' || wanted.type === 'return') return false;
    const latest = latestOfKey.get(alertKey(change.tenant, wanted.alert.routeKey, wanted.alert.dedupKey));
    const open = latest === undefined ? undefined : alerts.get(key(change.tenant, latest));
    if (open === undefined || open.status === 'cleared') return false;
    // An alert that the same change clears makes way for its successor.
    return !change.alerts.some((other) => other.type === 'set' && other.id === open.id && other.status === 'cleared');
  }

  function apply(change: Change): void {
    const { tenant } = change;
    for (const { id, expectedVersion, snapshot, events } of change.incidents) {
      incidents.set(key(tenant, id), structuredClone({ tenant, id, version: expectedVersion + 1, snapshot }));
      timelines.set(key(tenant, id), [...(timelines.get(key(tenant, id)) ?? []), ...structuredClone(events)]);
    }
    for (const alert of change.alerts) applyAlert(tenant, alert);
    for (const timer of change.timers) applyTimer(tenant, timer);
    for (const withdrawal of change.withdrawals) withdraw(tenant, withdrawal);
    for (const delivery of change.deliveries) {
      deliveries.set(key(tenant, delivery.id), { delivery: structuredClone(delivery), token: 0, leasedUntil: 0 });
    }
    for (const { collection, id, data } of change.documents)
      documents.set(key(tenant, collection, id), structuredClone(data));
  }

  function applyAlert(tenant: string, change: AlertChange): void {
    if (change.type === 'open') {
      const alert = structuredClone(change.alert);
      alerts.set(key(tenant, alert.id), alert);
      latestOfKey.set(alertKey(tenant, alert.routeKey, alert.dedupKey), alert.id);
      return;
    }
    const alert = alerts.get(key(tenant, change.id));
    if (alert === undefined) return;
    if (change.type === 'return') {
      const { clearedAt: _, ...rest } = alert;
      const { seenAt, severity } = change;
      alerts.set(key(tenant, change.id), { ...rest, status: 'firing', severity, ...counted(alert, seenAt) });
      return;
    }
    const { type, id, ...set } = change;
    const repeated = 'seenAt' in set ? counted(alert, set.seenAt) : set;
    alerts.set(key(tenant, id), { ...alert, ...repeated });
  }

  const counted = (alert: StoredAlert, seenAt: number) => ({
    count: alert.count + 1,
    lastSeenAt: Math.max(alert.lastSeenAt, seenAt),
  });

  function applyTimer(tenant: string, { type, ...timer }: TimerChange): void {
    const row = timerKey({ tenant, ...timer });
    if (type === 'cancel' || !('dueAt' in timer)) timers.delete(row);
    else timers.set(row, { timer: { tenant, ...timer }, leasedUntil: 0 });
  }

  function withdraw(tenant: string, { incidentId, beforePage, only, because }: WithdrawalChange): void {
    for (const row of deliveries.values()) {
      const { delivery } = row;
      if (delivery.tenant !== tenant || delivery.incidentId !== incidentId || delivery.page >= beforePage) continue;
      if (delivery.state !== 'pending' && delivery.state !== 'leased') continue;
      if (only !== undefined && (delivery.purpose !== only.purpose || (only.user ?? delivery.user) !== delivery.user))
        continue;
      row.delivery = { ...delivery, state: 'withdrawn', withdrawnBecause: because };
    }
  }

  /** A row whose lease has run out is as good as pending. */
  function dueDeliveries(now: number, query: Pick<DeliveryClaimQuery, 'tenants' | 'except'>): DeliveryRow[] {
    const { tenants, except = [] } = query;
    return [...deliveries.values()].filter(
      ({ delivery, leasedUntil }) =>
        tenants.includes(delivery.tenant) &&
        !except.includes(delivery.notifier) &&
        readyAt(delivery, leasedUntil) <= now,
    );
  }

  const readyAt = (delivery: StoredDelivery, leasedUntil: number): number => {
    if (delivery.state === 'pending') return delivery.dueAt;
    return delivery.state === 'leased' ? leasedUntil : Number.POSITIVE_INFINITY;
  };

  function settle(row: DeliveryRow, outcome: DeliveryOutcome): void {
    const { delivery } = row;
    const isWithdrawn = delivery.state === 'withdrawn';
    row.leasedUntil = 0;
    if (outcome.state === 'sent') {
      const { externalId } = outcome;
      row.delivery = {
        ...delivery,
        state: 'sent',
        sentAt: clock.now(),
        error: undefined,
        ...(externalId !== undefined && { externalId }),
      };
    } else if (outcome.state === 'retry') {
      row.delivery = {
        ...delivery,
        state: isWithdrawn ? 'withdrawn' : 'pending',
        dueAt: clock.now() + outcome.afterMs,
        error: outcome.error,
      };
    } else {
      row.delivery = { ...delivery, state: isWithdrawn ? 'withdrawn' : 'dead', error: outcome.error };
    }
  }

  const ofTenant = <T extends { readonly tenant: string }>(rows: Iterable<T>, tenant: string): T[] =>
    [...rows].filter((row) => row.tenant === tenant);

  return {
    async migrate() {},

    async load({ tenant, incidents: ids = [], alertKeys = [], documents: wanted = [] }) {
      const found = alertKeys.flatMap(({ routeKey, dedupKey }) => {
        const id = latestOfKey.get(alertKey(tenant, routeKey, dedupKey));
        return id === undefined ? [] : [alerts.get(key(tenant, id))];
      });
      const latest = found.filter((alert) => alert !== undefined);
      const owners = [...new Set([...ids, ...latest.map((alert) => alert.incidentId)])].map((id) =>
        incidents.get(key(tenant, id)),
      );
      return structuredClone({
        now: clock.now(),
        incidents: owners.filter((row) => row !== undefined),
        alerts: latest,
        documents: wanted.flatMap(({ collection, id }) => {
          const row = key(tenant, collection, id);
          return documents.has(row) ? [{ collection, id, data: documents.get(row) }] : [];
        }),
      });
    },

    async commit(changes) {
      return changes.map((change): CommitResult => {
        if (commits.has(key(change.tenant, change.commitId))) return 'applied';
        if (conflicts(change)) return 'conflict';
        apply(change);
        commits.add(key(change.tenant, change.commitId));
        return 'applied';
      });
    },

    async claimTimers({ tenants, limit, leaseMs }) {
      const now = clock.now();
      const due = [...timers.values()]
        .filter(({ timer, leasedUntil }) => tenants.includes(timer.tenant) && timer.dueAt <= now && leasedUntil <= now)
        .sort((a, b) => a.timer.dueAt - b.timer.dueAt)
        .slice(0, limit);
      for (const row of due) row.leasedUntil = now + leaseMs;
      return { now, timers: structuredClone(due.map((row) => row.timer)) };
    },

    async dropTimer(timer) {
      const row = timers.get(timerKey(timer));
      if (row?.timer.armedSeq === timer.armedSeq) timers.delete(timerKey(timer));
    },

    async claimDeliveries({ tenants, limit, leaseMs, except }) {
      const now = clock.now();
      const due = dueDeliveries(now, { tenants, except })
        .sort((a, b) => a.delivery.dueAt - b.delivery.dueAt)
        .slice(0, limit);
      for (const row of due) {
        row.token += 1;
        row.leasedUntil = now + leaseMs;
        row.delivery = { ...row.delivery, state: 'leased', attempts: row.delivery.attempts + 1 };
      }
      return { now, deliveries: structuredClone(due.map(({ delivery, token }) => ({ delivery, token }))) };
    },

    async settleDelivery(tenant, id, token, outcome) {
      const row = deliveries.get(key(tenant, id));
      if (row === undefined || row.token !== token || row.leasedUntil === 0) return false;
      settle(row, outcome);
      return true;
    },

    async hasten(tenant, incidentId, page, user) {
      const next = ofTenant(
        [...deliveries.values()].map((row) => ({ tenant: row.delivery.tenant, row })),
        tenant,
      )
        .filter(
          ({ row: { delivery } }) =>
            delivery.incidentId === incidentId &&
            delivery.page === page &&
            delivery.user === user &&
            delivery.state === 'pending',
        )
        .sort((a, b) => a.row.delivery.dueAt - b.row.delivery.dueAt)[0]?.row;
      if (next === undefined) return false;
      next.delivery = { ...next.delivery, dueAt: Math.min(next.delivery.dueAt, clock.now()) };
      return true;
    },

    async revive(tenant, id) {
      const row = deliveries.get(key(tenant, id));
      if (row?.delivery.state !== 'dead') return false;
      row.delivery = { ...row.delivery, state: 'pending', dueAt: clock.now(), attempts: 0 };
      return true;
    },

    async nextDue(tenants) {
      const at = [
        ...[...timers.values()]
          .filter(({ timer }) => tenants.includes(timer.tenant))
          .map(({ timer, leasedUntil }) => Math.max(timer.dueAt, leasedUntil)),
        ...[...deliveries.values()]
          .filter(({ delivery }) => tenants.includes(delivery.tenant))
          .map(({ delivery, leasedUntil }) => readyAt(delivery, leasedUntil)),
      ].reduce((first, next) => Math.min(first, next), Number.POSITIVE_INFINITY);
      return { now: clock.now(), dueAt: Number.isFinite(at) ? at : undefined };
    },

    async timeline(tenant, incidentId) {
      return structuredClone(timelines.get(key(tenant, incidentId)) ?? []);
    },

    async listIncidents(tenant, { phases, service, severity, limit = 100, cursor }) {
      const all = ofTenant(incidents.values(), tenant)
        .filter(
          ({ snapshot: { value, context } }) =>
            (phases?.includes(value.phase) ?? true) &&
            (service ?? context.service) === context.service &&
            (severity ?? context.severity) === context.severity,
        )
        .sort(
          (a, b) => b.snapshot.context.times.openedAt - a.snapshot.context.times.openedAt || (a.id < b.id ? 1 : -1),
        );
      const rest = cursor === undefined ? all : all.filter((row) => isAfter(row, cursor));
      const items = rest.slice(0, limit);
      const last = items.at(-1);
      return structuredClone({
        items,
        ...(last !== undefined && limit < rest.length && { next: incidentCursor(last) }),
      });
    },

    async listAlerts(tenant, { id, incidentId, status, limit = 100 }) {
      const found = ofTenant(alerts.values(), tenant).filter(
        (alert) =>
          (id ?? alert.id) === alert.id &&
          (incidentId ?? alert.incidentId) === alert.incidentId &&
          (status ?? alert.status) === alert.status,
      );
      return structuredClone(found.sort((a, b) => b.openedAt - a.openedAt).slice(0, limit));
    },

    async listDeliveries(tenant, { incidentId, page, state, limit = 1_000 }) {
      const found = ofTenant(
        [...deliveries.values()].map((row) => row.delivery),
        tenant,
      ).filter(
        (delivery) =>
          (incidentId ?? delivery.incidentId) === delivery.incidentId &&
          (page ?? delivery.page) === delivery.page &&
          (state ?? delivery.state) === delivery.state,
      );
      return structuredClone(
        found.sort((a, b) => a.requestedAt - b.requestedAt || a.page - b.page || a.dueAt - b.dueAt).slice(0, limit),
      );
    },

    async close() {},
  };
}

/** Whether a row comes after the cursor in a list that has the newest first. */
function isAfter(row: StoredIncident, cursor: string): boolean {
  const [openedAt = '', ...id] = cursor.split(':');
  const at = row.snapshot.context.times.openedAt;
  return at < Number(openedAt) || (at === Number(openedAt) && row.id < id.join(':'));
}
