/**
 * Milestones as lines through all lanes, each with its label above them.
 *
 * Labels never touch: one that has no room beside another is written a row higher. Milestones on the same pixel share a line.
 */
import { element } from '../../picture/xml.ts';
import { boldPixels, fitText, widthOf } from '../../text-width.ts';
import type { MilestoneName, NamedMilestone } from '../milestones.ts';
import type { Axis } from './axis.ts';
import { type Paint, painted, words } from './colours.ts';

/** Lines that are laid out. */
export type MilestoneLines = {
  /** The height of the labels. */
  readonly height: number;
  draw(top: number, bottom: number): { readonly lines: string; readonly labels: string };
};

const STYLES: {
  readonly [M in MilestoneName]: { readonly paint: Paint; readonly word: string; readonly dashes?: string };
} = {
  began: { paint: 'began', word: 'Impact began', dashes: '2 3' },
  detected: { paint: 'detected', word: 'Detected', dashes: '6 3' },
  acknowledged: { paint: 'acknowledged', word: 'Acknowledged', dashes: '9 3 2 3' },
  mitigated: { paint: 'mitigated', word: 'Mitigated', dashes: '4 2' },
  resolved: { paint: 'over', word: 'Resolved' },
};
const SIZE = 11.5;
const ROW = 23;
const PLATE = 18;
const INSET = 7;
const measure = boldPixels(SIZE);

/** Lays out the lines of milestones. */
export function milestoneLines(
  milestones: readonly NamedMilestone[],
  axis: Axis,
  timeOf: (at: number) => string,
): MilestoneLines {
  const byPixel = Map.groupBy(milestones, ({ at }) => Math.round(axis.xOf(at)));
  const labels = [...byPixel].toSorted(([a], [b]) => a - b).map(([, same]) => labelOf(same, axis, timeOf));
  const placed = inRows(labels);
  const height = placed.length === 0 ? 0 : ROW * (1 + Math.max(...placed.map(({ row }) => row)));
  return {
    height,
    draw(top, bottom) {
      const plateOf = (row: number) => top + height - (row + 1) * ROW + 2;
      return {
        lines: placed
          .map(({ x, row, paint, dashes }) => {
            const ends = { x1: x, x2: x, y1: plateOf(row) + PLATE, y2: bottom };
            return element('line', {
              ...ends,
              'stroke-width': 1.5,
              'stroke-dasharray': dashes,
              ...painted({ edge: paint }),
            });
          })
          .join(''),
        // Above the lines, so that one that passes behind a label does not strike it out.
        labels: placed
          .map(({ left, width, row, text, paint }) => {
            const y = plateOf(row);
            const plate = { x: left, y, width, height: PLATE, rx: 9, ...painted({ fill: 'ground', edge: paint }) };
            return (
              element('rect', plate) + words(text, { x: left + INSET, y: y + 13 }, { size: SIZE, weight: 600, paint })
            );
          })
          .join(''),
      };
    },
  };
}

type Label = {
  readonly x: number;
  readonly left: number;
  readonly width: number;
  readonly text: string;
  readonly paint: Paint;
  readonly dashes: string | undefined;
};

function labelOf(same: readonly NamedMilestone[], axis: Axis, timeOf: (at: number) => string): Label {
  const names = same.map(({ name }) => STYLES[name]);
  const [last] = names.slice(-1);
  const at = same[0]?.at ?? 0;
  const joined = names.map(({ word }, index) => (index === 0 ? word : word.toLowerCase())).join(', ');
  const text = fitText(`${joined} ${timeOf(at)}`, axis.right - axis.left - 2 * INSET, measure);
  const width = widthOf(text, measure) + 2 * INSET;
  const x = axis.xOf(at);
  const left = Math.min(Math.max(x - width / 2, axis.left), axis.right - width);
  return { x, left, width, text, paint: last?.paint ?? 'ink', dashes: last?.dashes };
}

/** The lowest row for each in which it touches nothing. */
function inRows(labels: readonly Label[]): readonly (Label & { readonly row: number })[] {
  const ends: number[] = [];
  return labels.map((label) => {
    const free = ends.findIndex((end) => end + 6 <= label.left);
    const row = free >= 0 ? free : ends.length;
    ends[row] = label.left + label.width;
    return { ...label, row };
  });
}
