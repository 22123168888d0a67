/**
 * Delivers one claimed delivery: build the message, send it within the deadline, settle what became of it.
 *
 * Whatever a notifier does (throws at once, hangs, rejects with a string) is a failed attempt and no more.
 */

import { canAccept } from '../core/lifecycle/allowed.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { settle } from '../core/lifecycle/settle.ts';
import { messageOf } from '../core/paging/message.ts';
import { plan } from '../core/paging/plan-page.ts';
import { retryDelay } from '../core/paging/retry.ts';
import { isTocsinError } from '../errors.ts';
import type { Delivery } from '../model/delivery.ts';
import { SYSTEM } from '../model/identity.ts';
import type { EventDraft } from '../model/timeline.ts';
import { notifyError } from '../ports/notifier.ts';
import type { ClaimedDelivery, DeliveryOutcome } from '../ports/storage.ts';
import { changeOf } from './change.ts';
import { configOf, type Engine } from './engine.ts';
import { type Decided, reaching, transact } from './transact.ts';

/** How long one attempt may take. The lease is longer, so that nobody else sends meanwhile. */
export const ATTEMPT_MS = 10_000;
/** How long a claimed row is nobody else's. */
export const LEASE_MS = 15_000;

const FAILED_PAGES = 'failed-pages';

type DeadOutcome = Extract<DeliveryOutcome, { state: 'dead' }>;

/** Attempts one delivery. Rejects only when the storage cannot be reached; then its lease ends and it is tried again. */
export async function deliver(engine: Engine, { delivery, token }: ClaimedDelivery): Promise<void> {
  const outcome = await attempt(engine, delivery);
  const isSettled = await reaching(() => engine.storage.settleDelivery(delivery.tenant, delivery.id, token, outcome));
  if (!isSettled) {
    engine.logger.warn(
      { delivery: delivery.id, token },
      'A delivery was settled by somebody else meanwhile; this attempt may have been a duplicate.',
    );
    return;
  }
  if (outcome.state === 'dead') return bury(engine, delivery, outcome);
  if (outcome.state === 'retry') engine.wake(outcome.afterMs);
  tell(engine, delivery, outcome);
}

async function attempt(engine: Engine, delivery: Delivery): Promise<DeliveryOutcome> {
  try {
    const externalId = await send(engine, delivery);
    return { state: 'sent', ...(externalId !== undefined && { externalId }) };
  } catch (error) {
    const { permanent, retryAfterMs } = verdictOf(error);
    const afterMs = retryDelay({ id: delivery.id, attempts: delivery.attempts, permanent, retryAfterMs });
    const text = textOf(error);
    return afterMs === undefined ? { state: 'dead', error: text } : { state: 'retry', afterMs, error: text };
  }
}

async function send(engine: Engine, delivery: Delivery): Promise<string | undefined> {
  const notifier = engine.notifiers.get(delivery.notifier);
  if (notifier === undefined)
    throw notifyError(
      `Cannot deliver ${delivery.id}: no notifier is called ${delivery.notifier}. Hand one to createTocsin.`,
      { permanent: true },
    );
  const { context, now } = await contextOf(engine, delivery);
  const config = engine.tenants.get(delivery.tenant);
  const names = {
    service: config?.services.get(context.service)?.name,
    user: delivery.user === undefined ? undefined : config?.users.get(delivery.user)?.name,
  };
  const message = messageOf(delivery, context, names, now);
  return withDeadline(engine, `Notifier ${delivery.notifier}`, async (signal) => {
    const result: unknown = await notifier.send(message, { idempotencyKey: delivery.id, signal });
    const externalId =
      typeof result === 'object' && result !== null && 'externalId' in result ? result.externalId : undefined;
    return typeof externalId === 'string' ? externalId : undefined;
  });
}

async function contextOf(
  engine: Engine,
  { tenant, incidentId }: Delivery,
): Promise<{ context: IncidentContext; now: number }> {
  const { now, incidents } = await reaching(() => engine.storage.load({ tenant, incidents: [incidentId] }));
  const incident = incidents[0];
  if (incident === undefined) throw notifyError(`Cannot deliver: incident ${incidentId} is gone.`, { permanent: true });
  return { context: incident.snapshot.context, now };
}

/** Runs `work` of the host until it settles or has taken too long, whichever comes first. */
function withDeadline<T>(engine: Engine, who: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const cancel = engine.clock.wait(
      ATTEMPT_MS,
      () => {
        const late = notifyError(`${who} did not answer within ${ATTEMPT_MS / 1_000} s.`);
        controller.abort(late);
        reject(late);
      },
      { keepAlive: false },
    );
    // `async` turns a notifier that throws at once into one that rejects.
    (async () => work(controller.signal))().then(resolve, reject).finally(cancel);
  });
}

