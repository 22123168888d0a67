/**
 * Next opening: when somebody of a ladder can be asked again, after a round in which nobody could.
 *
 * Pure. It looks ahead in quarters of an hour, for a week at most; what opens later is looked for again then.
 */
import type { IncidentContext } from '../lifecycle/context.ts';
import { isGateOpen } from './gate.ts';
import { incidentFact } from './incident-fact.ts';
import { type People, resolveTargets } from './resolve-targets.ts';

const QUARTER_MS = 900_000;
const WEEK_MS = 604_800_000;

/** How long, in ms, until a rung of the ladder has an open gate and somebody to ask; a week when none has within that time. */
export function nextOpening(context: IncidentContext, people: People): number {
  const fact = incidentFact(context);
  const firstQuarter = Math.floor(context.at / QUARTER_MS + 1) * QUARTER_MS;
  for (let at = firstQuarter; at < context.at + WEEK_MS; at += QUARTER_MS) {
    const isOpen = context.ladder.rungs.some(
      ({ targets, when }) =>
        isGateOpen(when, fact, at) &&
        resolveTargets(targets, people, { at, urgency: context.urgency }).recipients.some(
          ({ user }) => user !== undefined,
        ),
    );
    if (isOpen) return at - context.at;
  }
  return WEEK_MS;
}
