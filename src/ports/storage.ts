/**
 * Storage: what the engine needs from a database, and nothing more.
 *
 * To support a database, implement this interface and run `testStorage` from 'tocsin/testing' against it: it has a test
 * for each promise below, and passing is the definition of "supported".
 *
 *  S1. A change is atomic: everything in it lands, or nothing does.
 *  S2. A change against a stale version (of an incident, a document or a slot), a second open alert of one key (one that
 *      is suppressed is open), a repeat of an alert that is not open, or an event or a delivery whose number or id is taken
 *      is answered 'conflict' and writes nothing; the other changes of the call still land, in order, and a later one sees
 *      the earlier ones.
 *  S3. Repeating a `commitId` within a day is answered 'applied' and writes nothing, also while the first is under way.
 *  S4. Timelines are append-only and numbered from 1 without a gap.
 *  S5. What is due, how long a lease lasts and when a document expires is decided by the storage's clock, which `load`,
 *      the claims and `nextDue` return.
 *  S6. A due row is handed to one caller until its lease ends, whichever process asks; then to another one. What became
 *      free first (at its due moment, or when its lease ended) is handed out first, so that a row that fails again and
 *      again never stands before the others.
 *  S7. Only the holder of the current token extends or settles a delivery; a stale token writes nothing.
 *  S8. A withdrawal takes back, in its commit, every delivery that has not gone out. One that is on the wire may
 *      still be settled as sent, and is never extended or handed out again.
 *  S9. Counting (a repeat of an alert, a counter) needs no version and loses no count. Of the moments at which an alert
 *      fired the greatest stays, in whichever order they come.
 *  S10. No read or write of one tenant ever meets a row of another.
 *  S11. What is returned is a copy, and what was stored comes back as it was: any text, any JSON. What an
 *      alert is set to say replaces, as a whole, what it said when it was opened.
 *  S12. A list has an order and a cursor: paging through it meets every row that stays, once. An alert of no incident
 *      stands in the list of none, and loads none.
 *  S13. What is done `withClient` becomes visible when the client's transaction commits and never when it rolls back; a
 *      conflict leaves that transaction usable.
 *  S14. `prune` removes only what has ended, and everything that belongs to it; never a row that still has work. An alert
 *      that belongs to no incident has ended when it has cleared, such a delivery when it was sent, withdrawn or is dead; a
 *      slot has a week after its `until`.
 *  S15. What is stored and cannot be parsed hurts no other row, and is never passed over in silence: a snapshot is returned
 *      as `undefined`; a delivery and an alert with what their columns say, a delivery also with `isUnreadable`; an alert
 *      whose new content is none, with the one it was opened with; a timeline with such an event rejects with
 *      TIMELINE_INVALID.
 *  S16. `migrate` may be called again, at once, and by several processes; on data of a newer version it rejects with
 *      SCHEMA_TOO_NEW and changes nothing.
 *  S17. What a provider tells of a delivery is kept with it, once, in whichever order it comes; one that was sent and failed
 *      after all is dead from then on.
 *  S18. What was held back counts as no attempt.
 */
import type { IncidentSnapshot } from '../core/lifecycle/snapshot.ts';
import type { AlertChange, AlertStatus, StoredAlert } from '../model/alert.ts';
import type { AttemptOutcome, DeliveryState, ReceiptNews, StoredDelivery } from '../model/delivery.ts';
import type { TimelineEvent } from '../model/timeline.ts';

/** An incident as a storage keeps it: its snapshot is any JSON, and the engine says whether it can be read. */
export type IncidentRow = {
  readonly tenant: string;
  readonly id: string;
  /** Grows by one with every change of the incident; a change has to name it. */
  readonly version: number;
  /** `undefined` when what is stored is no JSON. */
  readonly snapshot: unknown;
};

/** An incident whose snapshot was read. */
export type StoredIncident = Omit<IncidentRow, 'snapshot'> & { readonly snapshot: IncidentSnapshot };

