/**
 * Notices: who hears what has become of an incident, with how little noise, and when not any more.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, notifyError } from '../../src/index.ts';
import {
  config,
  contact,
  deliveries,
  events,
  HOUR,
  incident,
  MINUTE,
  opened,
  policy,
  type World,
  world,
} from './world.ts';

type UserInput = NonNullable<ConfigInput['users']>[number];
const person = (id: string, more: Partial<UserInput> = {}): UserInput => ({
  id,
  contacts: [contact('sms', id), contact('voice', id)],
  rules: { low: [{ contact: 'voice' }] },
  ...more,
});

/** The first step asks ana and ben, then boss is the fallback; all are told over voice. */
function asking(users: Partial<Record<'ana' | 'ben' | 'boss', Partial<UserInput>>> = {}): World {
  return world({
    config: config({
      users: [person('ana', users.ana), person('ben', users.ben), person('boss', users.boss)],
      schedules: [],
      escalationPolicies: [policy({ steps: [{ targets: [{ user: 'ana' }, { user: 'ben' }], escalateAfter: '30m' }] })],
    }),
  });
}

const notices = async (w: World, id: string) =>
  (await events(w.tocsin, id)).flatMap((event) =>
    event.type === 'notice.requested' ? [`${event.topic}: ${event.recipients.map(({ user }) => user).join(', ')}`] : [],
  );

describe('that somebody else has acknowledged', () => {
  test('is told once to whoever was asked too, by one contact, and never to the one who did', async () => {
    const w = asking();
    const id = await opened(w.tocsin);
    await w.pass(MINUTE);
    w.news();
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.tocsin.incidents.acknowledge(id, { by: 'boss' });
    await w.pass(10 * MINUTE);
    expect(w.news()).toEqual(['+1m ben voice notice']);
    expect(await notices(w, id)).toEqual(['acknowledged: ben']);
    const { message } = w.voice.sent.at(-1) ?? {};
    expect(message).toMatchObject({ topic: 'acknowledged', title: 'Acknowledged: Problem disk', actions: [] });
  });

  test('stands in the same commit as the acknowledgement', async () => {
    const w = asking();
    const id = await opened(w.tocsin);
    const before = (await incident(w.tocsin, id)).version;
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    expect((await incident(w.tocsin, id)).version).toBe(before + 1);
    expect((await events(w.tocsin, id)).slice(-2)).toMatchObject([
      { type: 'incident.acknowledged' },
      { type: 'notice.requested', topic: 'acknowledged', by: { kind: 'system' } },
    ]);
  });

  test('is not told to somebody who does not want to hear it, nor to somebody whose own page was still held back', async () => {
    const w = asking({
      ana: { notices: { acknowledged: false } },
      ben: { timeZone: 'UTC', quietHours: [{ from: '09:00', until: '13:00' }] },
    });
    const id = await opened(w.tocsin, { action: 'trigger', dedupKey: 'disk', title: 'Disk', severity: 'info' });
    expect((await incident(w.tocsin, id)).urgency).toBe('low');
    await w.pass(MINUTE);
    await w.tocsin.incidents.acknowledge(id, { by: 'boss' });
    expect(await notices(w, id)).toEqual([]);
  });

  test('waits for the end of quiet hours, and is taken back when nobody has it any more', async () => {
    const quietHours = [{ from: '09:00', until: '13:00' }];
    const w = asking({ ben: { timeZone: 'UTC', quietHours } });
    const kept = await opened(w.tocsin);
    await w.pass(MINUTE);
    await w.tocsin.incidents.acknowledge(kept, { by: 'ana' });
    await w.pass(10 * MINUTE);
    w.news();
    await w.tocsin.incidents.unacknowledge(kept, { by: 'ana' });
    expect((await deliveries(w.tocsin, kept)).filter((line) => line.startsWith('ben voice'))).toEqual([
      'ben voice withdrawn',
      'ben voice withdrawn',
      'ben voice pending',
    ]);
    const cause = await w.tocsin.deliveries.list({ incidentId: kept });
    expect(cause.find(({ purpose }) => purpose === 'notice')).toMatchObject({
      state: 'withdrawn',
      withdrawnBecause: 'incident.unacknowledged',
    });
  });

  test('tells nobody of a private incident who does not respond to it', async () => {
    const w = asking();
    const { id } = await w.tocsin.incidents.open({
      title: 'Break-in',
      service: 'checkout',
      visibility: 'private',
      by: 'boss',
    });
    await w.pass(MINUTE);
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    expect(await notices(w, id)).toEqual([]);
  });
});

