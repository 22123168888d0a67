/**
 * Sessions: what a host does within a transaction of its own, decided against the store and its own changes.
 *
 * The changes are written to the store to look at them and taken back before anybody else can: nothing here waits.
 */
import { TocsinError } from '../../errors.ts';
import type { Change, CommitResult, StorageSession } from '../../ports/storage.ts';
import { loadRows, readTimeline } from './read.ts';
import { copied, type Store } from './store.ts';
import { writeChange } from './write.ts';

/** A transaction of a host, to be given to `withClient`. */
export type MemoryTransaction = {
  /**
   * Makes what was done within it visible.
   *
   * @throws TocsinError VERSION_CONFLICT when the store has moved on so that a change no longer applies; nothing is written.
   * @throws TocsinError INPUT_INVALID when it has ended.
   */
  commit(): void;
  /** Forgets what was done within it. */
  rollback(): void;
};

/** What a storage does within a transaction that has begun. */
export type OpenTransaction = { readonly transaction: MemoryTransaction; readonly session: StorageSession };

/** Begins a transaction. */
export function beginTransaction(store: Store): OpenTransaction {
  const own: Change[] = [];
  let isOpen = true;

  function replay(): void {
    for (const change of own) if (writeChange(store, change) === 'conflict') throw movedOn(change);
  }

  /** Does `work` as if the changes so far were stored. */
  function within<T>(work: () => T): T {
    if (!isOpen) throw ended();
    const answers: T[] = [];
    store.journal.attempt(() => {
      replay();
      answers.push(work());
      return false;
    });
    const [answer] = answers;
    if (answer === undefined) throw ended();
    return answer;
  }

  return {
    transaction: {
      commit() {
        if (!isOpen) throw ended();
        isOpen = false;
        store.journal.attempt(() => {
          replay();
          return true;
        });
      },
      rollback() {
        isOpen = false;
      },
    },
    session: {
      load: async (query) => within(() => loadRows(store, query)),
      timeline: async (tenant, incidentId) => within(() => readTimeline(store, tenant, incidentId)),
      async commit(changes) {
        const given = copied(changes);
        const results = within(() => given.map((change): CommitResult => writeChange(store, change)));
        own.push(...given.filter((_, index) => results[index] === 'applied'));
        return results;
      },
    },
  };
}

function movedOn({ commitId, tenant }: Change): TocsinError {
  return new TocsinError(
    'VERSION_CONFLICT',
    `Cannot commit change ${commitId} of tenant ${tenant}: somebody else wrote meanwhile. Begin a new transaction.`,
  );
}

function ended(): TocsinError {
  return new TocsinError('INPUT_INVALID', 'Cannot use a transaction that has ended: begin a new one.', {
    details: { problems: [{ path: 'client', message: 'this transaction has ended' }] },
  });
}
