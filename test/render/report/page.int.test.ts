/**
 * Reports in a real browser: what they fetch, what it complains of, whether everybody can read them, also on paper.
 *
 * With `PICTURES=1` their pictures are left in reports/monthly-report for people to look at.
 */
import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REPORT_PAGE_CSP, reportHtml } from '../../../src/render/index.ts';
import { barriersOf, openBrowser, serveDocuments, takePicture, visit } from '../../support/browser.ts';
import { HOSTILE } from '../schedules.ts';
import { EMPTY, hostileReport, MONTH, MONTH_BEFORE, YEAR } from './reports.ts';

const USERS = [
  { id: 'ana', name: 'Ana Lima' },
  { id: 'ben', name: 'Ben Okafor' },
];
const PAGES = {
  year: reportHtml(YEAR, { users: USERS }),
  month: reportHtml(MONTH, { users: USERS, previous: MONTH_BEFORE }),
  empty: reportHtml(EMPTY, { previous: MONTH }),
  hostile: reportHtml(hostileReport(HOSTILE)),
};
type Name = keyof typeof PAGES;
const NAMES = Object.keys(PAGES) as Name[];
const MODES = {
  light: { width: 1_080, colorScheme: 'light', media: 'screen' },
  dark: { width: 1_080, colorScheme: 'dark', media: 'screen' },
  narrow: { width: 320, colorScheme: 'dark', media: 'screen' },
  print: { width: 794, colorScheme: 'dark', media: 'print' },
} as const;
const FOLDER = 'reports/monthly-report';
/** Whoever looks at the pictures has seen enough then. */
const TALLEST = 4_500;

let browser: Browser;
let asServed: BrowserContext;
// The policy of the page lets no checker in, which is as it should be.
let unguarded: BrowserContext;
let server: Awaited<ReturnType<typeof serveDocuments>>;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  const documents = Object.fromEntries(NAMES.map((name) => [`/${name}`, PAGES[name]]));
  [browser, server] = await Promise.all([
    openBrowser(),
    serveDocuments(documents, { 'content-security-policy': REPORT_PAGE_CSP }),
  ]);
  [asServed, unguarded] = await Promise.all([browser.newContext(), browser.newContext({ bypassCSP: true })]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.close()]);
});

describe('a report in the browser', () => {
  test.each(NAMES)('fits every reader, fetches nothing and is complained of by nobody: %s', async (name) => {
    const { page, requests, complaints } = await visit(asServed, `${server.url}/${name}`);
    for (const [mode, { width, ...media }] of Object.entries(MODES)) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia(media);
      const found = await page.evaluate(() => {
        const edge = document.documentElement.clientWidth;
        // Tables may be wider than a telephone: they scroll by themselves.
        const own = [...document.querySelectorAll('main *, header *, footer *')].filter(
          (one) => one.closest('table') === null && one.closest('svg *') === null,
        );
        return {
          tooWide: document.documentElement.scrollWidth - edge,
          cutOff: own.filter((one) => one.getBoundingClientRect().right > edge + 1).length,
          styled: getComputedStyle(document.querySelector('.figures div')!).borderRadius,
          ground: getComputedStyle(document.body).backgroundColor,
          high: document.documentElement.scrollHeight,
        };
      });
      const ground = {
        light: 'rgb(245, 246, 248)',
        dark: 'rgb(13, 17, 23)',
        narrow: 'rgb(13, 17, 23)',
        print: 'rgb(255, 255, 255)',
      }[mode];
      expect({ mode, ...found }).toMatchObject({ mode, tooWide: 0, cutOff: 0, styled: '12px', ground });
      await takePicture(page, `${FOLDER}/${name}-${mode}.png`, { width, height: Math.min(found.high, TALLEST) });
    }
    expect(requests).toEqual([`${server.url}/${name}`]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('is printed with what is folded on a screen, and nothing is cut off at the edge of the paper', async () => {
    const { page } = await visit(asServed, `${server.url}/year`);
    const folded = page.getByText('29 Dec 2025', { exact: true });
    expect(await folded.isVisible()).toBe(false);
    // A4 within its margins.
    await page.setViewportSize({ width: 718, height: 1_040 });
    await page.emulateMedia({ media: 'print' });
    expect(await folded.isVisible()).toBe(true);
    const widest = await page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('table')].map((one) => one.getBoundingClientRect().right)),
    );
    expect(widest).toBeLessThanOrEqual(719);
    const paper = await page.pdf({
      path: `${FOLDER}/year.pdf`,
      format: 'A4',
      margin: { top: '12mm', bottom: '12mm', left: '10mm', right: '10mm' },
    });
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  });

  test.each(['month', 'hostile'] as const)(
    'can be used by everybody, as far as a machine can tell: %s',
    async (name) => {
      const { page } = await visit(unguarded, `${server.url}/${name}`);
      await page.evaluate(() => {
        for (const one of document.querySelectorAll('details')) one.open = true;
      });
      expect(await barriersOf(page, { light: MODES.light, narrow: MODES.narrow })).toEqual([]);
      await page.close();
    },
  );
});
