import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSchedule } from '../../src/core/on-call/index.ts';
import { scheduleSvg } from '../../src/render/index.ts';
import { PAINTS, type Paint } from '../../src/render/picture/colours.ts';
import { everyElement, ofClass, readXml, type Xml } from './read-xml.ts';
import { BUSY, busySchedule, HOSTILE, hostileSchedule, USERS } from './schedules.ts';

const titleOf = (element: Xml) => element.children.find(({ name }) => name === 'title')!.text;
const wordsOf = (element: Xml) =>
  everyElement(element)
    .filter(({ name }) => ['text', 'tspan'].includes(name))
    .map(({ text }) => text);
const draw = (options: Partial<Parameters<typeof scheduleSvg>[1]> = {}) =>
  readXml(scheduleSvg(busySchedule(), { ...BUSY, users: USERS, ...options }));

describe('a picture of a schedule', () => {
  test('has a row for each week, and dates on its days', () => {
    const weeks = ofClass(draw(), 'tcs-week');
    expect(weeks.map((week) => wordsOf(week).slice(0, 4))).toEqual([
      ['Week 10', '2026', 'Mon 2 Mar', 'Tue 3'],
      ['Week 11', '2026', 'Mon 9 Mar', 'Tue 10'],
      ['Week 12', '2026', 'Mon 16 Mar', 'Tue 17'],
    ]);
  });

  test('begins its rows on the weekday that is asked for', () => {
    const weeks = ofClass(draw({ weekStart: 'SU' }), 'tcs-week');
    expect(weeks.map((week) => wordsOf(week).slice(0, 3))).toEqual([
      ['1 Mar', '2026', 'Sun 1 Mar'],
      ['8 Mar', '2026', 'Sun 8 Mar'],
      ['15 Mar', '2026', 'Sun 15 Mar'],
      ['22 Mar', '2026', 'Sun 22 Mar'],
    ]);
  });

  test('shows whole weeks when a number of weeks is asked for, four when nothing is', () => {
    const { until: _, ...anyMoment } = { ...BUSY, from: '2026-03-04T17:00:00Z', users: USERS };
    const rows = (options: object) =>
      ofClass(readXml(scheduleSvg(busySchedule(), { ...anyMoment, ...options })), 'tcs-week');
    expect(rows({}).length).toBe(4);
    expect(rows({ weeks: 1 }).map((row) => titleOf(ofClass(row, 'tcs-shift')[0]!))).toEqual([
      'Ben Okafor: Mon 2 Mar 2026 00:00 to Mon 2 Mar 2026 09:00, 9h, rotation weekly',
    ]);
  });

  test('tells of each bar who, from when, until when, how long and why', () => {
    const told = ofClass(draw(), 'tcs-shift').map(titleOf);
    expect(told).toContain('Dee: Tue 10 Mar 2026 09:00 to Thu 12 Mar 2026 18:00, 57h, override help');
    expect(told).toContain('Ana Lima: Mon 16 Mar 2026 09:00 to Wed 18 Mar 2026 09:00, 48h, swap concert');
    expect(ofClass(draw(), 'tcs-gap').map(titleOf)).toEqual([
      'Nobody: Sat 7 Mar 2026 09:00 to Sun 8 Mar 2026 12:00, 26h',
    ]);
  });

  test('writes the name on a bar, and the time when the shift begins there', () => {
    const [carriedOn, begun] = ofClass(draw(), 'tcs-shift').map(wordsOf);
    expect(carriedOn!.join('')).toBe('Ben');
    expect(begun).toEqual(['', 'Chi Nguyen', '09:00']);
  });

  test('numbers people when a bar is too short for a name', () => {
    const participants = Array.from({ length: 12 }, (_, index) => `person-${index}`);
    const hourly = createSchedule({
      id: 'hourly',
      timeZone: 'UTC',
      layers: [{ id: 'h', rotation: { start: '2026-01-05T00:00:00', rrule: 'FREQ=HOURLY;INTERVAL=2', participants } }],
    });
    const picture = readXml(scheduleSvg(hourly, { from: '2026-01-05T00:00:00Z', weeks: 1 }));
    expect(
      ofClass(picture, 'tcs-shift')
        .slice(0, 3)
        .map((bar) => wordsOf(bar).join('')),
    ).toEqual(['1', '2', '3']);
    expect(
      wordsOf(ofClass(picture, 'tcs-legend')[0]!)
        .filter((text) => text !== '')
        .slice(0, 3),
    ).toEqual(['1', 'person-0', '14h']);
  });

  test('lays people who are on call together in lanes of their own', () => {
    const secondWeek = ofClass(draw(), 'tcs-week')[1]!;
    const topOf = (who: string) => {
      const bar = ofClass(secondWeek, 'tcs-shift').find((shift) => titleOf(shift).startsWith(who))!;
      return Number(/^M\S+ ([\d.]+)H/.exec(bar.children[1]!.attributes.d!)![1]);
    };
    expect(topOf('Dee') - topOf('Ana')).toBe(29);
    expect(topOf('Chi')).toBe(topOf('Ana'));
  });

  test('marks overrides, swaps and gaps with patterns of their own, and explains them', () => {
    const picture = draw();
    const patterns = everyElement(picture).filter(({ name }) => name === 'pattern');
    expect(patterns.map(({ attributes }) => attributes.id!.split('-').at(-1))).toEqual(['override', 'swap', 'gap']);
    const patternOn = (what: string) =>
      everyElement(
        ofClass(picture, what === 'gap' ? 'tcs-gap' : 'tcs-shift').find(
          (bar) => titleOf(bar).includes(what) || what === 'gap',
        )!,
      ).flatMap(({ attributes }) => /^url\(#(.*)\)$/.exec(attributes.fill ?? '')?.[1] ?? []);
    expect(patternOn('override')).toEqual([patterns[0]!.attributes.id]);
    expect(patternOn('swap')).toEqual([patterns[1]!.attributes.id]);
    expect(patternOn('gap')).toEqual([patterns[2]!.attributes.id]);
    expect(patternOn('rotation')).toEqual([]);
    expect(wordsOf(ofClass(picture, 'tcs-legend')[0]!).join(' ')).toContain('by override  by swap  nobody on call');
  });

  test('draws now where it is told to, and nowhere otherwise', () => {
    expect(ofClass(draw(), 'tcs-now')).toEqual([]);
    expect(ofClass(draw({ now: BUSY.until }), 'tcs-now')).toEqual([]);
    const [now] = ofClass(draw({ now: '2026-03-10T16:00:00Z' }), 'tcs-now');
    expect(wordsOf(now!)).toEqual(['now 12:00']);
    // Noon of the second day of a row.
    expect(now!.children[0]!.attributes.x1).toBe(String(96 + 1.5 * 148));
  });

  test('tells people who do not see it the same in words', () => {
    const { attributes, children } = draw();
    const [title, description] = children;
    expect(attributes.role).toBe('img');
    expect(attributes['aria-labelledby']).toBe(title!.attributes.id);
    expect(attributes['aria-describedby']).toBe(description!.attributes.id);
    expect(title!.text).toBe('Checkout');
    expect(description!.text).toBe(
      'Who is on call, 2 Mar 2026 to 22 Mar 2026, in America/New_York: nobody on call for 26h, in one gap. ' +
        'Ana Lima: 216h. Ben Okafor: 120h. Chi Nguyen: 141h. Dee: 57h. ' +
        'Nobody: Sat 7 Mar 2026 09:00 to Sun 8 Mar 2026 12:00.',
    );
  });

  test('says so when nobody is ever missing', () => {
    const picture = draw({ from: '2026-01-05T14:00:00Z', until: '2026-02-02T14:00:00Z' });
    expect(wordsOf(picture)).toContain('5 Jan 2026 to 2 Feb 2026 · America/New_York · somebody is always on call');
    expect(wordsOf(picture)).not.toContain('nobody on call');
  });
});

describe('on the day of a clock change', () => {
  const daily = createSchedule({
    id: 'daily',
    timeZone: 'America/New_York',
    layers: [
      { id: 'd', rotation: { start: '2026-01-01T09:00:00', rrule: 'FREQ=DAILY', participants: ['ana', 'ben'] } },
    ],
  });
  const beginnings = (from: string) =>
    ofClass(readXml(scheduleSvg(daily, { from, weeks: 1 })), 'tcs-shift')
      .slice(1)
      .map((bar) => Number(/^M([\d.]+) /.exec(bar.children[1]!.attributes.d!)![1]));

  test.each(['2026-03-04T12:00:00Z', '2026-10-28T12:00:00Z', '2026-06-03T12:00:00Z'])(
    '09:00 lies where it lies on every day, in the week of %s',
    (from) => {
      const [first, ...others] = beginnings(from);
      expect(first).toBeCloseTo(96 + (9 / 24) * 148 + 0.5 + 5);
      expect(others.map((x, index) => x - first! - 148 * (index + 1))).toEqual(others.map(() => 0));
    },
  );

  test('the change is written beside the date', () => {
    const changes = (from: string) =>
      wordsOf(readXml(scheduleSvg(daily, { from, weeks: 1 }))).filter((text) => text.startsWith('clocks'));
    expect(changes('2026-03-04T12:00:00Z')).toEqual(['clocks +1h']);
    expect(changes('2026-10-28T12:00:00Z')).toEqual(['clocks -1h']);
    expect(changes('2026-06-03T12:00:00Z')).toEqual([]);
  });
});

describe('names of strangers', () => {
  test('are text, whatever they try to be', () => {
    const { schedule, users } = hostileSchedule();
    const picture = readXml(scheduleSvg(schedule, { from: '2026-01-05T09:00:00Z', weeks: 2, users }));
    const names = new Set(everyElement(picture).map(({ name }) => name));
    expect([...names].toSorted()).toEqual([
      'circle',
      'defs',
      'desc',
      'g',
      'path',
      'pattern',
      'rect',
      'style',
      'svg',
      'text',
      'title',
      'tspan',
    ]);
    expect(
      everyElement(picture)
        .flatMap(({ attributes }) => Object.keys(attributes))
        .filter((key) => /^on/.test(key)),
    ).toEqual([]);
    expect(titleOf(ofClass(picture, 'tcs-shift')[0]!)).toContain('<script>alert(1)</script>" onload="x: Mon 5 Jan');
  });

  test('are cut between two characters as people see them', () => {
    const { schedule, users } = hostileSchedule([HOSTILE[5]!, HOSTILE[6]!]);
    const picture = readXml(scheduleSvg(schedule, { from: '2026-01-05T09:00:00Z', weeks: 1, users }));
    const [family, wide] = ofClass(picture, 'tcs-shift').map((bar) => wordsOf(bar).find((text) => text !== ''));
    expect(family).toMatch(/^(👩‍👩‍👧‍👦)+…$/u);
    expect(wide).toMatch(/^張偉明・オン.*…$/);
  });

  test('that say nothing give way to the id', () => {
    const { schedule, users } = hostileSchedule([' \t\n ', '\u0000\u202e']);
    const picture = readXml(scheduleSvg(schedule, { from: '2026-01-05T09:00:00Z', weeks: 1, users }));
    expect(ofClass(picture, 'tcs-shift').map((bar) => titleOf(bar).split(':')[0])).toEqual([
      'u0',
      'u1',
      'u0',
      'u1',
      'u0',
      'u1',
      'u0',
    ]);
  });
});

describe('the same input', () => {
  test('gives the same bytes in every time zone and language of the process', { timeout: 60_000 }, async () => {
    const code = `
      import { scheduleGantt, scheduleSvg, scheduleTable } from './src/render/index.ts';
      import { scheduleCalendar } from './src/render/ics.ts';
      import { BUSY, busySchedule, USERS } from './test/render/schedules.ts';
      const schedule = busySchedule();
      console.log(scheduleSvg(schedule, { ...BUSY, users: USERS, now: '2026-03-10T16:00:00Z' }));
      console.log(scheduleTable(schedule, BUSY, { users: USERS }), scheduleGantt(schedule, BUSY), scheduleCalendar(schedule, BUSY));`;
    const said = async (TZ: string, LC_ALL: string) => {
      const args = ['--no-warnings', '--input-type=module-typescript', '--eval', code];
      return (await promisify(execFile)(process.execPath, args, { env: { ...process.env, TZ, LC_ALL } })).stdout;
    };
    const [tokyo, samoa] = await Promise.all([said('Asia/Tokyo', 'ja_JP.UTF-8'), said('Pacific/Apia', 'ar_EG.UTF-8')]);
    expect(tokyo.startsWith(scheduleSvg(busySchedule(), { ...BUSY, users: USERS, now: '2026-03-10T16:00:00Z' }))).toBe(
      true,
    );
    expect(samoa).toBe(tokyo);
  });

  test('keeps the colour of a person, whichever weeks are drawn', () => {
    const colourOf = (from: string) =>
      ofClass(readXml(scheduleSvg(busySchedule(), { from, weeks: 1, users: USERS })), 'tcs-shift')
        .filter((bar) => titleOf(bar).startsWith('Chi'))
        .map((bar) => bar.children[1]!.attributes.fill);
    expect(new Set([...colourOf('2026-03-04T12:00:00Z'), ...colourOf('2026-01-20T12:00:00Z')])).toEqual(
      new Set([PAINTS.p2[0]]),
    );
  });

  test('has ids of its own, so that two pictures may stand on one page', () => {
    const idsOf = (picture: Xml) => everyElement(picture).flatMap(({ attributes }) => attributes.id ?? []);
    const [a, b] = [idsOf(draw()), idsOf(draw({ title: 'Another' }))];
    expect(new Set([...a, ...b]).size).toBe(a.length + b.length);
  });
});

describe('every text can be read, in light and in dark', () => {
  const people = Array.from({ length: 10 }, (_, index) => `p${index}` as Paint);
  const texts: readonly (readonly [Paint, Paint])[] = [
    ['ink', 'ground'],
    ['soft', 'ground'],
    ['gapInk', 'gap'],
    ['nowInk', 'now'],
    ...people.flatMap((fill): [Paint, Paint][] => [
      ['ink', fill],
      ['beside', fill],
    ]),
  ];
  const edges: readonly (readonly [Paint, Paint])[] = [
    ...people.map((fill): [Paint, Paint] => [`${fill}Edge` as Paint, 'ground']),
    ...people.map((fill): [Paint, Paint] => [`${fill}Edge` as Paint, 'weekend']),
    ['gapEdge', 'ground'],
    ['now', 'ground'],
  ];

  test.each([
    ['light', 0],
    ['dark', 1],
  ] as const)('%s', (_, mode) => {
    const contrast = ([a, b]: readonly [Paint, Paint]) => ratio(PAINTS[a][mode], PAINTS[b][mode]);
    expect(texts.filter((pair) => contrast(pair) < 4.5)).toEqual([]);
    expect(edges.filter((pair) => contrast(pair) < 3)).toEqual([]);
  });

  test('the picture carries both', () => {
    const style = everyElement(draw()).find(({ name }) => name === 'style')!.text;
    expect(style).toMatch(/^@media \(prefers-color-scheme:dark\)\{/);
    const classes = everyElement(draw()).flatMap(({ attributes }) => attributes.class?.split(' ') ?? []);
    const painted = new Set(classes.filter((name) => /^tcs-[fe]-/.test(name)));
    expect([...painted].filter((name) => !style.includes(`.${name}{`))).toEqual([]);
  });

  /** @see WCAG 2.2, contrast ratio */
  function ratio(a: string, b: string): number {
    const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
    return (high! + 0.05) / (low! + 0.05);
  }

  function luminance(hex: string): number {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  }
});

describe('what cannot be drawn is refused', () => {
  const code = (options: object) => {
    try {
      scheduleSvg(busySchedule(), { from: BUSY.from, ...options });
      return 'drawn';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test.each([
    ['no week', { weeks: 0 }, 'INPUT_INVALID'],
    ['half a week', { weeks: 0.5 }, 'INPUT_INVALID'],
    ['a number of weeks and an end', { weeks: 1, until: BUSY.until }, 'INPUT_INVALID'],
    ['a weekday that is none', { weekStart: 'XX' }, 'INPUT_INVALID'],
    ['more than five years', { weeks: 263 }, 'WINDOW_INVALID'],
    ['more than five years by their end', { until: '2031-03-12T00:00:00Z' }, 'WINDOW_INVALID'],
    ['an end before the beginning', { until: '2026-03-01T00:00:00Z' }, 'WINDOW_INVALID'],
    ['a moment without an offset', { from: '2026-03-01T00:00:00' }, 'INSTANT_INVALID'],
    ['a now that is no moment', { now: Number.NaN }, 'INSTANT_INVALID'],
    ['a year that no schedule knows', { from: 8.64e15 }, 'INSTANT_INVALID'],
  ])('%s', (_, options, expected) => {
    expect(code(options)).toBe(expected);
  });

  test('five years are drawn', () => {
    expect(code({ weeks: 262 })).toBe('drawn');
    expect(code({ until: '2031-03-08T00:00:00Z' })).toBe('drawn');
  });
});
