/**
 * Gates: whether a rung may be asked at a moment.
 *
 * A gate that cannot be judged stands open: asking somebody too many is better than asking nobody.
 */
import type { Condition } from '../../model/condition.ts';
import { compileCondition } from '../rules/condition.ts';
import type { Fact } from '../rules/field.ts';

/** Whether the gate `when` is open for an incident of that fact at `at` (epoch ms); a rung without a gate always is. */
export function isGateOpen(when: Condition | undefined, fact: Fact, at: number): boolean {
  if (when === undefined) return true;
  try {
    return compileCondition(when).test(fact, at);
  } catch {
    return true;
  }
}
