/**
 * Coming from Grafana OnCall: what is the same here, and what is not, each as given-when-then.
 *
 * Behaviour there as published: grafana/oncall, docs/sources/configure/escalation-chains-and-routes/index.md;
 * engine/apps/alerts/escalation_snapshot (escalation_policy_snapshot.py, utils.py); engine/apps/alerts/tasks/acknowledge_reminder.py;
 * issues 558 and 4846 of that repository.
 */
import { expect, test } from 'vitest';
import { type ConfigInput, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import {
  config,
  contact,
  events,
  HOUR,
  MINUTE,
  opened,
  policy,
  stands,
  T0,
  trigger,
  types,
  world,
} from '../engine/world.ts';

type UserInput = NonNullable<ConfigInput['users']>[number];
type Step = NonNullable<Parameters<typeof policy>[0]>['steps'];

const person = (id: string, more: Partial<UserInput> = {}): UserInput => ({
  id,
  contacts: [contact('sms', id)],
  ...more,
});
const people = ['ana', 'ben', 'chi', 'boss'].map((id) => person(id));
const given = (steps: Step, more: Partial<ConfigInput> = {}) =>
  world({ config: config({ users: people, escalationPolicies: [policy({ ...(steps && { steps }) })], ...more }) });
const onCall = { targets: [{ schedule: 'primary' }] };
const user = (id: string) => ({ targets: [{ user: id }] });
const empty = {
  id: 'primary',
  timeZone: 'UTC',
  layers: [{ id: 'none', rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: [null] } }],
};

test('given an alert group that escalates, when its chain is edited, then it goes on by the copy that it began with', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const shop = (steps: Step) => config({ users: people, escalationPolicies: [policy({ ...(steps && { steps }) })] });
  const before = world({ clock, storage, config: shop([user('ana'), user('ben')]) });
  await opened(before.tocsin);
  await before.pass(0);
  const after = world({ clock, storage, config: shop([user('chi'), user('chi')]) });
  await after.pass(5 * MINUTE);
  expect([...before.news(), ...after.news()]).toEqual(['+0 ana sms step', '+5m ben sms step']);
});

test('given personal rules for important and for default notifications, when an alert fires, then those of its urgency are used', async () => {
  const contacts = [contact('sms', 'ana'), contact('voice', 'ana')];
  const rules = { high: [{ contact: 'voice' }, { after: '1m', contact: 'sms' }], low: [{ contact: 'sms' }] };
  const w = given([user('ana')], { users: [person('ana', { contacts, rules }), ...people.slice(1)] });
  await opened(w.tocsin, trigger('urgent'));
  await w.pass(2 * MINUTE);
  expect(w.news()).toEqual(['+0 ana voice step', '+1m ana sms step']);
  await opened(w.tocsin, trigger('minor', { severity: 'info' }));
  await w.pass(2 * MINUTE);
  expect(w.news()).toEqual(['+2m ana sms step']);
});

test('unlike Grafana OnCall, given one policy for both, when an alert is important or not, then its severity says so and no step does', async () => {
  const w = given([user('ana'), user('ben')]);
  const urgent = await opened(w.tocsin, trigger('urgent', { severity: 'critical' }));
  const minor = await opened(w.tocsin, trigger('minor', { severity: 'info' }));
  expect(await stands(w.tocsin, urgent)).toBe('triage / escalating');
  expect(await stands(w.tocsin, minor)).toBe('triage / notified');
});

