/**
 * Known people: what decisions see of the directory of the host.
 *
 * The shape only; what is asked, kept and forgotten is in people.ts.
 */
import type { User } from '../model/user.ts';

/** The people of the directory, as far as they are known. */
export type People = {
  /** Somebody as they were last answered. */
  known(tenant: string, id: string): User | undefined;
  /** Everybody who was answered for. */
  everybody(tenant: string): readonly User[];
  /** Whether nothing is known of somebody, not even that they do not exist, and it is time to ask. */
  isUnknown(tenant: string, id: string): boolean;
  /** Asks about people; resolves when something is known of them, or it is time to go on without. */
  fetch(tenant: string, ids: readonly string[]): Promise<void>;
  /** Asks anew about those of whom it was long ago, and about those whom a configuration names; nobody waits for it. */
  look(): void;
  /** Resolves when nothing is under way. */
  drain(): Promise<unknown>;
};
