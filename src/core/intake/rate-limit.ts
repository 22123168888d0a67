/**
 * Rate limits: how many new alerts of one route key may page before the next ones are put off and come as one.
 *
 * Pure. It counts nothing itself: whoever decides hands in what was counted and stores what is counted now.
 */
import { durationMs } from '../../model/duration.ts';
import type { RateLimit } from '../../model/intake.ts';
import type { Fact } from '../rules/field.ts';
import { compileRules } from '../rules/rule-set.ts';

/** The collection of what was counted. */
export const RATES = 'alert-rates';

/** A limit that applies. */
export type Limit = { readonly id: string; readonly alerts: number; readonly withinMs: number };

/** What was counted since `from` (epoch ms). */
export type Rate = { readonly from: number; readonly count: number };

/** The limit that applies to an alert, if any. */
export type RateLimits = (fact: Fact, at: number) => Limit | undefined;

/**
 * Compiles rate limits; the first whose condition holds applies.
 *
 * @throws TocsinError RULE_INVALID when a condition is malformed.
 */
export function compileRateLimits(limits: readonly RateLimit[]): RateLimits {
  if (limits.length === 0) return () => undefined;
  const rules = compileRules(
    limits.map(({ id, when, alerts, within }) => ({ id, when, outcome: { id, alerts, withinMs: durationMs(within) } })),
    { path: 'suppression.rateLimits' },
  );
  return (fact, at) => rules.decide(fact, at)?.outcome;
}

/** Names what was counted of a route key. */
export const rateId = ({ id }: Limit, routeKey: string): string => JSON.stringify([id, routeKey]);

/** One more; a window that is over begins anew, and so does one that lies in the future of a clock that was put back. */
export function countedRate(data: unknown, { withinMs }: Limit, at: number): Rate {
  const known = readRate(data);
  if (known === undefined || at >= known.from + withinMs || at < known.from) return { from: at, count: 1 };
  return { ...known, count: known.count + 1 };
}

function readRate(data: unknown): Rate | undefined {
  if (typeof data !== 'object' || data === null || !('from' in data) || !('count' in data)) return undefined;
  const { from, count } = data;
  return typeof from === 'number' && typeof count === 'number' ? { from, count } : undefined;
}
