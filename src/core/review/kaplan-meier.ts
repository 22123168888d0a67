/**
 * The Kaplan-Meier estimate: how long it takes until something has happened, where many were not watched until it did.
 *
 * The product-limit estimate with the variance of Greenwood and log-log confidence limits. Whatever was censored at the moment
 * of an event was still at risk then. It never extrapolates: what fewer than half have reached has no median. Where all have got
 * there the median is that of the sample, as in R (quantile.survfit) and SAS.
 *
 * @see Kaplan, E. L. and Meier, P. (1958), Nonparametric Estimation from Incomplete Observations, JASA 53(282)
 * @see Kalbfleisch, J. D. and Prentice, R. L. (2002), The Statistical Analysis of Failure Time Data, 1.4 (log-log limits)
 */
import type { Survival, SurvivalPoint } from '../../model/measurement.ts';

/** How long it took where it happened, and how long the others were watched: both in ms, in ascending order. */
export type Watched = { readonly events: Float64Array; readonly censored: Float64Array };

/** The estimate, with a curve of at most `points` points (0: none), evenly chosen among its steps. */
export function survivalOf(watched: Watched, { points }: { readonly points: number }): Survival {
  const [median, p90] = [crossing(0.5), crossing(0.1)];
  walk(watched, (step) => {
    median.pass(step);
    p90.pass(step);
  });
  const [medianMs, p90Ms] = [median.ms(), p90.ms()];
  return {
    events: watched.events.length,
    censored: watched.censored.length,
    ...(medianMs !== undefined && { medianMs }),
    ...(p90Ms !== undefined && { p90Ms }),
    curve: points === 0 ? [] : curveOf(stepsOf(watched), points),
  };
}

/** A step of the estimate: a moment at which it happened. */
export type SurvivalStep = {
  readonly ms: number;
  readonly survival: number;
  /** The sum of Greenwood: the variance is the square of the survival times it. Infinite where nobody is left. */
  readonly greenwood: number;
  readonly atRisk: number;
  readonly events: number;
};

/** Every step of the product-limit estimate. */
export function stepsOf(watched: Watched): readonly SurvivalStep[] {
  const steps: SurvivalStep[] = [];
  walk(watched, (step) => steps.push({ ...step }));
  return steps;
}

// A share that is exactly a half on paper may be a little more in binary.
const TOLERANCE = 1e-9;
/** The standard normal deviate of a two-sided 95 % interval. */
const Z = 1.959963984540054;

/** When the curve falls to `share`: in the middle of the stretch where it is exactly that, as the median of an even count is. */
function crossing(share: number): { pass(step: SurvivalStep): void; ms(): number | undefined } {
  let found: number | undefined;
  let isFlat = false;
  return {
    pass({ ms, survival }) {
      if (found === undefined) {
        if (survival > share + TOLERANCE) return;
        found = ms;
        isFlat = survival > share - TOLERANCE;
      } else if (isFlat) {
        found = (found + ms) / 2;
        isFlat = false;
      }
    },
    ms: () => found,
  };
}

/** Shows every step in its order. What it shows is changed for the next one: reports of many groups take millions of steps. */
function walk({ events, censored }: Watched, show: (step: SurvivalStep) => void): void {
  const step = { ms: 0, survival: 1, greenwood: 0, atRisk: 0, events: 0 };
  let gone = 0;
  for (let next = 0; next < events.length; ) {
    const begin = next;
    step.ms = events[next] ?? 0;
    while (next < events.length && events[next] === step.ms) next += 1;
    // Censored at this very moment: still at risk.
    while (gone < censored.length && (censored[gone] ?? 0) < step.ms) gone += 1;
    step.events = next - begin;
    step.atRisk = events.length - begin + censored.length - gone;
    step.survival *= (step.atRisk - step.events) / step.atRisk;
    step.greenwood += step.events / (step.atRisk * (step.atRisk - step.events));
    show(step);
  }
}

/** At most `most` of the steps as points, the first and the last among them. */
function curveOf(steps: readonly SurvivalStep[], most: number): readonly SurvivalPoint[] {
  const length = Math.min(steps.length, most);
  const apart = length < 2 ? 0 : (steps.length - 1) / (length - 1);
  return Array.from({ length }, (_, index) => Math.round(index * apart)).flatMap((place) => {
    const step = steps[place];
    if (step === undefined) return [];
    const { greenwood: _, ...point } = step;
    return [{ ...point, ...limitsOf(step, steps[place - 1]) }];
  });
}

type Limits = { readonly lower: number; readonly upper: number };

/** Where nobody is left there is no variance; what was the upper limit before is one still. */
function limitsOf({ survival, greenwood }: SurvivalStep, before: SurvivalStep | undefined): Limits {
  if (survival === 0) return { lower: 0, upper: before === undefined ? 1 : limitsOf(before, undefined).upper };
  const width = (Z * Math.sqrt(greenwood)) / Math.log(survival);
  return { lower: survival ** Math.exp(-width), upper: survival ** Math.exp(width) };
}
