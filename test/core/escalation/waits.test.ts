/**
 * Waits: how long a rung has, after some time or until a local time.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEndOfRound, rungWaitMs, stepWaitMs } from '../../../src/core/escalation/waits.ts';
import type { Ladder, Rung } from '../../../src/model/escalation.ts';
import { ladder, rung } from '../paging/world.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

type Until = NonNullable<Rung['until']>;
const until = (more: Partial<Until> = {}): Rung =>
  rung([{ user: 'ana' }], { until: { time: '09:00', timeZone: 'Europe/Berlin', ...more } });
/** When the rung that is asked at `from` has had its time. */
const ends = (one: Rung, from: string) => new Date(Date.parse(from) + rungWaitMs(one, Date.parse(from))).toISOString();

describe('a rung that waits until a time of day', () => {
  test('waits for the next such local time', () => {
    expect(ends(until(), '2026-01-05T07:00:00Z')).toBe('2026-01-05T08:00:00.000Z');
    expect(ends(until(), '2026-01-05T23:30:00Z')).toBe('2026-01-06T08:00:00.000Z');
    expect(ends(until(), '2026-07-05T23:30:00Z')).toBe('2026-07-06T07:00:00.000Z');
  });

  test('waits for the next day when that time is now', () => {
    expect(ends(until(), '2026-01-05T08:00:00Z')).toBe('2026-01-06T08:00:00.000Z');
  });

  test('never waits for less than a minute', () => {
    expect(ends(until(), '2026-01-05T07:59:30Z')).toBe('2026-01-05T08:00:30.000Z');
    expect(ends(until(), '2026-01-05T07:59:00Z')).toBe('2026-01-05T08:00:00.000Z');
  });

  test('waits for the weekdays that are named', () => {
    const working = until({ weekdays: ['MO', 'TU', 'WE', 'TH', 'FR'] });
    expect(ends(working, '2026-01-09T12:00:00Z')).toBe('2026-01-12T08:00:00.000Z');
  });

  test('passes over holidays, or waits for one', () => {
    const dates = ['2026-12-25', '2026-12-26'];
    const working = until({ holidays: { dates, are: 'excluded' } });
    expect(ends(working, '2026-12-24T12:00:00Z')).toBe('2026-12-27T08:00:00.000Z');
    expect(ends(until({ holidays: { dates, are: 'only' } }), '2026-12-20T12:00:00Z')).toBe('2026-12-25T08:00:00.000Z');
  });

  test('moves a time that the clocks skip on by what they skip', () => {
    expect(ends(until({ time: '02:30' }), '2026-03-28T22:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
  });

  test('takes the first of two times that look the same, once', () => {
    expect(ends(until({ time: '02:30' }), '2026-10-24T22:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(ends(until({ time: '02:30' }), '2026-10-25T00:45:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });

  test('knows the end of a day as its last time', () => {
    expect(ends(until({ time: '24:00', weekdays: ['MO'] }), '2026-01-05T12:00:00Z')).toBe('2026-01-05T23:00:00.000Z');
  });

  test('waits for a day when no day of the next two months will do', () => {
    const dates = Array.from({ length: 100 }, (_, n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
    expect(rungWaitMs(until({ holidays: { dates, are: 'excluded' } }), Date.UTC(2026, 0, 5))).toBe(DAY);
    expect(rungWaitMs(until({ holidays: { dates: [], are: 'only' } }), Date.UTC(2026, 0, 5))).toBe(DAY);
  });

  test('waits as long as a step does that says nothing where the zone is not known', () => {
    expect(rungWaitMs(until({ timeZone: 'Mars/Olympus' }), 0)).toBe(5 * MINUTE);
  });

  test('is never over before a minute or after two months, whenever it begins', () => {
    fc.assert(
      fc.property(
        fc.record({
          time: fc.constantFrom('00:00', '02:30', '09:00', '23:59', '24:00'),
          timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'),
          weekdays: fc.constantFrom<Until['weekdays']>(undefined, ['MO'], ['SA', 'SU']),
        }),
        fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) }),
        (parts, at) => {
          const waitMs = rungWaitMs(rung([], { until: parts }), at);
          expect(waitMs).toBeGreaterThanOrEqual(MINUTE);
          expect(waitMs).toBeLessThanOrEqual(8 * DAY + 2 * HOUR);
          if (waitMs > MINUTE && parts.time === '09:00') {
            const shown = new Intl.DateTimeFormat('en-GB', { timeZone: parts.timeZone, timeStyle: 'short' });
            expect(shown.format(at + waitMs)).toBe('09:00');
          }
        },
      ),
      { numRuns: 300, seed: 20_260_105 },
    );
  });
});

describe('between two rounds', () => {
  const paused: Ladder = { ...ladder(rung([]), rung([])), loops: 2, repeatDelayMs: 20 * MINUTE };
  const at = (loop: number, step: number) => stepWaitMs(paused, { cycle: 1, loop, step }, 0);

  test('there is that much more time, and nowhere else', () => {
    expect([at(1, 1), at(1, 2), at(2, 1), at(2, 2)]).toEqual([5 * MINUTE, 25 * MINUTE, 5 * MINUTE, 5 * MINUTE]);
    expect(isEndOfRound(paused, { cycle: 1, loop: 1, step: 2 })).toBe(true);
    expect(isEndOfRound(paused, { cycle: 1, loop: 2, step: 2 })).toBe(false);
  });

  test('a rung that is not there has no time at all', () => {
    expect(at(1, 3)).toBeNaN();
  });
});
