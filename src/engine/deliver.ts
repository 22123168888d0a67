/**
 * Delivers one claimed delivery: build the message, send it within the deadline, settle what became of it.
 *
 * Whatever a notifier does (throws at once, hangs, rejects with a string) is a failed attempt and no more. What follows
 * from a delivery that ends dead is stored before its end is, so that nothing of it is ever lost.
 */

import { canAccept } from '../core/lifecycle/allowed.ts';
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { messageOf } from '../core/paging/message.ts';
import { retryDelay } from '../core/paging/retry.ts';
import { isTocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import { SYSTEM } from '../model/identity.ts';
import type { EventDraft } from '../model/timeline.ts';
import { notifyError } from '../ports/notifier.ts';
import type { ClaimedDelivery, DeliveryOutcome } from '../ports/storage.ts';
import { changeOf } from './change.ts';
import { configOf, type Engine } from './engine.ts';
import { settleFor } from './settle-for.ts';
import { type Decided, reaching, transact } from './transact.ts';
import { deliveryView } from './views.ts';

/** How long one attempt may take. The lease is longer, so that nobody else sends meanwhile. */
export const ATTEMPT_MS = 10_000;
/** How long a claimed row is nobody else's. */
export const LEASE_MS = 15_000;

const FAILED_PAGES = 'failed-pages';

/** Every row of a page, however many people it asks. */
const WHOLE_PAGE = 100_000;

type DeadOutcome = Extract<DeliveryOutcome, { state: 'dead' }>;

/** Attempts one delivery. Rejects only when the storage cannot be reached; then its lease ends and it is tried again. */
export async function deliver(engine: Engine, claimed: ClaimedDelivery): Promise<void> {
  const { delivery } = claimed;
  const outcome = await attempt(engine, delivery);
  if (outcome === undefined) return;
  if (outcome.state === 'dead') return bury(engine, claimed, outcome);
  if (!(await settleAs(engine, claimed, outcome))) return;
  if (outcome.state === 'retry') engine.wake(outcome.afterMs);
  tell(engine, outcome.state === 'sent' ? await asSent(engine, delivery) : delivery, outcome);
}

async function settleAs(
  engine: Engine,
  { delivery, token }: ClaimedDelivery,
  outcome: DeliveryOutcome,
): Promise<boolean> {
  const isSettled = await reaching(() => engine.storage.settleDelivery(delivery.tenant, delivery.id, token, outcome));
  if (!isSettled) {
    engine.logger.warn(
      { delivery: delivery.id, token },
      'A delivery was settled by somebody else meanwhile; this attempt may have been a duplicate.',
    );
  }
  return isSettled;
}

/** How the attempt ended; `undefined` when there was none, because the delivery was taken back before it. */
async function attempt(engine: Engine, delivery: StoredDelivery): Promise<DeliveryOutcome | undefined> {
  try {
    const sent = await send(engine, delivery);
    if (sent === undefined) return undefined;
    return { state: 'sent', ...(sent.externalId !== undefined && { externalId: sent.externalId }) };
  } catch (error) {
    const { permanent, retryAfterMs } = verdictOf(error);
    const afterMs = retryDelay({ id: delivery.id, attempts: delivery.attempts, permanent, retryAfterMs });
    const text = textOf(error);
    return afterMs === undefined ? { state: 'dead', error: text } : { state: 'retry', afterMs, error: text };
  }
}

/** Sends it, unless nobody waits for it any more. */
async function send(
  engine: Engine,
  delivery: StoredDelivery,
): Promise<{ readonly externalId: string | undefined } | undefined> {
  const notifier = engine.notifiers.get(delivery.notifier);
  if (notifier === undefined)
    throw notifyError(
      // Another process may have it: this one only fails an attempt.
      `Cannot deliver ${delivery.id}: no notifier is called ${delivery.notifier}. Hand one to createTocsin.`,
    );
  const { context, now } = await contextOf(engine, delivery);
  const config = engine.tenants.get(delivery.tenant);
  const names = {
    service: config?.services.get(context.service)?.name,
    user: delivery.user === undefined ? undefined : config?.users.get(delivery.user)?.name,
  };
  const message = messageOf(delivery, context, names, now);
  if (!(await isHeld(engine, delivery))) return undefined;
  const result = await withDeadline(
    engine,
    `Notifier ${delivery.notifier}`,
    async (signal): Promise<unknown> => notifier.send(message, { idempotencyKey: delivery.id, signal }),
  );
  return { externalId: externalIdOf(result) };
}

/** A notifier that took the message and answers nonsense has sent it. */
function externalIdOf(result: unknown): string | undefined {
  try {
    const externalId =
      typeof result === 'object' && result !== null && 'externalId' in result ? result.externalId : undefined;
    return typeof externalId === 'string' ? externalId : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it still waits for what this attempt makes of it: not taken back, and in nobody else's hands. */
async function isHeld(engine: Engine, { id, attempts, ...delivery }: StoredDelivery): Promise<boolean> {
  const leased = await pageOf(engine, delivery, 'leased');
  return leased.some((row) => row.id === id && row.attempts === attempts);
}

function pageOf(
  engine: Engine,
  { tenant, incidentId, page }: Pick<StoredDelivery, 'tenant' | 'incidentId' | 'page'>,
  state?: StoredDelivery['state'],
): Promise<readonly StoredDelivery[]> {
  const filter = { incidentId, page, limit: WHOLE_PAGE, ...(state !== undefined && { state }) };
  return reaching(() => engine.storage.listDeliveries(tenant, filter));
}

async function contextOf(
  engine: Engine,
  { tenant, incidentId }: StoredDelivery,
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
    // It keeps the process alive: a process that ends meanwhile would never settle what is on its way.
    const cancel = engine.clock.wait(ATTEMPT_MS, () => {
      const late = notifyError(`${who} did not answer within ${ATTEMPT_MS / 1_000} s.`);
      controller.abort(late);
      reject(late);
    });
    // `async` turns a notifier that throws at once into one that rejects.
    (async () => work(controller.signal))().then(resolve, reject).finally(cancel);
  });
}

/**
 * A delivery that ended is never silent: the next contact is used at once, and the host is told. What the incident has to
 * hear comes before the row is settled: when it cannot be stored, the lease ends and all of it is done again.
 */
async function bury(engine: Engine, claimed: ClaimedDelivery, outcome: DeadOutcome): Promise<void> {
  const delivery = { ...claimed.delivery, state: 'dead', error: outcome.error } as const;
  if (await isHeld(engine, claimed.delivery)) await goOn(engine, delivery);
  if (!(await settleAs(engine, claimed, outcome)) || (await isWithdrawn(engine, delivery))) return;
  engine.logger.error(
    { delivery: delivery.id, notifier: delivery.notifier, error: delivery.error },
    'A delivery ended as a dead letter.',
  );
  try {
    // The last two of a page may end at the same moment, and neither saw the other dead.
    await recordFailedPage(engine, delivery);
  } finally {
    tell(engine, delivery, outcome);
    await tellHost(engine, delivery);
  }
}

/** What follows from a delivery that ends. A defect in it must not send the message again without end. */
async function goOn(engine: Engine, delivery: StoredDelivery): Promise<void> {
  try {
    await useNextContact(engine, delivery);
    await recordFailedPage(engine, delivery);
  } catch (error) {
    if (isTocsinError(error) && error.retryable) throw error;
    engine.logger.error({ error, delivery: delivery.id }, 'A page that failed could not be recorded.');
  }
}

async function tellHost(engine: Engine, delivery: StoredDelivery): Promise<void> {
  try {
    await withDeadline(engine, 'onDeadLetter', async () => engine.onDeadLetter?.(deliveryView(delivery)));
  } catch (error) {
    engine.logger.error({ error, delivery: delivery.id }, 'onDeadLetter failed.');
  }
}

/** Somebody answered while it was on the wire: nobody waits for it. When that cannot be found out, it counts. */
async function isWithdrawn(engine: Engine, delivery: StoredDelivery): Promise<boolean> {
  const withdrawn = await pageOf(engine, delivery, 'withdrawn').catch(() => []);
  return withdrawn.some(({ id }) => id === delivery.id);
}

async function useNextContact(
  engine: Engine,
  { tenant, incidentId, page, user, purpose }: StoredDelivery,
): Promise<void> {
  if (purpose === 'notice' || user === undefined) return;
  if (await reaching(() => engine.storage.hasten(tenant, incidentId, page, user))) engine.wake(0);
}

/**
 * When every contact of every person of a page has failed, the incident hears of it and climbs at once. `dead` counts as
 * dead, whatever is stored of it yet.
 */
async function recordFailedPage(engine: Engine, dead: StoredDelivery): Promise<void> {
  const { tenant, incidentId, page, purpose, position } = dead;
  if (purpose === 'notice') return;
  const siblings = (await pageOf(engine, dead)).map((delivery) => (delivery.id === dead.id ? dead : delivery));
  const toPeople = siblings.filter(({ user }) => user !== undefined);
  if (toPeople.length === 0 || toPeople.some(({ state }) => state !== 'dead')) return;
  const errors = [...new Set(toPeople.map(({ error }) => error ?? 'unknown'))];
  const draft: EventDraft = { type: 'page.failed', page, purpose, position, errors };
  // The last contacts of a page may fail at the same moment; it is said once.
  const receipt = { collection: FAILED_PAGES, id: `${incidentId}:${page}` };
  await transact(engine, { tenant, incidents: [incidentId], documents: [receipt] }, (loaded): Decided<void> => {
    const before = loaded.incidents[0];
    const isSaid = loaded.documents.length > 0;
    if (before === undefined || isSaid || !canAccept(before.snapshot, draft)) return { answer: () => undefined };
    const config = configOf(engine, tenant);
    const settled = settleFor(config, {
      snapshot: before.snapshot,
      drafts: [draft],
      at: loaded.now,
      by: SYSTEM,
    });
    const documents = [{ ...receipt, data: { at: loaded.now } }];
    return { change: { ...changeOf(tenant, before, settled), documents }, answer: () => undefined };
  });
}

/** The delivery as it was stored when it went out; without the moment when that cannot be read. */
async function asSent(engine: Engine, delivery: StoredDelivery): Promise<StoredDelivery> {
  const sent = await pageOf(engine, delivery, 'sent').catch(() => []);
  return sent.find(({ id }) => id === delivery.id) ?? delivery;
}

function tell(engine: Engine, delivery: StoredDelivery, outcome: DeliveryOutcome): void {
  const type =
    outcome.state === 'sent' ? 'delivery.sent' : outcome.state === 'retry' ? 'delivery.retried' : 'delivery.dead';
  const state = outcome.state === 'retry' ? 'pending' : outcome.state;
  const ended =
    outcome.state !== 'sent'
      ? { error: outcome.error }
      : { error: undefined, ...(outcome.externalId !== undefined && { externalId: outcome.externalId }) };
  engine.bus.tell(type, { type, tenant: delivery.tenant, delivery: deliveryView({ ...delivery, state, ...ended }) });
}

type Verdict = { readonly permanent: boolean; readonly retryAfterMs: number | undefined };

/** What the error says about trying again. Reading it may throw: it comes from the host. */
function verdictOf(error: unknown): Verdict {
  try {
    const said: Readonly<Record<string, unknown>> = isTocsinError(error, 'NOTIFY_FAILED')
      ? error.details
      : typeof error === 'object' && error !== null
        ? (error as Record<string, unknown>)
        : {};
    const { permanent, retryAfterMs } = said;
    return {
      permanent: permanent === true,
      retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
    };
  } catch {
    return { permanent: false, retryAfterMs: undefined };
  }
}

function textOf(error: unknown): string {
  try {
    const text = String(error instanceof Error ? error.message : error);
    return text.slice(0, 1_000) || 'the notifier failed without saying why';
  } catch {
    return 'the notifier failed with something that cannot be read';
  }
}
