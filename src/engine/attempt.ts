/**
 * One attempt to send one delivery: build the message, make sure that it is still wanted, send it within the deadline.
 *
 * Whatever a notifier does (throws at once, hangs, rejects with a string) is a failed attempt and no more. Nothing of it is
 * stored here.
 */
import type { IncidentContext } from '../core/lifecycle/context.ts';
import { messageOf } from '../core/paging/message.ts';
import { retryDelay } from '../core/paging/retry.ts';
import { isTocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { Message } from '../model/message.ts';
import { notifyError } from '../ports/notifier.ts';
import type { ClaimedDelivery, DeliveryOutcome } from '../ports/storage.ts';
import type { Engine } from './engine.ts';
import { reaching } from './transact.ts';

/** How long one attempt may take. The lease is longer, so that nobody else sends meanwhile. */
const ATTEMPT_MS = 10_000;
/** How long a claimed row is nobody else's. */
export const LEASE_MS = 15_000;
/** What must be left of the lease when an attempt begins. */
const ENOUGH_MS = ATTEMPT_MS + 1_000;

/** How the attempt ended; `undefined` when there was none, because the delivery was taken back before it. */
export async function attempt(engine: Engine, claimed: ClaimedDelivery): Promise<DeliveryOutcome | undefined> {
  const { delivery } = claimed;
  if (delivery.isUnreadable) return { state: 'dead', error: 'What is stored of this delivery cannot be read.' };
  // What fails here is the storage's doing, and no failure of the notifier.
  const read = await contextOf(engine, delivery);
  if (read === undefined) return { state: 'dead', error: `Cannot deliver: incident ${delivery.incidentId} is gone.` };
  const message = messageFor(engine, delivery, read);
  if (!(await isHeld(engine, claimed))) return undefined;
  try {
    const externalId = externalIdOf(await send(engine, delivery, message));
    return { state: 'sent', ...(externalId !== undefined && { externalId }) };
  } catch (error) {
    const { permanent, retryAfterMs } = verdictOf(error);
    const afterMs = retryDelay({ id: delivery.id, attempts: delivery.attempts, permanent, retryAfterMs });
    const text = textOf(error);
    return afterMs === undefined ? { state: 'dead', error: text } : { state: 'retry', afterMs, error: text };
  }
}

function messageFor(engine: Engine, delivery: StoredDelivery, { context, now }: ReadContext): Message {
  const config = engine.tenants.get(delivery.tenant);
  const user = delivery.user === undefined ? undefined : config?.users.get(delivery.user)?.name;
  try {
    const service = context === undefined ? undefined : config?.services.get(context.service)?.name;
    return messageOf(delivery, context, { service, user }, now);
  } catch (error) {
    engine.logger.error({ error, delivery: delivery.id }, 'What is stored of an incident cannot be put into words.');
    return messageOf(delivery, undefined, { service: undefined, user }, now);
  }
}

/** What the notifier answers, within the deadline. */
async function send(engine: Engine, delivery: StoredDelivery, message: Message): Promise<unknown> {
  const notifier = engine.notifiers.get(delivery.notifier);
  if (notifier === undefined)
    throw notifyError(
      // Another process may have it: this one only fails an attempt.
      `Cannot deliver ${delivery.id}: no notifier is called ${delivery.notifier}. Hand one to createTocsin.`,
    );
  return withDeadline(
    engine,
    `Notifier ${delivery.notifier}`,
    async (signal): Promise<unknown> => notifier.send(message, { idempotencyKey: delivery.id, signal }),
  );
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

/** Whether it is still ours and still wanted; then it stays ours for as long as an attempt may take. */
export function isHeld(engine: Engine, { delivery, token }: ClaimedDelivery): Promise<boolean> {
  const extend = () => engine.storage.extendDelivery(delivery.tenant, delivery.id, token, ENOUGH_MS);
  return reaching(() => extend().catch(extend));
}

/** Without a context the incident is in quarantine: its page goes out all the same. */
type ReadContext = { readonly context: IncidentContext | undefined; readonly now: number };

/** `undefined` when there is no such incident any more. */
async function contextOf(engine: Engine, { tenant, incidentId }: StoredDelivery): Promise<ReadContext | undefined> {
  try {
    const load = () => engine.load({ tenant, incidents: [incidentId] });
    const { now, incidents } = await reaching(() => load().catch(load));
    const incident = incidents[0];
    return incident === undefined ? undefined : { context: incident.snapshot.context, now };
  } catch (error) {
    if (!isTocsinError(error, 'SNAPSHOT_UNREADABLE')) throw error;
    return { context: undefined, now: (await reaching(() => engine.storage.load({ tenant }))).now };
  }
}

/** Runs `work` of the host until it settles or has taken too long, whichever comes first. */
export function withDeadline<T>(engine: Engine, who: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
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
