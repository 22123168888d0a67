/**
 * Links: what a request for `/answer/<token>` asks for, and the pages that it is answered with.
 *
 * Pure. To open a link never does anything, because scanners of mail gateways and previews of chats open links as well: only
 * the button of the page does. It neither reads a token nor knows whether one counts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1 for why a GET must change nothing
 */
import { readContentType, readForm, readHeader, readText } from '../callbacks/callback.ts';
import type { CallbackBody, CallbackHeaders, CallbackRefusal } from '../callbacks/request.ts';
import { boundedLine } from '../core/text/bounded.ts';
import { htmlText } from '../core/text/html.ts';
import type { TokenAction } from '../model/action.ts';
import { htmlPage, type LinkPage } from './link/html-page.ts';
import { incidentFacts, type LinkNames, type ShownIncident } from './link/incident-facts.ts';
import { type LocalLinkTexts, localLinkTexts } from './link/local-texts.ts';
import { whyNot } from './link/why-not.ts';
import type { GivenLinkTexts } from './link/words.ts';

export type { CallbackBody, CallbackHeaders } from '../callbacks/request.ts';
export type { LinkPage } from './link/html-page.ts';
export type { LinkNames, ShownIncident } from './link/incident-facts.ts';
export type { GivenLinkTexts, LinkTexts } from './link/words.ts';

/** A request, in the shape that `node:http` gives it. */
export type LinkRequest = {
  readonly method?: string | undefined;
  /** The path with its query, or the whole address. */
  readonly url?: string | undefined;
  readonly headers?: CallbackHeaders | undefined;
  /** Of a POST only. Read no more than 4 KiB of it. */
  readonly body?: CallbackBody | undefined;
};

/** What a request asks for: to see what the link does, or to have it done. */
export type LinkAsked = {
  readonly ok: true;
  readonly kind: 'show' | 'act';
  readonly token: string;
  /** The language of the page that was answered, or that the browser asks for first. */
  readonly locale?: string;
};

/**
 * Why a request is refused, beside what may be wrong with any form.
 *
 * - `not-found`: its address is none of a link.
 * - `wrong-method`: neither GET, HEAD nor POST; `allow` is what the header of that name says.
 * - `unconfirmed`: a POST without the field that only the button of our page sends.
 */
export type LinkRefusal =
  | { readonly ok: false; readonly code: Exclude<CallbackRefusal['code'], 'unsupported'>; readonly reason: string }
  | { readonly ok: false; readonly code: 'not-found' | 'unconfirmed'; readonly reason: string }
  | { readonly ok: false; readonly code: 'wrong-method'; readonly reason: string; readonly allow: string };

/** What `tocsin.actions.peek` answers. */
export type LinkQuestion = {
  readonly action: TokenAction;
  readonly locale?: string | undefined;
  readonly user?: string | undefined;
  readonly incident: ShownIncident;
  readonly isOpen: boolean;
};

/** What `tocsin.actions.redeem` answers. */
export type LinkAnswer = { readonly action: TokenAction; readonly user: string; readonly incident: ShownIncident };

/** How a page is made. */
export type LinkPageOptions = {
  /** Epoch ms. */
  readonly nowMs: number;
  /** Default: that of the question, else English. */
  readonly locale?: string | undefined;
  /** The host's own words, which come before ours. */
  readonly texts?: GivenLinkTexts | undefined;
  readonly names?: LinkNames | undefined;
};

const MAX_BODY = 4_096;
const MAX_TOKEN = 2_048;
const MARK = '/answer/';
const TOKEN = /^[A-Za-z0-9._~-]+$/;
const LOCALE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}/;
const ALLOW = 'GET, HEAD, POST';

