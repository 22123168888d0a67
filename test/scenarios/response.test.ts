/**
 * What happens when a response has a leader and a checklist, and when it has none.
 *
 * A whole Tocsin over memory, with a clock that a test moves.
 */
import { describe, expect, test } from 'vitest';
import { replay } from '../../src/core/lifecycle/replay.ts';
import type { ConfigInput, Tocsin } from '../../src/index.ts';
import {
  config,
  DAY,
  events,
  HOUR,
  incident,
  MINUTE,
  opened,
  refusal,
  T0,
  trigger,
  types,
  type World,
  world,
} from '../engine/world.ts';

const by = 'ana';
type Incidents = NonNullable<ConfigInput['incidents']>;
const withResponse = (incidents: Incidents) => world({ config: config({ incidents }) });
const commander = { id: 'commander', name: 'Commander', requiredFor: ['SEV1'], remindEvery: '10m' };
/** Every message since this was last asked that is no page: to whom, and its title. */
const told = (w: World) => {
  const fresh = w.sms.sent.slice(seen.get(w) ?? 0);
  seen.set(w, w.sms.sent.length);
  return fresh.flatMap(({ message }) => (message.purpose === 'notice' ? [`${message.to.user}: ${message.title}`] : []));
};
const seen = new WeakMap<World, number>();
const latest = async (t: Tocsin, id: string, type: string) =>
  (await events(t, id)).filter((event) => event.type === type).at(-1);

