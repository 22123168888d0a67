/**
 * Periods: when which channel is down for minutes.
 *
 * Data only.
 */
import type { Random } from './prng.ts';
import { START } from './tenants.ts';

/** A time in which something is down. */
export type Period = { readonly name: string; readonly fromAt: number; readonly untilAt: number };

/** The periods of a seed: the higher the rate, the more of the channels are down, and the longer. */
export function choosePeriods(
  chance: Random,
  { names, rate, endAt }: { readonly names: readonly string[]; readonly rate: number; readonly endAt: number },
): readonly Period[] {
  return names.flatMap((name) => {
    if (!chance.chance(2 * rate)) return [];
    const fromAt = chance.between(START, endAt - 30_000);
    return [{ name, fromAt, untilAt: Math.min(endAt, fromAt + chance.between(20_000, 60_000 + 200_000 * rate)) }];
  });
}