/**
 * What a request asks for: to be shown what the link does (GET, HEAD), or to have it done (POST of the page's own form).
 *
 * Refuses with `not-found`, `wrong-method`, `unconfirmed`, `too-large` (a body beyond 4 KiB), `malformed`, `wrong-type` or
 * `duplicate`; never throws. Whether the token counts is said by `tocsin.actions`.
 *
 * @example
 * ```ts
 * import { readLinkRequest } from 'tocsin/interactions/link';
 * const headers = { 'content-type': 'application/x-www-form-urlencoded' };
 * const ask = (method: string, body?: string) => readLinkRequest({ method, url: '/tocsin/answer/t1.a.b', headers, body });
 * ask('GET'); // => { ok: true, kind: 'show', token: 't1.a.b' }
 * ask('POST', 'confirm=yes'); // => { ok: true, kind: 'act', token: 't1.a.b' }
 * const bare = ask('POST', '');
 * bare.ok ? bare.kind : bare.code; // => 'unconfirmed'
 * ```
 */
export function readLinkRequest({ method, url, headers = {}, body = '' }: LinkRequest): LinkAsked | LinkRefusal {
  const token = tokenIn(url);
  if (token === undefined) return refuse('not-found', `The address does not end in ${MARK} and a token.`);
  if (method === 'GET' || method === 'HEAD') return { ok: true, kind: 'show', token, ...localeOf(wanted(headers)) };
  if (method === 'POST') return readPress(token, headers, body);
  return { ok: false, code: 'wrong-method', reason: 'Only GET, HEAD and POST are taken.', allow: ALLOW };
}

/**
 * The page that shows what a link does, with one button that does it. When it cannot be done any more there is no button.
 *
 * Of a private incident it shows the severity alone.
 *
 * @example
 * ```ts
 * import { linkQuestionPage } from 'tocsin/interactions/link';
 * const page = linkQuestionPage(
 *   {
 *     action: 'acknowledge',
 *     user: 'ana',
 *     isOpen: true,
 *     incident: {
 *       title: 'Checkout <is> down', severity: 'SEV1', urgency: 'high', service: 'checkout', visibility: 'public',
 *       phase: 'triage', paging: 'escalating', acknowledgedBy: [], times: { openedAt: new Date(0) },
 *     },
 *   },
 *   { nowMs: 720_000, names: { user: () => 'Ana' } },
 * );
 * page.status; // => 200
 * page.body.includes('Checkout &lt;is&gt; down'); // => true
 * page.headers['cache-control']; // => 'no-store'
 * ```
 */
export function linkQuestionPage(question: LinkQuestion, options: LinkPageOptions): LinkPage {
  const { action, incident, user, isOpen } = question;
  const local = localLinkTexts(options.locale ?? question.locale, options.texts);
  const { lang, texts } = local;
  const facts = factsOf({ incident, user: isOpen ? user : undefined }, options, local, 'h1');
  const form = `<form method="post"><p>${line(texts[`${action}Question`])}</p><input type="hidden" name="confirm" value="yes"><input type="hidden" name="locale" value="${htmlText(lang)}"><button type="submit">${line(texts[`${action}Button`])}</button></form><small>${line(texts.nothingYet)}</small>`;
  const closing = `<section class="card"><p>${line(texts.notOpen)}</p></section>`;
  const content = `<section class="card">${facts}</section>${isOpen ? form : closing}`;
  return htmlPage({ status: 200, lang, title: texts[`${action}Button`], content });
}

/**
 * The page that says what was done.
 *
 * @example
 * ```ts
 * import { linkAnsweredPage } from 'tocsin/interactions/link';
 * const incident = {
 *   title: 'Checkout is down', severity: 'SEV1', urgency: 'high', service: 'checkout', visibility: 'private',
 *   phase: 'triage', paging: 'acknowledged', acknowledgedBy: ['ana'], times: {},
 * } as const;
 * const page = linkAnsweredPage({ action: 'acknowledge', user: 'ana', incident }, { nowMs: 0, locale: 'de-AT' });
 * [page.status, page.body.includes('Du hast übernommen.'), page.body.includes('Checkout is down')]; // => [200, true, false]
 * ```
 */
