/**
 * Quiet hours that could not be obeyed are refused, with their path.
 */
import { expect, test } from 'vitest';
import { checkConfig } from '../../../src/core/config/check.ts';
import { isTocsinError } from '../../../src/errors.ts';
import { config } from '../../engine/world.ts';

function problems(user: object): unknown {
  const given = config();
  try {
    checkConfig({ ...given, users: [...(given.users ?? []), { id: 'eve', ...user }] });
    return [];
  } catch (error) {
    if (!isTocsinError(error, 'CONFIG_INVALID')) throw error;
    return (error.details.problems as { path: string; message: string }[]).map(({ path, message }) => [path, message]);
  }
}

const NIGHT = { from: '22:00', until: '07:00' };

test('quiet hours need the time zone of the person', () => {
  expect(problems({ quietHours: [NIGHT] })).toEqual([
    ['users[4].quietHours', 'quiet hours are hours of the local time, and the time zone of this user is not known'],
  ]);
  expect(problems({ quietHours: [NIGHT], timeZone: 'Europe/Berlin' })).toEqual([]);
});

test('empty windows and hours without an end are refused', () => {
  const timeZone = 'UTC';
  expect(problems({ timeZone, quietHours: [NIGHT, { from: '08:00', until: '08:00' }] })).toEqual([
    ['users[4].quietHours[1]', 'the window is empty'],
  ]);
  expect(problems({ timeZone, quietHours: [{ from: '24:00', until: '07:00' }] })).toEqual([
    ['users[4].quietHours[0]', 'the window is empty'],
  ]);
  expect(problems({ timeZone, quietHours: [NIGHT, { from: '07:00', until: '22:00' }] })).toEqual([
    ['users[4].quietHours', 'these hours are the whole week, so that low urgency would wait without end'],
  ]);
});
