/**
 * The frame of a status page: its head, the banner that says how things are, and the foot.
 *
 * The banner never looks well on a picture that could not be made anew.
 */

import { webAddress } from '../../../core/text/web-address.ts';
import type { Indicator, StatusPicture } from '../../../model/status.ts';
import { dirOf, escaped, hostLink, line, NAME, TITLE } from './markup.ts';
import { iconAddress } from './palette.ts';
import type { Sheet } from './sheet.ts';
import { STYLE } from './style.ts';

/** Where else the state can be read. Addresses of the host, absolute or relative to the page. */
export type StatusPageLinks = {
  readonly atom?: string;
  readonly ics?: string;
  readonly json?: string;
  /** Where the page itself is, if it shows one month when it is asked with `?month=2026-11`: then old entries are one line each. */
  readonly history?: string;
  /** Where people say that they want to be told. */
  readonly subscribe?: string;
};

const PLACES: { readonly [I in Indicator]: number } = { none: 0, maintenance: 1, minor: 2, major: 3, critical: 4 };
const MOST_DESCRIPTION = 1_000;

/** Everything before what is seen. */
export function head({ picture, lang, words }: Sheet, links: StatusPageLinks): string {
  const { page, indicator } = picture;
  const state = `${picture.stale === undefined ? '' : `${words.stale}: `}${words.indicator[indicator]}`;
  const name = line(page.name, NAME, words.untitled);
  const address = page.url === undefined ? undefined : webAddress(page.url);
  const atom = hostLink(links.atom);
  return [
    `<!DOCTYPE html>\n<html lang="${escaped(lang)}" dir=ltr><head><meta charset=utf-8>`,
    '<meta name=viewport content="width=device-width,initial-scale=1"><meta name=color-scheme content="light dark">',
    `<title>${state} · ${name}</title><meta name=description content="${name}: ${state}">`,
    isHidden(picture) ? '<meta name=robots content=noindex>' : '',
    address === undefined ? '' : `<link rel=canonical href="${escaped(address)}">`,
    `<link rel=icon href="${iconAddress(PLACES[indicator])}">`,
    atom === undefined ? '' : `<link rel=alternate type="application/atom+xml" href="${atom}">`,
    `<style>${STYLE}</style></head>\n`,
  ].join('');
}

/** The name of the page, and where to subscribe. */
export function header({ picture: { page }, words }: Sheet, links: StatusPageLinks): string {
  const subscribe = hostLink(links.subscribe);
  const more =
    page.description === undefined
      ? ''
      : `<p${dirOf(page.description)}>${line(page.description, MOST_DESCRIPTION)}</p>`;
  const go = subscribe === undefined ? '' : `<a class=go href="${subscribe}">${words.subscribe}</a>`;
  return `<a class=skip href="#main">${words.skip}</a><header><div><h1${dirOf(page.name)}>${line(page.name, TITLE, words.untitled)}</h1>${more}</div>${go}</header>\n`;
}

/** How things are, in one line; before it, whatever a reader must know about the page itself. */
export function banner({ picture, words, times, isInternal }: Sheet): string {
  const { indicator, at, updatedAt, stale } = picture;
  const moment = times.moment(at);
  const old =
    stale === undefined
      ? ''
      : `<div class=note role=note><b class=s3>${words.stale}</b><p>${words.staleSince(moment, times.length(stale.askedAt - at))}</p></div>`;
  const inside = isInternal ? `<p class=note>${words.internalPage}</p>` : '';
  const now = stale === undefined ? words.lastChange(times.moment(updatedAt)) : words.stateOf(moment);
  const look = stale === undefined ? `now n${PLACES[indicator]}` : 'now old';
  return `${inside}${old}<section class="${look}" aria-labelledby=now><h2 id=now>${words.indicator[indicator]}</h2><p>${now}</p></section>\n`;
}

/** The moment shown, its zone, and the feeds. */
export function footer({ picture, words, times }: Sheet, links: StatusPageLinks): string {
  const { at } = picture;
  const feeds = (
    [
      ['subscribe', words.subscribe],
      ['atom', words.atom],
      ['ics', words.ics],
      ['json', words.json],
    ] as const
  ).flatMap(([of, word]) => {
    const href = hostLink(links[of]);
    return href === undefined ? [] : [`<li><a href="${href}">${word}</a></li>`];
  });
  const nav = feeds.length === 0 ? '' : `<nav aria-label="${words.links}"><ul>${feeds.join('')}</ul></nav>`;
  const state = `<time datetime=${times.machine(at)}>${times.moment(at)}</time>`;
  return `<footer><p>${words.stateOf(state)}. ${words.zone(escaped(times.zone), times.offset(at))}.</p>${nav}</footer>`;
}

function isHidden({ page }: StatusPicture): boolean {
  return page.audience === 'internal' || page.access === 'authorized';
}
