/**
 * Whoever comes on call is asked about what nobody has taken, and told once what others have.
 */
import { expect, test } from 'vitest';
import { memoryStorage } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { config, contact, HOUR, MINUTE, opened, policy, T0, trigger, type World, world } from './world.ts';

const by = 'ana';
const users = [
  { id: 'ana', contacts: [contact('sms', 'ana')] },
  { id: 'ben', contacts: [contact('sms', 'ben'), contact('voice', 'ben')] },
  { id: 'boss', contacts: [contact('sms', 'boss')] },
];
const patient = (more = {}) => config({ users, escalationPolicies: [policy({ acknowledgeTimeout: 'off', ...more })] });
/** ben takes over in an hour, for an hour. */
const handover = (w: World) =>
  w.tocsin.onCall.override({
    schedule: 'primary',
    kind: 'replace',
    user: 'ben',
    from: T0 + HOUR,
    until: T0 + 2 * HOUR,
    by,
  });
const summaries = (w: World) => [...w.sms.sent, ...w.voice.sent].filter(({ message }) => message.purpose === 'summary');

test('one message lists what is acknowledged, beside the page for what is not', async () => {
  const w = world({ config: patient() });
  const [disk, net] = [await opened(w.tocsin, trigger('disk')), await opened(w.tocsin, trigger('net'))];
  for (const id of [disk, net]) await w.tocsin.incidents.acknowledge(id, { by });
  await handover(w);
  await w.pass(HOUR - MINUTE, 10 * MINUTE);
  const loud = await opened(w.tocsin, trigger('loud'));
  await w.pass(0);
  w.news();
  await w.pass(2 * MINUTE);
  expect(w.news()).toEqual(['+1h ben sms handoff', '+1h ben sms summary']);
  const [summary] = summaries(w);
  expect(summary?.message).toMatchObject({
    purpose: 'summary',
    title: '2 incidents are open',
    actions: [],
    to: { user: 'ben', contact: 'sms' },
  });
  expect(summary?.message.bundle?.map(({ incidentId }) => incidentId)).toEqual([disk, net]);
  expect(summary?.message.bundle?.map(({ incidentId }) => incidentId)).not.toContain(loud);
  await w.pass(HOUR, 10 * MINUTE);
  expect(summaries(w).map(({ message }) => message.to.user)).toEqual(['ben', 'ana']);
});

test('nothing is said when there is nothing to say', async () => {
  const w = world({ config: patient() });
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.acknowledge(id, { by });
  await w.tocsin.incidents.resolve(id, { by });
  await handover(w);
  await w.pass(90 * MINUTE, 10 * MINUTE);
  expect(summaries(w)).toEqual([]);
});

test('only incidents at a step that names the schedule count', async () => {
  const w = world({ config: patient({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '5m' }] }) });
  await w.tocsin.incidents.acknowledge(await opened(w.tocsin), { by });
  await handover(w);
  await w.pass(90 * MINUTE, 10 * MINUTE);
  expect(summaries(w)).toEqual([]);
});

test('a private incident is in the summary of those only who respond to it', async () => {
  const w = world({ config: patient() });
  const { id } = await w.tocsin.incidents.open({
    title: 'Break-in',
    service: 'checkout',
    visibility: 'private',
    by: 'boss',
  });
  await w.tocsin.incidents.acknowledge(id, { by });
  await handover(w);
  await w.pass(90 * MINUTE, 10 * MINUTE);
  expect(summaries(w)).toEqual([]);
  await w.pass(40 * MINUTE, 10 * MINUTE);
  expect(summaries(w).map(({ message }) => message.to.user)).toEqual(['ana']);
});

test('several processes send one', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const sms = recordingNotifier('sms');
  const nodes = [0, 1, 2].map(() => world({ config: patient(), clock, storage, notifiers: [sms] }));
  const [w] = nodes as [World];
  const tick = () => Promise.all(nodes.map(({ tocsin }) => tocsin.tick()));
  await w.tocsin.incidents.acknowledge(await opened(w.tocsin), { by });
  await handover(w);
  await tick();
  await clock.advance(HOUR);
  for (let look = 0; look < 4; look += 1) {
    await tick();
    await clock.advance(20_000);
  }
  expect(sms.sent.filter(({ message }) => message.purpose === 'summary')).toHaveLength(1);
});
