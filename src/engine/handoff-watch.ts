/**
 * The watch over handoffs: sees to it that each schedule has its timer, whatever became of its configuration.
 *
 * It looks when an instance begins to work, when a tenant is given another configuration, and every five minutes, because
 * an instance with an older configuration may have armed a timer last. A timer that comes too early finds nothing and is
 * armed anew, so it only ever brings one nearer. It never rejects, and nothing that is due waits for it.
 */
import type { StoredDocument } from '../ports/storage.ts';
import { type ChangeParts, joinChanges } from './change.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { handoffChange, handoffDocument, handoffKey, readHandoff, rearmed } from './handoff-timer.ts';
import type { TenantConfig } from './tenant-config.ts';
import { type Decided, transact } from './transact.ts';

/** Sees to it that each schedule has its timer. */
export type HandoffWatch = {
  /** Looks where that was long ago, or something changed; answers whether it armed a timer. */
  look(): Promise<boolean>;
  /** Resolves when no look is under way. */
  drain(): Promise<unknown>;
};

const EVERY_MS = 300_000;
/** How many schedules are looked at in one commit. */
const TOGETHER = 100;

/** Watches over the schedules of every tenant of `engine`. */
export function createHandoffWatch(engine: Engine): HandoffWatch {
  const looked = new Map<string, { readonly of: TenantConfig; readonly at: number }>();
  let latest: Promise<boolean> = Promise.resolve(false);

  function isLongAgo(tenant: string, of: TenantConfig): boolean {
    const last = looked.get(tenant);
    return last?.of !== of || Math.abs(engine.clock.now() - last.at) >= EVERY_MS;
  }

  async function lookAtAll(): Promise<boolean> {
    let hasArmed = false;
    for (const [tenant, of] of [...engine.tenants]) {
      if (engine.isStopped()) break;
      if (!isLongAgo(tenant, of)) continue;
      const at = engine.clock.now();
      try {
        const ids = [...of.configured.keys()];
        for (let from = 0; from < ids.length; from += TOGETHER)
          hasArmed = (await arm(engine, tenant, ids.slice(from, from + TOGETHER))) || hasArmed;
        looked.set(tenant, { of, at });
      } catch (error) {
        if (!engine.isStopped()) failed(engine, error, `arming the handoffs of tenant ${tenant}`);
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

function arm(engine: Engine, tenant: string, ids: readonly string[]): Promise<boolean> {
  return transact(engine, { tenant, documents: ids.map(handoffKey) }, (loaded): Decided<boolean> => {
    const changes = ids.flatMap((id) => missingOf(engine, loaded, id) ?? []);
    if (changes.length === 0) return { answer: () => false };
    return { change: joinChanges(...changes), answer: () => true };
  });
}

/** What is to be written about a schedule, if anything. One that cannot be computed holds up no other. */
function missingOf(engine: Engine, { config, documents, now }: Decidable, id: string): ChangeParts | undefined {
  const schedule = config.schedules.get(id);
  if (schedule === undefined) return undefined;
  const document: StoredDocument | undefined = handoffDocument(documents, id);
  const known = readHandoff(document);
  try {
    const wanted = rearmed(known, schedule, schedule, now);
    const isSoonEnough =
      known !== undefined && (known.dueAt ?? Number.POSITIVE_INFINITY) <= (wanted.dueAt ?? Number.POSITIVE_INFINITY);
    return isSoonEnough ? undefined : handoffChange(id, document, wanted);
  } catch (error) {
    failed(engine, error, `finding the next handoff of schedule ${id}`);
    return undefined;
  }
}

function failed(engine: Engine, error: unknown, doing: string): void {
  engine.logger.error({ error, doing }, 'A handoff could not be armed; it is tried again.');
  engine.bus.tell('error', { type: 'error', error, doing });
}
