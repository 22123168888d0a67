import { expect, test } from 'vitest';
import type { OnCallExplanation } from '../../../src/core/on-call/index.ts';
import { between, layer, MONDAY, OFFICE_HOURS, schedule } from './build.ts';

const week = between('2026-01-05', '2026-01-12');
const TUESDAY_NOON = '2026-01-06T12:00:00Z';
const layersOf = ({ layers }: OnCallExplanation) => layers.map((one) => `${one.layer} ${one.state}`);
const why = (explained: OnCallExplanation, id: string) => explained.layers.find((one) => one.layer === id)?.why;

test('whoever is on call is explained by the handoff, the turn and the place in the list', () => {
  const explained = schedule([layer('weekly', ['ana', 'ben', 'chi'])]).explainAt('2026-01-20T00:00:00Z');
  expect(explained.at.toISOString()).toBe('2026-01-20T00:00:00.000Z');
  expect(explained.onCall).toEqual([
    {
      user: 'chi',
      source: 'rotation',
      id: 'weekly',
      layer: 'weekly',
      handoff: 2,
      why: 'chi: handoff 2 of layer weekly (2026-01-19T09:00 in UTC) begins turn 2, that of participant 3 of 3',
    },
  ]);
  expect(explained.layers).toEqual([
    {
      layer: 'weekly',
      priority: 0,
      state: 'serving',
      users: ['chi'],
      handoff: 2,
      handedOffAt: new Date('2026-01-19T09:00:00Z'),
      nextHandoffAt: new Date('2026-01-26T09:00:00Z'),
      turn: 2,
      why: 'handoff 2 of layer weekly (2026-01-19T09:00 in UTC) begins turn 2, that of participant 3 of 3',
    },
  ]);
  expect(explained.changes).toEqual([]);
});

test('local times are those of the layer', () => {
  const explained = schedule([layer('weekly', ['ana'], { timeZone: 'America/New_York' })]).explainAt(TUESDAY_NOON);
  expect(why(explained, 'weekly')).toContain('(2026-01-05T09:00 in America/New_York)');
});

test('every layer says why it serves or does not, the highest first', () => {
  const explained = schedule([
    layer('base', ['ana']),
    layer('hidden', ['dan'], { priority: 5 }),
    layer('office', ['ben'], { priority: 7, restrictions: [OFFICE_HOURS] }),
    layer('night', ['chi'], { priority: 8, restrictions: [{ ...OFFICE_HOURS, start: '2026-01-05T22:00:00' }] }),
    layer('short', ['eve'], { priority: 9, rotation: { rrule: 'FREQ=DAILY', shiftDuration: '1h' } }),
    layer('future', ['fay'], { priority: 10, rotation: { start: '2027-01-04T09:00:00' } }),
    layer('past', ['gus'], { priority: 11, rotation: { until: '2026-01-06T00:00:00Z' } }),
    layer('empty', [], { priority: 12 }),
  ]).explainAt(TUESDAY_NOON);
  expect(layersOf(explained)).toEqual([
    'empty idle',
    'past idle',
    'future idle',
    'short between',
    'night closed',
    'office serving',
    'hidden hidden',
    'base hidden',
  ]);
  expect(why(explained, 'empty')).toBe('layer empty has no participants');
  expect(why(explained, 'past')).toBe('layer past serves until 2026-01-06T00:00:00.000Z');
  expect(why(explained, 'future')).toBe('layer future has not handed off yet');
  expect(why(explained, 'short')).toBe('the shift of handoff 1 of layer short (2026-01-06T09:00 in UTC) has ended');
  expect(why(explained, 'night')).toBe('the restrictions of layer night are closed');
  expect(why(explained, 'base')).toMatch(/participant 1 of 1, hidden by layer office$/);
  expect(explained.layers[2]?.nextHandoffAt?.toISOString()).toBe('2027-01-04T09:00:00.000Z');
  expect(explained.layers[0]?.users).toEqual([]);
  expect(explained.layers[4]?.users).toEqual(['chi']);
});

test('deliberately nobody is said, and what it hides as well', () => {
  const explained = schedule([layer('base', ['ana']), layer('top', [null])]).explainAt(TUESDAY_NOON);
  expect(explained.onCall).toEqual([]);
  expect(layersOf(explained)).toEqual(['top nobody', 'base hidden']);
  expect(why(explained, 'top')).toMatch(/that of participant 1 of 1: deliberately nobody$/);
  expect(why(explained, 'base')).toMatch(/hidden by layer top$/);
});

