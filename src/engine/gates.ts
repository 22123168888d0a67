/**
 * Gates: deliveries that were handed out wait here while their notifier has as many messages on their way as it allows.
 *
 * Put back and handed out again over and over they would keep the storage busy with nothing. Nobody waits here for long: the
 * lease of a delivery goes on.
 */
import type { Clock } from '../ports/clock.ts';

/** Who may go on. */
export type Gates = {
  /** Resolves when fewer than `most` are behind the gate `name`, or after a while all the same; answers how to leave. */
  enter(name: string, most: number): Promise<() => void>;
};

/** How long one waits: much shorter than a lease. */
const LONGEST_MS = 4_000;

type Gate = { inside: number; readonly waiting: Set<() => void> };

/** Every gate is open. */
export function createGates(clock: Pick<Clock, 'wait'>): Gates {
  const gates = new Map<string, Gate>();

  function leave(gate: Gate): void {
    const [next] = gate.waiting;
    gate.inside -= 1;
    next?.();
  }

  function inside(gate: Gate): () => void {
    gate.inside += 1;
    return () => leave(gate);
  }

  return {
    async enter(name, most) {
      const gate = gates.get(name) ?? { inside: 0, waiting: new Set() };
      gates.set(name, gate);
      if (gate.inside < most) return inside(gate);
      return new Promise((resolve) => {
        const go = () => {
          cancel();
          gate.waiting.delete(go);
          resolve(inside(gate));
        };
        // Whoever has waited too long is not counted: it is put off.
        const cancel = clock.wait(LONGEST_MS, () => {
          gate.waiting.delete(go);
          resolve(() => {});
        });
        gate.waiting.add(go);
      });
    },
  };
}
