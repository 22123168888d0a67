import { expect, test } from 'vitest';
import type { ScheduleInput } from '../../../src/core/on-call/index.ts';
import { between, layer, lines, OFFICE_HOURS, schedule, users } from './build.ts';

type OverrideInput = NonNullable<ScheduleInput['overrides']>[number];
type SwapInput = NonNullable<ScheduleInput['swaps']>[number];

const TUESDAY = between('2026-01-06', '2026-01-07');
const NOON = '2026-01-06T12:00:00Z';
const low = layer('low', ['ana']);
const high = layer('high', ['ben']);

const over = (id: string, kind: OverrideInput['kind'], user: string, rest: Partial<OverrideInput> = {}) => ({
  id,
  kind,
  user,
  ...TUESDAY,
  ...rest,
});
const swap = (id: string, give: string, take: string, rest: Partial<SwapInput> = {}) => ({
  id,
  give,
  take,
  ...TUESDAY,
  ...rest,
});
const noon = (layers: Parameters<typeof schedule>[0], ...overrides: OverrideInput[]) =>
  users(schedule(layers, { overrides }), NOON);

test('an override replaces everybody for its time and nothing else', () => {
  const asked = schedule([low, high], { overrides: [over('o1', 'replace', 'zoe')] });
  expect(lines(asked.shifts(between('2026-01-05', '2026-01-08')))).toEqual([
    'ben 01-05 09:00 to 01-06 00:00',
    'zoe 01-06 00:00 to 01-07 00:00',
    'ben 01-07 00:00 to 01-08 00:00',
  ]);
  expect(asked.onCallAt(NOON)).toEqual([
    {
      user: 'zoe',
      source: 'override',
      id: 'o1',
      shift: { start: new Date(TUESDAY.from), end: new Date(TUESDAY.until) },
    },
  ]);
  expect(users(asked, TUESDAY.until)).toEqual(['ben']);
  expect(users(asked, TUESDAY.from)).toEqual(['zoe']);
});

test('an override that replaces everybody fills gaps', () => {
  const weekend = between('2026-01-10', '2026-01-12');
  const office = layer('office', ['ana'], { restrictions: [OFFICE_HOURS] });
  const asked = schedule([office], { overrides: [over('o1', 'replace', 'zoe', weekend)] });
  expect(users(asked, '2026-01-11T03:00:00Z')).toEqual(['zoe']);
});

test('an override that replaces one person leaves the others, and fills no gap', () => {
  const group = layer('group', [['ana', 'ben']]);
  expect(noon([group], over('o1', 'replace', 'zoe', { replaces: 'ana' }))).toEqual(['ben', 'zoe']);
  expect(noon([group], over('o1', 'replace', 'zoe', { replaces: 'dan' }))).toEqual(['ana', 'ben']);
  const asked = schedule([group], { overrides: [over('o1', 'replace', 'zoe', { replaces: 'ana' })] });
  expect(
    asked.onCallAt(NOON).map(({ user, source, id, layer, handoff }) => [user, source, id, layer, handoff]),
  ).toEqual([
    ['ben', 'rotation', 'group', 'group', 0],
    ['zoe', 'override', 'o1', 'group', undefined],
  ]);
});

test('a person may be replaced by somebody who is on call anyway', () => {
  expect(noon([layer('group', [['ana', 'ben']])], over('o1', 'replace', 'ben', { replaces: 'ana' }))).toEqual(['ben']);
});

test('an override that adds hides nobody', () => {
  expect(noon([low, high], over('o1', 'add', 'zoe'))).toEqual(['ben', 'zoe']);
  expect(noon([layer('none', [null])], over('o1', 'add', 'zoe'))).toEqual(['zoe']);
});

test('removing somebody uncovers the layer below', () => {
  expect(noon([low, high], over('o1', 'remove', 'ben'))).toEqual(['ana']);
  expect(noon([low, high], over('o1', 'remove', 'ana'))).toEqual(['ben']);
  expect(noon([low, high], over('o1', 'remove', 'ben'), over('o2', 'remove', 'ana'))).toEqual([]);
});

test('removing one of several uncovers nothing', () => {
  expect(noon([low, layer('group', [['ben', 'chi']])], over('o1', 'remove', 'ben'))).toEqual(['chi']);
});

test('removing does not touch deliberately nobody', () => {
  expect(noon([low, layer('none', [null])], over('o1', 'remove', 'ana'))).toEqual([]);
  expect(noon([low, layer('none', [null])], over('o1', 'replace', 'zoe', { replaces: 'ana' }))).toEqual([]);
});

test('among overrides the later one wins', () => {
  const zoe = over('o1', 'replace', 'zoe');
  const yan = over('o2', 'replace', 'yan');
  expect(noon([low], zoe, yan)).toEqual(['yan']);
  expect(noon([low], yan, zoe)).toEqual(['zoe']);
  expect(noon([low], over('o1', 'remove', 'ana'), over('o2', 'add', 'ana'))).toEqual(['ana']);
  expect(noon([low], over('o1', 'add', 'ana'), over('o2', 'remove', 'ana'))).toEqual([]);
});

test('a replacement hides what was added before it and not what is added after', () => {
  expect(noon([low], over('o1', 'add', 'zoe'), over('o2', 'replace', 'yan'))).toEqual(['yan']);
  expect(noon([low], over('o1', 'replace', 'yan'), over('o2', 'add', 'zoe'))).toEqual(['yan', 'zoe']);
});

test('removing a replacement uncovers what it hid', () => {
  expect(noon([low], over('o1', 'replace', 'zoe'), over('o2', 'remove', 'zoe'))).toEqual(['ana']);
});

