import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { REVIEW_PAGE_CSP, reviewHtml } from '../../../src/render/index.ts';
import { everyHtml, type Html, named, readHtml } from '../status/read-html.ts';
import { REVIEWS, reviewOf, sectionOf } from './reviews.ts';

const LINKS = { incident: '/incidents/{id}' };
const read = (review: Parameters<typeof reviewHtml>[0]) => readHtml(reviewHtml(review, { links: LINKS }));
const all = Object.entries(REVIEWS).map(([name, review]) => [name, read(review), review] as const);
const pageOf = (called: string) => all.find(([name]) => name === called)![1];
const [short, long] = [pageOf('short'), pageOf('long')];
const sectionCalled = (root: Html, title: string) =>
  named(root, 'section').find((one) => named(one, 'h2')[0]?.text === title)!;
const idOf = ({ attributes }: Html) => attributes.id;

describe('the page of a review', () => {
  test.each(all)('is a page without a fault: %s', (_, root) => {
    const elements = everyHtml(root);
    expect(elements.filter(({ name, attributes }) => name === 'script' || 'style' in attributes)).toEqual([]);
    const ids = elements.flatMap((one) => idOf(one) ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const meant = elements.flatMap(({ attributes: { href, ...rest } }) => [
      ...`${rest['aria-labelledby'] ?? ''} ${rest['aria-describedby'] ?? ''}`.split(' ').filter((id) => id !== ''),
      ...(href?.startsWith('#') ? [href.slice(1)] : []),
    ]);
    expect(meant.filter((id) => !ids.includes(id))).toEqual([]);
    expect(root.attributes.lang).toBe('en');
  });

  test.each(all)('has one title and no gap in its headings: %s', (_, root) => {
    const levels = everyHtml(root).flatMap(({ name }) => (/^h[1-6]$/.test(name) ? Number(name[1]) : []));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels.filter((level, index) => index > 0 && level > levels[index - 1]! + 1)).toEqual([]);
  });

  test('says its policy itself, which lets it use its style sheet and nothing else', () => {
    const hash = createHash('sha256').update(named(short, 'style')[0]!.text).digest('base64');
    const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
    expect(named(short, 'meta')[1]!.attributes).toEqual({ 'http-equiv': 'content-security-policy', content: policy });
    expect(REVIEW_PAGE_CSP).toBe(`${policy}; frame-ancestors 'none'`);
  });

  test('has the sections of its template, and a table of contents when there are many', () => {
    const titles = REVIEWS.short.sections.map(({ title }) => title);
    expect(named(short, 'section').map((one) => named(one, 'h2')[0]!.text)).toEqual(titles);
    const [contents] = named(short, 'nav');
    expect(named(contents!, 'a').map(({ text }) => text)).toEqual(titles);
    expect(named(read(reviewOf({ sections: [sectionOf('picture')] })), 'nav')).toEqual([]);
  });

  test('leads from each number to the entries that it came from', () => {
    const rows = named(sectionCalled(short, 'In numbers'), 'tr').slice(1);
    const hrefs = rows.map((row) => named(row, 'a').map(({ attributes }) => attributes.href));
    expect(hrefs[1]).toEqual(['#entry-2', '#entry-7']);
    const entry = everyHtml(short).find((one) => idOf(one) === 'entry-7')!;
    expect(entry.text).toContain('Acknowledged by the secondary on call.');
    expect(rows[5]!.text).toContain('Not yet, 3d so far');
  });

  test('has the picture in it, without a style sheet of its own', () => {
    const [picture] = named(sectionCalled(short, 'The incident at a glance'), 'svg');
    expect(picture!.attributes.role).toBe('img');
    expect(named(short, 'style')).toHaveLength(1);
    expect(named(short, 'style')[0]!.text).toContain('.tcr-f-ground{fill:');
  });

  test('says what is still to be written, and leads there', () => {
    const [banner] = named(read(REVIEWS.open), 'p', 'banner');
    expect(banner!.text).toBe('This review is a draft. 1 section is still to be written: Summary.');
    expect(named(banner!, 'a')[0]!.attributes.href).toBe('#section-1');
    expect(named(short, 'p', 'banner')).toEqual([]);
    expect(named(read(REVIEWS.open), 'div', 'must').map(({ text }) => text)).toEqual([
      'Still to be writtenWhat would you tell somebody who was not there?',
    ]);
  });

  test('claims of a review that nobody asks for nothing that is still to be written', () => {
    const unasked = read({ ...REVIEWS.open, state: 'notNeeded' });
    expect(named(unasked, 'p', 'banner')[0]!.text).toBe('This review is not asked for.');
    expect(named(unasked, 'div', 'must')).toEqual([]);
    expect(named(unasked, 'div', 'asked')[0]!.text).toContain('Nobody has written this yet');
  });

  test('leads to similar incidents where the host shows them, and to the items of a tracker', () => {
    const [link] = named(sectionCalled(short, 'Similar incidents'), 'a');
    expect(link!.attributes).toEqual({ href: '/incidents/019a0000-0000-7000-8000-00000000000a' });
    const [item] = named(sectionCalled(short, 'Action items'), 'a');
    expect(item!.attributes).toEqual({
      href: 'https://issues.acme.example/CHK-311',
      rel: 'nofollow noopener noreferrer',
    });
    const scripts = reviewHtml(REVIEWS.short, { links: { incident: 'javascript:alert({id})' } });
    expect(scripts).not.toContain('javascript:');
  });

  test.each(all)('is the same for the same review: %s', (_, __, review) => {
    expect(reviewHtml(structuredClone(review))).toBe(reviewHtml(review));
  });

  test('a zone that is none is refused', () => {
    expect(() => reviewHtml(reviewOf({ timeZone: 'system' }))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

describe('a long timeline', () => {
  const lists = named(long, 'ol', 'tl');
  const shown = lists.flatMap(({ children }) => children);

  test('shows what was pinned, what numbers came from, turns and alarms, and folds the rest', () => {
    expect(shown.length).toBeLessThan(250);
    const unfolded = shown.filter(({ attributes }) => attributes.class !== 'fold');
    const numbers = new Set(unfolded.flatMap((one) => idOf(one) ?? []));
    const { entries } = REVIEWS.long;
    const important = entries.filter(({ seq, isPinned, isAlarming }) => seq !== undefined && (isPinned || isAlarming));
    expect(important.length).toBeGreaterThan(20);
    expect(important.filter(({ seq }) => !numbers.has(`entry-${seq}`))).toEqual([]);
    const meant = named(sectionCalled(long, 'In numbers'), 'a').map(({ attributes }) => attributes.href!.slice(1));
    expect(meant.filter((id) => !numbers.has(id))).toEqual([]);
  });

  test('loses no entry, and says what is folded', () => {
    const entries = named(long, 'time').length;
    expect(entries).toBe(2_000);
    const [fold] = named(long, 'summary');
    expect(fold!.text).toMatch(/^\d\d:\d\d – \d\d:\d\d \d+ entries: \d+ \w+/);
    const details = named(long, 'details').map((one) => named(one, 'time').length);
    expect(Math.min(...details)).toBe(4);
    const told = named(long, 'summary').map(({ text }) => Number(/(\d+) entries/.exec(text)![1]));
    expect(told).toEqual(details);
  });

  test('is told by days', () => {
    expect(
      named(sectionCalled(long, 'Timeline'), 'h3')
        .map(({ text }) => text)
        .slice(0, 2),
    ).toEqual(['Thu 26 Nov 2026', 'Fri 27 Nov 2026']);
  });

  test('a short one is not folded', () => {
    expect(named(short, 'details')).toEqual([]);
    expect(named(short, 'time')).toHaveLength(27);
  });
});
