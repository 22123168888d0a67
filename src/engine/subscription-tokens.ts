/**
 * Subscription tokens, as the engine is handed them: it neither holds a secret nor knows how one is used.
 */
import type { SubscriptionClaims, SubscriptionTokenOutcome } from '../model/subscriber.ts';

/** How links of subscribers are signed and read, and where they lead. */
export type SubscriptionTokens = {
  mint(claims: SubscriptionClaims): string;
  /** What the token says, whatever its moment when `nowMs` is 0. */
  read(token: unknown, nowMs: number): SubscriptionTokenOutcome;
  /** Without a slash at the end; without it there are tokens and no links. */
  readonly baseUrl: string | undefined;
};

/** The link of a token. */
export function subscriptionUrl(baseUrl: string, token: string): string {
  return `${baseUrl}/subscription/${token}`;
}
