/**
 * Gates: whether a rung may be asked at a moment.
 *
 * A gate that cannot be judged stands open: asking somebody too many is better than asking nobody.
 */
import type { Condition } from '../../model/condition.ts';
import { compileCondition } from '../rules/condition.ts';
import type { Fact } from '../rules/field.ts';

/** A gate that was compiled once, to be judged at many moments. */
export type Gate = {
  /** Whether its answer can differ from moment to moment; without a `during` inside it never does. */
  readonly isTimed: boolean;
  /** How many conditions it consists of, itself included. */
  readonly parts: number;
  /** Whether it is open for an incident of that fact at `at` (epoch ms). */
  isOpen(fact: Fact, at: number): boolean;
};

/** Whether the gate `when` is open for an incident of that fact at `at` (epoch ms); a rung without a gate always is. */
export function isGateOpen(when: Condition | undefined, fact: Fact, at: number): boolean {
  return compileGate(when).isOpen(fact, at);
}

/** Compiles the gate `when`; a rung without one is always open. */
export function compileGate(when: Condition | undefined): Gate {
  if (when === undefined) return { isTimed: false, parts: 0, isOpen: () => true };
  const compiled = orNothing(() => compileCondition(when));
  if (compiled === undefined) return { isTimed: false, parts: 1, isOpen: () => true };
  return { ...measured(when), isOpen: (fact, at) => orNothing(() => compiled.test(fact, at)) ?? true };
}

/** What a condition that compiles consists of. */
function measured(condition: Condition): Pick<Gate, 'isTimed' | 'parts'> {
  if (typeof condition === 'string') return { isTimed: false, parts: 1 };
  const inner =
    'all' in condition ? condition.all : 'any' in condition ? condition.any : 'not' in condition ? [condition.not] : [];
  const parts = inner.map(measured);
  return {
    isTimed: ('op' in condition && condition.op === 'during') || parts.some(({ isTimed }) => isTimed),
    parts: parts.reduce((sum, part) => sum + part.parts, 1),
  };
}

function orNothing<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
