import { expect, test } from 'vitest';
import { createSchedule, reanchor, type ScheduleInput } from '../../../src/core/on-call/index.ts';
import { between, layer, lines } from './build.ts';
import { caught } from './caught.ts';

const base: ScheduleInput = { id: 'primary', timeZone: 'UTC', layers: [layer('weekly', ['ana', 'ben', 'chi'])] };
const window = between('2026-01-05', '2026-02-23');
const order = (input: ScheduleInput, asked = window) =>
  createSchedule(input)
    .shifts(asked)
    .map(({ user }) => user);
// The second turn, that of ben.
const at = '2026-01-14T12:00:00Z';

test('whoever serves goes on, and is followed by the next of the new list', () => {
  expect(order(base)).toEqual(['ana', 'ben', 'chi', 'ana', 'ben', 'chi', 'ana']);
  expect(order(reanchor(base, { at, participants: ['ben', 'zoe', 'ana'] }))).toEqual([
    'ana',
    'ben',
    'zoe',
    'ana',
    'ben',
    'zoe',
    'ana',
  ]);
});

test('when whoever serves leaves, the next who is still there comes', () => {
  expect(order(reanchor(base, { at, participants: ['zoe', 'chi', 'ana'] })).slice(0, 5)).toEqual([
    'ana',
    'ben',
    'chi',
    'ana',
    'zoe',
  ]);
  expect(order(reanchor(base, { at, participants: ['zoe', 'ana'] })).slice(0, 4)).toEqual(['ana', 'ben', 'ana', 'zoe']);
});

test('when nobody of the old list is left, the new one begins with its first', () => {
  expect(order(reanchor(base, { at, participants: ['kim', 'lee'] })).slice(0, 4)).toEqual(['ana', 'ben', 'kim', 'lee']);
});

test('groups and deliberate gaps are participants like any other', () => {
  const together = { ...base, layers: [layer('weekly', [['ana', 'ben'], null])] };
  const after = reanchor(together, { at: '2026-01-06T00:00:00Z', participants: [null, ['ana', 'ben'], 'chi'] });
  expect(order(after).slice(0, 3)).toEqual(['ana', 'ben', 'chi']);
  expect(
    createSchedule(after)
      .gaps(window)
      .map(({ start }) => start.toISOString().slice(0, 10)),
  ).toEqual(['2026-01-05', '2026-01-19', '2026-02-09']);
});

test('the past, the running shift and every handoff stay as they were', () => {
  const before = createSchedule(base);
  const after = createSchedule(reanchor(base, { at, participants: ['zoe'] }));
  expect(after.onCallAt(at)).toEqual(before.onCallAt(at));
  expect(after.shifts(between('2026-01-05', '2026-01-14'))).toEqual(before.shifts(between('2026-01-05', '2026-01-14')));
  expect(after.handoffs('weekly', window)).toEqual(before.handoffs('weekly', window));
  expect(lines(after.shifts(between('2026-01-14', '2026-01-21')))).toEqual([
    'ben 01-14 00:00 to 01-19 09:00',
    'zoe 01-19 09:00 to 01-21 00:00',
  ]);
});

test('a turn of several handoffs is not cut', () => {
  const daily = { rrule: 'FREQ=DAILY', handoffsPerTurn: 7 };
  const of = { ...base, layers: [layer('weekly', ['ana', 'ben'], { rotation: daily })] };
  const after = createSchedule(reanchor(of, { at, participants: ['zoe', 'ana'] }));
  expect(after.onCallAt('2026-01-19T08:59:00Z')[0]?.user).toBe('ben');
  expect(after.onCallAt('2026-01-19T09:00:00Z')[0]?.user).toBe('ana');
});

test('a list may be changed again and again, also before an earlier change comes into force', () => {
  const once = reanchor(base, { at, participants: ['ben', 'zoe'] });
  const twice = reanchor(once, { at: '2026-01-28T00:00:00Z', participants: ['kim'] });
  expect(order(twice).slice(0, 5)).toEqual(['ana', 'ben', 'zoe', 'ben', 'kim']);
  const instead = reanchor(once, { at, participants: ['ben', 'kim'] });
  expect(order(instead).slice(0, 4)).toEqual(['ana', 'ben', 'kim', 'ben']);
  expect(instead.layers[0]?.rotation.earlier).toHaveLength(1);
});

test('before its first handoff a rotation simply has another list', () => {
  const soon = reanchor(base, { at: '2026-01-01T00:00:00Z', participants: ['zoe', 'kim'] });
  expect(order(soon).slice(0, 2)).toEqual(['zoe', 'kim']);
  expect(soon.layers[0]?.rotation.earlier).toBeUndefined();
});

