import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { createSchedule, weeklySchedule } from '../../src/core/on-call/index.ts';
import { scheduleCalendar, userCalendar } from '../../src/render/ics.ts';
import { BUSY, busySchedule, USERS } from './schedules.ts';

/** What a calendar program finds in a feed. */
function opened(feed: string) {
  const calendar = new ICAL.Component(ICAL.parse(feed));
  const events = calendar.getAllSubcomponents('vevent').map((component) => {
    const { uid, summary, description, startDate, endDate } = new ICAL.Event(component);
    const stamp = component.getFirstPropertyValue('dtstamp') as ICAL.Time;
    return {
      uid,
      summary,
      description,
      start: startDate.toJSDate().toISOString(),
      end: endDate.toJSDate().toISOString(),
      stamp: stamp.toJSDate().toISOString(),
      isUtc: [startDate, endDate, stamp].every((time) => time.zone === ICAL.Timezone.utcTimezone),
      transparency: component.getFirstPropertyValue('transp'),
    };
  });
  // What the reader does not know it leaves as it is; calendars read it as the text that NAME is.
  const name = String(calendar.getFirstPropertyValue('x-wr-calname')).replaceAll(/\\(.)/g, '$1');
  return { name, events };
}

const always = (id: string, name = id) => ({
  ...weeklySchedule(id, { timeZone: 'Europe/Berlin', start: '2026-01-05T09:00:00', participants: ['ana', 'ben'] }),
  name,
});

