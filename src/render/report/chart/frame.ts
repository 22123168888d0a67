/**
 * The frame of a chart: title, subtitle, legend, axes, and whatever is drawn between them.
 *
 * Nothing lies over anything else: texts are measured on the wide side, and a label that has no room is left out.
 */
import { CUT_MARK } from '../../../core/text/cut.ts';
import type { TextStyle } from '../../picture/palette.ts';
import { prefixOf, svgDocument } from '../../picture/svg-document.ts';
import { element } from '../../picture/xml.ts';
import { fitText, pixels, widthOf, wrapText } from '../../text-width.ts';
import { CHART_STYLE, type ChartPaint, charted, chartWords } from './paints.ts';
import { fittingLabels } from './ticks.ts';

/** Sizes of texts, in pixels. */
export const TEXT = { title: 15.5, note: 12.5, label: 12 } as const;
/** How wide labels are. */
export const labelWidth = (text: string) => widthOf(text, pixels(TEXT.label));

/** The room between the axes. */
export type Plot = { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };

/** A sample of a paint, and what it means. */
export type LegendItem = { readonly text: string; readonly sample: (x: number, y: number) => string };

/** What a chart is made of. */
export type Chart = {
  readonly title: string;
  readonly subtitle: string;
  /** Everything in words, for people who do not see it. */
  readonly description: string;
  readonly legend?: readonly LegendItem[];
  /** Room for labels to the left. */
  readonly left: number;
  /** How high the plot is, and what is below it. */
  readonly height: number;
  readonly below: number;
  readonly draw: (plot: Plot) => readonly string[];
};

/** How a chart is drawn. */
export type ChartLook = {
  readonly width: number;
  /** Whether it stands in a page that has {@link CHART_STYLE}, and a ground. */
  readonly isInline: boolean;
};

const MARGIN = 4;
const LINE = 17;
const LEGEND = 22;

/** A chart as an SVG document. */
export function drawChart(chart: Chart, { width, isInline }: ChartLook): string {
  const room = width - 2 * MARGIN;
  const subtitle = wrapText(chart.subtitle, room, { measure: pixels(TEXT.note), most: 3 });
  const legend = placeLegend(chart.legend ?? [], 28 + subtitle.length * LINE, width);
  const top = legend.bottom + 12;
  const plot = { left: MARGIN + chart.left, right: width - MARGIN - 8, top, bottom: top + chart.height };
  const height = plot.bottom + chart.below;
  const { title, description } = chart;
  const frame = { prefix: prefixOf([title, description, width]), width, height, title, description };
  return svgDocument({ ...frame, ...(isInline ? {} : { style: CHART_STYLE }) }, [
    ...(isInline ? [] : [element('rect', { width, height, ...charted({ fill: 'ground' }) })]),
    label(
      fitText(title, room, pixels(TEXT.title)),
      { x: MARGIN, y: 18 },
      { size: TEXT.title, weight: 650, paint: 'ink' },
    ),
    ...subtitle.map((line, place) =>
      label(line, { x: MARGIN, y: 37 + place * LINE }, { size: TEXT.note, paint: 'soft' }),
    ),
    ...legend.markup,
    ...chart.draw(plot),
  ]);
}

/** A line of text; as large as a label unless said otherwise. */
export function label(
  text: string,
  at: { readonly x: number; readonly y: number },
  style: Partial<TextStyle<ChartPaint>> & { readonly paint: ChartPaint },
): string {
  return chartWords(text, at, { size: TEXT.label, ...style });
}

/** The lines across the plot with their labels to the left. */
export function drawLevels(
  plot: Plot,
  levels: readonly { readonly y: number; readonly text: string }[],
): readonly string[] {
  return levels.flatMap(({ y, text }) => [
    element('path', { d: `M${plot.left} ${y}H${plot.right}`, ...charted({ edge: 'line' }) }),
    label(text, { x: plot.left - 6, y: y + 4 }, { paint: 'soft', anchor: 'end' }),
  ]);
}

/** The labels below the plot: those that have room. */
export function drawBelow(
  plot: Plot,
  labels: readonly { readonly x: number; readonly text: string }[],
): readonly string[] {
  const measured = labels.map((each) => ({ ...each, width: labelWidth(each.text) }));
  return fittingLabels(measured, [0, plot.right + 12]).flatMap(({ x, text }) => [
    element('path', { d: `M${x} ${plot.bottom}v4`, ...charted({ edge: 'soft' }) }),
    label(text, { x, y: plot.bottom + 17 }, { paint: 'soft', anchor: 'middle' }),
  ]);
}

/** Words in the middle of a plot that has nothing to show. */
export function drawNothing(plot: Plot, text: string): readonly string[] {
  const middle = { x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2 + 4 };
  return [label(text, middle, { size: TEXT.note, paint: 'soft', anchor: 'middle' })];
}

function placeLegend(items: readonly LegendItem[], from: number, width: number) {
  let x = MARGIN;
  let y = from;
  const markup = items.map(({ text, sample }) => {
    const needed = 24 + labelWidth(text);
    if (x > MARGIN && x + needed > width - MARGIN) {
      x = MARGIN;
      y += LEGEND;
    }
    const drawn =
      sample(x, y + 11) +
      label(fitText(text, width - 24, pixels(TEXT.label)), { x: x + 24, y: y + 15 }, { paint: 'ink' });
    x += needed + 14;
    return drawn;
  });
  return { markup, bottom: items.length === 0 ? from : y + LEGEND };
}

/** A list in words that does not go on for ever. */
export function listed(parts: readonly string[], most = 60): string {
  const told = parts.slice(0, most).join(', ');
  return parts.length > most ? `${told}, ${CUT_MARK} and ${parts.length - most} more` : told;
}
