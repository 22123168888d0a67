/**
 * Subscriptions: what a request for `/subscription/<token>` asks for, and the pages that it is answered with.
 *
 * Pure. To open a link never does anything, because scanners of mail gateways open links as well: only the button of the page
 * does, or the one POST by which a mail program unsubscribes. It neither reads a token nor knows whether one counts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8058#section-3.2 for what a mail program posts
 */
import { readContentType, readForm, readHeader, readText } from '../callbacks/callback.ts';
import type { CallbackBody, CallbackHeaders, CallbackRefusal } from '../callbacks/request.ts';
import { boundedLine } from '../core/text/bounded.ts';
import { htmlText } from '../core/text/html.ts';
import { isTocsinError } from '../errors.ts';
import type { SubscriptionAction } from '../model/subscriber.ts';
import { htmlPage, type LinkPage } from './link/html-page.ts';
import { type SubscriptionTexts, subscriptionTexts } from './subscription/words.ts';

export type { CallbackBody, CallbackHeaders } from '../callbacks/request.ts';
export type { SubscriptionAction } from '../model/subscriber.ts';
export type { LinkPage } from './link/html-page.ts';

/** A request, in the shape that `node:http` gives it. */
export type SubscriptionRequest = {
  readonly method?: string | undefined;
  /** The path with its query, or the whole address. */
  readonly url?: string | undefined;
  readonly headers?: CallbackHeaders | undefined;
  /** Of a POST only. Read no more than 4 KiB of it. */
  readonly body?: CallbackBody | undefined;
};

/**
 * What a request asks for.
 *
 * - `show`: to see what the link does.
 * - `act`: to have it done, by the button of the page.
 * - `oneClick`: to unsubscribe without a page, as mail programs do; no other link does anything by it.
 */
export type SubscriptionAsked = {
  readonly ok: true;
  readonly kind: 'show' | 'act' | 'oneClick';
  readonly token: string;
  readonly locale?: string;
};

/** Why a request is refused; `allow` is what the header of that name says. */
export type SubscriptionRefusal =
  | { readonly ok: false; readonly code: Exclude<CallbackRefusal['code'], 'unsupported'>; readonly reason: string }
  | { readonly ok: false; readonly code: 'not-found' | 'unconfirmed'; readonly reason: string }
  | { readonly ok: false; readonly code: 'wrong-method'; readonly reason: string; readonly allow: string };

/** What `tocsin.subscribers.peek` answers. */
export type SubscriptionQuestion = {
  readonly action: SubscriptionAction;
  readonly locale?: string | undefined;
  readonly address?: string | undefined;
  readonly components?: readonly string[] | undefined;
  readonly already: boolean;
};

/** What `tocsin.subscribers.confirm` and `unsubscribe` answer. */
export type SubscriptionAnswer = {
  readonly action: SubscriptionAction;
  readonly locale?: string | undefined;
  readonly already: boolean;
};

const MAX_BODY = 4_096;
const MAX_TOKEN = 2_048;
const MOST_NAMES = 20;
const MARK = '/subscription/';
const TOKEN = /^[A-Za-z0-9._~-]+$/;
const LOCALE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}/;
const ALLOW = 'GET, HEAD, POST';
const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = /^\s*multipart\/form-data\s*(;|$)/i;
const ONE_CLICK_PART = /name="?List-Unsubscribe"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n/i;

/**
 * What a request asks for: to be shown what the link does (GET, HEAD), to have it done (POST of the page's own form), or to
 * unsubscribe at once (POST of a mail program, RFC 8058).
 *
 * Refuses with `not-found`, `wrong-method`, `unconfirmed`, `too-large` (a body beyond 4 KiB), `malformed`, `wrong-type` or
 * `duplicate`; never throws. Whether the token counts is said by `tocsin.subscribers`.
 *
 * @example
 * ```ts
 * import { readSubscriptionRequest } from 'tocsin/interactions/subscription';
 * const headers = { 'content-type': 'application/x-www-form-urlencoded' };
 * const ask = (method: string, body?: string) => {
 *   const asked = readSubscriptionRequest({ method, url: '/tocsin/subscription/s1.a.b', headers, body });
 *   return asked.ok ? asked.kind : asked.code;
 * };
 * ask('GET'); // => 'show'
 * ask('POST', 'confirm=yes'); // => 'act'
 * ask('POST', 'List-Unsubscribe=One-Click'); // => 'oneClick'
 * ask('POST', ''); // => 'unconfirmed'
 * ```
 */
