/**
 * What saboteurs are made of: an honest memory storage with every hook, and ways to break one method of it.
 */

import { TocsinError } from '../../src/errors.ts';
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
  const corrupted = new Map<string, number>();
  let isNewer = false;
  const name = (tenant: string, id: string) => JSON.stringify([tenant, id]);
  const read = (row: IncidentRow): IncidentRow =>
    corrupted.get(name(row.tenant, row.id)) === row.version ? { ...row, snapshot: undefined } : row;
  const storage: Storage = {
    ...memory,
    async migrate() {
      if (isNewer) throw new TocsinError('SCHEMA_TOO_NEW', 'Cannot migrate: the data are of a newer version.');
    },
    async load(query) {
      const loaded = await memory.load(query);
      return { ...loaded, incidents: loaded.incidents.map(read) };
    },
    async listIncidents(tenant, filter) {
      const list = await memory.listIncidents(tenant, filter);
      return { ...list, items: list.items.map(read) };
    },
  };
  return {
    storage,
    clock,
    setNow(ms) {
      clock.at = ms;
    },
    another: async () => storage,
    begin() {
      const client = memory.begin();
      return { client, commit: () => client.commit(), rollback: () => client.rollback() };
    },
    async corrupt(tenant, id) {
      const { incidents } = await memory.load({ tenant, incidents: [id] });
      corrupted.set(name(tenant, id), incidents[0]?.version ?? 0);
    },
    newer() {
      isNewer = true;
    },
    close: () => memory.close(),
  };
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
