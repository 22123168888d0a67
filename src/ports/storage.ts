/**
 * Storage: what the engine needs from a database, and nothing more.
 *
 * To support a database, implement this interface and keep every promise below: each has a test in test/storage, and
 * passing them is the definition of "supported".
 *
 *  S1. A change is atomic: its incidents, events, alerts, timers, deliveries and withdrawals all land, or none do.
 *  S2. A change against a stale version, a second open alert of one key, or a document that exists already is
 *      answered 'conflict' and writes nothing; the other changes of the call still land.
 *  S3. Repeating a `commitId` is answered 'applied' and writes nothing.
 *  S4. Timelines are append-only and numbered from 1 without a gap.
 *  S5. What is due, and how long a lease lasts, is decided by the storage's clock, which `load` and the claims return.
 *  S6. A due row is handed to one caller until its lease ends, whichever process asks.
 *  S7. Only the holder of the current token settles a delivery; a stale token is answered `false` and writes nothing.
 *  S8. A withdrawal takes back, in its commit, every delivery that has not gone out. One that is on the wire may
 *      still be settled as sent, and is never handed out again.
 *  S9. Counting a repeat of an alert needs no version and loses no count; a repeat of an alert that has cleared meanwhile
 *      is answered 'conflict', so that the trigger is decided anew. One that returns fires again and is counted.
 *  S10. No read or write of one tenant ever meets a row of another.
 *  S11. What is returned is a copy: changing it never changes the store.
 */
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import type { AlertChange, AlertStatus, StoredAlert } from '../model/alert.ts';
import type { DeliveryState, StoredDelivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';

/** An incident as it is stored: its snapshot, and the version that a change has to name. */
export type StoredIncident = {
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
  readonly snapshot: IncidentSnapshot;
};

/** A timer row: an index, by due time, of the live timers of an incident. */
export type StoredTimer = {
  readonly tenant: string;
  readonly ownerKind: 'incident';
  readonly ownerId: string;
  readonly kind: string;
  readonly armedSeq: number;
  readonly dueAt: number;
};

/** One incident within a change. `expectedVersion: 0` means that it is new. */
export type IncidentChange = {
  readonly id: string;
  readonly expectedVersion: number;
  readonly snapshot: IncidentSnapshot;
  readonly events: readonly TimelineEvent[];
};

/** One timer within a change. */
export type TimerChange =
  | {
      readonly type: 'arm';
      readonly ownerKind: 'incident';
      readonly ownerId: string;
      readonly kind: string;
      readonly armedSeq: number;
      readonly dueAt: number;
    }
  | { readonly type: 'cancel'; readonly ownerKind: 'incident'; readonly ownerId: string; readonly kind: string };

/** Takes back the deliveries of pages before event `beforePage`: all, or those for one purpose, to one user when named. */
export type WithdrawalChange = {
  readonly incidentId: string;
  readonly beforePage: number;
  readonly only?: { readonly purpose: 'responder' | 'fallback'; readonly user?: string };
  readonly because: string;
};

/** A new document. It conflicts with one of the same collection and id. */
export type DocumentChange = { readonly collection: string; readonly id: string; readonly data: unknown };

/** All or nothing. */
export type Change = {
  readonly commitId: string;
  readonly tenant: string;
  readonly incidents: readonly IncidentChange[];
  readonly alerts: readonly AlertChange[];
  readonly timers: readonly TimerChange[];
  readonly deliveries: readonly StoredDelivery[];
  readonly withdrawals: readonly WithdrawalChange[];
  readonly documents: readonly DocumentChange[];
};

/** Conflict is an answer, not an error. */
export type CommitResult = 'applied' | 'conflict';

/** What to read before a decision. */
export type LoadQuery = {
  readonly tenant: string;
  readonly incidents?: readonly string[];
  /** The latest alert of each key, with the incident it belongs to. */
  readonly alertKeys?: readonly { readonly routeKey: string; readonly dedupKey: string }[];
  readonly documents?: readonly { readonly collection: string; readonly id: string }[];
};

/** What was read, and the storage's clock. Rows that do not exist are missing from the lists. */
export type Loaded = {
  readonly now: number;
  readonly incidents: readonly StoredIncident[];
  readonly alerts: readonly StoredAlert[];
  readonly documents: readonly { readonly collection: string; readonly id: string; readonly data: unknown }[];
};

/** Which due rows to hand out, to whom they are lost for how long. */
export type ClaimQuery = { readonly tenants: readonly string[]; readonly limit: number; readonly leaseMs: number };

/** Which due deliveries to hand out. */
export type DeliveryClaimQuery = ClaimQuery & {
  /**
   * Notifiers whose deliveries are left where they are: neither handed out, nor counted towards `limit`, nor leased, so
   * that one channel that hangs takes no place of another.
   */
  readonly except?: readonly string[] | undefined;
};

/** A delivery that was handed out: only `token` can settle it. */
export type ClaimedDelivery = { readonly delivery: StoredDelivery; readonly token: number };

/** How an attempt ended. A retry is due `afterMs` from now by the storage's clock. */
export type DeliveryOutcome =
  | { readonly state: 'sent'; readonly externalId?: string }
  | { readonly state: 'retry'; readonly afterMs: number; readonly error: string }
  | { readonly state: 'dead'; readonly error: string };

/** Which incidents to list; the newest first. */
export type IncidentFilter = {
  readonly phases?: readonly string[];
  readonly service?: string;
  readonly severity?: string;
  readonly limit?: number;
  /** Only those after this one in the order of the list: see {@link incidentCursor}. */
  readonly cursor?: string;
};

/** Which alerts to list; the newest first. */
export type AlertFilter = {
  readonly id?: string | undefined;
  readonly incidentId?: string | undefined;
  readonly status?: AlertStatus | undefined;
  readonly limit?: number | undefined;
};

/** Which deliveries to list, in the order in which they were requested. */
export type DeliveryFilter = {
  readonly incidentId?: string | undefined;
  readonly page?: number | undefined;
  readonly state?: DeliveryState | undefined;
  readonly limit?: number | undefined;
};

/** What the engine needs from a database. */
export type Storage = {
  /** Makes the storage ready; safe to call twice and from several processes at once. */
  migrate(): Promise<void>;
  load(query: LoadQuery): Promise<Loaded>;
  /** One answer for each change, in order. */
  commit(changes: readonly Change[]): Promise<readonly CommitResult[]>;
  claimTimers(query: ClaimQuery): Promise<{ readonly now: number; readonly timers: readonly StoredTimer[] }>;
  /** Removes a timer row that its incident no longer knows; one that was armed anew meanwhile stays. */
  dropTimer(timer: StoredTimer): Promise<void>;
  claimDeliveries(
    query: DeliveryClaimQuery,
  ): Promise<{ readonly now: number; readonly deliveries: readonly ClaimedDelivery[] }>;
  settleDelivery(tenant: string, id: string, token: number, outcome: DeliveryOutcome): Promise<boolean>;
  /** Makes the next delivery of a page to the same person due now; answers whether there was one. */
  hasten(tenant: string, incidentId: string, page: number, user: string): Promise<boolean>;
  /** Puts a dead delivery back to work; answers whether it was dead. */
  revive(tenant: string, id: string): Promise<boolean>;
  /** When the next row of these tenants is due (epoch ms by the storage's clock), and that clock. */
  nextDue(tenants: readonly string[]): Promise<{ readonly now: number; readonly dueAt: number | undefined }>;
  timeline(tenant: string, incidentId: string): Promise<readonly TimelineEvent[]>;
  listIncidents(
    tenant: string,
    filter: IncidentFilter,
  ): Promise<{ readonly items: readonly StoredIncident[]; readonly next?: string }>;
  listAlerts(tenant: string, filter: AlertFilter): Promise<readonly StoredAlert[]>;
  listDeliveries(tenant: string, filter: DeliveryFilter): Promise<readonly StoredDelivery[]>;
  close(): Promise<void>;
};

/** Where a list of incidents goes on after `incident`: its moment and its id. */
export function incidentCursor({ id, snapshot }: StoredIncident): string {
  return `${snapshot.context.times.openedAt}:${id}`;
}