/** A timer row: an index, by due time, of the live timers of its owner. */
export type StoredTimer = {
  readonly tenant: string;
  /** 'incident', or another kind of thing that waits. */
  readonly ownerKind: string;
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

/** One timer within a change: armed (an earlier one of the same kind is replaced, its lease too) or cancelled. */
export type TimerChange =
  | ({ readonly type: 'arm' } & Omit<StoredTimer, 'tenant'>)
  | { readonly type: 'cancel'; readonly ownerKind: string; readonly ownerId: string; readonly kind: string };

/** Takes back the deliveries of pages before event `beforePage`: all, or those for one purpose, to one user when named. */
export type WithdrawalChange = {
  readonly incidentId: string;
  readonly beforePage: number;
  readonly only?: { readonly purpose: StoredDelivery['purpose']; readonly user?: string };
  readonly because: string;
};

/** Names a document. */
export type DocumentKey = { readonly collection: string; readonly id: string };

/** A document: any JSON under a version that grows by one with every change. */
export type StoredDocument = DocumentKey & { readonly version: number; readonly data: unknown };

/** One document within a change. `expectedVersion: 0` means that it is new; `data: undefined` removes it. */
export type DocumentChange = DocumentKey & {
  readonly expectedVersion: number;
  readonly data: unknown;
  /** From this moment (epoch ms) it is as if it had never been. */
  readonly expiresAt?: number | undefined;
};

/** Names a slot: `kind` says for what, `key` for whom. */
export type SlotKey = { readonly kind: string; readonly key: string };

/** A slot: who holds something of which there is one, such as the open incident of a group. */
export type StoredSlot = SlotKey & {
  readonly owner: string;
  /** Epoch ms; what it means is the owner's business. A week after it the slot may be forgotten. */
  readonly until?: number | undefined;
  readonly version: number;
};

/** One slot within a change. `expectedVersion: 0` means that nobody holds it; `owner: undefined` gives it up. */
export type SlotChange = SlotKey & {
  readonly expectedVersion: number;
  readonly owner: string | undefined;
  readonly until?: number | undefined;
};

/** Names a counter. */
export type CounterKey = { readonly collection: string; readonly id: string };

/** Adds to a counter, which begins at 0. */
export type CounterChange = CounterKey & { readonly add: number };

/** All or nothing. Its parts are applied in the order of the fields, and each list in its own order. */
export type Change = {
  /** Names this change for ever: repeating it does nothing. */
  readonly commitId: string;
  readonly tenant: string;
  readonly incidents: readonly IncidentChange[];
  readonly alerts: readonly AlertChange[];
  readonly timers: readonly TimerChange[];
  readonly withdrawals: readonly WithdrawalChange[];
  readonly deliveries: readonly StoredDelivery[];
  readonly documents: readonly DocumentChange[];
  readonly slots: readonly SlotChange[];
  readonly counters: readonly CounterChange[];
};

/** Conflict is an answer, not an error. */
export type CommitResult = 'applied' | 'conflict';

/** What to read before a decision. */
export type LoadQuery = {
  readonly tenant: string;
  readonly incidents?: readonly string[];
  /** The latest alert of each key, with the incident it belongs to, if it belongs to one. */
  readonly alertKeys?: readonly AlertKey[];
  readonly documents?: readonly DocumentKey[];
  readonly slots?: readonly SlotKey[];
  readonly counters?: readonly CounterKey[];
};

/** Names an alert to its source. */
export type AlertKey = { readonly routeKey: string; readonly dedupKey: string };

/** What was read at one moment, and the storage's clock then. Rows that do not exist are missing; no order is promised. */
export type Loaded<I = IncidentRow> = {
  readonly now: number;
  readonly incidents: readonly I[];
  readonly alerts: readonly StoredAlert[];
  readonly documents: readonly StoredDocument[];
  readonly slots: readonly StoredSlot[];
  readonly counters: readonly (CounterKey & { readonly value: number })[];
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

/** A delivery that was handed out: only `token` can extend or settle it. */
export type ClaimedDelivery = {
  readonly delivery: StoredDelivery;
  readonly token: number;
  /** Whether somebody else had it and let the lease end. */
  readonly isReclaimed: boolean;
};

/** How an attempt ended. A retry is due `afterMs` from now by the storage's clock. */
export type DeliveryOutcome = AttemptOutcome;

/** Which incidents to list; the newest first. */
export type IncidentFilter = {
  readonly phases?: readonly string[];
  readonly service?: string;
  readonly severity?: string;
  readonly limit?: number;
  /** Only those after this one in the order of the list. */
  readonly cursor?: string;
};

/** Which alerts to list; the newest first. */
export type AlertFilter = {
  readonly id?: string | undefined;
  readonly incidentId?: string | undefined;
  readonly status?: AlertStatus | undefined;
  readonly service?: string | undefined;
  readonly limit?: number | undefined;
};

/** Which deliveries to list, in the order in which they were requested. */
export type DeliveryFilter = {
  readonly user?: string | undefined;
  readonly id?: string | undefined;
  /** What the provider calls it. */
  readonly externalId?: string | undefined;
  readonly incidentId?: string | undefined;
  readonly page?: number | undefined;
  readonly state?: DeliveryState | undefined;
  readonly limit?: number | undefined;
};

/** Which documents of a collection to list, by their id; those that expired are not there. */
export type DocumentFilter = {
  readonly collection: string;
  readonly limit?: number | undefined;
  /** Only those whose id comes after this one. */
  readonly after?: string | undefined;
};

/** What is left to do, for people who watch over it. */
export type Figures = {
  readonly now: number;
  /**
   * When the row that waits longest was due (epoch ms), in somebody's hands or not: one that fails again and again is
   * late all the same. Announcements are not among them: nobody who responds waits for those. `undefined` when nothing else
   * is due.
   */
  readonly oldestDueAt: number | undefined;
  /** How many timers and deliveries are due and in nobody's hands. */
  readonly dueTimers: number;
  readonly dueDeliveries: number;
  /** How many deliveries are in somebody's hands. */
  readonly leasedDeliveries: number;
  /** Without the purposes `update` and `follow`, which only bring a message up to date: nobody waits for them. */
  readonly deadDeliveries: number;
  /** Wake-ups that a job queue took and dropped; 0 without one. */
  readonly missedWakeUps: number;
};

/** What a host's own transaction may do: see {@link Storage.withClient}. */
export type StorageSession = Pick<Storage, 'load' | 'commit' | 'timeline'>;

/** What the engine needs from a database. */
export type Storage = {
  /** Makes the storage ready. */
  migrate(): Promise<void>;
  load(query: LoadQuery): Promise<Loaded>;
  /** One answer for each change, in order. When it rejects, each of them may or may not have landed. */
  commit(changes: readonly Change[]): Promise<readonly CommitResult[]>;
  claimTimers(query: ClaimQuery): Promise<{ readonly now: number; readonly timers: readonly StoredTimer[] }>;
  /** Removes a timer row that its owner no longer knows; one that was armed anew meanwhile stays. */
  dropTimer(timer: StoredTimer): Promise<void>;
  claimDeliveries(
    query: DeliveryClaimQuery,
  ): Promise<{ readonly now: number; readonly deliveries: readonly ClaimedDelivery[] }>;
  /**
   * Makes sure that the lease ends no sooner than `leaseMs` from now; `false` when the token is stale or the delivery was
   * taken back. A lease that is long enough is left as it is, which spares a write.
   */
  extendDelivery(tenant: string, id: string, token: number, leaseMs: number): Promise<boolean>;
  /** Answers the delivery as it is stored then; `undefined` when the token is stale. */
  settleDelivery(
    tenant: string,
    id: string,
    token: number,
    outcome: DeliveryOutcome,
  ): Promise<StoredDelivery | undefined>;
  /**
   * Keeps what a provider tells of a delivery; answers the delivery as it is stored then, `undefined` when there is none of
   * that id or it is nothing new (see `receivedDelivery`).
   */
  receiveDelivery(tenant: string, id: string, news: ReceiptNews): Promise<StoredDelivery | undefined>;
  /**
   * Makes the next delivery of a page to the same person due now, one that has not failed before those that have; answers whether
   * there was one.
   */
  hasten(tenant: string, incidentId: string, page: number, user: string): Promise<boolean>;
  /** Puts a dead delivery back to work; answers whether it was dead. */
  revive(tenant: string, id: string): Promise<boolean>;
  /** When the next row of these tenants is due (epoch ms by the storage's clock), and that clock. */
  nextDue(tenants: readonly string[]): Promise<{ readonly now: number; readonly dueAt: number | undefined }>;
  timeline(tenant: string, incidentId: string): Promise<readonly TimelineEvent[]>;
  /** `next` is the cursor of the rows that follow, if there are any. */
  listIncidents(
    tenant: string,
    filter: IncidentFilter,
  ): Promise<{ readonly items: readonly IncidentRow[]; readonly next?: string }>;
  listAlerts(tenant: string, filter: AlertFilter): Promise<readonly StoredAlert[]>;
  listDeliveries(tenant: string, filter: DeliveryFilter): Promise<readonly StoredDelivery[]>;
  listDocuments(tenant: string, filter: DocumentFilter): Promise<readonly StoredDocument[]>;
  /** The versions of the documents of a collection, without their data: what a process polls to learn of changes. */
  documentVersions(
    tenants: readonly string[],
    collection: string,
  ): Promise<readonly { readonly tenant: string; readonly id: string; readonly version: number }[]>;
  figures(tenants: readonly string[]): Promise<Figures>;
  /**
   * Forgets documents that expired, slots a week after their `until` and commit ids older than a day; with `endedBefore`
   * (epoch ms) also at most `limit` incidents that were closed, dismissed or merged before it, with their timelines, alerts
   * and deliveries, at most as many alerts that belong to no incident and cleared before it, and at most as many deliveries
   * of none that have ended and were requested before it. Answers how many incidents went.
   */
  prune(tenant: string, options: { readonly endedBefore?: number; readonly limit: number }): Promise<number>;
  /**
   * The same storage within a transaction that the host has begun on `client` and will commit or roll back itself.
   *
   * @throws TocsinError INPUT_INVALID when `client` is no client of this database.
   */
  withClient(client: unknown): StorageSession;
  close(): Promise<void>;
};

/** Where a list of incidents goes on after the one that was opened at `openedAt` (epoch ms). */
export function incidentCursor({ id, openedAt }: { readonly id: string; readonly openedAt: number }): string {
  return `${openedAt}:${id}`;
}

/** What {@link incidentCursor} wrote; a cursor that it did not write comes before everything. */
export function readIncidentCursor(cursor: string): { readonly id: string; readonly openedAt: number } {
  const [openedAt = '', ...id] = cursor.split(':');
  const at = Number(openedAt);
  return { id: id.join(':'), openedAt: Number.isFinite(at) ? at : Number.MAX_SAFE_INTEGER };
}
