/**
 * Send: hands one message to one notifier, within its deadline, and reads what it answers.
 *
 * Whatever a notifier does (throws at once, hangs, rejects with a string) is a failed attempt and no more.
 */
import { askedWait } from '../core/paging/retry.ts';
import { webAddress } from '../core/text/web-address.ts';
import { isTocsinError } from '../errors.ts';
import type { Message } from '../model/message.ts';
import { notifyError } from '../ports/notifier.ts';
import type { Carrier } from './carriers.ts';
import type { Engine } from './engine.ts';

/** The message was taken. */
export type Taken = { readonly externalId: string | undefined; readonly url?: string | undefined };
/** It was not, and what that says about trying again. */
export type Failure = {
  readonly error: string;
  readonly permanent: boolean;
  readonly retryAfterMs: number | undefined;
};

/** How long one attempt may take. */
const ATTEMPT_MS = 10_000;

/**
 * What becomes of `message` at `carrier`; nothing when others have made it one that is not to be asked now. With an `earlier`
 * one that the carrier can change, that is brought up to date.
 */
export async function send(
  engine: Engine,
  carrier: Carrier,
  message: Message,
  earlier?: string,
): Promise<Taken | Failure | undefined> {
  const { notifier } = carrier;
  if (notifier.audience === 'public' && message.publicFacts === undefined && message.purpose !== 'canary') {
    const error = `Cannot send ${message.deliveryId}: everybody reads what ${notifier.name} shows, and the public knows nothing of it.`;
    return { error, permanent: true, retryAfterMs: undefined };
  }
  const end = engine.carriers.begin(carrier);
  if (end === undefined) return undefined;
  try {
    const options = { idempotencyKey: message.deliveryId };
    const result = await withDeadline<unknown>(
      engine,
      `Notifier ${notifier.name}`,
      async (signal) =>
        earlier !== undefined && notifier.update !== undefined
          ? notifier.update(earlier, message, { ...options, signal })
          : notifier.send(message, { ...options, signal }),
      notifier.deadlineMs,
    );
    end('sent');
    return { externalId: textIn(result, 'externalId'), url: webAddress(textIn(result, 'url') ?? '') };
  } catch (error) {
    const failure = withoutSecret(failureOf(error), message);
    const { permanent, retryAfterMs } = failure;
    end(permanent ? 'refused' : { pauseMs: retryAfterMs === undefined ? undefined : askedWait(retryAfterMs) });
    return failure;
  }
}

/** What a notifier says of its failure may repeat the message; a code that is in it goes into no list and no log. */
function withoutSecret(failure: Failure, { purpose }: Message): Failure {
  return purpose === 'verification' ? { ...failure, error: failure.error.replace(/\d{4,}/g, '…') } : failure;
}

/** A notifier that took the message and answers nonsense has sent it. */
function textIn(result: unknown, name: 'externalId' | 'url'): string | undefined {
  try {
    const value: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Runs `work` of the host until it settles or has taken too long, whichever comes first. */
export function withDeadline<T>(
  engine: Pick<Engine, 'clock'>,
  who: string,
  work: (signal: AbortSignal) => Promise<T>,
  deadlineMs = ATTEMPT_MS,
): Promise<T> {
  const controller = new AbortController();
  const ms = deadlineMs > 0 ? Math.min(deadlineMs, ATTEMPT_MS) : ATTEMPT_MS;
  return new Promise<T>((resolve, reject) => {
    // It keeps the process alive: a process that ends meanwhile would never settle what is on its way.
    const cancel = engine.clock.wait(ms, () => {
      const late = notifyError(`${who} did not answer within ${ms / 1_000} s.`);
      controller.abort(late);
      reject(late);
    });
    // `async` turns a notifier that throws at once into one that rejects.
    (async () => work(controller.signal))().then(resolve, reject).finally(cancel);
  });
}

/** What the error says. Reading it may throw: it comes from the host. */
export function failureOf(error: unknown): Failure {
  return { error: textOf(error), ...verdictOf(error) };
}

function verdictOf(error: unknown): Pick<Failure, 'permanent' | 'retryAfterMs'> {
  try {
    const said: Readonly<Record<string, unknown>> = isTocsinError(error, 'NOTIFY_FAILED')
      ? error.details
      : typeof error === 'object' && error !== null
        ? (error as Record<string, unknown>)
        : {};
    const { permanent, retryAfterMs } = said;
    const isWait = typeof retryAfterMs === 'number' && Number.isFinite(retryAfterMs);
    return { permanent: permanent === true, retryAfterMs: isWait ? retryAfterMs : undefined };
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
