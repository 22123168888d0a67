/**
 * Atoms: one test of one field or label, with what is known of the values for which it holds.
 *
 * Pure. What is known is exact or not said at all: a finding must never rest on a guess.
 */
import type { FieldCondition } from '../../model/condition.ts';
import { compileCondition } from '../rules/condition.ts';
import type { Matcher } from '../rules/matcher-text.ts';
import { compilePattern } from '../rules/pattern.ts';

/** Numbers between two limits; what is `open` leaves the limit itself out. */
export type Range = {
  readonly low: number;
  readonly high: number;
  readonly lowOpen: boolean;
  readonly highOpen: boolean;
};

/** One test of one value; `undefined` stands for a value that is missing. */
export type Atom = {
  readonly kind: 'atom';
  /** Two atoms of one key hold for the same values. */
  readonly key: string;
  /** The key of its opposite. */
  readonly opposite: string;
  /** What it looks at. */
  readonly subject: string;
  readonly holds: (found: unknown) => boolean;
  /** It holds for these, and for nothing else. */
  readonly only?: readonly unknown[];
  /** It holds for everything else. */
  readonly except?: readonly unknown[];
  /** It holds for numbers, and texts of numbers, in this range, and for nothing else. */
  readonly range?: Range;
  /** It holds for texts that begin, or end, like this, and for nothing else. */
  readonly start?: string;
  readonly end?: string;
};

/** The atom of a field test. */
export function fieldAtom({ field, op, value }: FieldCondition): Atom {
  switch (op) {
    case 'equals':
      return onlyAtom(field, [value]);
    case 'notEquals':
      return negated(onlyAtom(field, [value]));
    case 'in':
      return onlyAtom(field, [value ?? []].flat());
    case 'notIn':
      return negated(onlyAtom(field, [value ?? []].flat()));
    case 'missing':
      return onlyAtom(field, [undefined]);
    case 'exists':
      return negated(onlyAtom(field, [undefined]));
    default: {
      const condition = once(() => compileCondition({ field: 'found', op, value }));
      const name = `${op} ${JSON.stringify(value)}`;
      const holds = (found: unknown) => condition().test(found === undefined ? {} : { found }, 0);
      return { ...named(field, name), holds, ...shapeOf(op, value) };
    }
  }
}

/** What a source says about itself stands in fields of the event; see core/rules/condition.ts. */
const EVENT_FIELDS = new Set(['severity', 'source', 'service']);
/** Alternatives of plain characters, of which a pattern means just these. */
const PLAIN = /^[\w :/@,|-]*$/;

/** The atom of a matcher. A label that is missing equals the empty text, and labels are texts. */
export function matcherAtom({ name, op, value }: Matcher): Atom {
  const subject = EVENT_FIELDS.has(name) ? `matcher ${name}` : `labels.${name}`;
  const isNegated = op === '!=' || op === '!~';
  const isPlain = op === '=' || op === '!=' || PLAIN.test(value);
  const texts = op === '=' || op === '!=' ? [value] : value.split('|');
  const atom = isPlain
    ? onlyAtom(subject, texts.includes('') ? [...texts, undefined] : texts)
    : patternAtom(subject, value);
  return isNegated ? negated(atom) : atom;
}

/** The opposite of an atom. */
export function negated({ key, opposite, subject, holds, only, except }: Atom): Atom {
  return {
    kind: 'atom',
    key: opposite,
    opposite: key,
    subject,
    holds: (found) => !holds(found),
    ...(only !== undefined && { except: only }),
    ...(except !== undefined && { only: except }),
  };
}

/** Names a value, a missing one included. */
function nameOf(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

function onlyAtom(subject: string, values: readonly unknown[]): Atom {
  const known = new Set(values);
  const name = `in ${[...known].map(nameOf).sort().join()}`;
  return { ...named(subject, name), holds: (found) => known.has(found), only: [...known] };
}

function patternAtom(subject: string, pattern: string): Atom {
  const compiled = once(() => compilePattern(pattern, 'whole', subject));
  const holds = (found: unknown) => compiled().test(typeof found === 'string' ? found : '');
  return { ...named(subject, `=~ ${JSON.stringify(pattern)}`), holds };
}

function named(subject: string, name: string): Pick<Atom, 'kind' | 'subject' | 'key' | 'opposite'> {
  const key = `${JSON.stringify(subject)} ${name}`;
  return { kind: 'atom', subject, key, opposite: `not ${key}` };
}

function shapeOf(op: FieldCondition['op'], value: FieldCondition['value']): Partial<Atom> {
  const all = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, lowOpen: false, highOpen: false };
  switch (op) {
    case 'gt':
      return { range: { ...all, low: Number(value), lowOpen: true } };
    case 'gte':
      return { range: { ...all, low: Number(value) } };
    case 'lt':
      return { range: { ...all, high: Number(value), highOpen: true } };
    case 'lte':
      return { range: { ...all, high: Number(value) } };
    case 'between':
      return Array.isArray(value) ? { range: { ...all, low: Number(value[0]), high: Number(value[1]) } } : {};
    case 'startsWith':
      return { start: String(value) };
    case 'endsWith':
      return { end: String(value) };
    default:
      return {};
  }
}

/** A pattern is compiled only where it is asked. */
function once<T>(work: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: work() };
    return known.value;
  };
}
