/**
 * A place for the page that people read, until it is here.
 *
 * It never shows more than the name of the page.
 */
import { htmlText } from '../../core/text/html.ts';
import type { StatusPicture } from '../../model/status.ts';

/** How {@link statusPageHtml} makes the page. */
export type StatusPageOptions = {
  readonly links?: {
    readonly atom?: string;
    readonly ics?: string;
    readonly json?: string;
    readonly subscribe?: string;
  };
  readonly month?: string;
};

/** What the page may load and run. */
export const STATUS_PAGE_CSP = "default-src 'none'";

/** The page. */
export function statusPageHtml(picture: StatusPicture, _options: StatusPageOptions = {}): string {
  return `<!doctype html><title>${htmlText(picture.page.name)}</title>`;
}
