/**
 * Next opening: when somebody of a ladder can be asked again, after a round in which nobody could.
 *
 * Pure. It looks ahead in quarters of an hour, for a week at most; what opens later is looked for again then. It never
 * looks longer than it may: each schedule is worked out once, and when there is too much to look at it answers how far
 * it came.
 */
import type { Rung } from '../../model/escalation.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import type { People } from './candidates.ts';
import { compileGate } from './gate.ts';
import { incidentFact } from './incident-fact.ts';
import { type Look, lookingAhead, QUARTER_MS, type Visit } from './look-ahead.ts';

const WEEK_MS = 604_800_000;
/** How many conditions are judged for one answer, give or take those of one moment. */
const MOST_JUDGED = 20_000;

type Target = Rung['targets'][number];

/**
 * How long, in ms, until a rung of the ladder has an open gate and somebody to ask; a week when none has within that
 * time. When there is too much to look at, the time that was looked ahead: it is looked for again then.
 */
export function nextOpening(context: IncidentContext, people: People): number {
  const firstQuarter = Math.floor(context.at / QUARTER_MS + 1) * QUARTER_MS;
  const end = context.at + WEEK_MS;
  const budget = { judged: 0 };
  const ways = openableWays(context, people, budget);
  const canAsk = lookingAhead(people, context.urgency, { startAt: firstQuarter, endAt: end });
  for (let at = firstQuarter; at < end; at += QUARTER_MS) {
    if (budget.judged >= MOST_JUDGED) return at - context.at;
    for (const mayAsk of ways) if (mayAsk(at, canAsk) !== false) return at - context.at;
  }
  return WEEK_MS;
}

/** Whether somebody behind a gate can be asked at a moment; `undefined` when it may not be found out any more. */
type Way = (at: number, canAsk: Look) => boolean | undefined;

/** Every gate of the ladder that can open, once, with the targets behind it. */
function openableWays(context: IncidentContext, people: People, budget: { judged: number }): readonly Way[] {
  const fact = incidentFact(context);
  const behind = new Map<string, { when: Rung['when']; targets: Map<string, Target> }>();
  for (const { when, targets } of context.ladder.rungs) {
    const key = JSON.stringify(when ?? null);
    const known = behind.get(key) ?? { when, targets: new Map() };
    for (const target of targets) known.targets.set(JSON.stringify(target), target);
    behind.set(key, known);
  }
  return [...behind.values()].flatMap(({ when, targets }): readonly Way[] => {
    const gate = compileGate(when, people.calendars);
    const behindIt = [...targets.values()];
    const isOpen = (at: number, where?: Parameters<Visit>[0]) => {
      budget.judged += gate.parts;
      return gate.isOpen(fact, at, where);
    };
    if (gate.isPersonal) return [(at, canAsk) => canAsk(behindIt, at, (where) => isOpen(at, where))];
    if (gate.isTimed) return [(at, canAsk) => isOpen(at) && canAsk(behindIt, at)];
    // What does not look at the time opens now or never.
    return gate.isOpen(fact, context.at) ? [(at, canAsk) => canAsk(behindIt, at)] : [];
  });
}