test('a rotation whose last turn goes on for ever is refused, because nobody would ever take over', () => {
  const ended = { ...base, layers: [layer('weekly', ['ana', 'ben'], { rotation: { rrule: 'FREQ=WEEKLY;COUNT=2' } })] };
  expect(caught(() => reanchor(ended, { at, participants: ['zoe'] }))).toEqual({
    code: 'SCHEDULE_INVALID',
    message:
      'Cannot re-anchor: layer weekly hands over no more after 2026-01-14T12:00:00.000Z, so that its last turn goes on. Give its rotation an `until` and lay another layer beside it.',
    details: {
      problems: [
        {
          path: 'layers.weekly.rotation.rrule',
          message: 'layer weekly hands over no more after 2026-01-14T12:00:00.000Z, so that its last turn goes on',
        },
      ],
    },
  });
});

test('outside the restrictions a turn that is complete has ended: whoever left the list does not come back', () => {
  const rotation = { rrule: 'FREQ=DAILY', advance: 'active-only' as const };
  const office = { start: '2026-01-05T09:00:00', duration: '8h', rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' };
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'];
  const of = { ...base, layers: [layer('daily', days, { rotation, restrictions: [office] })] };
  const after = reanchor(of, { at: '2026-01-10T12:00:00Z', participants: ['tue', 'wed', 'thu', 'fri'] });
  expect(order(after, between('2026-01-12', '2026-01-15'))).toEqual(['tue', 'wed', 'thu']);
});

test('the same list again changes nothing, also when somebody stands in it twice or a group is written otherwise', () => {
  type List = ScheduleInput['layers'][number]['rotation']['participants'];
  const lists: readonly (readonly [List, List])[] = [
    [
      ['ana', 'ben', 'ana', 'chi'],
      ['ana', 'ben', 'ana', 'chi'],
    ],
    [
      ['ana', null, 'ben', null],
      ['ana', null, 'ben', null],
    ],
    [
      [['ana', 'ben'], 'chi'],
      [['ben', 'ana'], 'chi'],
    ],
  ];
  for (const [list, again] of lists) {
    const of = { ...base, layers: [layer('weekly', list)] };
    for (const week of ['07', '14', '21', '28']) {
      const after = reanchor(of, { at: `2026-01-${week}T12:00:00Z`, participants: again });
      expect(order(after)).toEqual(order(of));
    }
  }
});

test('participants of the wrong shape are named with their path', () => {
  for (const participants of ['ana', undefined, null, 5, [7]]) {
    const wrong = { at, participants } as unknown as Parameters<typeof reanchor>[1];
    expect(caught(() => reanchor(base, wrong)).code).toBe('SCHEDULE_INVALID');
  }
});

test('nobody at all may be left: a gap from the end of the turn on', () => {
  const gone = createSchedule(reanchor(base, { at, participants: [] }));
  expect(gone.gaps(window).map(({ start }) => start.toISOString())).toEqual([
    '2026-01-05T00:00:00.000Z',
    '2026-01-19T09:00:00.000Z',
  ]);
});

test('only active turns are counted where only they count', () => {
  const rotation = { rrule: 'FREQ=DAILY', advance: 'active-only' as const };
  const office = { start: '2026-01-05T09:00:00', duration: '8h', rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' };
  const of = { ...base, layers: [layer('daily', ['ana', 'ben'], { rotation, restrictions: [office] })] };
  const after = reanchor(of, { at: '2026-01-09T12:00:00Z', participants: ['ana', 'zoe'] });
  // Friday is the fifth turn, that of ana; the weekend has none.
  expect(order(after, between('2026-01-09', '2026-01-14'))).toEqual(['ana', 'zoe', 'ana']);
});

test('the layer is named when there are several', () => {
  const two = { ...base, layers: [layer('low', ['ana']), layer('high', [null])] };
  const after = reanchor(two, { at, layer: 'high', participants: ['zoe'] });
  expect(after.layers[0]).toEqual(createSchedule(two).definition.layers[0]);
  expect(createSchedule(after).onCallAt('2026-01-20T00:00:00Z')[0]?.user).toBe('zoe');
  expect(caught(() => reanchor(two, { at, participants: ['zoe'] }))).toEqual({
    code: 'REFERENCE_UNKNOWN',
    message: 'Cannot re-anchor schedule primary without a layer: it has several. Its layers: low, high.',
    details: { layer: undefined, known: ['low', 'high'] },
  });
  expect(caught(() => reanchor(two, { at, layer: 'top', participants: ['zoe'] })).message).toBe(
    'Cannot re-anchor schedule primary: it has no layer "top". Its layers: low, high.',
  );
});
