/**
 * Virtual clock: time that passes only when a test says so.
 *
 * Nothing sleeps and nothing fakes a global: it is handed to `createTocsin({ clock })`.
 */
import { TocsinError } from '../errors.ts';
import { type InstantInput, toEpochMs } from '../model/instant.ts';
import type { Clock } from '../ports/clock.ts';

/** A clock that a test moves. */
export type VirtualClock = Clock & {
  /** Moves on by `ms`, calling every wait that ends meanwhile at its moment, and letting what it started settle. */
  advance(ms: number): Promise<void>;
  /** When the next wait ends (epoch ms). */
  nextWait(): number | undefined;
};

/** A clock that stands at `start` until it is moved. */
export function virtualClock(options: { readonly start: InstantInput }): VirtualClock {
  let now = toEpochMs(options.start, 'start');
  let counter = 0;
  const waits = new Map<number, { readonly at: number; readonly fn: () => void }>();

  const first = () => [...waits].sort(([idA, a], [idB, b]) => a.at - b.at || idA - idB)[0];

  return {
    now: () => now,
    wait(ms, fn) {
      const id = counter++;
      waits.set(id, { at: now + Math.max(0, ms), fn });
      return () => waits.delete(id);
    },
    nextWait: () => first()?.[1].at,
    async advance(ms) {
      if (!(Number.isFinite(ms) && ms >= 0)) {
        const message = 'expected a number of milliseconds, 0 or more';
        throw new TocsinError('INPUT_INVALID', `Cannot advance the clock: ${message}.`, {
          details: { problems: [{ path: 'ms', message }] },
        });
      }
      const until = now + ms;
      await settled();
      for (let next = first(); next !== undefined && next[1].at <= until; next = first()) {
        const [id, { at, fn }] = next;
        waits.delete(id);
        now = Math.max(now, at);
        fn();
        await settled();
      }
      now = until;
      await settled();
    },
  };
}

/** Lets promises that are ready run to their end: a macrotask later, all of them have. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
