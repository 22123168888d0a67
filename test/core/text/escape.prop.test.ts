/**
 * Escaping: whatever a stranger writes is shown as it is written, says a parser that knows nothing of our escapes.
 */
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import { cleanText, oneLine } from '../../../src/core/text/clean.ts';
import { csvCell } from '../../../src/core/text/csv.ts';
import { cutEscaped } from '../../../src/core/text/cut-units.ts';
import { discordLink, discordText } from '../../../src/core/text/discord.ts';
import { headerLine } from '../../../src/core/text/header-line.ts';
import { htmlLink, htmlText } from '../../../src/core/text/html.ts';
import { markdownBlock, markdownLine, markdownLink, markdownText } from '../../../src/core/text/markdown.ts';
import { slackLink, slackText } from '../../../src/core/text/slack.ts';
import { smsText } from '../../../src/core/text/sms.ts';
import { webAddress } from '../../../src/core/text/web-address.ts';
import { readDiscord } from './discord-parser.ts';
import { slackNodes, slackShown } from './slack-parser.ts';
import { strangers, UNWANTED } from './strangers.ts';

const holds = (property: (text: string) => void) =>
  fc.assert(
    fc.property(strangers, (text) => {
      property(text);
    }),
    { numRuns: 1_200 },
  );
const hrefs = fc.oneof(
  strangers,
  strangers.map((text) => `https://a.example/${text.replaceAll(/\s/g, '')}`),
);
const holdsForLinks = (property: (href: string, text: string) => void) =>
  fc.assert(
    fc.property(hrefs, strangers, (href, text) => {
      property(href, text);
    }),
    { numRuns: 1_200 },
  );

test.each(
  Object.entries({
    csvCell,
    discordText,
    headerLine,
    htmlText,
    markdownBlock,
    markdownLine,
    markdownText,
    slackText,
    smsText,
  }),
)('nothing unwanted survives %s, which is well-formed', (_, written) => {
  holds((text) => {
    expect(written(text)).not.toMatch(UNWANTED);
    expect(escape(text).isWellFormed()).toBe(true);
  });
});

test.each(Object.entries({ oneLine, cleanText, headerLine, smsText }))(
  '%s twice changes nothing more',
  (_, written) => {
    holds((text) => expect(written(written(text))).toBe(written(text)));
  },
);

describe('HTML', () => {
  const nodes = (html: string) => parseFragment(html).childNodes;
  const isText = (node: DefaultTreeAdapterTypes.ChildNode) => node.nodeName === '#text';
  const textOf = (found: readonly DefaultTreeAdapterTypes.ChildNode[]) =>
    found.map((node) => ('value' in node ? node.value : '')).join('');

  test('a text is one text node, between tags and in an attribute', () => {
    holds((text) => {
      const found = nodes(htmlText(text));
      expect(found.every(isText)).toBe(true);
      expect(textOf(found)).toBe(cleanText(text));
      const [holder, ...others] = nodes(`<i title="${htmlText(text)}" lang='${htmlText(text)}'></i>`);
      expect(others).toEqual([]);
      expect(holder).toMatchObject({
        attrs: [
          { name: 'title', value: cleanText(text) },
          { name: 'lang', value: cleanText(text) },
        ],
      });
    });
  });

  test('a link is one element with one attribute, to the address that was checked', () => {
    holdsForLinks((href, text) => {
      const found = nodes(htmlLink(href, text));
      const address = webAddress(href);
      if (address === undefined) return expect(found.every(isText)).toBe(true);
      expect(found).toMatchObject([{ nodeName: 'a', attrs: [{ name: 'href', value: address }] }]);
      const [link] = found;
      const inside = link !== undefined && 'childNodes' in link ? link.childNodes : [];
      expect(inside.every(isText) && textOf(inside) === cleanText(text)).toBe(true);
    });
  });
});

describe('Slack', () => {
  test('a text holds no markup and no mention', () => {
    holds((text) => expect(slackNodes(slackText(text))).toEqual([]));
  });

  test('a text is shown as it is written, but for characters that look the same', () => {
    const alike = (text: string) =>
      text
        .replaceAll(/[∗∼ˋˍ›]/g, (char) => ({ '∗': '*', '∼': '~', ˋ: '`', ˍ: '_', '›': '>' })[char] ?? '')
        .replaceAll('\u200b', '');
    holds((text) => expect(alike(slackShown(slackText(text)))).toBe(alike(cleanText(text))));
  });

  test('a link is one link', () => {
    holdsForLinks((href, text) => {
      const address = webAddress(href);
      const link = slackLink(href, text);
      if (address === undefined) return expect(slackNodes(link)).toEqual([]);
      expect(slackNodes(link)).toEqual([{ kind: 'angle', text: link }]);
      const [shownHref, ...label] = slackShown(link.slice(1, -1)).split('|');
      expect(shownHref).toBe(address);
      expect(label.length).toBe(slackText(oneLine(text)) === '' ? 0 : 1);
    });
  });
});

