/**
 * Calendar feeds with any names: what is opened is what was written.
 */
import fc from 'fast-check';
import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { oneLine } from '../../src/core/text/clean.ts';
import { scheduleCalendar, userCalendar } from '../../src/render/ics.ts';
import { HOSTILE, hostileSchedule } from './schedules.ts';

const WINDOW = { from: '2026-01-05T09:00:00Z', until: '2026-01-12T09:00:00Z' };
const names = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      ',',
      ';',
      ':',
      '\\',
      '"',
      'n',
      'N',
      '👩‍👩‍👧‍👦',
      'é',
      ' ',
      '^',
      '\u2028',
      '\u0085',
    ),
  }),
  fc.string({ unit: 'grapheme', maxLength: 150 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(...HOSTILE),
);
const lists = fc.array(names, { minLength: 1, maxLength: 7 });

test('a calendar program finds the same UIDs, times and names', () => {
  fc.assert(
    fc.property(lists, names, (people, title) => {
      const { schedule, users } = hostileSchedule(people);
      const feed = scheduleCalendar(schedule, WINDOW, { users, name: title });
      const calendar = new ICAL.Component(ICAL.parse(feed));
      const found = calendar.getAllSubcomponents('vevent').map((component) => {
        const { uid, summary, startDate, endDate } = new ICAL.Event(component);
        return { uid, summary, start: startDate.toJSDate(), end: endDate.toJSDate() };
      });
      const shifts = schedule.shifts(WINDOW);
      expect(found.map(({ start, end }) => ({ start, end }))).toEqual(shifts.map(({ start, end }) => ({ start, end })));
      expect(new Set(found.map(({ uid }) => uid)).size).toBe(shifts.length);
      found.forEach(({ summary }, index) => {
        const { user } = shifts[index]!;
        const name = oneLine(users.find(({ id }) => id === user)!.name);
        // Names of absurd length are cut; the others stand there letter by letter.
        if (name.length < 100) expect(summary.startsWith(`${name === '' ? user : name} on call: `)).toBe(true);
      });
      expect(calendar.getAllProperties().map(({ name }) => name)).toEqual([
        'version',
        'prodid',
        ...(oneLine(title) === '' ? [] : ['name', 'x-wr-calname']),
        'refresh-interval',
        'x-published-ttl',
      ]);
      if (oneLine(title) !== '') {
        const written = String(calendar.getFirstPropertyValue('x-wr-calname'));
        expect(written.replaceAll(/\\(.)/g, '$1')).toBe(oneLine(title));
      }
    }),
  );
});

test('no line is longer than 75 octets, every one ends in CRLF, and folding changes nothing', () => {
  fc.assert(
    fc.property(lists, (people) => {
      const { schedule, users } = hostileSchedule(people);
      const feed = userCalendar([schedule], 'u0', WINDOW, { users });
      expect(feed.endsWith('END:VCALENDAR\r\n')).toBe(true);
      const lines = feed.slice(0, -2).split('\r\n');
      expect(lines.filter((line) => Buffer.byteLength(line) > 75 || /[\r\n]/.test(line))).toEqual([]);
      const begins = lines.filter((line) => line === 'BEGIN:VEVENT').length;
      expect(begins).toBe(schedule.shifts(WINDOW).filter(({ user }) => user === 'u0').length);
    }),
  );
});