describe('A role that is required', () => {
  test('given that the severity is lowered to one that needs no such role, then nobody is reminded of it any more', async () => {
    const customer = { id: 'customer', type: 'text' as const, requiredFor: ['SEV1'] };
    const w = withResponse({ roles: [commander], fields: [customer] });
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    expect(await incident(w.tocsin, id)).toMatchObject({ vacantRoles: ['commander'], missingFields: ['customer'] });
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV2' });
    const lowered = await incident(w.tocsin, id);
    expect(lowered).toMatchObject({ vacantRoles: [], missingFields: [] });
    expect(lowered.timers).not.toHaveProperty('roleVacant');
    await w.pass(HOUR);
    expect(told(w)).toEqual([]);
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV1' });
    expect((await incident(w.tocsin, id)).vacantRoles).toEqual(['commander']);
  });

  test('given that whoever is on call declined, then another severity does not hand it to them again', async () => {
    const fill = { schedule: 'primary' };
    const w = withResponse({ roles: [{ id: 'commander', requiredFor: ['SEV1', 'SEV2'], fill }] });
    const id = await opened(w.tocsin, trigger('disk', { severity: 'error' }));
    expect((await incident(w.tocsin, id)).roles).toEqual({ commander: 'ana' });
    await w.tocsin.incidents.decline(id, { by });
    await w.tocsin.incidents.setSeverity(id, { by: 'ben', severity: 'SEV1' });
    expect(await incident(w.tocsin, id)).toMatchObject({ roles: {}, vacantRoles: ['commander'] });
  });

  test('given that nobody has it, then that is recorded and said until somebody does', async () => {
    const w = withResponse({ roles: [commander, 'scribe'] });
    const id = await opened(w.tocsin);
    expect((await incident(w.tocsin, id)).vacantRoles).toEqual(['commander']);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.pass(25 * MINUTE);
    expect(told(w)).toEqual(Array(2).fill('ana: Still nobody is Commander: Problem disk'));
    expect((await types(w.tocsin, id)).filter((type) => type === 'role.vacant')).toHaveLength(2);
    await w.tocsin.incidents.assignRole(id, { by, role: 'commander', user: by });
    await w.pass(HOUR);
    expect(told(w)).toEqual([]);
    expect((await incident(w.tocsin, id)).timers).not.toHaveProperty('roleVacant');
  });

  test('given that nobody responds yet, then whoever was asked hears that nobody leads', async () => {
    const w = withResponse({ roles: [commander] });
    await opened(w.tocsin);
    await w.pass(10 * MINUTE);
    expect(told(w)).toEqual([
      'ana: Still nobody is Commander: Problem disk',
      'ben: Still nobody is Commander: Problem disk',
    ]);
  });

  test('given that it is left, then the time begins anew, and a hand-over of another role does not put it off', async () => {
    const w = withResponse({ roles: [commander, 'scribe'] });
    const id = await opened(w.tocsin);
    const { assignRole, acknowledge } = w.tocsin.incidents;
    await acknowledge(id, { by });
    await assignRole(id, { by, role: 'commander', user: 'ana' });
    await w.pass(HOUR);
    await assignRole(id, { by, role: 'commander', user: null });
    await w.pass(9 * MINUTE);
    await assignRole(id, { by, role: 'scribe', user: 'ana' });
    expect(told(w)).toEqual([]);
    await w.pass(MINUTE);
    expect(told(w)).toEqual(['ana: Still nobody is Commander: Problem disk']);
  });

  test('given that it ends, then nothing reminds of it; given that it is reopened, then it does again', async () => {
    const w = withResponse({ roles: [commander] });
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.incidents.resolve(id, { by });
    await w.pass(DAY);
    expect(told(w)).toEqual([]);
    await w.tocsin.incidents.reopen(id, { by });
    await w.pass(10 * MINUTE);
    expect(told(w).filter((line) => line.includes('Still nobody'))).not.toEqual([]);
  });

  test('given that whoever acknowledges first gets it, then they do, and are told', async () => {
    const w = withResponse({ roles: [{ ...commander, fill: 'firstAcknowledger' as const }] });
    const id = await opened(w.tocsin);
    await w.pass(MINUTE);
    await w.tocsin.incidents.acknowledge(id, { by: 'ben' });
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.pass(MINUTE);
    expect((await incident(w.tocsin, id)).roles).toEqual({ commander: 'ben' });
    expect(await latest(w.tocsin, id, 'role.assigned')).toMatchObject({
      user: 'ben',
      previous: null,
      because: 'firstAcknowledger',
      by: { kind: 'system' },
    });
    expect(told(w)).toContain('ben: You are Commander: Problem disk');
  });

  test('given that whoever is on call gets it, then they are asked to join at once, and the reason is in the timeline', async () => {
    const w = withResponse({ roles: [{ ...commander, fill: { schedule: 'primary' } }] });
    const { id } = await w.tocsin.incidents.open({ by: 'ben', title: 'Down', service: 'checkout', severity: 'SEV1' });
    expect((await incident(w.tocsin, id)).roles).toEqual({ commander: 'ana' });
    expect(await latest(w.tocsin, id, 'response.planned')).toMatchObject({
      filled: [{ role: 'commander', user: 'ana', reason: { schedule: 'primary' } }],
    });
    await w.pass(MINUTE);
    expect(w.news()).toEqual(expect.arrayContaining(['+0 ana sms responder', '+0 ana sms notice']));
    await w.tocsin.incidents.decline(id, { by: 'ana', reason: 'On a plane' });
    expect(await incident(w.tocsin, id)).toMatchObject({ roles: {}, vacantRoles: ['commander'] });
  });

  test('given that the severity rises, then what it asks for is asked for then, once', async () => {
    const w = withResponse({ roles: [commander] });
    const id = await opened(w.tocsin, trigger('disk', { severity: 'warning' }));
    expect(await types(w.tocsin, id)).not.toContain('response.planned');
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV1' });
    await w.tocsin.incidents.setSeverity(id, { by, severity: 'SEV1' });
    expect((await types(w.tocsin, id)).filter((type) => type === 'response.planned')).toHaveLength(1);
    expect((await incident(w.tocsin, id)).vacantRoles).toEqual(['commander']);
  });
});

