import { describe, expect, test } from 'vitest';
import { createSchedule } from '../../../src/core/on-call/schedule.ts';
import type { People } from '../../../src/core/paging/candidates.ts';
import { nextOpening } from '../../../src/core/paging/next-opening.ts';
import type { Condition } from '../../../src/model/condition.ts';
import { DAY, HOUR, incident, ladder, MINUTE, rung, T0, world } from './world.ts';

const WEEK = 7 * DAY;
const EVENING = T0 + 8 * HOUR; // Monday 17:00: the office has just closed
const at = (moment: number, ...rungs: readonly ReturnType<typeof rung>[]) =>
  nextOpening(incident({ at: moment, urgency: 'low', ladder: ladder(...rungs) }), world());
const office = rung([{ schedule: 'office' }]);
const during = (from: string, until: string): Condition => ({ op: 'during', value: { timeZone: 'UTC', from, until } });

describe('when nobody could be asked, somebody can be asked again', () => {
  test('when the schedule of a rung has somebody on call', () => {
    expect(at(EVENING, office)).toBe(16 * HOUR);
    expect(at(EVENING + 4 * DAY, office)).toBe(64 * HOUR);
  });

  test('when the gate of a rung opens', () => {
    const gated = rung([{ user: 'ana' }], { when: during('18:00', '19:00') });
    expect(at(EVENING, gated)).toBe(HOUR);
    expect(at(T0 + 9.5 * HOUR, gated)).toBe(15 * MINUTE);
    expect(at(T0 + 10 * HOUR, gated)).toBe(23 * HOUR);
  });

  test('only when the gate is open and somebody is there', () => {
    expect(at(EVENING, rung([{ schedule: 'office' }], { when: during('12:00', '20:00') }))).toBe(19 * HOUR);
  });

  test('at the rung that opens first, whichever that is', () => {
    const later = rung([{ user: 'ana' }], { when: during('20:00', '21:00') });
    expect(at(EVENING, office, later)).toBe(3 * HOUR);
    expect(at(EVENING, later, office)).toBe(3 * HOUR);
  });

  test('at the next full quarter of an hour, never now', () => {
    const anyone = rung([{ user: 'ana' }]);
    expect(at(T0, anyone)).toBe(15 * MINUTE);
    expect(at(T0 + 1, anyone)).toBe(15 * MINUTE - 1);
    expect(at(T0 + 15 * MINUTE - 1, anyone)).toBe(1);
    expect(at(T0 + 15 * MINUTE, anyone)).toBe(15 * MINUTE);
  });

  test('within a week, its last quarter included; else it is looked for again then', () => {
    const once = (from: string, until: string) => ({ from: `2026-01-${from}Z`, until: `2026-01-${until}Z` });
    const asked = (stretch: { readonly from: string; readonly until: string }) => {
      const people = world({
        schedules: [
          ...world().config.schedules,
          {
            id: 'once',
            timeZone: 'UTC',
            layers: [
              { id: 'none', rotation: { start: '2026-01-01T00:00:00', rrule: 'FREQ=WEEKLY', participants: [null] } },
            ],
            overrides: [{ id: 'o', ...stretch, kind: 'add', user: 'ana' }],
          },
        ],
      });
      return nextOpening(incident({ urgency: 'low', ladder: ladder(rung([{ schedule: 'once' }])) }), people);
    };
    expect(asked(once('12T08:45:00', '12T09:00:00'))).toBe(WEEK - 15 * MINUTE);
    expect(asked(once('12T09:00:00', '12T09:01:00'))).toBe(WEEK);
    expect(asked(once('12T09:15:00', '12T09:30:00'))).toBe(WEEK);
    expect(asked(once('06T09:01:00', '06T09:14:00'))).toBe(WEEK);
  });

  test('a week when only channels would be told, or people without contacts', () => {
    expect(at(T0, rung([{ channel: 'room' }]))).toBe(WEEK);
    expect(at(T0, rung([{ user: 'mute' }]))).toBe(WEEK);
    expect(at(T0)).toBe(WEEK);
  });

  test('a week when the gate waits for something that time does not bring', () => {
    expect(at(T0, rung([{ user: 'ana' }], { when: { field: 'severity', op: 'equals', value: 'SEV1' } }))).toBe(WEEK);
    expect(at(T0, rung([{ user: 'ana' }], { when: { field: 'severity', op: 'equals', value: 'SEV2' } }))).toBe(
      15 * MINUTE,
    );
  });
});

