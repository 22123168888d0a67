/**
 * Reviews: how long it takes to write a long one as Markdown, as HTML and as a picture, in milliseconds of a processor.
 *
 * Two thousand entries of the timeline, four hundred pages, two hundred alerts; it never measures how a review is built.
 */
import { incidentPicture, reviewHtml, reviewMarkdown } from '../src/render/index.ts';
import { longReview } from '../test/render/review/reviews.ts';
import { type Figure, fine, median, whole } from './figure.ts';
import type { Ground } from './ground.ts';

const ENTRIES = 2_000;
const ROUNDS = 61;
/** Before that it is still being compiled. */
const WARM_ROUNDS = 20;
const TARGET_MS = 30;
const TARGET_PICTURE = 60_000;

/** The time of all three, the first time as well, and their sizes. */
export async function review(ground: Ground): Promise<readonly Figure[]> {
  const long = longReview(ENTRIES);
  const written = { markdown: '', html: '', picture: '' };
  const ways = {
    markdown: () => reviewMarkdown(long),
    html: () => reviewHtml(long),
    picture: () => incidentPicture(long),
  };
  const times = { markdown: [] as number[], html: [] as number[], picture: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of ['markdown', 'html', 'picture'] as const) {
      const begun = process.cpuUsage();
      written[way] = ways[way]();
      const { user, system } = process.cpuUsage(begun);
      times[way].push((user + system) / 1_000);
    }
  }
  const warm = { markdown: 0, html: 0, picture: 0 };
  for (const way of ['markdown', 'html', 'picture'] as const) warm[way] = median(times[way].slice(WARM_ROUNDS));
  const all = warm.markdown + warm.html + warm.picture;
  const first = (times.markdown[0] ?? 0) + (times.html[0] ?? 0) + (times.picture[0] ?? 0);
  const bytes = (way: keyof typeof written) => Buffer.byteLength(written[way]);
  const parts = `Markdown ${fine(warm.markdown)}, HTML ${fine(warm.html)}, SVG ${fine(warm.picture)} ms`;
  ground.say(`${fine(all)} ms (${parts}); the first time ${fine(first)} ms`);
  const name = `a review of ${whole(ENTRIES)} entries as Markdown, HTML and SVG`;
  return [
    { name, measured: `${fine(all)} ms (${parts})`, target: `< ${TARGET_MS} ms`, isMet: all < TARGET_MS },
    { name: `${name}: the first time in a process`, measured: `${fine(first)} ms` },
    {
      name: `${name}: the size of the picture`,
      measured: `${whole(bytes('picture'))} bytes (Markdown ${whole(bytes('markdown'))}, HTML ${whole(bytes('html'))})`,
      target: `< ${whole(TARGET_PICTURE)} bytes`,
      isMet: bytes('picture') < TARGET_PICTURE,
    },
  ];
}
