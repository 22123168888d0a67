/**
 * The state as a badge: a small picture with words, for a README or the foot of a page.
 *
 * Pure. It says in words what its colour says, needs no font and loads nothing. Text of strangers is never markup.
 */
import { oneLine } from '../../core/text/clean.ts';
import { TocsinError } from '../../errors.ts';
import type { Impact, StatusPicture } from '../../model/status.ts';
import { element, escapeXml } from '../picture/xml.ts';
import { fitText, pixels, widthOf } from '../text-width.ts';
import { asOf, IMPACT_OF_INDICATOR, IMPACT_WORDS } from './feed-words.ts';

/** What {@link statusBadge} shows. */
export type StatusBadgeOptions = {
  /** The id of one component. Default: the whole page. */
  readonly component?: string;
  /** What stands before the state. Default: the name of the component, or of the page. */
  readonly label?: string;
};

/** The colours behind the words, which are white: contrast at least 4.5:1. */
export const BADGE_COLOURS = {
  label: '#3d444d',
  operational: '#1a7f37',
  under_maintenance: '#0a60c2',
  degraded_performance: '#8a5a00',
  partial_outage: '#b3480b',
  major_outage: '#b3212b',
} as const satisfies Record<Impact | 'label', string>;

/**
 * The state of the page, or of one component, as an SVG document of 20 pixels height.
 *
 * A label too wide for 240 pixels is cut. The same state gives the same bytes. One that could not be made anew says from when it is.
 *
 * @throws TocsinError REFERENCE_UNKNOWN when the page has no such component.
 * @example
 * ```ts
 * import type { StatusPicture } from 'tocsin/model';
 * import { statusBadge } from 'tocsin/render';
 * const picture: StatusPicture = {
 *   page: { id: 'shop', name: 'Shop', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
 *   at: Date.UTC(2026, 0, 5, 9), updatedAt: Date.UTC(2026, 0, 5, 8), indicator: 'none',
 *   groups: [], components: [], incidents: [], maintenance: [], past: [], pastMaintenance: [],
 * };
 * /<title>.*?<\/title>/.exec(statusBadge(picture))?.[0]; // => '<title>Shop: operational</title>'
 * ```
 */
export function statusBadge(picture: StatusPicture, options: StatusBadgeOptions = {}): string {
  const { name, impact } = shown(picture, options.component);
  const whole = oneLine(options.label ?? '') || name;
  const word = IMPACT_WORDS[impact].toLowerCase();
  // What could not be made anew says from when it is, and has the colour of nothing.
  const state = picture.stale === undefined ? word : `${word}, ${asOf(picture.at)}`;
  const fill = picture.stale === undefined ? BADGE_COLOURS[impact] : BADGE_COLOURS.label;
  const label = fitText(whole, MOST_PIXELS, MEASURE);
  const labelWidth = label === '' ? 0 : boxWidth(label);
  const width = labelWidth + boxWidth(state);
  const said = `${whole}: ${state}`;
  const description = `As the status page of ${oneLine(picture.page.name) || picture.page.id} has it.`;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height: HEIGHT,
      viewBox: `0 0 ${width} ${HEIGHT}`,
      role: 'img',
      'aria-label': said,
    },
    [
      element('title', {}, escapeXml(said)),
      element('desc', {}, escapeXml(description)),
      box({ x: 0, width, fill, rx: CORNER }),
      ...(label === '' ? [] : [box({ x: 0, width: labelWidth, fill: BADGE_COLOURS.label, rx: CORNER })]),
      // A straight edge between the two.
      ...(label === '' ? [] : [box({ x: labelWidth - CORNER, width: CORNER, fill: BADGE_COLOURS.label })]),
      element(
        'g',
        { fill: '#ffffff', 'font-family': FONT, 'font-size': FONT_SIZE, 'text-anchor': 'middle' },
        [...(label === '' ? [] : [words(label, labelWidth / 2)]), words(state, labelWidth + boxWidth(state) / 2)].join(
          '',
        ),
      ),
    ].join(''),
  );
}

const HEIGHT = 20;
const CORNER = 3;
const PADDING = 7;
const FONT_SIZE = 11;
const BASELINE = 14;
const MOST_PIXELS = 240;
const FONT = "Verdana,'DejaVu Sans',Arial,sans-serif";
const MEASURE = pixels(FONT_SIZE);

function shown(picture: StatusPicture, id: string | undefined): { readonly name: string; readonly impact: Impact } {
  const { page, indicator, components } = picture;
  if (id === undefined) return { name: oneLine(page.name) || page.id, impact: IMPACT_OF_INDICATOR[indicator] };
  const component = components.find((candidate) => candidate.id === id);
  if (component !== undefined) return { name: oneLine(component.name) || component.id, impact: component.impact };
  const asked = oneLine(id).slice(0, 200);
  throw new TocsinError(
    'REFERENCE_UNKNOWN',
    `Cannot draw a badge of component ${asked}: page ${page.id} shows none of that name. Take one that it shows.`,
    { details: { component: asked, page: page.id } },
  );
}

function boxWidth(text: string): number {
  return Math.ceil(widthOf(text, MEASURE)) + 2 * PADDING;
}

function box({ x, width, fill, rx }: { x: number; width: number; fill: string; rx?: number }): string {
  return element('rect', { x, width, height: HEIGHT, rx, fill });
}

function words(text: string, x: number): string {
  return element('text', { x, y: BASELINE }, escapeXml(text));
}
