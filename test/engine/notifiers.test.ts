/**
 * Notifiers that misbehave: each costs an attempt and no more, and holds up nobody else.
 */
import { describe, expect, test } from 'vitest';
import { createTocsin, memoryStorage, type Notifier } from '../../src/index.ts';
import { recordingNotifier, virtualClock } from '../../src/testing/index.ts';
import {
  config,
  deliveries,
  MINUTE,
  opened,
  policy,
  recordingLogger,
  SECOND,
  T0,
  trigger,
  withoutUnhandled,
  world,
} from './world.ts';

const by = 'ana';

describe('a notifier that misbehaves', () => {
  const failing: readonly (readonly [string, () => never, string])[] = [
    [
      'throws at once',
      () => {
        throw new Error('sync');
      },
      'sync',
    ],
    ['rejects with a string', () => Promise.reject('just a string') as never, 'just a string'],
    ['rejects with nothing', () => Promise.reject() as never, 'undefined'],
    ['rejects with an empty text', () => Promise.reject('') as never, 'the notifier failed without saying why'],
    ['rejects with a very long text', () => Promise.reject('x'.repeat(5_000)) as never, 'x'.repeat(1_000)],
  ];
  test.each(failing)('one that %s has failed an attempt, and no more', async (_, send, error) => {
    await withoutUnhandled(async () => {
      const { tocsin, pass, news } = world({ notifiers: [{ name: 'sms', send }] });
      const id = await opened(tocsin);
      await pass(2 * MINUTE);
      expect(news()).toEqual(['+2m ana voice step']);
      const [delivery] = (await tocsin.deliveries.list({ incidentId: id })).filter(({ contact }) => contact === 'sms');
      expect(delivery).toMatchObject({ state: 'pending', error });
    });
  });

  test('one that answers nonsense has sent', async () => {
    for (const answer of [undefined, null, 7, 'id', { externalId: 7 }, {}]) {
      const { tocsin, pass } = world({ notifiers: [{ name: 'sms', send: async () => answer as never }] });
      const id = await opened(tocsin);
      await pass(0);
      const [delivery] = await tocsin.deliveries.list({ incidentId: id });
      expect(delivery).toMatchObject({ state: 'sent' });
      expect(delivery).not.toHaveProperty('externalId');
    }
  });

  test('one that hangs is given up after ten seconds, and holds up nobody else meanwhile', async () => {
    const signals: AbortSignal[] = [];
    const hanging: Notifier = {
      name: 'sms',
      send: (message, { signal }) => {
        if (message.to.user !== 'ana') return Promise.resolve();
        signals.push(signal);
        return new Promise<void>(() => {});
      },
    };
    const { tocsin, clock, voice } = world({ notifiers: [hanging] });
    const id = await opened(tocsin);
    await tocsin.start();
    await clock.advance(SECOND);
    const other = await tocsin.incidents.open({ by, title: 'other', service: 'search' });
    await tocsin.incidents.reassign(other.id, { by, users: ['ben'] });
    await clock.advance(9 * SECOND - 1);
    expect(signals[0]?.aborted).toBe(false);
    expect((await deliveries(tocsin, other.id)).at(-1)).toBe('ben sms sent');
    await clock.advance(1);
    expect(signals[0]?.aborted).toBe(true);
    expect(signals[0]?.reason).toMatchObject({ message: 'Notifier sms did not answer within 10 s.' });
    const [delivery] = await tocsin.deliveries.list({ incidentId: id });
    expect(delivery).toMatchObject({ state: 'pending', error: 'Notifier sms did not answer within 10 s.' });
    await clock.advance(2 * MINUTE);
    expect(voice.sent.map(({ message }) => message.to.user)).toContain('ana');
    const stopping = tocsin.stop();
    await clock.advance(10 * SECOND);
    await stopping;
  });

  test('many that hang at once never hold up a timer: the next step is asked in time', async () => {
    const clock = virtualClock({ start: T0 });
    const hanging: Notifier = { name: 'sms', send: () => new Promise<void>(() => {}) };
    const { tocsin, voice } = world({
      clock,
      notifiers: [hanging],
      config: config({
        users: [
          { id: 'ana', contacts: [{ notifier: 'sms', address: 'a' }] },
          { id: 'ben', contacts: [{ notifier: 'voice', address: 'b' }] },
          { id: 'boss', contacts: [{ notifier: 'sms', address: 'c' }] },
        ],
        escalationPolicies: [
          policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '2s' }, { targets: [{ user: 'ben' }] }] }),
        ],
      }),
    });
    const fired: number[] = [];
    tocsin.on('timer.fired', ({ event }) => fired.push(event.at - T0));
    for (let n = 0; n < 70; n++) await tocsin.ingest(trigger(`d${n}`));
    await tocsin.start();
    await clock.advance(3 * SECOND);
    expect(fired.length).toBe(70);
    expect(Math.max(...fired)).toBeLessThanOrEqual(3 * SECOND);
    await clock.advance(20 * SECOND);
    expect(voice.sent).toHaveLength(70);
    const stopping = tocsin.stop();
    await clock.advance(10 * SECOND);
    await stopping;
  });

  test('a place that becomes free at a full notifier is taken at once', async () => {
    const clock = virtualClock({ start: T0 });
    const arrive: (() => void)[] = [];
    const notifier: Notifier = { name: 'sms', send: () => new Promise<void>((resolve) => void arrive.push(resolve)) };
    const { tocsin } = world({ clock, notifiers: [notifier] });
    for (let n = 0; n < 65; n++) await tocsin.ingest(trigger(`d${n}`));
    await tocsin.start();
    await clock.advance(0);
    expect(arrive).toHaveLength(64);
    arrive[0]?.();
    await clock.advance(5);
    expect(arrive).toHaveLength(65);
    for (const one of arrive) one();
    await tocsin.stop();
  });

  test('a process that is full waits without spinning', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    let asked = 0;
    const counting = {
      ...storage,
      nextDue: (tenants: readonly string[]) => {
        asked += 1;
        return storage.nextDue(tenants);
      },
    };
    const hanging: Notifier = { name: 'sms', send: () => new Promise<void>(() => {}) };
    const { tocsin } = world({ clock, storage: counting, notifiers: [hanging] });
    for (let n = 0; n < 70; n++) await tocsin.ingest(trigger(`d${n}`));
    await tocsin.start();
    await clock.advance(5 * SECOND);
    expect(asked).toBeLessThan(30);
    const stopping = tocsin.stop();
    await clock.advance(10 * SECOND);
    await stopping;
  });

  test('one that this process does not have: the delivery waits for a process that has it, and then arrives', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const before = world({ clock, storage });
    const id = await opened(before.tocsin);
    const voice = recordingNotifier('voice');
    const after = createTocsin({
      storage,
      clock,
      logger: recordingLogger().logger,
      notifiers: [voice],
      config: config({
        users: ['ana', 'ben', 'boss'].map((user) => ({ id: user, contacts: [{ notifier: 'voice', address: user }] })),
      }),
    });
    await after.tick();
    expect(await after.deadLetters.list()).toEqual([]);
    const error = `Cannot deliver ${id}:2:0: no notifier is called sms. Hand one to createTocsin.`;
    expect((await after.deliveries.list({ incidentId: id }))[0]).toMatchObject({
      state: 'pending',
      attempts: 1,
      error,
    });
    await clock.advance(SECOND);
    await before.tocsin.tick();
    expect(before.sms.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${id}:2:0`]);
  });

  test('one that no process has: the delivery ends as a dead letter after its last attempt', async () => {
    const voice = recordingNotifier('voice');
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const id = await opened(world({ clock, storage }).tocsin);
    const users = ['ana', 'ben', 'boss'].map((user) => ({
      id: user,
      contacts: [{ notifier: 'voice', address: user }],
    }));
    const options = { storage, clock, logger: recordingLogger().logger, notifiers: [voice], config: config({ users }) };
    const after = createTocsin(options);
    for (let minutes = 0; minutes < 90; minutes++) {
      await after.tick();
      await clock.advance(MINUTE);
    }
    expect(voice.sent[0]?.message.to.contact).toBe('voice');
    expect((await after.deadLetters.list())[0]).toMatchObject({ id: `${id}:2:0`, attempts: 20 });
  });
});
