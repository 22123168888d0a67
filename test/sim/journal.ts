/**
 * The journal: what happened, line by line, its hash, its figures, and the first promise that was broken.
 *
 * It keeps the last lines only, unless a reader asks for all of them.
 */
import { createHash } from 'node:crypto';

/** A promise that was broken, and how. */
export type Violation = { readonly invariant: string; readonly text: string };

/** What happened in one simulation. */
export type Journal = {
  /** Adds a line to the trace. */
  line(text: string): void;
  /** The first one counts: what follows from it is noise. */
  violate(invariant: string, text: string): void;
  violation(): Violation | undefined;
  count(figure: string, by?: number): void;
  figures(): Readonly<Record<string, number>>;
  hash(): string;
  last(): readonly string[];
};

const KEPT = 50;

/** An empty journal; `now` stamps the lines, `print` sees each of them. */
export function createJournal(now: () => number, print?: (line: string) => void): Journal {
  const started = now();
  const digest = createHash('sha256');
  const kept: string[] = [];
  const figures: Record<string, number> = {};
  let lines = 0;
  let first: Violation | undefined;
  const line = (text: string) => {
    const full = `${((now() - started) / 1_000).toFixed(3)} ${text}`;
    digest.update(`${full}\n`);
    kept[lines++ % KEPT] = full;
    print?.(full);
  };
  return {
    line,
    violate(invariant, text) {
      if (first !== undefined) return;
      first = { invariant, text };
      line(`VIOLATION ${invariant}: ${text}`);
    },
    violation: () => first,
    count(figure, by = 1) {
      figures[figure] = (figures[figure] ?? 0) + by;
    },
    figures: () => figures,
    hash: () => digest.copy().digest('hex').slice(0, 16),
    last: () => [...kept.slice(lines % KEPT), ...kept.slice(0, lines % KEPT)].filter((kept) => kept !== undefined),
  };
}