describe('A hold', () => {
  const held = () =>
    world({
      config: config({
        routes: [{ id: 'all', service: 'checkout', holdFor: '5m' }],
        incidents: { roles: [{ ...commander, fill: { schedule: 'primary' } }] },
      }),
    });

  test('given an alert that clears within it, then nobody is asked to lead', async () => {
    const w = held();
    const id = await opened(w.tocsin);
    await w.pass(MINUTE);
    await w.tocsin.ingest({ action: 'resolve', dedupKey: 'disk' });
    await w.pass(HOUR);
    expect(w.news()).toEqual([]);
    expect(await incident(w.tocsin, id)).toMatchObject({ phase: 'resolved', roles: {} });
    expect(await types(w.tocsin, id)).not.toContain('response.planned');
  });

  test('given that it is snoozed, then whoever is to lead it is woken by nothing before the snooze ends', async () => {
    const w = held();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.snooze(id, { by: 'ben', for: '2h' });
    await w.pass(HOUR);
    expect(w.news().filter((line) => !line.endsWith('notice'))).toEqual([]);
    await w.pass(HOUR);
    expect(w.news()).toContain('+2h ana sms step');
  });

  test('given that it ends, or that somebody takes it before, then what it needs is asked for then', async () => {
    const w = held();
    const [one, two] = [await opened(w.tocsin, trigger('one')), await opened(w.tocsin, trigger('two'))];
    expect((await incident(w.tocsin, one)).roles).toEqual({});
    await w.tocsin.incidents.acknowledge(one, { by: 'ben' });
    expect((await incident(w.tocsin, one)).roles).toEqual({ commander: 'ana' });
    await w.pass(4 * MINUTE);
    expect((await incident(w.tocsin, two)).roles).toEqual({});
    await w.pass(MINUTE);
    expect((await incident(w.tocsin, two)).roles).toEqual({ commander: 'ana' });
  });
});

describe('A hand-over', () => {
  test('given that somebody hands a role on, then both others are told, and whoever did it is not', async () => {
    const w = withResponse({ roles: [commander] });
    const id = await opened(w.tocsin);
    const { assignRole } = w.tocsin.incidents;
    await assignRole(id, { by: 'boss', role: 'commander', user: 'ana' });
    await w.pass(0);
    expect(told(w)).toEqual(['ana: You are Commander: Problem disk']);
    await assignRole(id, { by: 'boss', role: 'commander', user: 'ben' });
    await w.pass(0);
    expect(told(w).toSorted()).toEqual([
      'ana: ben is Commander now: Problem disk',
      'ben: You are Commander: Problem disk',
    ]);
    await assignRole(id, { by: 'ben', role: 'commander', user: null });
    await w.pass(0);
    expect(told(w)).toEqual([]);
    expect(await latest(w.tocsin, id, 'role.assigned')).toMatchObject({ user: null, previous: 'ben' });
  });

  test('given a hundred of them within a minute, then each person is told once, how it stands', async () => {
    const w = withResponse({ roles: [commander] });
    const id = await opened(w.tocsin);
    for (let n = 0; n < 100; n += 1) {
      const user = n % 2 === 0 ? 'ben' : 'ana';
      await w.tocsin.incidents.assignRole(id, { by: 'boss', role: 'commander', user });
    }
    expect((await incident(w.tocsin, id)).roles).toEqual({ commander: 'ana' });
    await w.pass(MINUTE);
    expect(told(w).toSorted()).toEqual([
      'ana: You are Commander: Problem disk',
      'ben: Ana is Commander now: Problem disk',
    ]);
    const waiting = await w.tocsin.deliveries.list({ incidentId: id, state: 'pending', limit: 1_000 });
    expect(waiting.filter(({ purpose }) => purpose === 'notice')).toEqual([]);
    expect(replay(await events(w.tocsin, id)).context.roles).toEqual({ commander: 'ana' });
  });

  test('given a role that somebody has already, or one that nobody could have, then nothing is written', async () => {
    const w = withResponse({ roles: [commander] });
    const id = await opened(w.tocsin);
    const { assignRole } = w.tocsin.incidents;
    const { version } = await assignRole(id, { by, role: 'commander', user: 'ana' });
    expect((await assignRole(id, { by, role: 'commander', user: 'ana' })).version).toBe(version);
    await refusal(() => assignRole(id, { by, role: 'king', user: 'ana' }), 'REFERENCE_UNKNOWN');
    await refusal(() => assignRole(id, { by, role: 'commander', user: 'nobody' }), 'REFERENCE_UNKNOWN');
  });
});

