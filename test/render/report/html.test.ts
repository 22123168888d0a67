import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPORT_PAGE_CSP, reportHtml } from '../../../src/render/index.ts';
import { HOSTILE } from '../schedules.ts';
import { hostileTexts } from '../status/hostile-texts.ts';
import { everyHtml, type Html, named, readHtml } from '../status/read-html.ts';
import { EMPTY, hostileReport, MONTH, MONTH_BEFORE, ONE, YEAR } from './reports.ts';

const read = (...of: Parameters<typeof reportHtml>) => readHtml(reportHtml(...of));
/** The figures of the first part, by their names. */
const figures = (root: Html) =>
  Object.fromEntries(named(root, 'dl')[0]!.children.map(({ children: [name, value] }) => [name!.text, value!.text]));
/** The rows of the table of that name, each as its texts. */
const rows = (root: Html, caption: string) => {
  const table = named(root, 'table').find((one) => named(one, 'caption')[0]!.text === caption)!;
  return named(table, 'tr').map((row) => row.children.map(({ text }) => text));
};

describe('a report as HTML', () => {
  test('is allowed by its policy to use its style sheet, and nothing else', () => {
    const root = read(MONTH);
    const hash = createHash('sha256').update(named(root, 'style')[0]!.text).digest('base64');
    const own = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
    expect(REPORT_PAGE_CSP).toBe(`${own}; frame-ancestors 'none'`);
    const policy = named(root, 'meta').find(({ attributes }) => attributes['http-equiv'] !== undefined);
    expect(policy?.attributes.content).toBe(own);
    expect(named(root, 'style')).toHaveLength(1);
    expect(
      everyHtml(root).filter(({ attributes }) => 'style' in attributes || 'href' in attributes || 'src' in attributes),
    ).toEqual([]);
  });

  test('says first what somebody should know who reads nothing else', () => {
    const root = read(MONTH);
    expect(named(root, 'h1')[0]!.text).toBe('Incidents in November 2026');
    expect(figures(root)).toEqual({
      Incidents: '38',
      'Still open': '2',
      'Median time to acknowledge': '4m',
      'Median time to resolve': '1h 14m',
      Pages: '76',
      'Interruptions in sleep hours': '11',
      'Ended by themselves': '25%',
      'Action items overdue': '1',
    });
    expect(root.text).toContain(
      'Of 38 incidents: 33 resolved, 2 dismissed as false alarms, 1 merged into another, 2 still open. 3 had to be reopened.',
    );
    expect(root.text).toContain(
      'Left out: 4 incidents of other kinds, such as tests, drills, and what was written down later.',
    );
  });

  test('compares in words with the period before, and never by a percentage of nothing', () => {
    const root = read(MONTH, { previous: MONTH_BEFORE });
    expect(figures(root)).toMatchObject({
      Incidents: '38▼ down 19%, from 47',
      'Median time to acknowledge': '4m▲ up 11%, from 3m 36s',
      Pages: '76= as before',
      'Ended by themselves': '25%▼ down from 30%',
    });
    expect(root.text).toContain('Changes are against October 2026.');
    const created = named(root, 'dl').at(-1)!.children[0]!;
    expect(created.text).toBe('Created11▲ up from none');
    expect(root.text).not.toMatch(/NaN|Infinity|undefined/);
    expect(read(MONTH, { previous: YEAR }).text).toContain('That period was longer: counts cannot be compared.');
    expect(figures(read(MONTH, { previous: EMPTY }))).toMatchObject({
      Incidents: '38▲ up from none',
      'Median time to acknowledge': '4m',
    });
  });

  test('has beside each duration how many have none, and why', () => {
    const [head, detect, acknowledge] = rows(read(MONTH), 'Durations');
    expect(head).toEqual([
      'What',
      'Recorded',
      'To come',
      'Not applicable',
      'Invalid',
      'Median',
      '90th percentile',
      'Mean',
      'Kaplan-Meier median',
    ]);
    expect(detect).toEqual(['Time to detect', '14', '22', '0', '1', '3m', '18m 36s', '6m 18s', '–']);
    expect(acknowledge).toEqual(['Time to acknowledge', '31', '2', '5', '0', '4m', '24m 48s', '8m 24s', '4m 19s']);
  });

  test('calls people, services and teams by their names', () => {
    const root = read(MONTH, {
      users: [{ id: 'ana', name: 'Ana <Lima>' }],
      services: [{ id: 'checkout', name: 'The checkout' }],
      teams: [{ id: 'shop', name: 'The shop' }],
      title: 'Our November',
    });
    expect(rows(root, 'By person')[1]!.slice(0, 3)).toEqual(['Ana <Lima>', '26', '21']);
    expect(rows(root, 'By service')[1]!.slice(0, 2)).toEqual(['The checkout', '19']);
    expect(rows(root, 'By team')[1]![0]).toBe('The shop');
    expect(named(root, 'h1')[0]!.text).toBe('Our November');
    expect(named(root, 'svg').at(-2)!.text).toContain('Ana <Lima>');
  });

  test('of a period without incidents says so, and has no durations', () => {
    const root = read(EMPTY, { previous: MONTH });
    expect(root.text).toContain('No incident was opened in this period.');
    expect(named(root, 'h2').map(({ text }) => text)).toEqual(['In short', 'What being on call asked', 'Action items']);
    expect(figures(root)).toMatchObject({
      Incidents: '0▼ down from 38',
      'Median time to acknowledge': '–',
      'Ended by themselves': '–',
    });
    expect(root.text).not.toMatch(/\b0s\b|NaN|undefined/);
  });

  test('of one incident that is still open knows no duration', () => {
    const root = read(ONE);
    for (const row of rows(root, 'Durations').slice(1)) expect(row.slice(5)).toEqual(['–', '–', '–', '–']);
    expect(root.text).not.toMatch(/\b0s\b|NaN|undefined/);
  });

  test('lists fifty services and people, sums up the others, and says so', () => {
    const names = Array.from({ length: 70 }, (_, place) => `s${String(place).padStart(2, '0')}`);
    const root = read(hostileReport(names));
    const services = rows(root, 'By service');
    expect(services).toHaveLength(52);
    const rest = services.at(-1)!;
    expect(rest[0]).toBe('others (20)');
    const total = services.slice(1).reduce((sum, row) => sum + Number(row[1]), 0);
    expect(total).toBe(hostileReport(names).groups.service.reduce((sum, { incidents }) => sum + incidents, 0));
    expect(rest.slice(4)).toEqual(['–', '–', '–', '–']);
    expect(root.text).toContain('The 50 services with the most incidents; the others are summed up');
    expect(rows(root, 'By person').at(-1)![0]).toBe('others (20)');
    expect(reportHtml(hostileReport(names)).length).toBeLessThan(150_000);
  });

  test('folds what is long, and is small all the same', () => {
    const html = reportHtml(YEAR);
    expect(named(readHtml(html), 'summary').map(({ text }) => text)).toEqual(['By week: all 53 rows']);
    expect(html.length).toBeLessThan(130_000);
    expect(reportHtml(structuredClone(YEAR))).toBe(html);
  });

  test('has no id twice', () => {
    const ids = everyHtml(read(YEAR)).flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of everyHtml(read(YEAR))) {
      for (const id of [attributes['aria-labelledby'], attributes['aria-describedby']])
        if (id !== undefined) expect(ids).toContain(id);
    }
  });

  test('has the same elements whatever anything is called', () => {
    const shape = (root: Html) =>
      new Set(everyHtml(root).flatMap(({ name, attributes }) => [name, ...Object.keys(attributes)]));
    const known = shape(read(hostileReport(HOSTILE.map(() => 'plain'))));
    fc.assert(
      fc.property(fc.array(hostileTexts, { minLength: 6, maxLength: 6 }), (names) => {
        const users = names.map((name) => ({ id: name, name: `${name}<b>` }));
        for (const found of shape(read(hostileReport(names), { users, title: names[0]! }))) {
          expect([...known, 'bdi', 'dir']).toContain(found);
        }
      }),
      { numRuns: 25 },
    );
  });
});