describe('the feed of a schedule', () => {
  test('has an event for each shift, whole, in UTC', () => {
    const { name, events } = opened(scheduleCalendar(busySchedule(), BUSY, { users: USERS }));
    expect(name).toBe('Checkout');
    expect(events.map(({ summary, start, end }) => [summary, start, end].join(' | '))).toEqual([
      'Ben Okafor on call: Checkout | 2026-02-23T14:00:00.000Z | 2026-03-02T14:00:00.000Z',
      'Chi Nguyen on call: Checkout | 2026-03-02T14:00:00.000Z | 2026-03-07T14:00:00.000Z',
      'Chi Nguyen on call: Checkout | 2026-03-08T16:00:00.000Z | 2026-03-09T13:00:00.000Z',
      'Ana Lima on call: Checkout | 2026-03-09T13:00:00.000Z | 2026-03-16T13:00:00.000Z',
      'Dee on call: Checkout | 2026-03-10T13:00:00.000Z | 2026-03-12T22:00:00.000Z',
      'Ana Lima on call: Checkout | 2026-03-16T13:00:00.000Z | 2026-03-18T13:00:00.000Z',
      'Ben Okafor on call: Checkout | 2026-03-18T13:00:00.000Z | 2026-03-23T13:00:00.000Z',
    ]);
    expect(new Set(events.map(({ isUtc }) => isUtc))).toEqual(new Set([true]));
    expect(new Set(events.map(({ transparency }) => transparency))).toEqual(new Set(['TRANSPARENT']));
    expect(events[5]!.description).toBe('By swap concert of schedule checkout, whose time zone is America/New_York.');
  });

  test('has gaps when they are asked for', () => {
    const gaps = opened(scheduleCalendar(busySchedule(), BUSY, { gaps: true })).events.filter(({ uid }) =>
      uid.startsWith('gap.'),
    );
    expect(gaps.map(({ uid, summary, start, end }) => [uid, summary, start, end])).toEqual([
      [
        'gap.checkout.20260307T140000Z@tocsin',
        'NOBODY on call: Checkout',
        '2026-03-07T14:00:00.000Z',
        '2026-03-08T16:00:00.000Z',
      ],
    ]);
  });

  test('shows a gap whole in every window, also one that never began or never ends', () => {
    const brief = createSchedule({
      id: 'brief',
      timeZone: 'UTC',
      layers: [
        {
          id: 'l',
          rotation: {
            start: '2026-03-02T09:00:00',
            rrule: 'FREQ=WEEKLY',
            participants: ['ana'],
            until: '2026-03-16T09:00:00Z',
          },
        },
      ],
      overrides: [
        { id: 'o', from: '2026-03-04T00:00:00Z', until: '2026-03-07T00:00:00Z', kind: 'remove', user: 'ana' },
      ],
    });
    const gapsIn = (from: string, until: string) =>
      opened(scheduleCalendar(brief, { from, until }, { gaps: true })).events.filter(({ uid }) =>
        uid.startsWith('gap.'),
      );
    const [before, within, after] = gapsIn('2026-03-01T00:00:00Z', '2026-03-20T00:00:00Z');
    expect(gapsIn('2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z')).toEqual([before]);
    expect(gapsIn('2026-03-05T00:00:00Z', '2026-03-06T00:00:00Z')).toEqual([within]);
    expect(gapsIn('2026-06-01T00:00:00Z', '2026-06-02T00:00:00Z')).toEqual([after]);
    expect([before!.end, within!.start, within!.end, after!.start].map((at) => at.slice(0, 13))).toEqual([
      '2026-03-02T09',
      '2026-03-04T00',
      '2026-03-07T00',
      '2026-03-16T09',
    ]);
  });

  test('says the same of a shift whichever window shows it', () => {
    const schedule = busySchedule();
    const byUid = new Map<string, string>();
    for (let day = 0; day < 21; day += 1) {
      const from = Date.parse(BUSY.from) + day * 86_400_000;
      for (const event of opened(scheduleCalendar(schedule, { from, until: from + 5 * 3_600_000 })).events) {
        expect(byUid.get(event.uid) ?? JSON.stringify(event)).toBe(JSON.stringify(event));
        byUid.set(event.uid, JSON.stringify(event));
      }
    }
    const whole = opened(scheduleCalendar(schedule, BUSY)).events.map((event) => JSON.stringify(event));
    expect([...byUid.values()].toSorted()).toEqual(whole.toSorted());
  });

  test('says the same of a shift that never ends', () => {
    const once = createSchedule({
      id: 'once',
      timeZone: 'UTC',
      layers: [
        { id: 'l', rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY;COUNT=1', participants: ['ana'] } },
      ],
    });
    const early = scheduleCalendar(once, { from: '2026-01-01T00:00:00Z', until: '2026-01-06T00:00:00Z' });
    for (const year of [2029, 2029, 2045, 2061]) {
      expect(scheduleCalendar(once, { from: `${year}-01-01T00:00:00Z`, until: `${year}-01-06T00:00:00Z` })).toBe(early);
    }
    const [event] = opened(early).events;
    expect([event!.start, event!.end]).toEqual(['2026-01-05T09:00:00.000Z', '2036-01-06T09:00:00.000Z']);
  });

  test('keeps the UID of a shift that an override cuts short', () => {
    const before = createSchedule(always('primary'));
    const after = createSchedule({
      ...always('primary'),
      overrides: [{ id: 'o', from: '2026-01-09T09:00:00', until: '2026-01-20T09:00:00', kind: 'replace', user: 'chi' }],
    });
    const window = { from: '2026-01-06T00:00:00Z', until: '2026-01-07T00:00:00Z' };
    const [whole, short] = [before, after].map((schedule) => opened(scheduleCalendar(schedule, window)).events[0]!);
    expect(short!.uid).toBe(whole!.uid);
    expect([whole!.end, short!.end]).toEqual(['2026-01-12T08:00:00.000Z', '2026-01-09T08:00:00.000Z']);
  });

  test('stamps its events as it is told, and otherwise by their own start', () => {
    const stamps = (options: object) =>
      opened(scheduleCalendar(busySchedule(), BUSY, options)).events.map(({ stamp }) => stamp);
    expect(new Set(stamps({ stamp: '2026-02-01T10:00:00+01:00' }))).toEqual(new Set(['2026-02-01T09:00:00.000Z']));
    expect(stamps({})[1]).toBe('2026-03-02T14:00:00.000Z');
    expect(() => stamps({ stamp: 'yesterday' })).toThrow(expect.objectContaining({ code: 'INSTANT_INVALID' }));
  });

  test('keeps tenants apart by their domain', () => {
    const [event] = opened(scheduleCalendar(busySchedule(), BUSY, { domain: 'acme.example\r\nX-EVIL:1' })).events;
    expect(event!.uid).toBe('shift.checkout.ben.20260223T140000Z@acme.example%20X-EVIL%3A1');
  });

  test('never has an event that ends when it begins', () => {
    const schedule = createSchedule({
      ...always('primary'),
      overrides: [
        { id: 'o', from: '2026-01-09T09:00:00.100Z', until: '2026-01-09T09:00:00.900Z', kind: 'add', user: 'chi' },
      ],
    });
    const window = { from: '2026-01-09T09:00:00Z', until: '2026-01-09T09:00:01Z' };
    const short = opened(scheduleCalendar(schedule, window)).events.find(({ summary }) => summary.startsWith('chi'))!;
    expect([short.start, short.end]).toEqual(['2026-01-09T09:00:00.000Z', '2026-01-09T09:00:01.000Z']);
  });
});

describe('the feed of a person', () => {
  const schedules = [createSchedule(always('a', 'Payments')), createSchedule(always('b', 'Search'))];
  const window = { from: '2026-01-05T08:00:00Z', until: '2026-01-19T08:00:00Z' };

  test('has the shifts of all schedules, by their beginning', () => {
    const { name, events } = opened(userCalendar(schedules, 'ana', window, { users: USERS }));
    expect(name).toBe('Ana Lima on call');
    expect(events.map(({ uid, summary }) => [uid, summary])).toEqual([
      ['shift.a.ana.20260105T080000Z@tocsin', 'On call: Payments'],
      ['shift.b.ana.20260105T080000Z@tocsin', 'On call: Search'],
    ]);
  });

  test('has the UIDs that the feeds of the schedules have', () => {
    const own = opened(userCalendar(schedules, 'ben', window)).events.map(({ uid }) => uid);
    const all = schedules.flatMap((schedule) =>
      opened(scheduleCalendar(schedule, window)).events.map(({ uid }) => uid),
    );
    expect(own.filter((uid) => !all.includes(uid))).toEqual([]);
    expect(own.length).toBe(2);
  });

  test('is empty, and still a calendar, for somebody who is never on call', () => {
    const { name, events } = opened(userCalendar(schedules, 'zoe', window, { name: 'Mine; all, mine' }));
    expect([name, events]).toEqual(['Mine; all, mine', []]);
  });
});

test('a window that is none is refused', () => {
  const window = { from: BUSY.until, until: BUSY.from };
  const refused = expect.objectContaining({ code: 'WINDOW_INVALID' });
  expect(() => scheduleCalendar(busySchedule(), window)).toThrow(refused);
  expect(() => userCalendar([busySchedule()], 'ana', window)).toThrow(refused);
});
