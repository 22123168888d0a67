/**
 * Calendars with any texts: a calendar program finds the same events, and in them what was written.
 */
import fc from 'fast-check';
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { cleanText, oneLine } from '../../../src/core/text/clean.ts';
import { statusIcs } from '../../../src/render/index.ts';
import { hostileSayings } from './hostile-texts.ts';
import { pictureSaying } from './machine-pictures.ts';

test('every text comes back, but for what no display is given', () => {
  fc.assert(
    fc.property(hostileSayings, (saying) => {
      const picture = pictureSaying(saying);
      const calendar = new ICAL.Component(ICAL.parse(statusIcs(picture)));
      const events = calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
      expect(events.map(({ uid }) => uid)).toEqual([
        'maintenance.shop.m-past@tocsin',
        'maintenance.shop.m-active@tocsin',
        'maintenance.shop.m-next@tocsin',
      ]);
      for (const { summary } of events) if (oneLine(saying.title) !== '') expect(summary).toBe(oneLine(saying.title));
      const named = oneLine(saying.name) || 'search';
      expect(events[1]!.description).toBe(`In progress: ${named}\n\nIn progress\n${cleanText(saying.text)}`);
      // The reader takes properties that it does not know as they are.
      const written = String(calendar.getFirstPropertyValue('x-wr-calname')).replaceAll(/\\(.)/g, '$1');
      expect(written).toBe(oneLine(saying.name) || 'shop');
    }),
  );
});

test('every line ends in CRLF, has at most 75 octets and no half of a character', () => {
  fc.assert(
    fc.property(hostileSayings, (saying) => {
      const feed = statusIcs(pictureSaying(saying));
      expect(feed.endsWith('END:VCALENDAR\r\n')).toBe(true);
      const lines = feed.slice(0, -2).split('\r\n');
      expect(
        lines.filter((line) => Buffer.byteLength(line) > 75 || /[\r\n]/.test(line) || !line.isWellFormed()),
      ).toEqual([]);
    }),
  );
});
