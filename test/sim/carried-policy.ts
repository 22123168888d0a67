/**
 * Which policy an incident carries: one of those that its tenant has had, or people who were named before one.
 *
 * It compares data; it never builds a ladder as the engine does.
 */
import type { TimelineEvent } from '../../src/index.ts';
import type { Policy, Rung, Variant } from './tenants.ts';

/** The policy that `event` carries, if it is one that the tenant has had. */
export function carriedPolicy(
  variants: readonly Variant[],
  event: Extract<TimelineEvent, { type: 'incident.opened' | 'incident.reassigned' }>,
  before: Policy | undefined,
): Policy | undefined {
  const { ladder } = event;
  const [first] = ladder.rungs;
  const known = variants.flatMap(({ policies }) => policies).filter(({ id }) => id === ladder.policyId);
  const people = (rung: Rung) => [
    ...rung.users.map((user) => ({ user })),
    ...(rung.onCall ? [{ schedule: 'primary' }] : []),
  ];
  const isCarried = ({ rungs, loops, fallback, fallbackMs, acknowledgeMs }: Policy) =>
    JSON.stringify([
      ladder.rungs.map(({ targets, waitMs, strategy, acknowledge = 'first' }) => [
        targets,
        waitMs,
        strategy,
        acknowledge,
      ]),
      ladder.loops,
      ladder.fallback,
      ladder.fallbackEveryMs,
      ladder.acknowledgeTimeoutMs,
    ]) ===
    JSON.stringify([
      rungs.map((rung) => [
        people(rung),
        rung.waitMs,
        rung.turns === undefined ? 'all' : 'round-robin',
        rung.isEach === true ? 'each' : 'first',
      ]),
      loops,
      fallback.map((user) => ({ user })),
      fallbackMs,
      acknowledgeMs ?? null,
    ]);
  const whole = known.find(isCarried);
  if (whole !== undefined || before === undefined || event.type === 'incident.opened' || first === undefined)
    return whole;
  // People who were named come before everybody whom the policy names.
  const named: Rung = { users: ['dia'], onCall: false, waitMs: before.rungs[0]?.waitMs ?? 0 };
  const longer = { ...before, rungs: [named, ...before.rungs] };
  return isCarried(longer) ? longer : undefined;
}
