import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { reviewMarkdown } from '../../../src/render/index.ts';
import { DAY, REVIEWS, reviewOf, sectionOf } from './reviews.ts';

const LINKS = { incident: 'https://ops.example/incidents/{id}', picture: 'https://ops.example/picture.svg' };
const parser = new MarkdownIt({ html: true });
const page = reviewMarkdown(REVIEWS.short, { links: LINKS });
/** The text of a section. */
const part = (title: string, of = page) => of.split(/^## /m).find((text) => text.startsWith(`${title}\n`))!;

describe('a review as Markdown', () => {
  test('has the sections of its template, in their order', () => {
    const titles = page.split('\n').flatMap((line) => (line.startsWith('## ') ? [line.slice(3)] : []));
    expect(titles).toEqual(REVIEWS.short.sections.map(({ title }) => title));
    const two = reviewOf({ sections: [sectionOf('luck', { answer: 'It was Thursday.' }), sectionOf('people')] });
    expect(reviewMarkdown(two).match(/^## .*/gm)).toEqual(['## Where we were lucky', '## Who took part']);
  });

  test('says first what it is about', () => {
    expect(page.split('\n').slice(0, 12)).toEqual([
      '# Review: Card payments fail with “pool exhausted”',
      '',
      '| The incident |  |',
      '| --- | --- |',
      '| Service | Checkout |',
      '| Severity | **SEV1** |',
      '| Opened | 26 Nov 2026 02:34 |',
      '| Ended | 26 Nov 2026 03:44, after 1h 9m |',
      '| Phase | Resolved |',
      '| Review | published, revision 2, 1 Dec 2026 02:31 |',
      '| Times | in Europe/Berlin (UTC+01:00) |',
      '| Names | people are called by the part they had |',
    ]);
    const drill = reviewOf({
      incident: { ...REVIEWS.short.incident, kind: 'drill', visibility: 'private' },
      isBlameless: false,
    });
    expect(reviewMarkdown(drill)).toContain('| Kind | **This was a drill** |');
    expect(reviewMarkdown(drill)).toContain('| Visibility | **private** |');
    expect(reviewMarkdown(drill)).not.toContain('| Names |');
  });

  test('says when it ended what was written down later, and not that it took no time', () => {
    const { incident } = REVIEWS.short;
    const endedAt = incident.openedAt - 100 * DAY;
    const text = reviewMarkdown(reviewOf({ incident: { ...incident, kind: 'backfilled', endedAt } }));
    expect(text).toContain('| Ended | 18 Aug 2026 03:34 |');
  });

  test('names for each number the two entries that it came from', () => {
    const numbers = part('In numbers');
    expect(numbers).toContain('| Time to detect | **3m 30s** as corrected | `#1 -> #2` |');
    expect(numbers).toContain('| Time to mitigate | **37m 30s** | `#2 -> #19` |');
    expect(numbers).toContain('| Time to close | Not yet, 3d so far | `#2` |');
    expect(part('Timeline')).toContain('| `#19` | 03:12:20 | Mitigated by the incident lead: rolled back. |');
  });

  test('says in words why a number is missing', () => {
    const numbers = part('In numbers', reviewMarkdown(REVIEWS.quiet));
    expect(numbers).toContain(
      '| Time to detect | Cannot be given: nobody has written down when it began, or when it ended | – |',
    );
    expect(numbers).toContain(
      '| Time to acknowledge | Does not apply: it ended before that happened, after 55m | `#2` |',
    );
    expect(numbers).toContain(
      '| Time to mitigate | Does not apply: it was over without having been mitigated, after 55m |',
    );
    expect(numbers).toContain(
      '| Time to close | **Cannot be right: it ends before it begins; correct one of these entries** | `#22 -> #2` |',
    );
    expect(part('In numbers', reviewMarkdown(REVIEWS.open))).toContain(
      '| Time to detect | Still to come: nobody has said yet when it began to hurt | – |',
    );
  });

  test('has a line for each entry, with the date where days change', () => {
    const rows = part('Timeline')
      .match(/^\| .*/gm)!
      .slice(1);
    expect(rows).toHaveLength(REVIEWS.short.entries.length);
    expect(rows[0]).toBe('| `#1` | 2026-11-26 02:31:20 | Nadia said that it began to hurt at 02:31. |');
    expect(rows[4]).toBe('|  | 02:35:02 | Reached the primary on call by push. |');
    expect(rows[5]).toBe('| `#5` | 02:39:56 | ⚠ Nobody answered in time. |');
    expect(rows[12]).toMatch(/^\| `#10` \| 02:47:20 \| 📌 The incident lead raised/);
    const dates = part('Timeline', reviewMarkdown(REVIEWS.long)).match(/\d{4}-\d\d-\d\d/g)!;
    expect(dates).toEqual([...new Set(dates)]);
    expect(dates).toHaveLength(8);
  });

  test('says who has to do what until when, and what nobody does', () => {
    const items = part('Action items');
    expect(items).toContain(
      '| [Let the retry loop wait outside of its transaction](<https://issues.acme.example/CHK-311>) | checkout lead | High | 2026-12-08 | done |',
    );
    expect(items).toContain('| database specialist | Medium | 2026-12-26 | in progress, **overdue** |');
    expect(items).toContain('| Try out every number once a month | **nobody yet** | – | – | open |');
    expect(items).toContain('- Tell the shops that had to close');
  });

  test('asks for what nobody has written', () => {
    expect(part('Summary', reviewMarkdown(REVIEWS.open))).toContain(
      '**Still to be written.**\n\nWhat would you tell somebody who was not there?',
    );
    const draft = { ...REVIEWS.short, state: 'draft' } as const;
    expect(part('Where we were lucky', reviewMarkdown(draft))).toContain(
      '*Nobody has written this yet.*\n\nWhat could as well have gone wrong',
    );
    expect(part('Contributing factors', reviewMarkdown(REVIEWS.open))).toContain('There is rarely one factor alone.');
  });

  test('asks for no words beside factors and action items that were added, nor for any once it is published', () => {
    const draft = reviewMarkdown({ ...REVIEWS.short, state: 'draft' });
    for (const title of ['Contributing factors', 'Action items']) expect(part(title, draft)).not.toContain('*Nobody');
    expect(part('Where we were lucky')).toContain('Nothing was written here.');
    expect(reviewMarkdown(REVIEWS.short)).not.toContain('Nobody has written this yet');
  });

  test('shows a picture that lies beside it, or on the web, and no other', () => {
    const pictureOf = (picture: string) => reviewMarkdown(REVIEWS.short, { links: { picture } });
    expect(pictureOf('img/incident.svg')).toContain('](<img/incident.svg>)');
    expect(pictureOf('https://ops.example/i.svg')).toContain('](<https://ops.example/i.svg>)');
    for (const other of ['javascript:alert(1)', '//evil.example/i.svg', 'data:image/svg+xml,x', 'a b.svg'])
      expect(pictureOf(other)).not.toContain('![');
  });

  test('links incidents where the host has an address for them, and shows the picture', () => {
    expect(part('Similar incidents')).toContain(
      '[Card payments are slow](<https://ops.example/incidents/019a0000-0000-7000-8000-00000000000a>)',
    );
    expect(page).toContain('[The incident](<https://ops.example/incidents/019ac000-0000-7000-8000-000000000001>)');
    expect(part('The incident at a glance')).toMatch(/!\[From 26 Nov .*\]\(<https:\/\/ops\.example\/picture\.svg>\)/);
    const bare = reviewMarkdown(REVIEWS.short);
    expect(part('The incident at a glance', bare)).toContain('From 26 Nov 2026 02:31 to 26 Nov 2026 03:46');
    expect(part('Similar incidents', bare)).toContain('| Card payments are slow |');
  });

  test('an incident without an entry, a person or an item says so', () => {
    const nothing = reviewMarkdown({ ...REVIEWS.open, entries: [], people: [] });
    expect(nothing).toContain('Nothing is on the timeline yet.');
    expect(nothing).toContain('Nobody took part.');
    expect(nothing).toContain('There are no action items.');
    expect(nothing).toContain('No past incident resembles this one.');
  });

  test('is read by a parser as it was meant: tables are tables', () => {
    const tokens = parser.parse(page, {});
    expect(tokens.filter(({ type }) => type === 'table_open')).toHaveLength(9);
    expect(tokens.filter(({ type }) => type === 'heading_open')).toHaveLength(15);
  });

  test.each(Object.entries(REVIEWS))('is the same for the same review: %s', (_, review) => {
    expect(reviewMarkdown(structuredClone(review))).toBe(reviewMarkdown(review));
  });

  test('a zone that is none is refused', () => {
    expect(() => reviewMarkdown(reviewOf({ timeZone: 'local' }))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
