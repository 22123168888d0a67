/**
 * Measurements: from the milestones of an incident to its six numbers.
 *
 * Everything but the detection runs from the moment it was detected. A number that cannot be given says why, and how long
 * the incident was watched without it; it is never zero and never guessed.
 */
import type {
  Measurement,
  MeasurementName,
  MeasurementsByName,
  Milestone,
  NotApplicableReason,
} from '../../model/measurement.ts';
import type { Milestones } from './milestones.ts';

/** The numbers of an incident with these milestones at the moment `now` (epoch ms). */
export function measurementsOf(milestones: Milestones, { now }: { readonly now: number }): MeasurementsByName {
  const until = (name: Exclude<MeasurementName, 'detect'>) => untilReached(milestones, name, now);
  return {
    detect: detection(milestones),
    acknowledge: until('acknowledge'),
    engage: until('engage'),
    mitigate: until('mitigate'),
    resolve: until('resolve'),
    close: until('close'),
  };
}

/** The milestone at which each number ends. */
const REACHED = {
  acknowledge: 'acknowledged',
  engage: 'engaged',
  mitigate: 'mitigated',
  resolve: 'resolved',
  close: 'closed',
} as const;

/** When it began to hurt is for people to say: of a test, a drill, a false alarm or a duplicate nobody will. */
function detection({ kind, outcome, impactStarted: from, detected: to }: Milestones): Measurement {
  if (from !== undefined)
    return to === undefined ? { status: 'notApplicable', why: 'unknown', from } : between(from, to);
  if (outcome === 'dismissed' || outcome === 'merged') return { status: 'notApplicable', why: outcome };
  if (kind === 'test' || kind === 'drill') return { status: 'notApplicable', why: 'unknown' };
  return { status: 'pending', why: 'noImpactStart' };
}

function untilReached(milestones: Milestones, name: keyof typeof REACHED, now: number): Measurement {
  const { detected: from, kind, endedAt } = milestones;
  if (from === undefined) return { status: 'notApplicable', why: 'unknown' };
  const to = milestones[REACHED[name]];
  if (to !== undefined) return between(from, to);
  if (kind === 'backfilled') return { status: 'notApplicable', why: 'unknown', from };
  const why = whyNot(milestones, name);
  if (why === undefined) return { status: 'pending', why: 'notYet', from, ...lasting('elapsedMs', from, now) };
  return { status: 'notApplicable', why, from, ...lasting('observedMs', from, endedAt) };
}

/** Why it will not be reached any more; `undefined` when it still may. */
function whyNot({ outcome }: Milestones, name: keyof typeof REACHED): NotApplicableReason | undefined {
  if (outcome === 'dismissed' || outcome === 'merged') return outcome;
  if (outcome === 'open' || name === 'close' || name === 'resolve') return undefined;
  return name === 'mitigate' ? 'notMitigated' : 'endedBefore';
}

function between(from: Milestone, to: Milestone): Measurement {
  if (to.at < from.at) return { status: 'invalid', why: 'endsBeforeItBegins', from, to };
  return { status: 'recorded', ms: to.at - from.at, from, to };
}

/** Nothing where the end is not known, or comes before the beginning. */
function lasting<N extends 'elapsedMs' | 'observedMs'>(
  name: N,
  from: Milestone,
  at: number | undefined,
): { readonly [P in N]?: number } {
  if (at === undefined || at < from.at) return {};
  return { [name]: at - from.at } as { readonly [P in N]?: number };
}
