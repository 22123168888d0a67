/**
 * Health: what is left to do, and whether it is being done.
 *
 * It asks the storage once and never throws: a storage that cannot be reached is an answer too.
 */
import { isTocsinError, type TocsinError } from '../errors.ts';
import type { CanaryHealth, Health, NotifierHealth } from '../model/health.ts';
import type { Figures } from '../ports/storage.ts';
import { listCanaries } from './canaries.ts';
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
  const canaries = figures === undefined ? [] : await canariesOf(engine, tenants);
  const notifiers = engine.carriers.health().map((notifier) => withCanaries(notifier, canaries));
  return {
    isHealthy:
      figures !== undefined &&
      latenessMs <= lateMs &&
      quarantined.length === 0 &&
      !notifiers.some((notifier) => isFailing(engine, notifier, lateMs)) &&
      !canaries.some(({ state }) => state === 'failed' || state === 'late'),
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
    notifiers,
    eventLoopDelayMs: engine.vitals.eventLoopDelayMs(),
    configVersions: Object.fromEntries(
      tenants.flatMap((tenant) => {
        const config = engine.tenants.get(tenant);
        return config === undefined ? [] : [[tenant, config.version]];
      }),
    ),
  };
}

/** `notifiers` are those that may have carried it: several under one name. */
type Flown = CanaryHealth & { readonly notifiers: readonly string[] };

/** A storage that fails meanwhile has nothing to tell of them. */
async function canariesOf(engine: Engine, tenants: readonly string[]): Promise<readonly Flown[]> {
  const all = tenants.map(async (tenant) => {
    const views = await listCanaries(engine, tenant).catch(() => []);
    const { failover = {} } = engine.tenants.get(tenant)?.config ?? {};
    return views.map(({ notifier, ...view }): Flown => {
      const notifiers = Object.hasOwn(failover, notifier) ? (failover[notifier] ?? []) : [notifier];
      return { ...view, tenant, notifiers };
    });
  });
  return (await Promise.all(all)).flat();
}

const WORST = ['failed', 'late', 'onItsWay', 'waiting', 'arrived'];

function withCanaries(notifier: NotifierHealth, flown: readonly Flown[]): NotifierHealth {
  const own = flown.filter(({ notifiers }) => notifiers.includes(notifier.name));
  if (own.length === 0) return notifier;
  const canaries = own
    .map(({ notifiers: _, ...canary }) => canary)
    .toSorted((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state));
  return { ...notifier, canaries };
}

/** Whether pages wait for a notifier that has answered none for longer than `lateMs`. Nobody is paged by one that mirrors. */
export function isFailing(engine: Engine, { name, failingForMs = 0 }: NotifierHealth, lateMs: number): boolean {
  return failingForMs > lateMs && engine.notifiers.get(name)?.mirrors === undefined;
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
