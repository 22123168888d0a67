/**
 * Shapes: the measures of the picture, and the few things that everything in it is drawn of.
 *
 * They know pixels and paints, and nothing of schedules.
 */
import { DAY_MS } from '../local-clock.ts';
import { type Look, type Paint, painted } from './colours.ts';
import { element, round } from './xml.ts';

/** Measures of the picture, in pixels. */
export const SIZES = {
  margin: 24,
  left: 96,
  day: 148,
  dates: 22,
  lane: 26,
  between: 3,
  now: 20,
  row: 12,
  /** What is shorter is drawn this wide, so that it can be seen. */
  smallest: 3,
} as const;

/** The width of seven days. */
export const GRID_WIDTH = 7 * SIZES.day;
/** The width of the picture. */
export const PAGE_WIDTH = SIZES.left + GRID_WIDTH + SIZES.margin;

/** A rectangle. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** The mark of a source or of a gap: a pattern that lies over the colour. */
export type Mark = 'override' | 'swap' | 'gap';

/** Where a place of a row lies. */
export function xOf(ms: number): number {
  return SIZES.left + (ms / DAY_MS) * SIZES.day;
}

/** The box between two places of a row, with a little air before its neighbours. */
export function boxOf(place: { readonly left: number; readonly right: number }, y: number, height: number): Box {
  const width = xOf(place.right) - xOf(place.left) - 1.5;
  return { x: xOf(place.left) + 0.5, y, width: Math.max(SIZES.smallest, width), height };
}

/** A bar with round ends where something begins and ends, flat ones where it goes on. */
export function drawBar(
  box: Box,
  { fill, edge, dashes }: Look,
  { begins, ends }: { readonly begins: boolean; readonly ends: boolean },
): string {
  const radius = Math.min(5, box.width / 2);
  const d = outline(box, begins ? radius : 0, ends ? radius : 0);
  return element('path', { d, ...painted({ fill, edge }), 'stroke-dasharray': dashes });
}

/** The red bar of a gap. */
export function drawGapBar(box: Box, pattern: string): string {
  const rx = Math.min(3, box.width / 2);
  return element('rect', { ...box, rx, ...painted({ fill: 'gap', edge: 'gapEdge' }) }) + drawPattern(box, pattern);
}

/** The pattern of that id over a bar. */
export function drawPattern({ x, y, width, height }: Box, id: string): string {
  return element('rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, fill: `url(#${id})` });
}

/** Diagonals for overrides, dots for swaps, crossed diagonals for gaps. */
export function definePatterns(idOf: (mark: Mark) => string): string {
  const pattern = (mark: Mark, size: number, content: string) =>
    element(
      'pattern',
      { id: idOf(mark), width: size, height: size, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      content,
    );
  const lines = (paint: Paint, width: number, opacity: number, d: string) =>
    element('path', { d, 'stroke-width': width, 'stroke-opacity': opacity, ...painted({ edge: paint }) });
  const dot = element('circle', { cx: 3, cy: 3, r: 1.3, 'fill-opacity': 0.3, ...painted({ fill: 'hatch' }) });
  return [
    pattern('override', 7, lines('hatch', 2, 0.2, 'M1 0V7')),
    pattern('swap', 6, dot),
    pattern('gap', 8, lines('gapInk', 1.5, 0.45, 'M0 0V8M0 0H8')),
  ].join('');
}

function outline({ x, y, width, height }: Box, leftRadius: number, rightRadius: number): string {
  const [top, right, bottom] = [y + 0.5, x + width, y + height - 0.5];
  const arc = (radius: number, toX: number, toY: number) =>
    radius === 0 ? '' : `A${round(radius)} ${round(radius)} 0 0 1 ${round(toX)} ${round(toY)}`;
  return [
    `M${round(x + leftRadius)} ${round(top)}H${round(right - rightRadius)}`,
    arc(rightRadius, right, top + rightRadius),
    `V${round(bottom - rightRadius)}`,
    arc(rightRadius, right - rightRadius, bottom),
    `H${round(x + leftRadius)}`,
    arc(leftRadius, x, bottom - leftRadius),
    `V${round(top + leftRadius)}`,
    arc(leftRadius, x + leftRadius, top),
    'Z',
  ].join('');
}