export function readSubscriptionRequest({
  method,
  url,
  headers = {},
  body = '',
}: SubscriptionRequest): SubscriptionAsked | SubscriptionRefusal {
  const token = tokenIn(url);
  if (token === undefined) return refuse('not-found', `The address does not end in ${MARK} and a token.`);
  if (method === 'GET' || method === 'HEAD') return { ok: true, kind: 'show', token, ...localeOf(wanted(headers)) };
  if (method === 'POST') return readPress(token, headers, body);
  return { ok: false, code: 'wrong-method', reason: 'Only GET, HEAD and POST are taken.', allow: ALLOW };
}

/**
 * The page that shows what a link does, with one button that does it; without it when it was done already.
 *
 * @example
 * ```ts
 * import { subscriptionQuestionPage } from 'tocsin/interactions/subscription';
 * const page = subscriptionQuestionPage({ action: 'unsubscribe', address: 'k…@shop.example', already: false });
 * [page.status, page.body.includes('<form method="post">'), page.body.includes('k…@shop.example')]; // => [200, true, true]
 * ```
 */
export function subscriptionQuestionPage(
  question: SubscriptionQuestion,
  { locale }: { readonly locale?: string | undefined } = {},
): LinkPage {
  const { action, already, address, components = [] } = question;
  if (already) return subscriptionDonePage(question, { locale });
  const { lang, texts } = subscriptionTexts(locale ?? question.locale);
  const names = components.slice(0, MOST_NAMES);
  const shown = [...names, ...(components.length > MOST_NAMES ? ['…'] : [])].join(', ');
  const facts = [
    ...(address === undefined ? [] : [[texts.address, address]]),
    ...(names.length === 0 ? [] : [[texts.components, shown]]),
  ];
  const list = facts
    .map(([name = '', value = '']) => `<div><dt>${line(name)}</dt><dd>${line(value)}</dd></div>`)
    .join('');
  const card = `<section class="card"><h1>${line(texts[`${action}Question`])}</h1>${list === '' ? '' : `<dl>${list}</dl>`}</section>`;
  const form = `<form method="post"><input type="hidden" name="confirm" value="yes"><input type="hidden" name="locale" value="${htmlText(lang)}"><button type="submit">${line(texts[`${action}Button`])}</button></form><small>${line(texts.nothingYet)}</small>`;
  return htmlPage({ status: 200, lang, title: texts[`${action}Button`], content: `${card}${form}` });
}

/**
 * The page that says what was done, or that it had been done before.
 *
 * @example
 * ```ts
 * import { subscriptionDonePage } from 'tocsin/interactions/subscription';
 * const page = subscriptionDonePage({ action: 'unsubscribe', already: true, locale: 'de' });
 * [page.status, page.body.includes('Es wird dir nichts gesendet.')]; // => [200, true]
 * ```
 */
export function subscriptionDonePage(
  { action, already, locale: own }: SubscriptionAnswer,
  { locale }: { readonly locale?: string | undefined } = {},
): LinkPage {
  const { lang, texts } = subscriptionTexts(locale ?? own);
  const done = texts[`${action}${already ? 'Already' : 'Done'}`];
  const content = `<section class="card done" role="status"><h1>${line(done)}</h1></section><small>${line(texts.mayClose)}</small>`;
  return htmlPage({ status: 200, lang, title: done, content });
}

/**
 * The page that says why nothing was done, and what to do: of a refused request, or of what `tocsin.subscribers` threw.
 *
 * The status says the same to programs: 403, 404, 405, 410, 503 when it is worth trying again, 500 when it is not known.
 *
 * @example
 * ```ts
 * import { TocsinError } from 'tocsin';
 * import { subscriptionRefusedPage } from 'tocsin/interactions/subscription';
 * const old = new TocsinError('ACTION_REFUSED', 'Cannot confirm.', { details: { why: 'expired' } });
 * const page = subscriptionRefusedPage(old);
 * [page.status, page.body.includes('This link is too old')]; // => [410, true]
 * ```
 */
