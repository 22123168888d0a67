/**
 * Action tokens, as the engine is handed them: it neither holds a secret nor knows how one is used.
 */
import type { ActionClaims, ActionTokenOutcome } from '../model/action.ts';

/** How tokens are signed and read, and where their links lead. */
export type ActionTokens = {
  mint(claims: ActionClaims): string;
  /** What the token says, whatever its moment when `nowMs` is 0. */
  read(token: unknown, nowMs: number): ActionTokenOutcome;
  /** Without a slash at the end; without it there are tokens and no links. */
  readonly baseUrl: string | undefined;
};