test('what an override or a swap does is what changes without it', () => {
  const explained = schedule([layer('base', ['ana'])], {
    overrides: [
      { id: 'o1', kind: 'replace', user: 'zoe', ...week },
      { id: 'o2', kind: 'add', user: 'zoe', layer: 'base', ...week },
      { id: 'o3', kind: 'remove', user: 'gus', ...week },
      { id: 'o4', kind: 'add', user: 'max', ...between('2026-02-01', '2026-02-02') },
    ],
    swaps: [{ id: 's1', give: 'ana', take: 'ben', ...week }],
  }).explainAt(TUESDAY_NOON);
  expect(explained.onCall.map((duty) => duty.why)).toEqual(['zoe by override o1']);
  expect(explained.changes).toEqual([
    {
      id: 's1',
      kind: 'swap',
      added: [],
      removed: [],
      why: 'swap s1: ben does the shifts of ana; it changes nothing at this moment',
    },
    { id: 'o1', kind: 'replace', added: [], removed: ['ben'], why: 'override o1: zoe instead of everybody' },
    {
      id: 'o2',
      kind: 'add',
      added: [],
      removed: [],
      why: 'override o2: zoe as well in layer base; it changes nothing at this moment',
    },
    {
      id: 'o3',
      kind: 'remove',
      added: [],
      removed: [],
      why: 'override o3: without gus; it changes nothing at this moment',
    },
  ]);
});

test('whoever serves by a swap or a replacement is explained by both the change and the turn', () => {
  const of = schedule([layer('base', ['ana', 'ben'])], {
    overrides: [{ id: 'o1', kind: 'replace', user: 'zoe', replaces: 'ben', ...between('2026-01-13', '2026-01-14') }],
    swaps: [{ id: 's1', give: 'ana', take: 'chi', layer: 'base', ...week }],
  });
  const turn = (number: number, day: string) =>
    `handoff ${number} of layer base (2026-01-${day}T09:00 in UTC) begins turn ${number}, that of participant ${number + 1} of 2`;
  expect(of.explainAt(TUESDAY_NOON).onCall[0]?.why).toBe(`chi by swap s1; ${turn(0, '05')}, changed by swap s1`);
  expect(of.explainAt(TUESDAY_NOON).changes[0]).toEqual({
    id: 's1',
    kind: 'swap',
    added: ['chi'],
    removed: ['ana'],
    why: 'swap s1: chi does the shifts of ana in layer base',
  });
  const replaced = of.explainAt('2026-01-13T12:00:00Z');
  expect(replaced.onCall[0]?.why).toBe(`zoe by override o1; ${turn(1, '12')}, changed by override o1`);
  expect(replaced.changes[0]?.why).toBe('override o1: zoe instead of ben');
});

test('several handoffs are one turn', () => {
  const { layers } = schedule([
    layer('daily', ['ana', 'ben'], { rotation: { rrule: 'FREQ=DAILY', handoffsPerTurn: 5, start: MONDAY } }),
  ]).explainAt('2026-01-12T12:00:00Z');
  expect(layers[0]).toMatchObject({ handoff: 7, turn: 1, users: ['ben'] });
});

test('a layer whose people were replaced, swapped away or taken away says so, and never that it is hidden', () => {
  const one = (rest: Parameters<typeof schedule>[1]) =>
    schedule([layer('base', ['ana'])], rest).explainAt(TUESDAY_NOON);
  const removed = { id: 'o1', kind: 'remove', user: 'ana', ...week } as const;
  expect(layersOf(one({ overrides: [removed] }))).toEqual(['base replaced']);
  expect(why(one({ overrides: [removed] }), 'base')).toMatch(/changed by override o1$/);
  expect(layersOf(one({ swaps: [{ id: 's1', give: 'ana', take: 'zoe', ...week }] }))).toEqual(['base replaced']);
  const below = schedule([layer('low', ['ben']), layer('high', ['ana'])], { overrides: [removed] });
  expect(layersOf(below.explainAt(TUESDAY_NOON))).toEqual(['high replaced', 'low serving']);
});

test('layers of one priority that name the same person both serve', () => {
  const both = schedule([layer('one', ['ana'], { priority: 1 }), layer('other', ['ana'], { priority: 1 })]);
  expect(layersOf(both.explainAt(TUESDAY_NOON))).toEqual(['one serving', 'other serving']);
});
