/**
 * A real browser for tests: Chromium without a window, and pages that tell what went wrong in them.
 *
 * It never reaches beyond this machine: whatever a page asks for elsewhere is refused and told.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** A running browser; to be closed by whoever opened it. */
export async function openBrowser(): Promise<Browser> {
  const { default: binary } = await import('@sparticuz/chromium');
  return chromium.launch({
    executablePath: await binary.executablePath(),
    headless: true,
    // Drawing without a graphics card is fastest without the detour over one that is only imitated.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** A page that was served, with everything that it asked for and complained about. */
export type Visit = {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
};

/** Opens `url` in a page of its own. */
export async function visit(context: BrowserContext, url: string): Promise<Visit> {
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.route(
    (address) => address.origin !== new URL(url).origin && address.protocol !== 'data:',
    (route) => route.abort(),
  );
  await page.goto(url);
  return { page, requests, complaints };
}

/**
 * Leaves a picture of the upper part of a page in a file, for people to look at, when they ask for it with `PICTURES=1`. A browser
 * on a busy machine now and then has none to give: it is asked again when it has drawn once more, and no test fails for the
 * want of a picture.
 */
export async function takePicture(
  page: Page,
  path: string,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  if (process.env.PICTURES === undefined) return;
  for (let tries = 0; tries < 5; tries += 1) {
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    const taken = await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, ...size } }).catch(() => undefined);
    if (taken !== undefined) return;
  }
}

/** How a page is looked at. */
export type LookMode = {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
  readonly media: 'screen' | 'print';
};

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Whoever has checked less than this has looked at no page. */
const FEWEST_CHECKS = 10;

/** What keeps somebody from using the page, as far as a machine can tell, in each of these modes. */
export async function barriersOf(page: Page, modes: Readonly<Record<string, LookMode>>): Promise<readonly string[]> {
  const barriers: string[] = [];
  await page.addScriptTag({ content: AXE });
  for (const [mode, { width, ...media }] of Object.entries(modes)) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia(media);
    const { violations, passes } = await page.evaluate(() => {
      const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
      return axe.run({ resultTypes: ['violations'] });
    });
    if (passes.length <= FEWEST_CHECKS) barriers.push(`${mode}: only ${passes.length} checks were made`);
    for (const { id, nodes } of violations)
      barriers.push(`${mode}: ${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
  }
  return barriers;
}

/** A server of fixed documents by path, on this machine only. */
export async function serveDocuments(
  documents: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const body = documents[decodeURIComponent(request.url ?? '')];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end(body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
