/**
 * Subscriptions: the address of a browser, as the JSON that the browser gave.
 *
 * It comes from a stranger. Nothing of it but the origin of its endpoint ever stands in an error: whoever knows the rest can
 * send.
 *
 * @see https://www.w3.org/TR/push-api/#pushsubscription-interface
 */
import { notifyError } from '../../ports/notifier.ts';
import { fieldOf } from '../http/json-answer.ts';

/** Where a browser is reached, and what is encrypted for it with. */
export type Subscription = {
  readonly endpoint: URL;
  readonly keys: { readonly p256dh: string; readonly auth: string };
};

/** 65 and 16 bytes in base64url; some write the padding that browsers leave out. */
const P256DH = /^[\w-]{87}=?$/;
const AUTH = /^[\w-]{22}(?:==)?$/;

/**
 * The subscription that `address` is; http is read only where private networks are allowed.
 *
 * @throws TocsinError NOTIFY_FAILED, permanent, when it is none.
 */
export function readSubscription(address: string, isPrivateAllowed: boolean): Subscription {
  const endpoint = endpointOf(address);
  const p256dh = textIn(address, ['keys', 'p256dh']);
  const auth = textIn(address, ['keys', 'auth']);
  const isWeb = endpoint?.protocol === 'https:' || (endpoint?.protocol === 'http:' && isPrivateAllowed);
  // A name and a password in a URL would be sent instead of the signature.
  if (isWeb && endpoint.username + endpoint.password === '' && P256DH.test(p256dh) && AUTH.test(auth)) {
    return { endpoint, keys: { p256dh, auth } };
  }
  throw notifyError(
    "Cannot deliver: the contact's address is no push subscription. Give it one as JSON, with a URL of https.",
    { permanent: true },
  );
}

/** The endpoint in `address`, when there is one at all. */
export function endpointOf(address: string): URL | null {
  return URL.parse(textIn(address, ['endpoint']));
}

function textIn(address: string, path: readonly string[]): string {
  const text = fieldOf(address, path);
  return typeof text === 'string' ? text : '';
}
