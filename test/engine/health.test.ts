/**
 * Health and the watch: silence is visible.
 */
import { describe, expect, test } from 'vitest';
import { createVitals } from '../../src/engine/vitals.ts';
import { memoryStorage, type News } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { failing, faulty } from './faults.ts';
import { config, HOUR, MINUTE, opened, refusal, SECOND, T0, trigger, world } from './world.ts';

describe('health', () => {
  test('says what is due and how late it is', async () => {
    const w = world();
    await opened(w.tocsin);
    await w.sleep(6 * MINUTE);
    expect(await w.tocsin.health()).toMatchObject({
      isHealthy: false,
      at: new Date(T0 + 6 * MINUTE),
      isRunning: false,
      storage: 'reachable',
      latenessMs: 6 * MINUTE,
      oldestDueAt: new Date(T0),
      due: { timers: 1, deliveries: 2 },
      leased: 0,
      deadLetters: 0,
      leaseExpiries: 0,
      missedWakeUps: 0,
      quarantined: [],
    });
    await w.tocsin.tick();
    const after = await w.tocsin.health();
    expect(after).toMatchObject({ isHealthy: true, latenessMs: 0, due: { timers: 0, deliveries: 0 } });
    expect(after.oldestDueAt).toBeUndefined();
  });

  test('counts dead letters and leases that somebody let end', async () => {
    const w = world();
    await opened(w.tocsin);
    await w.storage.claimDeliveries({ tenants: ['default'], limit: 1, leaseMs: 15_000 });
    expect((await w.tocsin.health()).leased).toBe(1);
    await w.sleep(15 * SECOND);
    w.sms.failWith(() => {
      throw Object.assign(new Error('no such number'), { permanent: true });
    });
    await w.tocsin.tick();
    expect(await w.tocsin.health()).toMatchObject({ leaseExpiries: 1, deadLetters: 1, leased: 0 });
  });

  test('answers also when the storage does not', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = faulty(memoryStorage({ clock }), ['figures'], failing(1));
    const { tocsin } = world({ clock, storage });
    expect(await tocsin.health()).toMatchObject({
      isHealthy: false,
      storage: 'unreachable',
      error: { code: 'STORAGE_UNAVAILABLE' },
      due: { timers: 0, deliveries: 0 },
    });
    expect((await tocsin.health()).isHealthy).toBe(true);
  });

  test('names the version of every configuration; of a tenant’s own face only its own', async () => {
    const { tocsin } = world();
    const other = tocsin.forTenant('other', { config: config() });
    const { configVersions } = await tocsin.health();
    expect(configVersions).toEqual({
      default: tocsin.config.current().version,
      other: other.config.current().version,
    });
    expect((await other.health()).configVersions).toEqual({ other: other.config.current().version });
  });

  test('says whether it takes up due work', async () => {
    const { tocsin } = world();
    expect((await tocsin.health()).eventLoopDelayMs).toEqual({ p99: 0, max: 0 });
    await tocsin.start();
    expect((await tocsin.health()).isRunning).toBe(true);
    await tocsin.stop();
  });

  test('says how late the event loop is, without the pause between two looks', () => {
    const calls: string[] = [];
    const vitals = createVitals(() => ({
      count: 9,
      max: 140e6,
      percentile: (p: number) => (p === 99 ? 95e6 : 0),
      enable: () => calls.push('enable') > 0,
      disable: () => calls.push('disable') > 0,
    }));
    expect(vitals.eventLoopDelayMs()).toEqual({ p99: 0, max: 0 });
    vitals.begin();
    expect(vitals.eventLoopDelayMs()).toEqual({ p99: 75, max: 120 });
    vitals.end();
    expect(calls).toEqual(['enable', 'disable']);
  });
});

