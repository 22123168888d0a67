/**
 * Labels: what is written on somebody's bar, by the room there is.
 *
 * The name, its first word when nobody else begins so, the beginning of the name, or the number from the legend.
 */
import type { Roster } from '../roster.ts';
import { fitText, pixels, widthOf } from '../text-width.ts';
import { type Look, painted, words } from './colours.ts';
import type { Box } from './shapes.ts';
import { element, escapeXml } from './xml.ts';

const NAME = 12.5;
const TIME = 10.5;
const KEYS = [10, 8];
const nameWidth = pixels(NAME);
const timeWidth = pixels(TIME);

/** As much of a name as fits on a bar of that width; empty when nothing does. */
export function nameOn(width: number, user: string, roster: Roster): string {
  const room = width - 2 * insetOf(width);
  const whole = [roster.nameOf(user), roster.shortNameOf(user)].find((name) => widthOf(name, nameWidth) <= room);
  return whole ?? fitText(roster.nameOf(user), room, nameWidth);
}

/** The label of a bar. A nested picture cuts off what the estimate of its width missed. */
export function drawLabel(
  { x, y, width, height }: Box,
  label: {
    readonly name: string;
    readonly time: string;
    readonly key: string;
    /** The look of the bar when a pattern lies over it: the letters get a rim in its colour. */
    readonly patterned: Look | undefined;
  },
): string {
  const { name, time, key, patterned } = label;
  if (name === '') return drawKey({ x, y, width, height }, key);
  const inset = insetOf(width);
  const hasRoom = time !== '' && widthOf(name, nameWidth) + widthOf(time, timeWidth) + 7 <= width - 2 * inset;
  const rim =
    patterned === undefined
      ? {}
      : {
          ...painted({ edge: patterned.fill }),
          'stroke-width': 3,
          'stroke-linejoin': 'round',
          'paint-order': 'stroke',
        };
  const text =
    element('tspan', { 'unicode-bidi': 'isolate', 'font-weight': 600, ...painted({ fill: 'ink' }) }, escapeXml(name)) +
    (hasRoom ? element('tspan', { dx: 7, 'font-size': TIME, ...painted({ fill: 'beside' }) }, escapeXml(time)) : '');
  const line = element('text', { x: inset, y: 17.5, 'font-size': NAME, ...rim }, text);
  return element('svg', { x, y, width, height }, line);
}

/** A number from the legend in the middle of a box, when it has room. */
export function drawKey({ x, y, width, height }: Box, key: string): string {
  const size = KEYS.find((fontSize) => widthOf(key, pixels(fontSize)) <= width);
  if (key === '' || size === undefined) return '';
  const middle = { x: x + width / 2, y: y + height / 2 + 0.36 * size };
  return words(key, middle, { size, weight: 600, paint: 'ink', anchor: 'middle' });
}

function insetOf(width: number): number {
  return width < 64 ? 3 : 7;
}
