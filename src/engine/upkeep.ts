/**
 * Upkeep: sees to it that each heartbeat, canary, maintenance and notice of a shift has its timer, whatever became of the configuration.
 *
 * It looks when an instance begins to work, when a tenant is given another configuration or a window was set, and every five
 * minutes. It never rejects, and nothing that is due waits for it.
 */
import { canaryDocument, lookAfterCanary } from './canaries.ts';
import { type ChangeParts, joinChanges } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { lookAfterShifts } from './fire-shift.ts';
import { heartbeatDocument, lookAfter } from './heartbeats.ts';
import { lookAfterNotices, maintenanceIn, noticesDocument } from './maintenance-notices.ts';
import { shiftKey } from './shift-timer.ts';
import type { TenantConfig } from './tenant-config.ts';
import { type Decided, transact } from './transact.ts';

/** Sees to it that each heartbeat, canary and maintenance has its timer. */
export type Upkeep = {
  /** Looks where that was long ago, or something changed; answers whether it armed a timer. */
  look(): Promise<boolean>;
  /** Resolves when no look is under way. */
  drain(): Promise<unknown>;
};

const EVERY_MS = 300_000;
/** How many are looked at in one commit. */
const TOGETHER = 100;

/** Looks after every tenant of `engine`. */
export function createUpkeep(engine: Engine): Upkeep {
  const looked = new Map<string, { readonly of: TenantConfig; readonly at: number }>();
  let latest: Promise<boolean> = Promise.resolve(false);

  async function lookAtAll(): Promise<boolean> {
    let hasArmed = false;
    for (const [tenant, of] of [...engine.tenants]) {
      if (engine.isStopped()) break;
      const last = looked.get(tenant);
      if (last?.of === of && Math.abs(engine.clock.now() - last.at) < EVERY_MS) continue;
      const at = engine.clock.now();
      try {
        hasArmed = (await armHeartbeats(engine, tenant, of)) || hasArmed;
        hasArmed = (await armCanaries(engine, tenant, of)) || hasArmed;
        hasArmed = (await armNotices(engine, tenant)) || hasArmed;
        hasArmed = (await armShifts(engine, tenant, of)) || hasArmed;
        looked.set(tenant, { of, at });
      } catch (error) {
        if (engine.isStopped()) break;
        const doing = `looking after the heartbeats, canaries, windows and shifts of tenant ${tenant}`;
        engine.logger.error({ error, doing }, 'A timer could not be armed; it is tried again.');
        engine.bus.tell('error', { type: 'error', error, doing });
      }
    }
    return hasArmed;
  }

  return {
    look() {
      latest = latest.then(lookAtAll);
      return latest;
    },
    drain: () => latest,
  };
}

async function armHeartbeats(engine: Engine, tenant: string, { config }: TenantConfig): Promise<boolean> {
  let hasArmed = false;
  for (let from = 0; from < config.heartbeats.length; from += TOGETHER) {
    const some = config.heartbeats.slice(from, from + TOGETHER);
    const documents = some.map(({ id }) => heartbeatDocument(id));
    const armed = await transact(engine, { tenant, documents }, (loaded) =>
      written(some.flatMap((heartbeat) => lookAfter(heartbeat, loaded) ?? [])),
    );
    hasArmed = armed || hasArmed;
  }
  return hasArmed;
}

async function armCanaries(engine: Engine, tenant: string, { config }: TenantConfig): Promise<boolean> {
  const { canaries } = config;
  if (canaries.length === 0) return false;
  const documents = canaries.map(({ id }) => canaryDocument(id));
  return transact(engine, { tenant, documents }, (loaded) =>
    written(canaries.flatMap((canary) => lookAfterCanary(canary, loaded) ?? [])),
  );
}

/** Arms the timers of the windows of a tenant. */
export async function armNotices(engine: Engine, tenant: string): Promise<boolean> {
  const all = await transact(engine, { tenant }, (loaded: Decidable) => ({ answer: () => maintenanceIn(loaded) }));
  let hasArmed = false;
  for (let from = 0; from < all.length; from += TOGETHER) {
    const some = all.slice(from, from + TOGETHER);
    const documents = some.map(({ id }) => noticesDocument(id));
    const armed = await transact(engine, { tenant, documents }, (loaded) =>
      written(some.flatMap((maintenance) => lookAfterNotices(maintenance, loaded) ?? [])),
    );
    hasArmed = armed || hasArmed;
  }
  return hasArmed;
}

/** Arms the timers of those who want to hear of their time on call. */
async function armShifts(engine: Engine, tenant: string, { users, configured }: TenantConfig): Promise<boolean> {
  const isWanted = engine.people !== undefined || [...users.values()].some(({ notices }) => notices.shifts.length > 0);
  if (!isWanted) return false;
  const ids = [...configured.keys()];
  let hasArmed = false;
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const some = ids.slice(from, from + TOGETHER);
    const armed = await transact(engine, { tenant, documents: some.map(shiftKey) }, (loaded) => {
      const schedules = some.flatMap((id) => loaded.config.schedules.get(id) ?? []);
      return written(schedules.flatMap((schedule) => lookAfterShifts(engine, schedule, loaded) ?? []));
    });
    hasArmed = armed || hasArmed;
  }
  return hasArmed;
}

function written(changes: readonly ChangeParts[]): Decided<boolean> {
  if (changes.length === 0) return { answer: () => false };
  return { change: joinChanges(...changes), answer: () => true };
}
