/**
 * Webhook: posts each message as JSON to the contact's address, signed as Standard Webhooks when a secret is given.
 *
 * It reaches public addresses only unless told otherwise, follows no redirect, and never lets a text of the message
 * become a header.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import type { Notifier } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { originOf } from './http/checked-options.ts';
import { postJson } from './http/post-json.ts';
import { signedPosts, WEBHOOK_OPTIONS, type WebhookOptions } from './http/signed-post.ts';

export type { WebhookOptions } from './http/signed-post.ts';

/** How {@link webhookNotifier} posts. */
export type WebhookNotifierOptions = WebhookOptions & {
  /** The name that contacts refer to. Default: `webhook`. */
  readonly name?: string;
};

/**
 * A notifier that posts each message as JSON, with the delivery's idempotency key as `Idempotency-Key`.
 *
 * With a secret the headers `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature` are added. An answer of
 * 2xx counts as sent; 408, 421, 425, 429, 5xx and network failures are tried again (`Retry-After` between 1 s and 15 min is
 * honoured); any other answer, redirects included, and an address that is not http or https, is permanent.
 *
 * Contacts are often written by others than those who run the process. So an address that is, or whose name resolves to,
 * anything but public unicast addresses is refused, permanently: this machine, private networks, the metadata of clouds.
 * Names are resolved once for each connection, and what was checked is what is connected to.
 *
 * @throws TocsinError INPUT_INVALID when the secret is malformed or shorter than 24 bytes, a header cannot be sent, or an option is not known.
 * @example
 * ```ts
 * import { webhookNotifier } from 'tocsin/notifiers/webhook';
 * const notifier = webhookNotifier({ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });
 * notifier.name; // => 'webhook'
 * ```
 */
export function webhookNotifier(options: WebhookNotifierOptions = {}): Notifier {
  refuseUnknownOptions('make a webhook notifier', options, ['name', ...WEBHOOK_OPTIONS]);
  const { name = 'webhook', ...given } = options;
  const post = signedPosts(given);
  return {
    name,
    kind: 'webhook',
    // Each receiver is a provider of its own: one that is down says nothing of the others.
    provider: originOf,
    async send(message, { idempotencyKey, signal }) {
      const { sentAt: nowMs, to } = message;
      await postJson(post({ address: to.address, body: JSON.stringify(message), idempotencyKey, nowMs, signal }));
      return undefined;
    },
  };
}
