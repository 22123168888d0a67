/**
 * The preview of a ladder: whom it would ask and when, if nobody answered, down to the fallback.
 *
 * It resolves every step at the moment at which it would be taken; nothing is asked for and nobody is paged.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import type { ExplainedStep } from '../core/intake/explanation.ts';
import { isGateOpen } from '../core/paging/gate.ts';
import { resolveTargets } from '../core/paging/resolve-targets.ts';
import type { Fact } from '../core/rules/field.ts';
import type { Ladder } from '../model/escalation.ts';
import type { Urgency } from '../model/user.ts';

/** What the gates of a new incident look at. */
export type Gist = {
  readonly severity: string;
  readonly urgency: Urgency;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** The first round of the ladder, of those that follow it when it is exhausted, and the fallback of the last. */
export function previewLadder(first: Ladder, config: CompiledConfig, startAt: number, gist: Gist): ExplainedStep[] {
  const steps: ExplainedStep[] = [];
  let at = startAt;
  for (let ladder = first; ; ladder = ladder.next) {
    const round = previewRound(ladder, config, at, gist);
    steps.push(...round.steps);
    // Low urgency is asked once and does not climb.
    if (gist.urgency === 'low') return steps;
    // A round that reaches nobody is not repeated.
    at += round.lastsMs * (round.lastsMs > 0 ? ladder.loops : 1);
    if (ladder.next === undefined) {
      const fallback = explainStep({ at, loop: ladder.loops, step: 0 }, ladder.fallback, config, gist.urgency);
      return [...steps, { ...fallback, gated: false }];
    }
  }
}

function previewRound(
  ladder: Ladder,
  config: CompiledConfig,
  startAt: number,
  gist: Gist,
): { readonly steps: readonly ExplainedStep[]; readonly lastsMs: number } {
  const steps: ExplainedStep[] = [];
  let at = startAt;
  for (const [index, rung] of ladder.rungs.entries()) {
    const isOpen = isGateOpen(rung.when, factOf(gist), at);
    const step = explainStep({ at, loop: 1, step: index + 1 }, isOpen ? rung.targets : [], config, gist.urgency);
    steps.push({ ...step, gated: !isOpen });
    if (step.people.length === 0) continue;
    if (gist.urgency === 'low') break;
    at += rung.waitMs;
  }
  return { steps, lastsMs: at - startAt };
}

/** What the gates of a new incident are asked about: see core/paging/incident-fact.ts. */
function factOf(gist: Gist): Fact {
  return { ...gist, visibility: 'public', alertCount: 1 };
}

function explainStep(
  place: { readonly at: number; readonly loop: number; readonly step: number },
  targets: Parameters<typeof resolveTargets>[0],
  config: CompiledConfig,
  urgency: Urgency,
): Omit<ExplainedStep, 'gated'> {
  const { recipients, unreached } = resolveTargets(targets, config, { at: place.at, urgency });
  const people = recipients.flatMap(({ user, reason, contacts }) => {
    if (user === undefined) return [];
    const why =
      reason.schedule === undefined
        ? 'named by the policy'
        : `on call for ${reason.schedule} (${reason.source ?? 'rotation'} ${reason.sourceId ?? ''})`;
    return [
      {
        user,
        why,
        contacts: contacts.map(({ contact, notifier, address, afterMs }) => ({
          at: iso(place.at + afterMs),
          contact,
          notifier,
          address,
        })),
      },
    ];
  });
  return { ...place, at: iso(place.at), kind: place.step === 0 ? 'fallback' : 'step', people, unreached };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
