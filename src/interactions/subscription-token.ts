/**
 * Subscription tokens: a link by which an address is confirmed, or hears nothing any more, signed.
 *
 * Pure. It names no address: whoever holds it can read an id and no more. One that unsubscribes counts for ever.
 */
import * as z from 'zod';
import { checkSecrets, isSignedByAny, type MacInput, macText } from '../callbacks/mac.ts';
import type { Secret } from '../callbacks/request.ts';
import { TocsinError } from '../errors.ts';
import { idSchema } from '../model/identity.ts';
import type { SubscriptionClaims, SubscriptionTokenOutcome } from '../model/subscriber.ts';

export type { Secret } from '../callbacks/request.ts';
export type { SubscriptionAction, SubscriptionClaims, SubscriptionTokenOutcome } from '../model/subscriber.ts';

const MAX_TOKEN = 2_048;
const MIN_SECRET_BYTES = 24;
const PREFIX = 's1';
const SHAPE = /^s1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;
/** Signed with every token, so that nothing else signed with the same secret passes for one. */
const DOMAIN = 'tocsin:subscription-token:1';

const writtenSchema = z.tuple([
  z.enum(['confirm', 'unsubscribe']),
  idSchema,
  idSchema,
  z.string().min(1).max(200).nullable(),
  z.number().int().positive().max(8.64e15).nullable(),
]);

/**
 * A URL-safe token that says `claims`, signed with the first of `secrets`.
 *
 * @throws TocsinError INPUT_INVALID when a secret is shorter than 24 bytes (it is never repeated), or a claim is not valid.
 * @example
 * ```ts
 * import { mintSubscriptionToken, readSubscriptionToken } from 'tocsin/interactions/subscription-token';
 * const secrets = ['a secret that only this test knows'];
 * const token = mintSubscriptionToken({ action: 'unsubscribe', tenant: 'acme', subscriber: 'sub-7' }, secrets);
 * const outcome = readSubscriptionToken(token, secrets, 1_800_000_000_000);
 * outcome.ok && outcome.claims; // => { action: 'unsubscribe', tenant: 'acme', subscriber: 'sub-7' }
 * ```
 */
export function mintSubscriptionToken(claims: SubscriptionClaims, secrets: readonly Secret[]): string {
  checkSecrets(secrets, { name: 'secrets', minBytes: MIN_SECRET_BYTES });
  const { action, tenant, subscriber, nonce, expiresAt } = claims;
  const written = writtenSchema.safeParse([action, tenant, subscriber, nonce ?? null, expiresAt ?? null]);
  if (!written.success) {
    const problems = written.error.issues.map(({ path, message }) => ({ path: path.map(String).join('/'), message }));
    throw new TocsinError('INPUT_INVALID', 'Cannot mint a subscription token: a claim is not valid.', {
      details: { problems },
    });
  }
  const payload = Buffer.from(JSON.stringify(written.data), 'utf8').toString('base64url');
  const [signing = ''] = secrets;
  return `${PREFIX}.${payload}.${macText(signing, macInput(payload))}`;
}

/**
 * What `token` says, when one of `secrets` signed it and `nowMs` (epoch ms) lies before its end, if it has one.
 *
 * Any other value is answered with a code, whatever it is: `malformed`, `forged` or `expired`.
 *
 * @throws TocsinError INPUT_INVALID when a secret is shorter than 24 bytes; it is never repeated.
 * @example
 * ```ts
 * import { readSubscriptionToken } from 'tocsin/interactions/subscription-token';
 * const outcome = readSubscriptionToken('s1.made-up', ['a secret that only this test knows'], 0);
 * outcome.ok ? 'taken' : outcome.code; // => 'malformed'
 * ```
 */
export function readSubscriptionToken(
  token: unknown,
  secrets: readonly Secret[],
  nowMs: number,
): SubscriptionTokenOutcome {
  checkSecrets(secrets, { name: 'secrets', minBytes: MIN_SECRET_BYTES });
  if (typeof token !== 'string' || token.length > MAX_TOKEN) return refuse('malformed', 'This is no such token.');
  const [, payload, mac] = SHAPE.exec(token) ?? [];
  if (payload === undefined || mac === undefined) return refuse('malformed', 'This is no such token.');
  // The text of the mac is compared, not its bytes: base64url has several spellings of the same bytes.
  if (!isSignedByAny(mac, secrets, macInput(payload)))
    return refuse('forged', 'The token was changed, or signed with a secret that is not known here.');
  const written = writtenSchema.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8')));
  if (!written.success) return refuse('malformed', 'What was signed is no such token.');
  const [action, tenant, subscriber, nonce, expiresAt] = written.data;
  if (expiresAt !== null && nowMs >= expiresAt) return refuse('expired', 'The time of the token is over.');
  const claims = {
    action,
    tenant,
    subscriber,
    ...(nonce !== null && { nonce }),
    ...(expiresAt !== null && { expiresAt }),
  };
  return { ok: true, claims };
}

function macInput(payload: string): MacInput {
  return { algorithm: 'sha256', encoding: 'base64url', message: `${DOMAIN}:${payload}` };
}

function refuse(code: 'malformed' | 'forged' | 'expired', reason: string): SubscriptionTokenOutcome {
  return { ok: false, code, reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
