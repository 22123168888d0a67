import { expect, test } from 'vitest';
import { between, layer, lines, MONDAY, OFFICE_HOURS, schedule, short, users } from './build.ts';
import { caught } from './caught.ts';

const january = between('2026-01-05', '2026-02-02');

test('a weekly rotation hands over every Monday at nine', () => {
  const weekly = schedule([layer('weekly', ['ana', 'ben', 'chi'])]);
  expect(lines(weekly.shifts(january))).toEqual([
    'ana 01-05 09:00 to 01-12 09:00',
    'ben 01-12 09:00 to 01-19 09:00',
    'chi 01-19 09:00 to 01-26 09:00',
    'ana 01-26 09:00 to 02-02 00:00',
  ]);
});

test('who is on call knows why and from when to when', () => {
  const weekly = schedule([layer('weekly', ['ana', 'ben'])]);
  expect(weekly.onCallAt('2026-01-12T09:00:00Z')).toEqual([
    {
      user: 'ben',
      source: 'rotation',
      id: 'weekly',
      layer: 'weekly',
      handoff: 1,
      shift: { start: new Date('2026-01-12T09:00:00Z'), end: new Date('2026-01-19T09:00:00Z') },
    },
  ]);
  expect(users(weekly, '2026-01-12T08:59:59.999Z')).toEqual(['ana']);
});

test('nobody is on call before the first handoff', () => {
  const weekly = schedule([layer('weekly', ['ana'])]);
  expect(weekly.onCallAt('2026-01-05T08:59:59.999Z')).toEqual([]);
  expect(users(weekly, '2026-01-05T09:00:00Z')).toEqual(['ana']);
  expect(weekly.shifts(between('2025-12-01', '2026-01-05'))).toEqual([]);
});

test('a participant may be several people together', () => {
  const pairs = schedule([layer('pairs', [['chi', 'ben'], 'ana'])]);
  expect(users(pairs, '2026-01-06T00:00:00Z')).toEqual(['ben', 'chi']);
  expect(lines(pairs.shifts(between('2026-01-10', '2026-01-13')))).toEqual([
    'ben 01-10 00:00 to 01-12 09:00',
    'chi 01-10 00:00 to 01-12 09:00',
    'ana 01-12 09:00 to 01-13 00:00',
  ]);
});

test('a turn may last several handoffs and start with somebody else', () => {
  const slow = layer('slow', ['ana', 'ben', 'chi'], { rotation: { handoffsPerTurn: 2, startIndex: 2 } });
  const weeks = ['2026-01-05', '2026-01-12', '2026-01-19', '2026-01-26', '2026-02-02'];
  const asked = schedule([slow]);
  expect(weeks.map((day) => users(asked, `${day}T12:00:00Z`)[0])).toEqual(['chi', 'chi', 'ana', 'ana', 'ben']);
  expect(asked.onCallAt('2026-01-12T12:00:00Z')[0]).toMatchObject({
    handoff: 1,
    shift: { start: new Date('2026-01-12T09:00:00Z') },
  });
});

test('a rotation serves only between its from and until, but turns count from the start', () => {
  const rotation = { from: '2026-01-14T00:00:00Z', until: '2026-01-21T00:00:00Z' };
  const limited = schedule([layer('limited', ['ana', 'ben', 'chi'], { rotation })]);
  expect(lines(limited.shifts(january))).toEqual(['ben 01-14 00:00 to 01-19 09:00', 'chi 01-19 09:00 to 01-21 00:00']);
  expect(limited.handoffs('limited', january).map(short)).toEqual(['01-19 09:00']);
  expect(limited.shifts(between('2026-01-05', '2026-01-14'))).toEqual([]);
  expect(limited.shifts(between('2026-01-21', '2026-02-14'))).toEqual([]);
  expect(limited.handoffs('limited', between('2026-01-05', '2026-01-14'))).toEqual([]);
  expect(users(limited, '2026-01-13T23:59:59.999Z')).toEqual([]);
  expect(users(limited, '2026-01-20T23:59:59.999Z')).toEqual(['chi']);
  expect(users(limited, '2026-01-21T00:00:00Z')).toEqual([]);
});

