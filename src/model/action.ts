/**
 * Actions: what a signed link or button may do, and what it says.
 *
 * The shape only; how it is signed is in interactions/action-token.ts, what follows from it in the engine.
 */

/** What a token may allow: the commands that need nothing but somebody who gives them. A snooze lasts an hour. */
export const TOKEN_ACTIONS = [
  'acknowledge',
  'unacknowledge',
  'resolve',
  'escalate',
  'snooze',
  'accept',
  'decline',
] as const;

/** One of {@link TOKEN_ACTIONS}. */
export type TokenAction = (typeof TOKEN_ACTIONS)[number];

/** What a token says. */
export type ActionClaims = {
  /** Unique to this token, so that the caller can take it once only; random where it must not be guessed. */
  readonly id: string;
  readonly tenant: string;
  readonly incident: string;
  readonly action: TokenAction;
  /** Who was sent the token. */
  readonly user?: string;
  /** The contact of that user it was sent to. */
  readonly contact?: string;
  /** The delivery that carried it. */
  readonly delivery?: string;
  /** Epoch ms. The token works before this moment, and no longer at it. */
  readonly expiresAt: number;
};

/** Why a token is refused. A forged one is never called expired: its moment is not believed. */
export type ActionTokenRefusal = 'malformed' | 'forged' | 'expired';

/** What reading a token gives. */
export type ActionTokenOutcome =
  | { readonly ok: true; readonly claims: ActionClaims }
  | { readonly ok: false; readonly code: ActionTokenRefusal; readonly reason: string };

/**
 * Why an answer is not taken.
 *
 * - `malformed`, `forged`, `expired`: what the token is.
 * - `used`: it was taken before, or the same answer came twice.
 * - `foreign`: it is of another tenant, or of another incident than was named.
 * - `unknown-person`: nobody here has the address that it comes from, or several have.
 * - `nothing-open`: nothing that was sent to this address waits for such an answer.
 * - `ambiguous`: several do; `details.choices` names each by the code of its message.
 */
export type AnswerRefusal = ActionTokenRefusal | 'used' | 'foreign' | 'unknown-person' | 'nothing-open' | 'ambiguous';
