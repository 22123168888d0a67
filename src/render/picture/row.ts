/**
 * One row of the picture: dates, bars, gaps and the line of now.
 *
 * Whatever a colour says is also said by a name, a number, a pattern or a word.
 */
import type { Stretch } from '../../core/on-call/schedule.ts';
import { formatDuration } from '../../model/duration.ts';
import { DAY_MS, wallParts } from '../local-clock.ts';
import { type Roster, reasonOf } from '../roster.ts';
import { pixels, widthOf } from '../text-width.ts';
import { lookOf, painted, words } from './colours.ts';
import { drawLabel, nameOn } from './labels.ts';
import { boxOf, drawBar, drawGapBar, drawPattern, GRID_WIDTH, type Mark, SIZES, xOf } from './shapes.ts';
import type { Bar, Piece, Week } from './weeks.ts';
import { element, escapeXml } from './xml.ts';

/** What a row needs besides its own data. */
export type Drawing = {
  readonly roster: Roster;
  /** The number of a person in the legend, or nothing when every bar has room for a name. */
  readonly keyOf: (user: string) => string;
  /** The id that a pattern has in this picture. */
  readonly idOf: (mark: Mark) => string;
  /** `Mon 5 Jan 2026 09:00` */
  readonly momentOf: (at: Date) => string;
  /** `09:00` */
  readonly timeOf: (at: Date) => string;
  /** `162h` */
  readonly lengthOf: (stretch: Stretch) => string;
  readonly nowText: string;
};

/** How high a row is. */
export function heightOf(week: Week): number {
  return SIZES.dates + lanesHeight(week) + (week.now === undefined ? 0 : SIZES.now) + SIZES.row;
}

/** A row whose upper edge lies at `y`. */
export function drawWeek(week: Week, y: number, drawing: Drawing): string {
  const top = y + SIZES.dates;
  const height = lanesHeight(week);
  // What is widened to be seen must not disappear under its neighbour.
  const bars = week.bars.toSorted((a, b) => Number(isWidened(a)) - Number(isWidened(b)));
  return [
    ...week.clockChanges.map((change, day) => drawDay(week.wall + day * DAY_MS, day, change, { y, height })),
    ...week.unasked.map(({ left, right }) => {
      const box = { x: xOf(left) - 1, y: top - 3, width: xOf(right) - xOf(left) + 1, height: height + 6 };
      return element('rect', { ...box, ...painted({ fill: 'ground' }) });
    }),
    ...bars.map((bar) => drawShift(bar, top, drawing)),
    ...week.gaps.map((gap) => drawGap(gap, top, height, drawing)),
    week.now === undefined ? '' : drawNow(xOf(week.now), top, top + height, drawing.nowText),
  ].join('');
}

function lanesHeight({ lanes }: Week): number {
  return lanes * (SIZES.lane + SIZES.between) - SIZES.between;
}

function isWidened({ left, right }: Piece<unknown>): boolean {
  return xOf(right) - xOf(left) < SIZES.smallest;
}

function drawDay(wall: number, index: number, change: number, { y, height }: { y: number; height: number }): string {
  const { weekday, day, month } = wallParts(wall);
  const x = SIZES.left + index * SIZES.day;
  const fill = weekday === 'Sat' || weekday === 'Sun' ? 'weekend' : 'day';
  const isMarked = day === 1 || index === 0;
  const date = `${weekday} ${day}${isMarked ? ` ${month}` : ''}`;
  const clocks = `clocks ${change > 0 ? '+' : '-'}${formatDuration(Math.abs(change))}`;
  return [
    element('rect', { x, y: y + SIZES.dates - 2, width: SIZES.day - 1, height: height + 4, ...painted({ fill }) }),
    words(
      date,
      { x: x + 2, y: y + 14 },
      { size: 11.5, paint: isMarked ? 'ink' : 'soft', weight: isMarked ? 600 : 400 },
    ),
    change === 0
      ? ''
      : words(clocks, { x: x + SIZES.day - 6, y: y + 14 }, { size: 11, weight: 600, paint: 'soft', anchor: 'end' }),
  ].join('');
}

function drawShift(bar: Bar, top: number, { roster, keyOf, idOf, momentOf, lengthOf, timeOf }: Drawing): string {
  const { of: shift, begins, lane } = bar;
  const { user, source, start, end } = shift;
  const box = boxOf(bar, top + lane * (SIZES.lane + SIZES.between), SIZES.lane);
  const look = lookOf(roster.placeOf(user));
  const tip = `${roster.nameOf(user)}: ${momentOf(start)} to ${momentOf(end)}, ${lengthOf(shift)}, ${reasonOf(shift)}`;
  return element(
    'g',
    { class: 'tcs-shift' },
    [
      element('title', {}, escapeXml(tip)),
      drawBar(box, look, bar),
      source === 'rotation' ? '' : drawPattern(box, idOf(source)),
      drawLabel(box, {
        name: nameOn(box.width, user, roster),
        time: begins ? timeOf(start) : '',
        key: keyOf(user),
        patterned: source === 'rotation' ? undefined : look,
      }),
    ].join(''),
  );
}

const GAP_SIZE = 12;
const gapWidth = pixels(GAP_SIZE);

function drawGap(gap: Piece<Stretch>, top: number, height: number, { idOf, momentOf, lengthOf }: Drawing): string {
  const { start, end } = gap.of;
  const box = boxOf(gap, top, height);
  const label = ['nobody on call', 'nobody', 'gap'].find((text) => widthOf(text, gapWidth) <= box.width - 8) ?? '';
  const middle = { x: box.x + box.width / 2, y: top + height / 2 + 4.5 };
  const width = widthOf(label, gapWidth);
  const plate = { x: middle.x - width / 2 - 1, y: middle.y - 14, width: width + 2, height: 19, rx: 3 };
  return element(
    'g',
    { class: 'tcs-gap' },
    [
      element('title', {}, escapeXml(`Nobody: ${momentOf(start)} to ${momentOf(end)}, ${lengthOf(gap.of)}`)),
      drawGapBar(box, idOf('gap')),
      label === '' ? '' : element('rect', { ...plate, ...painted({ fill: 'gap' }) }),
      label === '' ? '' : words(label, middle, { size: GAP_SIZE, weight: 700, paint: 'gapInk', anchor: 'middle' }),
    ].join(''),
  );
}

function drawNow(x: number, top: number, bottom: number, text: string): string {
  const width = widthOf(text, pixels(11)) + 14;
  const left = Math.min(Math.max(x - width / 2, SIZES.left), SIZES.left + GRID_WIDTH - width);
  const y = bottom + 6;
  return element(
    'g',
    { class: 'tcs-now' },
    [
      element('line', { x1: x, x2: x, y1: top - 5, y2: y, 'stroke-width': 2, ...painted({ edge: 'now' }) }),
      element('circle', { cx: x, cy: top - 5, r: 3.5, ...painted({ fill: 'now' }) }),
      element('rect', { x: left, y, width, height: 17, rx: 8.5, ...painted({ fill: 'now' }) }),
      words(text, { x: left + width / 2, y: y + 12.5 }, { size: 11, weight: 600, paint: 'nowInk', anchor: 'middle' }),
    ].join(''),
  );
}
