/**
 * Health: what is left to do, and whether it is being done.
 *
 * It asks the storage once and never throws: a storage that cannot be reached is an answer too.
 */
import { isTocsinError, type TocsinError } from '../errors.ts';
import type { Health } from '../model/health.ts';
import type { Figures } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** From here on something due counts as late, in ms. */
export const LATE_MS = 60_000;

/** How the instance is, as far as `tenants` go. */
export async function healthOf(engine: Engine, tenants: readonly string[], lateMs = LATE_MS): Promise<Health> {
  const found = await figuresOf(engine, tenants);
  const { figures } = found;
  const latenessMs = figures?.oldestDueAt === undefined ? 0 : Math.max(0, figures.now - figures.oldestDueAt);
  const quarantined = engine.quarantine.list().filter(({ tenant }) => tenants.includes(tenant));
  return {
    isHealthy: figures !== undefined && latenessMs <= lateMs && quarantined.length === 0,
    at: new Date(figures?.now ?? engine.clock.now()),
    isRunning: engine.vitals.isRunning(),
    storage: figures === undefined ? 'unreachable' : 'reachable',
    ...(found.error !== undefined && { error: found.error }),
    latenessMs,
    ...(figures?.oldestDueAt !== undefined && { oldestDueAt: new Date(figures.oldestDueAt) }),
    due: { timers: figures?.dueTimers ?? 0, deliveries: figures?.dueDeliveries ?? 0 },
    leased: figures?.leasedDeliveries ?? 0,
    deadLetters: figures?.deadDeliveries ?? 0,
    leaseExpiries: engine.vitals.leaseExpiries(),
    missedWakeUps: figures?.missedWakeUps ?? 0,
    quarantined,
    eventLoopDelayMs: engine.vitals.eventLoopDelayMs(),
    configVersions: Object.fromEntries(
      tenants.flatMap((tenant) => {
        const config = engine.tenants.get(tenant);
        return config === undefined ? [] : [[tenant, config.version]];
      }),
    ),
  };
}

type Found = { readonly figures?: Figures; readonly error?: TocsinError };

async function figuresOf(engine: Engine, tenants: readonly string[]): Promise<Found> {
  try {
    await engine.ready();
    return { figures: await reaching(() => engine.storage.figures(tenants)) };
  } catch (error) {
    if (isTocsinError(error)) return { error };
    throw error;
  }
}
