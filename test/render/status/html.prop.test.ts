import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, oneLine } from '../../../src/core/text/clean.ts';
import { IMPACTS, type StatusPicture } from '../../../src/model/status.ts';
import { statusPageHtml } from '../../../src/render/index.ts';
import { HOSTILE_TEXTS, incidentOf, maintenanceOf, pictureOf, SHOWN_AT, updateOf } from './pictures.ts';
import { everyHtml, type Html, named, readHtml } from './read-html.ts';

const ELEMENTS = new Set(
  'html head meta title link style body a header div h1 h2 h3 p b main section article ul li dl dt dd small time i span bdi svg path details summary footer nav'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'lang dir charset name content rel href type class id role aria-labelledby aria-label aria-hidden datetime viewBox preserveAspectRatio d open'.split(
    ' ',
  ),
);
const CLASSES =
  /^([nksbc][0-5]|skip|go|now|old|note|meta|soft|hit|card|tag|in|group|row|axis|legend|how|none|month|past| )*$/;

const pieces = fc.oneof(
  fc.constantFrom(
    ...HOSTILE_TEXTS.filter((text) => text.length < 300),
    '<script>',
    '</dd></main>',
    '<!--',
    '-->',
    '&amp',
    '&#x0;',
    '"',
    "'",
    '=',
    '`',
    ' onload=x',
    'javascript:x',
    'https://a.example/',
    'https://x.example/"style="x',
    '\u2028',
    '\r',
    '\n',
    '\u200f',
    '\u202e',
    '\ud83a',
    '\ufffe',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const text = fc.array(pieces, { maxLength: 5 }).map((parts) => parts.join(''));

const pictures: fc.Arbitrary<StatusPicture> = fc
  .record({ t: fc.array(text, { minLength: 24, maxLength: 24 }) })
  .map(({ t }) => {
    const at = (index: number) => t[index]!;
    const component = { id: at(0), name: at(1), description: at(2), group: at(3), impact: IMPACTS[at(4).length % 5]! };
    const updates = [updateOf(SHOWN_AT, 'identified', at(5)), updateOf(SHOWN_AT - 1, 'investigating', at(6))];
    const incident = incidentOf({
      id: at(7),
      title: at(8),
      components: { [at(0)]: 'major_outage', [at(9)]: 'partial_outage' },
      updates,
    });
    const work = maintenanceOf({ id: at(10), title: at(11), components: [at(0), at(12)], updates });
    return pictureOf({
      page: {
        id: at(13),
        name: at(14),
        description: at(15),
        url: at(16),
        audience: 'internal',
        access: 'open',
        locale: at(17),
        timeZone: at(18),
      },
      groups: [{ id: at(3), name: at(19), description: at(20) }],
      components: [
        component,
        {
          id: `${at(0)}2`,
          name: at(21),
          impact: 'operational',
          uptime: { days: [{ date: at(22), worst: 'major_outage', minutes: {} }], ratio: 1 },
        },
      ],
      incidents: [incident],
      maintenance: [work],
      past: [{ ...incident, id: at(23) }],
      pastMaintenance: [{ ...work, id: at(8) }],
    });
  });

/** What a reader must be able to find of `written`; unseen marks and spaces aside. */
function bare(written: string): string {
  return cleanText(written.replace(/\r\n?/g, '\n'))
    .replace(/(\p{M}{8})\p{M}+/gu, '$1')
    .replace(/\p{Noncharacter_Code_Point}/gu, '\ufffd')
    .replace(/\s+/g, '');
}

function expectOurs(root: Html): void {
  for (const { name, attributes } of everyHtml(root)) {
    expect(ELEMENTS).toContain(name);
    for (const [key, value] of Object.entries(attributes)) {
      expect(ATTRIBUTES).toContain(key);
      if (key === 'class') expect(value).toMatch(CLASSES);
      if (key === 'href') expect(value).toMatch(/^(https?:\/\/|#main$|data:image\/svg\+xml,|\/|mailto:|webcal:)/i);
    }
    if (attributes.href !== undefined && /^https?:/i.test(attributes.href) && name === 'a') {
      expect(attributes.rel).toBe('nofollow noopener noreferrer');
    }
  }
}

describe('whatever people write on a status page', () => {
  test('stays text: no element, attribute or address comes of it, and all of it can be read', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const root = readHtml(statusPageHtml(picture));
        expectOurs(root);
        const words = bare(root.text);
        const [{ title, updates }] = picture.incidents as [StatusPicture['incidents'][number]];
        for (const shown of [picture.page.name, picture.page.description!, title, ...updates.map((one) => one.text)]) {
          if (oneLine(shown).length <= 300) expect(words).toContain(bare(shown));
        }
        expect(named(root, 'article').length).toBe(2);
        expect(named(root, 'details').length).toBeGreaterThanOrEqual(2);
        expect(everyHtml(root).flatMap(({ attributes }) => attributes.style ?? [])).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('never leads an address of the host to a script', () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        const links = { atom: one, ics: `javascript:${two}`, json: `${one}${two}`, subscribe: `/${two}` };
        const root = readHtml(statusPageHtml(pictureOf({ components: [], past: [] }), { links, month: two }));
        const addresses = everyHtml(root).flatMap(({ attributes }) => attributes.href ?? []);
        for (const href of addresses)
          expect(new URL(href, 'https://status.example/').protocol).toMatch(/^(https?|data|mailto|webcal):$/);
      }),
      { numRuns: 100 },
    );
  });
});