test('a shift may end before the next handoff', () => {
  const days = schedule([layer('days', ['ana', 'ben'], { rotation: { rrule: 'FREQ=DAILY', shiftDuration: '8h' } })]);
  expect(lines(days.shifts(between('2026-01-05', '2026-01-07')))).toEqual([
    'ana 01-05 09:00 to 01-05 17:00',
    'ben 01-06 09:00 to 01-06 17:00',
  ]);
  expect(days.handoffs('days', between('2026-01-05', '2026-01-07')).map(short)).toEqual(['01-05 09:00', '01-06 09:00']);
});

test('a shift never lasts beyond the next handoff', () => {
  const days = schedule([layer('days', ['ana', 'ben'], { rotation: { rrule: 'FREQ=DAILY', shiftDuration: '30h' } })]);
  expect(lines(days.shifts(between('2026-01-05', '2026-01-06T12:00:00Z')))).toEqual([
    'ana 01-05 09:00 to 01-06 09:00',
    'ben 01-06 09:00 to 01-06 12:00',
  ]);
});

test('the last turn goes on after the last handoff', () => {
  const ending = schedule([layer('ending', ['ana', 'ben'], { rotation: { rrule: 'FREQ=WEEKLY;COUNT=2' } })]);
  expect(users(ending, '2030-01-01T00:00:00Z')).toEqual(['ben']);
  expect(ending.handoffs('ending', between('2026-01-01', '2030-01-01')).map(short)).toEqual([
    '01-05 09:00',
    '01-12 09:00',
  ]);
  const ended = { rrule: 'FREQ=WEEKLY;COUNT=2', until: '2026-01-19T09:00:00Z' };
  expect(users(schedule([layer('ended', ['ana', 'ben'], { rotation: ended })]), '2026-01-19T09:00:00Z')).toEqual([]);
});

test('an endless shift is cut ten years before and after the question', () => {
  const rotation = { start: '2000-01-01T00:00:00', rrule: 'FREQ=DAILY;COUNT=1' };
  const [endless] = schedule([layer('endless', ['ana'], { rotation })]).onCallAt('2020-01-01T00:00:00Z');
  expect(endless?.shift).toEqual({
    start: new Date(Date.parse('2020-01-01T00:00:00Z') - 3_653 * 86_400_000),
    end: new Date(Date.parse('2020-01-01T00:00:00Z') + 3_653 * 86_400_000),
  });
});

test('a rotation without participants serves nobody and hides nobody', () => {
  const asked = schedule([layer('below', ['ana']), layer('empty', [])]);
  expect(users(asked, '2026-01-06T00:00:00Z')).toEqual(['ana']);
  expect(asked.layerShifts('empty', january)).toEqual([]);
});

test('an excluded handoff is no turn, an added one is', () => {
  const rotation = { exdates: ['2026-01-12T09:00:00'], rdates: ['2026-01-21T09:00:00'] };
  expect(lines(schedule([layer('holiday', ['ana', 'ben', 'chi'], { rotation })]).shifts(january))).toEqual([
    'ana 01-05 09:00 to 01-19 09:00',
    'ben 01-19 09:00 to 01-21 09:00',
    'chi 01-21 09:00 to 01-26 09:00',
    'ana 01-26 09:00 to 02-02 00:00',
  ]);
});

test.each([
  ['America/New_York', 'a gap', '2026-03-07', '2026-03-09', ['03-07 07:30', '03-08 07:30']],
  ['America/New_York', 'a fold', '2026-10-31', '2026-11-03', ['10-31 06:30', '11-01 07:30', '11-02 07:30']],
  ['Europe/London', 'a gap', '2026-03-28', '2026-03-30', ['03-28 02:30', '03-29 01:30']],
  [
    'Australia/Lord_Howe',
    'the end of a gap',
    '2026-10-02',
    '2026-10-05',
    ['10-02 16:00', '10-03 15:30', '10-04 15:30'],
  ],
])('in %s a daily handoff at half past two meets %s', (timeZone, _, from, until, expected) => {
  const rotation = { start: '2026-01-05T02:30:00', rrule: 'FREQ=DAILY' };
  const daily = schedule([layer('daily', ['ana', 'ben'], { rotation })], { timeZone });
  expect(daily.handoffs('daily', between(from, until)).map(short)).toEqual(expected);
});

