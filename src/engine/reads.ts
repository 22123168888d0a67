/**
 * Reads: what is stored, ready to decide on.
 *
 * Reads that are asked for at the same time share one call. A snapshot that this version cannot read is made anew from
 * its timeline; where that fails too, the incident goes to quarantine and the others go on.
 */
import { readSnapshot } from '../core/lifecycle/readable.ts';
import { replay } from '../core/lifecycle/replay.ts';
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import { isTocsinError } from '../errors.ts';
import { createBatches } from '../ports/batches.ts';
import type { Logger } from '../ports/clock.ts';
import type { AlertKey, IncidentRow, Loaded, LoadQuery, StorageSession, StoredIncident } from '../ports/storage.ts';
import type { Quarantine } from './quarantine.ts';

/** An incident ready to decide on; `isReplayed` when its stored snapshot, and perhaps its timer rows, are another's. */
export type ReadyIncident = StoredIncident & { readonly isReplayed?: true };

/** What was read, ready to decide on. */
export type Ready = Loaded<ReadyIncident>;

/** Reads what is stored. */
export type Reads = {
  /** Rejects with SNAPSHOT_UNREADABLE when an incident that was asked for, or that owns an alert that was, is in quarantine. */
  load(query: LoadQuery): Promise<Ready>;
  /** The incident made anew from its timeline; `why` the stored snapshot will not do. */
  replayed(row: IncidentRow, why: string): Promise<ReadyIncident>;
  /** The incident of a row; `undefined` when it is in quarantine. */
  incident(row: IncidentRow): Promise<ReadyIncident | undefined>;
};

/** The most reads that share a call. */
const MOST = 200;

/** Reads from `storage`. */
export function createReads(
  storage: Pick<StorageSession, 'load' | 'timeline'>,
  quarantine: Quarantine,
  logger: Logger,
): Reads {
  const loadOne = createBatches<LoadQuery, Loaded>({
    run: (queries) => loadTogether(storage, queries),
    most: MOST,
    atOnce: 4,
    isRepeated: false,
    failed: (error) => logger.warn({ error }, 'Several reads failed together; each is tried alone.'),
  });

  async function replayed(row: IncidentRow, why: string): Promise<ReadyIncident> {
    const { tenant, id, version } = row;
    const timeline = await storage.timeline(tenant, id).catch((cause: unknown) => {
      // A storage that fails is tried again; a timeline that cannot be read stays so.
      throw isTocsinError(cause, 'TIMELINE_INVALID') ? quarantine.take(tenant, id, why, cause) : cause;
    });
    let snapshot: IncidentSnapshot;
    try {
      snapshot = replay(timeline);
    } catch (cause) {
      throw quarantine.take(tenant, id, why, cause);
    }
    logger.warn(
      { tenant, incident: id, why },
      'A snapshot could not be used; the incident was read from its timeline.',
    );
    return { tenant, id, version, snapshot, isReplayed: true };
  }

  async function ready(row: IncidentRow): Promise<ReadyIncident> {
    const { tenant, id, version } = row;
    const read = readSnapshot(id, row.snapshot);
    if (read.kind === 'newer') throw quarantine.take(tenant, id, read.because);
    if (read.kind === 'replay') return replayed(row, read.because);
    return { tenant, id, version, snapshot: read.snapshot };
  }

  return {
    replayed,
    async load(query) {
      const loaded = await loadOne(query);
      return { ...loaded, incidents: await Promise.all(loaded.incidents.map(ready)) };
    },
    incident: (row) => ready(row).catch(() => undefined),
  };
}

/** One call for each tenant, whatever is asked of it. */
async function loadTogether(storage: Pick<StorageSession, 'load'>, queries: readonly LoadQuery[]): Promise<Loaded[]> {
  const [only] = queries;
  if (queries.length === 1 && only !== undefined) return [await storage.load(only)];
  const byTenant = Map.groupBy(queries, ({ tenant }) => tenant);
  const loads = [...byTenant].map(
    async ([tenant, asked]) => [tenant, await storage.load(merged(tenant, asked))] as const,
  );
  const loaded = new Map(await Promise.all(loads));
  return queries.map((query) => partOf(query, loaded.get(query.tenant) as Loaded));
}

function merged(tenant: string, queries: readonly LoadQuery[]): LoadQuery {
  return {
    tenant,
    incidents: [...new Set(queries.flatMap(({ incidents = [] }) => incidents))],
    alertKeys: once(queries.flatMap(({ alertKeys = [] }) => alertKeys)),
    documents: once(queries.flatMap(({ documents = [] }) => documents)),
    slots: once(queries.flatMap(({ slots = [] }) => slots)),
    counters: once(queries.flatMap(({ counters = [] }) => counters)),
  };
}

function once<T>(keys: readonly T[]): T[] {
  return [...new Map(keys.map((key) => [JSON.stringify(Object.entries(key as object).sort()), key])).values()];
}

/** What was read for one of several queries. */
function partOf(query: LoadQuery, loaded: Loaded): Loaded {
  const { incidents = [], alertKeys = [], documents = [], slots = [], counters = [] } = query;
  const alerts = loaded.alerts.filter((alert) => alertKeys.some((key) => isOfKey(alert, key)));
  const owners = new Set([...incidents, ...alerts.map(({ incidentId }) => incidentId)]);
  const named =
    (wanted: readonly { readonly collection: string; readonly id: string }[]) => (row: (typeof wanted)[number]) =>
      wanted.some(({ collection, id }) => collection === row.collection && id === row.id);
  return {
    now: loaded.now,
    incidents: loaded.incidents.filter(({ id }) => owners.has(id)),
    alerts,
    documents: loaded.documents.filter(named(documents)),
    slots: loaded.slots.filter((row) => slots.some(({ kind, key }) => kind === row.kind && key === row.key)),
    counters: loaded.counters.filter(named(counters)),
  };
}

function isOfKey(alert: AlertKey, { routeKey, dedupKey }: AlertKey): boolean {
  return alert.routeKey === routeKey && alert.dedupKey === dedupKey;
}
