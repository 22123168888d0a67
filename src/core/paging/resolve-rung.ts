/**
 * Rungs to people: a rung's gate, its targets and its strategy together.
 *
 * Pure. It says who would be asked at a moment, for a page and for a preview alike, and asks nobody.
 */
import type { Rung } from '../../model/escalation.ts';
import type { Turn } from '../../model/page.ts';
import type { Urgency } from '../../model/user.ts';
import type { Fact } from '../rules/field.ts';
import { type Candidate, type People, whereaboutsOf } from './candidates.ts';
import { compileGate, type Gate } from './gate.ts';
import { type Asking, resolveTargets } from './resolve-targets.ts';
import { type Dealt, dealTurn } from './round-robin.ts';

/** The people, and whose turn it was last in a round-robin. */
export type RungWorld = People & { lastTurn?(of: string): Turn | undefined };

/** The moment (epoch ms), the incident as gates see it, and who is not asked again because they have answered. */
export type Moment = {
  readonly at: number;
  readonly urgency: Urgency;
  readonly fact: Fact;
  readonly answered?: readonly string[];
};

/** Who is asked, and who is not; `isGated` when nobody is because the gate is closed for all of them. */
export type RungAnswer = Dealt & { readonly isGated: boolean };

/** What stands in `unreached` of somebody for whom the gate is closed, and of somebody who has answered already. */
const GATED = 'gated';
const ANSWERED = 'has acknowledged';

/** Whom `rung` asks; `turns` names its turns when the rung does not. */
export function resolveRung(rung: Rung, turns: string, moment: Moment, world: RungWorld): RungAnswer {
  const gate = compileGate(rung.when, world.calendars);
  const { fact, at, urgency } = moment;
  if (!gate.isPersonal && !gate.isOpen(fact, at)) return { recipients: [], unreached: [], isGated: true };
  const asking: Asking = { at, urgency, passOver: passingOver(gate, moment, world) };
  const of = rung.turns ?? turns;
  const found: Dealt =
    rung.strategy === 'round-robin'
      ? dealTurn(rung.targets, world, { ...asking, of, last: world.lastTurn?.(of) })
      : resolveTargets(rung.targets, world, asking);
  if (!isAllGated(found)) return { ...found, isGated: false };
  // A step that is closed for everybody is a closed step: no channel is told of it either.
  return { recipients: [], unreached: found.unreached, isGated: true };
}

function passingOver(gate: Gate, { fact, at, answered = [] }: Moment, world: RungWorld) {
  const done = new Set(answered);
  return (candidate: Candidate): string | undefined => {
    if (done.has(candidate.user)) return ANSWERED;
    if (!gate.isPersonal || gate.isOpen(fact, at, whereaboutsOf(candidate, world))) return undefined;
    return GATED;
  };
}

function isAllGated({ recipients, unreached }: Dealt): boolean {
  if (recipients.some(({ user }) => user !== undefined)) return false;
  const people = unreached.filter(({ user, why }) => user !== undefined && why !== ANSWERED);
  return people.length > 0 && people.every(({ why }) => why === GATED);
}