test('during an hour that comes twice the handoff of its first time holds', () => {
  const rotation = { start: '2026-10-01T01:30:00', rrule: 'FREQ=DAILY' };
  const daily = schedule([layer('daily', ['ana', 'ben'], { rotation })], { timeZone: 'America/New_York' });
  const before = users(daily, '2026-11-01T05:29:59Z');
  const after = ['2026-11-01T05:30:00Z', '2026-11-01T06:10:00Z', '2026-11-01T06:30:00Z', '2026-11-02T06:29:59Z'];
  expect(before).toEqual(['ana']);
  expect(after.map((at) => users(daily, at))).toEqual([['ben'], ['ben'], ['ben'], ['ben']]);
});

test('until a handoff pushed out of a gap the previous turn holds', () => {
  const rotation = { start: '2026-03-01T02:30:00', rrule: 'FREQ=DAILY' };
  const daily = schedule([layer('daily', ['ana', 'ben'], { rotation })], { timeZone: 'America/New_York' });
  expect(users(daily, '2026-03-08T07:29:59.999Z')).toEqual(['ana']);
  expect(users(daily, '2026-03-08T07:30:00Z')).toEqual(['ben']);
});

test('the turn of a day that a zone skips is counted and not served', () => {
  const rotation = { start: '2011-12-28T09:00:00', rrule: 'FREQ=DAILY' };
  const daily = schedule([layer('daily', ['ana', 'ben', 'chi', 'dan'], { rotation })], { timeZone: 'Pacific/Apia' });
  expect(lines(daily.shifts(between('2011-12-28T19:00:00Z', '2012-01-01T19:00:00Z')))).toEqual([
    'ana 12-28 19:00 to 12-29 19:00',
    'ben 12-29 19:00 to 12-30 19:00',
    'dan 12-30 19:00 to 12-31 19:00',
    'ana 12-31 19:00 to 01-01 19:00',
  ]);
  expect(daily.onCallAt('2011-12-30T19:00:00Z')[0]).toMatchObject({ user: 'dan', handoff: 3 });
});

test('a handoff overtaken in a gap never serves', () => {
  const rotation = {
    start: '2026-03-07T02:30:00',
    rrule: 'FREQ=DAILY',
    rdates: ['2026-03-08T03:00:00', '2026-03-08T03:30:00'],
  };
  const gap = schedule([layer('gap', ['ana', 'ben', 'chi', 'dan', 'eva'], { rotation })], {
    timeZone: 'America/New_York',
  });
  expect(lines(gap.shifts(between('2026-03-08', '2026-03-10')))).toEqual([
    'ana 03-08 00:00 to 03-08 07:00',
    'chi 03-08 07:00 to 03-08 07:30',
    'dan 03-08 07:30 to 03-09 06:30',
    'eva 03-09 06:30 to 03-10 00:00',
  ]);
});

test('a layer may keep its own zone', () => {
  const tokyo = layer('tokyo', ['ana', 'ben'], { timeZone: 'Asia/Tokyo', rotation: { rrule: 'FREQ=DAILY' } });
  expect(schedule([tokyo]).handoffs('tokyo', between('2026-01-05', '2026-01-07')).map(short)).toEqual([
    '01-05 00:00',
    '01-06 00:00',
  ]);
});

test('turns outside the restrictions count, unless only active ones do', () => {
  const rotation = { start: '2026-01-05T00:00:00', rrule: 'FREQ=DAILY' };
  const restrictions = [OFFICE_HOURS];
  const every = schedule([layer('every', ['ana', 'ben', 'chi'], { rotation, restrictions })]);
  const active = schedule([
    layer('active', ['ana', 'ben', 'chi'], { rotation: { ...rotation, advance: 'active-only' }, restrictions }),
  ]);
  const days = ['2026-01-05', '2026-01-09', '2026-01-10', '2026-01-12', '2026-01-13'];
  expect(days.map((day) => users(every, `${day}T12:00:00Z`)[0])).toEqual(['ana', 'ben', undefined, 'ben', 'chi']);
  expect(days.map((day) => users(active, `${day}T12:00:00Z`)[0])).toEqual(['ana', 'ben', undefined, 'chi', 'ana']);
  expect(active.onCallAt('2026-01-12T12:00:00Z')[0]?.handoff).toBe(7);
});

