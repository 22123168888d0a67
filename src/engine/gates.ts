/**
 * Gates: deliveries that were handed out wait here while their notifier has as many messages on their way as it allows.
 *
 * Put back and handed out again over and over they would keep the storage busy with nothing. Nobody waits here for long: the
 * lease of a delivery goes on.
 */
import type { Clock } from '../ports/clock.ts';

/** Who may go on. */
export type Gates = {
  /**
   * Resolves when fewer than `most` are behind the gate `name`, or after a while all the same; answers how to leave.
   * Announcements wait for every page, and fewer of them are behind it: whoever has waited too long is answered nothing.
   */
  enter(name: string, most: number): Promise<() => void>;
  enterAnnouncing(name: string, most: number): Promise<(() => void) | undefined>;
};

/** How long one waits: much shorter than a lease. */
const LONGEST_MS = 4_000;

type Gate = {
  inside: number;
  announcing: number;
  readonly waiting: Set<() => void>;
  readonly waitingToAnnounce: Set<() => void>;
};

/** Every gate is open. */
export function createGates(clock: Pick<Clock, 'wait'>): Gates {
  const gates = new Map<string, Gate>();

  function gateOf(name: string): Gate {
    const gate = gates.get(name) ?? { inside: 0, announcing: 0, waiting: new Set(), waitingToAnnounce: new Set() };
    gates.set(name, gate);
    return gate;
  }

  function leave(gate: Gate): void {
    gate.inside -= 1;
    const [page] = gate.waiting;
    const [announcement] = gate.waitingToAnnounce;
    (page ?? announcement)?.();
  }

  function inside(gate: Gate): () => void {
    gate.inside += 1;
    return () => leave(gate);
  }

  function announcing(gate: Gate): () => void {
    gate.announcing += 1;
    gate.inside += 1;
    return () => {
      gate.announcing -= 1;
      leave(gate);
    };
  }

  return {
    async enter(name, most) {
      const gate = gateOf(name);
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
    async enterAnnouncing(name, most) {
      const gate = gateOf(name);
      const half = Math.max(1, Math.floor(most / 2));
      const hasRoom = () => gate.inside < most && gate.announcing < half;
      if (hasRoom() && gate.waiting.size === 0) return announcing(gate);
      return new Promise((resolve) => {
        const go = () => {
          if (!hasRoom()) return;
          cancel();
          gate.waitingToAnnounce.delete(go);
          resolve(announcing(gate));
        };
        const cancel = clock.wait(LONGEST_MS, () => {
          gate.waitingToAnnounce.delete(go);
          resolve(undefined);
        });
        gate.waitingToAnnounce.add(go);
      });
    },
  };
}
