/**
 * Commit: changes into the database, together where they can, each for itself where they must.
 *
 * A conflict is an answer. A change that cannot be stored never hurts another; every attempt goes under the same commit ids.
 */
import type { Change, CommitResult } from '../../ports/storage.ts';
import type { Row } from './cells.ts';
import { persistent, type Run } from './connection.ts';
import { type Group, groupOf, locksOf } from './groups.ts';
import { type PreparedChange, prepared } from './rows-of-changes.ts';

export type CommitSettings = {
  readonly run: Run;
  readonly schema: string;
  /** The SQL expression of the moment. */
  readonly nowSql: string;
  readonly lockTimeoutMs: number;
};

/** How long a commit of many waits for a lock that somebody else keeps: who asked tries each of them alone. */
const SHORT_LOCK_MS = 200;

/**
 * Commits through a pool: all changes as one group, which is the fastest; each for itself when one of them conflicts. A
 * call that rejects has written nothing, and may be made again under the same commit ids.
 */
export function commitTogether(settings: CommitSettings): (changes: readonly Change[]) => Promise<CommitResult[]> {
  const { lockTimeoutMs } = settings;
  const commit = committer({ ...settings, run: persistent(settings.run) });
  return async (changes) => {
    if (changes.length === 0) return [];
    // Now, before anybody waits: what was handed in may change afterwards.
    const rows = changes.map(prepared);
    const lockMs = changes.length === 1 ? lockTimeoutMs : Math.min(SHORT_LOCK_MS, lockTimeoutMs);
    if (changes.length > 1) {
      const [answer] = await commit([groupOf(withoutRepeats(rows))], lockMs);
      if (answer === 'applied') return changes.map(() => answer);
    }
    return commit(
      rows.map((row) => groupOf([row])),
      lockMs,
    );
  };
}

/** Commits in the transaction of somebody else, who decides what happens after an error. */
export function commitWithin(settings: CommitSettings): (changes: readonly Change[]) => Promise<CommitResult[]> {
  const commit = committer(settings);
  return async (changes) => {
    if (changes.length === 0) return [];
    const groups = changes.map((change) => groupOf([prepared(change)]));
    return commit(groups, settings.lockTimeoutMs);
  };
}

type Committer = (groups: readonly Group[], lockMs: number) => Promise<CommitResult[]>;

function committer({ run, schema, nowSql }: CommitSettings): Committer {
  // As text, because a host may have told its driver to read arrays otherwise.
  const text = `select to_json(${schema}.commit_2($1::jsonb, $2::jsonb, (${nowSql})::double precision, $3::integer))::text
    as answers`;
  return async (groups, lockMs) => {
    const locks = groups.length === 1 ? null : JSON.stringify(locksOf(groups));
    const [row] = await run(text, [JSON.stringify(groups), locks, lockMs]);
    return answersOf(row, groups.length);
  };
}

/** An answer that is not understood is no conflict: the changes may have landed. */
function answersOf(row: Row | undefined, expected: number): CommitResult[] {
  const answers: unknown = JSON.parse(String(row?.answers));
  const isKnown = (answer: unknown): answer is CommitResult => answer === 'applied' || answer === 'conflict';
  if (Array.isArray(answers) && answers.length === expected && answers.every(isKnown)) return answers;
  throw new TypeError(`Postgres answered a commit of ${expected} with ${String(row?.answers).slice(0, 200)}.`);
}

/** Without those that stand there twice: the second has nothing to write. */
function withoutRepeats(changes: readonly PreparedChange[]): readonly PreparedChange[] {
  const seen = new Set<string>();
  return changes.filter(({ commit }) => {
    const name = JSON.stringify(commit);
    return !seen.has(name) && seen.add(name);
  });
}