test('without restrictions every turn is active', () => {
  const rotation = { rrule: 'FREQ=DAILY', advance: 'active-only' as const };
  const asked = schedule([layer('all', ['ana', 'ben'], { rotation })]);
  expect(users(asked, '2526-01-06T12:00:00Z')).toEqual(
    users(schedule([layer('all', ['ana', 'ben'], { rotation: { rrule: 'FREQ=DAILY' } })]), '2526-01-06T12:00:00Z'),
  );
});

test('the turn of a day that a zone skips counts as active, as it does without restrictions', () => {
  const rotation = { start: '2011-12-28T09:00:00', rrule: 'FREQ=DAILY', advance: 'active-only' as const };
  const always = { start: '2011-12-28T00:00:00', duration: '24h', rrule: 'FREQ=DAILY' };
  const daily = schedule([layer('daily', ['ana', 'ben', 'chi', 'dan'], { rotation, restrictions: [always] })], {
    timeZone: 'Pacific/Apia',
  });
  expect(users(daily, '2011-12-30T19:00:00Z')).toEqual(['dan']);
});

test('active turns are counted as quickly after centuries as after days', () => {
  const rotation = { start: MONDAY, rrule: 'FREQ=HOURLY', advance: 'active-only' as const };
  const asked = schedule([layer('active', ['ana', 'ben', 'chi'], { rotation, restrictions: [OFFICE_HOURS] })]);
  // 40 active hours a week; the Monday of week n begins with turn 40 n.
  const mondayOfWeek = (week: number) =>
    new Date(Date.parse('2026-01-05T09:30:00Z') + week * 7 * 86_400_000).toISOString();
  expect([0, 1, 2, 30_000].map((week) => users(asked, mondayOfWeek(week)))).toEqual([
    ['ana'],
    ['ben'],
    ['chi'],
    ['ana'],
  ]);
});

test('turns before the first window are not active, and a window that opens later joins in', () => {
  const later = { start: '2026-03-02T09:00:00', duration: '8h', rrule: 'FREQ=WEEKLY;BYDAY=SA' };
  const rotation = { start: '2025-01-06T09:00:00', rrule: 'FREQ=DAILY', advance: 'active-only' as const };
  const asked = schedule([layer('active', ['ana', 'ben'], { rotation, restrictions: [OFFICE_HOURS, later] })]);
  const turn = (day: string) => asked.explainAt(`${day}T12:00:00Z`).layers[0]?.turn;
  expect(turn('2026-01-05')).toBe(0);
  expect(turn('2026-01-12')).toBe(5);
  // Eight weeks of five days, then weeks of six.
  expect(turn('2026-03-02')).toBe(40);
  expect(turn('2026-03-09')).toBe(46);
  expect(turn('2036-03-03')).toBe(46 + 6 * 521);
});

test('where rules do not repeat, counting active turns for centuries is refused', () => {
  const rotation = {
    start: MONDAY,
    rrule: 'FREQ=HOURLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12',
    advance: 'active-only' as const,
  };
  const asked = schedule([layer('active', ['ana'], { rotation, restrictions: [OFFICE_HOURS] })]);
  expect(caught(() => asked.onCallAt('2126-01-07T12:00:00Z'))).toEqual({
    code: 'UNBOUNDED',
    message:
      'Cannot count the active turns of a rotation after 876627 handoffs; 200000 is the most for rules that do not repeat. Give the rotation a later start.',
    details: { handoff: 876_627, limit: 200_000 },
  });
});

test('in a gap too, windows of passing hours make turns active by the clock on the wall', () => {
  const rotation = {
    start: '2026-03-07T20:00:00',
    rrule: 'FREQ=HOURLY;INTERVAL=2;BYMINUTE=0,30',
    advance: 'active-only' as const,
  };
  const windows = { start: '2026-03-07T19:15:00', duration: '30m', rrule: 'FREQ=HOURLY;INTERVAL=7' };
  const asked = schedule([layer('active', ['ana', 'ben'], { rotation, restrictions: [windows] })], {
    timeZone: 'America/New_York',
  });
  expect(asked.explainAt('2026-03-08T07:30:00Z').layers[0]).toMatchObject({ handoff: 7, users: ['ana'] });
});
