/**
 * The engine's own parts: what every command, timer and delivery is handed.
 *
 * Wiring only; what is done with it is in the files beside this one.
 */
import type { ReplaceMessage } from '../core/paging/message-replaced.ts';
import type { GivenTexts } from '../core/paging/message-texts.ts';
import type { Standing } from '../core/paging/standing.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Actor } from '../model/identity.ts';
import type { ChatRoom } from '../ports/chat-room.ts';
import type { Clock, Ids, Logger } from '../ports/clock.ts';
import type { IssueTracker } from '../ports/issue-tracker.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Change, CommitResult, LoadQuery, Storage } from '../ports/storage.ts';
import type { ActionTokens } from './action-tokens.ts';
import type { Bus } from './bus.ts';
import type { Carriers } from './carriers.ts';
import type { Codes } from './contact-code.ts';
import type { CurrentConfigs } from './current-config.ts';
import type { Following } from './following.ts';
import type { People } from './known-people.ts';
import type { StatusPictures } from './pictures.ts';
import type { Quarantine } from './quarantine.ts';
import type { Reactions } from './reactions.ts';
import type { Reads, Ready } from './reads.ts';
import type { SubscriptionTokens } from './subscription-tokens.ts';
import type { TenantConfig } from './tenant-config.ts';
import type { InTurn } from './turns.ts';
import type { Vitals } from './vitals.ts';

/** Whether `actor` may do `action` to `resource`; a refusal ends in NOT_AUTHORIZED. */
export type Authorize = (
  actor: Actor,
  action: string,
  resource: {
    readonly tenant: string;
    readonly incidentId?: string;
    readonly schedule?: string;
    /** Whose contacts are changed. */
    readonly user?: string;
    /** The component or the status page that it is about. */
    readonly component?: string;
    readonly page?: string;
  },
) => boolean | Promise<boolean>;

/** A schedule whose people have changed, or may have. */
export type Handover = { readonly tenant: string; readonly schedule: string };

/** What the host says instead of the built-in words. */
export type Words = {
  /** By language, such as 'de'. */
  readonly texts?: GivenTexts | undefined;
  readonly replace?: ReplaceMessage | undefined;
};

/** About how many incidents whoever has come on call should be asked again, and what they find acknowledged by others. */
export type Asked = { readonly failed: number; readonly standing: readonly Standing[] };

/** What every command, timer and delivery is handed. */
export type Engine = {
  readonly storage: Storage;
  /** Reads what is stored; see reads.ts. */
  load(query: LoadQuery): Promise<Ready>;
  /** Reads what a decision needs, with the configuration and the schedules as they are then. */
  readonly current: CurrentConfigs;
  /** Where people come from whom the configuration does not have, if the host has given a directory. */
  readonly people: People | undefined;
  readonly reads: Reads;
  /** Stores one change, together with others; a commit whose answer was lost is repeated once under the same id. */
  commit(change: Change): Promise<CommitResult>;
  readonly quarantine: Quarantine;
  readonly vitals: Vitals;
  readonly notifiers: ReadonlyMap<string, Notifier>;
  /** The chats in which incidents have rooms. */
  readonly chatRooms: ReadonlyMap<string, ChatRoom>;
  /** The trackers that get action items. */
  readonly issueTrackers: ReadonlyMap<string, IssueTracker>;
  /** How the notifiers stand, as far as this process has seen. */
  readonly carriers: Carriers;
  /** What is being brought up to date. */
  readonly following: Following;
  /** What the status pages show. */
  readonly pictures: StatusPictures;
  readonly reactions: Reactions;
  /** What the host says instead of the built-in words. */
  readonly words: Words;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How answers are signed; without secrets of the host nothing can be answered by a link. */
  readonly actionTokens: ActionTokens | undefined;
  /** How links of subscribers are signed; without secrets of the host nobody can subscribe or unsubscribe by one. */
  readonly subscriptionTokens: SubscriptionTokens | undefined;
  /** Draws a code that nobody can guess. */
  readonly codes: Codes;
  readonly logger: Logger;
  readonly bus: Bus;
  readonly authorize: Authorize | undefined;
  readonly onDeadLetter: ((delivery: Delivery) => void | Promise<void>) | undefined;
  /** The configuration of each tenant that this process serves. */
  readonly tenants: Map<string, TenantConfig>;
  /** Asks whoever has come on call about what is open. */
  askIncoming(handover: Handover): Promise<Asked>;
  /** Work on the same incident or key waits for its turn. */
  readonly inTurn: InTurn;
  /** Something will be due in so many ms, which no commit told of. */
  wake(inMs: number): void;
  /** A commit, or another write, made something due in so many ms. */
  stored(inMs: number): void;
  /** Resolves once the storage is ready; rejects with STORAGE_UNAVAILABLE. */
  ready(): Promise<void>;
  isStopped(): boolean;
};
