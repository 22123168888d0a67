import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StatusPicture } from '../../../src/model/status.ts';
import {
  STATUS_DOCUMENTS,
  type StatusRequest,
  statusAtom,
  statusBadge,
  statusIcs,
  statusJson,
  statusOutput,
  statusResponse,
} from '../../../src/render/index.ts';
import { etagOf } from '../../../src/render/status/etag.ts';
import { STATUS_PAGE_CSP, statusPageHtml } from '../../../src/render/status/html.ts';
import { hostileTexts } from './hostile-texts.ts';
import { INCIDENT, INTERNAL, NOW, OPERATIONAL, PICTURES } from './machine-pictures.ts';

const ask = (path: string, more: Omit<StatusRequest, 'path'> = {}, picture: StatusPicture = INCIDENT) =>
  statusResponse(picture, { path, ...more });
const DATA = ['/history.atom', '/maintenance.ics', '/badge.svg', '/api/v2/summary.json'];
const PATHS = ['/', ...DATA, ...STATUS_DOCUMENTS.map((document) => `/api/v2/${document}.json`)];

describe('paths', () => {
  test.each<readonly [path: string, type: string, body: string]>([
    ['/history.atom', 'application/atom+xml; charset=utf-8', statusAtom(INCIDENT)],
    ['/feed.atom', 'application/atom+xml; charset=utf-8', statusAtom(INCIDENT)],
    ['/maintenance.ics', 'text/calendar; charset=utf-8', statusIcs(INCIDENT)],
    ['/badge.svg', 'image/svg+xml; charset=utf-8', statusBadge(INCIDENT)],
    ['/badge.svg?component=api', 'image/svg+xml; charset=utf-8', statusBadge(INCIDENT, { component: 'api' })],
    ...STATUS_DOCUMENTS.map(
      (document) =>
        [`/api/v2/${document}.json`, 'application/json; charset=utf-8', statusJson(INCIDENT, document)] as const,
    ),
  ])('%s is answered', (path, type, body) => {
    const answer = ask(path);
    expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([200, type, body]);
  });

  test('the page itself links to the rest, wherever it lies', () => {
    const linked = (base: string, more = {}) =>
      statusPageHtml(INCIDENT, {
        links: {
          atom: `${base}/history.atom`,
          ics: `${base}/maintenance.ics`,
          json: `${base}/api/v2/summary.json`,
          ...more,
        },
      });
    expect(ask('/').body).toBe(linked(''));
    expect(ask('').body).toBe(linked(''));
    expect(ask('/?month=x').body).toBe(linked(''));
    expect(ask('/status', { basePath: '/status/' }).body).toBe(linked('/status'));
    expect(ask('/', { subscribe: '/join' }).body).toBe(linked('', { subscribe: '/join' }));
    const mounted = { ...INCIDENT, page: { ...INCIDENT.page, url: 'https://example.org/status/' } };
    expect(ask('/', {}, mounted).body).toBe(
      statusPageHtml(mounted, {
        links: { atom: '/status/history.atom', ics: '/status/maintenance.ics', json: '/status/api/v2/summary.json' },
      }),
    );
  });

  test.each([
    '/nope',
    '/api/v2/nope.json',
    '/api/v2/summary.json/',
    '/API/v2/summary.json',
    '/api/v2/__proto__.json',
    '/badge.svg?component=nope',
    '/badge.svg?component=%F0',
    '//history.atom',
    'history.atom',
  ])('%s is not there, and nothing of the question is repeated', (path) => {
    expect(ask(path)).toEqual({
      status: 404,
      body: 'There is nothing at this address.\n',
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    });
  });

  test('a page below a path answers there and nowhere else', () => {
    const at = (path: string) => ask(path, { basePath: '/status' }).status;
    expect(['/status', '/status/', '/status/history.atom'].map(at)).toEqual([200, 200, 200]);
    expect(['/', '/history.atom', '/statushistory.atom', '/other/history.atom'].map(at)).toEqual([404, 404, 404, 404]);
  });

  test('no path makes it throw', () => {
    fc.assert(
      fc.property(hostileTexts, fc.constantFrom(...PATHS, '/badge.svg?component='), (text, path) => {
        for (const asked of [text, `${path}${text}`, `/${text}${path}`])
          expect([200, 404]).toContain(ask(asked, { ifNoneMatch: text }).status);
      }),
    );
  });
});

describe('caches', () => {
  test('may keep what everybody may read, and longer while the host does not answer', () => {
    expect(ask('/api/v2/summary.json').headers['cache-control']).toBe(
      'public, max-age=30, stale-while-revalidate=60, stale-if-error=86400',
    );
    expect(ask('/maintenance.ics').headers['cache-control']).toMatch(/^public, max-age=300,/);
  });

  test.each(PATHS)('may not keep %s of a page that not everybody may read', (path) => {
    const [open, internal] = [INTERNAL.page, { ...INTERNAL.page, access: 'open' as const }];
    for (const page of [open, internal, { ...INTERNAL.page, audience: 'public' as const }]) {
      const { headers } = ask(path, {}, { ...INTERNAL, page });
      expect(headers['cache-control']).toBe('private, no-store');
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['x-robots-tag']).toBe('noindex');
    }
  });

  test('ask anew each time when the picture is stale, and are told how old it is', () => {
    const stale = { ...INCIDENT, stale: { askedAt: NOW + 90_500 } };
    const { headers, body } = ask('/api/v2/summary.json', {}, stale);
    expect(headers['cache-control']).toBe('public, max-age=0, stale-if-error=86400');
    expect(headers.age).toBe('90');
    const { status: now, ...rest } = JSON.parse(body);
    const { status: fresh, ...whole } = JSON.parse(ask('/api/v2/summary.json', {}, INCIDENT).body);
    expect(rest).toEqual(whole);
    const since = new Date(NOW).toISOString().slice(0, 16).replace('T', ' ');
    expect(now).toEqual({ ...fresh, description: `${fresh.description}, as of ${since} UTC` });
    expect(ask('/badge.svg', {}, { ...OPERATIONAL, stale: stale.stale }).body).toContain(
      `operational, as of ${since} UTC`,
    );
    expect(ask('/', {}, INCIDENT).headers.age).toBeUndefined();
    const hidden = ask('/', {}, { ...INTERNAL, stale: { askedAt: NOW - 5 } });
    expect([hidden.headers['cache-control'], hidden.headers.age]).toEqual(['private, no-store', '0']);
  });
});

