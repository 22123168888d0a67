/**
 * A lane: a row of the picture with its name. What lasts lies in it as bars.
 *
 * A lane is laid out before it is drawn, so that everything below knows how high it is. It never grows with the number of
 * what lies in it.
 */
import { boundedLine } from '../../../core/text/bounded.ts';
import type { ReviewSpan } from '../../../model/review.ts';
import type { Axis } from './axis.ts';
import type { Look } from './colours.ts';
import type { Stretch } from './packing.ts';
import { type Box, drawBar } from './shapes.ts';

/** A lane that is laid out. */
export type Lane = {
  readonly name: string;
  /** What is said below its name. */
  readonly note: string;
  readonly height: number;
  /** What is in it, with its upper edge at `y`. */
  draw(y: number): string;
};

/** What lanes are laid out with. */
export type Laying = {
  readonly axis: Axis;
  /** `26 Nov 2026 02:31` */
  readonly momentOf: (at: number) => string;
  readonly lengthOf: (ms: number) => string;
};

/** Something that lasts, with its look. `share`: how high it is within its lane, at most and by default 1. */
export type Lasting = ReviewSpan & { readonly look: Look; readonly share?: number };

/** Where something that lasts lies. */
export type Bar = Stretch & { readonly of: Lasting };

/** More bars than that are not told of one by one. */
export const MOST_TOLD = 40;
/** The most characters of what is told of one. */
export const MOST_TIP = 80;
/** What is shorter is drawn this wide, so that it can be seen. */
const SMALLEST = 2;

/** The bar of something that lasts. */
export function barOf(span: Lasting, axis: Axis): Bar {
  const left = axis.xOf(span.fromAt);
  const right = span.untilAt === undefined ? axis.right : axis.xOf(span.untilAt);
  return { left, right: Math.max(left + SMALLEST, right), of: span };
}

/** A bar with its label, unless that is written elsewhere, and with what is said of it when somebody points at it. */
export function drawTold(
  span: Lasting,
  box: Box,
  { laying: { momentOf, lengthOf }, isLabelled = true }: { readonly laying: Laying; readonly isLabelled?: boolean },
): string {
  const { fromAt, untilAt, look } = span;
  const label = boundedLine(span.label, MOST_TIP);
  const until = untilAt === undefined ? 'on' : `to ${momentOf(untilAt)}, ${lengthOf(untilAt - fromAt)}`;
  const tip = `${label}: ${momentOf(fromAt)} ${until}`;
  return drawBar(box, look, { label: isLabelled ? label : '', tip, doesGoOn: untilAt === undefined });
}
