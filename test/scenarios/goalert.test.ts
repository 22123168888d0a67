/**
 * Coming from GoAlert: what is the same here, and what is not, each as given-when-then.
 *
 * Behaviour there as published: target/goalert, engine/message/ratelimit.go and bundlealerts.go, engine/escalationmanager/db.go,
 * and test/smoke: dedupnotifications_test.go, policyreassignment_test.go, escalationskipifempty_test.go, multiack_test.go,
 * manualescalationnotification_test.go, statusupdates_test.go, oncallnotify_test.go.
 */
import { expect, test } from 'vitest';
import { type ConfigInput, memoryStorage } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import {
  config,
  contact,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  SECOND,
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
const shop = (more: Partial<ConfigInput> = {}, ana: Partial<UserInput> = {}) =>
  config({ users: [person('ana', ana), person('ben'), person('boss')], ...more });
const given = (more: Partial<ConfigInput> = {}, ana: Partial<UserInput> = {}) => world({ config: shop(more, ana) });
const low = (key: string, more = {}) => trigger(key, { severity: 'info', ...more });
/** An sms that counts what it costs: the budgets of its kind hold. */
const text = () => ({ ...recordingNotifier('sms'), kind: 'sms' as const });

const both = [contact('sms', 'ana'), contact('voice', 'ana')];
const rules = { high: [{ contact: 'sms' }, { after: '3m', contact: 'voice' }, { after: '4m', contact: 'sms' }] };

test('given rules with delays, when nobody answers, then each contact is used after its delay', async () => {
  const w = given({}, { contacts: both, rules });
  await opened(w.tocsin);
  await w.pass(4 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+3m ana voice step', '+4m ana sms step']);
});

test('given rules with delays, when somebody acknowledges before the second, then it is not used', async () => {
  const w = given({}, { contacts: both, rules });
  const id = await opened(w.tocsin);
  await w.pass(MINUTE);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(10 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step']);
});

test('unlike GoAlert, given two rules for one contact, when the process was down beyond both, then both messages go out: neither is taken for the other', async () => {
  const first = { after: '1m', contact: 'sms' };
  const w = given({}, { rules: { high: [first, { after: '2m', contact: 'sms' }] } });
  await opened(w.tocsin);
  await w.sleep(3 * MINUTE);
  await w.pass(0);
  expect(w.news()).toEqual(['+3m ana sms step', '+3m ana sms step']);
});

test('given texts by sms, when many alerts that can wait come at once, then an address gets one a minute and the rest as one list', async () => {
  const sms = text();
  const w = world({ config: shop(), notifiers: [sms] });
  for (let n = 0; n < 5; n++) await opened(w.tocsin, low(`k${n}`));
  await w.pass(59 * SECOND, SECOND);
  expect(sms.sent).toHaveLength(1);
  await w.pass(5 * SECOND, SECOND);
  expect(sms.sent.map(({ message }) => message.bundle?.length ?? 0)).toEqual([0, 3]);
});

test('given texts by sms, when alerts that can wait come for an hour, then an address gets at most eleven', async () => {
  const sms = text();
  const w = world({ config: shop(), notifiers: [sms] });
  for (let minute = 0; minute < 58; minute++) {
    await opened(w.tocsin, low(`k${minute}`));
    await w.pass(MINUTE);
  }
  expect(sms.sent).toHaveLength(11);
});

test('unlike GoAlert, given alerts of two services, when they are beyond the budget, then one message lists both: it bundles by contact and not by service', async () => {
  const sms = text();
  const w = world({
    config: shop({ routes: [{ id: 'search', when: 'app="search"', service: 'search' }] }),
    notifiers: [sms],
  });
  await opened(w.tocsin, low('first'));
  await w.pass(0);
  await opened(w.tocsin, low('shop'));
  await opened(w.tocsin, low('more'));
  await opened(w.tocsin, low('find', { labels: { app: 'search' } }));
  await w.pass(65 * SECOND, SECOND);
  expect(sms.sent).toHaveLength(2);
  const { message } = sms.sent[1]!;
  const services = [message.service?.id, ...(message.bundle ?? []).map(({ service }) => service?.id)];
  expect(services.toSorted()).toEqual(['checkout', 'checkout', 'search']);
});

test('unlike GoAlert, given that the budget of an address is spent, when an urgent incident pages a person for the first time, then it goes out all the same', async () => {
  const sms = text();
  const w = world({ config: shop(), notifiers: [sms] });
  for (const key of ['a', 'b', 'c', 'd']) await opened(w.tocsin, trigger(key));
  await w.pass(0);
  expect(sms.sent).toHaveLength(4);
});

test('unlike GoAlert, given a running incident, when its service gets another policy and the old one is deleted, then it goes on by the one it began with', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const before = world({ clock, storage, config: shop() });
  await opened(before.tocsin);
  await before.pass(0);
  const other = policy({ id: 'other', steps: [{ targets: [{ user: 'boss' }] }] });
  const services = [{ id: 'checkout', escalationPolicy: 'other' }];
  const after = world({ clock, storage, config: shop({ services, escalationPolicies: [other] }) });
  await after.pass(15 * MINUTE);
  expect(after.news()).toEqual(['+5m ben sms step', '+15m boss sms fallback']);
});

test('unlike GoAlert, given a running incident, when a person sends it to another policy, then that one is climbed from its first step', async () => {
  const other = policy({ id: 'other', steps: [{ targets: [{ user: 'boss' }] }] });
  const w = given({ escalationPolicies: [policy(), other] });
  const id = await opened(w.tocsin);
  await w.pass(MINUTE);
  await w.tocsin.incidents.reassign(id, { by: 'ana', policy: 'other' });
  await w.pass(MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+1m boss sms step']);
});

test('unlike GoAlert, given a step that reaches nobody, when it is taken, then it is passed over at once without being told to', async () => {
  const steps = [{ targets: [{ user: 'mute' }], escalateAfter: '1h' }, { targets: [{ user: 'ben' }] }];
  const users = [person('ana'), person('ben'), person('boss'), { id: 'mute' }];
  const w = given({ users, escalationPolicies: [policy({ steps })] });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ben sms step']);
});

test('unlike GoAlert, given that the only step reaches nobody, when an urgent alert comes, then nobody waits out its delay: the fallback is asked', async () => {
  const users = [person('ana'), person('ben'), person('boss'), { id: 'mute' }];
  const steps = [{ targets: [{ user: 'mute' }], escalateAfter: '1h' }];
  const w = given({ users, escalationPolicies: [policy({ steps, repeat: 1 })] });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 boss sms fallback']);
});

test('given a step where each has to answer, when one acknowledges, then the others are notified on and the one is not', async () => {
  const contacts = (id: string) => [contact('sms', id), contact('voice', id)];
  const users = [
    person('ana', { contacts: contacts('ana') }),
    person('ben', { contacts: contacts('ben') }),
    person('boss'),
  ];
  const steps = [{ targets: [{ user: 'ana' }, { user: 'ben' }], acknowledge: 'each' as const, escalateAfter: '1h' }];
  const w = given({ users, escalationPolicies: [policy({ steps })] });
  const id = await opened(w.tocsin);
  await w.pass(MINUTE);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(2 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+0 ben sms step', '+2m ben voice step']);
  await w.tocsin.incidents.acknowledge(id, { by: 'ben' });
  expect((await incident(w.tocsin, id)).acknowledgedBy.toSorted()).toEqual(['ana', 'ben']);
});

test('unlike GoAlert, given a step where each has to answer, when one of them never does, then the next step is asked', async () => {
  const steps = [{ targets: [{ user: 'ana' }, { user: 'ben' }], acknowledge: 'each' as const, escalateAfter: '5m' }];
  const w = given({ escalationPolicies: [policy({ steps: [...steps, { targets: [{ user: 'boss' }] }] })] });
  const id = await opened(w.tocsin);
  await w.pass(MINUTE);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(4 * MINUTE);
  expect(w.news().slice(2)).toEqual(['+5m boss sms step']);
});

test('unlike GoAlert, given that the repetitions have ended, when nobody answered, then it is not left alone: the fallback is asked every 15 minutes', async () => {
  const w = given({ escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }] })] });
  await opened(w.tocsin);
  await w.pass(35 * MINUTE);
  expect(w.news()).toEqual([
    '+0 ana sms step',
    '+5m boss sms fallback',
    '+20m boss sms fallback',
    '+35m boss sms fallback',
  ]);
});

