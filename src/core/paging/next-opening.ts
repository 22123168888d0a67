/**
 * Next opening: when somebody of a ladder can be asked again, after a round in which nobody could.
 *
 * Pure. It looks ahead in quarters of an hour, for a week at most; what opens later is looked for again then. It never
 * looks longer than it may: each schedule is worked out once, and when there is too much to look at it answers how far
 * it came.
 */
import type { Rung } from '../../model/escalation.ts';
import type { IncidentContext } from '../lifecycle/context.ts';
import { compileGate } from './gate.ts';
import { incidentFact } from './incident-fact.ts';
import { type People, recipientOf } from './resolve-targets.ts';

const QUARTER_MS = 900_000;
const WEEK_MS = 604_800_000;
/** How many schedules are worked out for one answer. */
const MOST_RESOLUTIONS = 200;
/** How many conditions are judged for one answer, give or take those of one moment. */
const MOST_JUDGED = 20_000;

type Target = Rung['targets'][number];
type Span = { readonly startAt: number; readonly endAt: number };
/** Whether somebody whom the targets name can be asked at a full quarter; `undefined` when it may not be found out any more. */
type Look = (targets: readonly Target[], at: number) => boolean | undefined;

/**
 * How long, in ms, until a rung of the ladder has an open gate and somebody to ask; a week when none has within that
 * time. When there is too much to look at, the time that was looked ahead: it is looked for again then.
 */
export function nextOpening(context: IncidentContext, people: People): number {
  const firstQuarter = Math.floor(context.at / QUARTER_MS + 1) * QUARTER_MS;
  const end = context.at + WEEK_MS;
  const gates = openableGates(context);
  const canAsk = lookingAhead(context, people, { startAt: firstQuarter, endAt: end });
  let judged = 0;
  for (let at = firstQuarter; at < end; at += QUARTER_MS) {
    if (judged >= MOST_JUDGED) return at - context.at;
    for (const { isOpen, parts, targets } of gates) {
      judged += parts;
      if (!isOpen(at)) continue;
      const canBeAsked = canAsk(targets, at);
      if (canBeAsked !== false) return at - context.at;
    }
  }
  return WEEK_MS;
}

/** Every gate of the ladder that can open, once, with the targets behind it. */
function openableGates(context: IncidentContext) {
  const fact = incidentFact(context);
  const behind = new Map<string, { when: Rung['when']; targets: Map<string, Target> }>();
  for (const { when, targets } of context.ladder.rungs) {
    const key = JSON.stringify(when ?? null);
    const known = behind.get(key) ?? { when, targets: new Map() };
    for (const target of targets) known.targets.set(JSON.stringify(target), target);
    behind.set(key, known);
  }
  return [...behind.values()].flatMap(({ when, targets }) => {
    const gate = compileGate(when);
    const behindIt = [...targets.values()];
    if (gate.isTimed) return [{ parts: gate.parts, isOpen: (at: number) => gate.isOpen(fact, at), targets: behindIt }];
    // What does not look at the time opens now or never.
    return gate.isOpen(fact, context.at) ? [{ parts: 0, isOpen: () => true, targets: behindIt }] : [];
  });
}

/** Works each schedule out once, for the whole of `span`, and only when it is asked for. */
function lookingAhead({ urgency }: IncidentContext, people: People, span: Span): Look {
  const served = new Map<string, ReadonlySet<number>>();
  const reachable = new Map<string, boolean>();

  const canReach = (user: string): boolean => {
    const known = reachable.get(user);
    if (known !== undefined) return known;
    const found = recipientOf(user, { target: { user } }, people, urgency) !== undefined;
    reachable.set(user, found);
    return found;
  };

  const onCall = (id: string): ReadonlySet<number> | undefined => {
    const known = served.get(id);
    if (known !== undefined || served.size >= MOST_RESOLUTIONS) return known;
    const found = new Set(
      shiftsOf(id, people, span).flatMap((shift) => (canReach(shift.user) ? quartersOf(shift) : [])),
    );
    served.set(id, found);
    return found;
  };

  return (targets, at) => {
    let isKnown = true;
    for (const target of targets) {
      if (usersOf(target, people).some(canReach)) return true;
      const schedule = scheduleOf(target, people);
      if (schedule === undefined) continue;
      const found = onCall(schedule);
      if (found?.has(at)) return true;
      isKnown &&= found !== undefined;
    }
    return isKnown ? false : undefined;
  };
}

function usersOf(target: Target, { teams }: People): readonly string[] {
  if ('user' in target) return [target.user];
  return 'team' in target && target.everyone ? (teams.get(target.team)?.members ?? []) : [];
}

function scheduleOf(target: Target, { teams }: People): string | undefined {
  if ('schedule' in target) return target.schedule;
  return 'team' in target && !target.everyone ? teams.get(target.team)?.schedule : undefined;
}

/** A schedule that cannot be worked out has nobody on call. */
function shiftsOf(id: string, { schedules }: People, { startAt, endAt }: Span) {
  try {
    const shifts = schedules.get(id)?.shifts({ from: startAt, until: endAt }) ?? [];
    return shifts.map(({ user, start, end }) => ({ user, startAt: start.getTime(), endAt: end.getTime() }));
  } catch {
    return [];
  }
}

/** The full quarters of an hour within a span. */
function quartersOf({ startAt, endAt }: Span): readonly number[] {
  const first = Math.ceil(startAt / QUARTER_MS) * QUARTER_MS;
  const count = Math.max(0, Math.ceil((endAt - first) / QUARTER_MS));
  return Array.from({ length: count }, (_, n) => first + n * QUARTER_MS);
}
