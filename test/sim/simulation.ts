/**
 * What the parts of one simulation know of each other. Types only.
 */
import type { AlertEvent, Health, Ids, Notifier, Storage, StoredDelivery, TimelineEvent } from '../../src/index.ts';
import type { Budgets } from './budgets.ts';
import type { Channels } from './channels.ts';
import type { Chats } from './chats.ts';
import type { Faults } from './faults.ts';
import type { Following } from './following.ts';
import type { Host } from './host.ts';
import type { Journal } from './journal.ts';
import type { Told } from './mutants.ts';
import type { News } from './news.ts';
import type { Life, Node } from './node.ts';
import type { Observer, Watched } from './observer.ts';
import type { OracleWorld } from './oracle.ts';
import type { People } from './people.ts';
import type { Platforms } from './platforms.ts';
import type { Presses } from './presses.ts';
import type { Random } from './prng.ts';
import type { Providers } from './providers.ts';
import type { Receiver } from './receiver.ts';
import type { Roster } from './roster.ts';
import type { Scheduler } from './scheduler.ts';
import type { Tenant, Variant } from './tenants.ts';

/** One world that a seed decides. */
export type Simulation = {
  readonly scheduler: Scheduler;
  readonly journal: Journal;
  readonly chance: Random;
  readonly transportChance: Random;
  /** How often each node looks for what others wrote. */
  readonly pollMs: number;
  /** How long a request or an answer takes at most, unless it is slow. */
  readonly wayMs: number;
  /** What may go wrong now. */
  faults(): Faults;
  /** The channel that answers nobody, though everything else is well. */
  hangingChannel(): string | undefined;
  /** Whether a channel is down for minutes. */
  isDown(notifier: string): boolean;
  readonly channels: Channels;
  /** Whether any channel has a budget. */
  readonly hasLimits: boolean;
  /** What follows the incidents of this world. */
  readonly following: Following;
  readonly chats: Chats;
  readonly platforms: Platforms;
  readonly presses: Presses;
  /** What a source makes of what a platform tells. */
  source(told: Told): AlertEvent;
  readonly roster: Roster;
  readonly receiver: Receiver;
  readonly providers: Providers;
  readonly news: News;
  readonly budgets: Budgets;
  readonly host: Host;
  readonly people: People;
  readonly observer: Observer;
  readonly nodes: readonly Node[];
  storageFor(life: Life): Storage;
  notifiersFor(life: Life): Notifier[];
  /** Whether everything was done to deliver it: only then may it be a dead letter. */
  mayBeDead(tenant: string, row: StoredDelivery): boolean;
  /** Whether each node has an instance for each tenant, so that all ids of one tenant are those of another, too. */
  readonly isApart: boolean;
  ids(life: Life, tenant: Tenant): Ids;
  variantOf(tenant: Tenant, index: number): Variant;
  oracleWorld(tenant: string): Omit<OracleWorld, 'complain' | 'hasFailed'>;
  holderOf(tenant: string, id: string): number | undefined;
  /** A node says that due work is late. */
  alarmed(life: Life, health: Health): void;
  /** A timer of an incident fired, and was due at `dueAt`. */
  fired(incident: Watched, event: TimelineEvent, dueAt: number | undefined): void;
};
