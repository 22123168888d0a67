import { expect, test } from 'vitest';
import { lintConfig } from '../../../src/core/lint/lint-config.ts';
import type { Condition } from '../../../src/model/condition.ts';
import type { ConfigInput } from '../../../src/model/config.ts';
import { type ScheduleInput, weeklySchedule } from '../../../src/model/schedule.ts';
import { policy } from '../config/smallest.ts';
import { AT, compiled, foundIn, messageIn } from './found.ts';

type Steps = ConfigInput['escalationPolicies'][number]['steps'];
const reachable = (id: string, more: object = {}) => ({
  id,
  contacts: [
    { notifier: 'sms', address: id },
    { notifier: 'voice', address: id },
  ],
  ...more,
});
const users = [reachable('ana'), reachable('ben'), { id: 'mute' }];
const steps = (...list: Steps) => ({
  users,
  escalationPolicies: [policy({ steps: list, fallback: [{ user: 'ana' }, { user: 'ben' }] })],
});
const weekly = (...participants: (string | null)[]) =>
  weeklySchedule('primary', { timeZone: 'UTC', start: '2026-01-05T09:00:00', participants });
const step = 'escalationPolicies[0].steps[0]';

test('a step that names channels only reaches nobody', () => {
  const channels = [{ id: 'room', notifier: 'slack', address: '#room' }];
  const named = {
    ...steps({ targets: [{ channel: 'room' }] }, { targets: [{ user: 'ana' }, { user: 'mute' }] }),
    channels,
  };
  expect(foundIn(named)).toEqual([
    `STEP_CHANNELS_ONLY ${step}.targets`,
    'CONTACT_MISSING escalationPolicies[0].steps[1].targets',
  ]);
  const mirrored = {
    users: users.slice(0, 2),
    channels,
    escalationPolicies: [policy({ steps: [{ targets: [{ channel: 'room' }, { user: 'ana' }] }] })],
  };
  expect(foundIn(mirrored)).toEqual([]);
});

test('a step whose people have no contact is passed over, by whatever it names them', () => {
  const found = `STEP_REACHES_NOBODY ${step}.targets`;
  const team = {
    teams: [{ id: 't', members: ['mute'], schedule: 'primary' }],
    services: [{ id: 'checkout', escalationPolicy: 'default', team: 't' }],
  };
  const schedules = [weekly('mute')];
  expect(foundIn(steps({ targets: [{ user: 'mute' }] }))).toEqual([found]);
  expect(foundIn({ ...steps({ targets: [{ schedule: 'primary' }] }), schedules })).toEqual([found]);
  expect(foundIn({ ...steps({ targets: [{ team: 't' }] }), ...team, schedules })).toEqual([found]);
  expect(foundIn({ ...steps({ targets: [{ team: 't', everyone: true }] }), ...team, schedules })).toEqual([found]);
  expect(messageIn(steps({ targets: [{ user: 'mute' }] }))).toBe(
    'nobody whom this step asks in the next 90 days has a contact (mute): it is passed over',
  );
});

test('a step whose schedule has nobody on call in the next 90 days is passed over', () => {
  const { layers } = weekly('ana');
  const [layer] = layers;
  if (layer === undefined) throw new Error('no layer');
  const ended: ScheduleInput = {
    ...weekly('ana'),
    layers: [{ ...layer, rotation: { ...layer.rotation, until: '2026-01-06T10:00:00Z' } }],
  };
  const parts = { ...steps({ targets: [{ schedule: 'primary' }] }), users: users.slice(0, 2), schedules: [ended] };
  expect(foundIn(parts)).toEqual([`STEP_REACHES_NOBODY ${step}.targets`, 'SCHEDULE_GAP schedules[0]']);
  expect(foundIn(parts, AT - 60_000)).toEqual(['SCHEDULE_GAP schedules[0]']);
});

test('one of several who has no contact is named', () => {
  const parts = { ...steps({ targets: [{ schedule: 'primary' }] }), schedules: [weekly('ana', 'mute')] };
  expect(foundIn(parts)).toEqual([`CONTACT_MISSING ${step}.targets`]);
  expect(messageIn(parts)).toBe('this step asks mute, and there is no contact to reach them by');
  const fallback = [{ user: 'ben' }, { user: 'mute' }];
  expect(foundIn({ users, escalationPolicies: [policy({ fallback })] })).toEqual([
    'CONTACT_MISSING escalationPolicies[0].fallback',
  ]);
});

const rules = (...after: string[]) => ({ rules: { high: after.map((each) => ({ after: each, contact: 'sms' })) } });

