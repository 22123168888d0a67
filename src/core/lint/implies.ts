/**
 * Implication: whether whatever satisfies one condition satisfies another one too.
 *
 * Pure. It answers true only where that is certain, and false also where it does not know.
 */
import type { Atom, Range } from './atom.ts';
import { conjuncts, type Plain } from './plain-condition.ts';

/** How many pairs of parts may still be compared; it counts down. */
export type Budget = { left: number };

/** Whether what satisfies all of `given` satisfies all of `wanted`. */
export function implyAll(given: readonly Plain[], wanted: readonly Plain[], budget: Budget): boolean {
  return wanted.every((part) => given.some((known) => implies(known, part, given, budget)));
}

function implies(known: Plain, wanted: Plain, given: readonly Plain[], budget: Budget): boolean {
  budget.left -= 1;
  if (budget.left < 0) return false;
  if (known.key === wanted.key) return true;
  if (known.kind === 'any') return known.parts.every((part) => implyAll(conjuncts(part), [wanted], budget));
  if (wanted.kind === 'any') return wanted.parts.some((part) => implyAll(given, conjuncts(part), budget));
  return known.kind === 'atom' && wanted.kind === 'atom' && impliesAtom(known, wanted);
}

function impliesAtom(known: Atom, wanted: Atom): boolean {
  if (known.subject !== wanted.subject) return false;
  if (known.only !== undefined) return known.only.every(wanted.holds);
  if (wanted.except !== undefined) return !wanted.except.some(known.holds);
  if (known.range !== undefined && wanted.range !== undefined) return isWithin(known.range, wanted.range);
  if (known.start !== undefined && wanted.start !== undefined) return known.start.startsWith(wanted.start);
  if (known.end !== undefined && wanted.end !== undefined) return known.end.endsWith(wanted.end);
  return false;
}

function isWithin(inner: Range, outer: Range): boolean {
  const isAbove = inner.low > outer.low || (inner.low === outer.low && (inner.lowOpen || !outer.lowOpen));
  const isBelow = inner.high < outer.high || (inner.high === outer.high && (inner.highOpen || !outer.highOpen));
  return isAbove && isBelow;
}