describe('Somebody who is asked to join', () => {
  test('given that they decline, then whoever asked hears why, and may ask again', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.addResponder(id, { by: 'boss', user: 'ben' });
    await w.pass(0);
    told(w);
    await w.tocsin.incidents.decline(id, { by: 'ben', reason: 'On a plane' });
    await w.pass(0);
    const last = w.sms.sent.at(-1)?.message;
    expect([last?.to.user, last?.title, last?.body]).toEqual(['boss', 'ben cannot join: Problem disk', 'On a plane']);
    await w.tocsin.incidents.addResponder(id, { by: 'boss', user: 'ben' });
    expect((await incident(w.tocsin, id)).responders).toMatchObject({ ben: 'requested' });
    await w.pass(0);
    expect(w.sms.sent.at(-1)?.message).toMatchObject({ purpose: 'responder', to: { user: 'ben' } });
  });
});

describe('A task', () => {
  test('given when it is due, then its owner is reminded then, and every day until it is done', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    const { tasks } = await w.tocsin.incidents.addTask(id, { by, title: 'Call the bank', assignee: 'ben', due: '1h' });
    expect(tasks[0]).toMatchObject({ dueAt: new Date(T0 + HOUR), createdAt: new Date(T0), createdBy: { id: 'ana' } });
    await w.pass(59 * MINUTE);
    expect(told(w)).toEqual([]);
    await w.pass(MINUTE);
    expect(told(w)).toEqual(['ben: To be done now: Problem disk']);
    expect(w.sms.sent.find(({ message }) => message.topic === 'task')?.message.lines[0]).toBe('Due: Call the bank');
    await w.pass(DAY);
    expect(told(w)).toEqual(['ben: To be done now: Problem disk']);
    await w.tocsin.incidents.completeTask(id, { by: 'ben', task: tasks[0]?.id ?? '' });
    await w.pass(2 * DAY);
    expect(told(w)).toEqual([]);
  });

  test('given that it is nobody’s, then the commander is reminded, or else everybody who responds', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.tocsin.incidents.addTask(id, { by, title: 'Tell support', due: new Date(T0 + HOUR) });
    await w.pass(HOUR);
    expect(told(w)).toEqual(['ana: To be done now: Problem disk']);
    await w.tocsin.incidents.assignRole(id, { by: 'boss', role: 'commander', user: 'boss' });
    await w.pass(DAY);
    expect(told(w)).toEqual(['boss: To be done now: Problem disk']);
  });

  test('given that it is changed, then the new time counts; given that the incident ends, then nothing reminds of it', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    const { addTask, updateTask, resolve, reopen, reopenTask, completeTask, acknowledge } = w.tocsin.incidents;
    await acknowledge(id, { by });
    const task = (await addTask(id, { by, title: 'Roll back', assignee: 'ben', due: '1h' })).tasks[0]?.id ?? '';
    await updateTask(id, { by, task, due: '3h', assignee: 'boss', title: 'Roll back now' });
    await w.pass(2 * HOUR);
    expect(told(w)).toEqual([]);
    await w.pass(HOUR);
    expect(told(w)).toEqual(['boss: To be done now: Problem disk']);
    await resolve(id, { by });
    await w.pass(2 * DAY);
    expect(told(w)).toEqual([]);
    expect((await reopen(id, { by })).tasks).toMatchObject([{ title: 'Roll back now', assignee: 'boss' }]);
    await w.pass(MINUTE);
    expect(told(w).filter((line) => line.startsWith('boss: To be'))).toHaveLength(1);
    await completeTask(id, { by, task });
    expect((await reopenTask(id, { by, task })).tasks[0]).not.toHaveProperty('completedBy');
    const { version } = await updateTask(id, { by, task, title: 'Roll back now' });
    expect((await incident(w.tocsin, id)).version).toBe(version);
    expect((await updateTask(id, { by, task, due: null, assignee: null })).tasks[0]).not.toHaveProperty('dueAt');
  });

  test('given somebody or a time that there is not, then it is refused by the field', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    const { addTask, updateTask, reopenTask } = w.tocsin.incidents;
    await refusal(() => addTask(id, { by, title: 'x', assignee: 'nobody' }), 'REFERENCE_UNKNOWN');
    const error = await refusal(() => addTask(id, { by, title: 'x', due: 'tomorrow' }), 'INPUT_INVALID');
    expect(error.details.problems).toMatchObject([{ path: 'due' }]);
    await refusal(() => updateTask(id, { by, task: 'none', title: 'x' }), 'REFERENCE_UNKNOWN');
    await refusal(() => reopenTask(id, { by, task: 'none' }), 'REFERENCE_UNKNOWN');
  });
});