describe('the dead man', () => {
  function watched(more: Parameters<typeof world>[0] = {}) {
    const beats: number[] = [];
    const clock = virtualClock({ start: T0 });
    let isBroken = false;
    const storage = faulty(memoryStorage({ clock }), ['figures', 'claimTimers', 'claimDeliveries'], async (proceed) => {
      if (isBroken) throw new Error('down');
      return proceed();
    });
    const w = world({ clock, storage, deadMan: { beat: () => void beats.push(clock.now() - T0) }, ...more });
    const late: News['work.late'][] = [];
    w.tocsin.on('work.late', (news) => late.push(news));
    const breakStorage = (is: boolean) => {
      isBroken = is;
    };
    return { ...w, beats, late, break: breakStorage };
  }

  test('hears regularly that all is well, also while pages wait for an answer', async () => {
    const w = watched();
    await w.tocsin.start();
    await opened(w.tocsin);
    await w.clock.advance(2 * MINUTE);
    expect(w.beats).toEqual([30 * SECOND, 60 * SECOND, 90 * SECOND, 120 * SECOND]);
    await w.tocsin.stop();
    await w.clock.advance(5 * MINUTE);
    expect(w.beats).toHaveLength(4);
  });

  test('hears nothing while the storage is away, and it is said once', async () => {
    const w = watched();
    await w.tocsin.start();
    w.break(true);
    await w.clock.advance(5 * MINUTE);
    expect(w.beats).toEqual([]);
    expect(w.late).toMatchObject([{ health: { storage: 'unreachable' } }]);
    w.break(false);
    await w.clock.advance(MINUTE);
    expect(w.beats.length).toBeGreaterThan(0);
  });

  test('hears nothing while something due is not done', async () => {
    const hanging = { name: 'sms', send: () => new Promise<void>(() => {}) };
    const beats: number[] = [];
    const v = watched({
      notifiers: [hanging],
      deadMan: { beat: () => void beats.push(v.clock.now() - T0), every: '10s', late: '20s' },
    });
    await v.tocsin.start();
    // More than one notifier may have on its way at once.
    await v.tocsin.ingest(Array.from({ length: 100 }, (_, n) => trigger(`key ${n}`)));
    await v.clock.advance(2 * MINUTE);
    expect(beats).toEqual([10 * SECOND, 20 * SECOND]);
    expect(v.late).toHaveLength(1);
  });

  test('that fails is logged and asked again', async () => {
    let calls = 0;
    const w = watched({
      deadMan: {
        beat: () => {
          calls += 1;
          throw new Error('no network');
        },
      },
    });
    await w.tocsin.start();
    await w.clock.advance(MINUTE);
    expect(calls).toBe(2);
    expect(w.log).toContain('error: deadMan.beat failed.');
    await w.tocsin.stop();
  });

  test('that hangs is called again all the same, and what is late is still said', async () => {
    let calls = 0;
    const w = watched({
      deadMan: {
        beat: () => {
          calls += 1;
          return new Promise<void>(() => {});
        },
      },
    });
    await w.tocsin.start();
    await w.clock.advance(2 * MINUTE);
    expect(calls).toBe(4);
    w.break(true);
    await w.clock.advance(2 * MINUTE);
    expect(w.late).toHaveLength(1);
    await w.tocsin.stop();
  });

  test('that is to be called once in a long while never spins', async () => {
    const waits: number[] = [];
    const clock = virtualClock({ start: T0 });
    const noting = {
      ...clock,
      wait: (...args: Parameters<typeof clock.wait>) => {
        waits.push(args[0]);
        return clock.wait(...args);
      },
    };
    const { tocsin } = world({ clock: noting, deadMan: { beat() {}, every: '365d' } });
    await tocsin.start();
    expect(Math.max(...waits)).toBe(2 ** 31 - 1);
    await tocsin.stop();
  });

  test('hears nothing while a step fails each time it is due', async () => {
    const clock = virtualClock({ start: T0 });
    const beats: number[] = [];
    let isPoisoned = false;
    const storage = faulty(memoryStorage({ clock }), ['commit'], async (proceed) => {
      if (isPoisoned) throw new Error('this incident cannot be stored');
      return proceed();
    });
    const w = world({ clock, storage, deadMan: { beat: () => void beats.push(clock.now() - T0) } });
    const late: unknown[] = [];
    w.tocsin.on('work.late', (news) => late.push(news));
    await w.tocsin.start();
    await opened(w.tocsin);
    isPoisoned = true;
    await clock.advance(15 * MINUTE);
    expect(Math.max(...beats)).toBeLessThanOrEqual(6 * MINUTE);
    expect(late).toHaveLength(1);
    expect(await w.tocsin.health()).toMatchObject({ isHealthy: false });
    await w.tocsin.stop();
  });

  test.each([
    ['no beat', { every: '5s' }, 'INPUT_INVALID'],
    ['a misspelt option', { beat() {}, evry: '5s' }, 'INPUT_INVALID'],
    ['no duration', { beat() {}, every: 'often' }, 'DURATION_INVALID'],
    ['a number', { beat() {}, late: 5 }, 'INPUT_INVALID'],
    ['no pause at all', { beat() {}, every: '0s' }, 'INPUT_INVALID'],
  ] as const)('with %s is refused', async (_, deadMan, code) => {
    await refusal(() => world({ deadMan: deadMan as never }), code);
  });
});

test('once an hour the storage forgets what nobody asks for any more', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const pruned: (readonly unknown[])[] = [];
  const counting = faulty(storage, ['prune'], async (proceed, _, args) => {
    pruned.push(args);
    return proceed();
  });
  const { tocsin } = world({ clock, storage: counting });
  await tocsin.start();
  await clock.advance(2 * HOUR + MINUTE);
  // The first time soon after the start, then every hour.
  expect(pruned).toEqual([
    ['default', { limit: 1 }],
    ['default', { limit: 1 }],
    ['default', { limit: 1 }],
  ]);
  await tocsin.stop();
});
