/**
 * Work that is due while the storage fails: told of, left to its lease, done then; no timer is ever dropped that still counts.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { EVERY_METHOD, type Fault, failing, faulty } from './faults.ts';
import { deliveries, incident, MINUTE, opened, SECOND, T0, trigger, types, withoutUnhandled, world } from './world.ts';

const _by = 'ana';

/** Two worlds over one memory: one that works, and one whose storage has the fault. */
function broken(methods: Parameters<typeof faulty>[1], fault: Fault) {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const healthy = world({ clock, storage });
  return { clock, storage, healthy, sick: world({ clock, storage: faulty(storage, methods, fault) }) };
}

describe('work that is due while the storage fails', () => {
  test('a timer that could not be fired is told of, left to its lease, and fired then', async () => {
    const { clock, healthy, sick } = broken(['commit'], failing(2));
    const id = await opened(healthy.tocsin);
    const errors: unknown[] = [];
    sick.tocsin.on('error', ({ doing }) => errors.push(doing));
    await clock.advance(5 * MINUTE);
    await sick.tocsin.tick();
    expect(errors).toEqual([`firing timer step of incident ${id}`]);
    expect(sick.log).toContain('error: Due work failed; it is tried again when its lease ends.');
    expect((await incident(healthy.tocsin, id)).position.step).toBe(1);
    await clock.advance(15 * SECOND - 1);
    await sick.tocsin.tick();
    expect((await incident(healthy.tocsin, id)).position.step).toBe(1);
    await clock.advance(1);
    await sick.tocsin.tick();
    expect((await incident(healthy.tocsin, id)).position.step).toBe(2);
  });

  test('a delivery that could not be settled is tried again under the same key when its lease ends', async () => {
    const { clock, healthy, sick } = broken(['settleDelivery'], failing(2));
    const id = await opened(healthy.tocsin);
    const errors: unknown[] = [];
    sick.tocsin.on('error', ({ doing }) => errors.push(doing));
    await sick.tocsin.tick();
    expect(errors).toEqual([`delivering ${id}:2:0`]);
    await clock.advance(15 * SECOND);
    await sick.tocsin.tick();
    expect(sick.sms.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${id}:2:0`, `${id}:2:0`]);
    expect((await deliveries(healthy.tocsin, id))[0]).toBe('ana sms sent');
  });

  test('a running instance goes on by itself when the storage is back', async () => {
    await withoutUnhandled(async () => {
      let isDown = false;
      const { clock, sick } = broken(EVERY_METHOD, async (proceed) => {
        if (isDown) throw new Error('down');
        return proceed();
      });
      const doing: string[] = [];
      sick.tocsin.on('error', (news) => doing.push(news.doing));
      await sick.tocsin.start();
      await sick.tocsin.ingest(trigger());
      await clock.advance(0);
      isDown = true;
      await clock.advance(6 * MINUTE);
      expect(new Set(doing)).toEqual(new Set(['looking for due work']));
      expect(sick.news()).toEqual(['+0 ana sms step']);
      isDown = false;
      await clock.advance(MINUTE);
      expect(
        sick
          .news()
          .map((line) => line.split(' ').slice(1).join(' '))
          .sort(),
      ).toEqual(['ana voice step', 'ben sms step']);
      await sick.tocsin.stop();
    });
  });

  test('a timer row that comes too early by the clock of the storage stays: it is never dropped', async () => {
    const { clock, healthy, sick, storage } = broken(['load'], async (proceed) => {
      const loaded = (await proceed()) as { now: number };
      return { ...loaded, now: loaded.now - SECOND };
    });
    const id = await opened(healthy.tocsin);
    await clock.advance(5 * MINUTE);
    await sick.tocsin.tick();
    expect((await incident(healthy.tocsin, id)).position.step).toBe(1);
    expect((await storage.nextDue(['default'])).dueAt).toBe(T0 + 2 * MINUTE + 3 * MINUTE + 15 * SECOND);
    await clock.advance(15 * SECOND);
    await healthy.tocsin.tick();
    expect((await incident(healthy.tocsin, id)).position.step).toBe(2);
  });

  test('a timer row that its incident no longer knows is dropped and does nothing', async () => {
    const { clock, healthy, storage } = broken([], (proceed) => proceed());
    const id = await opened(healthy.tocsin);
    const before = await types(healthy.tocsin, id);
    const stale = { ownerKind: 'incident', ownerId: id, kind: 'snooze', armedSeq: 1, dueAt: T0 } as const;
    const none = { incidents: [], alerts: [], deliveries: [], withdrawals: [], documents: [], slots: [], counters: [] };
    await storage.commit([{ ...none, commitId: 'c', tenant: 'default', timers: [{ type: 'arm', ...stale }] }]);
    await storage.commit([
      { ...none, commitId: 'd', tenant: 'default', timers: [{ type: 'arm', ...stale, ownerId: 'nobody' }] },
    ]);
    const other = await opened(healthy.tocsin, trigger('other'));
    const earlier = { ...stale, ownerId: other, kind: 'step', armedSeq: 99 } as const;
    await storage.commit([{ ...none, commitId: 'e', tenant: 'default', timers: [{ type: 'arm', ...earlier }] }]);
    await healthy.tocsin.tick();
    await clock.advance(MINUTE);
    const { timers } = await storage.claimTimers({ tenants: ['default'], limit: 10, leaseMs: 1 });
    expect(timers).toEqual([]);
    expect((await incident(healthy.tocsin, other)).position.step).toBe(1);
    expect(await types(healthy.tocsin, id)).toEqual(before);
  });
});

test('a timer of a kind that a newer version has armed is left to that version', async () => {
  const { clock, healthy, sick, storage } = broken(['load'], async (proceed) => {
    const loaded = (await proceed()) as { incidents: { snapshot: { timers: object } }[] };
    for (const { snapshot } of loaded.incidents) {
      snapshot.timers = { ...snapshot.timers, tomorrow: { armedSeq: 1, dueAt: T0 } };
    }
    return loaded;
  });
  const id = await opened(healthy.tocsin);
  const tomorrow = {
    type: 'arm',
    ownerKind: 'incident',
    ownerId: id,
    kind: 'tomorrow',
    armedSeq: 1,
    dueAt: T0,
  } as const;
  const none = { incidents: [], alerts: [], deliveries: [], withdrawals: [], documents: [], slots: [], counters: [] };
  await storage.commit([{ ...none, commitId: 'c', tenant: 'default', timers: [tomorrow] }]);
  await sick.tocsin.tick();
  await clock.advance(15 * SECOND);
  const { timers } = await storage.claimTimers({ tenants: ['default'], limit: 10, leaseMs: 1 });
  expect(timers.map(({ kind }) => kind)).toEqual(['tomorrow']);
});
