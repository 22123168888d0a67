/**
 * Coming from PagerDuty: what is the same here, and what is not, each as given-when-then.
 *
 * Behaviour there as published: PagerDuty/api-schema, reference/REST/openapiv3.json (Service, EscalationPolicy, LogEntry);
 * PagerDuty/developer-docs, docs/events-API-v2/02-Trigger-Events.md; PagerDuty/terraform-provider-pagerduty,
 * website/docs/r/service and escalation_policy; support.pagerduty.com, "Incidents", "Escalation Policies" and
 * "Configurable Service Settings".
 */
import { expect, test } from 'vitest';
import { type ConfigInput, memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import {
  acknowledge,
  config,
  contact,
  DAY,
  events,
  HOUR,
  incident,
  ingested,
  MINUTE,
  opened,
  policy,
  refusal,
  resolve,
  stands,
  T0,
  trigger,
  types,
  world,
} from '../engine/world.ts';

const person = (id: string) => ({ id, contacts: [contact('sms', id)] });
/** Persons with one contact each, so that every line is a page. */
const plain = (more: Partial<ConfigInput> = {}) =>
  config({ users: ['ana', 'ben', 'chi', 'dan', 'boss'].map(person), ...more });
const nobody = {
  id: 'empty',
  timeZone: 'UTC',
  layers: [{ id: 'none', rotation: { start: '2026-01-05T09:00:00', rrule: 'FREQ=WEEKLY', participants: [null] } }],
};

test('given an acknowledged incident, when half an hour passes in silence, then whoever is on call and whoever acknowledged are asked', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin);
  await w.pass(0);
  await w.tocsin.incidents.acknowledge(id, { by: 'dan' });
  w.news();
  await w.pass(30 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms notice', '+30m ana sms step', '+30m dan sms step']);
  expect(await stands(w.tocsin, id)).toBe('triage / escalating');
});

test('given a policy whose timeout is off, when a day passes, then the acknowledgement still stands', async () => {
  const w = world({ config: plain({ escalationPolicies: [policy({ acknowledgeTimeout: 'off' })] }) });
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(DAY, HOUR);
  expect(await stands(w.tocsin, id)).toBe('triage / acknowledged');
});

test('unlike PagerDuty, given an acknowledged incident, when its responder writes a note, then the half hour begins anew', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  await w.pass(29 * MINUTE);
  await w.tocsin.incidents.addNote(id, { by: 'ana', text: 'Failing over' });
  await w.pass(29 * MINUTE);
  expect(await stands(w.tocsin, id)).toBe('triage / acknowledged');
  await w.pass(MINUTE);
  expect(await stands(w.tocsin, id)).toBe('triage / escalating');
});

test('given an acknowledged incident, when its trigger is repeated, then nobody is notified', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  for (let n = 0; n < 20; n++) {
    expect(await ingested(w.tocsin, trigger())).toMatchObject({ outcome: 'deduplicated', incidentId: id });
    await w.pass(MINUTE);
  }
  expect(w.news()).toEqual([]);
});

test('unlike PagerDuty, given an acknowledged incident, when its trigger is repeated as something worse, then it pages again', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin, trigger('disk', { severity: 'error' }));
  await w.tocsin.incidents.acknowledge(id, { by: 'dan' });
  await w.tocsin.ingest(trigger('disk', { severity: 'critical' }));
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ana sms step', '+0 dan sms step']);
});

test('given an incident of low urgency, when nobody acknowledges it, then no other step is ever asked', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin, trigger('disk', { severity: 'info' }));
  await w.pass(23 * HOUR, 10 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step']);
  expect(await stands(w.tocsin, id)).toBe('triage / notified');
});

test('unlike PagerDuty, given an incident of low urgency, when a day passes, then the first step is reminded', async () => {
  const w = world({ config: plain() });
  await opened(w.tocsin, trigger('disk', { severity: 'info' }));
  await w.pass(25 * HOUR, 30 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+24h ana sms reminder']);
});

test('unlike PagerDuty, given an incident of low urgency, when a person escalates it, then the next step is notified and it still does not climb', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin, trigger('disk', { severity: 'info' }));
  await w.pass(MINUTE);
  await w.tocsin.incidents.escalate(id, { by: 'ana' });
  await w.pass(10 * HOUR, 10 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+1m ben sms step']);
});

test('given that the policy is repeated twice, when nobody answers, then all its steps are asked three times', async () => {
  const w = world({ config: plain({ escalationPolicies: [policy({ repeat: 2 })] }) });
  await opened(w.tocsin);
  await w.pass(44 * MINUTE);
  expect(w.news()).toEqual([
    '+0 ana sms step',
    '+5m ben sms step',
    '+15m ana sms step',
    '+20m ben sms step',
    '+30m ana sms step',
    '+35m ben sms step',
  ]);
});

test('unlike PagerDuty, given that the last repetition has ended, then the fallback is asked every 15 minutes, so that it is never silent', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin);
  await w.pass(45 * MINUTE);
  expect(w.news().slice(2)).toEqual(['+15m boss sms fallback', '+30m boss sms fallback', '+45m boss sms fallback']);
  expect(await types(w.tocsin, id)).toContain('escalation.exhausted');
});

test('given a level where nobody is on call, when it is reached, then the next level is asked at once', async () => {
  const steps = [{ targets: [{ schedule: 'empty' }], escalateAfter: '30m' }, { targets: [{ user: 'ben' }] }];
  const w = world({ config: plain({ schedules: [nobody], escalationPolicies: [policy({ steps })] }) });
  const id = await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 ben sms step']);
  expect((await events(w.tocsin, id))[1]).toMatchObject({ type: 'page.nobody', reason: 'nobody' });
});