test('a later override replaces the person of an earlier one', () => {
  const chain = [over('o1', 'replace', 'zoe'), over('o2', 'replace', 'yan', { replaces: 'zoe' })];
  expect(schedule([low], { overrides: chain }).onCallAt(NOON)).toMatchObject([{ user: 'yan', id: 'o2' }]);
  expect(schedule([low], { overrides: chain }).onCallAt(NOON)[0]).not.toHaveProperty('layer');
});

test('an override of one layer stays in that layer', () => {
  expect(noon([low, high], over('o1', 'replace', 'zoe', { layer: 'low' }))).toEqual(['ben']);
  expect(noon([low, high], over('o1', 'replace', 'zoe', { layer: 'high' }))).toEqual(['zoe']);
  expect(noon([low, high], over('o1', 'add', 'zoe', { layer: 'high' }))).toEqual(['ben', 'zoe']);
  expect(noon([low, high], over('o1', 'remove', 'ben', { layer: 'low' }))).toEqual(['ben']);
  expect(noon([low, high], over('o1', 'remove', 'ben', { layer: 'high' }))).toEqual(['ana']);
  expect(noon([low, high], over('o1', 'replace', 'zoe', { replaces: 'ben', layer: 'low' }))).toEqual(['ben']);
  expect(noon([low, high], over('o1', 'replace', 'zoe', { replaces: 'ben', layer: 'high' }))).toEqual(['zoe']);
  const asked = schedule([low, high], { overrides: [over('o1', 'replace', 'zoe', { layer: 'high' })] });
  expect(asked.onCallAt(NOON)[0]).toMatchObject({ user: 'zoe', source: 'override', id: 'o1', layer: 'high' });
});

test('an override of a closed layer opens it', () => {
  const closed = layer('closed', ['ben'], { restrictions: [{ ...OFFICE_HOURS, duration: '1h' }] });
  expect(noon([low, closed], over('o1', 'replace', 'zoe', { layer: 'closed' }))).toEqual(['zoe']);
  expect(noon([low, closed], over('o1', 'add', 'zoe', { layer: 'closed' }))).toEqual(['zoe']);
  expect(noon([low, closed], over('o1', 'replace', 'zoe', { layer: 'closed', replaces: 'ben' }))).toEqual(['ana']);
});

test('removing a replacement within a layer uncovers its rotation', () => {
  const inHigh = over('o1', 'replace', 'zoe', { layer: 'high' });
  expect(noon([low, high], inHigh, over('o2', 'remove', 'zoe', { layer: 'high' }))).toEqual(['ben']);
  expect(noon([low, high], inHigh, over('o2', 'remove', 'zoe'))).toEqual(['ben']);
});

test('a swap gives the shifts of one person to another, with the handoff they belong to', () => {
  const asked = schedule([low, high], { swaps: [swap('s1', 'ben', 'zoe')] });
  expect(asked.onCallAt(NOON)).toEqual([
    {
      user: 'zoe',
      source: 'swap',
      id: 's1',
      layer: 'high',
      handoff: 0,
      shift: { start: new Date(TUESDAY.from), end: new Date(TUESDAY.until) },
    },
  ]);
  expect(users(asked, '2026-01-07T00:00:00Z')).toEqual(['ben']);
});

test('a swap of one layer leaves the other layers alone', () => {
  const both = [layer('one', ['ana'], { priority: 1 }), layer('two', ['ana'], { priority: 1 })];
  expect(users(schedule(both, { swaps: [swap('s1', 'ana', 'zoe', { layer: 'two' })] }), NOON)).toEqual(['ana', 'zoe']);
  const scoped = schedule(both, { swaps: [swap('s1', 'ana', 'zoe', { layer: 'two' })] }).onCallAt(NOON);
  expect(scoped.map(({ user, layer }) => [user, layer])).toEqual([
    ['ana', 'one'],
    ['zoe', 'two'],
  ]);
  expect(users(schedule(both, { swaps: [swap('s1', 'ana', 'zoe')] }), NOON)).toEqual(['zoe']);
  expect(users(schedule([layer('group', [['ana', 'ben']])], { swaps: [swap('s1', 'ana', 'zoe')] }), NOON)).toEqual([
    'ben',
    'zoe',
  ]);
});

test('a swap taken on may be swapped on, and back', () => {
  const swaps = [swap('s1', 'ana', 'zoe'), swap('s2', 'zoe', 'yan')];
  expect(schedule([low], { swaps }).onCallAt(NOON)).toMatchObject([{ user: 'yan', id: 's2' }]);
  expect(users(schedule([low], { swaps: [...swaps.slice(0, 1), swap('s2', 'zoe', 'ana')] }), NOON)).toEqual(['ana']);
});

test('an override beats a swap, whatever replaces whom', () => {
  const swaps = [swap('s1', 'ana', 'zoe')];
  const asked = (...overrides: OverrideInput[]) => users(schedule([low], { swaps, overrides }), NOON);
  expect(asked(over('o1', 'replace', 'yan'))).toEqual(['yan']);
  expect(asked(over('o1', 'replace', 'yan', { replaces: 'zoe' }))).toEqual(['yan']);
  expect(asked(over('o1', 'replace', 'yan', { replaces: 'ana' }))).toEqual(['zoe']);
  expect(asked(over('o1', 'remove', 'zoe'))).toEqual([]);
});

test('of two reasons for one person the override is named', () => {
  const asked = schedule([low], { overrides: [over('o1', 'add', 'ana')] });
  expect(asked.onCallAt(NOON)).toMatchObject([{ user: 'ana', source: 'override', id: 'o1' }]);
});
