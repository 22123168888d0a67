/**
 * Saboteurs of S18: what was held back.
 */
import type { Storage } from '../../src/ports/storage.ts';
import type { Saboteur } from './saboteur.ts';

export const HELD_SABOTEURS: readonly Saboteur[] = [
  {
    promise: 'S18',
    does: 'counts what was held back as an attempt',
    breaks: (storage) => settlingHeld(storage, 'retry'),
  },
  {
    promise: 'S18',
    does: 'takes what was held back for dead',
    breaks: (storage) => settlingHeld(storage, 'dead'),
  },
  {
    promise: 'S18',
    does: 'forgets every attempt of what was held back',
    breaks(storage) {
      const forgotten = new Map<string, number>();
      return {
        async settleDelivery(tenant, id, token, outcome) {
          const row = await storage.settleDelivery(tenant, id, token, outcome);
          if (outcome.state === 'held' && row !== undefined) forgotten.set(id, row.attempts);
          return row && { ...row, attempts: row.attempts - (forgotten.get(id) ?? 0) };
        },
      };
    },
  },
  {
    promise: 'S18',
    does: 'holds nothing back for long',
    breaks: (storage) => ({
      settleDelivery: (tenant, id, token, outcome) =>
        storage.settleDelivery(tenant, id, token, outcome.state === 'held' ? { ...outcome, afterMs: 0 } : outcome),
    }),
  },
  {
    promise: 'S18',
    does: 'leaves what was held back in somebody’s hands',
    breaks: (storage) => ({
      async settleDelivery(tenant, id, token, outcome) {
        if (outcome.state !== 'held') return storage.settleDelivery(tenant, id, token, outcome);
        const isHeld = await storage.extendDelivery(tenant, id, token, outcome.afterMs);
        return isHeld ? (await storage.listDeliveries(tenant, { id }))[0] : undefined;
      },
    }),
  },
];

/** Takes what was held back for something else that has happened. */
function settlingHeld(storage: Storage, state: 'retry' | 'dead'): Pick<Storage, 'settleDelivery'> {
  return {
    settleDelivery: (tenant, id, token, outcome) =>
      storage.settleDelivery(tenant, id, token, outcome.state === 'held' ? { ...outcome, state } : outcome),
  };
}
