/**
 * SQLite storage: one file beside the host, written through to the disk before anything is answered.
 *
 * On `node:sqlite`, for one process or several on one machine. It blocks the host's event loop for each transaction,
 * and never for a lock of somebody else longer than a few milliseconds at a time.
 */
import { resolve } from 'node:path';
import { TocsinError } from '../errors.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import type { CommitResult, Storage } from '../ports/storage.ts';
import { listAlerts } from './sqlite/alert-rows.ts';
import { type Connection, inSavepoint, openConnection } from './sqlite/connection.ts';
import {
  claimDeliveries,
  extendDelivery,
  hastenDelivery,
  leaseEnd,
  listDeliveries,
  receiveDelivery,
  reviveDelivery,
  settleDelivery,
} from './sqlite/delivery-rows.ts';
import { figures, nextDue } from './sqlite/due-rows.ts';
import { hostClient } from './sqlite/host-client.ts';
import { prepareChange } from './sqlite/prepare-change.ts';
import {
  INCIDENTS,
  PORTION,
  type Pruning,
  pruneAlerts,
  pruneDeliveries,
  pruneEnded,
  pruneExpired,
} from './sqlite/prune.ts';
import { documentVersions, listDocuments, listIncidents, load, timeline } from './sqlite/reads.ts';
import { MIGRATIONS, migrate, type SqliteMigration } from './sqlite/schema.ts';
import { claimTimers, dropTimer } from './sqlite/timer-rows.ts';
import { patiently, rollBack, writeQueue } from './sqlite/write-queue.ts';

export type { SqliteMigration } from './sqlite/schema.ts';

/** The options of {@link sqliteStorage}. */
export type SqliteStorageOptions = {
  /** The file, which is made with permissions 0600 when it is not there; or `':memory:'`. */
  readonly path: string;
  /** The time by which rows are due and leases end; the system's when absent. */
  readonly clock?: { now(): number } | undefined;
  /** For how many ms another process's lock is waited for before a call rejects; 5,000 when absent. */
  readonly busyTimeoutMs?: number | undefined;
};

/**
 * A storage in one SQLite file.
 *
 * @throws TocsinError INPUT_INVALID when an option is wrong; the file is opened by the first call.
 * @example
 * ```ts
 * import { sqliteStorage } from 'tocsin/storage/sqlite';
 * const storage = sqliteStorage({ path: ':memory:' });
 * await storage.migrate();
 * (await storage.listIncidents('default', {})).items; // => []
 * await storage.close();
 * ```
 */
