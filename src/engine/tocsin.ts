/**
 * The public face: what a host can do with Tocsin.
 *
 * Types only. Each method is implemented in the file of this folder that is named after it.
 */
import type { Explanation } from '../core/intake/explanation.ts';
import type { CommandName } from '../core/lifecycle/allowed.ts';
import type { Finding } from '../core/lint/finding.ts';
import type { OnCall, Schedule, Shift, Stretch } from '../core/on-call/schedule.ts';
import type { Alert, AlertEvent } from '../model/alert.ts';
import type { Config, ConfigInput } from '../model/config.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Health } from '../model/health.ts';
import type { Actor } from '../model/identity.ts';
import type { Incident } from '../model/incident.ts';
import type { InstantInput } from '../model/instant.ts';
import type { Override, Swap } from '../model/schedule.ts';
import type { TimelineEvent } from '../model/timeline.ts';
import type { ActionsApi } from './actions-api.ts';
import type { News, NewsType } from './bus.ts';
import type { CanariesApi } from './canaries.ts';
import type { ContactsApi } from './contacts-api.ts';
import type { Filter } from './filters.ts';
import type { HeartbeatsApi } from './heartbeats.ts';
import type { IngestOptions } from './ingest.ts';
import type { IngestResult } from './ingest-key.ts';
import type { InputOf } from './input.ts';
import type { MeasurementsApi } from './measurements-api.ts';
import type { OnCallInput } from './on-call-input.ts';
import type { ListedSilence, MaintenanceApi, QuietApi } from './quiet-api.ts';
import type { ReadOptions } from './read-options.ts';
import type { ReceiptInput } from './receipt-input.ts';
import type { ReviewsApi } from './reviews-api.ts';
import type { StatusPageApi } from './status-api.ts';
import type { SubscribersApi } from './subscribers-api.ts';
import type { TemplateInput, UpdateText } from './update-template.ts';

/** What stands in the timeline of an incident, with what became of its deliveries. */
export type TimelineEntry =
  | { readonly kind: 'event'; readonly at: Date; readonly event: TimelineEvent }
  | { readonly kind: 'delivery'; readonly at: Date; readonly delivery: Delivery };

/** A command that concerns one incident: answers with the incident after the commit. */
export type Command<N extends CommandName> = (id: string, input: InputOf<N>) => Promise<Incident>;

/** Incidents: what people respond to. */
export type Incidents = { readonly [N in CommandName]: Command<N> } & {
  /** A person reports. Pages like any other incident. */
  open(input: InputOf<'open'>): Promise<Incident>;
  /** `undefined` when the tenant has none of that id. */
  get(id: string, options?: ReadOptions): Promise<Incident | undefined>;
  /** The newest first. `as` leaves out private incidents that this user does not respond to. */
  list(filter?: Filter<'incidents'>): Promise<{ readonly items: readonly Incident[]; readonly next?: string }>;
  /** Events and finished deliveries in the order in which they happened. */
  timeline(id: string, options?: ReadOptions): Promise<readonly TimelineEntry[]>;
  /**
   * A text to begin an update with: the first template of `updates.templates` that fits, or one of Tocsin's own, filled from the
   * incident as it is. For the public it says nothing that was not written for the public.
   *
   * @throws TocsinError INCIDENT_NOT_FOUND when the tenant has none of that id.
   */
  updateTemplate(id: string, input: TemplateInput): Promise<UpdateText>;
  /** The commands that may be given now. */
  allowed(id: string, options?: ReadOptions): Promise<readonly CommandName[]>;
};

/** What an override or a swap that was stored has beside whom it concerns. */
export type StoredOnCallChange = {
  readonly schedule: string;
  readonly from: Date;
  readonly until: Date;
  readonly createdAt: Date;
  readonly createdBy: Actor;
  readonly cancelledAt?: Date;
  readonly cancelledBy?: Actor;
  /** Whether it counts: one that the configuration no longer fits does not, and `why` says what it misses. */
  readonly isApplied: boolean;
  readonly why?: string;
};

/** An override that was stored. */
export type StoredOverride = StoredOnCallChange & Readonly<Omit<Override, 'from' | 'until'>>;
/** A swap that was stored. */
export type StoredSwap = StoredOnCallChange & Readonly<Omit<Swap, 'from' | 'until'>>;

/**
 * Who is on call, with every override and swap that is stored by now. Windows are half-open; instants are a `Date`, epoch
 * ms, or ISO 8601 with an offset.
 */
export type OnCallApi = {
  /** Who is on call at `at`; by default now, by the clock of the storage. */
  at(scheduleId: string, at?: InstantInput): Promise<readonly OnCall[]>;
  shifts(
    scheduleId: string,
    window: { readonly from: InstantInput; readonly until: InstantInput },
  ): Promise<readonly Shift[]>;
  gaps(
    scheduleId: string,
    window: { readonly from: InstantInput; readonly until: InstantInput },
  ): Promise<readonly Stretch[]>;
  /** The calculator, for every other question; what is stored later does not reach it. */
  schedule(scheduleId: string): Promise<Schedule>;
  /**
   * Stores an override. `from` and `until` may also be local times in the zone of the schedule; a `from` that has passed
   * becomes now.
   *
   * @throws TocsinError SCHEDULE_NOT_FOUND, REFERENCE_UNKNOWN (a user or a layer) or INPUT_INVALID, each naming the field.
   */
  override(input: OnCallInput<'override'>): Promise<StoredOverride>;
  /** Stores a swap: `take` does the shifts of `give`. Otherwise as `override`. */
  swap(input: OnCallInput<'swap'>): Promise<StoredSwap>;
  /**
   * Takes an override back: one that has begun ends now, one that has not goes.
   *
   * @throws TocsinError OVERRIDE_NOT_FOUND when none of that id is stored; INVALID_TRANSITION when it has ended.
   */
  cancelOverride(id: string, input: OnCallInput<'cancel'>): Promise<StoredOverride>;
  /** Takes a swap back, as `cancelOverride` does; SWAP_NOT_FOUND when none of that id is stored. */
  cancelSwap(id: string, input: OnCallInput<'cancel'>): Promise<StoredSwap>;
  /** The overrides that are stored, in the order in which they were made; those of the configuration are not among them. */
  overrides(scheduleId: string): Promise<readonly StoredOverride[]>;
  swaps(scheduleId: string): Promise<readonly StoredSwap[]>;
};

