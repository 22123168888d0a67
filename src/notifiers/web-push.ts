/**
 * Web Push: sends each message, encrypted, to a browser that has subscribed to them.
 *
 * What it encrypts with is the package `web-push`, which the host hands in. It never lets that package send: the endpoints
 * come from browsers, so they are reached through a guard.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8030
 */
import type { Message } from '../model/message.ts';
import { type Notifier, notifyError } from '../ports/notifier.ts';
import { refuseUnknownOptions } from '../ports/options.ts';
import { fetchFor } from './http/guarded-fetch.ts';
import { postJson } from './http/post-json.ts';
import { checkOptions, type Vapid } from './web-push/checked-options.ts';
import { notificationOf } from './web-push/notification.ts';
import { endpointOf, readSubscription, type Subscription } from './web-push/subscription.ts';
import { topicOf } from './web-push/topic.ts';

/** What is used of the package `web-push`: the encryption of one message, and the signature that says who sends it. */
export type WebPush = {
  generateRequestDetails(
    subscription: { readonly endpoint: string; readonly keys: { readonly p256dh: string; readonly auth: string } },
    payload: string,
    options: {
      readonly vapidDetails: Vapid;
      readonly contentEncoding: 'aes128gcm';
      readonly TTL: number;
      readonly urgency: 'high' | 'normal';
      readonly topic: string;
    },
  ): { readonly headers: object; readonly body: Uint8Array | null };
};

/** How {@link webPushNotifier} sends. */
export type WebPushNotifierOptions = {
  /** The package `web-push`: `import webPush from 'web-push'`. */
  readonly webPush: WebPush;
  /** Who sends, for the push services: `npx web-push generate-vapid-keys` makes the keys. */
  readonly vapid: Vapid;
  /** The name that contacts refer to. Default: `web-push`. */
  readonly name?: string;
  /** How long (s) a push service keeps a message for a browser that is away, from 0 to 2,419,200. Default: 3,600. */
  readonly ttl?: number;
  /** Whether addresses of this machine and of private networks, and http beside https, may be reached too. Default: `false`. */
  readonly allowPrivateNetwork?: boolean;
  /**
   * Sends instead of the notifier's own client, through a proxy for example; what it is to send is bytes. It replaces the
   * guard against private addresses: where it connects to is then yours to check.
   */
  readonly fetch?: typeof globalThis.fetch;
};

export type { Vapid };

const KNOWN: readonly (keyof WebPushNotifierOptions)[] = [
  'webPush',
  'vapid',
  'name',
  'ttl',
  'allowPrivateNetwork',
  'fetch',
];
const DEFAULT_TTL = 3_600;

/**
 * A notifier that sends to browsers. The address of a contact is a push subscription as JSON, as a browser gives it:
 * `{"endpoint":"https://...","keys":{"p256dh":"...","auth":"..."}}`.
 *
 * What a service worker gets is JSON of at most 3,993 bytes. Any 2xx counts as sent; 408, 421, 425, 429, 5xx and network failures
 * are tried again (`Retry-After` between 1 s and 15 min is honoured). Any other answer is permanent, such as 404 and 410 when
 * the subscription is gone; so is an address that is no subscription, or leads to a private network. Experimental: it has
 * met a server that speaks the documented protocol, not the real ones.
 *
 * @throws TocsinError INPUT_INVALID when `webPush` cannot encrypt, the keys of `vapid` are malformed or no pair, its subject
 * is neither mailto nor https, `ttl` is out of range, or an option is not known.
 * @see https://www.rfc-editor.org/rfc/rfc8291
 * @example
 * ```ts
 * import webPush from 'web-push';
 * import { webPushNotifier } from 'tocsin/notifiers/web-push';
 * const vapid = { subject: 'mailto:ops@example.com', ...webPush.generateVAPIDKeys() };
 * webPushNotifier({ webPush, vapid }).name; // => 'web-push'
 * ```
 */
export function webPushNotifier(options: WebPushNotifierOptions): Notifier {
  refuseUnknownOptions('make a Web Push notifier', options, KNOWN);
  const { webPush, vapid, name = 'web-push', ttl = DEFAULT_TTL } = options;
  checkOptions(webPush, vapid, ttl);
  const isPrivateAllowed = options.allowPrivateNetwork === true;
  const fetch = fetchFor(options);
  return {
    name,
    kind: 'push',
    // Each browser's maker runs a push service of its own: one that is down says nothing of the others.
    provider: (address) => endpointOf(address)?.origin ?? '',
    async send(message, { idempotencyKey, signal }) {
      const subscription = readSubscription(message.to.address, isPrivateAllowed);
      const { headers, body } = sealed(webPush, subscription, message, { vapid, ttl, idempotencyKey });
      await postJson({
        address: subscription.endpoint.href,
        body,
        headers,
        nowMs: message.sentAt,
        signal,
        fetch,
        secrets: secretsOf(subscription, vapid, headers),
      });
    },
  };
}

type Sending = { readonly vapid: Vapid; readonly ttl: number; readonly idempotencyKey: string };
type Sealed = { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array<ArrayBuffer> };

/** The message as only this browser can read it, and the headers that go with it. */
function sealed(
  webPush: WebPush,
  { endpoint, keys }: Subscription,
  message: Message,
  { vapid, ttl, idempotencyKey }: Sending,
): Sealed {
  const payload = notificationOf(message);
  try {
    const { headers, body } = webPush.generateRequestDetails(
      // Written anew, so that whom the signature is for is read as it is here.
      { endpoint: endpoint.href, keys },
      payload,
      {
        vapidDetails: vapid,
        contentEncoding: 'aes128gcm',
        TTL: ttl,
        urgency: message.urgency === 'high' ? 'high' : 'normal',
        topic: topicOf(message, idempotencyKey),
      },
    );
    if (body !== null) return { headers: lowerCased(headers), body: new Uint8Array(body) };
  } catch {
    // What it says may repeat the keys that it was given.
  }
  throw notifyError(`Cannot deliver to ${endpoint.origin}: its keys are broken. Give the contact a new subscription.`, {
    permanent: true,
  });
}

/** How long the body is, is known to whoever sends it. */
function lowerCased(headers: object): Record<string, string> {
  const all = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return Object.fromEntries(all.filter(([name]) => name !== 'content-length'));
}

/** What an answer may repeat of what was asked, besides the endpoint as a whole. */
function secretsOf({ keys }: Subscription, { privateKey }: Vapid, { authorization }: Sealed['headers']) {
  return [privateKey, keys.auth, keys.p256dh, ...`${authorization}`.split(/[\s,=]+/)];
}
