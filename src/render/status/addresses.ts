/**
 * Addresses: where the outputs of a page and what it tells of are found, if the page has an address at all.
 *
 * It never invents an address: a page without `url` has none.
 */
import { webAddress } from '../../core/text/web-address.ts';
import type { StatusPicture } from '../../model/status.ts';
import { anchorOf } from './anchor.ts';

type Addressed = Pick<StatusPicture, 'page'>;

/** The address of an output that lies below the page: `https://status.example/history.atom`. */
export function outputAddress({ page }: Addressed, path: string): string | undefined {
  const url = parsed(page.url);
  if (url === undefined) return undefined;
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  url.search = '';
  url.hash = '';
  return webAddress(url.href);
}

/** The address of the page. */
export function pageAddress({ page }: Addressed): string | undefined {
  const url = parsed(page.url);
  return url === undefined ? undefined : webAddress(url.href);
}

/** The place on the page that tells of an incident or a maintenance: an element with its anchor. */
export function eventAddress({ page }: Addressed, id: string): string | undefined {
  const url = parsed(page.url);
  if (url === undefined) return undefined;
  url.hash = anchorOf(id);
  return webAddress(url.href);
}

function parsed(text: string | undefined): URL | undefined {
  const url = text === undefined ? null : URL.parse(text);
  return url === null || !/^https?:$/.test(url.protocol) ? undefined : url;
}