test('unlike PagerDuty, given that nobody is on call at any level, when an alert fires, then an incident is opened and the fallback is asked at once', async () => {
  const steps = [{ targets: [{ schedule: 'empty' }] }, { targets: [{ schedule: 'empty' }] }];
  const w = world({ config: plain({ schedules: [nobody], escalationPolicies: [policy({ steps })] }) });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.news()).toEqual(['+0 boss sms fallback']);
});

test('given a running incident, when its policy is changed, then it goes on by the policy that it began with', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const before = world({ clock, storage, config: plain() });
  await opened(before.tocsin);
  await before.pass(0);
  const steps = [{ targets: [{ user: 'chi' }], escalateAfter: '1h' }];
  const after = world({ clock, storage, config: plain({ escalationPolicies: [policy({ steps })] }) });
  await opened(after.tocsin, trigger('later'));
  await after.pass(20 * MINUTE);
  expect(after.news()).toEqual(['+0 chi sms step', '+5m ben sms step', '+15m boss sms fallback']);
});

test('given an incident of the night that waits for support hours, when they begin, then it is raised and climbs', async () => {
  const severity = {
    levels: [{ id: 'SEV2', urgency: 'supportHours' as const }],
    supportHours: [{ timeZone: 'UTC', from: '11:00', until: '17:00' }],
  };
  const w = world({ config: plain({ severity }) });
  const id = await opened(w.tocsin, trigger('disk', { severity: 'SEV2' }));
  await w.pass(HOUR + 5 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+1h ana sms step', '+1h5m ben sms step']);
  expect((await incident(w.tocsin, id)).urgency).toBe('high');
});

test('given an acknowledged incident, when it is snoozed for two hours, then the acknowledgement timeout does not page meanwhile', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.acknowledge(id, { by: 'dan' });
  await w.tocsin.incidents.snooze(id, { by: 'dan', for: '2h' });
  await w.pass(2 * HOUR - MINUTE);
  expect(w.news()).toEqual([]);
  await w.pass(MINUTE);
  expect(w.news()).toEqual(['+2h ana sms step']);
});

test('unlike PagerDuty, given more than a day, when somebody snoozes for that long, then it is refused', async () => {
  const { tocsin } = world({ config: plain() });
  const id = await opened(tocsin);
  await refusal(() => tocsin.incidents.snooze(id, { by: 'ana', for: '25h' }), 'INPUT_INVALID');
});

test('given a round robin, when incidents come one after the other, then each is the turn of the next person', async () => {
  const targets = ['ana', 'ben', 'chi'].map((user) => ({ user }));
  const steps = [{ targets, strategy: 'round-robin' as const, escalateAfter: '1h' }];
  const w = world({ config: plain({ escalationPolicies: [policy({ steps })] }) });
  for (const key of ['a', 'b', 'c', 'd']) await opened(w.tocsin, trigger(key));
  await w.pass(0);
  expect(w.sms.sent.map(({ message }) => message.to.user).toSorted()).toEqual(['ana', 'ana', 'ben', 'chi']);
});

test('unlike PagerDuty, given a level of fifty people, when it is reached, then all fifty are asked', async () => {
  const users = Array.from({ length: 50 }, (_, n) => person(`p${n}`));
  const steps = [{ targets: users.map(({ id }) => ({ user: id })) }];
  const w = world({
    config: plain({ users: [...users, person('boss')], schedules: [], escalationPolicies: [policy({ steps })] }),
  });
  await opened(w.tocsin);
  await w.pass(0);
  expect(w.sms.sent).toHaveLength(50);
});

test('given a key that is not open, when it is acknowledged or resolved, then nothing is opened', async () => {
  const { tocsin } = world({ config: plain() });
  expect(await tocsin.ingest([acknowledge('none'), resolve('none')])).toMatchObject([
    { outcome: 'dropped' },
    { outcome: 'dropped' },
  ]);
  expect((await tocsin.incidents.list()).items).toEqual([]);
});

test('given a resolved incident, when its key triggers again, then a new one is opened', async () => {
  const { tocsin } = world({ config: plain() });
  const id = await opened(tocsin);
  await tocsin.incidents.resolve(id, { by: 'ana' });
  expect(await ingested(tocsin, trigger())).toMatchObject({
    outcome: 'opened',
    incidentId: expect.not.stringMatching(id),
  });
});

test('unlike PagerDuty, given a route that reopens, when the key of a resolved incident triggers again soon, then that incident is reopened', async () => {
  const routes = [{ id: 'all', service: 'checkout', reopenWithin: '1h' }];
  const w = world({ config: plain({ routes }) });
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.resolve(id, { by: 'ana' });
  await w.pass(10 * MINUTE);
  expect(await ingested(w.tocsin, trigger())).toMatchObject({ outcome: 'reopened', incidentId: id });
});

test('given a maintenance window, when an incident is open already, then it goes on paging', async () => {
  const w = world({ config: plain() });
  await opened(w.tocsin);
  await w.pass(0);
  await w.tocsin.maintenance.set({ services: ['checkout'], for: '1h', by: 'ana' });
  await w.pass(5 * MINUTE);
  expect(w.news()).toEqual(['+0 ana sms step', '+5m ben sms step']);
});

test('unlike PagerDuty, given a maintenance window, when the alert of an open incident resolves, then that counts', async () => {
  const w = world({ config: plain() });
  const id = await opened(w.tocsin);
  await w.tocsin.maintenance.set({ services: ['checkout'], for: '1h', by: 'ana' });
  await w.tocsin.ingest(resolve());
  await w.pass(5 * MINUTE);
  expect(await stands(w.tocsin, id)).toBe('resolved / quiet');
});
