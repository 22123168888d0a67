/** What layers, lists, swaps and overrides can and cannot change, of every schedule: notes/on-call.md 3. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule, type ScheduleInput, type Shift } from '../../../src/core/on-call/index.ts';
import { DAY } from './oracle/clock.ts';
import { whoText } from './oracle/duty.ts';
import { iso, minuteArb, overrideArb, participantArb, scheduleArb, swapArb, windowArb } from './oracle/schedule-arb.ts';

type Window = { readonly from: number; readonly until: number };
type Layer = ScheduleInput['layers'][number];

const dutiesAt = (input: ScheduleInput, at: number) => createSchedule(input).onCallAt(at).map(whoText);
const usersAt = (input: ScheduleInput, at: number) =>
  createSchedule(input)
    .onCallAt(at)
    .map(({ user }) => user);
/** Who serves, and in which turn, by a list of shifts. */
const served = (shifts: readonly Shift[], at: number) =>
  shifts.filter(({ start, end }) => +start <= at && at < +end).map(whoText);
/** Every moment at which something may change, and the one before. */
const edges = (shifts: readonly Shift[], { from, until }: Window) =>
  [from, ...shifts.flatMap(({ start, end }) => [+start, +end])]
    .flatMap((at) => [at - 1, at])
    .filter((at) => at >= from && at < until);

test('somebody who is added, or put in for others, and then removed again leaves no trace', () => {
  fc.assert(
    fc.property(scheduleArb, overrideArb, minuteArb, (input, override, at) => {
      fc.pre(override.kind !== 'remove' && !('replaces' in override));
      const stretch = { from: iso(at - DAY), until: iso(at + DAY) };
      const added = { ...override, ...stretch, id: 'added', user: 'zoe' };
      const removed = { ...stretch, id: 'removed', kind: 'remove' as const, user: 'zoe' };
      const overrides = input.overrides ?? [];
      expect(dutiesAt({ ...input, overrides: [...overrides, added, removed] }, at)).toEqual(dutiesAt(input, at));
    }),
    { numRuns: 100 },
  );
});

/** The same schedule with another first layer. */
const withFirst = (input: ScheduleInput, change: (layer: Layer) => Layer): ScheduleInput => ({
  ...input,
  layers: input.layers.map((layer, index) => (index === 0 ? change(layer) : layer)),
});

test('a list that is rotated, and begins as much earlier, is the same list', () => {
  fc.assert(
    fc.property(
      scheduleArb,
      fc.array(participantArb, { minLength: 1, maxLength: 6 }),
      fc.nat(20),
      windowArb,
      (input, list, by, window) => {
        const size = list.length;
        const first = withFirst(input, ({ rotation, ...layer }) => ({
          ...layer,
          rotation: { ...rotation, participants: list },
        }));
        const rotated = withFirst(first, ({ rotation, ...layer }) => ({
          ...layer,
          rotation: {
            ...rotation,
            participants: list.map((_, index) => list[(index + by) % size]!),
            startIndex: ((((rotation.startIndex ?? 0) - by) % size) + size) % size,
          },
        }));
        expect(createSchedule(rotated).shifts(window)).toEqual(createSchedule(first).shifts(window));
      },
    ),
    { numRuns: 40 },
  );
});

test('a restricted layer serves when the same layer without restrictions does and they are open, and then alike', () => {
  fc.assert(
    fc.property(scheduleArb, windowArb, (input, window) => {
      const { timeZone, layers } = input;
      const { restrictions = [], rotation, ...rest } = layers[0]!;
      fc.pre(restrictions.length > 0);
      const always = { start: '2001-01-01T00:00:00', rrule: 'FREQ=DAILY', participants: ['open'] };
      const one = (layer: Omit<Layer, 'id'>) =>
        createSchedule({ id: 'any', timeZone, layers: [{ ...layer, id: 'layer0' }] }).layerShifts('layer0', window);
      const every = { ...rotation, advance: 'every-handoff' as const };
      const closed = one({ ...rest, rotation: every, restrictions });
      const free = one({ ...rest, rotation: every });
      const open = one({ ...rest, rotation: always, restrictions });
      for (const at of edges([...closed, ...free, ...open], window))
        expect([at, served(closed, at)]).toEqual([at, served(open, at).length > 0 ? served(free, at) : []]);
    }),
    { numRuns: 30 },
  );
});

test('a swap with oneself changes nobody, and a swap that is swapped back neither', () => {
  fc.assert(
    fc.property(scheduleArb, swapArb, minuteArb, (input, swap, at) => {
      const stretch = { from: iso(at - DAY), until: iso(at + DAY) };
      const and = (...more: { give: string; take: string; layer?: string }[]) => ({
        ...input,
        swaps: [...(input.swaps ?? []), ...more.map((one, index) => ({ ...one, ...stretch, id: `more${index}` }))],
      });
      const users = usersAt(input, at);
      expect(usersAt(and({ ...swap, take: swap.give }), at)).toEqual(users);
      expect(usersAt(and({ ...swap, take: 'zoe' }, { ...swap, give: 'zoe', take: swap.give }), at)).toEqual(users);
    }),
    { numRuns: 100 },
  );
});

test('without its highest layer a schedule shows what that layer hid, and all else as before', () => {
  fc.assert(
    fc.property(
      scheduleArb,
      scheduleArb,
      fc.array(minuteArb, { minLength: 3, maxLength: 3 }),
      (input, other, moments) => {
        const highest = { ...other.layers[0]!, id: 'highest', priority: 9 };
        const above = createSchedule({ ...input, layers: [...input.layers, highest] });
        const below = createSchedule(input);
        for (const at of moments) {
          const [before, after] = [above.onCallAt(at), below.onCallAt(at).map(whoText)];
          const others = before.filter(({ layer }) => layer !== 'highest').map(whoText);
          const state = above.explainAt(at).layers[0]?.state ?? '';
          if (['closed', 'between', 'idle'].includes(state)) expect(before.map(whoText)).toEqual(after);
          expect(after).toEqual(expect.arrayContaining(others.filter((text) => !text.includes(' override '))));
        }
      },
    ),
    { numRuns: 40 },
  );
});
