/**
 * Wants: what the value of a field must have for a condition to hold.
 *
 * By its wants a rule is looked up; what has no want is tried. A want may be too weak, never too strong.
 */
import type { Fact, FieldReader } from './field.ts';

/** One thing that must be so. */
export type Want =
  /** The value is one of these; with `isEnough` that is all that is asked. */
  | { readonly kind: 'value'; readonly values: readonly unknown[]; readonly isEnough?: true }
  /** The value is a text that starts with one of these, letters in any case. None of them is empty. */
  | { readonly kind: 'start'; readonly texts: readonly string[] }
  /** The value is a text that has one of these in it, letters in any case, or it is a list and `orList` is set. */
  | { readonly kind: 'part'; readonly texts: readonly string[]; readonly orList?: true }
  /** The value is a text in which RE2 finds the pattern. */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly size: number };

/** A want of one field; `key` is the same for the same reader. */
export type Anchor = { readonly key: string; readonly read: FieldReader; readonly want: Want };

/** Whether something holds for a fact at a moment. */
export type FactTest = (fact: Fact, at: number) => boolean;
/** A way to look a condition up: when it holds, at least one of the anchors is met. */
export type Way = {
  readonly anchors: readonly Anchor[];
  /** What is left to be asked once the anchor is met; absent when the whole condition has to be asked. */
  readonly rest?: () => FactTest;
};
/** Ways to look a condition up, each complete by itself. */
export type Ways = readonly Way[];

const COST = { value: 1, start: 2, part: 3, pattern: 4 } as const;

/** The ways that the wants of one field make. */
export function waysOf(key: string, read: FieldReader, wants: readonly Want[]): Ways {
  return wants.map((want) => {
    const anchors = [{ key, read, want }];
    return want.kind === 'value' && want.isEnough ? { anchors, rest: () => always } : { anchors };
  });
}

/** The ways to look up what holds when all of several conditions do. */
export function waysOfAll(parts: readonly { readonly ways: Ways; readonly test: FactTest }[]): Ways {
  return parts.flatMap(({ ways }, place) =>
    ways.map(({ anchors, rest }) => {
      if (rest === undefined) return { anchors };
      const others = () => parts.filter((_, other) => other !== place).map(({ test }) => test);
      return { anchors, rest: () => testOfAll([...others(), rest()].filter((test) => test !== always)) };
    }),
  );
}

/** The one way to look up what holds when any of several conditions does; none when one of them has none. */
export function waysOfAny(parts: readonly Ways[]): Ways {
  const best = parts.map((ways) => ways.reduce<Way | undefined>(cheaper, undefined));
  const [only] = best;
  if (best.includes(undefined)) return [];
  return only !== undefined && best.length === 1 ? [only] : [{ anchors: best.flatMap((way) => way?.anchors ?? []) }];
}

/** The test that all of `tests` hold. */
export function testOfAll(tests: readonly FactTest[]): FactTest {
  const [first, second, third] = tests;
  if (first === undefined) return always;
  if (second === undefined) return first;
  if (third === undefined) return (fact, at) => first(fact, at) && second(fact, at);
  if (tests.length === 3) return (fact, at) => first(fact, at) && second(fact, at) && third(fact, at);
  return (fact, at) => {
    for (const test of tests) if (!test(fact, at)) return false;
    return true;
  };
}

function always(): boolean {
  return true;
}

function cheaper(best: Way | undefined, way: Way): Way {
  return best === undefined || costOf(way) < costOf(best) ? way : best;
}

function costOf({ anchors }: Way): number {
  return Math.max(0, ...anchors.map(({ want }) => COST[want.kind]));
}
