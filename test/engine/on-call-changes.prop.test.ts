/**
 * Whatever people do to who is on call, and on whichever node: the answer is that of a schedule that was written so, what
 * has passed stays as it was, and every change that could be foreseen is told at its moment.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule, type Schedule, type ScheduleInput } from '../../src/core/on-call/index.ts';
import { isTocsinError, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, DAY, HOUR, MINUTE, T0, world } from './world.ts';

const PEOPLE = ['ana', 'ben', 'boss'] as const;
const by = 'boss';
const rotation = { start: '2026-01-06T00:15:00', rrule: 'FREQ=HOURLY', participants: ['ana', 'ben', null] };
const base: ScheduleInput = {
  id: 'primary',
  timeZone: 'UTC',
  layers: [
    { id: 'low', rotation: { ...rotation, rrule: 'FREQ=HOURLY;INTERVAL=2', participants: ['boss'] } },
    { id: 'high', rotation },
  ],
};

const act = fc.record({
  kind: fc.constantFrom('override', 'override', 'override', 'swap', 'cancel'),
  node: fc.nat(1),
  fromMin: fc.integer({ min: -90, max: 240 }),
  lastsMin: fc.integer({ min: 1, max: 240 }),
  how: fc.constantFrom('replace', 'add', 'remove' as const),
  user: fc.constantFrom(...PEOPLE),
  other: fc.option(fc.constantFrom(...PEOPLE), { nil: undefined }),
  layer: fc.option(fc.constantFrom('low', 'high'), { nil: undefined }),
  pick: fc.nat(20),
  thenMin: fc.integer({ min: 0, max: 60 }),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** What the test believes to be stored: plain, by the rules of the documents. */
type Row = { id: string; from: number; until: number; layer?: string };
type Model = {
  overrides: (Row & { kind: 'replace' | 'add' | 'remove'; user: string; replaces?: string })[];
  swaps: (Row & { give: string; take: string })[];
};

test('who is on call is what a schedule with the same overrides and swaps says, and the past is never rewritten', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 14 }), async (acts) => {
      const clock = virtualClock({ start: T0 });
      const storage = memoryStorage({ clock });
      const steps = [{ targets: [{ user: 'ana' }] }];
      const policies = (config().escalationPolicies ?? []).map((one) => ({ ...one, steps }));
      const own = config({ schedules: [base], escalationPolicies: policies });
      const nodes = [world({ clock, storage, config: own }), world({ clock, storage, config: own })] as const;
      const model: Model = { overrides: [], swaps: [] };
      for (const [n, one] of acts.entries()) {
        const now = clock.now();
        const before = await nodes[0].tocsin.onCall.schedule('primary');
        await perform(one, `c${n}`, { model, tocsin: nodes[one.node === 0 ? 0 : 1].tocsin, now });
        const after = await nodes[one.node === 0 ? 1 : 0].tocsin.onCall.schedule('primary');
        const written = createSchedule({
          ...base,
          overrides: model.overrides.map(plain),
          swaps: model.swaps.map(plain),
        });
        for (let at = now - 3 * HOUR; at < now + 8 * HOUR; at += 7 * MINUTE) {
          expect(duties(after, at)).toEqual(duties(written, at));
          if (at < now) expect(duties(after, at)).toEqual(duties(before, at));
        }
        if (now > T0) expect(duties(after, now - 1)).toEqual(duties(before, now - 1));
        expect(await nodes[0].tocsin.onCall.at('primary')).toEqual(written.onCallAt(now));
        await clock.advance(one.thenMin * MINUTE);
      }
    }),
    { numRuns: 80 },
  );
}, 60_000);

