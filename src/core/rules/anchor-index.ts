/**
 * The anchor index: which rules of a list can hold for a fact at all.
 *
 * A rule that wants `labels.service` to equal `checkout` is looked up by that value instead of being tried. The index leaves out only
 * rules that cannot hold, and it never changes the order of the rest.
 */
import type { AnchoredCondition } from './condition.ts';
import type { Fact } from './field.ts';
import { createFieldIndex, type FieldIndex, type Places } from './field-index.ts';
import type { Anchor, FactTest, Way, Ways } from './want.ts';

/** Gives the places of rules, in the order of the list. */
export type AnchorIndex = {
  /** The rules worth trying. */
  readonly candidates: (fact: Fact) => Places;
  /** The first rule that holds; -1 when none does. */
  readonly first: (fact: Fact, at: number) => number;
};

// A text in a title is in other titles too, and what it leads to costs more to try.
const LIKELY = { value: 1, start: 1, part: 8, pattern: 12 } as const;

/** Indexes `conditions`, the rules' own in the order of the list; `undefined` stands for a rule without a condition. */
export function indexAnchors(conditions: readonly (AnchoredCondition | undefined)[]): AnchorIndex {
  const crowd = crowdOf(conditions.flatMap((condition) => condition?.ways.flatMap((way) => way.anchors) ?? []));
  const always: number[] = [];
  // What is left to ask of a rule once it was looked up.
  const tests: (FactTest | undefined)[] = [];
  const entries = new Map<string, { readonly anchor: Anchor; readonly place: number }[]>();
  for (const [place, condition] of conditions.entries()) {
    const way = rarest(condition?.ways ?? [], crowd);
    if (way === undefined) always.push(place);
    tests.push(way?.rest?.() ?? condition?.test);
    for (const anchor of way?.anchors ?? []) {
      const entry = { anchor, place };
      const others = entries.get(anchor.key);
      if (others) others.push(entry);
      else entries.set(anchor.key, [entry]);
    }
  }
  const fields = Array.from(entries.values(), createFieldIndex);

  return {
    candidates: (fact) => merged(lookUp(fact, fields), always),
    first: (fact, at) => {
      let best = conditions.length;
      // Those that were looked up first: what holds of them spares trying the ones after it.
      for (const places of lookUp(fact, fields)) best = firstOf(places, best, fact, at);
      best = firstOf(always, best, fact, at);
      return best === conditions.length ? -1 : best;
    },
  };

  function firstOf(places: Places, before: number, fact: Fact, at: number): number {
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index] ?? before;
      if (place >= before) return before;
      const test = tests[place];
      if (test === undefined || test(fact, at)) return place;
    }
    return before;
  }
}

/** Tells how many rules are likely to be tried when one is looked up by an anchor. */
type Crowd = (anchor: Anchor) => number;

function crowdOf(anchors: readonly Anchor[]): Crowd {
  const uses = new Map<string, number>();
  for (const anchor of anchors)
    for (const key of keysOf(anchor)) uses.set(key, (uses.get(key) ?? 0) + LIKELY[anchor.want.kind]);
  return (anchor) => {
    // All patterns of a field are asked at once; how many there are does not matter.
    if (anchor.want.kind === 'pattern') return LIKELY.pattern;
    return keysOf(anchor).reduce((sum, key) => sum + (uses.get(key) ?? 0), 0);
  };
}

function keysOf({ key, want }: Anchor): readonly string[] {
  if (want.kind === 'pattern') return [];
  const wanted: readonly unknown[] = want.kind === 'value' ? want.values : want.texts;
  return wanted.map((value) => `${want.kind} ${typeof value} ${value} ${key}`);
}

// Of `env equals prod` and `service equals checkout` the one that fewer rules share leaves fewer rules to try.
function rarest(ways: Ways, crowd: Crowd): Way | undefined {
  let best: Way | undefined;
  let bestCrowd = Number.POSITIVE_INFINITY;
  for (const way of ways) {
    const size = way.anchors.reduce((sum, anchor) => sum + crowd(anchor), 0);
    if (size < bestCrowd) {
      best = way;
      bestCrowd = size;
    }
  }
  return best;
}

function lookUp(fact: Fact, fields: readonly FieldIndex[]): readonly Places[] {
  const found: Places[] = [];
  for (let index = 0; index < fields.length; index += 1) fields[index]?.lookUp(fact, found);
  return found;
}

function merged(found: readonly Places[], always: Places): Places {
  if (found.length === 0) return always;
  return [...new Set([...always, ...found.flat()])].sort((one, other) => one - other);
}