export function linkAnsweredPage({ action, incident }: LinkAnswer, options: LinkPageOptions): LinkPage {
  const local = localLinkTexts(options.locale, options.texts);
  const { lang, texts } = local;
  const done = texts[`${action}Done`];
  const facts = factsOf({ incident, user: undefined }, options, local, 'p');
  const content = `<section class="card done" role="status"><h1>${line(done)}</h1></section><section class="card">${facts}</section><small>${line(texts.mayClose)}</small>`;
  return htmlPage({ status: 200, lang, title: done, content });
}

/**
 * The page that says why nothing was done, and what to do: of a refused request, or of what `peek` or `redeem` threw.
 *
 * The status says the same to programs: 403, 404, 405, 409, 410, 503 when it is worth trying again, 500 when it is not known.
 *
 * @example
 * ```ts
 * import { TocsinError } from 'tocsin';
 * import { linkRefusedPage } from 'tocsin/interactions/link';
 * const used = new TocsinError('ACTION_REFUSED', 'Cannot acknowledge.', { details: { why: 'used' } });
 * const page = linkRefusedPage(used, { locale: 'en' });
 * [page.status, page.body.includes('This was already answered')]; // => [409, true]
 * ```
 */
export function linkRefusedPage(
  problem: unknown,
  { locale, texts: given }: Pick<LinkPageOptions, 'locale' | 'texts'> = {},
): LinkPage {
  const { lang, texts } = localLinkTexts(locale, given);
  const { why, status, headers } = whyNot(problem);
  const title = texts[`${why}Title`];
  // To look again changes nothing, so it is a link.
  const again = status >= 500 ? `<a class="again" href="">${line(texts.tryAgain)}</a>` : '';
  const content = `<section class="card" role="status"><h1>${line(title)}</h1><p>${line(texts[`${why}Hint`])}</p></section>${again}`;
  return htmlPage({ status, lang, title, content, headers });
}

function readPress(token: string, headers: CallbackHeaders, body: CallbackBody): LinkAsked | LinkRefusal {
  const read = readText(body);
  if (!read.ok) return ours(read);
  if (read.text.length > MAX_BODY) return refuse('too-large', `The body exceeds ${MAX_BODY} bytes.`);
  // A browser sends other types across sites than a form can, or asks before; so a form it has to be.
  const type = readContentType(headers, ['application/x-www-form-urlencoded']);
  if (!type.ok) return ours(type);
  const form = readForm(read.text);
  if (!form.ok) return ours(form);
  if (form.fields.get('confirm') !== 'yes') return refuse('unconfirmed', 'The form is not that of the page.');
  return { ok: true, kind: 'act', token, ...localeOf(form.fields.get('locale')) };
}

/** The last segment of the path, behind `/answer/`. */
function tokenIn(url: string | undefined): string | undefined {
  if (typeof url !== 'string') return undefined;
  const [path = ''] = url.split(/[?#]/, 1);
  const mark = path.lastIndexOf(MARK);
  const token = mark < 0 ? '' : path.slice(mark + MARK.length);
  return TOKEN.test(token) && token.length <= MAX_TOKEN ? token : undefined;
}

function wanted(headers: CallbackHeaders): string | undefined {
  const header = readHeader(headers, 'accept-language');
  return header.ok ? header.value : undefined;
}

function localeOf(text: string | undefined): { readonly locale?: string } {
  const [locale] = LOCALE.exec(text ?? '') ?? [];
  return locale === undefined ? {} : { locale };
}

function factsOf(
  { incident, user }: { readonly incident: ShownIncident; readonly user: string | undefined },
  { nowMs, names = {} }: LinkPageOptions,
  { texts }: LocalLinkTexts,
  heading: 'h1' | 'p',
): string {
  return incidentFacts({ incident, user, nowMs, names, texts }, heading);
}

function line(text: string): string {
  return htmlText(boundedLine(text));
}

function ours({ code, reason }: CallbackRefusal): LinkRefusal {
  return { ok: false, code: code === 'unsupported' ? 'malformed' : code, reason };
}

function refuse(code: 'not-found' | 'unconfirmed' | 'too-large', reason: string): LinkRefusal {
  return { ok: false, code, reason };
}
