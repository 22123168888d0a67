/**
 * The frame of the picture: the names of the lanes, the grid of time, and the legend of the phases.
 *
 * It knows nothing of what lies in the lanes.
 */
import type { Phase } from '../../../model/incident.ts';
import { element } from '../../picture/xml.ts';
import { boldPixels, fitText, pixels, widthOf } from '../../text-width.ts';
import { PHASE_WORDS } from '../review-words.ts';
import type { Axis } from './axis.ts';
import { PHASES, painted, words } from './colours.ts';
import type { Lane } from './lane.ts';
import { drawBar } from './shapes.ts';

const NAME = 12;
const NOTE = 11;
const LINE = 14;
const GAP = 10;
const DAY_LABEL = 66;

/** What lies behind a lane. */
export function drawBack({ height }: Lane, y: number, { left, right }: Axis): string {
  return element('rect', { x: left, y, width: right - left, height, rx: 3, ...painted({ fill: 'lane' }) });
}

/** The name of a lane, from `x` on, and the note below it. */
export function drawName({ name, note, height }: Lane, y: number, { x, left }: { x: number; left: number }): string {
  const room = left - x - GAP;
  const lines = note === '' ? 1 : 2;
  const first = y + (height - lines * LINE) / 2 + 11;
  const shown = fitText(name, room, boldPixels(NAME));
  return (
    words(shown, { x, y: first }, { size: NAME, weight: 600, paint: 'ink' }) +
    (note === '' ? '' : words(fitText(note, room, pixels(NOTE)), { x, y: first + LINE }, { size: NOTE, paint: 'soft' }))
  );
}

/** Lines through all lanes, and the moments below them. */
export function drawGrid({ ticks, days, left, right }: Axis, top: number, bottom: number): string {
  const down = (x: number, until: number) => `M${x} ${top}V${until}`;
  const borders = days.filter(({ isBorder }) => isBorder);
  const hasRoom = (x: number, label: string) => {
    const half = widthOf(label, pixels(NOTE)) / 2;
    return x - half >= left - half && x + half <= right + 16;
  };
  const lines = element('path', {
    d: ticks.map(({ x }) => down(x, bottom + 4)).join(''),
    ...painted({ edge: 'line' }),
  });
  const midnights = element('path', {
    d: borders.map(({ x }) => down(x, bottom + 36)).join(''),
    'stroke-dasharray': '1 2',
    ...painted({ edge: 'day' }),
  });
  return [
    ticks.length === 0 ? '' : lines,
    borders.length === 0 ? '' : midnights,
    ...ticks
      .filter(({ x, label }) => hasRoom(x, label))
      .map(({ x, label }) => words(label, { x, y: bottom + 17 }, { size: NOTE, paint: 'soft', anchor: 'middle' })),
    ...days
      .filter(({ x, label }) => label !== '' && x + DAY_LABEL <= right + 18)
      .map(({ x, label, isBorder }) =>
        words(label, { x: isBorder ? x + 4 : x, y: bottom + 34 }, { size: NOTE, weight: 600, paint: 'ink' }),
      ),
  ].join('');
}

/** The colours of the phases that occur, in the order of a response. */
export function drawLegend(phases: ReadonlySet<Phase>, left: number, y: number): string {
  const known: readonly Phase[] = ['triage', 'investigating', 'identified', 'monitoring', 'resolved', 'closed'];
  const all = [...known, 'dismissed' as const, 'merged' as const].filter((phase) => phases.has(phase));
  let x = left;
  const items = all.map((phase) => {
    const word = PHASE_WORDS[phase];
    const box = { x, y: y + 1, width: 16, height: 12 };
    const item =
      drawBar(box, PHASES[phase], { label: '', tip: word, doesGoOn: false }) +
      words(word, { x: x + 22, y: y + 11 }, { size: NOTE, paint: 'soft' });
    x += 22 + widthOf(word, pixels(NOTE)) + 16;
    return item;
  });
  return element('g', { class: 'tcr-legend' }, items.join(''));
}
