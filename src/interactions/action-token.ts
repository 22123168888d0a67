/**
 * Action tokens: a link or button that may do one thing to one incident until a moment, signed.
 *
 * Pure. A token proves what was allowed; it never remembers that it was used (its `id` is for that), and it is not
 * encrypted: whoever holds it can read its ids.
 */
import * as z from 'zod';
import { checkSecrets, isSignedByAny, type MacInput, macText } from '../callbacks/mac.ts';
import type { Secret } from '../callbacks/request.ts';
import { TocsinError } from '../errors.ts';
import { type ActionClaims, type ActionTokenOutcome, type ActionTokenRefusal, TOKEN_ACTIONS } from '../model/action.ts';
import { idSchema } from '../model/identity.ts';

export type { Secret } from '../callbacks/request.ts';

export {
  type ActionClaims,
  type ActionTokenOutcome,
  type ActionTokenRefusal,
  TOKEN_ACTIONS,
  type TokenAction,
} from '../model/action.ts';

const MAX_TOKEN = 2_048;
const MIN_SECRET_BYTES = 24;
const PREFIX = 't1';
const SHAPE = /^t1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;
/** Signed with every token, so that nothing else signed with the same secret passes for one. */
const DOMAIN = 'tocsin:action-token:1';

const actionSchema = z.enum(TOKEN_ACTIONS);
const expirySchema = z.number().int().positive().max(8.64e15);
const claimsSchema = z.strictObject({
  id: idSchema,
  tenant: idSchema,
  incident: idSchema,
  action: actionSchema,
  user: idSchema.exactOptional(),
  contact: idSchema.exactOptional(),
  delivery: idSchema.exactOptional(),
  expiresAt: expirySchema,
});
const writtenSchema = z.tuple([
  idSchema,
  idSchema,
  idSchema,
  actionSchema,
  idSchema.nullable(),
  idSchema.nullable(),
  idSchema.nullable(),
  expirySchema,
]);

/**
 * Refuses secrets that cannot sign tokens.
 *
 * @throws TocsinError INPUT_INVALID when there are none, or one is shorter than 24 bytes; it is never repeated.
 * @example
 * ```ts
 * import { checkActionSecrets } from 'tocsin/interactions/action-token';
 * checkActionSecrets(['a secret that only this test knows']);
 * ```
 */
export function checkActionSecrets(secrets: readonly Secret[]): void {
  checkSecrets(secrets, { name: 'secrets', minBytes: MIN_SECRET_BYTES });
}

/**
 * A URL-safe token that says `claims`, signed with the first of `secrets`: below 300 characters for ids of usual length.
 *
 * Its form is `t1.<claims>.<mac>`: the claims as a JSON list in fixed order and the HMAC-SHA-256, both in base64url.
 *
 * @throws TocsinError INPUT_INVALID when a secret is shorter than 24 bytes (it is never repeated), a claim is not valid,
 * or the ids are so long that the token would exceed 2,048 characters.
 *
 * @example
 * ```ts
 * import { mintActionToken, readActionToken } from 'tocsin/interactions/action-token';
 * const secrets = ['a secret that only this test knows'];
 * const token = mintActionToken(
 *   { id: 'use-1', tenant: 'acme', incident: 'inc-7', action: 'acknowledge', user: 'ana', expiresAt: 1_800_000_000_000 },
 *   secrets,
 * );
 * const outcome = readActionToken(token, secrets, 1_799_999_999_999);
 * outcome.ok && [outcome.claims.action, outcome.claims.incident]; // => ['acknowledge', 'inc-7']
 * ```
 */
export function mintActionToken(claims: ActionClaims, secrets: readonly Secret[]): string {
  checkSecrets(secrets, { name: 'secrets', minBytes: MIN_SECRET_BYTES });
  const [signing = ''] = secrets;
  const payload = Buffer.from(JSON.stringify(listOf(checkClaims(claims))), 'utf8').toString('base64url');
  const token = `${PREFIX}.${payload}.${macText(signing, macInput(payload))}`;
  if (token.length > MAX_TOKEN) {
    throw invalid([
      { path: '', message: `The ids of a token are too long together: it would exceed ${MAX_TOKEN} characters.` },
    ]);
  }
  return token;
}