describe('what becomes of an incident', () => {
  const all: UserInput['notices'] = {
    acknowledged: false,
    status: ['acknowledged', 'monitoring', 'resolved', 'dismissed', 'reopened', 'severity'],
  };

  test('is told to those who asked for it, and to nobody else', async () => {
    const w = asking({ ben: { notices: all } });
    const id = await opened(w.tocsin);
    await w.pass(MINUTE);
    const { incidents } = w.tocsin;
    await incidents.acknowledge(id, { by: 'ana' });
    await incidents.setSeverity(id, { by: 'ana', severity: 'SEV3' });
    await incidents.assignRole(id, { by: 'ana', user: 'ben', role: 'scribe' });
    await incidents.mitigate(id, { by: 'ana' });
    await w.pass(MINUTE);
    await incidents.resolve(id, { by: 'ana' });
    await w.pass(MINUTE);
    await incidents.reopen(id, { by: 'ana' });
    await incidents.dismiss(id, { by: 'ana' });
    await w.pass(MINUTE);
    expect(await notices(w, id)).toEqual([
      'acknowledged: ben',
      'severity: ben',
      'role: ben',
      'monitoring: ben',
      'resolved: ben',
      'reopened: ben',
      'dismissed: ben',
    ]);
    expect(w.voice.sent.map(({ message }) => message.title).filter((title) => title !== 'Problem disk')).toEqual([
      'Acknowledged: Problem disk',
      'Now SEV3: Problem disk',
      'You are scribe: Problem disk',
      'Monitoring: Problem disk',
      'Resolved: Problem disk',
      'Dismissed: Problem disk',
    ]);
  });

  test('goes out after the end: what is taken back comes first', async () => {
    const w = asking({ ben: { notices: all } });
    const id = await opened(w.tocsin);
    await w.pass(MINUTE);
    w.news();
    await w.tocsin.incidents.resolve(id, { by: 'ana' });
    await w.pass(HOUR, 10 * MINUTE);
    expect(w.news()).toEqual(['+1m ben voice notice']);
    expect(await deliveries(w.tocsin, id)).toEqual([
      'ana sms sent',
      'ben sms sent',
      'ana voice withdrawn',
      'ben voice withdrawn',
      'ben voice sent',
    ]);
  });

  test('never reaches anybody: a notice that fails climbs nowhere and hastens no contact', async () => {
    const w = asking({ ben: { notices: all } });
    const id = await opened(w.tocsin);
    await w.pass(MINUTE);
    w.voice.failWith(() => {
      throw notifyError('this number is gone', { permanent: true });
    });
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.pass(10 * MINUTE);
    const { paging, position } = await incident(w.tocsin, id);
    expect([paging, position.step]).toEqual(['acknowledged', 1]);
    expect((await events(w.tocsin, id)).map(({ type }) => type)).not.toContain('page.failed');
  });

  test('is told to those who respond to a private incident alone', async () => {
    const w = asking({ ana: { notices: all }, ben: { notices: all } });
    const { id } = await w.tocsin.incidents.open({
      title: 'Break-in',
      service: 'checkout',
      visibility: 'private',
      by: 'boss',
    });
    await w.pass(MINUTE);
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.tocsin.incidents.resolve(id, { by: 'boss' });
    expect(await notices(w, id)).toEqual(['resolved: ana']);
  });
});
