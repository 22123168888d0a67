/**
 * Ladders: the copy of an escalation policy that an incident keeps for life, and the way up it.
 *
 * Pure. A ladder says who is asked at a step and how long we wait; it never knows who is on call and never
 * sends anything.
 */
import { TocsinError } from '../../errors.ts';
import { durationMs } from '../../model/duration.ts';
import type { EscalationPolicy, Ladder, Rung } from '../../model/escalation.ts';
import type { Position } from '../../model/page.ts';

/**
 * Copies the policy `policyId`, and those that follow it when it is exhausted, so that later edits cannot reach a
 * running incident.
 *
 * @throws TocsinError REFERENCE_UNKNOWN when a policy does not exist, or the policies follow each other in a circle.
 */
export function buildLadder(policyId: string, policies: ReadonlyMap<string, EscalationPolicy>): Ladder {
  return build(policyId, policies, []);
}

/** The first rung of a fresh entry into escalation, which is a cycle of its own. */
export function firstPosition(cycle: number, step = 1): Position {
  return { cycle, loop: 1, step };
}

/** The rung after `position`, the first rung of the next round, or `undefined` when everyone was asked. */
export function nextPosition(ladder: Ladder, position: Position): Position | undefined {
  if (position.step < ladder.rungs.length) return { ...position, step: position.step + 1 };
  if (position.loop < ladder.loops) return { ...position, loop: position.loop + 1, step: 1 };
  return undefined;
}

/** The rung at `position`, or `undefined` when the ladder has none there. */
export function rungAt(ladder: Ladder, position: Position): Rung | undefined {
  return ladder.rungs[position.step - 1];
}

/** Whether two positions are the same rung of the same round of the same entry into escalation. */
export function samePosition(a: Position, b: Position): boolean {
  return a.cycle === b.cycle && a.loop === b.loop && a.step === b.step;
}

function build(policyId: string, policies: ReadonlyMap<string, EscalationPolicy>, followed: readonly string[]): Ladder {
  const policy = policies.get(policyId);
  if (policy === undefined) {
    throw new TocsinError(
      'REFERENCE_UNKNOWN',
      `Cannot climb escalation policy ${policyId}: there is none of that id.`,
      { details: { policyId } },
    );
  }
  if (followed.includes(policyId)) {
    const circle = [...followed, policyId].join(' -> ');
    throw new TocsinError(
      'REFERENCE_UNKNOWN',
      `Cannot climb escalation policy ${policyId}: \`onExhausted\` runs in a circle (${circle}).`,
      {
        details: { policyId, circle },
      },
    );
  }
  const next = policy.onExhausted && build(policy.onExhausted.policy, policies, [...followed, policyId]);
  return {
    policyId,
    rungs: policy.steps.map(({ targets, escalateAfter, strategy, when }) => ({
      targets,
      waitMs: durationMs(escalateAfter),
      strategy,
      ...(when !== undefined && { when }),
    })),
    loops: 1 + policy.repeat,
    fallback: policy.fallback,
    fallbackEveryMs: durationMs(policy.fallbackEvery),
    acknowledgeTimeoutMs: policy.acknowledgeTimeout === 'off' ? null : durationMs(policy.acknowledgeTimeout),
    repageOn: policy.repageOn,
    ...(next && { next }),
  };
}
