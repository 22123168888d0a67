/**
 * Outputs: a body as an answer that caches, browsers and feed readers handle as they should.
 *
 * Pure. What not everybody may read is never kept by a cache, never offered to other origins and never indexed.
 *
 * @see RFC 9110, RFC 9111, RFC 5861
 */
import type { StatusOutput, StatusPicture } from '../../model/status.ts';
import { etagOf, isKnown } from './etag.ts';

/** What {@link statusOutput} makes an answer of. */
export type StatusOutputInput = {
  /** What the body was drawn from: who may read it, and how old it is. */
  readonly picture: Pick<StatusPicture, 'page' | 'at' | 'stale'>;
  readonly body: string;
  /** With its charset. */
  readonly contentType: string;
  /** How long a cache may answer with it without asking, in seconds. */
  readonly maxAgeS: number;
  /** Whether scripts of other origins may read it. Only that of an open page can be. Default: false. */
  readonly isShared?: boolean;
  /** More of them; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the reader sent as `If-None-Match`. */
  readonly ifNoneMatch?: string | undefined;
};

const REVALIDATE_S = 60;
/** A cache that cannot reach the host goes on showing the last answer for a day: better old than nothing. */
const ON_ERROR_S = 86_400;

/**
 * `body` as an answer: 200 with everything, or 304 without a body when the reader has it already.
 *
 * The `etag` is strong and depends on the body alone. An open page may be kept by every cache for `maxAgeS`, a minute
 * longer while the cache asks anew, and for a day when the host does not answer; a page with access `authorized`, or for
 * the internal audience, by none. A stale picture may be kept for such a day as well, but every reader asks anew, and
 * `age` says how many seconds old it is (`warning: 110` would have said so once; RFC 9111 took it out).
 */
export function statusOutput(input: StatusOutputInput): StatusOutput {
  const { picture, body, contentType, isShared = false, ifNoneMatch } = input;
  const etag = etagOf(body);
  const headers = {
    ...input.headers,
    ...(isShared && isOpen(picture) ? { 'access-control-allow-origin': '*' } : {}),
    ...(isOpen(picture) ? {} : { 'x-robots-tag': 'noindex' }),
    ...(picture.stale === undefined ? {} : { age: String(ageOf(picture.at, picture.stale.askedAt)) }),
    'cache-control': cacheControl(input),
    'x-content-type-options': 'nosniff',
    etag,
  };
  // A 304 describes no body.
  if (isKnown(etag, ifNoneMatch)) return { status: 304, body: '', headers };
  return { status: 200, body, headers: { 'content-type': contentType, ...headers } };
}

/** The answer to whoever asks for what is not there. It repeats nothing of the question. */
export function notFoundOutput(): StatusOutput {
  return {
    status: 404,
    body: 'There is nothing at this address.\n',
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  };
}

function isOpen({ page }: StatusOutputInput['picture']): boolean {
  return page.access === 'open' && page.audience === 'public';
}

function cacheControl({ picture, maxAgeS }: StatusOutputInput): string {
  if (!isOpen(picture)) return 'private, no-store';
  if (picture.stale !== undefined) return `public, max-age=0, stale-if-error=${ON_ERROR_S}`;
  return `public, max-age=${maxAgeS}, stale-while-revalidate=${REVALIDATE_S}, stale-if-error=${ON_ERROR_S}`;
}

function ageOf(at: number, askedAt: number): number {
  return Math.max(0, Math.floor((askedAt - at) / 1_000));
}
