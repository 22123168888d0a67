/**
 * Status pages in a real browser: what they fetch, what it complains of, whether everybody can read them.
 *
 * With `PICTURES=1` their pictures are left in reports/status-page for people to look at.
 */
import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STATUS_PAGE_CSP, statusPageHtml } from '../../../src/render/index.ts';
import { barriersOf, openBrowser, serveDocuments, takePicture, visit } from '../../support/browser.ts';
import { PICTURES } from './pictures.ts';

type State = keyof typeof PICTURES;

const STATES = Object.keys(PICTURES) as State[];
const MODES = {
  light: { width: 1_080, colorScheme: 'light', media: 'screen' },
  dark: { width: 1_080, colorScheme: 'dark', media: 'screen' },
  narrow: { width: 320, colorScheme: 'light', media: 'screen' },
  print: { width: 794, colorScheme: 'dark', media: 'print' },
} as const;
/** What a checker can tell apart: both sets of colours, both widths. */
const CHECKED = { light: MODES.light, 'dark and narrow': { ...MODES.narrow, colorScheme: 'dark' } } as const;
const FOLDER = 'reports/status-page';
/** Whoever looks at the pictures has seen enough then. */
const TALLEST = 3_000;
const LINKS = {
  history: '/status',
  atom: '/status.atom',
  ics: '/maintenance.ics',
  json: '/api/v2/summary.json',
  subscribe: '/subscribe',
};

const documents = Object.fromEntries(
  STATES.map((state) => [`/${state}`, statusPageHtml(PICTURES[state], { links: LINKS })]),
);
let browser: Browser;
let asServed: BrowserContext;
// The policy of the page lets no checker in, which is as it should be.
let unguarded: BrowserContext;
let server: Awaited<ReturnType<typeof serveDocuments>>;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  [browser, server] = await Promise.all([
    openBrowser(),
    serveDocuments(documents, { 'content-security-policy': STATUS_PAGE_CSP }),
  ]);
  [asServed, unguarded] = await Promise.all([browser.newContext(), browser.newContext({ bypassCSP: true })]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.close()]);
});

describe('a status page in the browser', () => {
  test.each(STATES)(
    'is whole and fits every reader, fetches nothing and is complained of by nobody: %s',
    async (state) => {
      const { page, requests, complaints } = await visit(asServed, `${server.url}/${state}`);
      for (const [mode, { width, ...media }] of Object.entries(MODES)) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia(media);
        const found = await page.evaluate(() => ({
          tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          // What is cut off cannot be scrolled to, and is as bad.
          cutOff: [...document.querySelectorAll('main *, header *, footer *')].filter(
            (one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1,
          ).length,
          corners: getComputedStyle(document.querySelector('.now')!).borderRadius,
          high: document.documentElement.scrollHeight,
        }));
        expect({ mode, ...found }).toMatchObject({ mode, tooWide: 0, cutOff: 0, corners: '12px' });
        await takePicture(page, `${FOLDER}/${state}-${mode}.png`, { width, height: Math.min(found.high, TALLEST) });
      }
      expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([`${server.url}/${state}`]);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test('is walked through with the keyboard, and prints what is folded', async () => {
    const { page } = await visit(asServed, `${server.url}/operational`);
    await page.keyboard.press('Tab');
    const skip = page.locator('a.skip');
    expect(await skip.evaluate((one) => one === document.activeElement && one.getBoundingClientRect().left >= 0)).toBe(
      true,
    );
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#main');
    const folded = page.getByText('A slow query was found');
    expect(await folded.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await folded.isVisible()).toBe(true);
    await page.close();
  });

  test.each(STATES)('can be used by everybody, as far as a machine can tell: %s', async (state) => {
    const { page } = await visit(unguarded, `${server.url}/${state}`);
    // What is folded is checked as well; some of a long history is as good as all of it.
    await page.evaluate(() => {
      for (const one of [...document.querySelectorAll('details')].slice(-20)) one.open = true;
    });
    expect(await barriersOf(page, CHECKED)).toEqual([]);
    await page.close();
  });
});
