/**
 * Candidates: whom a target means, in particular who comes next and who takes part at all.
 */
import { describe, expect, test } from 'vitest';
import { createSchedule } from '../../../src/core/on-call/schedule.ts';
import { namedBy, nextOnCall, participantsOf, whereaboutsOf } from '../../../src/core/paging/candidates.ts';
import type { Target } from '../../../src/model/escalation.ts';
import type { ScheduleInput } from '../../../src/model/schedule.ts';
import { DAY, HOUR, T0, world } from './world.ts';

type Rotation = ScheduleInput['layers'][number]['rotation'];
const schedule = (...rotations: readonly Partial<Rotation>[]) =>
  createSchedule({
    id: 's',
    timeZone: 'UTC',
    layers: rotations.map((rotation, n) => ({
      id: `l${n}`,
      priority: 0,
      rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: [], ...rotation },
    })),
  });
const next = (one: ReturnType<typeof schedule>, at = T0 + HOUR) => nextOnCall(one, at).map(({ user }) => user);

describe('whoever comes on call next', () => {
  test('is whoever follows those who are on call now', () => {
    expect(next(schedule({ participants: ['ana', 'ben', 'chi'] }))).toEqual(['ben']);
  });

  test('are all who come together', () => {
    expect(next(schedule({ participants: ['ana', ['ben', 'chi']] }))).toEqual(['ben', 'chi']);
  });

  test('is nobody who is on call already, however often the turn changes', () => {
    expect(next(schedule({ participants: [['ana', 'ben'], 'ana', 'chi'] }))).toEqual(['chi']);
    expect(next(schedule({ participants: ['ana'], rrule: 'FREQ=DAILY' }))).toEqual([]);
  });

  test('is found behind a time in which nobody is on call', () => {
    expect(next(schedule({ participants: ['ana', null, 'ben'] }))).toEqual(['ben']);
    expect(next(schedule({ participants: [null, 'ana'] }))).toEqual(['ana']);
  });

  test('is looked for within eight weeks', () => {
    const turns = (weeks: number) => schedule({ participants: [...Array.from({ length: weeks }, () => 'ana'), 'ben'] });
    expect(next(turns(7))).toEqual(['ben']);
    expect(next(turns(9))).toEqual([]);
  });

  test('is whoever an override brings, if that is sooner', () => {
    const { definition } = schedule({ participants: ['ana', 'ben'] });
    const override = {
      id: 'o',
      from: '2026-01-06T09:00:00Z',
      until: '2026-01-06T10:00:00Z',
      kind: 'add',
      user: 'zoe',
    } as const;
    expect(next(createSchedule({ ...definition, overrides: [override] }))).toEqual(['zoe']);
  });
});

test('everybody of a schedule is who takes part in any of its layers, each once', () => {
  const all = schedule({ participants: ['ana', null, ['ben', 'ana']] }, { participants: ['chi', 'ben'] });
  expect(participantsOf(all)).toEqual([
    { user: 'ana', layer: 'l0' },
    { user: 'ben', layer: 'l0' },
    { user: 'chi', layer: 'l1' },
  ]);
});

describe('a target that means a schedule', () => {
  const shop = world();
  const candidates = (target: Target, at = T0 + HOUR) =>
    namedBy([target], shop, at).map((one) => ('candidate' in one ? one.candidate : one));

  test('names whoever comes next, with the shift that brings them', () => {
    const target = { schedule: 'primary', who: 'next' } as const;
    expect(candidates(target, T0 + 2 * DAY)).toEqual([
      {
        user: 'ben',
        reason: { target, schedule: 'primary', layer: 'weekly', handoff: 1, source: 'rotation', sourceId: 'weekly' },
      },
    ]);
  });

  test('names everybody, with their layer', () => {
    const target = { schedule: 'primary', who: 'everyone' } as const;
    expect(candidates(target)).toEqual(
      ['ana', 'ben'].map((user) => ({ user, reason: { target, schedule: 'primary', layer: 'weekly' } })),
    );
  });

  test('names whoever is on call when it says now, as when it says nothing', () => {
    expect(candidates({ schedule: 'primary', who: 'now' })).toMatchObject([{ user: 'ana' }]);
    expect(candidates({ schedule: 'primary' })).toMatchObject([{ user: 'ana' }]);
  });

  test('says why it names nobody', () => {
    const absent = (target: Target) => candidates(target).map((one) => ('absent' in one ? one.absent.why : one));
    expect(absent({ schedule: 'gone', who: 'next' })).toEqual(['there is no schedule gone']);
    expect(absent({ schedule: 'office', who: 'next' })).toEqual(['nobody else comes on call within eight weeks']);
  });
});

test('whoever a schedule names is there where it is, unless they say where they are', () => {
  const shop = world();
  const named = (user: string, by?: string) =>
    whereaboutsOf({ user, reason: { target: { user }, ...(by !== undefined && { schedule: by }) } }, shop);
  expect(named('ana', 'primary')).toEqual({ responder: 'UTC', schedule: 'UTC', calendar: undefined });
  expect(named('gone')).toEqual({ responder: 'UTC', schedule: 'UTC', calendar: undefined });
});