/** A delivery that ended is never silent: the next contact is used at once, and the host is told. */
async function bury(engine: Engine, attempted: Delivery, outcome: DeadOutcome): Promise<void> {
  if (await isWithdrawn(engine, attempted)) return;
  const delivery = { ...attempted, state: 'dead', error: outcome.error } as const;
  engine.logger.error(
    { delivery: delivery.id, notifier: delivery.notifier, error: delivery.error },
    'A delivery ended as a dead letter.',
  );
  tell(engine, delivery, outcome);
  try {
    await useNextContact(engine, delivery);
  } finally {
    await tellHost(engine, delivery);
  }
}

async function tellHost(engine: Engine, delivery: Delivery): Promise<void> {
  try {
    await withDeadline(engine, 'onDeadLetter', async () => engine.onDeadLetter?.(delivery));
  } catch (error) {
    engine.logger.error({ error, delivery: delivery.id }, 'onDeadLetter failed.');
  }
}

/** Somebody answered while it was on the wire: nobody waits for it. When that cannot be found out, it counts. */
async function isWithdrawn(engine: Engine, { tenant, id, incidentId, page }: Delivery): Promise<boolean> {
  const siblings = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId, page })).catch(() => []);
  return siblings.some((delivery) => delivery.id === id && delivery.state === 'withdrawn');
}

async function useNextContact(engine: Engine, delivery: Delivery): Promise<void> {
  if (delivery.purpose === 'notice') return;
  const { tenant, incidentId, page, user } = delivery;
  if (user !== undefined && (await reaching(() => engine.storage.hasten(tenant, incidentId, page, user))))
    engine.wake(0);
  await recordFailedPage(engine, delivery);
}

/** When every contact of every person of a page has failed, the incident hears of it and climbs at once. */
async function recordFailedPage(
  engine: Engine,
  { tenant, incidentId, page, purpose, position }: Delivery,
): Promise<void> {
  const siblings = await reaching(() => engine.storage.listDeliveries(tenant, { incidentId, page }));
  const toPeople = siblings.filter(({ user }) => user !== undefined);
  if (purpose === 'notice' || toPeople.length === 0 || toPeople.some(({ state }) => state !== 'dead')) return;
  const errors = [...new Set(toPeople.map(({ error }) => error ?? 'unknown'))];
  const draft: EventDraft = { type: 'page.failed', page, purpose, position, errors };
  // The last contacts of a page may fail at the same moment; it is said once.
  const receipt = { collection: FAILED_PAGES, id: `${incidentId}:${page}` };
  await transact(engine, { tenant, incidents: [incidentId], documents: [receipt] }, (loaded): Decided<void> => {
    const before = loaded.incidents[0];
    const isSaid = loaded.documents.length > 0;
    if (before === undefined || isSaid || !canAccept(before.snapshot, draft)) return { answer: () => undefined };
    const config = configOf(engine, tenant);
    const settled = settle({
      snapshot: before.snapshot,
      drafts: [draft],
      at: loaded.now,
      by: SYSTEM,
      plan: (effect, { context }) => plan(effect, context, config),
    });
    const documents = [{ ...receipt, data: { at: loaded.now } }];
    return { change: { ...changeOf(tenant, before, settled), documents }, answer: () => undefined };
  });
}

function tell(engine: Engine, delivery: Delivery, outcome: DeliveryOutcome): void {
  const type =
    outcome.state === 'sent' ? 'delivery.sent' : outcome.state === 'retry' ? 'delivery.retried' : 'delivery.dead';
  const state = outcome.state === 'retry' ? 'pending' : outcome.state;
  const error = outcome.state === 'sent' ? undefined : outcome.error;
  engine.bus.tell(type, { type, tenant: delivery.tenant, delivery: { ...delivery, state, error } });
}

function verdictOf(error: unknown): { permanent: boolean; retryAfterMs: number | undefined } {
  const said = isTocsinError(error, 'NOTIFY_FAILED')
    ? error.details
    : typeof error === 'object' && error !== null
      ? (error as Record<string, unknown>)
      : {};
  return {
    permanent: said.permanent === true,
    retryAfterMs: typeof said.retryAfterMs === 'number' ? said.retryAfterMs : undefined,
  };
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, 1_000) || 'the notifier failed without saying why';
}