/**
 * What `token` says, when one of `secrets` signed it and `nowMs` (epoch ms) lies before its `expiresAt`.
 *
 * Any other value is answered with a code, whatever it is: `malformed` (no token of this version, or longer than 2,048
 * characters), `forged` (signed by none of the secrets) or `expired` (`nowMs` is `expiresAt` or later). The caller
 * compares `tenant` with its own and takes `id` once.
 *
 * @throws TocsinError INPUT_INVALID when a secret is shorter than 24 bytes; it is never repeated.
 *
 * @example
 * ```ts
 * import { readActionToken } from 'tocsin/interactions/action-token';
 * const outcome = readActionToken('t1.made-up', ['a secret that only this test knows'], 1_800_000_000_000);
 * outcome.ok ? 'taken' : outcome.code; // => 'malformed'
 * ```
 */
export function readActionToken(token: unknown, secrets: readonly Secret[], nowMs: number): ActionTokenOutcome {
  checkSecrets(secrets, { name: 'secrets', minBytes: MIN_SECRET_BYTES });
  if (typeof token !== 'string' || token.length > MAX_TOKEN) return refuse('malformed', NOT_A_TOKEN);
  const [, payload, mac] = SHAPE.exec(token) ?? [];
  if (payload === undefined || mac === undefined) return refuse('malformed', NOT_A_TOKEN);
  // The text of the mac is compared, not its bytes: base64url has several spellings of the same bytes.
  if (!isSignedByAny(mac, secrets, macInput(payload))) {
    return refuse('forged', 'The token was changed, or signed with a secret that is not known here.');
  }
  const claims = readClaims(payload);
  if (claims === undefined)
    return refuse('malformed', 'The token is signed, but says nothing that this version knows.');
  // Written so that a `nowMs` that is no number refuses.
  return nowMs < claims.expiresAt
    ? { ok: true, claims }
    : refuse('expired', 'The token was valid, but its time is over.');
}

const NOT_A_TOKEN = 'This is not an action token.';

function refuse(code: ActionTokenRefusal, reason: string): ActionTokenOutcome {
  return { ok: false, code, reason };
}

function macInput(payload: string): MacInput {
  return { algorithm: 'sha256', encoding: 'base64url', message: `${DOMAIN}\n${payload}` };
}

function checkClaims(claims: ActionClaims): ActionClaims {
  const checked = claimsSchema.safeParse(claims);
  if (checked.success) return checked.data;
  throw invalid(
    checked.error.issues.map(({ path, message }) => ({
      path: path.map((part) => `/${String(part)}`).join(''),
      message,
    })),
  );
}

type Written = z.infer<typeof writtenSchema>;

/** A list, for the names of eight claims would be a third of the token. */
function listOf({ id, tenant, incident, action, user, contact, delivery, expiresAt }: ActionClaims): Written {
  return [id, tenant, incident, action, user ?? null, contact ?? null, delivery ?? null, expiresAt];
}

function readClaims(payload: string): ActionClaims | undefined {
  const written = writtenSchema.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8')));
  if (!written.success) return undefined;
  const [id, tenant, incident, action, user, contact, delivery, expiresAt] = written.data;
  return {
    id,
    tenant,
    incident,
    action,
    ...(user === null ? {} : { user }),
    ...(contact === null ? {} : { contact }),
    ...(delivery === null ? {} : { delivery }),
    expiresAt,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(problems: readonly { readonly path: string; readonly message: string }[]): TocsinError {
  const listed = problems.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
  return new TocsinError('INPUT_INVALID', `Cannot mint an action token: ${listed}`, { details: { problems } });
}