/** What can be done within the host's own transaction: it is stored when the host commits, and never when it rolls back. */
export type InTransaction = {
  ingest(events: AlertEvent | readonly AlertEvent[], options?: IngestOptions): Promise<readonly IngestResult[]>;
  readonly incidents: { readonly [N in CommandName]: Command<N> } & Pick<Incidents, 'open' | 'get'>;
  /**
   * To be called after the host has committed: tells listeners and wakes the runner at once. Without it listeners of this
   * process are not told, and what is due is found by the next look at the storage.
   */
  committed(): void;
};

/** Incident management, embedded. Every method rejects with a TocsinError; its `code` says why. */
export type Tocsin = {
  readonly tenant: string;
  /** Begins to deliver and to fire timers. Reading and writing work before. */
  start(): Promise<void>;
  /** Takes nothing up any more, and resolves when what is under way has ended. Of a tenant's own face it does nothing. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  /** Takes alert events in; answers after the commit, one result for each event, in order. */
  ingest(events: AlertEvent | readonly AlertEvent[], options?: IngestOptions): Promise<readonly IngestResult[]>;
  /** The whole decision about an event, with the people it would reach; writes nothing. */
  explain(event: AlertEvent, options?: { readonly at?: InstantInput }): Promise<Explanation>;
  /** What the configuration says and does not do, with what is stored about its schedules; writes nothing. */
  lint(options?: { readonly at?: InstantInput }): Promise<readonly Finding[]>;
  readonly incidents: Incidents;
  readonly alerts: {
    list(filter?: Filter<'alerts'>): Promise<readonly Alert[]>;
    get(id: string, options?: ReadOptions): Promise<Alert | undefined>;
  };
  readonly deliveries: {
    list(filter?: Filter<'deliveries'>): Promise<readonly Delivery[]>;
    /**
     * Keeps what a provider tells of a message after it took it; answers whether it was new. One that failed after all is a
     * dead letter, and the person's next contact is used at once.
     */
    reportReceipt(receipt: ReceiptInput): Promise<boolean>;
  };
  /** How answers come back: from links, buttons, text messages, phones. */
  readonly actions: ActionsApi;
  readonly deadLetters: { list(): Promise<readonly Delivery[]>; retry(id: string): Promise<void> };
  readonly onCall: OnCallApi;
  /** Silences: alerts that match are kept, counted, and page nobody for a while. */
  readonly silences: QuietApi<'silence', ListedSilence>;
  /** Maintenance windows: planned work, once or again and again. */
  readonly maintenance: MaintenanceApi;
  /** Status pages: what people see who are not responding. */
  readonly statusPage: StatusPageApi;
  /** Canaries: messages that are sent regularly, to learn whether a notifier still delivers. */
  readonly canaries: CanariesApi;
  /** Heartbeats: a missing ping is an alert. */
  readonly heartbeats: HeartbeatsApi;
  /** The addresses by which people are reached, and how they add their own. */
  readonly contacts: ContactsApi;
  /** Who hears of updates without responding. */
  readonly subscribers: SubscribersApi;
  /** Reviews: what incidents teach, and what is done about it. */
  readonly reviews: ReviewsApi;
  /** Measurements: the numbers of incidents, and of windows of time. */
  readonly measurements: MeasurementsApi;
  readonly config: { current(): { readonly config: Config; readonly version: string } };
  /**
   * The same commands within a transaction that the host has begun on `client`: a connection of `pg` for Postgres, a
   * `DatabaseSync` for SQLite, `storage.begin()` for memory.
   *
   * @throws TocsinError INPUT_INVALID when `client` is no client of the storage.
   */
  inTransaction(client: unknown): InTransaction;
  /** How this instance is: what is due and late, dead letters, lease expiries, the event loop. Never rejects. */
  health(): Promise<Health>;
  /**
   * Forgets incidents that were closed, dismissed or merged before `endedBefore`, with everything that belongs to them, at
   * most `limit` (default 1,000) in one call; answers how many.
   */
  prune(options: {
    readonly endedBefore: InstantInput;
    readonly limit?: number;
  }): Promise<{ readonly incidents: number }>;
  /** Calls `listener` after each commit that brought such news; returns how to stop listening. */
  on<T extends NewsType>(type: T, listener: (news: News[T]) => unknown): () => void;
  /** Does everything that is due now; resolves when it is done. For cron hosts and tests. */
  tick(): Promise<void>;
  /** The same storage and runner for another tenant. */
  forTenant(id: string, options?: { readonly config?: ConfigInput }): Tocsin;
};
