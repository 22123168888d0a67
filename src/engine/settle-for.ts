/**
 * Settling with a configuration: the one place where the engine joins the statechart and the plan.
 *
 * The turns that its pages take are noted in what was loaded, and stored with the change that comes of it (see transact.ts).
 */
import { type Settled, type SettleInput, settle } from '../core/lifecycle/settle.ts';
import { pagingState } from '../core/lifecycle/view.ts';
import { plan } from '../core/paging/plan-page.ts';
import type { Decidable } from './current-config.ts';

/** Everything that follows from `input`, with the people that the configuration knows. */
export function settleFor(
  { config, roundRobin }: Pick<Decidable, 'config' | 'roundRobin'>,
  input: Omit<SettleInput, 'plan'>,
): Settled {
  const world = { ...config, lastTurn: roundRobin.last };
  return settle({
    ...input,
    plan: (effect, snapshot) => {
      const draft = plan(effect, snapshot.context, { ...world, paging: pagingState(snapshot) });
      if (draft?.type === 'page.requested' && draft.turn !== undefined) roundRobin.take(draft.turn);
      return draft;
    },
  });
}