test('every change of the people on call is told at its minute, by whichever node', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
      const clock = virtualClock({ start: T0 });
      const storage = memoryStorage({ clock });
      const own = config({ schedules: [base] });
      const nodes = [world({ clock, storage, config: own }), world({ clock, storage, config: own })] as const;
      const known = { people: '' };
      for (const { tocsin } of nodes)
        tocsin.on('oncall.changed', ({ before, onCall, joined, left }) => {
          expect(namesOf(before)).toBe(known.people);
          expect(
            [...before.map(({ user }) => user), ...joined]
              .filter((user) => !left.includes(user))
              .sort()
              .join(),
          ).toBe(namesOf(onCall));
          known.people = namesOf(onCall);
        });
      for (const { tocsin } of nodes) await tocsin.tick();
      known.people = namesOf(await nodes[0].tocsin.onCall.at('primary'));
      const model: Model = { overrides: [], swaps: [] };
      for (const [n, one] of acts.entries()) {
        await perform(one, `c${n}`, { model, tocsin: nodes[one.node === 0 ? 0 : 1].tocsin, now: clock.now() });
        for (let minute = 0; minute <= one.thenMin; minute++) {
          await nodes[minute % 2 === 0 ? 0 : 1].tocsin.tick();
          expect(known.people).toBe(namesOf(await nodes[0].tocsin.onCall.at('primary')));
          await clock.advance(MINUTE);
        }
        await nodes[0].tocsin.tick();
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

const namesOf = (onCall: readonly { readonly user: string }[]) => onCall.map(({ user }) => user).join();

function duties(schedule: Schedule, at: number) {
  return schedule.onCallAt(at).map(({ shift: _, ...duty }) => duty);
}

const plain = <R extends Row>({ from, until, ...rest }: R) => ({
  ...rest,
  from: new Date(from).toISOString(),
  until: new Date(until).toISOString(),
});

type Given = { readonly model: Model; readonly tocsin: ReturnType<typeof world>['tocsin']; readonly now: number };

/** Does it, and writes down what should have come of it; a refusal has to be one that the rules ask for. */
async function perform(one: Act, id: string, { model, tocsin, now }: Given): Promise<void> {
  const { kind, fromMin, lastsMin, how, user, other, layer, pick } = one;
  const from = now + fromMin * MINUTE;
  const until = from + lastsMin * MINUTE;
  const stretch = { schedule: 'primary', id, from, until, by, ...(layer !== undefined && { layer }) };
  const row = { id, from: Math.max(from, now), until, ...(layer !== undefined && { layer }) };
  const isOver = until <= now;
  if (kind === 'override') {
    const replaces = how === 'replace' && other !== undefined ? { replaces: other } : {};
    if (!(await isRefused(() => tocsin.onCall.override({ ...stretch, kind: how, user, ...replaces }), isOver)))
      model.overrides.push({ ...row, kind: how, user, ...replaces });
  } else if (kind === 'swap') {
    const take = other ?? 'boss';
    const swap = { give: user, take };
    if (!(await isRefused(() => tocsin.onCall.swap({ ...stretch, ...swap }), isOver || user === take)))
      model.swaps.push({ ...row, ...swap });
  } else {
    const all = [...model.overrides, ...model.swaps];
    const found = all[pick % Math.max(1, all.length)];
    if (found === undefined) return;
    const isSwap = model.swaps.some((swap) => swap === found);
    const cancel = () => tocsin.onCall[isSwap ? 'cancelSwap' : 'cancelOverride'](found.id, { by });
    if (await isRefused(cancel, found.until <= now)) return;
    if (found.from < now) found.until = now;
    else {
      model.overrides = model.overrides.filter((override) => override !== found);
      model.swaps = model.swaps.filter((swap) => swap !== found);
    }
  }
}

async function isRefused(work: () => Promise<unknown>, isExpected: boolean): Promise<boolean> {
  try {
    await work();
    expect(isExpected).toBe(false);
    return false;
  } catch (error) {
    if (!isTocsinError(error) || !isExpected) throw error;
    return true;
  }
}

test('what ended long ago is forgotten, and nothing that has not', async () => {
  const w = world({ config: config({ schedules: [base] }) });
  const make = (id: string, from: number, until: number) =>
    w.tocsin.onCall.override({ schedule: 'primary', id, from, until, kind: 'add', user: 'boss', by });
  await make('short', T0, T0 + DAY);
  await make('long', T0, T0 + 500 * DAY);
  await w.sleep(402 * DAY);
  await make('now', T0 + 402 * DAY, T0 + 403 * DAY);
  expect((await w.tocsin.onCall.overrides('primary')).map(({ id }) => id)).toEqual(['long', 'now']);
});
