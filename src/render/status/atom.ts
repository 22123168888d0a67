/**
 * The picture as an Atom feed: one entry for each incident and each maintenance, with all its updates.
 *
 * Pure. What people wrote is text, never markup: neither in the feed nor in the HTML that a reader shows of it.
 *
 * @see RFC 4287
 */
import { cleanText, oneLine } from '../../core/text/clean.ts';
import { htmlText } from '../../core/text/html.ts';
import { xmlText } from '../../core/text/xml.ts';
import type { Impact, PictureIncident, PictureUpdate, StatusPicture } from '../../model/status.ts';
import { formatMoment } from '../moment.ts';
import { element } from '../picture/xml.ts';
import { eventAddress, outputAddress, pageAddress } from './addresses.ts';
import { IMPACT_WORDS, STATUS_WORDS } from './feed-words.ts';
import { recent } from './recent.ts';

/**
 * The picture as an Atom 1.0 feed, in UTF-8: open and past incidents and maintenance, what changed last first.
 *
 * All that is open or to come is in it, and the newest of the rest, at most 50 of either kind. Ids stay the same for
 * ever: `urn:tocsin:status:` with the ids of the page and of the incident. Links are there only when the page has a
 * `url`: to the feed itself at `/history.atom` below it, to the page, and from each entry to its place on the page.
 *
 * @throws RangeError when a moment of the picture is none.
 * @example
 * ```ts
 * import type { StatusPicture } from 'tocsin/model';
 * import { statusAtom } from 'tocsin/render';
 * const picture: StatusPicture = {
 *   page: { id: 'shop', name: 'Shop', audience: 'public', access: 'open', locale: 'en', timeZone: 'UTC' },
 *   at: Date.UTC(2026, 0, 5, 9), updatedAt: Date.UTC(2026, 0, 5, 8), indicator: 'none',
 *   groups: [], components: [], incidents: [], maintenance: [], past: [], pastMaintenance: [],
 * };
 * /<title>.*?<\/title>/.exec(statusAtom(picture))?.[0]; // => '<title>Shop</title>'
 * ```
 */
export function statusAtom(picture: StatusPicture): string {
  const { page } = picture;
  const title = oneLine(page.name) || page.id;
  const names = new Map(picture.components.map(({ id, name }) => [id, oneLine(name) || id]));
  const entries = entriesOf(picture).map((entry) => drawEntry(picture, entry, names));
  const parts = [
    text('id', `urn:tocsin:status:${urnPart(page.id)}`),
    text('title', title),
    ...(page.description === undefined ? [] : [text('subtitle', page.description)]),
    text('updated', new Date(picture.updatedAt).toISOString()),
    element('author', {}, text('name', title)),
    text('generator', 'Tocsin'),
    link('self', outputAddress(picture, '/history.atom'), 'application/atom+xml'),
    link('alternate', pageAddress(picture), 'text/html'),
    ...entries,
  ];
  const attributes = { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': languageOf(page.locale) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('feed', attributes, `\n${lines(parts)}`)}\n`;
}

type Entry = {
  readonly kind: 'incident' | 'maintenance';
  readonly id: string;
  readonly title: string;
  readonly publishedAt: number;
  readonly updatedAt: number;
  /** What it is, in words, before what was posted. */
  readonly facts: readonly string[];
  readonly components: readonly string[];
  readonly updates: readonly PictureUpdate[];
};

const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;

function entriesOf(picture: StatusPicture): readonly Entry[] {
  const incidents = recent(picture.incidents, picture.past, ({ startedAt }) => startedAt).map(
    ({ components, startedAt, status, impact, ...incident }): Entry => ({
      ...incident,
      kind: 'incident',
      publishedAt: startedAt,
      facts: [STATUS_WORDS[status], ...(impact === 'operational' ? [] : [impactText(status, impact)])],
      components: Object.keys(components),
    }),
  );
  const maintenance = recent(picture.maintenance, picture.pastMaintenance, ({ startsAt }) => startsAt).map(
    ({ createdAt, startsAt, endsAt, status, ...window }): Entry => ({
      ...window,
      kind: 'maintenance',
      publishedAt: createdAt,
      facts: [STATUS_WORDS[status], `${clockOf(picture, startsAt)} to ${momentOf(picture, endsAt)}`],
    }),
  );
  return [...incidents, ...maintenance].toSorted((a, b) => b.updatedAt - a.updatedAt);
}

/** Of what is open it is the impact of now. */
function impactText(status: PictureIncident['status'], impact: Impact): string {
  const words = IMPACT_WORDS[impact].toLowerCase();
  return status === 'resolved' ? `at its worst: ${words}` : words;
}

function drawEntry(picture: StatusPicture, entry: Entry, names: ReadonlyMap<string, string>): string {
  const { kind, id, title, publishedAt, updatedAt } = entry;
  const parts = [
    text('id', `urn:tocsin:status:${[picture.page.id, kind, id].map(urnPart).join(':')}`),
    text('title', oneLine(title) || id),
    text('published', new Date(publishedAt).toISOString()),
    text('updated', new Date(updatedAt).toISOString()),
    link('alternate', eventAddress(picture, id), 'text/html'),
    // Escaped twice on purpose: it is HTML, and stands in XML.
    element('content', { type: 'html' }, xmlText(contentOf(picture, entry, names))),
  ];
  return element('entry', {}, `\n${lines(parts)}`);
}

/** HTML: the facts, then one paragraph for each update, the newest first. */
function contentOf(picture: StatusPicture, entry: Entry, names: ReadonlyMap<string, string>): string {
  const components = entry.components.flatMap((id) => names.get(id) ?? []).join(', ');
  const facts = [...entry.facts, ...(components === '' ? [] : [components])].join(' · ');
  return [`<p>${htmlText(facts)}</p>`, ...entry.updates.map((update) => updateOf(picture, update))].join('');
}

function updateOf(picture: StatusPicture, { status, at, audience, text: body }: PictureUpdate): string {
  // Whoever reads an internal page must see what the public does not know.
  const isInternal = picture.page.audience === 'internal' && audience === 'internal';
  const head = `${STATUS_WORDS[status]} · ${momentOf(picture, at)}${isInternal ? ' · internal' : ''}`;
  const paragraph = htmlText(cleanText(body)).replaceAll('\n', '<br>');
  return `<p><strong>${htmlText(head)}</strong></p><p>${paragraph}</p>`;
}

/** `2026-11-29 13:00 Europe/Berlin` */
function momentOf(picture: StatusPicture, at: number): string {
  return `${clockOf(picture, at)} ${picture.page.timeZone}`;
}

function clockOf({ page }: StatusPicture, at: number): string {
  return formatMoment(at, page.timeZone).slice(0, 'yyyy-MM-dd HH:mm'.length);
}

function text(name: string, content: string): string {
  return element(name, {}, xmlText(content));
}

function link(rel: string, href: string | undefined, type: string): string {
  return href === undefined ? '' : element('link', { rel, type, href });
}

function lines(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('');
}

/** A colon within an id must not look like one between two. @see RFC 8141 2 */
function urnPart(id: string): string {
  return encodeURIComponent(id.toWellFormed()).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}

function languageOf(locale: string): string | undefined {
  return LANGUAGE.test(locale) ? locale : undefined;
}
