/**
 * Side by side: two ways of doing the same, measured in turns in one run, so that a noisy machine hurts both.
 *
 * The first round warms up and is thrown away. It knows nothing of what it measures.
 */
import { median } from './figure.ts';

/** Does `count` of something, and answers how long that took in ms; what it needs is prepared outside of that time. */
export type Side = (count: number) => Promise<number>;

/** Rates per second, and how many times faster the first side is than the second. */
export type Compared = { readonly a: number; readonly b: number; readonly ratio: number };

export type Rounds = { readonly rounds?: number; readonly countA: number; readonly countB?: number };

/** Runs both sides in turns; who goes first changes from round to round. */
export async function sideBySide(a: Side, b: Side, { rounds = 7, countA, countB = countA }: Rounds): Promise<Compared> {
  const rates: { readonly a: number; readonly b: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const first = round % 2 === 0 ? await rateOf(a, countA) : undefined;
    const rateB = await rateOf(b, countB);
    const rateA = first ?? (await rateOf(a, countA));
    if (round > 0) rates.push({ a: rateA, b: rateB });
  }
  return {
    a: median(rates.map((rate) => rate.a)),
    b: median(rates.map((rate) => rate.b)),
    // Of neighbours: the speed of the machine changes during a run.
    ratio: median(rates.map((rate) => rate.a / rate.b)),
  };
}

/** How long `work` takes, in ms. */
export async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function rateOf(side: Side, count: number): Promise<number> {
  return (1_000 * count) / (await side(count));
}
