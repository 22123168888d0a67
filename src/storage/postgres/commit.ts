/**
 * Commit: changes into the database, together where they can, each for itself where they must.
 *
 * A conflict is an answer. A change that cannot be stored never hurts another; every attempt goes under the same commit ids.
 */
import type { Change, CommitResult } from '../../ports/storage.ts';
import type { Row } from './cells.ts';
import { DEADLOCK, isOutage, LOCK_TIMEOUT, persistent, type Run, SERIALIZATION } from './connection.ts';
import { type Group, groupOf, locksOf } from './groups.ts';
import { type PreparedChange, prepared } from './rows-of-changes.ts';

export type CommitSettings = {
  readonly run: Run;
  readonly schema: string;
  /** The SQL expression of the moment. */
  readonly nowSql: string;
  readonly lockTimeoutMs: number;
};

/** How long a change of many waits for a lock that somebody else keeps, before the others go on without it. */
const SHORT_LOCK_MS = 200;

/** Commits through a pool: all changes as one group, which is the fastest; in parts when that cannot be. */
export function commitTogether(settings: CommitSettings): (changes: readonly Change[]) => Promise<CommitResult[]> {
  const { lockTimeoutMs } = settings;
  const shortLockMs = Math.min(SHORT_LOCK_MS, lockTimeoutMs);
  const patient = committer({ ...settings, run: persistent(settings.run, [DEADLOCK, SERIALIZATION, LOCK_TIMEOUT]) });
  const hasty = committer({ ...settings, run: persistent(settings.run) });

  /** One by one, in order; what fails is tried again when all others have landed. */
  async function oneByOne(attempts: readonly Attempt[]): Promise<CommitResult[]> {
    const answers = new Map<Attempt, CommitResult>();
    const errors: unknown[] = [];
    for (const isLast of [false, true]) {
      errors.length = 0;
      for (const attempt of attempts.filter((each) => !answers.has(each))) {
        try {
          const groups = [groupOf([attempt()])];
          const [answer] = await (isLast ? patient(groups, lockTimeoutMs) : hasty(groups, shortLockMs));
          answers.set(attempt, answer ?? 'conflict');
        } catch (error) {
          if (isOutage(error)) throw error;
          errors.push(error);
        }
      }
    }
    if (errors.length > 0) throw errors[0];
    return attempts.map((attempt) => answers.get(attempt) ?? 'conflict');
  }

  return async (changes) => {
    // Now, before anybody waits: what was handed in may change afterwards.
    const attempts = changes.map(attempted);
    const [first, ...others] = attempts;
    if (first === undefined) return [];
    if (others.length === 0) return patient([groupOf([first()])], lockTimeoutMs);
    try {
      const rows = attempts.map((attempt) => attempt());
      const [answer] = await hasty([groupOf(withoutRepeats(rows))], shortLockMs);
      if (answer === 'applied') return changes.map(() => answer);
      return await hasty(
        rows.map((row) => groupOf([row])),
        shortLockMs,
      );
    } catch (error) {
      if (isOutage(error)) throw error;
      return oneByOne(attempts);
    }
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

/** The rows of a change, or the error that it cannot be made into rows. */
type Attempt = () => PreparedChange;

function attempted(change: Change): Attempt {
  try {
    const rows = prepared(change);
    return () => rows;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

type Committer = (groups: readonly Group[], lockMs: number) => Promise<CommitResult[]>;

function committer({ run, schema, nowSql }: CommitSettings): Committer {
  const text = `select ${schema}.commit_1($1::jsonb, $2::jsonb, (${nowSql})::double precision, $3::integer) as answers`;
  return async (groups, lockMs) => {
    const locks = groups.length === 1 ? null : JSON.stringify(locksOf(groups));
    const [row] = await run(text, [JSON.stringify(groups), locks, lockMs]);
    return answersOf(row);
  };
}

function answersOf(row: Row | undefined): CommitResult[] {
  const answers: unknown = row?.answers;
  return Array.isArray(answers) ? answers.map((answer) => (answer === 'applied' ? answer : 'conflict')) : [];
}

/** Without those that stand there twice: the second has nothing to write. */
function withoutRepeats(changes: readonly PreparedChange[]): readonly PreparedChange[] {
  const seen = new Set<string>();
  return changes.filter(({ commit }) => {
    const name = JSON.stringify(commit);
    return !seen.has(name) && seen.add(name);
  });
}
