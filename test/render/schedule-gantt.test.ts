import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule } from '../../src/core/on-call/index.ts';
import { scheduleGantt } from '../../src/render/index.ts';
import { BUSY, busySchedule, hostileSchedule, USERS } from './schedules.ts';

test('a schedule is a section for each person, and gaps are critical', () => {
  expect(scheduleGantt(busySchedule(), BUSY, { users: USERS })).toBe(`gantt
    title Checkout (America/New_York)
    dateFormat YYYY-MM-DDTHH:mm:ss
    axisFormat %d %b
    section Ana Lima
    rotation weekly :2026-03-09T09:00:00, 2026-03-16T09:00:00
    swap concert :2026-03-16T09:00:00, 2026-03-18T09:00:00
    section Ben Okafor
    rotation weekly :2026-03-02T00:00:00, 2026-03-02T09:00:00
    rotation weekly :2026-03-18T09:00:00, 2026-03-23T00:00:00
    section Chi Nguyen
    rotation weekly :2026-03-02T09:00:00, 2026-03-07T09:00:00
    rotation weekly :2026-03-08T12:00:00, 2026-03-09T09:00:00
    section Dee
    override help :2026-03-10T09:00:00, 2026-03-12T18:00:00
    section Nobody
    nobody on call :crit, 2026-03-07T09:00:00, 2026-03-08T12:00:00`);
});

test('without a gap there is no section for nobody', () => {
  const window = { from: '2026-01-12T14:00:00Z', until: '2026-01-19T14:00:00Z' };
  expect(scheduleGantt(busySchedule(), window, { title: 'One week' }).split('\n').slice(1)).toEqual([
    '    title One week (America/New_York)',
    '    dateFormat YYYY-MM-DDTHH:mm:ss',
    '    axisFormat %d %b',
    '    section ben',
    '    rotation weekly :2026-01-12T09:00:00, 2026-01-19T09:00:00',
  ]);
});

test('nothing ends before it begins when clocks go back', () => {
  const schedule = createSchedule({
    id: 's',
    timeZone: 'America/New_York',
    layers: [{ id: 'l', rotation: { start: '2026-10-01T09:00:00', rrule: 'FREQ=WEEKLY', participants: ['ana'] } }],
    overrides: [
      { id: 'o', from: '2026-11-01T01:50:00-04:00', until: '2026-11-01T01:10:00-05:00', kind: 'add', user: 'ben' },
    ],
  });
  const gantt = scheduleGantt(schedule, { from: '2026-10-31T00:00:00Z', until: '2026-11-02T00:00:00Z' });
  expect(gantt).toContain('override o :2026-11-01T01:50:00, 2026-11-01T02:00:00');
});

test('no name becomes syntax', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string({ unit: fc.constantFrom(...':;#%\n\r"`{}<>\\&, ab', '\u2028', 'section ', 'title ', 'click ') }),
          fc.string({ unit: 'grapheme' }),
        ),
        { minLength: 1, maxLength: 5 },
      ),
      (names) => {
        const { schedule, users } = hostileSchedule(names);
        const window = { from: '2026-01-05T09:00:00Z', until: '2026-01-10T09:00:00Z' };
        const [head, title, format, axis, ...lines] = scheduleGantt(schedule, window, { users }).split('\n');
        expect([head, format, axis]).toEqual(['gantt', '    dateFormat YYYY-MM-DDTHH:mm:ss', '    axisFormat %d %b']);
        expect(title).toMatch(/^ {4}title [^:;#%<>"`{}\\&\r\u2028]+ \(UTC\)$/u);
        for (const line of lines) {
          expect(line).toMatch(/^ {4}(section [^:;#%<>"`{}\\&\r\u2028]+|rotation x：y :[-\dT:]{19}, [-\dT:]{19})$/u);
        }
        expect(lines.filter((line) => line.includes(' :')).length).toBe(schedule.shifts(window).length);
      },
    ),
  );
});
