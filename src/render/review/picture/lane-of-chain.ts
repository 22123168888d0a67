/**
 * Bars one after the other, such as phases and severities.
 *
 * Narrow ones that follow each other are one, which looks like the longest of them; none is ever drawn over another.
 */
import { barOf, drawTold, type Lane, type Lasting, type Laying, MOST_TOLD } from './lane.ts';
import { piecesOf } from './packing.ts';
import { drawBar, drawInside, drawMany } from './shapes.ts';

const HEIGHT = 30;
const BAR = 22;
const LEAST_LINK = 4;
const MOST_UNCOUNTED = 12;

/** A lane of such bars. */
export function laneOfChain(name: string, spans: readonly Lasting[], laying: Laying): Lane {
  const pieces = piecesOf(
    spans.map((span) => barOf(span, laying.axis)),
    LEAST_LINK,
  );
  return {
    name,
    note: spans.length > MOST_UNCOUNTED ? `${spans.length} changes` : '',
    height: HEIGHT,
    draw(y) {
      const placed = pieces.map(({ left, right, of }) => {
        const link = of.reduce((best, next) => (next.right - next.left > best.right - best.left ? next : best)).of;
        const height = Math.round(BAR * (link.share ?? 1));
        const box = { x: left, y: y + HEIGHT - 4 - height, width: right - left, height };
        return { box, look: link.look, link, count: of.length };
      });
      if (placed.length > MOST_TOLD) {
        return drawMany(placed) + placed.map(({ box, link }) => drawInside(link.label, box, link.look.ink)).join('');
      }
      const written = placed.map(({ box, link, look, count }) =>
        count === 1
          ? drawTold(link, box, { laying })
          : drawBar(box, look, { label: '', tip: `${count} changes`, doesGoOn: link.untilAt === undefined }),
      );
      return written.join('');
    },
  };
}
