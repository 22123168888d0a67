/**
 * The preview of a ladder: whom it would ask and when, if nobody answered, down to the fallback.
 *
 * It resolves every step at the moment at which it would be taken; nothing is asked for and nobody is paged.
 */
import { turnsOf } from '../core/escalation/ladder.ts';
import { pauseMs, rungWaitMs } from '../core/escalation/waits.ts';
import type { ExplainedStep } from '../core/intake/explanation.ts';
import { type RungWorld, resolveRung } from '../core/paging/resolve-rung.ts';
import { type Resolved, resolveTargets } from '../core/paging/resolve-targets.ts';
import type { Fact } from '../core/rules/field.ts';
import type { Ladder, Rung } from '../model/escalation.ts';
import type { RecipientReason } from '../model/page.ts';
import type { Urgency } from '../model/user.ts';

/** What the gates of a new incident look at. */
export type Gist = {
  readonly severity: string;
  readonly urgency: Urgency;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** The first round of the ladder, of those that follow it when it is exhausted, and the fallback of the last. */
export function previewLadder(first: Ladder, world: RungWorld, startAt: number, gist: Gist): ExplainedStep[] {
  const { urgency } = gist;
  const steps: ExplainedStep[] = [];
  let at = startAt;
  for (let ladder = first; ; ladder = ladder.next) {
    const round = previewRound(ladder, world, at, gist);
    steps.push(...round.steps);
    // Low urgency is asked once and does not climb.
    if (urgency === 'low') return steps;
    at = endOf(ladder, round);
    if (ladder.next === undefined) {
      const found = resolveTargets(ladder.fallback, world, { at, urgency });
      return [...steps, explainStep({ at, loop: ladder.loops, step: 0 }, { ...found, isGated: false })];
    }
  }
}

type Round = { readonly steps: readonly ExplainedStep[]; readonly asking: readonly Rung[]; readonly endAt: number };

function previewRound(ladder: Ladder, world: RungWorld, startAt: number, gist: Gist): Round {
  const { urgency } = gist;
  const steps: ExplainedStep[] = [];
  const asking: Rung[] = [];
  let at = startAt;
  for (const [index, rung] of ladder.rungs.entries()) {
    const turns = turnsOf(ladder.policyId, index + 1);
    const found = resolveRung(rung, turns, { at, urgency, fact: factOf(gist) }, world);
    const step = explainStep({ at, loop: 1, step: index + 1 }, found);
    steps.push(step);
    if (step.people.length === 0) continue;
    if (urgency === 'low') break;
    asking.push(rung);
    at += rungWaitMs(rung, at);
  }
  return { steps, asking, endAt: at };
}

/** When the last round ends, if each asks at the same rungs as the first; a round that reaches nobody is not repeated. */
function endOf(ladder: Ladder, { asking, endAt }: Round): number {
  let at = endAt;
  for (let loop = 2; loop <= ladder.loops && asking.length > 0; loop += 1) {
    at += pauseMs(ladder);
    for (const rung of asking) at += rungWaitMs(rung, at);
  }
  return at;
}

/** What the gates of a new incident are asked about: see core/paging/incident-fact.ts. */
function factOf(gist: Gist): Fact {
  return { ...gist, visibility: 'public', alertCount: 1 };
}

type Place = { readonly at: number; readonly loop: number; readonly step: number };

function explainStep(
  place: Place,
  { recipients, unreached, isGated }: Resolved & { readonly isGated: boolean },
): ExplainedStep {
  const people = recipients.flatMap(({ user, reason, contacts }) => {
    if (user === undefined) return [];
    return [
      {
        user,
        why: whyOf(reason),
        contacts: contacts.map(({ contact, notifier, address, afterMs }) => ({
          at: iso(place.at + afterMs),
          contact,
          notifier,
          address,
        })),
      },
    ];
  });
  const kind = place.step === 0 ? 'fallback' : 'step';
  return { ...place, at: iso(place.at), kind, gated: isGated, people, unreached };
}

function whyOf({ target, schedule, source = 'rotation', sourceId = '' }: RecipientReason): string {
  if (schedule === undefined) return 'named by the policy';
  const who = 'schedule' in target ? target.who : undefined;
  if (who === 'everyone') return `takes part in ${schedule}`;
  return `${who === 'next' ? 'comes on call next' : 'on call'} for ${schedule} (${source} ${sourceId})`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
