/**
 * Reviews in a real browser: what they fetch, what it complains of, whether everybody can read and print them.
 *
 * With `PICTURES=1` their pictures are left in reports/review for people to look at.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { incidentPicture, REVIEW_PAGE_CSP, reviewHtml } from '../../../src/render/index.ts';
import { barriersOf, openBrowser, serveDocuments, takePicture, visit } from '../../support/browser.ts';
import { REVIEWS } from './reviews.ts';

const NAMES: readonly (keyof typeof REVIEWS)[] = ['short', 'long', 'reopened', 'open', 'hostile'];
const MODES = {
  light: { width: 1_080, colorScheme: 'light', media: 'screen' },
  dark: { width: 1_080, colorScheme: 'dark', media: 'screen' },
  narrow: { width: 320, colorScheme: 'light', media: 'screen' },
  print: { width: 794, colorScheme: 'dark', media: 'print' },
} as const;
/** What a checker can tell apart: both sets of colours, both widths. */
const CHECKED = { light: MODES.light, 'dark and narrow': { ...MODES.narrow, colorScheme: 'dark' } } as const;
const FOLDER = 'reports/review';
/** Whoever looks at the pictures has seen enough then. */
const TALLEST = 4_000;
const LINKS = { incident: '/incidents/{id}' };

const documents = Object.fromEntries(NAMES.map((name) => [`/${name}`, reviewHtml(REVIEWS[name], { links: LINKS })]));
let browser: Browser;
let asServed: BrowserContext;
// The policy of the page lets no checker in, which is as it should be.
let unguarded: BrowserContext;
let server: Awaited<ReturnType<typeof serveDocuments>>;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of NAMES) writeFileSync(`${FOLDER}/${name}.svg`, incidentPicture(REVIEWS[name]));
  [browser, server] = await Promise.all([
    openBrowser(),
    serveDocuments(documents, { 'content-security-policy': REVIEW_PAGE_CSP }),
  ]);
  [asServed, unguarded] = await Promise.all([browser.newContext(), browser.newContext({ bypassCSP: true })]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.close()]);
});

describe('a review in the browser', () => {
  test.each(NAMES)('fits every reader, fetches nothing and is complained of by nobody: %s', async (name) => {
    const { page, requests, complaints } = await visit(asServed, `${server.url}/${name}`);
    for (const [mode, { width, ...media }] of Object.entries(MODES)) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia(media);
      const found = await page.evaluate(() => ({
        tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        // What is wider than the page can be scrolled to within its own box.
        cutOff: [...document.querySelectorAll('main *, header *, footer *')].filter(
          (one) => one.closest('.wide *') === null && one.getBoundingClientRect().right > innerWidth + 1,
        ).length,
        high: document.documentElement.scrollHeight,
      }));
      expect({ mode, ...found }).toMatchObject({ mode, tooWide: 0, cutOff: 0 });
      await takePicture(page, `${FOLDER}/${name}-${mode}.png`, { width, height: Math.min(found.high, TALLEST) });
    }
    expect(requests).toEqual([`${server.url}/${name}`]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each(['short', 'hostile'] as const)('parts no word in its tables: %s', async (name) => {
    const { page } = await visit(asServed, `${server.url}/${name}`);
    await page.setViewportSize({ width: MODES.light.width, height: 900 });
    const words = await page.evaluate(() =>
      [...document.querySelectorAll('td:not(:first-child)')]
        .filter((cell) => /^\S+$/.test(cell.textContent ?? ''))
        .map((cell) => {
          const range = document.createRange();
          range.selectNodeContents(cell);
          return { word: cell.textContent, lines: new Set([...range.getClientRects()].map(({ top }) => top)).size };
        }),
    );
    expect(words.length).toBeGreaterThan(5);
    expect(words.filter(({ lines }) => lines > 1)).toEqual([]);
    await page.close();
  });

  test.each(['short', 'long', 'open'] as const)('is printed with everything in it: %s', async (name) => {
    const { page, complaints } = await visit(asServed, `${server.url}/${name}`);
    const pdf = await page.pdf({ path: `${FOLDER}/${name}.pdf`, preferCSSPageSize: true, printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(name === 'long' ? 20 : 2);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('leads from a number to its entry, and from an address to what was folded', async () => {
    const { page } = await visit(asServed, `${server.url}/long`);
    const number = page.locator('table a[href^="#entry-"]').first();
    const anchor = (await number.getAttribute('href'))!;
    expect(await page.locator(anchor).isVisible()).toBe(true);
    const folded = page.locator('details li[id]').first();
    const id = (await folded.getAttribute('id'))!;
    expect(await folded.isVisible()).toBe(false);
    await page.goto(`${server.url}/long#${id}`);
    expect(await folded.isVisible()).toBe(true);
    await page.close();
  });

  test.each(['short', 'long', 'open', 'hostile'] as const)(
    'can be used by everybody, as far as a machine can tell: %s',
    async (name) => {
      const { page } = await visit(unguarded, `${server.url}/${name}`);
      // Some of a long timeline is as good as all of it.
      await page.evaluate(() => {
        for (const one of [...document.querySelectorAll('.tl > li')].slice(60)) one.remove();
        for (const one of [...document.querySelectorAll('details')].slice(0, 5)) one.open = true;
        for (const one of [...document.querySelectorAll('.fold li')].slice(60)) one.remove();
      });
      expect(await barriersOf(page, CHECKED)).toEqual([]);
      await page.close();
    },
  );
});
