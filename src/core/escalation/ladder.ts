/**
 * Ladders: the copy of an escalation policy that an incident keeps for life, and the way up it.
 *
 * Pure. A ladder says who is asked at a step and how long we wait; it never knows who is on call and never
 * sends anything.
 */
import { TocsinError } from '../../errors.ts';
import type { CalendarHolidays, DatedHolidays } from '../../model/condition.ts';
import { durationMs } from '../../model/duration.ts';
import type { EscalationPolicy, Ladder, Rung } from '../../model/escalation.ts';
import type { Position } from '../../model/page.ts';

/** The dates of public holidays, by the id of their calendar. */
type Calendars = ReadonlyMap<string, readonly string[]>;

type Step = EscalationPolicy['steps'][number];

/** How long a step lasts that does not say it. */
const STEP = '5m';

/**
 * Copies the policy `policyId`, and those that follow it when it is exhausted, so that later edits cannot reach a
 * running incident. `calendars` are those that the steps may name.
 *
 * @throws TocsinError REFERENCE_UNKNOWN when a policy does not exist, or the policies follow each other in a circle.
 */
export function buildLadder(
  policyId: string,
  policies: ReadonlyMap<string, EscalationPolicy>,
  calendars: Calendars = new Map(),
): Ladder {
  return build(policyId, { policies, calendars }, []);
}

/** Names the turns of a round-robin: of a policy and one of its steps, counted from 1. */
export function turnsOf(policyId: string, step: number): string {
  return JSON.stringify([policyId, step]);
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

type World = { readonly policies: ReadonlyMap<string, EscalationPolicy>; readonly calendars: Calendars };

function build(policyId: string, world: World, followed: readonly string[]): Ladder {
  const { policies, calendars } = world;
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
  const next = policy.onExhausted && build(policy.onExhausted.policy, world, [...followed, policyId]);
  return {
    policyId,
    rungs: policy.steps.map((step, index) => buildRung(step, { policy, calendars, number: index + 1 })),
    loops: 1 + policy.repeat,
    ...(policy.repeatDelay !== undefined && { repeatDelayMs: durationMs(policy.repeatDelay) }),
    fallback: policy.fallback,
    fallbackEveryMs: durationMs(policy.fallbackEvery),
    acknowledgeTimeoutMs: policy.acknowledgeTimeout === 'off' ? null : durationMs(policy.acknowledgeTimeout),
    repageOn: policy.repageOn,
    ...(next && { next }),
  };
}

type Place = { readonly policy: EscalationPolicy; readonly calendars: Calendars; readonly number: number };

function buildRung(step: Step, { policy, calendars, number }: Place): Rung {
  const { targets, escalateAfter = STEP, escalateAt, strategy, when } = step;
  return {
    targets,
    waitMs: durationMs(escalateAfter),
    ...(escalateAt !== undefined && { until: buildUntil(escalateAt, calendars) }),
    strategy,
    ...(strategy === 'round-robin' && { turns: turnsOf(policy.id, number) }),
    ...((step.acknowledge ?? policy.acknowledge) === 'each' && { acknowledge: 'each' }),
    ...(when !== undefined && { when }),
  };
}

/** The dates are copied: nobody may move the end of a wait that has begun. */
function buildUntil(
  { holidays, ...time }: NonNullable<Step['escalateAt']>,
  calendars: Calendars,
): NonNullable<Rung['until']> {
  return { ...time, ...(holidays !== undefined && { holidays: dated(holidays, calendars) }) };
}

function dated({ calendar, are }: CalendarHolidays, calendars: Calendars): DatedHolidays {
  return { dates: [...(calendars.get(calendar) ?? [])], are };
}
