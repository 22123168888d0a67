/**
 * Signatures of Rootly: whether a webhook comes from there, and from just now.
 *
 * Pure. It reads nothing of the body but what is signed.
 *
 * @see https://docs.rootly.com/configuration/webhooks
 */
import { readHeader, readText, refuse } from '../../callbacks/callback.ts';
import { checkSecrets, isSignedByAny } from '../../callbacks/mac.ts';
import type { CallbackBody, CallbackHeaders, CallbackOutcome, Secret } from '../../callbacks/request.ts';

/** A request that claims to come from Rootly. */
export type RootlyWebhookRequest = {
  readonly headers: CallbackHeaders;
  readonly body: CallbackBody;
  /** The signing secrets of the endpoint: more than one while a new one is introduced. */
  readonly secrets: readonly Secret[];
  /** Epoch ms. */
  readonly nowMs: number;
};

const MAX_SKEW_SECONDS = 300;
const MIN_SECRET_BYTES = 16;
const MAX_HEADER = 2_048;
const MAX_SIGNATURES = 10;
// Seconds until the year 2286: a digit more or less would have been moved out of the body, or into it.
const TIMESTAMP = /^\d{10}$/;
const HEX = /^[0-9a-f]{64}$/;

/**
 * The body of a request, as text, when Rootly signed it within 300 seconds of `nowMs` (300 included).
 *
 * The header is `t=<seconds>,v1=<hex>`, with at most ten `v1`. Refuses with `too-large`, `malformed`, `duplicate`, `unsigned`,
 * `forged` or `stale`.
 *
 * @throws TocsinError INPUT_INVALID when there is no secret, or one shorter than 16 bytes.
 * @example
 * ```ts
 * import { verifyRootlyWebhook } from 'tocsin/sources/rootly-webhooks';
 * const outcome = verifyRootlyWebhook({
 *   headers: { 'x-rootly-signature': `t=1492774588,v1=${'0'.repeat(64)}` },
 *   body: '{}',
 *   secrets: ['as shown when the endpoint was made'],
 *   nowMs: 1_492_774_588_000,
 * });
 * outcome.ok ? outcome.text : outcome.code; // => 'forged'
 * ```
 */
export function verifyRootlyWebhook(request: RootlyWebhookRequest): CallbackOutcome<{ readonly text: string }> {
  const { headers, body, secrets, nowMs } = request;
  checkSecrets(secrets, { name: 'secrets', minBytes: MIN_SECRET_BYTES });
  const read = readText(body);
  if (!read.ok) return read;
  const header = readHeader(headers, 'x-rootly-signature');
  if (!header.ok) return header;
  const signed = readSignature(header.value);
  if (signed === undefined) return refuse('malformed', 'The signature is no timestamp with one to ten signatures.');
  const message = `${signed.timestamp}${read.text}`;
  const input = { algorithm: 'sha256', encoding: 'hex', message } as const;
  if (!signed.signatures.map((given) => isSignedByAny(given, secrets, input)).includes(true)) {
    return refuse('forged', 'No signature fits the body and any secret.');
  }
  // Written so that a `nowMs` that is no number refuses.
  return Math.abs(nowMs / 1_000 - Number(signed.timestamp)) <= MAX_SKEW_SECONDS
    ? read
    : refuse('stale', `The request was not signed within ${MAX_SKEW_SECONDS} seconds of now.`);
}

function readSignature(header: string) {
  if (header.length > MAX_HEADER) return undefined;
  const parts = header.split(',').map((part) => part.trim());
  const valuesOf = (name: string) => parts.flatMap((part) => (part.startsWith(name) ? part.slice(name.length) : []));
  const [timestamp = '', ...others] = valuesOf('t=');
  const signatures = valuesOf('v1=');
  if (!TIMESTAMP.test(timestamp) || others.length > 0) return undefined;
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) return undefined;
  return signatures.every((signature) => HEX.test(signature)) ? { timestamp, signatures } : undefined;
}
