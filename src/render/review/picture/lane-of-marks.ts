/**
 * Moments: marks, or how many there are on each few pixels.
 *
 * Marks that would touch are one, with their number.
 */
import { boundedLine } from '../../../core/text/bounded.ts';
import { element, round } from '../../picture/xml.ts';
import { counted } from '../review-words.ts';
import type { Axis } from './axis.ts';
import { type Paint, painted } from './colours.ts';
import { type Lane, type Laying, MOST_TIP } from './lane.ts';
import { type Cluster, clustersOf, countsOf } from './packing.ts';
import { drawBeside, drawMark, type Mark, roomOf } from './shapes.ts';

/** How the marks of a lane look, and what several of them are called. */
export type MarkStyle = { readonly mark: Mark; readonly paint: Paint; readonly plural: string };

type Happening = { readonly at: number; readonly label: string };

const HEIGHT = 26;
const ACTIVITY = 30;
const COLUMN = 4;
const MOST_LABELS = 16;
const MOST_LABEL = 230;

/** A lane of marks. */
export function laneOfMarks(
  name: string,
  happenings: readonly Happening[],
  { style, laying }: { readonly style: MarkStyle; readonly laying: Laying },
): Lane {
  const { axis, momentOf } = laying;
  const marks = happenings.map((one) => ({ ...one, x: axis.xOf(one.at) }));
  const clusters = clustersOf(marks, roomOf).map((cluster) => within(cluster, axis));
  return {
    name,
    note: happenings.length === 1 ? '' : String(happenings.length),
    height: HEIGHT,
    draw: (y) =>
      clusters
        .map(({ x, of }, index) => {
          const [first, last] = [of[0], of.at(-1)];
          if (first === undefined || last === undefined) return '';
          const tip =
            of.length === 1
              ? `${momentOf(first.at)}: ${boundedLine(first.label, MOST_TIP)}`
              : `${of.length} ${style.plural}, ${momentOf(first.at)} to ${momentOf(last.at)}`;
          const drawn = drawMark({ x, y: y + HEIGHT / 2 }, { ...style, count: of.length, tip });
          if (clusters.length > MOST_LABELS || of.length > 1) return drawn;
          const next = clusters[index + 1];
          const end = next === undefined ? axis.right : next.x - roomOf(next.of.length).before;
          const left = x + roomOf(1).behind + 2;
          const box = { x: left, y: y + 2, width: Math.min(MOST_LABEL, end - left - 6), height: HEIGHT - 4 };
          return drawn + drawBeside(boundedLine(first.label, MOST_TIP), box);
        })
        .join(''),
  };
}

/** A lane that says when much was going on. */
export function laneOfActivity(name: string, instants: readonly number[], axis: Axis): Lane {
  const marks = instants.map((at) => ({ left: axis.xOf(at), right: axis.xOf(at) }));
  const counts = countsOf(marks, axis.left, { until: axis.right, width: COLUMN });
  const most = Math.max(1, ...counts);
  return {
    name,
    note: counted(instants.length, 'entry', 'entries'),
    height: ACTIVITY,
    draw(y) {
      const columns = counts.map((count, column) => {
        if (count === 0) return '';
        const height = round(Math.max(3, (count / most) * (ACTIVITY - 6)));
        const x = Math.min(axis.left + column * COLUMN + 0.5, axis.right - 3);
        return `M${x} ${y + ACTIVITY - 3}v-${height}h3v${height}z`;
      });
      return element('path', { d: columns.join(''), ...painted({ fill: 'soft' }) });
    },
  };
}

/** A cluster at the end of the plot moves as far in as its number needs. */
function within<T>({ x, of }: Cluster<T>, { left, right }: Axis): Cluster<T> {
  const { before, behind } = roomOf(of.length);
  return { x: of.length === 1 ? x : Math.min(Math.max(x, left + before), right - behind), of };
}
