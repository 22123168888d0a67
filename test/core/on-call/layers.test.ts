import { expect, test } from 'vitest';
import { between, layer, lines, MONDAY, OFFICE_HOURS, schedule, users } from './build.ts';
import { caught } from './caught.ts';

const NIGHTS = { start: '2026-01-05T22:00:00', duration: '8h', rrule: 'FREQ=DAILY' };
const AT = '2026-01-06T12:00:00Z';

test('the later layer wins while it is active, the earlier one resumes after', () => {
  const asked = schedule([layer('all', ['ana']), layer('office', ['ben'], { restrictions: [OFFICE_HOURS] })]);
  expect(lines(asked.shifts(between('2026-01-06', '2026-01-07')))).toEqual([
    'ana 01-06 00:00 to 01-06 09:00',
    'ben 01-06 09:00 to 01-06 17:00',
    'ana 01-06 17:00 to 01-07 00:00',
  ]);
  expect(asked.onCallAt('2026-01-06T18:00:00Z')[0]?.shift).toEqual({
    start: new Date('2026-01-06T17:00:00Z'),
    end: new Date('2026-01-07T09:00:00Z'),
  });
});

test('a written priority beats the position', () => {
  expect(users(schedule([layer('high', ['ana'], { priority: 5 }), layer('low', ['ben'])]), AT)).toEqual(['ana']);
  expect(users(schedule([layer('low', ['ana'], { priority: -5 }), layer('high', ['ben'])]), AT)).toEqual(['ben']);
});

test('layers of equal priority are on call together', () => {
  const together = [layer('b', ['ben'], { priority: 1 }), layer('a', ['ana'], { priority: 1 }), layer('c', ['chi'])];
  const low = layer('low', ['dan'], { priority: 0 });
  expect(users(schedule([...together.slice(0, 2), low]), AT)).toEqual(['ana', 'ben']);
  expect(users(schedule([low, ...together.slice(0, 2)]), AT)).toEqual(['ana', 'ben']);
});

test('somebody on call twice is named once, for the first layer', () => {
  const asked = schedule([layer('one', ['ana'], { priority: 1 }), layer('two', ['ana'], { priority: 1 })]);
  expect(asked.onCallAt(AT)).toHaveLength(1);
  expect(asked.onCallAt(AT)[0]?.layer).toBe('one');
  expect(asked.load(between('2026-01-06', '2026-01-07'))[0]?.hours).toBe(24);
});

test('deliberately nobody hides the layers below', () => {
  const asked = schedule([layer('below', ['ana']), layer('above', [null, 'ben'])]);
  expect(users(asked, AT)).toEqual([]);
  expect(users(asked, '2026-01-13T12:00:00Z')).toEqual(['ben']);
  expect(asked.gaps(between('2026-01-06', '2026-01-13'))).toEqual([
    { start: new Date('2026-01-06T00:00:00Z'), end: new Date('2026-01-12T09:00:00Z') },
  ]);
  expect(asked.layerShifts('above', between('2026-01-06', '2026-01-13'))).toHaveLength(1);
});

test('beside a layer of equal priority deliberately nobody hides nobody', () => {
  const asked = [layer('none', [null], { priority: 1 }), layer('some', ['ana'], { priority: 1 })];
  expect(users(schedule(asked), AT)).toEqual(['ana']);
  expect(users(schedule(asked.toReversed()), AT)).toEqual(['ana']);
});

test('restrictions unite, touch without a seam and cross midnight', () => {
  const evening = { start: '2026-01-05T17:00:00', duration: '5h', rrule: 'FREQ=DAILY' };
  const asked = schedule([layer('out', ['ana'], { restrictions: [NIGHTS, evening] })]);
  expect(lines(asked.shifts(between('2026-01-06', '2026-01-08')))).toEqual([
    'ana 01-06 00:00 to 01-06 06:00',
    'ana 01-06 17:00 to 01-07 06:00',
    'ana 01-07 17:00 to 01-08 00:00',
  ]);
});

test('a restriction may last for days, and longer than its own period', () => {
  const weekend = { start: '2026-01-09T18:00:00', duration: '62h', rrule: 'FREQ=WEEKLY' };
  const daily = { rotation: { rrule: 'FREQ=DAILY' } };
  const asked = schedule([layer('weekend', ['ana', 'ben'], { ...daily, restrictions: [weekend] })]);
  expect(lines(asked.shifts(between('2026-01-09', '2026-01-13')))).toEqual([
    'ana 01-09 18:00 to 01-10 09:00',
    'ben 01-10 09:00 to 01-11 09:00',
    'ana 01-11 09:00 to 01-12 08:00',
  ]);
  const always = { start: '2026-01-05T09:00:00', duration: '30h', rrule: 'FREQ=DAILY;COUNT=3' };
  expect(
    lines(schedule([layer('a', ['ana'], { restrictions: [always] })]).shifts(between('2026-01-05', '2026-01-11'))),
  ).toEqual(['ana 01-05 09:00 to 01-08 15:00']);
});

