/**
 * Opsgenie's rotations, which are all on call together, and the weekly shifts that LinkedIn's scheduler plans.
 */
import type { Schedule } from '../../../src/core/on-call/index.ts';
import { layer, schedule, users } from './build.ts';
import { readVectors, type VectorCase, vectorCase } from './vectors-case.ts';

type Rotation = {
  readonly name: string;
  readonly type: 'daily' | 'weekly' | 'hourly';
  readonly length: number;
  readonly startDate: string;
  readonly participants: string[];
};
type Override = { readonly user: string; readonly start: string; readonly end: string };
type Plan = {
  readonly time_zone: string;
  readonly rotations: readonly Rotation[];
  readonly overrides?: readonly Override[];
};
type OtherVector = { readonly id: string; readonly system: 'Opsgenie' | 'LinkedIn oncall' } & (
  | ({ readonly kind: 'point'; readonly at: string; readonly expectedUsers: readonly string[] } & Plan)
  | { readonly kind: 'start_rounding'; readonly input: string; readonly expected: string }
  | {
      readonly kind: 'generated_shifts';
      readonly time_zone: string;
      readonly rule: string;
      readonly expectedShifts: readonly { readonly start: string; readonly end: string }[];
    }
);

const { vectors } = readVectors<{ readonly vectors: readonly OtherVector[] }>('pagerduty-opsgenie');

export const opsgenieCases: readonly VectorCase[] = vectors
  .filter(({ system }) => system === 'Opsgenie' || system === 'LinkedIn oncall')
  .map(toCase);

function toCase(vector: OtherVector): VectorCase {
  const { id, system: suite } = vector;
  switch (vector.kind) {
    case 'point': {
      const { at, expectedUsers: expected } = vector;
      const title = `on call at ${at}: ${expected.join(' and ') || 'nobody'}`;
      return vectorCase({ id, title, suite }, { listed: expected, answer: () => users(scheduleOf(vector), at) });
    }
    case 'start_rounding': {
      const { input, expected } = vector;
      const title = `a rotation that is said to start at ${input}`;
      return vectorCase({ id, title, suite }, { listed: expected, answer: () => firstHandoff(input) });
    }
    case 'generated_shifts': {
      const { rule: title, time_zone, expectedShifts: expected } = vector;
      return vectorCase({ id, title, suite }, { listed: expected, answer: () => plannedShifts(time_zone) });
    }
  }
}

function scheduleOf({ time_zone: timeZone, rotations, overrides = [] }: Plan): Schedule {
  return schedule(
    rotations.map(({ name, type, length, startDate, participants }) => {
      const rrule = `FREQ=${type.toUpperCase()};INTERVAL=${length}`;
      return layer(name, participants, { priority: 0, rotation: { start: startDate.slice(0, 19), rrule } });
    }),
    {
      timeZone,
      overrides: overrides.map(({ user, start, end }, index) => ({
        id: `override-${index}`,
        kind: 'replace',
        from: start,
        until: end,
        user,
      })),
    },
  );
}

function firstHandoff(start: string): Date | undefined {
  const asked = schedule([layer('weekly', ['ana', 'ben'], { rotation: { start: start.slice(0, 19) } })]);
  return asked.nextHandoff(Date.parse(start) - 86_400_000);
}

/** "Weekly, Monday 10:30, 7 days; populate from the current week on 2017-02-07 for 21 days." */
function plannedShifts(timeZone: string) {
  const rotation = { start: '2017-01-02T10:30:00', rrule: 'FREQ=WEEKLY' };
  const asked = schedule([layer('weekly', ['ana', 'ben', 'chi'], { rotation })], { timeZone });
  const shifts = asked.shifts({ from: '2017-02-07T00:00:00-08:00', until: '2017-02-28T00:00:00-08:00' });
  return shifts.map(({ start }) => asked.onCallAt(start)[0]?.shift);
}
