import { parseAtomFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import type { StatusPicture } from '../../../src/model/status.ts';
import { statusAtom } from '../../../src/render/index.ts';
import { anchorOf } from '../../../src/render/status/anchor.ts';
import {
  BARE,
  INCIDENT,
  INTERNAL,
  MAINTENANCE,
  NOW,
  OPEN_INCIDENT,
  OPERATIONAL,
  PICTURES,
} from './machine-pictures.ts';
import { everyXml, readHtml, textOf, wellFormed } from './read-feed.ts';

const read = (picture: StatusPicture) => parseAtomFeed(statusAtom(picture));
const shownOf = (picture: StatusPicture, index = 0) =>
  readHtml(read(picture).entries![index]!.content!.value!).paragraphs;

describe('a feed', () => {
  test.each(PICTURES)('of %s is well-formed and has all that Atom asks for', (_, picture) => {
    const feed = wellFormed(statusAtom(picture));
    expect([feed.name, feed.attributes.xmlns]).toEqual(['feed', 'http://www.w3.org/2005/Atom']);
    for (const element of [feed, ...everyXml(feed, 'entry')])
      for (const name of ['id', 'title', 'updated']) expect(textOf(element, name)).toMatch(/\S/);
    expect(textOf(feed, 'name')).toBe(picture.page.name);
  });

  test('says whose it is, in which language, where it is and when it changed', () => {
    expect(read(INCIDENT)).toMatchObject({
      id: 'urn:tocsin:status:shop',
      title: { value: 'Example Shop' },
      subtitle: { value: 'Buying & selling' },
      updated: '2026-11-29T11:40:00.000Z',
      authors: [{ name: 'Example Shop' }],
      xml: { lang: 'en' },
      links: [
        { rel: 'self', type: 'application/atom+xml', href: 'https://status.example.org/history.atom' },
        { rel: 'alternate', type: 'text/html', href: 'https://status.example.org/' },
      ],
    });
  });

  test.each([
    ['https://example.org/status/', 'https://example.org/status/history.atom'],
    ['https://example.org/status?page=1#top', 'https://example.org/status/history.atom'],
  ])('of a page at %s is at %s', (url, expected) => {
    expect(read({ ...INCIDENT, page: { ...INCIDENT.page, url } }).links![0]!.href).toBe(expected);
  });

  test('of a page without an address has no link', () => {
    expect(statusAtom({ ...INCIDENT, page: BARE.page })).not.toContain('<link');
  });

  test('whose language is none says none', () => {
    expect(statusAtom({ ...BARE, page: { ...BARE.page, locale: 'e" n' } })).not.toContain('xml:lang');
    expect(read({ ...BARE, page: { ...BARE.page, locale: 'pt-BR' } }).xml!.lang).toBe('pt-BR');
  });

  test('of a page whose name says nothing has its id for a title', () => {
    expect(read({ ...BARE, page: { ...BARE.page, name: ' \u0000 ' } }).title!.value).toBe('bare');
  });
});

describe('entries', () => {
  test('are all incidents and all maintenance, what changed last first', () => {
    const all = { ...INCIDENT, maintenance: MAINTENANCE.maintenance };
    expect(read(all).entries!.map(({ id, updated }) => [id, updated])).toEqual([
      [`urn:tocsin:status:shop:incident:${OPEN_INCIDENT.id}`, '2026-11-29T11:40:00.000Z'],
      ['urn:tocsin:status:shop:maintenance:m-active', '2026-11-29T11:00:00.000Z'],
      ['urn:tocsin:status:shop:maintenance:m-next', '2026-11-28T12:00:00.000Z'],
      [`urn:tocsin:status:shop:incident:${OPERATIONAL.past[0]!.id}`, '2026-11-26T13:00:00.000Z'],
      ['urn:tocsin:status:shop:maintenance:m-past', '2026-11-24T14:00:00.000Z'],
    ]);
  });

  test('tell of an incident how far it is, what it touches, and every update in the time of the page', () => {
    expect(shownOf(INCIDENT)).toEqual([
      'Monitoring · major outage · Checkout, API',
      'Monitoring · 2026-11-29 12:40 Europe/Berlin',
      'A fix is out.\nWe watch it.',
      'Investigating · 2026-11-29 11:00 Europe/Berlin',
      'Cards <of some banks> & "wallets" fail.',
    ]);
    expect(read(INCIDENT).entries![0]).toMatchObject({
      title: { value: 'Payments are refused' },
      published: '2026-11-29T10:00:00.000Z',
      links: [{ rel: 'alternate', href: `https://status.example.org/#${anchorOf(OPEN_INCIDENT.id)}` }],
      content: { type: 'html' },
    });
  });

  test('tell of a maintenance from when until when', () => {
    expect(shownOf(MAINTENANCE, 1)).toEqual([
      'Scheduled · 2026-11-30 13:00 to 2026-11-30 15:00 Europe/Berlin · API, Search',
    ]);
  });

  test('of an internal page say what the public does not read', () => {
    expect(shownOf(INTERNAL).slice(1, 4)).toEqual([
      'Monitoring · 2026-11-29 12:55 Europe/Berlin · internal',
      'It was the cache.',
      'Monitoring · 2026-11-29 12:40 Europe/Berlin',
    ]);
  });

  test('keep their ids whatever becomes of the incident, and differ for ids that look alike', () => {
    const idOf = (pageId: string, id: string) =>
      read({ ...INCIDENT, page: { ...INCIDENT.page, id: pageId }, incidents: [{ ...OPEN_INCIDENT, id }] }).entries![0]!
        .id;
    const ended = { ...OPEN_INCIDENT, status: 'resolved' as const, title: 'Mended', updatedAt: NOW };
    expect(read({ ...OPERATIONAL, past: [ended] }).entries![0]!.id).toBe(read(INCIDENT).entries![0]!.id);
    expect(idOf('a', 'b:incident:c')).not.toBe(idOf('a:incident:b', 'c'));
  });
});

test('the same picture made later gives the same bytes', () => {
  expect(statusAtom({ ...INCIDENT, at: NOW + 1 })).toBe(statusAtom(structuredClone(INCIDENT)));
});
