/**
 * Moments: the shifts around a point in time, and the next change after it.
 *
 * Both sweep as little as they can: a few days first, then more, up to ten years. They decide nothing themselves.
 */

import type { Layer } from './layer.ts';
import type { Duty } from './resolve.ts';
import { turnsIn } from './rotation.ts';
import { clip, overlaps, type Span } from './span.ts';
import { isSameReason, type Plan, type Segment, type Stint, stintsOf, sweep } from './sweep.ts';
import { DAY_MS } from './wall-clock.ts';
import { TEN_YEARS_MS } from './window.ts';

// A day and a week are the common shifts; growing fourfold reaches ten years in five steps.
const FIRST_REACH_MS = 8 * DAY_MS;
const GROWTH = 4;
const LIKELY_MS = 40 * DAY_MS;

/** The shifts that `at` lies in, whole, but cut `furthestMs` (ten years) before and after `at`. Ascending by user. */
export function stintsAround(at: number, plan: Plan, furthestMs = TEN_YEARS_MS): readonly Stint[] {
  const duties = sweep(plan, { startAt: at, endAt: at + 1 })[0]?.duties ?? [];
  return duties.map((duty) => stintAround(at, duty, { plan: relevantTo(duty, plan), furthestMs }));
}

type Search = { readonly plan: Plan; readonly furthestMs: number };

function stintAround(at: number, duty: Duty, { plan, furthestMs }: Search): Stint {
  const point: Span = { startAt: at, endAt: at + 1 };
  const furthest: Span = { startAt: at - furthestMs, endAt: at + furthestMs };
  const within = (reach: Span): Stint | undefined => {
    const stint = stintsOf(sweep(plan, reach)).find((one) => overlaps(one, point) && isSameReason(one.duty, duty));
    const isWhole =
      stint !== undefined &&
      (stint.startAt > reach.startAt || reach.startAt === furthest.startAt) &&
      (stint.endAt < reach.endAt || reach.endAt === furthest.endAt);
    return isWhole ? stint : undefined;
  };
  // As a rule a shift is one turn, or one override, whole; a long one may be cut short by much that lies within it.
  const likely = likelyReach(point, duty, plan);
  const stint = likely.endAt - likely.startAt <= LIKELY_MS ? within(clip(likely, furthest)) : undefined;
  if (stint !== undefined) return stint;
  for (let reachMs = FIRST_REACH_MS; reachMs < furthestMs; reachMs *= GROWTH) {
    const found = within({ startAt: at - reachMs, endAt: at + reachMs });
    if (found !== undefined) return found;
  }
  return within(furthest) ?? { duty, ...point };
}

/**
 * The plan without the layers that have no part in how long a duty lasts: those that it hides, and those beside it that
 * never name the same person.
 */
function relevantTo({ user, layer }: Duty, plan: Plan): Plan {
  const own = plan.layers.find(({ id }) => id === layer);
  // What an override of all layers lays on top depends on no layer.
  if (own === undefined) return { ...plan, layers: [] };
  const mayCome = plan.swaps.some(({ take }) => take === user) || plan.overrides.some((one) => one.user === user);
  const names = ({ rotation }: Layer) =>
    rotation.rosters.some(({ participants }) => participants.some((one) => one === user || one?.includes(user)));
  const layers = plan.layers.filter(
    (one) => one === own || one.priority > own.priority || (one.priority === own.priority && (mayCome || names(one))),
  );
  return { ...plan, layers };
}

/** What a shift is likely to last, and a millisecond more on either side. */
function likelyReach(point: Span, duty: Duty, { layers, overrides }: Plan): Span {
  const own = layers.find(({ id }) => id === duty.layer);
  const [turn] = own === undefined ? [] : turnsIn(point, own.rotation);
  const [open] = own?.opens?.(point) ?? [];
  const served = turn === undefined || open === undefined ? turn : clip(turn, open);
  const override = duty.source === 'override' ? overrides.find(({ id }) => id === duty.id) : undefined;
  const spans = [point, ...(served === undefined ? [] : [served]), ...(override === undefined ? [] : [override])];
  return {
    startAt: Math.min(...spans.map(({ startAt }) => startAt)) - 1,
    endAt: Math.max(...spans.map(({ endAt }) => endAt)) + 1,
  };
}

/** The next moment after `after` at which a layer hands off or the set of people changes, within ten years. */
export function nextChange(after: number, plan: Plan): number | undefined {
  for (let reachMs = FIRST_REACH_MS; ; reachMs = Math.min(reachMs * GROWTH, TEN_YEARS_MS)) {
    const reach: Span = { startAt: after, endAt: after + reachMs };
    const handoffs = plan.layers.flatMap((layer) => layer.handoffs({ ...reach, startAt: after + 1 }));
    const changeAt = firstNewCrew(sweep(plan, reach));
    const candidates = changeAt === undefined ? handoffs : [...handoffs, changeAt];
    if (candidates.length > 0) return candidates.reduce((a, b) => Math.min(a, b));
    if (reachMs === TEN_YEARS_MS) return undefined;
  }
}

function firstNewCrew(segments: readonly Segment[]): number | undefined {
  const crews = segments.map(({ startAt, duties }) => ({
    startAt,
    crew: duties.map(({ user }) => user).join(' '),
  }));
  return crews.find(({ crew }) => crew !== crews[0]?.crew)?.startAt;
}
