/**
 * An incident as a picture: what fired, how bad it was, who was asked, who had it, how far it was and who was told.
 *
 * Pure: the same review gives the same bytes. No text of strangers is markup, and nothing grows with the number of entries.
 */
import { boundedLine } from '../../core/text/bounded.ts';
import { formatDuration } from '../../model/duration.ts';
import type { BuiltReview } from '../../model/review.ts';
import { element, escapeXml } from '../picture/xml.ts';
import { hashOf } from '../status/hash.ts';
import { boldPixels, fitText, pixels } from '../text-width.ts';
import { milestonesOf } from './milestones.ts';
import { axisOf } from './picture/axis.ts';
import { darkRules, painted, words } from './picture/colours.ts';
import { drawBack, drawGrid, drawLegend, drawName } from './picture/frame.ts';
import { lanesOf } from './picture/lanes.ts';
import { milestoneLines } from './picture/milestone-lines.ts';
import { pictureInWords } from './picture-in-words.ts';
import { type ReviewClock, reviewClock } from './review-clock.ts';

/** How {@link incidentPicture} draws. */
export type IncidentPictureOptions = {
  /** Default: the title of the incident. */
  readonly title?: string;
};

/** The width of the picture, in pixels. */
export const PICTURE_WIDTH = 960;
const MARGIN = 20;
const LEFT = 146;
const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif";
const LANES_TOP = 74;
const BETWEEN = 7;
const AXIS = 42;
const LEGEND = 28;
const MOST_TITLE = 300;

/**
 * An incident as an SVG document: lanes of alerts, severity, pages, acknowledgements, phases and updates over one axis of
 * time in `review.timeZone`, with the moments that its numbers begin and end with as lines through all of them.
 *
 * More than eight alerts at once are a band; marks that would touch are one, with their number: a review of thousands of
 * entries is a picture of less than 60 kB. Light and dark follow the viewer (`prefers-color-scheme`); `<title>` and `<desc>`
 * say the same in words. What is not over ends in an arrow.
 *
 * @throws TocsinError INPUT_INVALID when the time zone of the review is not known.
 * @example
 * ```ts
 * import { createTocsin } from 'tocsin';
 * import { consoleNotifier } from 'tocsin/notifiers/console';
 * import { incidentPicture } from 'tocsin/render';
 * const tocsin = createTocsin({
 *   notifiers: [consoleNotifier()],
 *   config: {
 *     users: [{ id: 'ana', contacts: [{ notifier: 'console', address: 'ana' }] }],
 *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
 *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
 *   },
 * });
 * const { id } = await tocsin.incidents.open({ title: 'Payments <b>fail</b>', service: 'checkout', by: 'ana' });
 * const review = await tocsin.reviews.get(id);
 * const svg = incidentPicture(review, { title: 'Night of <i>nights</i>' });
 * svg.slice(0, 4); // => '<svg'
 * svg.includes('>Night of &lt;i&gt;nights&lt;/i&gt;<'); // => true
 * ```
 */
export function incidentPicture(review: BuiltReview, options: IncidentPictureOptions = {}): string {
  const { content, attributes } = drawing(review, options);
  const style = element('style', {}, `@media (prefers-color-scheme:dark){${darkRules}}`);
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', ...attributes }, `\n${style}\n${content}\n`)}\n`;
}

/** The picture as an element of a page that has its style sheet. */
export function incidentPictureInline(review: BuiltReview): string {
  const { content, attributes } = drawing(review, {});
  return element('svg', attributes, content);
}

type Drawing = { readonly content: string; readonly attributes: Readonly<Record<string, string | number>> };

function drawing(review: BuiltReview, options: IncidentPictureOptions): Drawing {
  const clock = reviewClock(review.timeZone);
  const milestones = milestonesOf(review);
  const instants = milestones.map(({ at }) => at);
  const window = {
    fromAt: Math.min(review.picture.fromAt, ...instants),
    untilAt: Math.max(review.picture.untilAt, ...instants),
  };
  const axis = axisOf(window, { left: LEFT, right: PICTURE_WIDTH - MARGIN }, clock);
  const isOneDay = clock.date(window.fromAt) === clock.date(window.untilAt);
  const timeOf = isOneDay ? clock.minute : (at: number) => clock.moment(at).replace(/ \d{4} /, ' ');
  const lanes = lanesOf(review, { axis, momentOf: timeOf, lengthOf: formatDuration });
  const lines = milestoneLines(milestones, axis, timeOf);

  const top = LANES_TOP + lines.height + 4;
  let y = top;
  const rows = lanes.map((lane) => {
    const row = { y, lane };
    y += lane.height + BETWEEN;
    return row;
  });
  const bottom = y - BETWEEN + 4;
  const phases = new Set(review.picture.phases.map(({ phase }) => phase));
  const height = bottom + AXIS + (phases.size > 1 ? LEGEND : 0);
  const { lines: behind, labels } = lines.draw(LANES_TOP, bottom);
  const title = boundedLine(options.title ?? review.incident.title, MOST_TITLE);
  const subtitle = subtitleOf(review, window, clock);
  const description = pictureInWords(review, clock);
  const prefix = `tcr-${hashOf(JSON.stringify([title, description])).slice(0, 10)}`;
  const room = PICTURE_WIDTH - 2 * MARGIN;
  return {
    content: [
      element('title', { id: `${prefix}-title` }, escapeXml(title)),
      element('desc', { id: `${prefix}-desc` }, escapeXml(description)),
      element('rect', { width: PICTURE_WIDTH, height, rx: 6, ...painted({ fill: 'ground' }) }),
      words(fitText(title, room, boldPixels(18)), { x: MARGIN, y: 34 }, { size: 18, weight: 700, paint: 'ink' }),
      words(fitText(subtitle, room, pixels(12.5)), { x: MARGIN, y: 55 }, { size: 12.5, paint: 'soft' }),
      ...rows.map((row) => drawBack(row.lane, row.y, axis)),
      drawGrid(axis, top, bottom),
      behind,
      ...rows.map((row) =>
        element(
          'g',
          { class: 'tcr-lane' },
          drawName(row.lane, row.y, { x: MARGIN, left: LEFT }) + row.lane.draw(row.y),
        ),
      ),
      phases.size > 1 ? drawLegend(phases, LEFT, bottom + AXIS + 4) : '',
      labels,
    ].join('\n'),
    attributes: {
      width: PICTURE_WIDTH,
      height,
      viewBox: `0 0 ${PICTURE_WIDTH} ${height}`,
      role: 'img',
      'aria-labelledby': `${prefix}-title`,
      'aria-describedby': `${prefix}-desc`,
      'font-family': FONT,
    },
  };
}

/** `SEV1 · Checkout · 26 Nov 2026 02:31 to 03:44 · 1h 13m · Europe/Berlin` */
function subtitleOf(
  { incident }: BuiltReview,
  { fromAt, untilAt }: { readonly fromAt: number; readonly untilAt: number },
  clock: ReviewClock,
): string {
  const isOneDay = clock.date(fromAt) === clock.date(untilAt);
  const until = isOneDay ? clock.minute(untilAt) : clock.moment(untilAt);
  return [
    boundedLine(incident.severity, 40),
    boundedLine(incident.serviceName ?? incident.service, 80),
    `${clock.moment(fromAt)} to ${until}`,
    formatDuration(untilAt - fromAt),
    clock.zone,
  ].join(' · ');
}
