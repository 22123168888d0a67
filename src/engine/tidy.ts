/**
 * tidy: once an hour the storage forgets what nobody asks for any more. Never an incident.
 */
import type { Engine } from './engine.ts';

const HOUR_MS = 3_600_000;

/** A function that tidies up when that was long ago, the first time at once; it never rejects. */
export function createTidy(engine: Engine): () => Promise<void> {
  let tidiedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = engine.clock.now();
    if (Math.abs(now - tidiedAt) < HOUR_MS) return;
    tidiedAt = now;
    for (const tenant of engine.tenants.keys()) {
      try {
        await engine.storage.prune(tenant, { limit: 1 });
      } catch (error) {
        engine.logger.warn({ error, tenant }, 'The storage could not be tidied up; it is tried again in an hour.');
      }
    }
  };
}
