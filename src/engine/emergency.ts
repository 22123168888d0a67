/**
 * Emergency: what cannot wait is paged from memory while the storage is down, and told to the storage when that is back.
 *
 * Nothing here is durable, and none of it replaces a stored page: the caller is told all the same that its event was not taken.
 */
import { keyOf } from '../core/intake/decision.ts';
import { routeEvent } from '../core/intake/routed.ts';
import { isTocsinError } from '../errors.ts';
import type { AlertEvent } from '../model/alert.ts';
import { NO_CHANGE } from './change.ts';
import { createEmergencyPages, type Urgent } from './emergency-pages.ts';
import type { EmergencyPlan } from './emergency-plan.ts';
import type { Engine } from './engine.ts';
import { takeEvent } from './ingest.ts';
import { type EmergencyPage, reconcile } from './reconcile.ts';
import { configOf } from './tenant-config.ts';

/** Watches over what is taken in. */
export type Emergency = {
  /** Runs `work`, which takes `events` in; what it could not store is paged when the storage stays down. */
  watch<T>(tenant: string, events: readonly AlertEvent[], work: () => Promise<T>): Promise<T>;
  /** Sends nothing more; resolves when what can be told to the storage was told. */
  end(): Promise<void>;
};

/** How long the storage may be down before anybody is paged without it. */
const PATIENCE_MS = 10_000;
/** How often a key is paged while it stays down. */
const WINDOW_MS = 300_000;
/** How soon to look again whether it is back. */
const LOOK_MS = 5_000;
/** How many keys are kept: an outage may last, and memory does not. */
const MOST_KEYS = 10_000;
/** How many pages are kept to be told; of a key at least the first one is, so that its incident is opened. */
const MOST_PAGES = 20_000;

/** `notBefore`: its route waits so long for it to be over. */
type Waiting = Urgent & { readonly notBefore: number };

