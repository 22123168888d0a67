/**
 * The fixture of a storage: what the kit asks of whoever wants a storage tried.
 *
 * Time is set, never waited for.
 */
import type { Storage } from '../../ports/storage.ts';

/** A transaction that a host has begun on its own client of the database. */
export type HostTransaction = {
  /** What `withClient` is given. */
  readonly client: unknown;
  commit(): void | Promise<void>;
  rollback(): void | Promise<void>;
};

/** One storage to be tried, empty at first. What is optional is a hook: see {@link StorageHook}. */
export type StorageFixture = {
  /** The kit calls its `migrate` first. */
  readonly storage: Storage;
  /** Makes it this moment (epoch ms) by the clock of the storage, of every one over the same data. */
  setNow(ms: number): void | Promise<void>;
  /** A second storage over the same data, as another process would have it. */
  another?(): Promise<Storage>;
  /** Begins a transaction on a client that is not the one of the storage. */
  begin?(): HostTransaction | Promise<HostTransaction>;
  /**
   * Overwrites what is stored as JSON by a text that is none: the snapshot of incident `id`, its first event, or the body
   * of delivery or alert `id`.
   */
  corrupt?(tenant: string, id: string, what: 'snapshot' | 'event' | 'delivery' | 'alert'): void | Promise<void>;
  /** Marks the data as written by a newer version. */
  newer?(): void | Promise<void>;
  /** Lets go of everything, the storages included. */
  close(): void | Promise<void>;
};

/** A part of the fixture without which some promises cannot be tried. */
export type StorageHook = 'another' | 'begin' | 'corrupt' | 'newer';

/** `test` of vitest, node:test, jest or anything else that takes a name and an asynchronous function. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;
