/**
 * Bars that may overlap: each with its label while there is room, else a band that says how many there are at once.
 *
 * There are never more than eight rows of them.
 */
import { boundedLine } from '../../../core/text/bounded.ts';
import { element, round } from '../../picture/xml.ts';
import type { Axis } from './axis.ts';
import { painted } from './colours.ts';
import { type Bar, barOf, drawTold, type Lane, type Lasting, type Laying, MOST_TIP, MOST_TOLD } from './lane.ts';
import { countsOf, inRows } from './packing.ts';
import { drawBeside, drawInside, drawMany, labelWidthOf } from './shapes.ts';

const ROW = 20;
const BETWEEN = 3;
const PAD = 4;
const DENSITY = 46;
const COLUMN = 2;
const MOST_ROWS = 8;
const MOST_BESIDE = 230;

/** A lane of bars. */
export function laneOfBars(name: string, spans: readonly Lasting[], laying: Laying): Lane {
  const { axis } = laying;
  const bars = spans.map((span) => ({ ...barOf(span, axis), beside: undefined }));
  const labelled = bars.length > MOST_ROWS ? undefined : bars.map((bar) => withLabel(bar, axis));
  const rows = inRows((labelled ?? bars).map(taking), MOST_ROWS) ?? inRows(bars.map(taking), MOST_ROWS);
  if (rows === undefined) return laneOfDensity(name, bars, axis);
  const placed = rows.map((one) => ({ ...one, top: PAD + one.row * (ROW + BETWEEN) }));
  return {
    name,
    note: spans.length === 1 ? '' : String(spans.length),
    height: 2 * PAD - BETWEEN + (ROW + BETWEEN) * Math.max(...rows.map(({ row }) => row + 1)),
    draw(y) {
      const boxes = placed.map(({ bar: { left, right, of, beside }, top }) => {
        return { of, beside, look: of.look, box: { x: left, y: y + top, width: right - left, height: ROW } };
      });
      if (boxes.length > MOST_TOLD) {
        return drawMany(boxes) + boxes.map(({ box, of }) => drawInside(of.label, box, of.look.ink)).join('');
      }
      const written = boxes.map(({ box, of, beside }) => {
        const label = beside === undefined ? '' : drawBeside(of.label, { ...box, ...beside });
        return drawTold(of, box, { laying, isLabelled: beside === undefined }) + label;
      });
      return written.join('');
    },
  };
}

type Beside = { readonly x: number; readonly width: number };
type Labelled = Bar & { readonly beside: Beside | undefined };

/** The bar with the room that its label takes beside it, when it has none within. */
function withLabel(bar: Bar, { left, right }: Axis): Labelled {
  const width = labelWidthOf(boundedLine(bar.of.label, MOST_TIP)) + 2;
  if (width > MOST_BESIDE || width + 12 <= bar.right - bar.left) return { ...bar, beside: undefined };
  if (width <= right - bar.right - 8) return { ...bar, beside: { x: bar.right + 5, width } };
  if (width <= bar.left - left - 8) return { ...bar, beside: { x: bar.left - width - 5, width } };
  return { ...bar, beside: undefined };
}

/** The room that a bar takes in its row. */
function taking(bar: Labelled): { readonly left: number; readonly right: number; readonly bar: Labelled } {
  const { left, right, beside } = bar;
  if (beside === undefined) return { left, right: right + 1, bar };
  return { left: Math.min(left, beside.x - 4), right: Math.max(right, beside.x + beside.width + 6), bar };
}

/** A band as high as there are bars at once. */
function laneOfDensity(name: string, bars: readonly Bar[], axis: Axis): Lane {
  const counts = countsOf(bars, axis.left, { until: axis.right, width: COLUMN });
  const most = Math.max(1, ...counts);
  const look = bars[0]?.of.look;
  return {
    name,
    note: `${bars.length}, ${most} at once`,
    height: DENSITY,
    draw(y) {
      const bottom = y + DENSITY - 3;
      const heightOf = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * (DENSITY - 8)));
      const steps = counts.map((count, column) =>
        count === counts[column - 1] ? '' : `H${axis.left + column * COLUMN}V${round(bottom - heightOf(count))}`,
      );
      const d = `M${axis.left} ${bottom}${steps.join('')}H${axis.right}V${bottom}z`;
      return element('path', { d, ...painted({ fill: look?.fill ?? 'unknown', edge: look?.edge ?? 'phaseEdge' }) });
    },
  };
}
