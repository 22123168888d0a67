/**
 * The Kaplan-Meier estimate: how long it takes until something has happened, where many were not watched until it did.
 *
 * The product-limit estimate with the variance of Greenwood and log-log confidence limits. Whatever was censored at the moment
 * of an event was still at risk then. It never extrapolates: what fewer than half have reached has no median.
 *
 * @see Kaplan, E. L. and Meier, P. (1958), Nonparametric Estimation from Incomplete Observations, JASA 53(282)
 * @see Kalbfleisch, J. D. and Prentice, R. L. (2002), The Statistical Analysis of Failure Time Data, 1.4 (log-log limits)
 */
import type { Survival, SurvivalPoint } from '../../model/measurement.ts';

/** How long it took where it happened, and how long the others were watched: both in ms, in ascending order. */
export type Watched = { readonly events: Float64Array; readonly censored: Float64Array };

/** The estimate, with a curve of at most `points` points (0: none), evenly chosen among its steps. */
export function survivalOf(watched: Watched, { points }: { readonly points: number }): Survival {
  const steps = stepsOf(watched);
  const medianMs = firstAtMost(steps, 0.5);
  const p90Ms = firstAtMost(steps, 0.1);
  return {
    events: watched.events.length,
    censored: watched.censored.length,
    ...(medianMs !== undefined && { medianMs }),
    ...(p90Ms !== undefined && { p90Ms }),
    curve: evenlyChosen(steps.count, points).map((place) => pointAt(steps, place)),
  };
}

/** The steps of the estimate, in columns: one for each moment at which it happened. */
export type SurvivalSteps = {
  readonly count: number;
  readonly ms: Float64Array;
  readonly survival: Float64Array;
  /** The sum of Greenwood: the variance is the square of the survival times it. Infinite where nobody is left. */
  readonly greenwood: Float64Array;
  readonly atRisk: Uint32Array;
  readonly events: Uint32Array;
};

/** The product-limit estimate. */
export function stepsOf({ events, censored }: Watched): SurvivalSteps {
  const ms = new Float64Array(events.length);
  const survival = new Float64Array(events.length);
  const greenwood = new Float64Array(events.length);
  const atRisk = new Uint32Array(events.length);
  const happened = new Uint32Array(events.length);
  let count = 0;
  let share = 1;
  let sum = 0;
  let gone = 0;
  for (let next = 0; next < events.length; count += 1) {
    const at = events[next] ?? 0;
    const begin = next;
    while (next < events.length && events[next] === at) next += 1;
    // Censored at this very moment: still at risk.
    while (gone < censored.length && (censored[gone] ?? 0) < at) gone += 1;
    const risk = events.length - begin + censored.length - gone;
    const deaths = next - begin;
    share = deaths === risk ? 0 : (share * (risk - deaths)) / risk;
    sum += deaths / (risk * (risk - deaths));
    ms[count] = at;
    survival[count] = share;
    greenwood[count] = sum;
    atRisk[count] = risk;
    happened[count] = deaths;
  }
  return { count, ms, survival, greenwood, atRisk, events: happened };
}

// A share that is exactly a half on paper may be a little more in binary.
const TOLERANCE = 1e-9;
/** The standard normal deviate of a two-sided 95 % interval. */
const Z = 1.959963984540054;

function firstAtMost({ count, ms, survival }: SurvivalSteps, share: number): number | undefined {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((survival[middle] ?? 0) <= share + TOLERANCE) high = middle;
    else low = middle + 1;
  }
  return low < count ? ms[low] : undefined;
}

function pointAt(steps: SurvivalSteps, place: number): SurvivalPoint {
  return {
    ms: steps.ms[place] ?? 0,
    survival: steps.survival[place] ?? 0,
    ...limitsAt(steps, place),
    atRisk: steps.atRisk[place] ?? 0,
    events: steps.events[place] ?? 0,
  };
}

/** Where nobody is left there is no variance; what was the upper limit before is one still. */
function limitsAt(steps: SurvivalSteps, place: number): { readonly lower: number; readonly upper: number } {
  const share = steps.survival[place] ?? 0;
  if (share === 0) return { lower: 0, upper: place === 0 ? 1 : limitsAt(steps, place - 1).upper };
  const width = (Z * Math.sqrt(steps.greenwood[place] ?? 0)) / Math.log(share);
  return { lower: share ** Math.exp(-width), upper: share ** Math.exp(width) };
}

/** At most `most` of the places below `count`, the first and the last among them. */
function evenlyChosen(count: number, most: number): readonly number[] {
  const length = Math.min(count, most);
  if (length < 2) return Array.from({ length }, (_, index) => index);
  return Array.from({ length }, (_, index) => Math.round((index * (count - 1)) / (length - 1)));
}
