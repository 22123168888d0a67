/**
 * Spans: half-open stretches of time, and the union, intersection and complement of them.
 *
 * Plain numbers in epoch ms. Nothing here knows what a span stands for.
 */

/** From `startAt` (in) to `endAt` (out), both in epoch ms. */
export type Span = { readonly startAt: number; readonly endAt: number };

/** Whether the two have a moment in common. */
export function overlaps(one: Span, other: Span): boolean {
  return one.startAt < other.endAt && other.startAt < one.endAt;
}

/** The part of `span` that lies within `bounds`; empty or negative when they do not overlap. */
export function clip(span: Span, bounds: Span): Span {
  return { startAt: Math.max(span.startAt, bounds.startAt), endAt: Math.min(span.endAt, bounds.endAt) };
}

/** The union: sorted, disjoint, never touching. */
export function unite(spans: readonly Span[]): readonly Span[] {
  const united: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.startAt - b.startAt)) {
    const last = united.at(-1);
    if (last === undefined || span.startAt > last.endAt) united.push(span);
    else united[united.length - 1] = { startAt: last.startAt, endAt: Math.max(last.endAt, span.endAt) };
  }
  return united;
}

/** What of `bounds` no span covers. `spans` must be sorted and disjoint, as {@link unite} returns them. */
export function complement(spans: readonly Span[], bounds: Span): readonly Span[] {
  const holes: Span[] = [];
  let uncoveredFrom = bounds.startAt;
  for (const span of spans) {
    const hole = clip({ startAt: uncoveredFrom, endAt: span.startAt }, bounds);
    if (hole.startAt < hole.endAt) holes.push(hole);
    uncoveredFrom = span.endAt;
  }
  const rest = clip({ startAt: uncoveredFrom, endAt: bounds.endAt }, bounds);
  return rest.startAt < rest.endAt ? [...holes, rest] : holes;
}

/**
 * Answers which of `items` covers a moment; they must be ascending and disjoint, and the moments asked for must never go
 * back.
 */
export function oneAt<T extends Span>(items: readonly T[]): (at: number) => T | undefined {
  let next = 0;
  return (at) => {
    while ((items[next]?.endAt ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    const item = items[next];
    return item !== undefined && item.startAt <= at ? item : undefined;
  };
}

/**
 * Answers which of `items` cover a moment, in the order of the list.
 * The moments asked for must never go back: each item is then looked at a bounded number of times.
 */
export function coveringAt<T extends Span>(items: readonly T[]): (at: number) => readonly T[] {
  const waiting = items
    .map((item, position) => ({ item, position }))
    .toSorted((a, b) => b.item.startAt - a.item.startAt);
  let active: typeof waiting = [];
  return (at) => {
    if (waiting.length === 0 && active.length === 0) return [];
    for (let next = waiting.at(-1); next !== undefined && next.item.startAt <= at; next = waiting.at(-1)) {
      active.push(next);
      waiting.pop();
    }
    active = active.filter(({ item }) => item.endAt > at).toSorted((a, b) => a.position - b.position);
    return active.map(({ item }) => item);
  };
}
