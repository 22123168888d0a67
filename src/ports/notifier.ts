/**
 * Notifier: what we need from a channel, and nothing more.
 *
 * To support a channel, give `defineNotifier` a name and a `send`. These promises are what a notifier has to keep; they
 * are the definition of "supported".
 *
 *  N1. `send` settles: it resolves when the channel took the message and rejects otherwise.
 *  N2. `send` stops early and rejects when `signal` aborts; what it does afterwards changes nothing.
 *  N3. The same `idempotencyKey` always means the same message; a channel that can, deduplicates by it.
 *  N4. A failure that no later attempt can mend rejects with a `NotifyError` whose `permanent` is true.
 *  N5. When the channel says how long to wait, the rejection carries `retryAfterMs`.
 *  N6. Text of the message is never interpreted as markup of the channel.
 *  N7. `update` brings what was sent under `externalId` to what the message says now, and keeps N1, N2, N4 and N5. The same
 *      update twice leaves what one leaves.
 *  N8. Passwords, tokens and secret parts of addresses stand in no error.
 *  N9. A notifier whose `audience` is `public` shows of a message its `publicFacts` and nothing else; without them, nothing.
 */
import { TocsinError } from '../errors.ts';
import type { Message } from '../model/message.ts';

/** What accompanies one attempt to send. */
export type SendOptions = {
  /** One key for all attempts of one delivery, for life. */
  readonly idempotencyKey: string;
  /** Aborts when the attempt has taken too long. */
  readonly signal: AbortSignal;
};

/** What a channel answered: what it calls the message, and where a person can look at it there. */
export type SendResult = { readonly externalId?: string | undefined; readonly url?: string | undefined };

/** What kind of channel it is: by it messages are limited when the configuration sets no limits. */
export type NotifierKind = 'sms' | 'voice' | 'email' | 'push' | 'chat' | 'webhook' | 'console';

/** A channel that can carry messages. */
export type Notifier = {
  /** The name that contacts refer to. */
  readonly name: string;
  readonly kind?: NotifierKind;
  /**
   * Who is behind an address, when it is not one provider for all: what fails there says nothing of others. A webhook
   * answers with the origin of the URL.
   */
  provider?(address: string): string;
  /** How many messages may be on their way at once, of all tenants: a whole number from 1; without it 64 of each tenant. */
  readonly concurrency?: number;
  /** How long one attempt may take, in ms, above 0; 10 s at most, which is the default. */
  readonly deadlineMs?: number;
  send(message: Message, options: SendOptions): Promise<SendResult | undefined> | Promise<void>;
  /**
   * The platform whose incidents its messages become, such as `pagerduty`: what it calls one is kept with the incident under
   * this name.
   */
  readonly mirrors?: string;
  /**
   * Who reads what it mirrors. For `public` the engine mirrors an incident only from its first public update on, and hands
   * over nothing but what was posted for the public; it can be the notifier of a mirror, and of nothing that pages.
   */
  readonly audience?: 'public';
  /** Brings what was sent before to what there is to say now, when the channel can. */
  update?(externalId: string, message: Message, options: SendOptions): Promise<SendResult | undefined> | Promise<void>;
  readonly capabilities?: {
    /** The most characters the channel shows. */
    readonly maxLength?: number;
    readonly canUpdate?: boolean;
  };
};

/** What a {@link NotifyError} says besides its text. */
export type NotifyErrorOptions = {
  /** No later attempt can succeed: the number does not exist, the address is refused. */
  readonly permanent?: boolean;
  /** How long the channel asked us to wait, in ms. */
  readonly retryAfterMs?: number;
  /** The status of the answer, of a channel over HTTP: 404 and 410 are both permanent, and not the same. */
  readonly status?: number;
  readonly cause?: unknown;
};

/** A failed attempt to send, with what the channel said about trying again. */
export type NotifyError = TocsinError & {
  readonly details: { readonly permanent: boolean; readonly retryAfterMs?: number; readonly status?: number };
};

/** Makes a {@link NotifyError} for a notifier to throw. */
export function notifyError(message: string, options: NotifyErrorOptions = {}): NotifyError {
  const { permanent = false, retryAfterMs, status, cause } = options;
  const details = {
    permanent,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status !== undefined && { status }),
  };
  return new TocsinError('NOTIFY_FAILED', message, { details, cause }) as NotifyError;
}

/**
 * Names the type of a notifier for the editor, and refuses one without a name or a `send`.
 *
 * @throws TocsinError INPUT_INVALID when the name is empty or `send` is no function.
 * @example
 * ```ts
 * import { defineNotifier } from 'tocsin';
 * const pager = defineNotifier({
 *   name: 'pager',
 *   async send(message, { idempotencyKey }) {
 *     return { externalId: `${idempotencyKey}:${message.title.length}` };
 *   },
 * });
 * pager.name; // => 'pager'
 * ```
 */
export function defineNotifier(notifier: Notifier): Notifier {
  if (typeof notifier.name !== 'string' || notifier.name === '' || typeof notifier.send !== 'function') {
    throw new TocsinError('INPUT_INVALID', 'A notifier needs a non-empty `name` and a `send` function.');
  }
  return notifier;
}
