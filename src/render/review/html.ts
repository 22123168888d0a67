/**
 * A review as HTML: one document that needs no script and fetches nothing, to be read, sent around and printed.
 *
 * Pure. No text of anybody is markup in it, and it never asks the clock: the same review gives the same bytes.
 */
import type { BuiltReview } from '../../model/review.ts';
import { dirOf, hostLink, line, TITLE } from '../status/page/markup.ts';
import type { Part } from './document.ts';
import { blockHtml } from './page/blocks.ts';
import { PAGE_POLICY, STYLE } from './page/style.ts';
import { factsOf, missingOf, partsOf } from './parts.ts';
import { type ReviewClock, reviewClock } from './review-clock.ts';
import { incidentAddress, type ReviewLinks } from './review-links.ts';
import { counted, STATE_WORDS } from './review-words.ts';

export { REVIEW_PAGE_CSP } from './page/style.ts';

/** What {@link reviewHtml} shows beside the review. */
export type ReviewHtmlOptions = {
  /** Where incidents are found. Addresses may be relative to the page. */
  readonly links?: ReviewLinks;
};

/** A review with more sections or entries than this has a table of contents. */
const LONG_SECTIONS = 8;
const LONG_ENTRIES = 60;

/**
 * A review as an HTML document of its own, with the picture of {@link incidentPicture} in it. It says its policy itself, and
 * can be served with {@link REVIEW_PAGE_CSP}.
 *
 * Each entry of the timeline has an anchor (`#entry-12`), to which the numbers link that came from it; of a long timeline the
 * quiet stretches are folded, and unfolded in print. Light and dark follow the reader; times are in `review.timeZone`.
 *
 * @throws TocsinError INPUT_INVALID when the time zone of the review is not known.
 * @example
 * ```ts
 * import { createTocsin } from 'tocsin';
 * import { consoleNotifier } from 'tocsin/notifiers/console';
 * import { reviewHtml } from 'tocsin/render';
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
 * const page = reviewHtml(review, { links: { incident: '/incidents/{id}' } });
 * page.includes('<h1>Payments &lt;b&gt;fail&lt;/b&gt;</h1>'); // => true
 * page.includes(`href="/incidents/${id}"`); // => true
 * ```
 */
export function reviewHtml(review: BuiltReview, options: ReviewHtmlOptions = {}): string {
  const { links = {} } = options;
  const clock = reviewClock(review.timeZone);
  const making = { clock, links };
  const parts = partsOf(review, making);
  const isLong = parts.length > LONG_SECTIONS || review.entries.length > LONG_ENTRIES;
  return [
    head(review),
    '<body><a class=skip href="#main">Skip to the review</a>\n',
    `<header><p class=kind>Post-incident review</p>${title(review)}${blockHtml(factsOf(review, making), review, clock)}</header>\n`,
    `<main id=main>${state(review, parts)}${isLong ? contents(parts) : ''}\n`,
    ...parts.map((part, index) => section(part, index, { review, clock })),
    '</main>\n',
    footer(review, { clock, links }),
    '</body></html>\n',
  ].join('');
}

function head({ incident, state }: BuiltReview): string {
  return [
    '<!DOCTYPE html>\n<html lang=en dir=ltr><head><meta charset=utf-8>',
    `<meta http-equiv=content-security-policy content="${PAGE_POLICY}">`,
    '<meta name=viewport content="width=device-width,initial-scale=1"><meta name=color-scheme content="light dark">',
    `<title>Review (${STATE_WORDS[state]}): ${line(incident.title, TITLE, 'Untitled')}</title>`,
    `<meta name=robots content=noindex><style>${STYLE}</style></head>\n`,
  ].join('');
}

function title({ incident }: BuiltReview): string {
  return `<h1${dirOf(incident.title)}>${line(incident.title, TITLE, 'Untitled')}</h1>`;
}

/** What a reader of what is not published has to know. */
function state(review: BuiltReview, parts: readonly Part[]): string {
  const { state: now, sections } = review;
  const missing = missingOf(review);
  if (now === 'published' && missing.length === 0) return '';
  const left = sections.flatMap(({ id }, index) => {
    const { title: name = '' } = parts[index] ?? {};
    return missing.includes(id) ? [`<a href="#${anchorOf(index)}">${line(name, TITLE, 'More')}</a>`] : [];
  });
  const more =
    left.length === 0
      ? ''
      : ` ${counted(left.length, 'section is', 'sections are')} still to be written: ${left.join(', ')}.`;
  return `<p class=banner><b>This review is ${now === 'draft' ? 'a draft' : STATE_WORDS[now]}.</b>${more}</p>`;
}

function contents(parts: readonly Part[]): string {
  const items = parts.map(
    ({ title: name }, index) => `<li><a href="#${anchorOf(index)}">${line(name, TITLE, 'More')}</a></li>`,
  );
  return `<nav class=toc aria-labelledby=contents><h2 id=contents>Contents</h2><ol>${items.join('')}</ol></nav>`;
}

function section(
  { title: name, blocks }: Part,
  index: number,
  { review, clock }: { readonly review: BuiltReview; readonly clock: ReviewClock },
): string {
  const id = anchorOf(index);
  const written = blocks.map((block) => blockHtml(block, review, clock)).join('\n');
  return `<section id=${id}><h2${dirOf(name)}>${line(name, TITLE, 'More')}</h2>\n${written}</section>\n`;
}

function anchorOf(index: number): string {
  return `section-${index + 1}`;
}

function footer(
  { incident }: BuiltReview,
  { clock, links }: { readonly clock: ReviewClock; readonly links: ReviewLinks },
): string {
  const address = hostLink(incidentAddress(links, incident.id));
  const go = address === undefined ? '' : ` <a href="${address}">The incident</a>`;
  return `<footer><p>All times in ${line(clock.zone, TITLE)} (UTC${clock.offset(incident.openedAt)}).${go}</p></footer>`;
}
