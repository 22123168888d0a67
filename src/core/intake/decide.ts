/**
 * decide: one alert event, to what it means for alerts and incidents.
 *
 * Pure, and the only such decision: `ingest` stores it, `explain` shows it. It never knows what is stored beyond
 * what it is handed.
 */
import type { ConfigRules } from '../config/compile.ts';
import { decideAcknowledge, decideResolve } from './answers.ts';
import { type DecisionMoment, type IntakeDecision, nothing, type Routed, type Stored } from './decision.ts';
import { decideTrigger } from './trigger.ts';

/** What a routed event means, given what is stored. */
export function decideIntake(
  routed: Routed,
  stored: Stored,
  config: ConfigRules,
  moment: DecisionMoment,
): IntakeDecision {
  const deciding = { routed, stored, config, moment };
  switch (routed.event.action) {
    case 'trigger':
      return decideTrigger(deciding);
    case 'acknowledge':
      return decideAcknowledge(deciding);
    case 'resolve':
      return decideResolve(deciding);
    case 'change':
      return nothing('a change is context and pages nobody');
  }
}
