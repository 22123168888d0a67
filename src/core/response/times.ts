/**
 * The order of times: what cannot have come before what.
 *
 * Pure. It finds the first pair of moments that contradict each other; it never mends one.
 */
import type { TimesMs } from '../../model/incident.ts';

type Time = keyof TimesMs;
/** Two moments that contradict each other. */
export type TimesInDisorder = { readonly earlier: Time; readonly later: Time | 'now' };

/** The first came before the second, or at the same moment, wherever both are known. */
const ORDER: readonly (readonly [Time, Time])[] = [
  ['impactStartedAt', 'detectedAt'],
  ['impactStartedAt', 'acknowledgedAt'],
  ['impactStartedAt', 'mitigatedAt'],
  ['impactStartedAt', 'resolvedAt'],
  ['detectedAt', 'acknowledgedAt'],
  ['detectedAt', 'mitigatedAt'],
  ['detectedAt', 'resolvedAt'],
  ['acknowledgedAt', 'resolvedAt'],
  ['mitigatedAt', 'resolvedAt'],
];

/** So is it where the incident was opened while it happened, and not written down afterwards. */
const ORDER_OF_OPENING: readonly (readonly [Time, Time])[] = [
  ['impactStartedAt', 'openedAt'],
  ['detectedAt', 'openedAt'],
  ['openedAt', 'acknowledgedAt'],
  ['openedAt', 'mitigatedAt'],
  ['openedAt', 'resolvedAt'],
];

/** What contradicts itself in `times` (epoch ms) at the moment `now`; `undefined` when nothing does. */
export function disorderIn(
  times: Partial<TimesMs>,
  { now, isBackfilled }: { readonly now: number; readonly isBackfilled: boolean },
): TimesInDisorder | undefined {
  const order = isBackfilled ? ORDER : [...ORDER, ...ORDER_OF_OPENING];
  const pair = order.find(([earlier, later]) => {
    const [first, second] = [times[earlier], times[later]];
    return first !== undefined && second !== undefined && first > second;
  });
  if (pair !== undefined) return { earlier: pair[0], later: pair[1] };
  const names = [...new Set(ORDER.flat())];
  const ahead = names.find((name) => (times[name] ?? 0) > now);
  return ahead === undefined ? undefined : { earlier: ahead, later: 'now' };
}
