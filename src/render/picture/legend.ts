/**
 * The legend: who is who, for how long, and what the patterns mean.
 *
 * It names what occurs in the picture and nothing else, and never more than sixty people.
 */
import { fitText, pixels, widthOf } from '../text-width.ts';
import { lookOf, painted } from './colours.ts';
import { drawKey } from './labels.ts';
import { type Box, drawBar, drawGapBar, drawPattern, type Mark, PAGE_WIDTH, SIZES } from './shapes.ts';
import type { Week } from './weeks.ts';
import { element, escapeXml } from './xml.ts';

/** One person of the legend. */
export type LegendEntry = {
  readonly user: string;
  readonly name: string;
  readonly place: number;
  /** How long, in all. */
  readonly length: string;
};

const MOST_PEOPLE = 60;
const LINE = 26;
const NAME = 12.5;
const NOTE = 11.5;
const WHOLE = { begins: true, ends: true };

/** The legend from `top` on, and how high it became. */
export function drawLegend(
  people: readonly LegendEntry[],
  weeks: readonly Week[],
  { top, idOf, keyOf }: { top: number; idOf: (mark: Mark) => string; keyOf: (user: string) => string },
): { readonly markup: string; readonly height: number } {
  const items = [...people.slice(0, MOST_PEOPLE).map((person) => personItem(person, keyOf(person.user)))];
  if (people.length > MOST_PEOPLE) {
    items.push({ label: `and ${people.length - MOST_PEOPLE} more`, note: '', draw: () => '' });
  }
  items.push(...marksOf(weeks).map((mark) => markItem(mark, idOf(mark))));
  let x: number = SIZES.margin;
  let y = top;
  const drawn = items.map((item) => {
    const width =
      30 + widthOf(item.label, pixels(NAME)) + (item.note === '' ? 0 : widthOf(item.note, pixels(NOTE)) + 5);
    if (x > SIZES.margin && x + width > PAGE_WIDTH - SIZES.margin) {
      x = SIZES.margin;
      y += LINE;
    }
    const markup = drawItem(item, { x, y, width, height: 18 });
    x += width + 22;
    return markup;
  });
  return { markup: element('g', { class: 'tcs-legend' }, drawn.join('')), height: y - top + LINE };
}

type Item = { readonly label: string; readonly note: string; readonly draw: (box: Box) => string };

function personItem({ name, place, length }: LegendEntry, key: string): Item {
  return {
    label: fitText(name, 220, pixels(NAME)),
    note: length,
    draw: (box) => drawBar(box, lookOf(place), WHOLE) + drawKey(box, key),
  };
}

const MEANINGS: Readonly<Record<Mark, string>> = { override: 'by override', swap: 'by swap', gap: 'nobody on call' };

function markItem(mark: Mark, id: string): Item {
  const draw = (box: Box) =>
    mark === 'gap'
      ? drawGapBar(box, id)
      : element('rect', { ...box, rx: 4, ...painted({ fill: 'day', edge: 'soft' }) }) + drawPattern(box, id);
  return { label: MEANINGS[mark], note: '', draw };
}

/** The marks that occur. */
function marksOf(weeks: readonly Week[]): readonly Mark[] {
  const sources = new Set(weeks.flatMap(({ bars }) => bars.map(({ of }) => of.source)));
  const hasGaps = weeks.some(({ gaps }) => gaps.length > 0);
  return (['override', 'swap', 'gap'] as const).filter((mark) => (mark === 'gap' ? hasGaps : sources.has(mark)));
}

/** A nested picture cuts off what the estimate of the width missed. */
function drawItem({ label, note, draw }: Item, { x, y, width, height }: Box): string {
  const text =
    element('tspan', { 'unicode-bidi': 'isolate', ...painted({ fill: 'ink' }) }, escapeXml(label)) +
    (note === '' ? '' : element('tspan', { dx: 5, 'font-size': NOTE, ...painted({ fill: 'soft' }) }, escapeXml(note)));
  const line = element('text', { x: 0, y: 13, 'font-size': NAME }, text);
  return (
    draw({ x: x + 0.5, y: y + 0.5, width: 22, height: 16 }) +
    element('svg', { x: x + 30, y, width: width - 30, height }, line)
  );
}
