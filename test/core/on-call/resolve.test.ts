import { expect, test } from 'vitest';
import { resolve } from '../../../src/core/on-call/resolve.ts';

const turn = (users: readonly string[]) => ({ startAt: 0, endAt: 1, handoff: 7, users });
const now = (id: string, users: readonly string[]) => ({ id, priority: 0, turn: turn(users) });
const stretch = { from: '2026-01-05T00:00:00Z', until: '2026-01-06T00:00:00Z' };

test('people come by name, each once', () => {
  const layers = [now('one', ['chi', 'ana']), now('two', ['ben', 'chi'])];
  expect(resolve({ layers, overrides: [], swaps: [] })).toEqual([
    { user: 'ana', source: 'rotation', id: 'one', layer: 'one', handoff: 7 },
    { user: 'ben', source: 'rotation', id: 'two', layer: 'two', handoff: 7 },
    { user: 'chi', source: 'rotation', id: 'one', layer: 'one', handoff: 7 },
  ]);
});

test('an override of the whole schedule belongs to no layer', () => {
  const override = { id: 'o', kind: 'add' as const, user: 'zoe', ...stretch };
  const [duty] = resolve({ layers: [], overrides: [override], swaps: [] });
  expect(duty).toStrictEqual({ user: 'zoe', source: 'override', id: 'o' });
});

test('without a turn, an override or a swap nobody is on call', () => {
  const swap = { id: 's', give: 'ana', take: 'zoe', ...stretch };
  expect(resolve({ layers: [{ id: 'one', priority: 0, turn: undefined }], overrides: [], swaps: [swap] })).toEqual([]);
});
