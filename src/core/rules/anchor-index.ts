/**
 * The anchor index: which rules of a list can hold for a fact at all.
 *
 * A rule that wants `labels.service` to equal `checkout` is looked up by that value instead of being tried. The index leaves out only
 * rules that cannot hold, and it never changes the order of the rest.
 */
import type { Anchor, AnchoredCondition } from './condition.ts';
import type { Fact, FieldReader } from './field.ts';

/** Gives the places of the rules worth trying, in the order of the list. */
export type AnchorIndex = { readonly candidates: (fact: Fact) => Iterable<number> };

type Bucket = { readonly read: FieldReader; readonly byValue: Map<unknown, number[]> };

/** Indexes `conditions`, the rules' own in the order of the list; `undefined` stands for a rule without a condition. */
export function indexAnchors(conditions: readonly (AnchoredCondition | undefined)[]): AnchorIndex {
  const crowd = countUses(conditions);
  const always: number[] = [];
  const buckets = new Map<string, Bucket>();
  for (const [place, condition] of conditions.entries()) {
    const anchor = rarest(condition?.anchors ?? [], crowd);
    if (anchor === undefined) always.push(place);
    else enter(buckets, anchor, place);
  }
  return { candidates: (fact) => inOrder(listsFor(fact, always, buckets.values())) };
}

function countUses(conditions: readonly (AnchoredCondition | undefined)[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const anchor of conditions.flatMap((condition) => condition?.anchors ?? [])) {
    for (const value of anchor.values) {
      const key = useKey(anchor, value);
      uses.set(key, (uses.get(key) ?? 0) + 1);
    }
  }
  return uses;
}

// Of `env equals prod` and `service equals checkout` the one that fewer rules share leaves fewer rules to try.
function rarest(anchors: readonly Anchor[], uses: ReadonlyMap<string, number>): Anchor | undefined {
  let best: Anchor | undefined;
  let bestCrowd = Number.POSITIVE_INFINITY;
  for (const anchor of anchors) {
    const crowd = anchor.values.reduce<number>((sum, value) => sum + (uses.get(useKey(anchor, value)) ?? 0), 0);
    if (crowd < bestCrowd) {
      best = anchor;
      bestCrowd = crowd;
    }
  }
  return best;
}

function useKey(anchor: Anchor, value: unknown): string {
  return `${typeof value} ${value} ${anchor.key}`;
}

function enter(buckets: Map<string, Bucket>, anchor: Anchor, place: number): void {
  const bucket = buckets.get(anchor.key) ?? { read: anchor.read, byValue: new Map<unknown, number[]>() };
  buckets.set(anchor.key, bucket);
  for (const value of new Set(anchor.values)) {
    const places = bucket.byValue.get(value);
    if (places) places.push(place);
    else bucket.byValue.set(value, [place]);
  }
}

function listsFor(fact: Fact, always: readonly number[], buckets: Iterable<Bucket>): readonly (readonly number[])[] {
  const lists = [always];
  for (const { read, byValue } of buckets) {
    const places = byValue.get(read(fact));
    if (places) lists.push(places);
  }
  return lists;
}

// Each list is sorted and no place is in two of them.
function* inOrder(lists: readonly (readonly number[])[]): Generator<number, void> {
  const heads = lists.map(() => 0);
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    let from = -1;
    for (const [which, list] of lists.entries()) {
      const place = list[heads[which] ?? 0] ?? Number.POSITIVE_INFINITY;
      if (place < next) {
        next = place;
        from = which;
      }
    }
    if (from < 0) return;
    heads[from] = (heads[from] ?? 0) + 1;
    yield next;
  }
}
