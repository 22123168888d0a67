/**
 * The bench on which a storage is tried: short ways to write and read rows of tenant `acme`.
 *
 * It knows nothing of the storage but its port.
 */
import { readSnapshot } from '../../core/lifecycle/readable.ts';
import type {
  Change,
  ClaimedDelivery,
  ClaimQuery,
  CommitResult,
  DeliveryClaimQuery,
  DeliveryOutcome,
  Storage,
  StoredTimer,
} from '../../ports/storage.ts';
import { present } from './compare.ts';
import type { StorageFixture } from './fixture.ts';
import { change, type KnownIncident } from './rows.ts';

/** What a promise is tried with. */
export type Bench = StorageFixture & {
  /** Commits one change of `acme`. */
  commit(parts: Partial<Change>): Promise<CommitResult>;
  /** An incident that has to be there. */
  incident(id?: string, tenant?: string): Promise<KnownIncident>;
  claimedTimers(query?: Partial<ClaimQuery>): Promise<readonly StoredTimer[]>;
  claimed(query?: Partial<DeliveryClaimQuery>): Promise<readonly ClaimedDelivery[]>;
  /** The ids of what is claimed, in order. */
  claimedIds(query?: Partial<DeliveryClaimQuery>): Promise<readonly string[]>;
  /** The first delivery that is claimed; there has to be one. */
  claimOne(query?: Partial<DeliveryClaimQuery>): Promise<ClaimedDelivery>;
  /** Whether the delivery was settled. */
  settle(id: string, token: number, outcome: DeliveryOutcome): Promise<boolean>;
  /** Every delivery as `d1 pending`, by name. */
  states(): Promise<readonly string[]>;
  /** Everything that can be read of a tenant, to tell whether anything was written. */
  everything(tenant?: string): Promise<unknown>;
};

/** One test of a promise. */
export type StorageTest = {
  readonly promise: string;
  /** Completes a sentence that begins with the number of the promise. */
  readonly says: string;
  readonly needs?: 'another' | 'begin' | 'corrupt' | 'newer';
  run(bench: Bench): Promise<void>;
};

export const LEASE_MS = 15_000;
/** Claims what is due for `acme`. */
export const CLAIM: ClaimQuery = { tenants: ['acme'], limit: 10, leaseMs: LEASE_MS };

/** The short ways for one fixture. */
export function createBench(fixture: StorageFixture): Bench {
  const { storage } = fixture;
  const claimed = async (query: Partial<DeliveryClaimQuery> = {}) =>
    (await storage.claimDeliveries({ ...CLAIM, ...query })).deliveries;
  return {
    ...fixture,
    commit: async (parts) => present((await storage.commit([change(parts)]))[0], 'answer to the change'),
    incident: (id = 'i1', tenant = 'acme') => incidentOf(storage, id, tenant),
    claimedTimers: async (query = {}) => (await storage.claimTimers({ ...CLAIM, ...query })).timers,
    claimed,
    claimedIds: async (query) => (await claimed(query)).map(({ delivery }) => delivery.id),
    claimOne: async (query) => present((await claimed(query))[0], 'delivery to claim'),
    settle: async (id, token, outcome) => (await storage.settleDelivery('acme', id, token, outcome)) !== undefined,
    states: async () => (await storage.listDeliveries('acme', {})).map(({ id, state }) => `${id} ${state}`).toSorted(),
    everything: (tenant = 'acme') => everythingOf(storage, tenant),
  };
}

async function incidentOf(storage: Pick<Storage, 'load'>, id: string, tenant: string): Promise<KnownIncident> {
  const { incidents } = await storage.load({ tenant, incidents: [id] });
  const { version, snapshot } = present(incidents[0], `incident ${id} of ${tenant}`);
  const read = readSnapshot(id, snapshot);
  return { version, snapshot: present(read.kind === 'current' ? read.snapshot : undefined, `snapshot of ${id}`) };
}

async function everythingOf(storage: Storage, tenant: string): Promise<unknown> {
  const { items } = await storage.listIncidents(tenant, {});
  const timelines = await Promise.all(items.map(({ id }) => storage.timeline(tenant, id)));
  const { documents, slots, counters } = await storage.load({
    tenant,
    documents: ['d', 'new'].map((id) => ({ collection: 'c', id })),
    slots: ['k', 'new'].map((key) => ({ kind: 'group', key })),
    counters: ['d', 'new'].map((id) => ({ collection: 'n', id })),
  });
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
  return {
    items,
    timelines,
    alerts: (await storage.listAlerts(tenant, {})).toSorted(byId),
    deliveries: (await storage.listDeliveries(tenant, {})).toSorted(byId),
    documents: documents.toSorted(byId),
    slots: slots.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    counters: counters.toSorted(byId),
    figures: await storage.figures([tenant]),
    nextDue: await storage.nextDue([tenant]),
  };
}
