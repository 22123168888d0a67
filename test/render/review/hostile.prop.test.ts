/**
 * Whatever people write in a review stays text, says a reader of each format that knows nothing of our escapes.
 */
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { incidentPicture, reviewHtml, reviewJson, reviewMarkdown } from '../../../src/render/index.ts';
import { strangers } from '../../core/text/strangers.ts';
import { everyElement, readXml } from '../read-xml.ts';
import { hostileTexts } from '../status/hostile-texts.ts';
import { HOSTILE_TEXTS } from '../status/pictures.ts';
import { wellFormed } from '../status/read-feed.ts';
import { everyHtml, readHtml } from '../status/read-html.ts';
import { saying } from './reviews.ts';

const ELEMENTS = new Set(
  'html head meta title style body a header p h1 dl div dt dd b span main nav h2 ol ul li section pre table thead tbody tr th td svg desc rect line path g text h3 time i bdi footer details summary'.split(
    ' ',
  ),
);
const ATTRIBUTES =
  /^(lang|dir|charset|http-equiv|content|name|class|href|id|rel|role|tabindex|scope|datetime|aria-label|aria-labelledby|aria-describedby|width|height|viewBox|font-family|font-size|font-weight|text-anchor|fill|stroke|stroke-width|stroke-dasharray|stroke-linejoin|paint-order|rx|x|y|x1|x2|y1|y2|d)$/;
const CLASSES =
  /^(skip|kind|facts|soft|alarm|banner|toc|prose|asked|must|wide|num|list|seqs|tl|fold|pin|bad|alert|page|delivery|acknowledgement|phase|severity|update|people|task|note|chat|review|other|tcr-(lane|legend|[fe]-\w+)| )*$/;
const OURS = /^(#(main|section-\d+|entry-\d+)|\/incidents\/[^"<>\s]*|https?:\/\/[^"<>\s]*)$/i;
const LINKS = { incident: '/incidents/{id}' };

const parser = new MarkdownIt({ html: true });
const texts = fc.oneof(strangers, hostileTexts, fc.constantFrom(...HOSTILE_TEXTS));
const reviews = fc.array(texts, { minLength: 7, maxLength: 7 }).map((some) => saying((index) => some[index % 7]!));
const holds = (numRuns: number, property: (review: ReturnType<typeof saying>) => void) =>
  fc.assert(
    fc.property(reviews, (review) => {
      property(review);
    }),
    { numRuns },
  );

describe('whatever people write in a review', () => {
  test('is no HTML, image or link in Markdown, and breaks no table', () => {
    const usual = kindsIn(reviewMarkdown(saying((index) => `word ${index}`)));
    holds(60, (review) => {
      const written = reviewMarkdown({ ...review, actionItems: review.actionItems.map(({ url: _, ...item }) => item) });
      const kinds = kindsIn(written);
      for (const kind of ['html_block', 'html_inline', 'image', 'link_open', 'blockquote_open', 'hr', 's_open']) {
        expect(kinds.get(kind) ?? 0, kind).toBe(0);
      }
      for (const kind of ['heading_open', 'table_open', 'tr_open', 'td_open', 'bullet_list_open']) {
        expect(kinds.get(kind) ?? 0, kind).toBe(usual.get(kind) ?? 0);
      }
    });
  });

  test('is no element, attribute or address of a page', () => {
    holds(25, (review) => {
      for (const { name, attributes } of everyHtml(readHtml(reviewHtml(review, { links: LINKS })))) {
        expect(ELEMENTS).toContain(name);
        for (const [key, value] of Object.entries(attributes)) {
          expect(key).toMatch(ATTRIBUTES);
          if (key === 'class') expect(value).toMatch(CLASSES);
          if (key === 'href') expect(value).toMatch(OURS);
        }
        if (name === 'a' && /^https?:/i.test(attributes.href!)) {
          expect(attributes.rel).toBe('nofollow noopener noreferrer');
        }
      }
    });
  });

  test('is no element of a picture, and nothing that XML forbids', () => {
    holds(30, (review) => {
      const svg = incidentPicture(review);
      expect(wellFormed(svg).name).toBe('svg');
      for (const { name, attributes } of everyElement(readXml(svg))) {
        expect('svg title desc style rect line path g text').toContain(name);
        expect(Object.keys(attributes).filter((key) => /^on|href|^style$/i.test(key))).toEqual([]);
      }
      expect(Buffer.byteLength(svg)).toBeLessThan(60_000);
    });
  });

  test('is JSON that says it', () => {
    holds(30, (review) => {
      expect(JSON.parse(reviewJson(review)).sections[3].answer).toBe(
        JSON.parse(JSON.stringify(review.sections[3]!.answer)),
      );
    });
  });
});

/** How many tokens of each kind a parser finds. */
function kindsIn(markdown: string): ReadonlyMap<string, number> {
  const tokens = parser.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  return new Map([...Map.groupBy(tokens, ({ type }) => type)].map(([type, some]) => [type, some.length]));
}