export function sqliteStorage(options: SqliteStorageOptions): Storage {
  const { path, clock, giveUpAfterMs } = checked(options);
  let opened: Connection | undefined;
  let closing: Promise<void> | undefined;

  function open(): Connection {
    opened ??= openConnection(path);
    return opened;
  }

  const queue = writeQueue(open, { giveUpAfterMs });

  /** Everything that writes goes through here, and nothing once it is closed. */
  async function writing<T>(work: (connection: Connection, now: number) => T, isKept?: (answer: T) => boolean) {
    refuseWhenClosed();
    return queue.add((connection) => work(connection, clock.now()), isKept);
  }

  /** A lease that a power failure takes back is only a row that is free again: it need not reach the disk at once. */
  async function lending<T>(work: (connection: Connection, now: number) => T) {
    refuseWhenClosed();
    return queue.add((connection) => work(connection, clock.now()), undefined, 'may be lost');
  }

  /** One moment: what others commit meanwhile is not seen. */
  async function reading<T>(work: (connection: Connection, now: number) => T): Promise<T> {
    refuseWhenClosed();
    return patiently(() => atOneMoment(open(), (connection) => work(connection, clock.now())), { giveUpAfterMs });
  }

  function refuseWhenClosed(): void {
    if (closing === undefined) return;
    throw new TocsinError('STOPPED', `Cannot use the SQLite storage of ${path}: it was closed. Create another one.`);
  }

  return {
    migrate: () => writing((connection) => migrate(connection)),

    load: (query) => reading((connection, now) => load(connection, query, now)),

    async commit(changes) {
      const prepared = changes.map(prepareChange);
      return Promise.all(prepared.map((change) => writing(change, isApplied)));
    },

    claimTimers: (query) => lending((connection, now) => ({ now, timers: claimTimers(connection, query, now) })),

    dropTimer: (timer) => lending((connection) => dropTimer(connection, timer)),

    claimDeliveries: (query) =>
      lending((connection, now) => ({ now, deliveries: claimDeliveries(connection, query, now) })),

    async extendDelivery(tenant, id, token, leaseMs) {
      const which = { tenant, id, token };
      const leftMs = await reading((connection, now) => (leaseEnd(connection, which) ?? Number.NaN) - now);
      // Nearly always enough is left, and a look costs no write to the disk.
      if (Number.isNaN(leftMs) || leftMs >= leaseMs) return leftMs >= leaseMs;
      return writing((connection, now) => extendDelivery(connection, which, now + leaseMs));
    },

    settleDelivery: (tenant, id, token, outcome) =>
      writing((connection, now) => settleDelivery(connection, { tenant, id, token }, { outcome, now })),

    receiveDelivery: (tenant, id, news) =>
      writing((connection, now) => receiveDelivery(connection, { tenant, id }, { news, now })),

    hasten: (tenant, incidentId, page, user) =>
      writing((connection, now) => hastenDelivery(connection, { tenant, incidentId, page, user }, now)),

    revive: (tenant, id) => writing((connection, now) => reviveDelivery(connection, { tenant, id }, now)),

    async prune(tenant, { endedBefore, limit }) {
      // In portions, each with a turn of its own for the host. When it is closed meanwhile, the rest is left for next time.
      const forgetSome = () => lending((connection, now) => pruneExpired(connection, tenant, now));
      while ((await forgetSome()) && closing === undefined);
      if (endedBefore === undefined) return 0;
      const upTo = async (most: number, forget: (connection: Connection, pruning: Pruning) => number) => {
        let gone = 0;
        while (gone < limit && closing === undefined) {
          const asked = Math.min(limit - gone, most);
          const went = await writing((connection, now) =>
            forget(connection, { tenant, endedBefore, limit: asked, now }),
          );
          gone += went;
          if (went < asked) break;
        }
        return gone;
      };
      const gone = await upTo(INCIDENTS, pruneEnded);
      await upTo(PORTION, pruneAlerts);
      await upTo(PORTION, pruneDeliveries);
      return gone;
    },

    nextDue: (tenants) => reading((connection, now) => ({ now, dueAt: nextDue(connection, tenants) })),

    timeline: (tenant, incidentId) => reading((connection) => timeline(connection, tenant, incidentId)),

    listIncidents: (tenant, filter) => reading((connection) => listIncidents(connection, tenant, filter)),

    listAlerts: (tenant, filter) => reading((connection) => listAlerts(connection, tenant, filter)),

    listDeliveries: (tenant, filter) => reading((connection) => listDeliveries(connection, tenant, filter)),

    listDocuments: (tenant, filter) => reading((connection, now) => listDocuments(connection, { tenant, filter }, now)),

    documentVersions: (tenants, collection) =>
      reading((connection, now) => documentVersions(connection, { tenants, collection }, now)),

    figures: (tenants) => reading((connection, now) => figures(connection, tenants, now)),

    withClient(client) {
      const host = hostClient(client, path);
      return {
        load: async (query) => load(host.connection(), query, clock.now()),
        timeline: async (tenant, incidentId) => timeline(host.connection(), tenant, incidentId),
        commit: async (changes) =>
          changes.map((change) => {
            const connection = host.connection();
            const write = () => prepareChange(change)(connection, clock.now());
            const outcome = inSavepoint(connection, write, isApplied);
            if (!outcome.isDone) throw outcome.error;
            return outcome.answer;
          }),
      };
    },

    close() {
      closing ??= queue.drain().then(() => opened?.close());
      return closing;
    },
  };
}

/**
 * The SQL that `migrate()` runs, for hosts that run it with their own tools: in order, each in one transaction.
 *
 * @example
 * ```ts
 * import { sqliteMigrations } from 'tocsin/storage/sqlite';
 * sqliteMigrations().map(({ version }) => version); // => [1, 2, 3]
 * ```
 */
export function sqliteMigrations(): readonly SqliteMigration[] {
  return MIGRATIONS;
}

function checked(options: SqliteStorageOptions) {
  refuseUnknownOptions('create a SQLite storage', options, ['path', 'clock', 'busyTimeoutMs']);
  const { path, clock = { now: () => Date.now() }, busyTimeoutMs: giveUpAfterMs = 5_000 } = options;
  if (typeof path !== 'string' || path === '') throw wrongOption('path', "a file's path, or ':memory:'");
  if (!Number.isFinite(giveUpAfterMs) || giveUpAfterMs < 0)
    throw wrongOption('busyTimeoutMs', 'milliseconds, 0 or more');
  // SQLite would read 'file:...' as an address and '' as a temporary file.
  return { path: path === ':memory:' ? path : resolve(path), clock, giveUpAfterMs };
}

function wrongOption(path: string, wanted: string): TocsinError {
  return new TocsinError('INPUT_INVALID', `Cannot create a SQLite storage: ${path} has to be ${wanted}.`, {
    details: { problems: [{ path, message: `expected ${wanted}` }] },
  });
}

const isApplied = (result: CommitResult): boolean => result === 'applied';

function atOneMoment<T>(connection: Connection, work: (connection: Connection) => T): T {
  connection.run('BEGIN');
  try {
    return work(connection);
  } finally {
    rollBack(connection);
  }
}
