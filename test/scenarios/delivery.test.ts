/**
 * What happens when a page leaves, cannot leave, or must not be lost: the promises of delivery, each by its number.
 *
 * A whole Tocsin over memory, with a clock that a test moves.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, memoryStorage, notifyError, type Storage } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import { EVERY_METHOD, faulty } from '../engine/faults.ts';
import {
  config,
  contact,
  deliveries,
  events,
  MINUTE,
  opened,
  policy,
  refusal,
  resolve,
  SECOND,
  T0,
  trigger,
  withoutUnhandled,
  world,
} from '../engine/world.ts';

const by = 'boss';
const low = (key: string) => trigger(key, { severity: 'info' });

describe('11. Budgets hold back only what can wait', () => {
  const oneAMinute = [{ notifier: 'sms', perContact: [{ messages: 1, within: '1m' }] }];
  const limited = (more: Partial<ConfigInput> = {}) => world({ config: config({ limits: oneAMinute, ...more }) });

  test('given that the budget is spent, when an incident of high urgency pages somebody for the first time, then it goes out', async () => {
    const w = limited();
    await opened(w.tocsin, low('noise'));
    await w.pass(0);
    await opened(w.tocsin, trigger('fire'));
    await w.pass(0);
    expect(w.sms.sent.map(({ message }) => message.title)).toEqual(['Problem noise', 'Problem fire']);
  });

  test('given that they were reached already, when they are paged again beyond it, then their next contact is used at once', async () => {
    const steps = [{ targets: [{ user: 'ana' }], escalateAfter: '30s' }];
    const w = limited({ escalationPolicies: [policy({ steps, repeat: 1 })] });
    await opened(w.tocsin);
    await w.pass(30 * SECOND, SECOND);
    expect(w.news()).toEqual(['+0 ana sms step', '+30s ana voice step']);
  });

  test('given several that can wait, when they are beyond it, then one message lists every one of them', async () => {
    const w = limited();
    await opened(w.tocsin, low('first'));
    await w.pass(0);
    const ids = [await opened(w.tocsin, low('a')), await opened(w.tocsin, low('b')), await opened(w.tocsin, low('c'))];
    await w.pass(65 * SECOND, SECOND);
    expect(w.sms.sent).toHaveLength(2);
    const { message } = w.sms.sent[1]!;
    const told = [message.incidentId, ...(message.bundle ?? []).map(({ incidentId }) => incidentId)];
    expect(told.toSorted()).toEqual(ids.toSorted());
    for (const id of ids) expect(await deliveries(w.tocsin, id)).toEqual(['ana sms sent']);
  });
});

describe('12. One person, two roles: at most one live page', () => {
  test('given somebody who is on call, in the team and named, when the step is taken, then each contact gets one page', async () => {
    const teams = [{ id: 'team', members: ['ana', 'ben'], schedule: 'primary' }];
    const everybody = { team: 'team', everyone: true as const };
    const targets = [{ schedule: 'primary' }, everybody, { user: 'ana' }, { team: 'team' }];
    const w = world({ config: config({ teams, escalationPolicies: [policy({ steps: [{ targets }] })] }) });
    const id = await opened(w.tocsin);
    await w.pass(2 * MINUTE);
    expect(w.news()).toEqual(['+0 ana sms step', '+0 ben sms step', '+2m ana voice step']);
    expect(await deliveries(w.tocsin, id)).toHaveLength(3);
  });

  test('given whoever acknowledged and is on call, when the acknowledgement expires, then they are asked once, in a cycle of its own', async () => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.tocsin.incidents.acknowledge(id, { by: 'ana' });
    await w.pass(30 * MINUTE);
    expect(w.news()).toEqual(['+30m ana sms step']);
    const live = (await w.tocsin.deliveries.list({ incidentId: id })).filter(({ state }) => state !== 'withdrawn');
    expect(live.map(({ position }) => position.cycle)).toEqual([2, 2]);
  });

  test('given the same step in the next round, when it is taken, then its pages have keys of their own', async () => {
    const steps = [{ targets: [{ user: 'ben' }], escalateAfter: '1m' }];
    const w = world({ config: config({ escalationPolicies: [policy({ steps, repeat: 2 })] }) });
    await opened(w.tocsin);
    await w.pass(2 * MINUTE);
    expect(w.sms.sent).toHaveLength(3);
    expect(new Set(w.sms.sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
  });
});

describe('25. Storage is down', () => {
  const falling = (emergency = { users: ['boss'], notifier: 'sms' }) => {
    const clock = virtualClock({ start: T0 });
    let isDown = false;
    const storage: Storage = faulty(memoryStorage({ clock }), EVERY_METHOD, async (proceed) => {
      if (isDown) throw new Error('connection refused');
      return proceed();
    });
    const w = world({ clock, storage, emergency });
    const set = (down: boolean) => {
      isDown = down;
    };
    return { ...w, set };
  };
  const lost = (w: ReturnType<typeof falling>, event = trigger()) =>
    refusal(() => w.tocsin.ingest(event), 'STORAGE_UNAVAILABLE');

  test('given that it is, when an event or a command comes, then it is refused, and its sender may try again', async () => {
    const w = falling();
    const id = await opened(w.tocsin);
    w.set(true);
    expect((await lost(w)).retryable).toBe(true);
    await refusal(() => w.tocsin.incidents.acknowledge(id, { by }), 'STORAGE_UNAVAILABLE');
  });

  test('given that it stays down for ten seconds, when something urgent came, then the emergency contacts are paged, once in five minutes for each key', async () => {
    const w = falling();
    await w.tocsin.tick();
    w.set(true);
    for (let n = 0; n < 12; n++) {
      await lost(w);
      await w.clock.advance(10 * SECOND);
    }
    expect(w.sms.sent.map(({ message }) => `${message.purpose} ${message.to.user}`)).toEqual(['emergency boss']);
  });

  test('given that it is back, when that is found out, then the timeline says who was paged, under the same key', async () => {
    const w = falling();
    await w.tocsin.tick();
    w.set(true);
    await lost(w);
    await w.clock.advance(15 * SECOND);
    w.set(false);
    await w.clock.advance(15 * SECOND);
    const [incident] = (await w.tocsin.incidents.list()).items;
    const told = (await events(w.tocsin, incident!.id)).filter(({ type }) => type === 'emergency.paged');
    expect(told).toMatchObject([{ users: ['boss'] }]);
    const rows = await w.tocsin.deliveries.list({ incidentId: incident!.id });
    expect(rows.map(({ id }) => id)).toContain(w.sms.sent[0]?.idempotencyKey);
  });

  test('given what can wait or was resolved meanwhile, when it stays down, then nobody is woken for it', async () => {
    const w = falling();
    await w.tocsin.tick();
    w.set(true);
    await lost(w, low('minor'));
    await lost(w, trigger('over'));
    await lost(w, resolve('over'));
    await w.clock.advance(5 * MINUTE);
    expect(w.sms.sent).toEqual([]);
  });
});

describe('A notifier fails', () => {
  test('given one that fails for good, when it is tried, then the next contact of that person is used at once', async () => {
    const w = world();
    w.sms.failWith(() => {
      throw notifyError('no such number', { permanent: true });
    });
    await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toEqual(['+0 ana voice step']);
  });

  test('given that no contact of a page works, when the last one has failed, then the next step is asked without its wait', async () => {
    const only = [{ id: 'ana', contacts: [contact('voice', 'ana')] }, ...(config().users ?? []).slice(1)];
    const w = world({ config: config({ users: only }) });
    w.voice.failWith(() => {
      throw notifyError('number withdrawn', { permanent: true });
    });
    await opened(w.tocsin);
    await w.pass(0);
    expect(w.news()).toEqual(['+0 ben sms step']);
  });
});

describe('28. Reactions: work that must not be lost', () => {
  test('given a reaction, when its event is stored and the process dies, then the next process runs it, under the same id', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const seen: string[] = [];
    const reactions = { 'incident.opened': ({ id }: { readonly id: string }) => void seen.push(id) };
    const first = world({ clock, storage, reactions });
    const incident = await opened(first.tocsin);
    await world({ clock, storage, reactions }).tocsin.tick();
    await first.tocsin.tick();
    expect(seen).toEqual([`reaction:${incident}:1`]);
  });

  test('given one that fails, when it is tried again and again, then it ends as a dead letter, and every page went out', async () => {
    await withoutUnhandled(async () => {
      const letters: string[] = [];
      const reactions = { 'incident.opened': () => Promise.reject(new Error('no tickets today')) };
      const w = world({ reactions, onDeadLetter: ({ purpose }) => void letters.push(purpose) });
      await opened(w.tocsin);
      await w.pass(2 * MINUTE);
      expect(w.news()).toEqual(['+0 ana sms step', '+2m ana voice step']);
      await w.pass(60 * MINUTE, 10 * SECOND);
      expect(letters).toEqual(['reaction']);
    });
  });

  test('given one that never answers, when a page is due, then the page does not wait for it', async () => {
    const sms = recordingNotifier('sms');
    const w = world({ notifiers: [sms], reactions: { 'incident.opened': () => new Promise<void>(() => {}) } });
    await opened(w.tocsin);
    const tick = w.tocsin.tick();
    await w.clock.advance(SECOND);
    expect(sms.sent).toHaveLength(1);
    await w.clock.advance(10 * SECOND);
    await tick;
  });
});
