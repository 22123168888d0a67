/**
 * 27. Visibility: a private incident appears only to those who respond to it, and nowhere else.
 *
 * A whole Tocsin over memory, with a clock that a test moves.
 */
import { expect, test } from 'vitest';
import { notifyError } from '../../src/index.ts';
import {
  config,
  DAY,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  refusal,
  T0,
  trigger,
  type World,
  world,
} from '../engine/world.ts';

const SECRET = 'Somebody has broken in';
const everything = { status: ['acknowledged', 'monitoring', 'resolved', 'dismissed', 'reopened', 'severity'] as const };

/** Ana responds; ben was paged once, and mute has nothing to do with it. */
async function secret(w: World): Promise<string> {
  const { incidents } = w.tocsin;
  const opening = { by: 'boss', title: SECRET, service: 'checkout', severity: 'SEV1', visibility: 'private' } as const;
  const { id } = await incidents.open(opening);
  await w.pass(MINUTE);
  await incidents.acknowledge(id, { by: 'ana' });
  w.news();
  return id;
}

test('given a reader who has no part in it, then it is as if it were not there: to get, list, read or ask about', async () => {
  const w = world();
  const id = await secret(w);
  const { incidents } = w.tocsin;
  for (const as of ['ana', 'boss']) {
    expect((await incidents.get(id, { as }))?.id).toBe(id);
    expect(await incidents.timeline(id, { as })).not.toEqual([]);
    expect(await incidents.allowed(id, { as })).toContain('resolve');
  }
  const as = 'mute';
  expect(await incidents.get(id, { as })).toBeUndefined();
  expect((await incidents.list({ as })).items).toEqual([]);
  const unknown = await refusal(() => incidents.timeline('none', { as }), 'INCIDENT_NOT_FOUND');
  const hidden = await refusal(() => incidents.timeline(id, { as }), 'INCIDENT_NOT_FOUND');
  expect(hidden.message.replace(id, 'none')).toBe(unknown.message);
  await refusal(() => incidents.allowed(id, { as }), 'INCIDENT_NOT_FOUND');
  await refusal(() => incidents.get(id, { asUser: as } as object), 'INPUT_INVALID');
});

test('given a reader who has no part in it, then neither its alerts nor its deliveries are in any list of theirs', async () => {
  const w = world();
  const open = await opened(w.tocsin, trigger('open'));
  const hidden = await opened(w.tocsin, trigger('hidden', { title: SECRET }));
  await w.tocsin.incidents.update(hidden, { by: 'ana', visibility: 'private' });
  await w.tocsin.incidents.acknowledge(hidden, { by: 'ana' });
  await w.pass(MINUTE);
  const { alerts, deliveries } = w.tocsin;
  expect((await alerts.list({ as: 'ana' })).length).toBe(2);
  const seen = await alerts.list({ as: 'mute' });
  expect(seen.map(({ incidentId }) => incidentId)).toEqual([open]);
  expect(await alerts.list({ as: 'mute', limit: 1 })).toHaveLength(1);
  const [own] = await alerts.list({ incidentId: hidden });
  expect(await alerts.get(own?.id ?? '', { as: 'mute' })).toBeUndefined();
  expect(await alerts.get(own?.id ?? '', { as: 'ana' })).toEqual(own);
  const told = await deliveries.list({ as: 'mute' });
  expect(told).not.toEqual([]);
  expect(JSON.stringify(told)).not.toContain(hidden);
  expect(JSON.stringify(await deliveries.list({ as: 'ana' }))).toContain(hidden);
});

test('given news of it, then only those who respond hear them, and whoever leaves it hears no more than that', async () => {
  const users =
    config().users?.map((user) => ({ ...user, notices: { ...everything, status: [...everything.status] } })) ?? [];
  const w = world({ config: config({ users }) });
  const id = await secret(w);
  const { incidents } = w.tocsin;
  await incidents.setSeverity(id, { by: 'boss', severity: 'SEV2' });
  await incidents.assignRole(id, { by: 'ana', role: 'scribe', user: 'ben' });
  await w.pass(0);
  expect(w.sms.sent.filter(({ message }) => message.to.user === 'ben').map(({ message }) => message.title)).toEqual([
    `You are scribe: ${SECRET}`,
  ]);
  await incidents.assignRole(id, { by: 'ana', role: 'scribe', user: 'ana' });
  await w.pass(0);
  const last = w.sms.sent.filter(({ message }) => message.to.user === 'ben').at(-1)?.message;
  expect(last).toMatchObject({ title: 'Private incident', links: [], actions: [] });
  expect(JSON.stringify(last)).not.toContain(SECRET);
  await incidents.resolve(id, { by: 'boss' });
  await w.pass(DAY);
  expect(w.sms.sent.filter(({ message }) => message.to.user === 'ben').at(-1)?.message).toBe(last);
});

test('given that it is merged into a public one, then that one is private from then on', async () => {
  const w = world();
  const open = await opened(w.tocsin, trigger('open'));
  const id = await secret(w);
  expect(await w.tocsin.incidents.merge(id, { by: 'ana', into: open })).toMatchObject({ visibility: 'private' });
  expect((await w.tocsin.incidents.list({ as: 'mute' })).items).toEqual([]);
  const other = await opened(w.tocsin, trigger('other'));
  const target = await w.tocsin.incidents.merge(other, { by: 'ana', into: open });
  expect(target.visibility).toBe('private');
});

test('given a link to it, then the other one says its id and nothing else', async () => {
  const w = world();
  const open = await opened(w.tocsin, trigger('open'));
  const id = await secret(w);
  await w.tocsin.incidents.link(id, { by: 'ana', incident: open, relation: 'parent' });
  expect(JSON.stringify(await incident(w.tocsin, open))).not.toContain(SECRET);
  expect(JSON.stringify(await w.tocsin.incidents.timeline(open))).not.toContain(SECRET);
});

