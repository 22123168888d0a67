import { expect, test } from 'vitest';
import { scheduleTable } from '../../src/render/index.ts';
import { columns, widthOf } from '../../src/render/text-width.ts';
import { BUSY, busySchedule, hostileSchedule, USERS } from './schedules.ts';

const SECOND_WEEK = { from: '2026-03-09T04:00:00Z', until: '2026-03-17T04:00:00Z' };

test('a schedule is a line for each shift and each gap, in the time of its zone', () => {
  expect(scheduleTable(busySchedule(), BUSY, { users: USERS }).split('\n')).toEqual([
    'Checkout, times in America/New_York',
    '',
    ' from                     until                     length  who         why',
    '─'.repeat(89),
    '<Mon 2026-03-02 00:00-05  Mon 2026-03-02 09:00-05   9h      Ben Okafor  rotation weekly',
    ' Mon 2026-03-02 09:00-05  Sat 2026-03-07 09:00-05   5d      Chi Nguyen  rotation weekly',
    ' Sat 2026-03-07 09:00-05  Sun 2026-03-08 12:00-04   1d 2h   GAP         nobody is on call',
    ' Sun 2026-03-08 12:00-04  Mon 2026-03-09 09:00-04   21h     Chi Nguyen  rotation weekly',
    ' Mon 2026-03-09 09:00-04  Mon 2026-03-16 09:00-04   7d      Ana Lima    rotation weekly',
    ' Tue 2026-03-10 09:00-04  Thu 2026-03-12 18:00-04   2d 9h   Dee         override help',
    ' Mon 2026-03-16 09:00-04  Wed 2026-03-18 09:00-04   2d      Ana Lima    swap concert',
    ' Wed 2026-03-18 09:00-04  Mon 2026-03-23 00:00-04>  4d 15h  Ben Okafor  rotation weekly',
    '',
    '< began earlier   > goes on',
    'Nobody is on call for 1d 2h, in one gap.',
  ]);
});

test('offsets are shown only when there is more than one, marks only when something is cut', () => {
  const whole = { from: '2026-03-09T13:00:00Z', until: '2026-03-16T13:00:00Z' };
  expect(scheduleTable(busySchedule(), whole, { title: 'A week' }).split('\n')).toEqual([
    'A week, times in America/New_York',
    '',
    'from                  until                 length  who  why',
    '─'.repeat(72),
    'Mon 2026-03-09 09:00  Mon 2026-03-16 09:00  7d      ana  rotation weekly',
    'Tue 2026-03-10 09:00  Thu 2026-03-12 18:00  2d 9h   dee  override help',
    '',
    'Somebody is always on call.',
  ]);
});

test('the reader may have it in a zone of their own', () => {
  const lines = scheduleTable(busySchedule(), SECOND_WEEK, { timeZone: 'Asia/Kolkata' }).split('\n');
  expect(lines[0]).toBe('Checkout, times in Asia/Kolkata');
  expect(lines[5]).toMatch(/^ Mon 2026-03-09 18:30 {2}Mon 2026-03-16 18:30 /);
});

test('columns stand below each other, also with wide characters and emoji', () => {
  const users = [
    { id: 'ana', name: '張偉明' },
    { id: 'ben', name: '👩‍👩‍👧 B' },
    { id: 'chi', name: 'Chi' },
  ];
  const lines = scheduleTable(busySchedule(), BUSY, { users }).split('\n').slice(4, 12);
  const before = lines.map((line) => widthOf(/^(.*?)(rotation|override|swap|nobody)/u.exec(line)![1]!, columns));
  expect(new Set(before).size).toBe(1);
});

test('long names and reasons give way to the width', () => {
  const { schedule, users } = hostileSchedule();
  const window = { from: '2026-01-05T09:00:00Z', until: '2026-01-16T09:00:00Z' };
  for (const width of [80, 100, 200]) {
    const lines = scheduleTable(schedule, window, { users, width }).split('\n');
    expect(Math.max(...lines.map((line) => widthOf(line, columns)))).toBeLessThanOrEqual(width);
  }
});

test('names of strangers carry no control characters, and no line of their own', () => {
  const { schedule, users } = hostileSchedule();
  const window = { from: '2026-01-05T09:00:00Z', until: '2026-01-14T09:00:00Z' };
  const table = scheduleTable(schedule, window, { users });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: there must be none
  expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(table.split('\n').length).toBe(4 + 9 + 2);
});

test('colour is off unless it is asked for, and changes no word', () => {
  const plain = scheduleTable(busySchedule(), BUSY);
  const coloured = scheduleTable(busySchedule(), BUSY, { color: true });
  expect(plain).not.toContain('\u001b');
  expect(coloured).toContain('\u001b[1;31m Sat 2026-03-07 09:00-05');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  expect(coloured.replaceAll(/\u001b\[[\d;]*m/g, '')).toBe(plain);
});

test.each([
  [{ timeZone: 'Mars/Olympus' }, 'INPUT_INVALID', 'timeZone'],
  [{ timeZone: 'local' }, 'INPUT_INVALID', 'timeZone'],
  [{ width: 79 }, 'INPUT_INVALID', 'width'],
  [{ width: Number.POSITIVE_INFINITY }, 'INPUT_INVALID', 'width'],
])('%j is refused', (options, code, path) => {
  expect(() => scheduleTable(busySchedule(), BUSY, options)).toThrow(
    expect.objectContaining({ code, details: { problems: [expect.objectContaining({ path })] } }),
  );
});
