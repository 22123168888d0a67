/**
 * Settling with a configuration: the one place where the engine joins the statechart and the plan.
 */
import type { CompiledConfig } from '../core/config/compile.ts';
import { type Settled, type SettleInput, settle } from '../core/lifecycle/settle.ts';
import { plan } from '../core/paging/plan-page.ts';

/** Everything that follows from `input`, with the people that `config` knows. */
export function settleFor(config: CompiledConfig, input: Omit<SettleInput, 'plan'>): Settled {
  return settle({ ...input, plan: (effect, { context }) => plan(effect, context, config) });
}