test('given a handoff, then the summary of whoever comes on call lists only what they may see', async () => {
  const w = world({ config: config({ escalationPolicies: [policy({ acknowledgeTimeout: 'off' })] }) });
  const id = await secret(w);
  await opened(w.tocsin, trigger('open'));
  const open = (await w.tocsin.incidents.list({ as: 'ben' })).items[0];
  await w.tocsin.incidents.acknowledge(open?.id ?? '', { by: 'ana' });
  await w.pass(7 * DAY, DAY / 24);
  const summaries = w.sms.sent.filter(({ message }) => message.purpose === 'summary');
  expect(summaries.map(({ message }) => message.to.user)).toContain('ben');
  expect(JSON.stringify(summaries)).not.toContain(SECRET);
  expect(JSON.stringify(summaries)).not.toContain(id);
});

test('given somebody who is asked to join or has a task of it, then it appears to them', async () => {
  const w = world();
  const id = await secret(w);
  expect(await w.tocsin.incidents.get(id, { as: 'ben' })).toBeUndefined();
  await w.tocsin.incidents.addTask(id, { by: 'ana', title: 'Look at the logs', assignee: 'ben', due: '1h' });
  expect((await w.tocsin.incidents.get(id, { as: 'ben' }))?.title).toBe(SECRET);
  await w.pass(2 * 60 * MINUTE);
  expect(w.sms.sent.find(({ message }) => message.topic === 'task')?.message.to.user).toBe('ben');
});

test('given that it becomes private while a channel could not be reached, then nothing of it is told there later', async () => {
  const channels = [{ id: 'room', notifier: 'voice', address: '#ops' }];
  const steps = [{ targets: [{ channel: 'room' }, { user: 'ben' }] }];
  const w = world({ config: config({ channels, escalationPolicies: [policy({ steps })] }) });
  w.voice.failWith(() => {
    throw notifyError('The chat is down.');
  });
  const id = await opened(w.tocsin, trigger('hidden', { title: SECRET }));
  await w.pass(0);
  await w.tocsin.incidents.update(id, { by: 'boss', visibility: 'private' });
  w.voice.failWith(undefined);
  await w.pass(HOUR);
  expect(w.voice.sent).toEqual([]);
  expect(w.sms.sent[0]?.message).toMatchObject({ title: SECRET, to: { user: 'ben' } });
});

test('given a summary that waits for the end of quiet hours, then what became private meanwhile is not named in it', async () => {
  const quietHours = [{ from: '08:00', until: '22:00' }];
  const users = config().users?.map((user) => (user.id === 'ben' ? { ...user, timeZone: 'UTC', quietHours } : user));
  const w = world({ config: config({ users, escalationPolicies: [policy({ acknowledgeTimeout: 'off' })] }) });
  const [hidden, open] = [await opened(w.tocsin, trigger('hidden', { title: SECRET })), await opened(w.tocsin)];
  for (const id of [hidden, open]) await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  const [from, until] = [T0 + HOUR, T0 + 2 * HOUR];
  await w.tocsin.onCall.override({ schedule: 'primary', kind: 'replace', user: 'ben', from, until, by: 'ana' });
  await w.pass(90 * MINUTE, 10 * MINUTE);
  await w.tocsin.incidents.update(hidden, { by: 'ana', visibility: 'private' });
  await w.pass(DAY, HOUR);
  const summary = w.sms.sent.find(({ message }) => message.purpose === 'summary' && message.to.user === 'ben');
  expect(summary?.message.bundle?.map(({ title }) => title).toSorted()).toEqual(['Private incident', 'Problem disk']);
  expect(JSON.stringify(summary)).not.toContain(SECRET);
  expect(JSON.stringify(summary)).not.toContain(hidden);
});

test('given somebody who has only a task of it, then updates for those who may see it reach them too', async () => {
  const w = world();
  const id = await secret(w);
  await w.tocsin.incidents.addTask(id, { by: 'ana', title: 'Look at the logs', assignee: 'ben' });
  for (const user of ['ben', 'mute']) {
    const subscriber = { by: 'boss', notifier: 'voice', address: `${user}@voice`, audience: 'internal', user } as const;
    await w.tocsin.subscribers.add(subscriber);
  }
  await w.tocsin.incidents.postUpdate(id, { by: 'ana', text: 'The door is shut.', audience: 'internal' });
  await w.pass(MINUTE);
  const told = w.voice.sent.filter(({ message }) => message.purpose === 'announcement');
  expect(told.map(({ message }) => message.to.address)).toEqual(['ben@voice']);
});

test('given an update that could not be delivered at once, then what became private meanwhile is told to no stranger', async () => {
  const w = world();
  const id = await opened(w.tocsin, trigger('hidden', { title: SECRET }));
  await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
  for (const user of ['ana', 'mute']) {
    const subscriber = { by: 'boss', notifier: 'voice', address: `${user}@voice`, audience: 'internal', user } as const;
    await w.tocsin.subscribers.add(subscriber);
  }
  w.voice.failWith(() => {
    throw notifyError('The line is dead.');
  });
  await w.tocsin.incidents.postUpdate(id, { by: 'ana', text: 'The door is open.', audience: 'internal' });
  await w.pass(MINUTE);
  await w.tocsin.incidents.update(id, { by: 'ana', visibility: 'private' });
  w.voice.failWith(undefined);
  await w.pass(10 * MINUTE);
  const told = w.voice.sent.filter(({ message }) => message.purpose === 'announcement');
  expect(told.map(({ message }) => message.to.address)).toEqual(['ana@voice']);
});
