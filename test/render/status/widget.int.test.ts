/**
 * The widget of Atlassian Statuspage, unchanged, in a real browser: what it shows of our page.
 *
 * It stands on a page of another origin, as widgets do, and asks ours by itself.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import chromiumBinary from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StatusPicture } from '../../../src/model/status.ts';
import { statusResponse } from '../../../src/render/index.ts';
import { INCIDENT, INTERNAL, MAINTENANCE, OPERATIONAL } from './machine-pictures.ts';

const require = createRequire(import.meta.url);
const WIDGET = readFileSync(require.resolve('@statuspage/status-widget/dist/index.js'), 'utf8');
const PAGES: Readonly<Record<string, StatusPicture>> = {
  operational: OPERATIONAL,
  incident: INCIDENT,
  maintenance: MAINTENANCE,
  hostile: { ...INTERNAL, page: { ...INCIDENT.page, name: '</script><script>document.title="taken"</script>' } },
  internal: INTERNAL,
};

let browser: Browser;
const servers: Server[] = [];

beforeAll(async () => {
  const executablePath = await chromiumBinary.executablePath();
  // Of what the package asks for the rest: processes of its own for each page, and the rules about origins.
  const args = chromiumBinary.args.filter((arg) => !/^--(single-process|no-zygote|disable-web-security)$/.test(arg));
  args.push('--disable-background-networking');
  browser = await chromium.launch({ executablePath, headless: true, args });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

/** A server on a port of its own, which is an origin of its own. */
async function serve(answer: (path: string) => { status: number; headers: Record<string, string>; body: string }) {
  const server = createServer((request, response) => {
    const { status, headers, body } = answer(request.url ?? '/');
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What the widget shows of the page of that name. */
async function widgetOf(name: string, appearance: 'basic' | 'badge') {
  const status = await serve((path) => {
    const { headers, ...answer } = statusResponse(PAGES[name]!, { path });
    return { ...answer, headers: { ...headers } };
  });
  const host = await serve((path) =>
    path === '/widget.js'
      ? { status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' }, body: WIDGET }
      : {
          status: 200,
          headers: { 'content-type': 'text/html; charset=utf-8' },
          body: `<!doctype html><title>host</title><statuspage-widget src="${status}" appearance="${appearance}"></statuspage-widget><script src="/widget.js"></script>`,
        },
  );
  const page = await browser.newPage();
  try {
    const asked = page.waitForResponse((response) => response.url() === `${status}/api/v2/summary.json`);
    await page.goto(host);
    expect((await asked).status()).toBe(200);
    const indicator = page.locator('statuspage-widget .status-indicator');
    await indicator.waitFor();
    return {
      indicator: (await indicator.getAttribute('class'))?.trim(),
      text: (await page.locator('statuspage-widget .status-container').innerText()).trim(),
      link: await page.locator('statuspage-widget a').getAttribute('href'),
      colour: await indicator.evaluate((element) => getComputedStyle(element).backgroundColor),
      title: await page.title(),
      origin: status,
    };
  } finally {
    await page.close();
  }
}

test.each([
  ['operational', 'none', 'All systems operational', 'rgb(46, 204, 113)'],
  ['incident', 'critical', 'Major outage', 'rgb(231, 76, 60)'],
  ['maintenance', 'maintenance', 'Maintenance under way', 'rgb(52, 152, 219)'],
  ['hostile', 'critical', 'Major outage', 'rgb(231, 76, 60)'],
])('the widget reads our page as its own: %s', { timeout: 60_000 }, async (name, indicator, text, colour) => {
  const shown = await widgetOf(name, 'basic');
  expect(shown).toMatchObject({ indicator: `status-indicator ${indicator}`, text, colour, title: 'host' });
  expect(shown.link).toBe(shown.origin);
});

test('its badge shows the same words', { timeout: 60_000 }, async () => {
  const { text } = await widgetOf('incident', 'badge');
  expect(text.split(/\s*\n\s*/)).toEqual(['system status', 'major outage']);
});

test('a browser does not hand the JSON of an internal page to another origin', { timeout: 60_000 }, async () => {
  const status = await serve((path) => {
    const { headers, ...answer } = statusResponse(path.startsWith('/api') ? INTERNAL : INCIDENT, { path });
    return { ...answer, headers: { ...headers } };
  });
  const host = await serve(() => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }));
  const page = await browser.newPage();
  await page.goto(host);
  const read = (path: string) =>
    page.evaluate(
      (url) =>
        fetch(url).then(
          (response) => response.text(),
          () => 'refused',
        ),
      `${status}${path}`,
    );
  expect(await read('/api/v2/summary.json')).toBe('refused');
  expect(await read('/history.atom')).toMatch(/^<\?xml/);
  await page.close();
});
