/**
 * Never: whether a condition can hold for no fact whatever.
 *
 * Pure. It answers true only where that is certain; a contradiction that it does not see stays unsaid.
 */
import type { Atom } from './atom.ts';
import { alternatives, conjuncts, type Plain } from './plain-condition.ts';

/** Lists beyond so many parts are not looked at crosswise. */
const MOST_CROSSED = 50;

/** Whether no fact and no moment can make it hold. */
export function neverHolds(condition: Plain): boolean {
  const known = answers.get(condition);
  if (known !== undefined) return known;
  const answer = isImpossible(condition, true);
  answers.set(condition, answer);
  return answer;
}

// Several families ask about the same condition.
const answers = new WeakMap<Plain, boolean>();

function isImpossible(condition: Plain, mayCross: boolean): boolean {
  if (condition.kind === 'any') return condition.parts.every((part) => isImpossible(part, mayCross));
  return clash(conjuncts(condition), mayCross);
}

/** Whether the parts cannot all hold. */
function clash(parts: readonly Plain[], mayCross: boolean): boolean {
  const keys = new Set(parts.map(({ key }) => key));
  if (parts.some((part) => 'opposite' in part && keys.has(part.opposite))) return true;
  for (const atoms of bySubject(parts).values()) if (contradict(atoms)) return true;
  return parts.some(
    (part) => part.kind === 'any' && (isImpossible(part, false) || (mayCross && noneGoesWith(part, parts))),
  );
}

/** Whether each alternative contradicts what is said beside it. */
function noneGoesWith(any: Plain, parts: readonly Plain[]): boolean {
  const choices = alternatives(any);
  if (parts.length > MOST_CROSSED || choices.length > MOST_CROSSED) return false;
  const others = parts.filter((part) => part !== any);
  const spoken = new Set(others.map(topicOf));
  return choices.every((choice) => {
    const wanted = conjuncts(choice);
    // What speaks of something else contradicts nothing.
    if (!wanted.some((part) => part.kind === 'any' || spoken.has(topicOf(part)))) return isImpossible(choice, false);
    return clash([...others, ...wanted], false);
  });
}

/** What a part speaks of. */
function topicOf(part: Plain): string {
  if (part.kind === 'atom') return part.subject;
  return part.kind === 'time' && part.isOutside ? part.opposite : part.key;
}

function bySubject(parts: readonly Plain[]): ReadonlyMap<string, readonly Atom[]> {
  const found = new Map<string, Atom[]>();
  for (const part of parts) {
    if (part.kind !== 'atom') continue;
    const known = found.get(part.subject);
    if (known === undefined) found.set(part.subject, [part]);
    else known.push(part);
  }
  return found;
}

/** Whether no value satisfies all of them. */
function contradict(atoms: readonly Atom[]): boolean {
  const [fewest] = atoms.flatMap(({ only }) => (only === undefined ? [] : [only])).sort((a, b) => a.length - b.length);
  if (fewest !== undefined) return !fewest.some((value) => atoms.every(({ holds }) => holds(value)));
  return isEmptyRange(atoms) || differ(atoms, 'start') || differ(atoms, 'end');
}

function isEmptyRange(atoms: readonly Atom[]): boolean {
  const ranges = atoms.flatMap(({ range }) => range ?? []);
  const low = Math.max(...ranges.map((range) => range.low));
  const high = Math.min(...ranges.map((range) => range.high));
  if (ranges.length === 0 || low < high) return false;
  const isOpen = ranges.some(
    (range) => (range.lowOpen && range.low === low) || (range.highOpen && range.high === high),
  );
  return low > high || isOpen;
}

/** Whether a text cannot begin, or end, in all these ways. */
function differ(atoms: readonly Atom[], side: 'start' | 'end'): boolean {
  const texts = atoms.flatMap((atom) => atom[side] ?? []).sort((a, b) => b.length - a.length);
  const [longest = ''] = texts;
  return texts.some((text) => !(side === 'start' ? longest.startsWith(text) : longest.endsWith(text)));
}
