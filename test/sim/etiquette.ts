/**
 * Etiquette: when a process may ask a channel again that failed, or that asked to wait.
 *
 * A second opinion, written from the documents; it looks at one notifier in one process, and only says what is wrong.
 */

/** How an attempt ended: taken, refused for good, or failed in a way that may pass. */
export type Ended = 'taken' | 'refused' | { readonly askedMs: number | undefined };

/** What one process knows of one channel. */
export type Etiquette = {
  /** An attempt at an address begins; answers what is wrong with that, and how to end it. */
  begin(address: string): { readonly problem: string | undefined; readonly end: (how: Ended) => void };
  /** Until when the channel has asked to be left alone. */
  askedUntil(): number;
  /** The clock of the process was put right: what it knew of times means nothing any more. */
  forget(): void;
};

const MOST_FAILURES = 5;
const LEAST_PAUSE_MS = 5_000;

/** What a channel asked for, as far as anybody honours it. */
export function honouredMs(asked: unknown): number | undefined {
  if (typeof asked !== 'number' || !Number.isFinite(asked)) return undefined;
  return Math.min(900_000, Math.max(1_000, asked));
}

/** Nothing is known yet. */
export function createEtiquette(now: () => number): Etiquette {
  let failures = 0;
  let inFlight = 0;
  let aloneUntil = 0;
  let askedUntil = 0;
  let probe: object | undefined;
  /** Whether each attempt that has failed in a row was alone: only then can it be told how long it should be left alone. */
  let isPlain = true;
  /** The addresses at which it has failed in a row: others are asked once, whatever became of these. */
  const failing = new Set<string>();

  function problemNow(address: string): string | undefined {
    if (now() < Math.floor(askedUntil)) return `it asked to be left alone for another ${askedUntil - now()} ms`;
    if (failures < MOST_FAILURES || !isPlain || !failing.has(address)) return undefined;
    if (now() < aloneUntil) return `it has failed ${failures} times in a row, and is asked again so soon`;
    return probe === undefined ? undefined : 'one attempt is on its way to find out how it is';
  }

  function end(attempt: { readonly address: string; readonly isNew: boolean }, how: Ended): void {
    inFlight -= 1;
    if (probe === attempt) probe = undefined;
    if (how === 'taken' || how === 'refused') {
      failures = 0;
      failing.clear();
      isPlain = inFlight === 0;
      return;
    }
    failures += 1;
    isPlain &&= inFlight === 0 && how.askedMs === undefined;
    failing.add(attempt.address);
    if (!attempt.isNew || failures <= MOST_FAILURES) aloneUntil = now() + LEAST_PAUSE_MS;
    if (how.askedMs !== undefined) askedUntil = Math.max(askedUntil, now() + how.askedMs);
  }

  return {
    begin(address) {
      const attempt = { address, isNew: !failing.has(address) };
      const problem = problemNow(address);
      inFlight += 1;
      if (failures >= MOST_FAILURES && !attempt.isNew) probe = attempt;
      return { problem, end: (how) => end(attempt, how) };
    },
    askedUntil: () => askedUntil,
    forget() {
      isPlain = false;
      askedUntil = 0;
    },
  };
}