test('a first message that comes after the step has ended is late', () => {
  const late = (...after: string[]) => ({
    users: [reachable('ana', rules(...after)), reachable('ben')],
    escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }] })],
  });
  expect(foundIn(late('10m'))).toEqual([`FIRST_MESSAGE_LATE ${step}.escalateAfter`]);
  expect(messageIn(late('10m'))).toBe(
    'the first message to ana comes 10m after this step, and the step lasts 5m: what follows it is asked before',
  );
  expect(foundIn(late('5m'))).toEqual([]);
  // Contacts of earlier steps go on until somebody answers: a later one is not lost.
  expect(foundIn(late('0s', '3h'))).toEqual([]);
  const low = { severity: { levels: [{ id: 'info', urgency: 'low' as const }] } };
  expect(foundIn({ ...late('10m'), ...low })).toEqual([]);
});

test('a contact of the fallback that waits longer than the fallback is never used by it', () => {
  const slow = (after: string, more: object = {}) => ({
    users: [reachable('ana'), reachable('ben', rules('0s', after))],
    escalationPolicies: [policy(more), { ...policy(), id: 'next' }],
  });
  expect(foundIn(slow('20m'))).toEqual([
    'FALLBACK_CONTACT_UNUSED escalationPolicies[0].fallback',
    'FALLBACK_CONTACT_UNUSED escalationPolicies[1].fallback',
  ]);
  expect(foundIn(slow('15m'))).toEqual([]);
  expect(foundIn(slow('20m', { fallbackEvery: '20m' }))).toEqual([
    'FALLBACK_CONTACT_UNUSED escalationPolicies[1].fallback',
  ]);
  // Where another policy follows, its fallback is asked.
  expect(foundIn(slow('20m', { onExhausted: { policy: 'next' } }))).toEqual([
    'FALLBACK_CONTACT_UNUSED escalationPolicies[1].fallback',
  ]);
});

const gated = (when: Condition) => ({
  escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], when }, { targets: [{ user: 'ben' }] }] })],
});
const during = (from: string, until: string, weekdays?: ('SA' | 'SU' | 'MO')[]): Condition => ({
  op: 'during',
  value: { timeZone: 'Europe/Berlin', from, until, ...(weekdays && { weekdays }) },
});
const byRule = (rrule: string, start = '2026-01-05T09:00:00'): Condition => ({
  op: 'during',
  value: { timeZone: 'Europe/Berlin', start, rrule, duration: '8h' },
});

test.each<[string, Condition]>([
  ['contradicts itself', 'a="1", a="2"'],
  ['wants an urgency that there is not', { field: 'urgency', op: 'equals', value: 'critical' }],
  ['wants a severity that is no level', { field: 'severity', op: 'in', value: ['critical', 'fatal'] }],
  ['wants a service that is not configured', { field: 'service', op: 'equals', value: 'search' }],
  ['wants two windows that do not meet', { all: [during('09:00', '12:00'), during('13:00', '17:00')] }],
  ['wants weekdays that do not meet', { all: [during('09:00', '12:00', ['SA']), during('09:00', '12:00', ['MO'])] }],
  [
    'wants a moment within and outside of a window',
    { all: [during('09:00', '12:00'), { not: during('08:00', '13:00') }] },
  ],
  ['opens in more than 90 days', byRule('FREQ=YEARLY', '2026-06-05T09:00:00')],
  ['does not open any more', byRule('FREQ=DAILY;COUNT=1', '2025-01-05T09:00:00')],
])('a gate that %s never opens', (_, when) => {
  expect(foundIn(gated(when))).toEqual([`GATE_NEVER_OPENS ${step}.when`]);
});

test.each<[string, Condition]>([
  ['wants a level', { field: 'severity', op: 'equals', value: 'SEV1' }],
  ['wants no level of that name', { field: 'severity', op: 'notEquals', value: 'critical' }],
  ['has a window', during('09:00', '17:00')],
  ['has a window over midnight', during('22:00', '06:00', ['SU'])],
  [
    'wants one of two windows',
    { any: [during('09:00', '12:00'), byRule('FREQ=DAILY;COUNT=1', '2025-01-05T09:00:00')] },
  ],
  ['wants two windows that meet for a minute', { all: [during('09:00', '12:01'), during('12:00', '17:00')] }],
  ['opens in 80 days', byRule('FREQ=YEARLY', '2026-03-25T09:00:00')],
  ['opens when another window has closed', { all: [{ not: during('00:00', '23:59') }, during('12:00', '24:00')] }],
])('a gate that %s opens', (_, when) => {
  expect(foundIn(gated(when))).toEqual([]);
});

test('all gaps of a schedule that a policy asks are one finding', () => {
  const schedules = [weekly('ana', null)];
  expect(foundIn({ schedules, escalationPolicies: [policy()] })).toEqual([]);
  const asked = {
    schedules,
    users: users.slice(0, 2),
    escalationPolicies: [policy({ steps: [{ targets: [{ schedule: 'primary' }] }] })],
  };
  expect(foundIn(asked)).toEqual(['SCHEDULE_GAP schedules[0]']);
  expect(messageIn(asked)).toBe(
    'nobody is on call for primary from 2026-01-12T09:00:00.000Z to 2026-01-19T09:00:00.000Z, the first of 7 gaps in the next 90 days: a page then passes it by',
  );
  expect(foundIn({ ...asked, schedules: [weekly('ana', 'ben')] })).toEqual([]);
});

