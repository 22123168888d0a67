/**
 * Commits: changes that are stored at the same time share a transaction; each is answered for itself.
 *
 * A commit whose answer was lost is repeated once under the same id: it writes nothing twice.
 */

import { createBatches } from '../ports/batches.ts';
import type { Logger } from '../ports/clock.ts';
import type { Change, CommitResult, StorageSession } from '../ports/storage.ts';

/** The most changes of one transaction. */
const MOST = 200;
/** Transactions under way at once: one that waits for a lock must not hold up all. */
const AT_ONCE = 2;

/** Stores one change, together with others. */
export function createCommits(
  storage: Pick<StorageSession, 'commit'>,
  logger: Logger,
): (change: Change) => Promise<CommitResult> {
  return createBatches<Change, CommitResult>({
    run: async (changes) => {
      const results = await storage.commit(changes);
      return changes.map((_, index) => results[index] ?? 'conflict');
    },
    most: MOST,
    atOnce: AT_ONCE,
    isRepeated: true,
    failed: (error, changes) =>
      logger.warn(
        { error, commitIds: changes.map(({ commitId }) => commitId) },
        'A commit failed; repeating it once under the same id.',
      ),
  });
}