test('given a wait between two steps, when it is over, then the next step is taken', async () => {
  const w = given([{ ...user('ana'), escalateAfter: '45m' }, user('ben')]);
  await opened(w.tocsin);
  await w.pass(45 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+45m ben sms step']);
});

test('unlike Grafana OnCall, given a step that says no wait, when it is taken, then it has five minutes: none follows at once', async () => {
  const w = given([user('ana'), user('ben')]);
  await opened(w.tocsin);
  await w.pass(5 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+5m ben sms step']);
});

test('given that users are notified one by one, when several alert groups come, then each notifies the next of them', async () => {
  const w = given([{ targets: ['ana', 'ben', 'chi'].map((id) => ({ user: id })), strategy: 'round-robin' }]);
  for (const key of ['a', 'b', 'c', 'd']) {
    await opened(w.tocsin, trigger(key));
    await w.pass(0);
  }
  expect(w.sms.sent.map(({ message }) => message.to.user)).toEqual(['ana', 'ben', 'chi', 'ana']);
});

test('unlike Grafana OnCall, given that users take turns, when the list is not in the order of the alphabet, then they take turns in the order written', async () => {
  const w = given([{ targets: ['chi', 'ana'].map((id) => ({ user: id })), strategy: 'round-robin' }]);
  for (const key of ['a', 'b']) {
    await opened(w.tocsin, trigger(key));
    await w.pass(0);
  }
  expect(w.sms.sent.map(({ message }) => message.to.user)).toEqual(['chi', 'ana']);
});

test('unlike Grafana OnCall, given that it is the turn of somebody who cannot be reached, when an alert fires, then the one after them is asked', async () => {
  const users = [person('ana', { contacts: [] }), ...people.slice(1)];
  const w = given([{ targets: ['ana', 'ben'].map((id) => ({ user: id })), strategy: 'round-robin' }], { users });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ben sms step']);
});

test('unlike Grafana OnCall, given an acknowledged incident, when nobody says a word, then it is taken back after half an hour, without a reminder that asks first', async () => {
  const w = given([user('ana'), user('ben')]);
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(30 * MINUTE);
  expect(w.news()).toEqual(['+30m ana sms step']);
  expect(await types(w.tocsin, id)).toContain('incident.unacknowledged');
});

test('unlike Grafana OnCall, given a step whose hours are closed, when something urgent comes, then the step is passed over at once: nobody waits for the hours', async () => {
  const when = { op: 'during' as const, value: { timeZone: 'Europe/Berlin', from: '20:00', until: '22:00' } };
  const w = given([{ ...user('ana'), when }, user('ben')]);
  const id = await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ben sms step']);
  expect((await events(w.tocsin, id))[1]).toMatchObject({ type: 'page.nobody', reason: 'gated' });
});

test('given hours for what is not urgent, when it comes outside of them, then it waits until they open', async () => {
  const when = { op: 'during' as const, value: { timeZone: 'UTC', from: '12:00', until: '13:00' } };
  const w = given([{ ...user('ana'), when }]);
  await opened(w.tocsin, trigger('disk', { severity: 'info' }));
  await w.pass(3 * HOUR, 10 * MINUTE);
  expect(w.news()).toEqual([expect.stringMatching(/^\+2h ana sms /)]);
});

test('unlike Grafana OnCall, given hours of a step, when it is taken, then weekdays, any time zone, that of the responder and their holidays count', async () => {
  const value = {
    timeZone: 'responder',
    weekdays: ['TU' as const],
    from: '19:00',
    until: '20:00',
    holidays: { calendar: 'responder', are: 'excluded' as const },
  };
  const users = [
    person('ana', { timeZone: 'Asia/Tokyo' }),
    person('ben', { timeZone: 'Asia/Tokyo', holidays: 'home' }),
    person('chi', { timeZone: 'UTC' }),
    person('boss'),
  ];
  const targets = ['ana', 'ben', 'chi'].map((id) => ({ user: id }));
  const w = given([{ targets, when: { op: 'during', value } }], {
    users,
    schedules: [],
    holidays: [{ id: 'home', dates: ['2026-01-06'] }],
  });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ana sms step']);
});

test('unlike Grafana OnCall, given a schedule with nobody on call, when the chain reaches its end, then it does not stop in silence: the fallback is asked', async () => {
  const w = given([onCall], { schedules: [empty] });
  const id = await opened(w.tocsin);
  await w.pass(30 * MINUTE);
  expect(w.news()).toEqual(['+0 boss sms fallback', '+15m boss sms fallback', '+30m boss sms fallback']);
  expect(await types(w.tocsin, id)).toContain('page.nobody');
});

test('unlike Grafana OnCall, given a policy that is repeated twenty times, when nobody answers, then it is: five is not the most', async () => {
  const w = world({
    config: config({
      users: people,
      escalationPolicies: [policy({ steps: [{ ...user('ana'), escalateAfter: '1m' }], repeat: 20 })],
    }),
  });
  await opened(w.tocsin);
  await w.pass(21 * MINUTE);
  expect(w.news()).toEqual(
    [...Array(21).fill('ana sms step'), 'boss sms fallback'].map((line) => expect.stringContaining(line)),
  );
});

test('unlike Grafana OnCall, given the end of a policy, when nobody answered, then nothing resolves the incident', async () => {
  const w = given([user('ana')]);
  const id = await opened(w.tocsin);
  await w.pass(HOUR);
  expect(await stands(w.tocsin, id)).toBe('triage / exhausted');
});

test('given an alert group that is silenced for an hour, when the hour is over, then escalation begins anew', async () => {
  const w = given([user('ana'), user('ben')]);
  const id = await opened(w.tocsin);
  await w.pass(0);
  await w.tocsin.incidents.snooze(id, { by: 'ana', for: '1h' });
  await w.pass(HOUR + 5 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+1h ana sms step', '+1h5m ben sms step']);
});

test('given a person who is asked to join by hand, when they are added, then they are notified and the chain goes on', async () => {
  const w = given([user('ana'), user('ben')]);
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.addResponder(id, { by: 'ana', user: 'chi' });
  await w.pass(5 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+0 chi sms responder', '+5m ben sms step']);
});