describe('A checklist', () => {
  const first = {
    id: 'first',
    name: 'First ten minutes',
    when: { field: 'severity', op: 'equals' as const, value: 'SEV1' },
    items: [
      { id: 'lead', title: 'Name a commander', due: '5m' },
      { id: 'tell', title: 'Tell support', role: 'communications', due: '10m' },
    ],
  };
  const later = {
    id: 'later',
    name: 'Always',
    when: { field: 'severity', op: 'equals' as const, value: 'SEV2' },
    items: [{ id: 'look', title: 'Look' }],
  };

  test('given an incident that it is for, then it is there at once, and a tick keeps who and when', async () => {
    const w = withResponse({ checklists: [first, later] });
    const id = await opened(w.tocsin);
    const { tasks } = await incident(w.tocsin, id);
    expect(tasks.map((task) => [task.id, task.title, task.checklist])).toEqual([
      ['first:lead', 'Name a commander', { id: 'first', name: 'First ten minutes', item: 'lead' }],
      ['first:tell', 'Tell support', { id: 'first', name: 'First ten minutes', item: 'tell' }],
    ]);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.pass(2 * MINUTE);
    const ticked = await w.tocsin.incidents.completeTask(id, { by: 'ben', task: 'first:lead' });
    expect(ticked.tasks[0]).toMatchObject({
      status: 'done',
      completedBy: { kind: 'user', id: 'ben' },
      completedAt: new Date(T0 + 2 * MINUTE),
    });
    await w.tocsin.incidents.assignRole(id, { by, role: 'communications', user: 'boss' });
    await w.pass(MINUTE);
    told(w);
    await w.pass(8 * MINUTE);
    expect(told(w)).toEqual(['boss: To be done now: Problem disk']);
  });

  test('given that the severity changes, then a further one comes, and none comes twice', async () => {
    const w = withResponse({ checklists: [first, later] });
    const id = await opened(w.tocsin);
    for (const severity of ['SEV2', 'SEV1', 'SEV2']) await w.tocsin.incidents.setSeverity(id, { by, severity });
    expect((await incident(w.tocsin, id)).tasks.map((task) => task.id)).toEqual([
      'first:lead',
      'first:tell',
      'later:look',
    ]);
  });

  test('given an incident that goes on in another one, then what is still to be done goes with it, once', async () => {
    const w = withResponse({ checklists: [first] });
    const one = await opened(w.tocsin, trigger('disk'));
    const two = await opened(w.tocsin, trigger('net'));
    await w.tocsin.incidents.addTask(one, { by, title: 'Own', assignee: 'ben' });
    const target = await w.tocsin.incidents.merge(one, { by, into: two });
    expect(target.tasks.map(({ title }) => title)).toEqual(['Name a commander', 'Tell support', 'Own']);
  });
});