/** Pages by `plan` while the storage of `engine` is down. */
export function createEmergency(engine: Engine, plan: EmergencyPlan | undefined): Emergency {
  let downSince: number | undefined;
  let cancel: (() => void) | undefined;
  let looking: Promise<void> | undefined;
  let hasEnded = false;
  /** What could not be stored and cannot wait, by key; and when it was paged last. */
  const waiting = new Map<string, Waiting>();
  const pagedAt = new Map<string, number>();
  const pages: EmergencyPage[] = [];
  const kept = new Set<string>();
  const sender = createEmergencyPages(engine, (page, name) => {
    if (pages.length < MOST_PAGES || !kept.has(name)) pages.push(page);
    kept.add(name);
    // It may be back by now, and nobody else looks any more.
    sleep(LOOK_MS);
  });

  /** The storage did not take something in. */
  function failed(tenant: string, events: readonly AlertEvent[], since: number): void {
    if (plan === undefined) return;
    downSince ??= since;
    for (const event of events) keep(tenant, event);
    const leftMs = downSince + PATIENCE_MS - engine.clock.now();
    // It may be this one call that was unlucky: the storage is asked before anybody is woken.
    if (leftMs <= 0) void look();
    else sleep(leftMs);
  }

  function keep(tenant: string, given: AlertEvent): void {
    const urgent = urgentKey(engine, tenant, given);
    if (urgent === undefined) return;
    const { name, holdForMs } = urgent;
    const at = engine.clock.now();
    if (given.action === 'resolve') waiting.delete(name);
    else if (given.action === 'trigger' && !waiting.has(name) && waiting.size < MOST_KEYS)
      waiting.set(name, { tenant, event: given, name, at, notBefore: at + holdForMs });
  }

  function pageAll(by: EmergencyPlan): void {
    const now = engine.clock.now();
    const window = Math.floor(now / WINDOW_MS);
    // A clock that went back says nothing of how long ago that was.
    const isAgain = (name: string) => Math.abs(now - (pagedAt.get(name) ?? Number.NEGATIVE_INFINITY)) >= WINDOW_MS;
    const isDue = ({ name, notBefore }: Waiting) => now >= notBefore && isAgain(name);
    const due = [...waiting.values()].filter(isDue);
    for (const { name } of due) pagedAt.set(name, now);
    for (const [tenant, urgent] of Map.groupBy(due, (each) => each.tenant)) {
      for (const user of by.users) sender.page(urgent, { tenant, user, window, notifier: by.notifier });
    }
    sleep(LOOK_MS);
  }

  function sleep(ms: number): void {
    if (cancel !== undefined || hasEnded) return;
    // It keeps the process alive: somebody may have to be paged.
    cancel = engine.clock.wait(Math.max(0, ms), () => {
      cancel = undefined;
      void look();
    });
  }

  function look(): Promise<void> {
    if (plan === undefined || engine.isStopped()) return Promise.resolve();
    looking ??= lookNow(plan)
      .catch((error: unknown) => engine.logger.error({ error }, 'The storage could not be looked at in an emergency.'))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  }

  async function lookNow(by: EmergencyPlan): Promise<void> {
    if (await isReachable(engine, [...engine.tenants.keys()][0])) await back();
    else if (downSince !== undefined && engine.clock.now() - downSince >= PATIENCE_MS && !hasEnded) pageAll(by);
    else sleep(LOOK_MS);
  }

  /** The storage is back: it is told what happened. What it does not take now is told again. */
  async function back(): Promise<void> {
    downSince = undefined;
    waiting.clear();
    pagedAt.clear();
    kept.clear();
    for (const page of pages.splice(0)) {
      try {
        await reconcile(engine, page);
      } catch (error) {
        engine.logger.error(
          { error, delivery: page.delivery.id },
          'A page without the storage could not be told to it yet.',
        );
        pages.push(page);
        sleep(LOOK_MS);
      }
    }
  }

  return {
    async watch(tenant, events, work) {
      if (plan === undefined) return work();
      const startedAt = engine.clock.now();
      // A storage that hangs is down as well.
      const forget = engine.clock.wait(PATIENCE_MS, () => failed(tenant, events, startedAt));
      try {
        const answer = await work();
        if (downSince !== undefined) void look();
        return answer;
      } catch (error) {
        if (isTocsinError(error, 'STORAGE_UNAVAILABLE')) failed(tenant, events, startedAt);
        throw error;
      } finally {
        forget();
      }
    },
    async end() {
      hasEnded = true;
      cancel?.();
      cancel = undefined;
      await sender.end();
      if (pages.length > 0) await look();
      if (pages.length > 0)
        engine.logger.error(
          { deliveries: pages.slice(0, 100).map(({ delivery }) => delivery.id), pages: pages.length },
          'Pages without the storage were never told to it: this process ends.',
        );
    },
  };
}

/** The name of what `given` is about, if it could page anybody at once by what this process knows; it need not be stored. */
function urgentKey(
  engine: Engine,
  tenant: string,
  given: AlertEvent,
): { readonly name: string; readonly holdForMs: number } | undefined {
  try {
    const config = configOf(engine, tenant);
    const now = engine.clock.now();
    const routed = routeEvent(takeEvent(given), config, now);
    const { urgency } = config.severity.decide(routed.fact, now);
    const isQuiet = config.intake.quiet.of(routed.fact, now) !== undefined;
    const { routeKey, dedupKey } = keyOf(routed);
    const isUrgent = given.action !== 'trigger' || (urgency === 'high' && !isQuiet);
    const name = JSON.stringify([tenant, routeKey, dedupKey]);
    return isUrgent ? { name, holdForMs: routed.route.holdForMs } : undefined;
  } catch {
    // One that is no event is refused to whoever sent it.
    return undefined;
  }
}

/** Whether the storage answers and takes something, within the time that a look may take: one that is full can still be read. */
function isReachable(engine: Engine, tenant: string | undefined): Promise<boolean> {
  if (tenant === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const forget = engine.clock.wait(LOOK_MS, () => resolve(false));
    engine
      .ready()
      .then(() => engine.storage.load({ tenant }))
      .then(() => engine.storage.commit([{ ...NO_CHANGE, commitId: engine.ids(), tenant }]))
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(forget);
  });
}