test('a restriction ends by the clock on the wall in every night', () => {
  const asked = schedule([layer('night', ['ana'], { restrictions: [NIGHTS] })], { timeZone: 'America/New_York' });
  expect(lines(asked.shifts(between('2026-03-07T18:00:00Z', '2026-03-08T18:00:00Z')))).toEqual([
    'ana 03-08 03:00 to 03-08 10:00',
  ]);
  expect(lines(asked.shifts(between('2026-10-31T18:00:00Z', '2026-11-01T18:00:00Z')))).toEqual([
    'ana 11-01 02:00 to 11-01 11:00',
  ]);
});

test('a restriction that a gap would swallow lasts its duration after it', () => {
  const short = { start: '2026-03-01T02:10:00', duration: '30m', rrule: 'FREQ=DAILY' };
  const asked = schedule([layer('short', ['ana'], { restrictions: [short] })], { timeZone: 'America/New_York' });
  expect(lines(asked.shifts(between('2026-03-08', '2026-03-09')))).toEqual(['ana 03-08 07:10 to 03-08 07:40']);
  const hour = { ...short, start: '2026-03-01T02:00:00', duration: '1h' };
  const other = schedule([layer('hour', ['ana'], { restrictions: [hour] })], { timeZone: 'America/New_York' });
  expect(lines(other.shifts(between('2026-03-08', '2026-03-09')))).toEqual(['ana 03-08 07:00 to 03-08 08:00']);
});

test('shifts that a window cuts say so', () => {
  const asked = schedule([layer('weekly', ['ana', 'ben'])]);
  const cuts = (from: string, until: string) =>
    asked.shifts(between(from, until)).map(({ truncatedStart, truncatedEnd }) => [truncatedStart, truncatedEnd]);
  expect(cuts('2026-01-05T09:00:00Z', '2026-01-12T09:00:00Z')).toEqual([[false, false]]);
  expect(cuts('2026-01-05T09:00:00.001Z', '2026-01-12T08:59:59.999Z')).toEqual([[true, true]]);
  expect(cuts('2026-01-06', '2026-01-13')).toEqual([
    [true, false],
    [false, true],
  ]);
});

test('the shifts of a layer ignore what lies on top', () => {
  const over = { id: 'o', ...between('2026-01-06', '2026-01-07'), kind: 'replace', user: 'zoe' } as const;
  const swap = { id: 's', ...between('2026-01-06', '2026-01-07'), give: 'ana', take: 'zoe' } as const;
  const asked = schedule([layer('low', ['ana']), layer('high', ['ben'])], { overrides: [over], swaps: [swap] });
  expect(asked.layerShifts('low', between('2026-01-06', '2026-01-07'))).toEqual([
    {
      user: 'ana',
      source: 'rotation',
      id: 'low',
      layer: 'low',
      handoff: 0,
      start: new Date('2026-01-06T00:00:00Z'),
      end: new Date('2026-01-07T00:00:00Z'),
      truncatedStart: true,
      truncatedEnd: true,
    },
  ]);
});

test('a layer that does not exist is named with those that do', () => {
  const asked = schedule([layer('low', ['ana']), layer('high', ['ben'])]);
  const unknown = {
    code: 'REFERENCE_UNKNOWN',
    message: 'Cannot find layer "middle" of schedule "primary". Its layers: low, high.',
    details: { layer: 'middle', known: ['low', 'high'] },
  };
  expect(caught(() => asked.layerShifts('middle', between('2026-01-06', '2026-01-07')))).toEqual(unknown);
  expect(caught(() => asked.handoffs('middle', between('2026-01-06', '2026-01-07')))).toEqual(unknown);
});

test('a schedule carries its definition with every default', () => {
  const asked = schedule([layer('low', ['ana'])]);
  expect([asked.id, asked.timeZone]).toEqual(['primary', 'UTC']);
  expect(asked.definition).toEqual({
    id: 'primary',
    timeZone: 'UTC',
    layers: [
      {
        id: 'low',
        restrictions: [],
        rotation: {
          start: MONDAY,
          rrule: 'FREQ=WEEKLY',
          participants: ['ana'],
          handoffsPerTurn: 1,
          startIndex: 0,
          advance: 'every-handoff',
        },
      },
    ],
    overrides: [],
    swaps: [],
  });
});
