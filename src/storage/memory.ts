/**
 * Memory storage: everything in this process, gone when it ends.
 *
 * For tests, examples and trying things out. It keeps every promise of ports/storage.ts but durability, and is never
 * laxer than a database, so that what works here works there.
 */
import { TocsinError } from '../errors.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import type { Storage } from '../ports/storage.ts';
import {
  claimDeliveries,
  claimTimers,
  dropTimer,
  extendDelivery,
  figures,
  hasten,
  nextDue,
  receiveDelivery,
  revive,
  settleDelivery,
} from './memory/lease.ts';
import { pruneStore } from './memory/prune.ts';
import {
  listAlerts,
  listDeliveries,
  listDocuments,
  listIncidents,
  liveDocuments,
  loadRows,
  readTimeline,
} from './memory/read.ts';
import { beginTransaction, type MemoryTransaction, type OpenTransaction } from './memory/session.ts';
import { copied, createStore, keyOf } from './memory/store.ts';
import { writeChange } from './memory/write.ts';

export type { MemoryTransaction } from './memory/session.ts';

/** How {@link memoryStorage} tells the time. */
export type MemoryStorageOptions = {
  /** What is due is decided by it. Default: the time of this process. */
  readonly clock?: { now(): number };
};

/** A storage that lives in this process, with transactions for `withClient`. */
export type MemoryStorage = Storage & {
  /** Begins a transaction of the host. */
  begin(): MemoryTransaction;
};

/**
 * A storage that lives in this process.
 *
 * @throws TocsinError INPUT_INVALID when an option is not known.
 * @example
 * ```ts
 * import { memoryStorage } from 'tocsin/storage/memory';
 * const storage = memoryStorage();
 * await storage.migrate();
 * (await storage.listIncidents('default', {})).items; // => []
 * ```
 */
export function memoryStorage(options: MemoryStorageOptions = {}): MemoryStorage {
  refuseUnknownOptions('open memory storage', options, ['clock']);
  const store = createStore(options.clock ?? { now: () => Date.now() });
  const transactions = new WeakMap<object, OpenTransaction>();
  const delivery = (tenant: string, id: string) => store.deliveries.get(keyOf(tenant, id));

  return {
    async migrate() {},
    load: async (query) => loadRows(store, query),
    async commit(changes) {
      return copied(changes).map((change) => writeChange(store, change));
    },
    claimTimers: async (query) => claimTimers(store, query),
    dropTimer: async (timer) => dropTimer(store, timer),
    claimDeliveries: async (query) => claimDeliveries(store, query),
    extendDelivery: async (tenant, id, token, leaseMs) => extendDelivery(store, delivery(tenant, id), token, leaseMs),
    settleDelivery: async (tenant, id, token, outcome) => settleDelivery(store, delivery(tenant, id), token, outcome),
    receiveDelivery: async (tenant, id, news) => receiveDelivery(store, delivery(tenant, id), news),
    hasten: async (tenant, incidentId, page, user) => hasten(store, tenant, incidentId, page, user),
    revive: async (tenant, id) => revive(store, delivery(tenant, id)),
    nextDue: async (tenants) => ({ now: store.now(), dueAt: nextDue(store, tenants) }),
    timeline: async (tenant, incidentId) => readTimeline(store, tenant, incidentId),
    listIncidents: async (tenant, filter) => listIncidents(store, tenant, filter),
    listAlerts: async (tenant, filter) => listAlerts(store, tenant, filter),
    listDeliveries: async (tenant, filter) => listDeliveries(store, tenant, filter),
    listDocuments: async (tenant, filter) => listDocuments(store, tenant, filter),
    documentVersions: async (tenants, collection) =>
      [...new Set(tenants)].flatMap((tenant) =>
        liveDocuments(store, tenant, collection).map(({ id, version }) => ({ tenant, id, version })),
      ),
    figures: async (tenants) => figures(store, tenants),
    prune: async (tenant, pruning) => pruneStore(store, tenant, pruning),
    begin() {
      const open = beginTransaction(store);
      transactions.set(open.transaction, open);
      return open.transaction;
    },
    withClient(client) {
      const open = typeof client === 'object' && client !== null ? transactions.get(client) : undefined;
      if (open === undefined) throw noClient();
      return open.session;
    },
    async close() {},
  };
}

function noClient(): TocsinError {
  return new TocsinError(
    'INPUT_INVALID',
    'Cannot use this client: it is no transaction of this storage. Give what its `begin()` answered.',
    { details: { problems: [{ path: 'client', message: 'expected a transaction of this memory storage' }] } },
  );
}