describe('Discord', () => {
  test('a text holds no markup and no mention, and is shown as it is written', () => {
    holds((text) => {
      const { nodes, shown } = readDiscord(discordText(text));
      expect(nodes).toEqual([]);
      const lines = (all: string) => all.replaceAll(/[\u2028\u2029]/g, '\n').replaceAll('\u200b', '');
      expect(lines(shown)).toBe(lines(cleanText(text)));
    });
  });

  test('a link is one link, and mentions nobody', () => {
    holdsForLinks((href, text) => {
      const link = discordLink(href, text);
      const parts = /^\[(.*)\]\(<(https?:\/\/[^<>()@]+)>\)$/is.exec(link);
      if (webAddress(href) === undefined || oneLine(text) === '') return expect(readDiscord(link).nodes).toEqual([]);
      expect(readDiscord(parts?.[1] ?? '').nodes).toEqual([]);
      expect(readDiscord(link).nodes.filter(({ kind }) => kind === 'mention')).toEqual([]);
    });
  });
});

describe('Markdown', () => {
  const md = new MarkdownIt({ html: true, linkify: true });
  const tokens = (source: string) => md.parse(source, {});
  const inlineOf = (source: string) => tokens(source).flatMap(({ children }) => children ?? []);
  const markup = (found: readonly { readonly type: string }[]) =>
    found.filter(({ type }) => !/^text(?:_special)?$/.test(type));

  test('a line after words of ours is text', () => {
    holds((text) => {
      const found = inlineOf(`Title: ${markdownLine(text)}`);
      expect(markup(found)).toEqual([]);
      expect(found.map(({ content }) => content).join('')).toBe(`Title: ${oneLine(text)}`.trim());
    });
  });

  test('a text is paragraphs of text', () => {
    holds((text) => {
      const source = markdownText(text);
      expect(tokens(source).filter(({ type }) => !/^(?:paragraph_(?:open|close)|inline)$/.test(type))).toEqual([]);
      expect(markup(inlineOf(source))).toEqual([]);
      const lines = cleanText(text)
        .split('\n')
        .map(oneLine)
        .filter((line) => line !== '');
      expect(
        inlineOf(source)
          .map(({ content }) => content)
          .join(''),
      ).toBe(lines.join(''));
    });
  });

  test('a link is one link to the address that was checked', () => {
    holdsForLinks((href, text) => {
      const found = inlineOf(`See ${markdownLink(href, text)}`);
      const links = found.filter(({ type }) => type === 'link_open');
      const isLink = webAddress(href) !== undefined && oneLine(text) !== '';
      expect(links).toHaveLength(isLink ? 1 : 0);
      expect(found.filter(({ type }) => /image|html|code|em|strong/.test(type))).toEqual([]);
      if (isLink) expect(links[0]?.attrGet('href')).toMatch(/^https?:\/\//i);
    });
  });

  test('a block is one fence', () => {
    holds((text) => {
      const found = tokens(markdownBlock(text));
      expect(found.map(({ type }) => type)).toEqual(['fence']);
      expect(found[0]?.content).toBe(`${cleanText(text)}\n`);
    });
  });
});

describe('CSV', () => {
  test('a row is read back as it was, but for the apostrophe before what could be a formula', () => {
    fc.assert(
      fc.property(fc.array(strangers, { minLength: 1, maxLength: 4 }), (texts) => {
        const cells = readCsv(`${texts.map(csvCell).join(',')}\r\n`);
        expect(cells).toHaveLength(texts.length);
        cells.forEach((cell, index) => {
          const clean = cleanText(texts[index] ?? '');
          expect([clean, `'${clean}`]).toContain(cell);
          expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]|^\t/);
        });
      }),
      { numRuns: 1_200 },
    );
  });

  /** The cells of the only row (RFC 4180). */
  function readCsv(source: string): string[] {
    const cells: string[] = [];
    const rest = source.replaceAll(
      /(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|\r\n$)/g,
      (_, quoted?: string, bare?: string) => {
        cells.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
        return '';
      },
    );
    expect(rest).toBe('\r\n');
    return cells;
  }
});

describe('what was escaped and then cut', () => {
  test.each<[string, (text: string) => string, (cut: string) => unknown]>([
    [
      'HTML',
      htmlText,
      (cut) => (parseFragment(cut).childNodes as { value?: string }[]).map(({ value }) => value).join(''),
    ],
    ['Slack', slackText, (cut) => (slackNodes(cut).length === 0 ? slackShown(cut) : 'markup')],
    ['Discord', discordText, (cut) => (readDiscord(cut).nodes.length === 0 ? readDiscord(cut).shown : 'markup')],
  ])('is a beginning of the same in %s, within its limit, without half an escape', (_, escaped, shown) => {
    fc.assert(
      fc.property(strangers, fc.integer({ min: 0, max: 60 }), (text, max) => {
        const whole = escaped(text);
        const part = cutEscaped(whole, max);
        expect(part.length).toBeLessThanOrEqual(max);
        if (whole.length <= max || max === 0) {
          expect(part).toBe(whole.length <= max ? whole : '');
          return;
        }
        expect(part.endsWith('…')).toBe(true);
        expect(String(shown(whole)).startsWith(String(shown(part)).slice(0, -1))).toBe(true);
      }),
      { numRuns: 1_200 },
    );
  });
});
