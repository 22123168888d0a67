/**
 * Very many people on one incident: in bounded time, everybody is asked or recorded, and one answer ends it for all of them.
 */
import { expect, test } from 'vitest';
import { config, contact, events, incident, opened, policy, SECOND, world } from './world.ts';

const MANY = 10_000;
const people = Array.from({ length: MANY }, (_, n) => ({
  id: `p${n}`,
  // Every tenth of them cannot be reached.
  contacts: n % 10 === 9 ? [] : [contact('sms', `p${n}`)],
}));
const teams = Array.from({ length: 10 }, (_, n) => ({
  id: `team${n}`,
  members: people.slice(n * 1_000, (n + 1) * 1_000).map(({ id }) => id),
}));
const crowded = () =>
  config({
    users: [...people, { id: 'boss', contacts: [contact('sms', 'boss')] }],
    teams,
    schedules: [],
    escalationPolicies: [
      policy({ steps: [{ targets: teams.map(({ id }) => ({ team: id, everyone: true })), escalateAfter: '1h' }] }),
    ],
  });

test('ten thousand people at one step are all asked, or recorded as out of reach', { timeout: 60_000 }, async () => {
  const w = world({ config: crowded() });
  const id = await opened(w.tocsin);
  await w.pass(5 * SECOND, SECOND);
  expect(new Set(w.sms.sent.map(({ message }) => message.to.user)).size).toBe(9_000);
  expect(w.sms.sent).toHaveLength(9_000);
  const page = (await events(w.tocsin, id)).find(({ type }) => type === 'page.requested');
  expect(page).toMatchObject({ trace: { unreachedCount: 1_000 } });
});

test('ten thousand people who are asked get no message any more once one of them has answered', {
  timeout: 60_000,
}, async () => {
  const w = world({ config: crowded() });
  const id = await opened(w.tocsin);
  await w.tocsin.incidents.acknowledge(id, { by: 'p0' });
  await w.pass(5 * SECOND, SECOND);
  expect(w.sms.sent.filter(({ message }) => message.purpose !== 'notice')).toEqual([]);
});

test('dozens of people who are asked to join one by one are each asked once, by one incident', {
  timeout: 60_000,
}, async () => {
  const w = world({ config: crowded() });
  const { id } = await w.tocsin.incidents.open({ title: 'Down', service: 'checkout', severity: 'SEV3', by: 'boss' });
  await w.pass(0);
  w.news();
  const asked = people.slice(0, 60).flatMap(({ id: user, contacts }) => (contacts.length === 0 ? [] : [user]));
  for (const user of asked) await w.tocsin.incidents.addResponder(id, { by: 'boss', user });
  await w.pass(5 * SECOND, SECOND);
  expect(Object.keys((await incident(w.tocsin, id)).responders)).toEqual(asked);
  expect(w.news()).toHaveLength(asked.length);
});
