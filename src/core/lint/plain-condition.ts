/**
 * Plain conditions: a condition as `all` and `any` of atoms and time windows, without `not` and without what says nothing.
 *
 * Pure. It holds for the same facts as the condition that it was made of, labels being texts; nothing here judges a fact.
 */
import type { Condition, During } from '../../model/condition.ts';
import { parseMatchers } from '../rules/matcher.ts';
import { type Atom, fieldAtom, matcherAtom, negated } from './atom.ts';

/** A window of time; `isOutside` when the moment must not lie in it. */
export type Time = {
  readonly kind: 'time';
  readonly key: string;
  readonly opposite: string;
  readonly window: During;
  readonly isOutside: boolean;
};

/** Parts all of which, or any of which, must hold. */
export type Parts = { readonly kind: 'all' | 'any'; readonly key: string; readonly parts: readonly Plain[] };

/** A plain condition. An empty `all` always holds, an empty `any` never. */
export type Plain = Atom | Time | Parts;

/** The plain form of `condition`; of none: what always holds. */
export function plain(condition: Condition | undefined): Plain {
  if (condition === undefined || typeof condition === 'string') return read(condition ?? { all: [] }, false);
  const known = forms.get(condition);
  if (known !== undefined) return known;
  const form = read(condition, false);
  forms.set(condition, form);
  return form;
}

// Several families ask about the same condition, which nobody changes.
const forms = new WeakMap<object, Plain>();

/** `parts` as one condition, with the same said once, and without lists in lists of their kind. */
export function join(kind: 'all' | 'any', parts: readonly Plain[]): Plain {
  const flat = new Map<string, Plain>();
  for (const part of parts) {
    for (const each of part.kind === kind ? part.parts : [part]) {
      if (each.kind !== 'atom' && each.kind !== 'time' && each.parts.length === 0) return each;
      flat.set(each.key, each);
    }
  }
  const [only] = flat.values();
  if (only !== undefined && flat.size === 1) return only;
  return { kind, key: `${kind}(${[...flat.keys()].sort().join()})`, parts: [...flat.values()] };
}

/** Whether it holds for whatever is asked. */
export function isAlways(condition: Plain): boolean {
  return condition.kind === 'all' && condition.parts.length === 0;
}

/** What must all hold for it to hold. */
export function conjuncts(condition: Plain): readonly Plain[] {
  return condition.kind === 'all' ? condition.parts : [condition];
}

/** What any of must hold for it to hold. */
export function alternatives(condition: Plain): readonly Plain[] {
  return condition.kind === 'any' ? condition.parts : [condition];
}

/** Whether it looks at the time. */
export function hasTimes(condition: Plain): boolean {
  return condition.kind === 'time' || (condition.kind !== 'atom' && condition.parts.some(hasTimes));
}

/** The condition with each time window replaced by what is known of it. */
export function mapTimes(condition: Plain, change: (time: Time) => Plain): Plain {
  if (condition.kind === 'atom') return condition;
  if (condition.kind === 'time') return change(condition);
  return join(
    condition.kind,
    condition.parts.map((part) => mapTimes(part, change)),
  );
}

function read(condition: Condition, isNegated: boolean): Plain {
  if (typeof condition === 'string') {
    const atoms = parseMatchers(condition, 'when').map(matcherAtom);
    return isNegated ? join('any', atoms.map(negated)) : join('all', atoms);
  }
  if ('not' in condition) return read(condition.not, !isNegated);
  if ('all' in condition) return readList('all', condition.all, isNegated);
  if ('any' in condition) return readList('any', condition.any, isNegated);
  if (condition.op === 'during') {
    const key = `during ${JSON.stringify(condition.value)}`;
    const keys = isNegated ? { key: `not ${key}`, opposite: key } : { key, opposite: `not ${key}` };
    return { kind: 'time', window: condition.value, isOutside: isNegated, ...keys };
  }
  const atom = fieldAtom(condition);
  return isNegated ? negated(atom) : atom;
}

/** What is denied of all is denied of any. */
function readList(kind: 'all' | 'any', list: readonly Condition[], isNegated: boolean): Plain {
  const other = kind === 'all' ? 'any' : 'all';
  return join(
    isNegated ? other : kind,
    list.map((part) => read(part, isNegated)),
  );
}
