/**
 * Coming from Opsgenie: what is the same here, and what is not, each as given-when-then.
 *
 * Behaviour there as published: opsgenie/opsgenie-oas, definitions/escalation.yaml, notificationRule.yaml and
 * forwardingRule.yaml; opsgenie/terraform-provider-opsgenie, website/docs/r/escalation and notification_rule; docs.opsgenie.com,
 * "Profile" and "Time Constraints & Time Zones"; support.atlassian.com, "What is alert de-duplication".
 */
import { expect, test } from 'vitest';
import type { ConfigInput } from '../../src/index.ts';
import {
  config,
  contact,
  DAY,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  refusal,
  stands,
  T0,
  trigger,
  world,
} from '../engine/world.ts';

type UserInput = NonNullable<ConfigInput['users']>[number];

const person = (id: string, more: Partial<UserInput> = {}): UserInput => ({
  id,
  contacts: [contact('sms', id)],
  ...more,
});
const people = (more: Partial<Record<string, Partial<UserInput>>> = {}) =>
  ['ana', 'ben', 'boss'].map((id) => person(id, more[id]));
const given = (more: Partial<ConfigInput> = {}) => world({ config: config({ users: people(), ...more }) });
const low = (key = 'disk') => trigger(key, { severity: 'info' });

test('given a rule for what is not acknowledged, when somebody acknowledges before its time, then it notifies nobody', async () => {
  const w = given();
  const id = await opened(w.tocsin);
  await w.pass(4 * MINUTE);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(20 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step']);
});

test('unlike Opsgenie, given that an incident is acknowledged and never resolved, when half an hour passes in silence, then the policy begins anew; no step is taken for what is merely not resolved', async () => {
  const w = given();
  const id = await opened(w.tocsin);
  await w.pass(0);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(35 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+30m ana sms step', '+35m ben sms step']);
});

test('unlike Opsgenie, given one step with several targets, when it is taken, then all of them are asked at once', async () => {
  const steps = [{ targets: [{ schedule: 'primary' }, { user: 'ben' }, { user: 'boss' }] }];
  const w = given({ escalationPolicies: [policy({ steps })] });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ana sms step', '+0 ben sms step', '+0 boss sms step']);
});

test('given that the policy is repeated after a wait, when nobody answers, then the wait is added to the last step of each round', async () => {
  const w = given({ escalationPolicies: [policy({ repeat: 1, repeatDelay: '20m' })] });
  await opened(w.tocsin);
  await w.pass(49 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+5m ben sms step', '+35m ana sms step', '+40m ben sms step']);
});

test('unlike Opsgenie, given that somebody acknowledged, when the policy would repeat, then it does not, and states are reset only by the acknowledgement timeout', async () => {
  const w = given({ escalationPolicies: [policy({ repeat: 3, acknowledgeTimeout: '2h' })] });
  const id = await opened(w.tocsin);
  await w.pass(MINUTE);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(2 * HOUR - MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step']);
  await w.pass(MINUTE);
  expect(await stands(w.tocsin, id)).toBe('triage / escalating');
  expect((await incident(w.tocsin, id)).acknowledgedBy).toEqual([]);
});

test('unlike Opsgenie, given that each has to answer, when the policy is repeated, then whoever has answered is not asked again', async () => {
  const steps = [{ targets: [{ user: 'ana' }, { user: 'ben' }], acknowledge: 'each' as const, escalateAfter: '5m' }];
  const w = given({ escalationPolicies: [policy({ steps, repeat: 1 })] });
  const id = await opened(w.tocsin);
  await w.pass(MINUTE);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(4 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+0 ben sms step', '+5m ben sms step']);
});

test('unlike Opsgenie, given that every round has ended, when nobody answered, then it is never closed: the fallback is asked every 15 minutes', async () => {
  const w = given({ escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }] }] })] });
  const id = await opened(w.tocsin);
  await w.pass(DAY, 15 * MINUTE);
  expect(await stands(w.tocsin, id)).toBe('triage / exhausted');
  expect(w.news().slice(-1)).toEqual(['+24h boss sms fallback']);
});

test('given quiet hours in the time zone of a person, when what can wait comes in them, then it waits for their end', async () => {
  const quiet = { timeZone: 'Asia/Tokyo', quietHours: [{ from: '18:00', until: '20:00' }] };
  const w = given({ users: people({ ana: quiet }) });
  await opened(w.tocsin, low());
  await w.pass(HOUR);
  expect(w.news()).toEqual(['+1h ana sms step']);
});

