/**
 * Hours on call: all of them, or none at all.
 */
import { expect, test } from 'vitest';
import { createSchedule } from '../../src/core/on-call/schedule.ts';
import { onCallHours } from '../../src/engine/on-call-hours.ts';
import { weeklySchedule } from '../../src/index.ts';
import { config, DAY, opened, policy, T0, world } from './world.ts';

const week = { startAt: T0, endAt: T0 + 7 * DAY };
const scheduleOf = (id: string, participants: string[]) =>
  createSchedule(weeklySchedule(id, { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants }));

test('whoever is on two schedules at once is on call once', () => {
  const schedules = [scheduleOf('primary', ['ana', 'ben']), scheduleOf('secondary', ['ana', 'ben'])];
  expect(onCallHours(schedules, { startAt: T0, endAt: T0 + DAY }, () => {})).toEqual(new Map([['ana', 24]]));
});

test('without those of one schedule nobody is given the hours of the others', () => {
  const failed: string[] = [];
  const broken = {
    ...scheduleOf('secondary', ['ben']),
    shifts() {
      throw new Error('too far');
    },
  };
  expect(onCallHours([scheduleOf('primary', ['ana']), broken], week, (id) => failed.push(id))).toBeUndefined();
  expect(failed).toEqual(['secondary']);
});

test('where there is no schedule nobody was on call for zero hours', async () => {
  const steps = [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }];
  const { tocsin } = world({ config: config({ schedules: [], escalationPolicies: [policy({ steps })] }) });
  await opened(tocsin);
  const { people } = await tocsin.measurements.report({ from: T0 - DAY, until: T0 + DAY });
  expect(people.map(({ user, pages }) => [user, pages])).toEqual([['ana', 1]]);
  expect(people[0]).not.toHaveProperty('onCallHours');
});
