/**
 * The whole picture: title, legend, rows, and the words for people who do not see it.
 *
 * The same input gives the same bytes; ids are derived from it, so that two pictures may stand on one page.
 */
import { boldPixels, fitText, pixels } from '../text-width.ts';
import { darkStyle, painted, words } from './colours.ts';
import { nameOn } from './labels.ts';
import { drawLegend, type LegendEntry } from './legend.ts';
import { type Drawing, drawWeek, heightOf } from './row.ts';
import { boxOf, definePatterns, type Mark, PAGE_WIDTH, SIZES } from './shapes.ts';
import { prefixOf, svgDocument } from './svg-document.ts';
import type { Week } from './weeks.ts';
import { element } from './xml.ts';

/** What the picture is made of. */
export type Page = {
  readonly title: string;
  readonly subtitle: string;
  /** A summary for people who do not see the picture. */
  readonly description: string;
  readonly weeks: readonly Week[];
  readonly people: readonly LegendEntry[];
  readonly drawing: Omit<Drawing, 'idOf' | 'keyOf'>;
  /** The beginning of a row, in two short lines. */
  readonly rowTitleOf: (week: Week) => readonly [string, string];
};

const LEGEND_TOP = 84;
const LEAST_ROW = SIZES.dates + 32 + SIZES.row;

/** The picture as an SVG document. */
export function drawPage({ title, subtitle, description, weeks, people, drawing, rowTitleOf }: Page): string {
  const prefix = prefixOf([title, description, people]);
  const idOf = (mark: Mark) => `${prefix}-${mark}`;
  const keyOf = keysOf(people, weeks, drawing);
  const legend = drawLegend(people, weeks, { top: LEGEND_TOP, idOf, keyOf });
  let y = LEGEND_TOP + legend.height + 10;
  const rows = weeks.map((week) => {
    const [first, second] = rowTitleOf(week);
    const row =
      words(first, { x: SIZES.margin, y: y + SIZES.dates + 11 }, { size: 12.5, weight: 600, paint: 'ink' }) +
      words(second, { x: SIZES.margin, y: y + SIZES.dates + 26 }, { size: 11.5, paint: 'soft' }) +
      drawWeek(week, y, { ...drawing, idOf, keyOf });
    y += Math.max(heightOf(week), LEAST_ROW);
    return element('g', { class: 'tcs-week' }, row);
  });
  const height = y + SIZES.margin - SIZES.row;
  const room = PAGE_WIDTH - 2 * SIZES.margin;
  const content = [
    element('defs', {}, definePatterns(idOf)),
    element('rect', { width: PAGE_WIDTH, height, ...painted({ fill: 'ground' }) }),
    words(fitText(title, room, boldPixels(20)), { x: SIZES.margin, y: 40 }, { size: 20, weight: 700, paint: 'ink' }),
    words(fitText(subtitle, room, pixels(13)), { x: SIZES.margin, y: 63 }, { size: 13, paint: 'soft' }),
    legend.markup,
    ...rows,
  ];
  return svgDocument({ prefix, width: PAGE_WIDTH, height, title, description, style: darkStyle() }, content);
}

/** Numbers for people, when somebody's bar has no room for a name. */
function keysOf(
  people: readonly LegendEntry[],
  weeks: readonly Week[],
  { roster }: Pick<Drawing, 'roster'>,
): (user: string) => string {
  const needed = weeks.some(({ bars }) =>
    bars.some((bar) => nameOn(boxOf(bar, 0, 0).width, bar.of.user, roster) === ''),
  );
  const keys = new Map(needed ? people.map(({ user }, index) => [user, String(index + 1)]) : []);
  return (user) => keys.get(user) ?? '';
}
