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
import { originOf, refusedOption } from './http/checked-options.ts';
import { fetchFor } from './http/guarded-fetch.ts';
import { headerKey } from './http/header-key.ts';
import { postJson, valuesOf } from './http/post-json.ts';
import { readSecrets, signatureHeaders } from './http/standard-webhooks.ts';

/** How {@link webhookNotifier} posts. */
export type WebhookNotifierOptions = {
  /** The name that contacts refer to. Default: `webhook`. */
  readonly name?: string;
  /**
   * `whsec_` and at least 24 random bytes in base64: every request is then signed. While a new one is introduced, a list:
   * every request carries a signature of each, and a receiver takes it for any of them.
   */
  readonly secret?: string | readonly string[];
  /** Headers of every request, such as `authorization`. Those that this notifier sets itself win. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether addresses of this machine and of private networks may be reached too. Default: `false`. Set it when all
   * who may write contacts may also reach what this process reaches.
   */
  readonly allowPrivateNetwork?: boolean;
  /**
   * Sends instead of the notifier's own client: through a proxy, or with a certificate of your own. It replaces the guard
   * against private addresses: where it connects to is then yours to check, and `allowPrivateNetwork` changes nothing.
   */
  readonly fetch?: typeof globalThis.fetch;
};

const KNOWN: readonly (keyof WebhookNotifierOptions)[] = ['name', 'secret', 'headers', 'allowPrivateNetwork', 'fetch'];
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const FRAMING = 'connection content-length expect keep-alive te trailer transfer-encoding upgrade'.split(' ');
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

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
  refuseUnknownOptions('make a webhook notifier', options, KNOWN);
  const { name = 'webhook', headers = {}, secret } = options;
  const fetch = fetchFor(options);
  const secrets = secret === undefined ? [] : readSecrets(secret);
  checkHeaders(headers);
  return {
    name,
    kind: 'webhook',
    // Each receiver is a provider of its own: one that is down says nothing of the others.
    provider: originOf,
    async send(message, { idempotencyKey, signal }) {
      const id = headerKey(idempotencyKey);
      const body = JSON.stringify(message);
      await postJson({
        address: message.to.address,
        body,
        nowMs: message.sentAt,
        signal,
        fetch,
        secrets: valuesOf(headers),
        headers: {
          ...lowerCased(headers),
          'idempotency-key': id,
          ...(secrets.length === 0 ? {} : signatureHeaders({ secrets, id, body, nowMs: message.sentAt })),
        },
      });
      return undefined;
    },
  };
}

function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    const shown = JSON.stringify(name.slice(0, 80));
    if (!TOKEN.test(name) || !FIELD_VALUE.test(value)) {
      throw refusedOption('headers', `The header ${shown} cannot be sent: use ASCII without line breaks.`);
    }
    if (FRAMING.includes(name.toLowerCase())) {
      throw refusedOption(
        'headers',
        `The header ${shown} cannot be sent: it says how a request is framed. Leave it out.`,
      );
    }
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
