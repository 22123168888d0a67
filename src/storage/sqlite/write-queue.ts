/**
 * Write queue: everything that asks to be written at the same time is written in one transaction, with one fsync.
 *
 * Each write has its own savepoint, so that none undoes another, and hears its answer only after the COMMIT. A write is
 * never dropped without an answer.
 */
import { type Connection, inSavepoint, isBusy, type Outcome } from './connection.ts';

/** Writes that wait for their transaction. */
export type WriteQueue = {
  /**
   * Runs `work` with whatever else is asked for now; it is undone when it throws or `isKept` refuses its answer. What may
   * be lost by a power failure need not reach the disk before its answer, unless something beside it must.
   */
  add<T>(
    work: (connection: Connection) => T,
    isKept?: (answer: T) => boolean,
    lasting?: 'lasts' | 'may be lost',
  ): Promise<T>;
  /** Resolves when everything that was asked for has its answer. */
  drain(): Promise<void>;
};

type Write = {
  readonly askedAt: number;
  readonly mustLast: boolean;
  /** Runs it; what it throws is kept for `answer`. Throws only when the transaction itself is lost. */
  perform(connection: Connection): void;
  answer(): void;
  refuse(error: unknown): void;
};

/** For how long a lock is waited for before its error is passed on. */
export type Patience = { readonly giveUpAfterMs: number };

const PAUSES_MS = [2, 5, 10, 20, 40, 80, 150];

/** A queue over the connection that `open` answers; a lock is waited for, for `giveUpAfterMs` at most. */
export function writeQueue(open: () => Connection, { giveUpAfterMs }: Patience): WriteQueue {
  let waiting: Write[] = [];
  let running: Promise<void> | undefined;

  function add<T>(
    work: (connection: Connection) => T,
    isKept: (answer: T) => boolean = () => true,
    lasting: 'lasts' | 'may be lost' = 'lasts',
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.push(writeOf({ work, isKept, mustLast: lasting === 'lasts', resolve, reject }));
      running ??= run();
    });
  }

  async function run(): Promise<void> {
    await macrotask();
    for (let attempt = 0; waiting.length > 0; attempt++) {
      try {
        writeAll();
      } catch (error) {
        refuseThoseWho((write) => !isBusy(error) || performance.now() - write.askedAt >= giveUpAfterMs, error);
        if (waiting.length > 0) await pause(attempt);
      }
    }
    running = undefined;
  }

  /** One transaction over everything that waits. Throws when it could not begin, with everything still waiting. */
  function writeAll(): void {
    const connection = open();
    const isLasting = waiting.some(({ mustLast }) => mustLast);
    if (!isLasting) connection.exec('PRAGMA synchronous = NORMAL');
    try {
      writeBatch(connection);
    } finally {
      if (!isLasting) connection.exec('PRAGMA synchronous = FULL');
    }
  }

  function writeBatch(connection: Connection): void {
    connection.run('BEGIN IMMEDIATE');
    const batch = waiting;
    waiting = [];
    try {
      for (const write of batch) write.perform(connection);
      connection.run('COMMIT');
    } catch (error) {
      rollBack(connection);
      for (const write of batch) write.refuse(error);
      return;
    }
    for (const write of batch) write.answer();
  }

  function refuseThoseWho(mustGo: (write: Write) => boolean, error: unknown): void {
    const gone = waiting.filter(mustGo);
    waiting = waiting.filter((write) => !mustGo(write));
    for (const write of gone) write.refuse(error);
  }

  return {
    add,
    async drain() {
      await running;
    },
  };
}

/** Runs `work` until no lock is in its way, for `giveUpAfterMs` at most. */
export async function patiently<T>(work: () => T, { giveUpAfterMs }: Patience): Promise<T> {
  const askedAt = performance.now();
  for (let attempt = 0; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() - askedAt >= giveUpAfterMs) throw error;
    }
    await pause(attempt);
  }
}

/** Ends whatever transaction is open; SQLite may have ended it itself. */
export function rollBack(connection: Connection): void {
  try {
    connection.run('ROLLBACK');
  } catch {
    // There was none any more.
  }
}

type Asked<T> = {
  readonly work: (connection: Connection) => T;
  readonly isKept: (answer: T) => boolean;
  readonly mustLast: boolean;
  readonly resolve: (answer: T) => void;
  readonly reject: (error: unknown) => void;
};

function writeOf<T>({ work, isKept, mustLast, resolve, reject }: Asked<T>): Write {
  let outcome: Outcome<T> | undefined;
  return {
    askedAt: performance.now(),
    mustLast,
    perform(connection) {
      outcome = inSavepoint(connection, () => work(connection), isKept);
    },
    answer() {
      if (outcome?.isDone) resolve(outcome.answer);
      else reject(outcome?.error);
    },
    refuse: reject,
  };
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]));
}
