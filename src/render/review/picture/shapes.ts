/**
 * Shapes: bars, marks and what is written on them.
 *
 * They know pixels and paints, and nothing of incidents. No text is ever wider than the room it was given.
 */
import { oneLine } from '../../../core/text/clean.ts';
import { element, escapeXml, round } from '../../picture/xml.ts';
import { fitText, pixels, widthOf } from '../../text-width.ts';
import { type Look, type Paint, painted, words } from './colours.ts';

/** A rectangle. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** What a mark looks like. */
export type Mark = 'circle' | 'triangle' | 'diamond' | 'square';

/** The size of what is written on and beside bars. */
export const LABEL = 11.5;
/** The size of numbers beside marks. */
export const COUNT = 11;
const HALF = 5.5;
const GAP = 3;
const LEAST_LABEL = 26;
const LEAST_CUT = 90;
const INSET = 6;
const labelWidth = pixels(LABEL);
/** All digits are equally wide. */
const DIGIT = pixels(COUNT)('0');

/** How wide a label is. */
export function labelWidthOf(text: string): number {
  return widthOf(text, labelWidth);
}

/** `text` on one line within `max` pixels. */
export function fitLabel(text: string, max: number): string {
  return fitText(oneLine(text), max, labelWidth);
}

/** A bar as the outline of a path: with an arrow at its right end when it goes on. */
export function outlineOf({ x, y, width, height }: Box, doesGoOn = false): string {
  const tip = doesGoOn ? Math.min(6, width / 2) : 0;
  const start = `M${round(x)} ${round(y)}h${round(width - tip)}`;
  const end =
    tip === 0 ? `v${round(height)}` : `l${round(tip)} ${round(height / 2)}l${round(-tip)} ${round(height / 2)}`;
  return `${start}${end}h${round(tip - width)}z`;
}

/** A bar with what is written on it. */
export function drawBar(
  box: Box,
  look: Look,
  { label, tip, doesGoOn }: { readonly label: string; readonly tip: string; readonly doesGoOn: boolean },
): string {
  const shape = element('path', { d: outlineOf(box, doesGoOn), ...painted({ fill: look.fill, edge: look.edge }) });
  return element('g', {}, element('title', {}, escapeXml(tip)) + shape + drawInside(label, box, look.ink));
}

/** Bars that are too many to be told apart: one path for all that look the same. */
export function drawMany(bars: readonly { readonly box: Box; readonly look: Look }[]): string {
  return [...Map.groupBy(bars, ({ look }) => look.fill)]
    .map(([fill, some]) => {
      const d = some.map(({ box }) => outlineOf(box)).join('');
      return element('path', { d, 'stroke-width': 0.5, ...painted({ fill, edge: some[0]?.look.edge ?? 'phaseEdge' }) });
    })
    .join('');
}

/** What is written within a bar; a nested picture cuts off what the estimate of its width missed. */
export function drawInside(text: string, { x, y, width, height }: Box, paint: Paint): string {
  const room = width - 2 * INSET;
  const shown = room < LEAST_LABEL - INSET ? '' : fitLabel(text, room);
  if (shown === '') return '';
  const line = words(shown, { x: INSET, y: height / 2 + 4 }, { size: LABEL, weight: 500, paint });
  return element('svg', { x, y, width, height }, line);
}

/** What is written beside a bar or a mark, with a rim that keeps lines away from the letters. */
export function drawBeside(text: string, { x, y, width, height }: Box): string {
  const shown = width < LEAST_LABEL ? '' : fitLabel(text, width);
  // 'respond…' says nothing: what is left of a name has to be worth reading, or its tip says it.
  if (shown === '' || (shown !== oneLine(text) && width < LEAST_CUT)) return '';
  const rim = { 'stroke-width': 3, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };
  const attributes = { x: 1, y: height / 2 + 4, 'font-size': LABEL, ...painted({ fill: 'ink', edge: 'lane' }), ...rim };
  return element('svg', { x, y, width: width + 4, height }, element('text', attributes, escapeXml(shown)));
}

/** How much room a mark of so many takes before and behind its middle. */
export function roomOf(count: number): { readonly before: number; readonly behind: number } {
  const number = count === 1 ? 0 : String(count).length * DIGIT + GAP;
  return { before: HALF + 1.5 + number / 2, behind: HALF + 1.5 + number / 2 };
}

/** A mark around `x`, with its number when it stands for several. */
export function drawMark(
  { x, y }: { readonly x: number; readonly y: number },
  {
    mark,
    paint,
    count,
    tip,
  }: { readonly mark: Mark; readonly paint: Paint; readonly count: number; readonly tip: string },
): string {
  const { before } = roomOf(count);
  const middle = count === 1 ? x : x - before + HALF + 1.5;
  const shape = element('path', {
    d: pathOf(mark, middle, y),
    ...painted(mark === 'square' ? { fill: 'ground', edge: paint } : { fill: paint, edge: 'ground' }),
  });
  const number =
    count === 1
      ? ''
      : words(String(count), { x: middle + HALF + GAP, y: y + 4 }, { size: COUNT, weight: 600, paint: 'ink' });
  return element('g', {}, element('title', {}, escapeXml(tip)) + shape + number);
}

function pathOf(mark: Mark, x: number, y: number): string {
  const [px, py] = [round(x), round(y)];
  switch (mark) {
    case 'circle':
      return `M${round(x - 5)} ${py}a5 5 0 1 1 10 0a5 5 0 1 1-10 0z`;
    case 'triangle':
      return `M${px} ${round(y - 6)}l6 11h-12z`;
    case 'diamond':
      return `M${px} ${round(y - 6)}l6 6l-6 6l-6-6z`;
    case 'square':
      return `M${round(x - 4.5)} ${round(y - 4.5)}h9v9h-9z`;
  }
}