test('unlike GoAlert, given an acknowledged incident, when half an hour passes in silence, then it is asked about again', async () => {
  const w = given();
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(30 * MINUTE);
  expect(w.news()).toEqual(['+30m ana sms step']);
});

test('given an acknowledged incident, when a person escalates it, then people are notified again', async () => {
  const w = given();
  const id = await opened(w.tocsin);
  await w.pass(0);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.tocsin.incidents.escalate(id, { by: 'ana' });
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ana sms step', '+0 ben sms step']);
});

test('unlike GoAlert, given an alert that can wait, when nobody answers, then it does not climb: urgency is a thing of its own', async () => {
  const w = given();
  const id = await opened(w.tocsin, low('disk'));
  await w.pass(10 * HOUR, 10 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step']);
  expect(await stands(w.tocsin, id)).toBe('triage / notified');
});

test('unlike GoAlert, given a step that still has time, when somebody else comes on call, then they are asked as well', async () => {
  const rotation = { start: '2026-01-05T10:10:00', rrule: 'FREQ=DAILY', participants: ['ana', 'ben'] };
  const schedules = [{ id: 'primary', timeZone: 'UTC', layers: [{ id: 'days', rotation }] }];
  const steps = [{ targets: [{ schedule: 'primary' }], escalateAfter: '1h' }];
  const w = given({ schedules, escalationPolicies: [policy({ steps })] });
  await opened(w.tocsin);
  await w.pass(20 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+10m ben sms handoff']);
});

test('given a contact that its owner added, when its code was not entered, then no page goes to it', async () => {
  const w = given();
  await w.tocsin.contacts.add({ user: 'ana', by: 'ana', notifier: 'voice', address: '+15550100' });
  await opened(w.tocsin);
  await w.pass(4 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+0 ana voice verification']);
});

test('unlike GoAlert, given a contact of the configuration, when its owner is paged, then it is used without a code: the host vouches for it', async () => {
  const w = given();
  await opened(w.tocsin);
  await w.pass(0);
  expect((await w.tocsin.contacts.list('ana')).map(({ isVerified }) => isVerified)).toEqual([true]);
  expect(w.news()).toEqual(['+0 ana sms step']);
});

test('given a person who wants status updates, when an incident that paged them is resolved by others, then they are told', async () => {
  const w = given({}, { notices: { status: ['resolved'] } });
  const id = await opened(w.tocsin);
  await w.pass(MINUTE);
  await w.tocsin.incidents.resolve(id, { by: 'ben' });
  await w.pass(MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+1m ana sms notice']);
});
