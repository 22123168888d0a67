/**
 * Judgements: what the guards, actions and delays of the statechart find out about an incident and an event.
 *
 * Pure. None of them decides when it is asked; the regions do.
 */
import { MAX_DURATION_MS } from '../../model/duration.ts';
import type { Target } from '../../model/escalation.ts';
import { nextPosition, samePosition } from '../escalation/ladder.ts';
import type { IncidentContext } from './context.ts';
import type { MachineEvent, Signal } from './machine-event.ts';

/** The least time between two reminders of a review that is late: a day. */
const REVIEW_REMINDER_MS = 86_400_000;

/** Folds apply to what came from a timeline; a signal or a timer carries no facts. */
export function isFact(event: MachineEvent): event is Exclude<MachineEvent, Signal> {
  return 'seq' in event;
}

/** Whether an event says that nobody could be asked at the rung where the incident stands. */
export function isAtCurrentRung(context: IncidentContext, event: MachineEvent): boolean {
  return (
    (event.type === 'page.nobody' || event.type === 'page.failed') &&
    event.purpose !== 'responder' &&
    event.purpose !== 'handoff' &&
    !context.isPausing &&
    samePosition(event.position, context.position)
  );
}

/** Whether whoever is on call for the schedule that hands off is among the targets, by itself or as that of a team. */
export function isHandoffOf(event: MachineEvent, targets: readonly Target[]): boolean {
  if (event.type !== 'schedule.handedOff') return false;
  const { schedule, teams = [] } = event;
  return targets.some(
    (target) =>
      ('schedule' in target && target.schedule === schedule && (target.who ?? 'now') === 'now') ||
      ('team' in target && teams.includes(target.team)),
  );
}

/** Whether a raise of the severity asks again although somebody acknowledged. */
export function repagesOnRaise({ severityMove, urgency, repageOnRaise, ladder }: IncidentContext): boolean {
  return (
    severityMove === 'raised' && urgency === 'high' && (repageOnRaise ?? ladder.repageOn.includes('severityRaised'))
  );
}

/** Nobody waits for news of what is written down later. */
export function expectsUpdates({ settings, kind }: IncidentContext): boolean {
  return settings.updateEveryMs !== null && kind !== 'backfilled';
}

/** Whether nobody could be asked at this rung, and a further one may still be tried in this or, if this round asked somebody, the next round. */
export function mayClimb(context: IncidentContext, event: MachineEvent): boolean {
  const next = nextPosition(context.ladder, context.position);
  return (
    isAtCurrentRung(context, event) &&
    next !== undefined &&
    (next.loop === context.position.loop || context.reachedInLoop)
  );
}

/** The rung that a person sends the page to; beyond the top of the ladder it is the top. */
export function namedStep(context: IncidentContext, event: MachineEvent): number | undefined {
  if (event.type !== 'incident.escalated' || event.step === undefined) return undefined;
  return Math.min(event.step, context.ladder.rungs.length);
}

/**
 * How long until the review is late, and, once it is, until the next reminder. A review that no severity asks for is never late,
 * and neither is that of an incident that is open again.
 */
export function reviewDelay({ context }: { context: IncidentContext }): number {
  const { reviewWithinMs } = context.settings;
  if (reviewWithinMs === null || context.outcome === 'open') return MAX_DURATION_MS;
  const dueAt = (context.times.resolvedAt ?? context.at) + reviewWithinMs;
  return dueAt > context.at ? dueAt - context.at : REVIEW_REMINDER_MS;
}
