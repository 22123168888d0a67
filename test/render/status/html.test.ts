import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Indicator, StatusPicture } from '../../../src/model/status.ts';
import { STATUS_PAGE_CSP, type StatusPageHtmlOptions, statusPageHtml } from '../../../src/render/index.ts';
import { anchorOf } from '../../../src/render/status/anchor.ts';
import { incidentOf, maintenanceOf, PICTURES, pictureOf, SHOWN_AT, updateOf } from './pictures.ts';
import { everyHtml, type Html, named, readHtml } from './read-html.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const read = (picture: StatusPicture, options?: StatusPageHtmlOptions) => readHtml(statusPageHtml(picture, options));
const texts = (elements: readonly Html[]) => elements.map(({ text }) => text);
const bannerOf = (root: Html) => named(root, 'section', 'now')[0]!;
const STATES = Object.entries(PICTURES);

describe('a status page', () => {
  test.each(STATES)('is a page without a fault: %s', (_, picture) => {
    const root = read(picture, { links: { atom: '/status.atom', subscribe: 'mailto:status@acme.example' } });
    const all = everyHtml(root);
    expect(all.filter(({ name, attributes }) => name === 'script' || 'style' in attributes)).toEqual([]);
    const ids = all.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const meant = all.flatMap(({ attributes: { href, ...rest } }) => [
      ...(rest['aria-labelledby'] ?? '').split(' ').filter((id) => id !== ''),
      ...(href?.startsWith('#') ? [href.slice(1)] : []),
    ]);
    expect(meant).toContain('main');
    expect(meant.filter((id) => !ids.includes(id))).toEqual([]);
    expect(named(root, 'section').filter(({ attributes }) => attributes['aria-labelledby'] === undefined)).toEqual([]);
  });

  test.each(STATES)('has one title and no gap in its headings: %s', (_, picture) => {
    const levels = everyHtml(read(picture)).flatMap(({ name }) => (/^h[1-6]$/.test(name) ? Number(name[1]) : []));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels.filter((level, index) => index > 0 && level > levels[index - 1]! + 1)).toEqual([]);
  });

  test.each(STATES)('is the same for the same picture: %s', (_, picture) => {
    expect(statusPageHtml(structuredClone(picture))).toBe(statusPageHtml(picture));
  });

  test('is allowed by its policy to use its style sheet, and nothing else', () => {
    const [style] = named(read(PICTURES.operational), 'style');
    const hash = createHash('sha256').update(style!.text).digest('base64');
    expect(STATUS_PAGE_CSP).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  test.each([
    ['none', 'All systems operational', 'n0'],
    ['maintenance', 'Maintenance under way', 'n1'],
    ['minor', 'Minor service disruption', 'n2'],
    ['major', 'Partial service outage', 'n3'],
    ['critical', 'Major service outage', 'n4'],
  ] as const)('says in words how things are: %s', (indicator: Indicator, words, look) => {
    const root = read(pictureOf({ indicator }));
    expect(texts(named(bannerOf(root), 'h2'))).toEqual([words]);
    expect(bannerOf(root).attributes.class).toBe(`now ${look}`);
    expect(texts(named(root, 'title'))).toEqual([`${words} · Acme Status`]);
  });

  test('tells of an open incident what it touches, since when, and what was said, the newest first', () => {
    const [card] = named(read(PICTURES['major-outage']), 'article');
    expect(texts(named(card!, 'h3'))).toEqual(['The shop cannot be reached from parts of Europe']);
    expect(texts(named(card!, 'p', 'meta'))).toEqual(['Identified · Major outage · since 29 Nov, 13:00 (1 h 58 min)']);
    expect(texts(named(card!, 'li'))).toEqual([
      'Website: Major outage',
      'Orders: Partial outage',
      'Payments: Partial outage',
    ]);
    expect(texts(named(card!, 'dt'))).toEqual([
      'Identified29 Nov, 14:47',
      'Investigating29 Nov, 13:38',
      'Investigating29 Nov, 13:00',
    ]);
    expect(named(card!, 'time')[0]!.attributes.datetime).toBe('2026-11-29T13:47Z');
  });

  test('says of an incident without an update that there are no details yet, and leaves out components of other pages', () => {
    const root = read(pictureOf({ incidents: [incidentOf({ updates: [], components: { secret: 'major_outage' } })] }));
    const [card] = named(root, 'article');
    expect(card!.text).toContain('No details yet.');
    expect(named(card!, 'li')).toEqual([]);
    expect(root.text).not.toContain('secret');
  });

  test('shows maintenance under way and to come, with the year and the end', () => {
    expect(texts(named(read(PICTURES.maintenance), 'p', 'meta'))).toEqual([
      'In progress · 29 Nov 2026, 14:18 – 16:18',
      'Scheduled · 1 Dec 2026, 14:58 – 16:58',
      'Scheduled · 4 Jan 2027, 23:30 – 5 Jan, 01:30',
    ]);
  });

  test('shows components in their groups, and those without one or of an unknown one among the others', () => {
    const picture = pictureOf();
    const lost = { id: 'lost', name: 'Lost', group: 'gone', impact: 'operational' } as const;
    const root = read({ ...picture, components: [...picture.components, lost] });
    const groups = named(root, 'div', 'group').map((group) => [
      texts(named(group, 'h3'))[0],
      named(group, 'div', 'row').map(({ text }) => text),
    ]);
    expect(groups).toEqual([
      ['Shop', ['WebsiteOperational', 'PaymentsOperational', 'OrdersOperational']],
      ['Platform', ['APIOperational', 'Sign-inOperational']],
      ['Other systems', ['Support deskOperational', 'LostOperational']],
    ]);
  });

  test('tells what is over by month, the newest first, with everything that was said', () => {
    const root = read(PICTURES.operational);
    expect(texts(named(root, 'h3', 'month'))).toEqual(['November 2026', 'October 2026']);
    const entries = named(root, 'div', 'past').flatMap((month) => named(month, 'summary'));
    expect(texts(entries)).toEqual([
      'Slow answers of the APIDegraded performance · 25 Nov, 14:58 – 18:58 · API',
      'Card payments in Europe declinedPartial outage · 17 Nov, 14:58 – 16:05 · Payments, Orders',
      'Database upgradeMaintenance · 29 Oct, 14:58 – 16:58 · Payments, Orders',
      'Payments downMajor outage · 5 Oct, 15:58 – 17:32 · Payments',
    ]);
    expect(texts(named(named(root, 'div', 'past')[0]!, 'dt')).slice(0, 3)).toEqual([
      '18:58 Resolved',
      '15:58 Identified',
      '14:58 Investigating',
    ]);
  });

  test('says of something that is over that nothing was posted, when that is so', () => {
    const past = [incidentOf({ updates: [], resolvedAt: SHOWN_AT })];
    expect(named(read(pictureOf({ past })), 'p', 'none').map(({ text }) => text)).toEqual(['No details were posted.']);
  });

  test('shows one month alone when it is asked for, unfolded; what is no month is as if nobody had asked', () => {
    const october = read(PICTURES.operational, { month: '2026-10' });
    expect(texts(named(october, 'h3', 'month'))).toEqual(['October 2026']);
    const folded = named(october, 'div', 'past').flatMap((month) => named(month, 'details'));
    expect(folded.map(({ attributes }) => 'open' in attributes)).toEqual([true, true]);
    expect(read(PICTURES.operational, { month: '2025-01' }).text).toContain('Nothing to report in January 2025.');
    for (const month of ['2026-13', '"><script>', '']) {
      expect(statusPageHtml(PICTURES.operational, { month })).toBe(statusPageHtml(PICTURES.operational));
    }
  });

  test('says that it is out of date, how much, and looks neither well nor ill then', () => {
    const root = read({ ...PICTURES.operational, stale: { askedAt: SHOWN_AT + 97 * MINUTE } });
    expect(named(root, 'div', 'note')[0]!.text).toBe(
      'This page is out of dateIt could not be renewed. What you see is the state of 29 Nov 2026, 14:58, 1 h 37 min ago.',
    );
    expect(bannerOf(root).attributes.class).toBe('now old');
    expect(named(root, 'title')[0]!.text).toBe('This page is out of date: All systems operational · Acme Status');
  });

  test('speaks German when its locale is German, and English otherwise', () => {
    const german = read(PICTURES.internal);
    expect(german.attributes.lang).toBe('de');
    expect(texts(named(german, 'h2'))).toEqual([
      'Schwerwiegender Ausfall',
      'Offene Störungen',
      'Wartung',
      'Systeme',
      'Frühere Störungen und Wartungen',
    ]);
    const of = (locale: string) => read(pictureOf({ page: { ...PICTURES.operational.page, locale } })).attributes.lang;
    expect(['de-AT', 'en-GB', 'fr', 'den', ''].map(of)).toEqual(['de-AT', 'en-GB', 'en', 'en', 'en']);
  });

  test('tells whoever may read internal updates which of them the public reads, and hides from search engines', () => {
    const root = read(PICTURES.internal);
    expect(texts(named(named(root, 'article')[0]!, 'i')).slice(0, 2)).toEqual(['Intern', 'Öffentlich']);
    expect(named(root, 'meta').some(({ attributes }) => attributes.content === 'noindex')).toBe(true);
    const open = read(PICTURES.operational);
    expect(named(open, 'i')).toEqual([]);
    expect(named(open, 'meta').some(({ attributes }) => attributes.content === 'noindex')).toBe(false);
  });

  test('links to what the host serves, and to nothing that would run', () => {
    const links = { atom: '/feed?a=1&b=2', ics: 'webcal://acme.example/a.ics', json: 'javascript:alert(1)' };
    const root = read(pictureOf(), { links: { ...links, subscribe: 'data:text/html,x' } });
    expect(named(named(root, 'footer')[0]!, 'a').map(({ attributes }) => attributes.href)).toEqual([
      '/feed?a=1&b=2',
      'webcal://acme.example/a.ics',
    ]);
    expect(named(root, 'link').map(({ attributes }) => attributes.rel)).toEqual(['canonical', 'icon', 'alternate']);
    expect(named(read(PICTURES.operational), 'nav')).toEqual([]);
  });

  test('gives each incident and maintenance the anchor that feeds link to, unless something else has it', () => {
    const root = read(
      pictureOf({
        incidents: [incidentOf({ id: 'i-7' }), incidentOf({ id: 'main' }), incidentOf({ id: 'a b"c' })],
        maintenance: [maintenanceOf({ id: 'i-7' }), maintenanceOf({ id: 'm7' })],
        past: [incidentOf({ id: 'p7' })],
      }),
    );
    expect(named(root, 'article').map(({ attributes }) => attributes.id)).toEqual([
      'i-7',
      undefined,
      anchorOf('a b"c'),
      undefined,
      'm7',
    ]);
    expect(
      everyHtml(root)
        .filter(({ attributes }) => attributes.id === 'p7')
        .map(({ name }) => name),
    ).toEqual(['details']);
  });
});

describe('the text of an update', () => {
  const written = (text: string) =>
    named(
      read(pictureOf({ incidents: [incidentOf({ updates: [updateOf(SHOWN_AT, 'identified', text)] })] })),
      'dd',
    )[0]!;
  const linked = (text: string) =>
    named(written(text), 'a').map(({ text: label, attributes }) => [label, attributes.href]);

  test('keeps its lines, but no endless emptiness', () => {
    expect(written('  one\r\ntwo\n\n \n\n\nthree\n').text).toBe('one\ntwo\n\nthree');
  });

  test('makes links of addresses of the web, without the punctuation around them, that lend nobody our name', () => {
    const text = 'See (https://a.example/b_(c)?d=1&e=2), "http://x.example/<b>" or HTTPS://UP.example/path.';
    expect(linked(text)).toEqual([
      ['https://a.example/b_(c)?d=1&e=2', 'https://a.example/b_(c)?d=1&e=2'],
      ['http://x.example/', 'http://x.example/'],
      ['HTTPS://UP.example/path', 'HTTPS://UP.example/path'],
    ]);
    expect(written(text).text).toBe(text);
    expect(named(written(text), 'a')[0]!.attributes.rel).toBe('nofollow noopener noreferrer');
    expect(linked('javascript:alert(1) data:text/html,x ftp://a.example/ https:// http://?')).toEqual([]);
  });

  test('has a direction of its own when it is written from the right', () => {
    expect(written('שלום').attributes.dir).toBe('auto');
    expect(written('Hello').attributes.dir).toBeUndefined();
  });

  test('is cut at 20,000 characters, a title at 300, and letters under hills of marks are cleared', () => {
    expect(written('x'.repeat(50_000)).text.length).toBe(20_000);
    const [card] = named(read(pictureOf({ incidents: [incidentOf({ title: 'y'.repeat(10_000) })] })), 'article');
    expect(named(card!, 'h3')[0]!.text).toBe(`${'y'.repeat(299)}…`);
    expect(written(`z${'\u0335'.repeat(500)}!`).text).toBe(`z${'\u0335'.repeat(8)}!`);
  });

  test('is shown in good time, however it is made', () => {
    const many = 40_000;
    const worst = [
      'https://'.repeat(many),
      `https://a.example/${')'.repeat(many)}`,
      '\n '.repeat(many),
      '<&'.repeat(many),
    ];
    for (const text of worst) expect(written(text).text.length).toBeLessThanOrEqual(20_000);
  });
});

describe('a large status page', () => {
  const whole = PICTURES.large.past;
  const entries = (root: ReturnType<typeof readHtml>, name: string) =>
    named(root, 'div', 'past').flatMap((month) => named(month, name));

  test('shows all of 50 components and 200 incidents in less than 100 kB, and 15 kB on the way', () => {
    const html = statusPageHtml(PICTURES.large, { links: { history: '/' } });
    const root = readHtml(html);
    expect(named(root, 'svg').length).toBe(50 + 6);
    expect([entries(root, 'details').length, entries(root, 'li').length]).toEqual([50, 150]);
    expect(Buffer.byteLength(html)).toBeLessThan(100_000);
    expect(gzipSync(html).length).toBeLessThan(15_000);
    const months = entries(root, 'a').map(({ attributes }) => attributes.href ?? '');
    expect(months[0]).toMatch(/^\/\?month=2026-\d\d$/);
    const told = months.flatMap((address) => {
      const month = address.slice('/?month='.length);
      return entries(readHtml(statusPageHtml(PICTURES.large, { links: { history: '/' }, month })), 'details');
    });
    expect(told.length).toBeGreaterThanOrEqual(whole.length - 50);
  });

  test('stays small with tens of thousands of incidents, each of which is on the page of its month', () => {
    const many = Array.from({ length: 20_000 }, (_, index) =>
      incidentOf({ id: `m${index}`, startedAt: SHOWN_AT - index * 60_000, resolvedAt: SHOWN_AT - index * 60_000 + 1 }),
    );
    const html = statusPageHtml({ ...PICTURES.large, past: many }, { links: { history: '/' } });
    expect(Buffer.byteLength(html)).toBeLessThan(130_000);
    expect([entries(readHtml(html), 'details').length, entries(readHtml(html), 'li').length]).toEqual([50, 300]);
  });

  test('has everything in it where no month has a page of its own', () => {
    const root = readHtml(statusPageHtml(PICTURES.large));
    expect(entries(root, 'details').length).toBe(200);
    expect(named(root, 'dd').length).toBe(whole.reduce((sum, { updates }) => sum + updates.length, 0));
  });

  test('and one of nothing but hostile texts stays bounded', () => {
    expect(statusPageHtml(PICTURES.hostile).length).toBeLessThan(600_000);
  });
});

test('a zone that nobody knows is shown as UTC, and a moment that is none breaks nothing', () => {
  const page = { ...PICTURES.operational.page, timeZone: 'Mars/Olympus' };
  expect(named(read(pictureOf({ page })), 'footer')[0]!.text).toContain('All times in UTC (UTC+00:00).');
  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, -8.64e15, 1e300]) {
    const odd = incidentOf({ startedAt: at, updates: [updateOf(at, 'identified', 'x')] });
    expect(() => read(pictureOf({ page, at, updatedAt: at, incidents: [odd], past: [odd] }))).not.toThrow();
  }
});

test('times follow the clocks of the zone also on the day when they change', () => {
  const change = Date.UTC(2026, 9, 25, 1);
  const at = (offset: number) => updateOf(change + offset, 'investigating', 'x');
  const page = { ...PICTURES.operational.page };
  const root = read(
    pictureOf({ page, incidents: [incidentOf({ updates: [at(30 * MINUTE), at(-30 * MINUTE), at(-DAY)] })] }),
  );
  expect(texts(named(root, 'time')).slice(0, 3)).toEqual(['25 Oct, 02:30', '25 Oct, 02:30', '24 Oct, 03:00']);
  const nepal = read(pictureOf({ page: { ...page, timeZone: 'Asia/Kathmandu' } }));
  expect(named(nepal, 'footer')[0]!.text).toBe('State of 29 Nov 2026, 19:43. All times in Asia/Kathmandu (UTC+05:45).');
});
