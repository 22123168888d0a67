/**
 * The engine's own parts: what every command, timer and delivery is handed.
 *
 * Wiring only; what is done with it is in the files beside this one.
 */
import type { Delivery } from '../model/delivery.ts';
import type { Actor } from '../model/identity.ts';
import type { Clock, Ids, Logger } from '../ports/clock.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Change, CommitResult, LoadQuery, Storage } from '../ports/storage.ts';
import type { Bus } from './bus.ts';
import type { CurrentConfigs } from './current-config.ts';
import type { Quarantine } from './quarantine.ts';
import type { Reads, Ready } from './reads.ts';
import type { TenantConfig } from './tenant-config.ts';
import type { InTurn } from './turns.ts';
import type { Vitals } from './vitals.ts';

/** Whether `actor` may do `action` to `resource`; a refusal ends in NOT_AUTHORIZED. */
export type Authorize = (
  actor: Actor,
  action: string,
  resource: { readonly tenant: string; readonly incidentId?: string; readonly schedule?: string },
) => boolean | Promise<boolean>;

/** A schedule whose people have changed, or may have. */
export type Handover = { readonly tenant: string; readonly schedule: string };

/** What every command, timer and delivery is handed. */
export type Engine = {
  readonly storage: Storage;
  /** Reads what is stored; see reads.ts. */
  load(query: LoadQuery): Promise<Ready>;
  /** Reads what a decision needs, with the configuration and the schedules as they are then. */
  readonly current: CurrentConfigs;
  readonly reads: Reads;
  /** Stores one change, together with others; a commit whose answer was lost is repeated once under the same id. */
  commit(change: Change): Promise<CommitResult>;
  readonly quarantine: Quarantine;
  readonly vitals: Vitals;
  readonly notifiers: ReadonlyMap<string, Notifier>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly bus: Bus;
  readonly authorize: Authorize | undefined;
  readonly onDeadLetter: ((delivery: Delivery) => void | Promise<void>) | undefined;
  /** The configuration of each tenant that this process serves. */
  readonly tenants: Map<string, TenantConfig>;
  /** Asks whoever has come on call about what is open; answers about how many incidents that should be tried again. */
  askIncoming(handover: Handover): Promise<number>;
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
