/**
 * Routes: which output of the status page stands at which path.
 *
 * Pure, and the whole of it: a host makes a picture, asks here and sends the answer. Who may read the page, and which
 * methods are allowed, is the host's to decide before.
 */
import type { StatusOutput, StatusPicture } from '../../model/status.ts';
import { statusAtom } from './atom.ts';
import { statusBadge } from './badge.ts';
import { statusIcs } from './calendar.ts';
import { STATUS_PAGE_CSP, statusPageHtml } from './html.ts';
import { STATUS_DOCUMENTS, statusJson } from './json.ts';
import { notFoundOutput, statusOutput } from './output.ts';

/** What {@link statusResponse} is asked. */
export type StatusRequest = {
  /** As the reader asked for it, with what follows `?`: `/status/badge.svg?component=checkout`. */
  readonly path: string;
  /** The header of that name. */
  readonly ifNoneMatch?: string | undefined;
  /** Below which path the page lies, if `path` begins with it: `/status`. Default: `path` is what comes below. */
  readonly basePath?: string;
  /** Where people subscribe, if they can. */
  readonly subscribe?: string;
};

/**
 * The answer of the status page to a path:
 *
 * - `/`: the page itself, of `?month=2026-11` when that is asked for
 * - `/history.atom` and `/feed.atom`: the feed
 * - `/maintenance.ics`: the calendar
 * - `/badge.svg`: the badge, of `?component=` when that is asked for
 * - `/api/v2/summary.json` and the other paths of Statuspage's API: JSON
 *
 * Anything else, also a component that the page does not show, is answered with status 404. A path never makes it throw.
 *
 * @throws RangeError when a moment of the picture is none.
 * @example
 * ```ts
 * import type { StatusPicture } from 'tocsin/model';
 * import { statusResponse } from 'tocsin/render';
 * const picture: StatusPicture = {
 *   page: { id: 'shop', name: 'Shop', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
 *   at: Date.UTC(2026, 0, 5, 9), updatedAt: Date.UTC(2026, 0, 5, 8), indicator: 'none',
 *   groups: [], components: [], incidents: [], maintenance: [], past: [], pastMaintenance: [],
 * };
 * const { status, headers } = statusResponse(picture, { path: '/status/api/v2/status.json', basePath: '/status' });
 * [status, headers['content-type']]; // => [200, 'application/json; charset=utf-8']
 * statusResponse(picture, { path: '/api/v2/status.json', ifNoneMatch: headers.etag }).status; // => 304
 * ```
 */
export function statusResponse(picture: StatusPicture, request: StatusRequest): StatusOutput {
  const base = (request.basePath ?? '').replace(/\/+$/, '');
  const [whole = '', query = ''] = request.path.split(/[?#]/, 2);
  const path = whole.startsWith(base) ? whole.slice(base.length) : undefined;
  const answer =
    path === undefined ? undefined : answerOf({ picture, request, base, path, query: new URLSearchParams(query) });
  if (answer === undefined) return notFoundOutput();
  return statusOutput({ picture, ifNoneMatch: request.ifNoneMatch, ...answer });
}

type Answer = Omit<Parameters<typeof statusOutput>[0], 'picture' | 'ifNoneMatch'>;
type Asked = {
  readonly picture: StatusPicture;
  readonly request: StatusRequest;
  readonly base: string;
  readonly path: string;
  readonly query: URLSearchParams;
};

const HTML_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': STATUS_PAGE_CSP,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
};
/** A browser that opens one of these as a document runs nothing in it. */
const DATA_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
};

const SOON_S = 30;
const LATER_S = 300;
const MONTH = /^\d{4}-(?:0[1-9]|1[0-2])$/;

const JSON_PATHS = new Map(STATUS_DOCUMENTS.map((document) => [`/api/v2/${document}.json`, document]));

function answerOf(asked: Asked): Answer | undefined {
  const { picture, path, query } = asked;
  const document = JSON_PATHS.get(path);
  if (document !== undefined) return data(statusJson(picture, document), 'application/json');
  switch (path) {
    case '':
    case '/':
      return page(asked);
    case '/history.atom':
    case '/feed.atom':
      return data(statusAtom(picture), 'application/atom+xml');
    case '/maintenance.ics':
      return { ...data(statusIcs(picture), 'text/calendar'), maxAgeS: LATER_S };
    case '/badge.svg':
      return badge(picture, query.get('component') ?? undefined);
    default:
      return undefined;
  }
}

function page({ picture, request, base, query }: Asked): Answer {
  const month = query.get('month');
  // A host that takes its own prefix off still links to where the page lies.
  const links = request.basePath === undefined ? pathOfPage(picture) : base;
  const body = statusPageHtml(picture, {
    links: {
      history: `${links}/`,
      atom: `${links}/history.atom`,
      ics: `${links}/maintenance.ics`,
      json: `${links}/api/v2/summary.json`,
      ...(request.subscribe === undefined ? {} : { subscribe: request.subscribe }),
    },
    ...(month !== null && MONTH.test(month) ? { month } : {}),
  });
  return { body, contentType: 'text/html; charset=utf-8', maxAgeS: SOON_S, headers: HTML_HEADERS };
}

function pathOfPage({ page }: StatusPicture): string {
  return (URL.parse(page.url ?? '')?.pathname ?? '').replace(/\/+$/, '');
}

function badge(picture: StatusPicture, component: string | undefined): Answer | undefined {
  if (component === undefined) return data(statusBadge(picture), 'image/svg+xml');
  if (picture.components.every(({ id }) => id !== component)) return undefined;
  return data(statusBadge(picture, { component }), 'image/svg+xml');
}

function data(body: string, type: string): Answer {
  return { body, contentType: `${type}; charset=utf-8`, maxAgeS: SOON_S, isShared: true, headers: DATA_HEADERS };
}