export function subscriptionRefusedPage(
  problem: unknown,
  { locale }: { readonly locale?: string | undefined } = {},
): LinkPage {
  const { lang, texts } = subscriptionTexts(locale);
  const { why, status, headers } = whyNot(problem);
  const title = texts[`${why}Title`];
  // To look again changes nothing, so it is a link.
  const again = status >= 500 ? `<a class="again" href="">${line(texts.tryAgain)}</a>` : '';
  const content = `<section class="card" role="status"><h1>${line(title)}</h1><p>${line(texts[`${why}Hint`])}</p></section>${again}`;
  return htmlPage({ status, lang, title, content, headers });
}

type Why = {
  [N in keyof SubscriptionTexts]: N extends `${infer Reason}Hint` ? Reason : never;
}[keyof SubscriptionTexts];
type Told = { readonly why: Why; readonly status: number; readonly headers?: Readonly<Record<string, string>> };

const REFUSED: Readonly<Record<string, Told>> = {
  malformed: { why: 'malformed', status: 404 },
  forged: { why: 'forged', status: 403 },
  expired: { why: 'expired', status: 410 },
  foreign: { why: 'foreign', status: 404 },
};

const REQUESTS: Readonly<Record<string, Told>> = {
  'not-found': { why: 'malformed', status: 404 },
  malformed: { why: 'request', status: 400 },
  'too-large': { why: 'request', status: 413 },
  'wrong-type': { why: 'request', status: 415 },
  'wrong-method': { why: 'request', status: 405, headers: { allow: ALLOW } },
  duplicate: { why: 'request', status: 400 },
  unconfirmed: { why: 'request', status: 400 },
};

const FAILED: Told = { why: 'failed', status: 500 };

/** What is told of a refused request, or of what was thrown; it repeats nothing of either. */
function whyNot(problem: unknown): Told {
  if (!isTocsinError(problem)) return ownOf(REQUESTS, fieldOf(problem, 'code')) ?? FAILED;
  if (problem.retryable) return { why: 'unavailable', status: 503, headers: { 'retry-after': '5' } };
  return (problem.code === 'ACTION_REFUSED' && ownOf(REFUSED, fieldOf(problem.details, 'why'))) || FAILED;
}

function readPress(
  token: string,
  headers: CallbackHeaders,
  body: CallbackBody,
): SubscriptionAsked | SubscriptionRefusal {
  const read = readText(body);
  if (!read.ok) return ours(read);
  if (read.text.length > MAX_BODY) return refuse('too-large', `The body exceeds ${MAX_BODY} bytes.`);
  const given = readHeader(headers, 'content-type');
  // A mail program may send a form of either kind.
  if (given.ok && MULTIPART.test(given.value))
    return ONE_CLICK_PART.test(read.text) ? { ok: true, kind: 'oneClick', token } : unconfirmed();
  const type = readContentType(headers, [FORM]);
  if (!type.ok) return ours(type);
  const form = readForm(read.text);
  if (!form.ok) return ours(form);
  if (form.fields.get('confirm') === 'yes')
    return { ok: true, kind: 'act', token, ...localeOf(form.fields.get('locale')) };
  return form.fields.get('List-Unsubscribe') === 'One-Click' ? { ok: true, kind: 'oneClick', token } : unconfirmed();
}

function unconfirmed(): SubscriptionRefusal {
  return refuse('unconfirmed', 'The form is neither that of the page nor that of a mail program.');
}

/** The last segment of the path, behind `/subscription/`. */
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

function line(text: string): string {
  return htmlText(boundedLine(text));
}

function ownOf(told: Readonly<Record<string, Told>>, name: unknown): Told | undefined {
  return typeof name === 'string' && Object.hasOwn(told, name) ? told[name] : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function ours({ code, reason }: CallbackRefusal): SubscriptionRefusal {
  return { ok: false, code: code === 'unsupported' ? 'malformed' : code, reason };
}

function refuse(code: 'not-found' | 'unconfirmed' | 'too-large', reason: string): SubscriptionRefusal {
  return { ok: false, code, reason };
}