test('what the linter of schedules finds stands at its place in the configuration', () => {
  const swap = { id: 's', give: 'ana', take: 'ana', from: '2026-01-06T00:00:00Z', until: '2026-01-07T00:00:00Z' };
  expect(foundIn({ schedules: [weekly('ana', 'ben'), { ...weekly('ana'), id: 'second', swaps: [swap] }] })).toEqual([
    'SWAP_IDLE schedules[1].swaps[0].take',
  ]);
});

test('a schedule that cannot be worked out is said to be so, and nothing else is found in it', () => {
  const config = compiled(steps({ targets: [{ schedule: 'primary' }, { user: 'ana' }] }));
  const broken = new Map(
    [...config.schedules].map(([id, schedule]) => [
      id,
      {
        ...schedule,
        shifts: () => {
          throw new Error('too many turns');
        },
      },
    ]),
  );
  const found = lintConfig({ ...config, schedules: broken }, { at: AT });
  expect(found.map(({ code }) => code)).toEqual(['USER_UNNAMED', 'SCHEDULE_NOT_COMPUTABLE']);
  expect(found[1]?.message).toContain('too many turns');
});

test('of one kind a thousand are told', () => {
  const many = Array.from({ length: 1_500 }, (_, n) => ({ id: `u${n}` }));
  expect(foundIn({ users: [...users.slice(0, 2), ...many] })).toHaveLength(1_000);
});

test('everybody of a schedule and whoever comes next may be asked although nobody is on call', () => {
  const rota = weekly('ana', null, null, null);
  const asking = (who: 'now' | 'next' | 'everyone') => ({
    ...steps({ targets: [{ schedule: 'primary', who }] }),
    users: users.slice(0, 2),
    schedules: [rota],
  });
  expect(foundIn(asking('now')).filter((one) => one.startsWith('SCHEDULE_GAP'))).toHaveLength(1);
  expect(foundIn(asking('next')).filter((one) => one.startsWith('SCHEDULE_GAP'))).toEqual([]);
  expect(foundIn(asking('everyone')).filter((one) => one.startsWith('SCHEDULE_GAP'))).toEqual([]);
});

test('of everybody of a schedule those without a contact are told, also those whose turn does not come soon', () => {
  const rota = weekly(...Array.from({ length: 20 }, () => 'ana'), 'mute');
  const asking = (who: 'now' | 'everyone') => ({
    ...steps({ targets: [{ schedule: 'primary', who }] }),
    schedules: [rota],
  });
  expect(foundIn(asking('now'))).not.toContain(`CONTACT_MISSING ${step}.targets`);
  expect(foundIn(asking('everyone'))).toContain(`CONTACT_MISSING ${step}.targets`);
});

test('a step that lasts longer than a day is as good as the last one', () => {
  const lasting = (escalateAfter: string) => ({
    ...steps({ targets: [{ user: 'ana' }], escalateAfter }),
    users: users.slice(0, 2),
    schedules: [],
  });
  expect(foundIn(lasting('24h'))).toEqual([]);
  expect(foundIn(lasting('365d'))).toEqual([`STEP_LASTS_LONG ${step}.escalateAfter`]);
  expect(messageIn(lasting('365d'))).toBe('for 365d nobody else is asked, whoever does not answer');
});

test('a step that waits until a time is never too short for a first message', () => {
  const late = {
    id: 'ana',
    contacts: [{ notifier: 'sms', address: '1' }],
    rules: { high: [{ after: '10m', contact: 'sms' }] },
  };
  const waiting = {
    ...steps({ targets: [{ user: 'ana' }], escalateAt: { time: '09:00', timeZone: 'UTC' } }),
    users: [late, reachable('ben')],
    schedules: [],
  };
  expect(foundIn(waiting)).toEqual([]);
});

test('of gates that look at the clock or the holidays of a person nothing is said that is not certain', () => {
  const gated = (value: object) => ({
    ...steps({ targets: [{ user: 'ana' }], when: { op: 'during', value } as Condition }),
    users: users.slice(0, 2),
    schedules: [],
    holidays: [{ id: 'c', dates: [] }],
  });
  expect(foundIn(gated({ timeZone: 'responder', from: '09:00' }))).toEqual([]);
  expect(foundIn(gated({ timeZone: 'UTC', holidays: { calendar: 'c', are: 'only' } }))).toEqual([]);
  expect(
    foundIn(gated({ timeZone: 'schedule', start: '2026-01-05T09:00:00', rrule: 'FREQ=DAILY', duration: '8h' })),
  ).toEqual([]);
});
