/**
 * The status page as HTML: one document that needs no script and fetches nothing.
 *
 * Pure. No text of anybody is markup in it, and it never asks the clock: the same picture gives the same bytes.
 */
import type { StatusPicture } from '../../model/status.ts';
import { banner, footer, head, header, type StatusPageLinks } from './page/frame.ts';
import { maintenance, openIncidents } from './page/open.ts';
import { past } from './page/past.ts';
import { sheetOf } from './page/sheet.ts';
import { systems } from './page/systems.ts';

export { STATUS_PAGE_CSP } from './page/style.ts';

/** What {@link statusPageHtml} shows beside the picture. */
export type StatusPageHtmlOptions = {
  /** Where else the state can be read. Addresses of the host, absolute or relative to the page. */
  readonly links?: StatusPageLinks;
  /** Only this month of what is over, unfolded: `2026-11`. Anything else is as if it were not given. */
  readonly month?: string;
};

/**
 * A status page as an HTML document of its own, to be served with {@link STATUS_PAGE_CSP}.
 *
 * Words in English or German by the locale of the page (others: English), times in its zone. Light and dark follow the
 * reader; it can be printed, and read without seeing it. Each incident and maintenance has its id as an anchor.
 *
 * @example
 * ```ts
 * import { statusPageHtml } from 'tocsin/render';
 * const html = statusPageHtml({
 *   page: { id: 'p', name: 'Acme', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
 *   at: Date.UTC(2026, 10, 29), updatedAt: Date.UTC(2026, 10, 28), indicator: 'none',
 *   groups: [], components: [], incidents: [], maintenance: [], past: [], pastMaintenance: [],
 * });
 * html.includes('<h2 id=now>All systems operational</h2>'); // => true
 * ```
 */
export function statusPageHtml(picture: StatusPicture, options: StatusPageHtmlOptions = {}): string {
  const { links = {}, month } = options;
  const sheet = sheetOf(picture);
  return [
    head(sheet, links),
    '<body>',
    header(sheet, links),
    '<main id=main>',
    banner(sheet),
    openIncidents(sheet),
    maintenance(sheet),
    systems(sheet),
    past(sheet, month, links.history),
    '</main>\n',
    footer(sheet, links),
    '</body></html>\n',
  ].join('');
}
