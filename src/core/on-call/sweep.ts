/**
 * The sweep: who is on call throughout a span, segment by segment.
 *
 * The one algorithm behind every answer. A point is a sweep of one millisecond. Between two neighbouring boundaries
 * nothing changes, so each segment is resolved once. Nothing here knows the rules of resolve.ts.
 */
import type { Override, Swap } from '../../model/schedule.ts';
import type { Layer } from './layer.ts';
import { type Duty, resolve } from './resolve.ts';
import { coveringAt, oneAt, overlaps, type Span } from './span.ts';

/** A schedule, compiled. */
export type Plan = {
  readonly layers: readonly Layer[];
  readonly overrides: readonly (Override & Span)[];
  readonly swaps: readonly (Swap & Span)[];
};

/** A segment of time in which the same people are on call for the same reasons. */
export type Segment = Span & { readonly duties: readonly Duty[] };

/** One person's unbroken stretch of duty for one reason. */
export type Stint = Span & { readonly duty: Duty };

/** The segments that tile `span`, ascending. Neighbours may be equal. */
export function sweep({ layers, overrides, swaps }: Plan, span: Span): readonly Segment[] {
  const layerTurns = layers.map((layer) => layer.turns(span));
  const overridesNow = overrides.filter((override) => overlaps(override, span));
  const swapsNow = swaps.filter((swap) => overlaps(swap, span));
  const cuts = boundaries([...layerTurns.flat(), ...overridesNow, ...swapsNow], span);

  const turnsAt = layerTurns.map(oneAt);
  const overridesAt = coveringAt(overridesNow);
  const swapsAt = coveringAt(swapsNow);
  return cuts.map((startAt, position) => ({
    startAt,
    endAt: cuts[position + 1] ?? span.endAt,
    duties: resolve({
      layers: layers.map(({ id, priority }, layer) => ({ id, priority, turn: turnsAt[layer]?.(startAt) })),
      overrides: overridesAt(startAt),
      swaps: swapsAt(startAt),
    }),
  }));
}

/** Joins what belongs together across segments: ascending by start, then by user. */
export function stintsOf(segments: readonly Segment[]): readonly Stint[] {
  return joined(segments).stints;
}

/** The same, and for each segment the places of its stints among them. */
export function joined(segments: readonly Segment[]): {
  readonly stints: readonly Stint[];
  readonly places: readonly (readonly number[])[];
} {
  const stints: Stint[] = [];
  let open: readonly number[] = [];
  const places = segments.map(({ startAt, endAt, duties }) => {
    open = duties.map((duty) => {
      const place = open.find((one) => isSameReason(stints[one]?.duty, duty));
      const begun = place === undefined ? undefined : stints[place];
      if (place === undefined || begun === undefined) return stints.push({ duty, startAt, endAt }) - 1;
      stints[place] = { duty, startAt: begun.startAt, endAt };
      return place;
    });
    return open;
  });
  return { stints, places };
}

/** Whether the same person serves for the same reason. */
export function isSameReason(one: Duty | undefined, other: Duty): boolean {
  return (
    one?.user === other.user &&
    one.source === other.source &&
    one.id === other.id &&
    one.layer === other.layer &&
    one.handoff === other.handoff
  );
}

function boundaries(items: readonly Span[], { startAt, endAt }: Span): readonly number[] {
  const inside = items.flatMap((item) => [item.startAt, item.endAt]).filter((at) => at > startAt && at < endAt);
  return [...new Set([startAt, ...inside])].toSorted((a, b) => a - b);
}
