/**
 * The lane of announcements: whatever becomes of them, pages through the same notifier go out as if there were none.
 */
import { describe, expect, test } from 'vitest';
import { type Message, notifyError } from '../../src/index.ts';
import { type RecordingNotifier, recordingNotifier } from '../../src/testing/index.ts';
import { config, contact, MINUTE, opened, policy, SECOND, trigger, world } from './world.ts';

const by = 'ana';
const settled = async (isDone: () => boolean) => {
  for (let turn = 0; turn < 2_000 && !isDone(); turn += 1) await new Promise((next) => setImmediate(next));
};

/** Pages and announcements go through one notifier, which takes so many at once. */
async function hall(concurrency?: number, subscribers = 40) {
  const email: RecordingNotifier = { ...recordingNotifier('email'), ...(concurrency !== undefined && { concurrency }) };
  const w = world({
    notifiers: [email],
    config: config({
      users: [{ id: 'ana', contacts: [contact('email', 'ana')] }],
      schedules: [],
      escalationPolicies: [
        policy({ steps: [{ targets: [{ user: 'ana' }], escalateAfter: '2h' }], fallback: [{ user: 'ana' }] }),
      ],
    }),
  });
  for (let n = 0; n < subscribers; n += 1)
    await w.tocsin.subscribers.add({ by, notifier: 'email', address: `s${n}@x.example` });
  const id = await opened(w.tocsin, trigger('first'));
  await w.tocsin.tick();
  await w.tocsin.incidents.postUpdate(id, { by, text: 'We know.', audience: 'public' });
  const of = (purpose: Message['purpose']) =>
    email.attempts.filter(({ message }) => message.purpose === purpose).length;
  return { ...w, email, of };
}

describe('pages beside announcements', () => {
  test.each([
    [undefined, 32],
    [8, 4],
    [3, 1],
  ])(
    'of a provider that hangs: with %s at once, %s announcements are on their way, and a page goes out',
    async (concurrency, most) => {
      const w = await hall(concurrency);
      const held = Promise.withResolvers<void>();
      w.email.failWith(({ purpose }) => (purpose === 'announcement' ? held.promise : undefined));
      const ticking = w.tocsin.tick();
      await settled(() => w.of('announcement') >= most);
      await opened(w.tocsin, trigger('second'));
      const more = w.tocsin.tick();
      await settled(() => w.of('step') >= 2);
      expect(w.of('step')).toBe(2);
      await w.clock.advance(SECOND);
      const later = w.tocsin.tick();
      await settled(() => false);
      expect(w.of('announcement')).toBe(most);
      held.resolve();
      await Promise.all([ticking, more, later]);
      expect(w.of('announcement')).toBe(40);
    },
  );

  test('a page that waits for a place goes before every announcement that does', async () => {
    const w = await hall(1, 6);
    const order: string[] = [];
    const turns: PromiseWithResolvers<void>[] = [];
    w.email.failWith(({ purpose }) => {
      order.push(purpose);
      const turn = Promise.withResolvers<void>();
      turns.push(turn);
      return turn.promise;
    });
    const ticking = w.tocsin.tick();
    await settled(() => order.length === 1);
    await opened(w.tocsin, trigger('second'));
    const more = w.tocsin.tick();
    await settled(() => false);
    for (let n = 0; n < 7; n += 1) {
      turns[n]?.resolve();
      await settled(() => turns.length > n + 1);
    }
    await Promise.all([ticking, more]);
    expect(order.slice(0, 3)).toEqual(['announcement', 'step', 'announcement']);
    expect(order).toHaveLength(7);
  });

  test('announcements that fail again and again hold up no page, count in no health, and are tried again', async () => {
    const w = await hall();
    w.email.failWith(({ purpose }) => {
      if (purpose === 'announcement') throw notifyError('busy');
    });
    await w.pass(10 * MINUTE);
    expect((await w.tocsin.health()).notifiers.find(({ name }) => name === 'email')).toMatchObject({
      breaker: 'closed',
    });
    const before = w.of('step');
    await opened(w.tocsin, trigger('second'));
    await w.tocsin.tick();
    expect(w.of('step')).toBe(before + 1);
    w.email.failWith(undefined);
    await w.pass(30 * MINUTE);
    const told = w.email.sent.filter(({ message }) => message.purpose === 'announcement');
    expect(new Set(told.map(({ message }) => message.to.address)).size).toBe(40);
    expect(told).toHaveLength(40);
  });

  test('announcements take nothing from the budget of pages', async () => {
    const email = recordingNotifier('email');
    const limits = [{ notifier: 'email', perContact: [{ messages: 1, within: '1h' }], overall: [] }];
    const w = world({ notifiers: [email], config: config({ limits }) });
    await w.tocsin.subscribers.add({ by, notifier: 'email', address: 'kim@x.example' });
    const id = await opened(w.tocsin);
    for (let n = 0; n < 3; n += 1) {
      await w.tocsin.incidents.postUpdate(id, { by, text: `Number ${n}.`, audience: 'public' });
      await w.pass(5 * MINUTE);
    }
    expect(email.sent).toHaveLength(3);
  });

  test('what is put into the queue twice is told once', async () => {
    const w = await hall(undefined, 1);
    await w.tocsin.tick();
    const { documents } = await w.storage.load({
      tenant: 'default',
      documents: [{ collection: 'announcements', id: 'queue' }],
    });
    expect(documents[0]?.data).toMatchObject({ waiting: [], told: [{}] });
    const [row] = await w.storage
      .listDeliveries('default', { limit: 100 })
      .then((rows) => rows.filter(({ purpose }) => purpose === 'announce'));
    const none = { incidents: [], alerts: [], timers: [], withdrawals: [], documents: [], slots: [], counters: [] };
    const again = { ...row!, id: `${row!.id}:again`, state: 'pending' as const };
    await w.storage.commit([{ ...none, commitId: 'again', tenant: 'default', deliveries: [again] }]);
    await w.pass(10 * MINUTE);
    expect(w.of('announcement')).toBe(1);
  });
});