describe('looking ahead costs no more than it may', () => {
  const empty = Array.from({ length: 250 }, (_, n) => `empty${n}`);
  /** The people of the shop with schedules that nobody serves; counts what they are asked. */
  function counting(serve: (id: string) => 'office' | undefined = () => undefined) {
    const { schedules, ...people } = world();
    const asked: string[] = [];
    const office = schedules.get('office')!;
    const rotation = { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: [null] };
    const nobody = createSchedule({ id: 'nobody', timeZone: 'UTC', layers: [{ id: 'none', rotation }] });
    const counted = empty.map((id) => {
      const real = serve(id) === undefined ? nobody : office;
      const onCallAt: typeof real.onCallAt = (at) => {
        asked.push(id);
        return real.onCallAt(at);
      };
      const shifts: typeof real.shifts = (window) => {
        asked.push(id);
        return real.shifts(window);
      };
      return [id, { ...real, id, onCallAt, shifts }] as const;
    });
    return { asked, people: { ...people, schedules: new Map(counted) } satisfies People };
  }
  const opening = (people: People, ...rungs: readonly ReturnType<typeof rung>[]) =>
    nextOpening(incident({ at: EVENING, urgency: 'low', ladder: ladder(...rungs) }), people);
  const regex = Array.from({ length: 20 }, (_, n): Condition => `env!~"(a|b)*c${n}"`);

  test('fifty rungs of five schedules behind twenty gates: each schedule is worked out once', () => {
    const { asked, people } = counting();
    const rungs = Array.from({ length: 50 }, (_, n) =>
      rung(
        empty.slice(0, 5).map((schedule) => ({ schedule })),
        { when: { all: [...regex, `host!="h${n}"`] } },
      ),
    );
    expect(opening(people, ...rungs)).toBe(WEEK);
    expect(asked).toEqual(empty.slice(0, 5));
  });

  test('more schedules than it may work out: it answers how far it looked', () => {
    const { asked, people } = counting();
    const rungs = Array.from({ length: 50 }, (_, n) =>
      rung(empty.slice(n * 5, n * 5 + 5).map((schedule) => ({ schedule }))),
    );
    expect(opening(people, ...rungs)).toBe(15 * MINUTE);
    expect(asked).toEqual(empty.slice(0, 200));
  });

  test('as many as it may: the answer is exact', () => {
    const { asked, people } = counting((id) => (id === 'empty199' ? 'office' : undefined));
    expect(opening(people, rung(empty.slice(0, 200).map((schedule) => ({ schedule }))))).toBe(16 * HOUR);
    expect(asked).toHaveLength(200);
  });

  test('the targets behind a gate that is closed are never looked at', () => {
    const { asked, people } = counting();
    const closed = rung([{ schedule: 'empty0' }], { when: { all: [during('10:00', '10:01'), 'env="dev"'] } });
    expect(opening(people, closed, rung([{ schedule: 'empty1' }], { when: 'env="dev"' }))).toBe(WEEK);
    expect(asked).toEqual([]);
  });

  test('a rung that is there twice counts once', () => {
    const { asked, people } = counting();
    const twice = rung([{ schedule: 'empty0' }, { schedule: 'empty0' }]);
    expect(opening(people, twice, twice)).toBe(WEEK);
    expect(asked).toEqual(['empty0']);
  });

  test('more windows than it may judge: it answers how far it looked, which is further than now', () => {
    const { people } = counting();
    const windows = (count: number): Condition => ({
      all: Array.from({ length: count }, (_, n) => during(`0${n % 9}:00`, `0${n % 9}:15`)),
    });
    const gated = rung([{ schedule: 'empty0' }], { when: windows(999) });
    expect(opening(people, gated)).toBe(21 * 15 * MINUTE);
    expect(opening(people, gated, rung([{ user: 'mute' }], { when: windows(20) }))).toBe(21 * 15 * MINUTE);
    expect(opening(people, rung([{ user: 'ana' }], { when: windows(1) }))).toBe(7 * HOUR);
  });

  test('a schedule that cannot be worked out has nobody on call', () => {
    const { people } = counting();
    const schedules = new Map(people.schedules);
    const shifts = () => {
      throw new Error('no');
    };
    schedules.set('empty0', { ...schedules.get('empty0')!, shifts });
    const rungs = [rung([{ schedule: 'empty0' }, { schedule: 'nowhere' }, { team: 'nowhere' }])];
    expect(opening({ ...people, schedules }, ...rungs)).toBe(WEEK);
  });

  test('a team is asked through its schedule, or all of it', () => {
    const { people } = counting(() => 'office');
    const teams = new Map(people.teams);
    teams.set('shop', { ...teams.get('shop')!, schedule: 'empty3' });
    expect(opening({ ...people, teams }, rung([{ team: 'shop' }]))).toBe(16 * HOUR);
    expect(opening({ ...people, teams }, rung([{ team: 'shop', everyone: true }]))).toBe(15 * MINUTE);
    expect(opening({ ...people, teams }, rung([{ team: 'empty', everyone: true }]))).toBe(WEEK);
  });
});