describe('a reader that has it already', () => {
  test.each(PATHS)('is sent no body of %s', (path) => {
    const first = ask(path);
    expect(first.headers.etag).toMatch(/^"[0-9a-z]+-[0-9a-f]{16}"$/);
    const again = ask(path, { ifNoneMatch: first.headers.etag });
    const { 'content-type': _, ...others } = first.headers;
    expect(again).toEqual({ status: 304, body: '', headers: others });
  });

  test.each([
    ['a weak tag', (etag: string) => `W/${etag}`, 304],
    ['a list', (etag: string) => `"a,b", W/"c" ,${etag}`, 304],
    ['anything', () => ' * ', 304],
    ['another tag', () => '"other"', 200],
    ['the tag without quotes', (etag: string) => etag.slice(1, -1), 200],
    ['half of it', (etag: string) => etag.slice(0, -1), 200],
    ['nothing', () => '', 200],
  ])('that says it has %s', (_, said, expected) => {
    const { etag = '' } = ask('/history.atom').headers;
    expect(ask('/history.atom', { ifNoneMatch: said(etag) }).status).toBe(expected);
  });

  test('of what is not there is told so, whatever it has', () => {
    expect(ask('/nope', { ifNoneMatch: '*' }).status).toBe(404);
  });

  test('is sent what has changed', () => {
    const { etag } = ask('/badge.svg', {}, OPERATIONAL).headers;
    expect(ask('/badge.svg', { ifNoneMatch: etag }, INCIDENT).status).toBe(200);
    expect(ask('/badge.svg', { ifNoneMatch: etag }, { ...OPERATIONAL, at: NOW + 60_000 }).status).toBe(304);
  });
});

describe('browsers', () => {
  test('are told to run nothing, to guess nothing and to frame nothing', () => {
    expect(ask('/').headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': STATUS_PAGE_CSP,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'permissions-policy': expect.stringContaining('camera=()'),
    });
    for (const path of DATA) {
      expect(ask(path).headers['content-security-policy']).toMatch(/^default-src 'none';.* sandbox$/);
      expect(ask(path).headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('let scripts of other origins read data, and not the page', () => {
    expect(DATA.map((path) => ask(path).headers['access-control-allow-origin'])).toEqual(DATA.map(() => '*'));
    expect(ask('/').headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(PICTURES)('get names of headers in lower case, and values on one line, of %s', (_, picture) => {
    for (const path of PATHS)
      for (const [name, value] of Object.entries(ask(path, {}, picture).headers)) {
        expect(name).toMatch(/^[a-z-]+$/);
        expect(value).toMatch(/^[ -~]+$/);
      }
  });
});

describe('an output of the host', () => {
  test('keeps the headers that it is given, but not instead of what protects', () => {
    const { headers } = statusOutput({
      picture: INTERNAL,
      body: 'x',
      contentType: 'text/plain; charset=utf-8',
      maxAgeS: 5,
      isShared: true,
      headers: { 'x-more': '1', 'cache-control': 'public' },
    });
    expect(headers).toMatchObject({ 'x-more': '1', 'cache-control': 'private, no-store' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('tags', () => {
  test('stay what they are from version to version', () => {
    expect([etagOf(''), etagOf('a'), etagOf('Tocsin ✓')]).toMatchInlineSnapshot(`
      [
        ""0-e89de8216cc6ddef"",
        ""1-6d0f327f24b270f8"",
        ""8-f1aab53bf5bc06c0"",
      ]
    `);
  });

  test('differ for bodies that hardly differ', () => {
    const bodies = Array.from(
      { length: 100_000 },
      (_, index) => `{"updated_at":${index},"name":"${'x'.repeat(index % 7)}"}`,
    );
    expect(new Set(bodies.map(etagOf)).size).toBe(bodies.length);
    const swapped = ['ab', 'ba', 'a\u0000b', '\u0000ab', '\ud83d\ude00', '\ude00\ud83d', ...'0123456789'];
    expect(new Set(swapped.map(etagOf)).size).toBe(swapped.length);
  });

  test('change in about half of their bits when one bit of the body changes', () => {
    const bitsOf = (text: string) => BigInt(`0x${etagOf(text).slice(-17, -1)}`);
    const flips = Array.from({ length: 2_000 }, (_, index) => {
      const text = `status page ${index} is operational`;
      const at = index % text.length;
      const changed = String.fromCharCode(text.charCodeAt(at) ^ (1 << (index % 7)));
      const difference = bitsOf(text) ^ bitsOf(text.slice(0, at) + changed + text.slice(at + 1));
      return difference.toString(2).replaceAll('0', '').length;
    });
    expect(flips.reduce((sum, count) => sum + count, 0) / flips.length).toBeCloseTo(32, 0);
    expect(Math.min(...flips)).toBeGreaterThan(10);
  });
});
