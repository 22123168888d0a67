import { expect, test } from 'vitest';
import { lintSchedule, type ScheduleInput } from '../../../src/core/on-call/index.ts';
import { between, layer, OFFICE_HOURS } from './build.ts';
import { caught } from './caught.ts';

const week = between('2026-01-05', '2026-01-12');
const base: ScheduleInput = { id: 'primary', timeZone: 'UTC', layers: [layer('low', ['ana'])] };
const found = (input: ScheduleInput) => lintSchedule(input).map(({ code, path }) => `${code} ${path}`);

test('a sound schedule has no findings', () => {
  const sound: ScheduleInput = {
    ...base,
    layers: [
      layer('low', ['ana', null], { rotation: { shiftDuration: '7d' } }),
      layer('high', ['ben'], { restrictions: [OFFICE_HOURS] }),
    ],
    overrides: [
      { id: 'a', kind: 'replace', user: 'zoe', replaces: 'ana', ...week },
      { id: 'b', kind: 'replace', user: 'kim', replaces: 'ben', ...week },
      { id: 'c', kind: 'add', user: 'max', ...week },
      { id: 'd', kind: 'remove', user: 'lee', ...week },
      { id: 'e', kind: 'replace', user: 'max', ...between('2026-01-12', '2026-01-13') },
    ],
    swaps: [{ id: 's', give: 'ana', take: 'ben', ...week }],
  };
  expect(found(sound)).toEqual([]);
});

test('two overrides that contradict each other are found, and the one that wins is named', () => {
  const overrides: ScheduleInput['overrides'] = [
    { id: 'late', kind: 'replace', user: 'zoe', ...week },
    { id: 'early', kind: 'replace', user: 'kim', replaces: 'ana', ...between('2026-01-01', '2026-01-06') },
  ];
  expect(lintSchedule({ ...base, overrides })).toEqual([
    {
      code: 'OVERRIDES_CONFLICT',
      path: 'overrides[1]',
      message: 'override early contradicts override late where both hold; the later one in the list wins',
      hint: 'Cancel the one that is not meant, or make them follow each other.',
    },
  ]);
});

test.each([
  ['somebody is added and removed', { kind: 'add', user: 'zoe' }, { kind: 'remove', user: 'zoe' }, 1],
  ['somebody is added twice', { kind: 'add', user: 'zoe' }, { kind: 'add', user: 'zoe' }, 0],
  ['somebody else is removed', { kind: 'add', user: 'zoe' }, { kind: 'remove', user: 'ana' }, 0],
  [
    'two layers are replaced',
    { kind: 'replace', user: 'a', layer: 'low' },
    { kind: 'replace', user: 'b', layer: 'high' },
    0,
  ],
  [
    'one layer is replaced twice',
    { kind: 'replace', user: 'a', layer: 'low' },
    { kind: 'replace', user: 'b', layer: 'low' },
    1,
  ],
  [
    'a layer and everything is replaced',
    { kind: 'replace', user: 'a', layer: 'low' },
    { kind: 'replace', user: 'b' },
    1,
  ],
  [
    'different people are replaced',
    { kind: 'replace', user: 'a', replaces: 'x' },
    { kind: 'replace', user: 'b', replaces: 'y' },
    0,
  ],
  [
    'the same person is replaced twice',
    { kind: 'replace', user: 'a', replaces: 'x' },
    { kind: 'replace', user: 'b', replaces: 'x' },
    1,
  ],
] as const)('%s: %i conflicts', (_, one, other, count) => {
  const layers = [layer('low', ['ana']), layer('high', ['ben'])];
  const overrides = [
    { id: 'one', ...one, ...week },
    { id: 'other', ...other, ...week },
  ];
  expect(lintSchedule({ ...base, layers, overrides })).toHaveLength(count);
});

test('overrides that only touch do not contradict', () => {
  const overrides: ScheduleInput['overrides'] = [
    { id: 'a', kind: 'replace', user: 'zoe', ...week },
    { id: 'b', kind: 'replace', user: 'kim', ...between('2026-01-12', '2026-01-13') },
  ];
  expect(found({ ...base, overrides })).toEqual([]);
});

test('a restriction as long as its period restricts nothing', () => {
  const always = { start: '2026-01-05T00:00:00', duration: '24h', rrule: 'FREQ=DAILY' };
  expect(found({ ...base, layers: [layer('low', ['ana'], { restrictions: [always] })] })).toEqual([
    'RESTRICTION_ALWAYS_OPEN layers[0].restrictions[0].duration',
  ]);
  const almost = { ...always, duration: '23h59m' };
  expect(found({ ...base, layers: [layer('low', ['ana'], { restrictions: [OFFICE_HOURS, almost] })] })).toEqual([]);
});

test('a shift longer than the time between handoffs, an empty rotation and an idle swap are found', () => {
  const input: ScheduleInput = {
    ...base,
    layers: [layer('low', ['ana'], { rotation: { shiftDuration: '8d' } }), layer('high', [])],
    swaps: [{ id: 's', give: 'ana', take: 'ana', ...week }],
  };
  expect(found(input)).toEqual([
    'SHIFT_CUT layers[0].rotation.shiftDuration',
    'ROTATION_EMPTY layers[1].rotation.participants',
    'SWAP_IDLE swaps[0].take',
  ]);
});

test('what cannot be used at all is an error, not a finding', () => {
  expect(caught(() => lintSchedule({ ...base, timeZone: 'Mars/Olympus' })).code).toBe('SCHEDULE_INVALID');
});

test('swaps that undo each other, or give the same shifts away twice, are found', () => {
  const swap = (id: string, give: string, take: string, rest = {}) => ({ id, give, take, ...week, ...rest });
  expect(found({ ...base, swaps: [swap('a', 'ana', 'ben'), swap('b', 'ben', 'ana')] })).toEqual([
    'SWAPS_CONFLICT swaps[1]',
  ]);
  expect(found({ ...base, swaps: [swap('a', 'ana', 'ben'), swap('b', 'ana', 'chi')] })).toEqual([
    'SWAPS_CONFLICT swaps[1]',
  ]);
  expect(found({ ...base, swaps: [swap('a', 'ana', 'ben'), swap('b', 'ben', 'chi')] })).toEqual([]);
  const later = between('2026-01-12', '2026-01-19');
  expect(found({ ...base, swaps: [swap('a', 'ana', 'ben'), swap('b', 'ben', 'ana', later)] })).toEqual([]);
});
