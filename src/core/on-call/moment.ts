/**
 * Moments: the shifts around a point in time, and the next change after it.
 *
 * Both sweep as little as they can: a few days first, then more, up to ten years. They decide nothing themselves.
 */

import { turnsIn } from './rotation.ts';
import { clip, overlaps, type Span } from './span.ts';
import { type Plan, type Segment, type Stint, stintsOf, sweep } from './sweep.ts';
import { DAY_MS } from './wall-clock.ts';
import { TEN_YEARS_MS } from './window.ts';

// A day and a week are the common shifts; growing fourfold reaches ten years in five steps.
const FIRST_REACH_MS = 8 * DAY_MS;
const GROWTH = 4;

/** The shifts that `at` lies in, whole, but cut `furthestMs` (ten years) before and after `at`. Ascending by user. */
export function stintsAround(at: number, plan: Plan, furthestMs = TEN_YEARS_MS): readonly Stint[] {
  const point: Span = { startAt: at, endAt: at + 1 };
  const here = stintsOf(sweep(plan, point));
  if (here.length === 0) return here;
  // As a rule a shift is one turn, or one override, whole.
  const likely = reachOf(at, here, plan, furthestMs);
  const whole = stintsOf(sweep(plan, likely)).filter((stint) => overlaps(stint, point));
  const isWhole = whole.every(({ startAt, endAt }) => startAt > likely.startAt && endAt < likely.endAt);
  if (isWhole) return whole.toSorted((a, b) => (a.duty.user < b.duty.user ? -1 : 1));
  for (let reachMs = FIRST_REACH_MS; ; reachMs = Math.min(reachMs * GROWTH, furthestMs)) {
    const reach: Span = { startAt: at - reachMs, endAt: at + reachMs };
    const stints = stintsOf(sweep(plan, reach)).filter((stint) => overlaps(stint, point));
    const isCut = stints.some(({ startAt, endAt }) => startAt === reach.startAt || endAt === reach.endAt);
    if (!isCut || reachMs === furthestMs) return stints.toSorted((a, b) => (a.duty.user < b.duty.user ? -1 : 1));
  }
}

/** What the shifts at a moment are likely to last, and a millisecond more on either side. */
function reachOf(at: number, here: readonly Stint[], { layers, overrides }: Plan, furthestMs: number): Span {
  const point: Span = { startAt: at, endAt: at + 1 };
  const serving = layers.filter(({ id }) => here.some(({ duty }) => duty.layer === id));
  const turns = serving.flatMap(({ rotation, opens }) => {
    const [turn] = turnsIn(point, rotation);
    const [open] = opens?.(point) ?? [];
    return turn === undefined ? [] : [open === undefined ? turn : clip(turn, open)];
  });
  const named = overrides.filter(({ id }) => here.some(({ duty }) => duty.id === id));
  const spans = [point, ...turns, ...named];
  return {
    startAt: Math.max(Math.min(...spans.map(({ startAt }) => startAt)), at - furthestMs) - 1,
    endAt: Math.min(Math.max(...spans.map(({ endAt }) => endAt)), at + furthestMs) + 1,
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
