/**
 * Status pages: how long it takes to draw a large one as HTML, and how many bytes it has.
 *
 * 50 components, 90 days, 200 incidents of the past; it never measures how the picture is made.
 */
import { gzipSync } from 'node:zlib';
import { statusPageHtml } from '../src/render/index.ts';
import { PICTURES } from '../test/render/status/pictures.ts';
import { type Figure, fine, median, whole } from './figure.ts';
import type { Ground } from './ground.ts';

const ROUNDS = 9;
const PAGES = 40;
const TARGET_MS = 5;
const TARGET_BYTES = 100_000;
const TARGET_GZIP = 15_000;
/** As `statusResponse` serves it: months that are over have pages of their own. */
const SERVED = {
  links: { history: '/', atom: '/history.atom', ics: '/maintenance.ics', json: '/api/v2/summary.json' },
};

/** The time and the size of the large page. */
export async function statusPage(ground: Ground): Promise<readonly Figure[]> {
  const html = statusPageHtml(PICTURES.large, SERVED);
  // In time of a processor: others who want it do not count. The first round is to warm up.
  const samples = Array.from({ length: 1 + ROUNDS }, () => {
    const begun = process.cpuUsage();
    for (let done = 0; done < PAGES; done += 1) {
      if (statusPageHtml(PICTURES.large, SERVED) !== html) throw new Error('The same picture gave another page.');
    }
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1_000 / PAGES;
  }).slice(1);
  const [ms, bytes, zipped] = [median(samples), Buffer.byteLength(html), gzipSync(html).length];
  ground.say(`${fine(ms)} ms, ${whole(bytes)} bytes, ${whole(zipped)} with gzip`);
  const name = 'a status page of 50 components, 90 days and 200 past incidents as HTML';
  return [
    { name, measured: `${fine(ms)} ms`, target: `<= ${TARGET_MS} ms`, isMet: ms <= TARGET_MS },
    {
      name: `${name}: its size`,
      measured: `${whole(bytes)} bytes, ${whole(zipped)} with gzip`,
      target: `< ${whole(TARGET_BYTES)}, < ${whole(TARGET_GZIP)}`,
      isMet: bytes < TARGET_BYTES && zipped < TARGET_GZIP,
    },
  ];
}
