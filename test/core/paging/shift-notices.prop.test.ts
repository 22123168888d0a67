/**
 * Notices of shifts: whatever the schedule and however often it is looked at, each is told once, and none too late.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchedule } from '../../../src/core/on-call/schedule.ts';
import { shiftNotices } from '../../../src/core/paging/shift-notices.ts';
import { type ShiftState, shiftStep } from '../../../src/engine/shift-timer.ts';
import { durationMs } from '../../../src/model/duration.ts';
import { userSchema } from '../../../src/model/user.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 27);
const USERS = ['ana', 'ben', 'chi'];

const which = fc.constantFrom('start', 'end', '30m', '1h', '1d');
const wanted = fc.record({
  ana: fc.uniqueArray(which, { maxLength: 3 }),
  ben: fc.uniqueArray(which, { maxLength: 3 }),
  chi: fc.uniqueArray(which, { maxLength: 3 }),
});
const people = (shifts: Record<string, readonly string[]>) =>
  new Map(USERS.map((id) => [id, userSchema.parse({ id, notices: { shifts: shifts[id] } })]));
const override = fc.record({
  user: fc.constantFrom(...USERS),
  fromHours: fc.integer({ min: 0, max: 90 }),
  hours: fc.integer({ min: 1, max: 30 }),
});
const scheduleOf = (rrule: string, overrides: readonly { user: string; fromHours: number; hours: number }[]) =>
  createSchedule({
    id: 'primary',
    timeZone: 'Europe/Berlin',
    layers: [{ id: 'main', rotation: { start: '2026-03-26T09:00:00', rrule, participants: ['ana', 'ben', 'ana'] } }],
    overrides: overrides.map(({ user, fromHours, hours }, index) => ({
      id: `o${index}`,
      kind: 'replace',
      user,
      from: new Date(START + fromHours * HOUR).toISOString(),
      until: new Date(START + (fromHours + hours) * HOUR).toISOString(),
    })),
  });
const rrule = fc.constantFrom('FREQ=DAILY', 'FREQ=HOURLY;INTERVAL=7', 'FREQ=WEEKLY');

test('each is told once, in time, to whoever is on call from then on, before, or until then', () => {
  fc.assert(
    fc.property(rrule, fc.array(override, { maxLength: 4 }), wanted, (rule, overrides, shifts) => {
      const schedule = scheduleOf(rule, overrides);
      const users = people(shifts);
      const until = START + 96 * HOUR;
      let state: ShiftState | undefined = { told: [], dueAt: null };
      const told: string[] = [];
      for (let now = START; now <= until; now += 10 * MINUTE) {
        const step = shiftStep(schedule, state, { users, now });
        state = step.next;
        for (const notice of step.due) {
          told.push(notice.id);
          expect(now).toBeLessThanOrEqual(notice.lastAt);
          expect(now).toBeGreaterThanOrEqual(notice.dueAt);
          const isOnCall = (at: number) => schedule.onCallAt(at).some(({ user }) => user === notice.user);
          const edges = [isOnCall(notice.about - 1), isOnCall(notice.about)];
          expect(edges).toEqual(notice.which === 'end' ? [true, false] : [false, true]);
          if (notice.startAt !== undefined) expect(isOnCall(notice.startAt - 1)).toBe(false);
          if (notice.endAt !== undefined) expect(isOnCall(notice.endAt)).toBe(false);
        }
      }
      expect(new Set(told).size).toBe(told.length);
      const expected = shiftNotices(schedule, users, { from: START, until });
      expect(expected.map(({ id }) => id).filter((id) => !told.includes(id))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('none is told twice or too late, however long nobody looked and whatever was laid on the schedule meanwhile', () => {
  const look = fc.record({
    minutes: fc.integer({ min: 1, max: 900 }),
    overrides: fc.array(override, { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(look, { minLength: 1, maxLength: 12 }), wanted, (looks, shifts) => {
      const users = people(shifts);
      let state: ShiftState | undefined;
      let now = START;
      const told: string[] = [];
      for (const { minutes, overrides } of looks) {
        now += minutes * MINUTE;
        const step = shiftStep(scheduleOf('FREQ=DAILY', overrides), state, { users, now });
        state = step.next;
        told.push(...step.due.map(({ id }) => id));
        for (const { which: kind, dueAt } of step.due) {
          const lead = kind === 'start' || kind === 'end' ? 15 * MINUTE : durationMs(kind);
          expect(now - dueAt).toBeLessThanOrEqual(lead);
        }
      }
      expect(new Set(told).size).toBe(told.length);
    }),
    { numRuns: 60 },
  );
});