test('unlike Opsgenie, given quiet hours, when something of high urgency comes in them, then they hold nothing back', async () => {
  const quiet = { timeZone: 'UTC', quietHours: [{ from: '09:00', until: '12:00' }] };
  const w = given({ users: people({ ana: quiet }) });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ana sms step']);
});

test('given a step for whoever is next on call, when it is taken, then they are asked', async () => {
  const w = given({ escalationPolicies: [policy({ steps: [{ targets: [{ schedule: 'primary', who: 'next' }] }] })] });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ben sms step']);
});

test('unlike Opsgenie, given a step for whoever was on call before, when it is configured, then it is refused: there is no such target', async () => {
  const before = { schedule: 'primary', who: 'previous' } as never;
  const error = await refusal(
    () => given({ escalationPolicies: [policy({ steps: [{ targets: [before] }] })] }),
    'CONFIG_INVALID',
  );
  expect(error.details.problems).toMatchObject([{ path: 'escalationPolicies[0].steps[0].targets[0].who' }]);
});

test('given a step for all of a team, when it is taken, then all its members are asked', async () => {
  const teams = [{ id: 'ops', members: ['ana', 'ben', 'boss'], schedule: 'primary' }];
  const w = given({
    teams,
    escalationPolicies: [policy({ steps: [{ targets: [{ team: 'ops', everyone: true as const }] }] })],
  });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toHaveLength(3);
});

test('given a person who wants to hear of acknowledged and resolved, when others do that, then they are told once each', async () => {
  const notices = { status: ['acknowledged' as const, 'resolved' as const] };
  const w = given({ users: people({ ana: { notices } }) });
  const id = await opened(w.tocsin);
  await w.pass(6 * MINUTE);
  await w.tocsin.incidents.acknowledge(id, { by: 'ben' });
  await w.tocsin.incidents.acknowledge(id, { by: 'boss' });
  await w.pass(MINUTE);
  await w.tocsin.incidents.resolve(id, { by: 'ben' });
  await w.pass(MINUTE);
  const toAna = w.sms.sent.filter(({ message }) => message.to.user === 'ana').map(({ message }) => message.title);
  expect(toAna).toEqual(['Problem disk', 'Acknowledged: Problem disk', 'Resolved: Problem disk']);
});

test('unlike Opsgenie, given a note, when it is written, then nobody is notified of it', async () => {
  const w = given();
  const id = await opened(w.tocsin);
  await w.pass(0);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  w.news();
  await w.tocsin.incidents.addNote(id, { by: 'ben', text: 'Have you tried the replica?' });
  await w.pass(10 * MINUTE);
  expect(w.news()).toEqual([]);
});

test('given a person who asks for lead times, when their shift comes, then they are told a day, an hour and a quarter of an hour before, and when it begins', async () => {
  const shifts = ['1d', '1h', '15m', 'start' as const];
  const w = given({ users: people({ ben: { notices: { shifts } } }) });
  await w.pass(4 * DAY, DAY);
  await w.pass(2 * DAY, 15 * MINUTE);
  expect(w.sms.sent.map(({ message }) => `${message.to.user}: ${message.title}`)).toEqual([
    'ben: On call in 1 d: primary',
    'ben: On call in 1 h: primary',
    'ben: On call in 15 min: primary',
    'ben: You are on call: primary',
  ]);
});

test('unlike Opsgenie, given an alert that repeats two hundred times, when it is counted, then the count does not stop at a hundred', async () => {
  const { tocsin } = given();
  await tocsin.ingest(Array.from({ length: 200 }, () => trigger()));
  const [alert] = await tocsin.alerts.list();
  expect(alert?.count).toBe(200);
});

test('unlike Opsgenie, given that somebody is away, when a step names them and not a schedule, then nothing forwards their page: an override stands in on the schedule only', async () => {
  const steps = [{ targets: [{ schedule: 'primary' }], escalateAfter: '5m' }, { targets: [{ user: 'ana' }] }];
  const w = given({ escalationPolicies: [policy({ steps })] });
  const away = { schedule: 'primary', from: T0, until: T0 + DAY, by: 'ana' };
  await w.tocsin.onCall.override({ ...away, kind: 'replace', user: 'boss' });
  await opened(w.tocsin);
  await w.pass(5 * MINUTE);
  expect(w.news()).toEqual(['+0 boss sms step', '+5m ana sms step']);
});
