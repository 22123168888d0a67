/**
 * The host: what it does when something happens, and whether all of it is done.
 *
 * It is outside every process, like the phones: what it did stays done, whatever became of the node that asked.
 */
import type { Change, Reactions } from '../../src/index.ts';
import type { Life } from './node.ts';
import { nonsense } from './nonsense.ts';
import type { Simulation } from './simulation.ts';

/** What the host knows. */
export type Host = {
  reactionsFor(life: Life): Reactions;
  /** Whether each event that it reacts to has its reaction in the same commit. */
  checkCommit(change: Change): void;
  hasDone(tenant: string, id: string): boolean;
};

const TYPES = ['incident.opened', 'incident.acknowledged', 'page.failed', 'escalation.exhausted'] as const;

/** A host that has done nothing yet. */
export function createHost(sim: Simulation): Host {
  const { journal, channels } = sim;
  const chance = sim.chance.fork('host');
  const done = new Set<string>();

  function react(life: Life, tenant: string, id: string, signal: AbortSignal): Promise<void> {
    if (!life.isAlive()) return new Promise(() => {});
    journal.count('reactions run');
    const isFailing = chance.chance(sim.faults().reaction);
    if (!isFailing) {
      return new Promise((resolve) => {
        life.after(chance.between(1, 300), () => {
          done.add(`${tenant}/${id}`);
          resolve();
        });
      });
    }
    journal.count('fault: reaction');
    const how = chance.next();
    if (how < 0.25) throw nonsense(chance);
    if (how < 0.5) return Promise.reject(nonsense(chance));
    if (how < 0.75) return new Promise(() => {});
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }

  return {
    reactionsFor: (life) =>
      channels.hasReactions
        ? Object.fromEntries(
            TYPES.map((type) => [
              type,
              (
                { id, tenant }: { readonly id: string; readonly tenant: string },
                { signal }: { readonly signal: AbortSignal },
              ) => react(life, tenant, id, signal),
            ]),
          )
        : {},
    checkCommit({ tenant, incidents, deliveries }) {
      if (!channels.hasReactions) return;
      for (const { id, events } of incidents)
        for (const { seq, type } of events.filter((event) => TYPES.some((known) => known === event.type))) {
          journal.count('reactions');
          const own = deliveries.filter(
            ({ purpose, reactsTo }) => purpose === 'reaction' && reactsTo?.incidentId === id && reactsTo.seq === seq,
          );
          if (own.length !== 1)
            journal.violate(
              'I2',
              `${type}, event ${seq} of ${tenant}/${id}, has ${own.length} reactions in its commit`,
            );
        }
    },
    hasDone: (tenant, id) => done.has(`${tenant}/${id}`),
  };
}
