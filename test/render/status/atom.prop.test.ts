/**
 * Feeds with any texts: always well-formed, and what is read is what was written.
 */
import fc from 'fast-check';
import { parseAtomFeed } from 'feedsmith';
import { expect, test } from 'vitest';
import { cleanText, oneLine } from '../../../src/core/text/clean.ts';
import { statusAtom } from '../../../src/render/index.ts';
import { hostileSayings } from './hostile-texts.ts';
import { pictureSaying } from './machine-pictures.ts';
import { everyXml, readHtml, textOf, wellFormed } from './read-feed.ts';

/** What XML 1.0 forbids and cleaning leaves. */
const allowed = (text: string) => text.replace(/[\ufffe\uffff]/g, '');

test('every text comes back, but for what XML forbids and no display is given', () => {
  fc.assert(
    fc.property(hostileSayings, (saying) => {
      const picture = pictureSaying(saying);
      const feed = wellFormed(statusAtom(picture));
      expect(textOf(feed, 'title')).toBe(allowed(oneLine(saying.name) || picture.page.id));
      expect(textOf(feed, 'subtitle')).toBe(allowed(cleanText(saying.text)));
      const entries = everyXml(feed, 'entry');
      expect(entries.length).toBe(5);
      for (const entry of entries) {
        if (oneLine(saying.title) !== '') expect(textOf(entry, 'title')).toBe(allowed(oneLine(saying.title)));
        const { names, paragraphs } = readHtml(textOf(entry, 'content')!);
        expect(names.filter((name) => !['br', 'p', 'strong'].includes(name))).toEqual([]);
        for (const [index, paragraph] of paragraphs.entries())
          if (index > 0 && index % 2 === 0) expect(paragraph).toBe(allowed(cleanText(saying.text)));
      }
    }),
  );
});

test('a feed reader finds as many entries with the same ids, whatever they say', () => {
  const idsOf = (source: string) => parseAtomFeed(source).entries!.map(({ id }) => id);
  const expected = idsOf(statusAtom(pictureSaying({ title: 'a', text: 'b', name: 'c' })));
  fc.assert(
    fc.property(hostileSayings, (saying) => {
      expect(idsOf(statusAtom(pictureSaying(saying)))).toEqual(expected);
    }),
  );
});
