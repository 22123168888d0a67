/**
 * Directory: people from the host's own tables, and nothing more.
 *
 *  D1. `users` answers those of the people asked for who exist, in any order, each in the shape that the configuration has for
 *      users; whoever is not in the answer does not exist.
 *  D2. `user` answers one, or `undefined` when there is none of that id.
 *  D3. What fails rejects. It is never answered with an empty list: that would mean that nobody exists. Of several people,
 *      some of whom were known, it is taken for a failure.
 *
 * What is no user is refused and logged. The last good answer is kept, in the storage as well, so that a directory that fails
 * or takes longer than two seconds stops no page; people of the configuration come before those of the directory.
 */
import type { UserInput } from '../model/user.ts';

/** A person as a directory answers them: as in the configuration. */
export type DirectoryUser = UserInput;

/** For whom a directory is asked, and how it hears that nobody waits any more. */
export type DirectoryQuery = { readonly tenant: string; readonly signal: AbortSignal };

/** People from the host's own tables. */
export type Directory = {
  user(id: string, query: DirectoryQuery): Promise<DirectoryUser | undefined>;
  users(ids: readonly string[], query: DirectoryQuery): Promise<readonly DirectoryUser[]>;
};
