import { describe, expect, test } from 'vitest';
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
