/**
 * The rows of the picture, for any window of schedules in zones whose clocks change.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule, type Schedule } from '../../src/core/on-call/index.ts';
import { clockOf, DAY_MS, WEEK_MS } from '../../src/render/local-clock.ts';
import { weekStartOf, weeksOf } from '../../src/render/picture/weeks.ts';
import { rosterOf } from '../../src/render/roster.ts';

const ZONES = ['America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'Europe/Dublin', 'UTC'];
const HOUR_MS = 3_600_000;

const schedules = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    rrule: fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY', 'FREQ=HOURLY;INTERVAL=8'),
    hasPause: fc.boolean(),
    extra: fc.option(fc.tuple(fc.integer({ min: 0, max: 8_000 }), fc.integer({ min: 1, max: 200 }))),
  })
  .map(({ timeZone, rrule, hasPause, extra }): Schedule => {
    const from = Date.UTC(2011, 10, 1) + (extra?.[0] ?? 0) * HOUR_MS;
    return createSchedule({
      id: 's',
      timeZone,
      layers: [
        {
          id: 'l',
          rotation: {
            start: '2011-12-05T01:30:00',
            rrule,
            participants: ['ana', ['ben', 'chi'], hasPause ? null : 'dee'],
          },
        },
      ],
      overrides:
        extra === null
          ? []
          : [
              {
                id: 'o',
                from: new Date(from).toISOString(),
                until: new Date(from + extra[1] * HOUR_MS).toISOString(),
                kind: 'add',
                user: 'eve',
              },
            ],
    });
  });
const spans = fc
  .tuple(fc.integer({ min: 0, max: 8_000 }), fc.integer({ min: 1, max: 1_500 }))
  .map(([start, length]) => {
    const startAt = Date.UTC(2011, 11, 1) + start * HOUR_MS;
    return { startAt, endAt: startAt + length * HOUR_MS };
  });

function rowsOf(schedule: Schedule, span: { startAt: number; endAt: number }) {
  const clock = clockOf(schedule.timeZone);
  const roster = rosterOf([schedule]);
  return weeksOf(schedule, span, { clock, roster, firstDay: 1, now: undefined });
}

test('every shift and every gap of the window is drawn, and nothing else', () => {
  fc.assert(
    fc.property(schedules, spans, (schedule, span) => {
      const weeks = rowsOf(schedule, span);
      const window = { from: span.startAt, until: span.endAt };
      expect([...new Set(weeks.flatMap(({ bars }) => bars.map(({ of }) => of)))].length).toBe(
        schedule.shifts(window).length,
      );
      expect([...new Set(weeks.flatMap(({ gaps }) => gaps.map(({ of }) => of)))]).toEqual(schedule.gaps(window));
    }),
  );
});

test('what is drawn lies within its row, and no two bars of a lane lie on each other', () => {
  fc.assert(
    fc.property(schedules, spans, (schedule, span) => {
      for (const { bars, gaps, unasked, lanes } of rowsOf(schedule, span)) {
        for (const { left, right } of [...bars, ...gaps, ...unasked]) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeGreaterThanOrEqual(left);
          expect(right).toBeLessThanOrEqual(WEEK_MS);
        }
        for (let lane = 0; lane < lanes; lane += 1) {
          const own = [...bars.filter((bar) => bar.lane === lane), ...gaps].toSorted(
            (a, b) => a.left - b.left || a.right - b.right,
          );
          own.slice(1).forEach((piece, index) => {
            expect(piece.left).toBeGreaterThanOrEqual(own[index]!.right);
          });
        }
      }
    }),
  );
});

test('gaps, bars and what was not asked about fill the week, and nothing twice', () => {
  fc.assert(
    fc.property(schedules, spans, (schedule, span) => {
      for (const { bars, gaps, unasked } of rowsOf(schedule, span)) {
        const pieces = [...bars, ...gaps, ...unasked].toSorted((a, b) => a.left - b.left);
        let filled = 0;
        for (const { left, right } of pieces) {
          expect(left).toBeLessThanOrEqual(filled);
          filled = Math.max(filled, right);
        }
        expect(filled).toBe(WEEK_MS);
      }
    }),
  );
});

test('without a clock change the gaps drawn are as long as the gaps', () => {
  fc.assert(
    fc.property(
      schedules.filter(({ timeZone }) => timeZone === 'UTC'),
      spans,
      (schedule, span) => {
        const drawn = rowsOf(schedule, span).flatMap(({ gaps }) => gaps.map(({ left, right }) => right - left));
        const real = schedule.gaps({ from: span.startAt, until: span.endAt });
        expect(drawn.reduce((sum, ms) => sum + ms, 0)).toBe(
          real.reduce((sum, { start, end }) => sum + end.getTime() - start.getTime(), 0),
        );
      },
    ),
  );
});

test('the axis never runs backwards, and shows the wall clock except in the hour that comes twice', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.integer({ min: 0, max: 60 * 24 * 400 }),
      fc.integer({ min: 1, max: 3_000 }),
      (timeZone, minute, later) => {
        const clock = clockOf(timeZone);
        const at = Date.UTC(2011, 11, 1) + minute * 60_000;
        expect(clock.axisAt(at + later * 60_000)).toBeGreaterThanOrEqual(clock.axisAt(at));
        const isSecondTime = clock.instantOf(clock.wallAt(at)) !== at;
        if (isSecondTime) expect(clock.axisAt(at)).toBeGreaterThan(clock.wallAt(at));
        else expect(clock.axisAt(at)).toBe(clock.wallAt(at));
      },
    ),
  );
});

test('a week begins on the weekday that is asked for, at midnight', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 4e12 }), fc.integer({ min: 0, max: 6 }), (wall, firstDay) => {
      const start = weekStartOf(wall, firstDay);
      expect(new Date(start).getUTCDay()).toBe(firstDay);
      expect(start % DAY_MS === 0).toBe(true);
      expect(wall - start).toBeGreaterThanOrEqual(0);
      expect(wall - start).toBeLessThan(WEEK_MS);
    }),
  );
});
