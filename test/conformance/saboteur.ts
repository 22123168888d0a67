/**
 * What saboteurs are made of: an honest memory storage with every hook, and ways to break one method of it.
 */
import { TocsinError } from '../../src/errors.ts';
import type { StoredAlert } from '../../src/model/alert.ts';
import { type StoredDelivery, unreadableDelivery } from '../../src/model/delivery.ts';
import type { Change, CommitResult, IncidentRow, Storage } from '../../src/ports/storage.ts';
import { memoryStorage } from '../../src/storage/memory.ts';
import type { StorageFixture } from '../../src/testing/index.ts';

/** An honest fixture, whose clock a saboteur may turn. */
export type Honest = StorageFixture & { readonly clock: { at: number }; readonly storage: Storage };

/** A storage that breaks one promise, and how. */
export type Saboteur = {
  readonly promise: string;
  readonly does: string;
  /** The methods that are broken, of every storage over the same data. */
  breaks(storage: Storage, clock: { at: number }): Partial<Storage>;
};

/** Memory that keeps all promises, also those that memory alone cannot be tried for. */
export async function openHonest(): Promise<Honest> {
  const clock = { at: 0, now: () => clock.at };
  const memory = memoryStorage({ clock });
  const { storage, corrupt } = tearing(memory);
  let isNewer = false;
  const whole: Storage = {
    ...storage,
    async migrate() {
      if (isNewer) throw new TocsinError('SCHEMA_TOO_NEW', 'Cannot migrate: the data are of a newer version.');
    },
  };
  return {
    storage: whole,
    clock,
    setNow(ms) {
      clock.at = ms;
    },
    another: async () => whole,
    begin() {
      const client = memory.begin();
      return { client, commit: () => client.commit(), rollback: () => client.rollback() };
    },
    corrupt,
    newer() {
      isNewer = true;
    },
    close: () => memory.close(),
  };
}

/** Memory that answers what was torn as a database does whose text is no JSON. */
function tearing(memory: Storage): { storage: Storage; corrupt: NonNullable<StorageFixture['corrupt']> } {
  const torn = new Map<string, number>();
  const name = (...names: readonly string[]) => JSON.stringify(names);
  const isTorn = (what: string, { tenant, id }: { tenant: string; id: string }) => torn.has(name(what, tenant, id));

  const incident = (row: IncidentRow): IncidentRow =>
    torn.get(name('snapshot', row.tenant, row.id)) === row.version ? { ...row, snapshot: undefined } : row;
  const delivery = (row: StoredDelivery): StoredDelivery => {
    const { position: _p, channel: _c, contact: _n, address: _a, urgency: _u, ...rest } = row;
    const { content: _t, reactsTo: _r, ...outline } = rest;
    return isTorn('delivery', row) ? unreadableDelivery(outline) : row;
  };
  const alert = ({ body, source, ...row }: StoredAlert): StoredAlert =>
    isTorn('alert', row)
      ? { ...row, service: 'unknown', title: `Alert ${row.id}`, labels: {}, links: [] }
      : { ...row, body, source };
  const listedAlert = (row: StoredAlert): StoredAlert =>
    isTorn('alert', row) ? { ...alert(row), routeKey: 'unknown', dedupKey: 'unknown' } : row;

  const storage: Storage = {
    ...memory,
    async load(query) {
      const { incidents, alerts, ...loaded } = await memory.load(query);
      return { ...loaded, incidents: incidents.map(incident), alerts: alerts.map(alert) };
    },
    async listIncidents(tenant, filter) {
      const list = await memory.listIncidents(tenant, filter);
      return { ...list, items: list.items.map(incident) };
    },
    listAlerts: async (tenant, filter) => (await memory.listAlerts(tenant, filter)).map(listedAlert),
    listDeliveries: async (tenant, filter) => (await memory.listDeliveries(tenant, filter)).map(delivery),
    async claimDeliveries(query) {
      const { now, deliveries } = await memory.claimDeliveries(query);
      return { now, deliveries: deliveries.map((one) => ({ ...one, delivery: delivery(one.delivery) })) };
    },
    async settleDelivery(...given) {
      const row = await memory.settleDelivery(...given);
      return row && delivery(row);
    },
    async receiveDelivery(...given) {
      const row = await memory.receiveDelivery(...given);
      return row && delivery(row);
    },
    async timeline(tenant, id) {
      if (isTorn('event', { tenant, id })) throw new TocsinError('TIMELINE_INVALID', `Cannot read ${id}.`);
      return memory.timeline(tenant, id);
    },
  };

  async function corrupt(tenant: string, id: string, what: string): Promise<void> {
    const { incidents } = await memory.load({ tenant, incidents: [id] });
    torn.set(name(what, tenant, id), incidents[0]?.version ?? 0);
  }

  return { storage, corrupt };
}

/** The honest fixture with the methods of one saboteur. */
export async function openSabotaged({ breaks }: Saboteur): Promise<StorageFixture> {
  const honest = await openHonest();
  const storage = { ...honest.storage, ...breaks(honest.storage, honest.clock) };
  return { ...honest, storage, another: async () => storage };
}

/** Commits each change by itself, as `change` makes it. */
export async function oneByOne(
  changes: readonly Change[],
  commit: (change: Change) => Promise<CommitResult>,
): Promise<CommitResult[]> {
  const answers: CommitResult[] = [];
  for (const change of changes) answers.push(await commit(change));
  return answers;
}

/** Commits one change. */
export async function commitOne(storage: Pick<Storage, 'commit'>, change: Change): Promise<CommitResult> {
  return (await storage.commit([change]))[0]!;
}

/** A commit whose changes are altered before they are stored. */
export function altering(storage: Storage, alter: (change: Change) => Change): Pick<Storage, 'commit'> {
  return { commit: (changes) => storage.commit(changes.map(alter)) };
}

let ids = 0;
/** An id that nobody has used. */
export const freshId = () => `sabotage-${++ids}`;

/** A change with only what is named. */
export const only = (change: Change, parts: Partial<Change>): Change => ({
  ...change,
  commitId: freshId(),
  incidents: [],
  alerts: [],
  timers: [],
  withdrawals: [],
  deliveries: [],
  documents: [],
  slots: [],
  counters: [],
  ...parts,
});

/** Lets others go first. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
