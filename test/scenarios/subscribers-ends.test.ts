/**
 * Subscribers and the end of an incident: whoever heard that it began hears that it is over, and that it has come back.
 */
import { describe, expect, test } from 'vitest';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { config, DAY, MINUTE, opened, since, T0, trigger, world } from '../engine/world.ts';

const by = 'ana';
const status = {
  components: [
    { id: 'shop', name: 'The shop', services: ['checkout'] },
    { id: 'api', name: 'The API', services: ['search'] },
  ],
  pages: [{ id: 'main', name: 'Status of ours' }],
};

/** Kim is of the public, Lee (who reads German) of the house. */
async function hall() {
  const clock = virtualClock({ start: T0 });
  const email = recordingNotifier('email');
  const w = world({
    clock,
    notifiers: [email],
    config: config({ status, updates: { digestWithin: '0s' } }),
  });
  const add = (name: string, input: object = {}) =>
    w.tocsin.subscribers.add({ by, notifier: 'email', address: `${name}@x.example`, ...input });
  await add('kim');
  await add('lee', { audience: 'internal', locale: 'de' });
  let seen = 0;
  return {
    ...w,
    email,
    add,
    post: (id: string, text: string, input: object = {}) =>
      w.tocsin.incidents.postUpdate(id, { by, text, audience: 'public', title: 'Orders fail', ...input }),
    /** What subscribers were told since this was last asked, as `+5m kim: title: text`. */
    async told() {
      await w.tocsin.tick();
      const fresh = email.sent.slice(seen).map(({ message }) => message);
      seen = email.sent.length;
      return fresh
        .filter(({ purpose }) => purpose === 'announcement')
        .map(({ to, title, body, sentAt }) => `${since(sentAt)} ${to.address.split('@')[0]}: ${title}: ${body}`)
        .toSorted();
    },
  };
}

describe('an end is told', () => {
  test.each(['resolve', 'dismiss'] as const)('to whoever was told, when somebody only says %s', async (command) => {
    const w = await hall();
    const id = await opened(w.tocsin);
    await w.post(id, 'We know.');
    await w.told();
    await w.tocsin.incidents[command](id, { by });
    expect(await w.told()).toEqual([
      '+0 kim: Resolved: Orders fail: This incident is resolved.',
      '+0 lee: Behoben: Problem disk: Diese Störung ist behoben.',
    ]);
    await w.pass(10 * MINUTE);
    expect(await w.told()).toEqual([]);
  });

  test('when the monitoring resolves it', async () => {
    const w = await hall();
    const id = await opened(w.tocsin);
    await w.post(id, 'We know.', { by: { kind: 'system' } });
    await w.told();
    await w.tocsin.ingest({ action: 'resolve', dedupKey: 'disk' });
    await w.pass(DAY, 60 * MINUTE);
    expect((await w.told()).filter((line) => line.includes('Resolved: Orders fail'))).toHaveLength(1);
  });

  test('to people inside alone, when only they were told', async () => {
    const w = await hall();
    const id = await opened(w.tocsin);
    await w.post(id, 'It is db-7.', { audience: 'internal' });
    await w.told();
    await w.tocsin.incidents.resolve(id, { by });
    expect(await w.told()).toEqual(['+0 lee: Behoben: Problem disk: Diese Störung ist behoben.']);
  });

  test('to nobody, when nobody was told', async () => {
    const w = await hall();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.resolve(id, { by });
    await w.tocsin.incidents.reopen(id, { by });
    expect(await w.told()).toEqual([]);
  });

  test('once: not to those who heard from an update already that it is over', async () => {
    const w = await hall();
    const id = await opened(w.tocsin);
    await w.post(id, 'It is over.', { status: 'resolved' });
    await w.told();
    await w.post(id, 'We watch it.', { audience: 'internal' });
    await w.told();
    await w.tocsin.incidents.resolve(id, { by });
    expect(await w.told()).toEqual(['+0 lee: Behoben: Problem disk: Diese Störung ist behoben.']);
  });

  test('also to whoever hears only of a component that an earlier update named', async () => {
    const w = await hall();
    await w.add('api', { components: ['api'] });
    const id = await opened(w.tocsin);
    await w.post(id, 'One.', { components: { api: 'major_outage' } });
    await w.post(id, 'Two.', { components: { shop: 'major_outage' } });
    await w.told();
    await w.tocsin.incidents.resolve(id, { by });
    expect(await w.told()).toContainEqual('+0 api: Resolved: Orders fail: This incident is resolved.');
  });

  test('and that it is open again, and over again', async () => {
    const w = await hall();
    const id = await opened(w.tocsin);
    await w.post(id, 'We know.');
    await w.tocsin.incidents.resolve(id, { by });
    await w.told();
    await w.tocsin.incidents.reopen(id, { by });
    expect(await w.told()).toEqual([
      '+0 kim: Investigating: Orders fail: This incident is open again. It is being investigated.',
      '+0 lee: Wird untersucht: Problem disk: Diese Störung besteht wieder. Sie wird untersucht.',
    ]);
    await w.tocsin.incidents.resolve(id, { by });
    expect(await w.told()).toHaveLength(2);
  });

  test('of one that was merged its story goes on in the other: nothing is told', async () => {
    const w = await hall();
    const id = await opened(w.tocsin);
    const other = await opened(w.tocsin, trigger('b'));
    await w.post(id, 'We know.');
    await w.told();
    await w.tocsin.incidents.merge(id, { by, into: other });
    expect(await w.told()).toEqual([]);
    await w.tocsin.incidents.resolve(other, { by });
    expect(await w.told()).toEqual([]);
  });

  test('to nobody outside, when it has become private or is a drill', async () => {
    const w = await hall();
    await w.add('ana', { audience: 'internal', user: 'ana' });
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by });
    await w.post(id, 'We know.');
    await w.told();
    await w.tocsin.incidents.update(id, { by, visibility: 'private' });
    await w.tocsin.incidents.resolve(id, { by });
    expect(await w.told()).toEqual(['+0 ana: Resolved: Problem disk: This incident is resolved.']);
    const drill = await w.tocsin.incidents.open({ by, title: 'Fire', service: 'checkout', kind: 'drill' });
    await w.post(drill.id, 'Go.', { audience: 'internal' });
    await w.told();
    await w.tocsin.incidents.resolve(drill.id, { by });
    expect((await w.told()).map((line) => line.split(':')[0])).toEqual(['+0 ana', '+0 lee']);
  });
});
