/**
 * S5 and S6: the clock is the storage’s, and a due row is handed to one caller.
 */
import { describe, expect, test } from 'vitest';
import { type Bench, CLAIM } from './bench.ts';
import { arm, cancel, commit, delivery, MINUTE, T0 } from './rows.ts';

/** S5 and S6: the clock is the storage’s, and a due row is handed to one caller. */
export function leasePromises(bench: Bench): void {
  describe('S5 the clock is the storage’s', () => {
    test('load and the claims answer it', async () => {
      bench.clock.at = T0 + 7;
      expect((await bench.storage.load({ tenant: 'acme' })).now).toBe(T0 + 7);
      expect((await bench.storage.claimTimers(CLAIM)).now).toBe(T0 + 7);
      expect((await bench.storage.claimDeliveries(CLAIM)).now).toBe(T0 + 7);
      expect(await bench.storage.nextDue(['acme'])).toEqual({ now: T0 + 7, dueAt: undefined });
    });

    test('a row is due at its very moment, not before', async () => {
      await commit(bench.storage, {
        timers: [arm('step', { dueAt: T0 + 10 })],
        deliveries: [delivery('d', { dueAt: T0 + 10 })],
      });
      bench.clock.at = T0 + 9;
      expect((await bench.storage.claimTimers(CLAIM)).timers).toEqual([]);
      expect(await bench.claimed()).toEqual([]);
      bench.clock.at = T0 + 10;
      expect((await bench.storage.claimTimers(CLAIM)).timers).toHaveLength(1);
      expect(await bench.claimed()).toHaveLength(1);
    });

    test('what is due first is handed out first, no more than was asked for', async () => {
      const dues = [3, 1, 2].map((n) => ({ n, dueAt: T0 - n }));
      await commit(bench.storage, {
        timers: dues.map(({ n, dueAt }) => arm('step', { ownerId: `i${n}`, dueAt })),
        deliveries: dues.map(({ n, dueAt }) => delivery(`d${n}`, { dueAt })),
      });
      expect((await bench.storage.claimTimers({ ...CLAIM, limit: 2 })).timers.map(({ ownerId }) => ownerId)).toEqual([
        'i3',
        'i2',
      ]);
      expect((await bench.storage.claimTimers({ ...CLAIM, limit: 2 })).timers.map(({ ownerId }) => ownerId)).toEqual([
        'i1',
      ]);
      expect((await bench.claimed({ limit: 2 })).map(({ delivery: { id } }) => id)).toEqual(['d3', 'd2']);
      expect((await bench.claimed({ limit: 2 })).map(({ delivery: { id } }) => id)).toEqual(['d1']);
    });

    test('the next due moment is that of the first row, or the end of its lease', async () => {
      await commit(bench.storage, {
        timers: [arm('step', { dueAt: T0 + 20 })],
        deliveries: [delivery('d', { dueAt: T0 + 10 })],
      });
      expect((await bench.storage.nextDue(['acme'])).dueAt).toBe(T0 + 10);
      bench.clock.at = T0 + 20;
      const [one] = await bench.claimed();
      expect((await bench.storage.nextDue(['acme'])).dueAt).toBe(T0 + 20);
      await bench.storage.claimTimers({ ...CLAIM, leaseMs: 5_000 });
      expect((await bench.storage.nextDue(['acme'])).dueAt).toBe(T0 + 20 + 5_000);
      await commit(bench.storage, { timers: [cancel('step')] });
      expect((await bench.storage.nextDue(['acme'])).dueAt).toBe(T0 + 20 + 15_000);
      await bench.settle('d', one!.token, { state: 'retry', afterMs: 1_000, error: 'busy' });
      expect((await bench.storage.nextDue(['acme'])).dueAt).toBe(T0 + 20 + 1_000);
      bench.clock.at += 1_000;
      await bench.settle('d', (await bench.claimOne()).token, { state: 'sent' });
      expect((await bench.storage.nextDue(['acme'])).dueAt).toBeUndefined();
    });
  });

  describe('S6 a due row is handed to one caller until its lease ends', () => {
    test('whoever asks', async () => {
      const n = [1, 2, 3, 4, 5, 6];
      await commit(bench.storage, {
        timers: n.map((i) => arm('step', { ownerId: `i${i}` })),
        deliveries: n.map((i) => delivery(`d${i}`)),
      });
      const all = await Promise.all([1, 2, 3].map(() => bench.storage.claimTimers({ ...CLAIM, limit: 4 })));
      expect(all.flatMap(({ timers }) => timers.map(({ ownerId }) => ownerId)).sort()).toEqual(n.map((i) => `i${i}`));
      const sent = (await Promise.all([1, 2, 3].map(() => bench.claimed({ limit: 4 })))).flat();
      expect(sent.map(({ delivery: { id } }) => id).sort()).toEqual(n.map((i) => `d${i}`));
    });

    test('except deliveries of the notifiers that the caller has no room for, which stay free for others', async () => {
      const through = (id: string, notifier: string) => delivery(id, { notifier, dueAt: T0 - 1 });
      await commit(bench.storage, {
        deliveries: [
          through('a', 'sms'),
          through('b', 'sms'),
          through('c', 'voice'),
          delivery('d', { notifier: 'mail' }),
        ],
      });
      expect((await bench.claimed({ except: ['sms', 'mail'] })).map(({ delivery: { id } }) => id)).toEqual(['c']);
      expect((await bench.storage.nextDue(['acme'])).dueAt).toBe(T0 - 1);
      const rest = await bench.claimed({ except: [], limit: 2 });
      expect(rest.map(({ delivery: { id, attempts } }) => `${id} ${attempts}`)).toEqual(['a 1', 'b 1']);
      expect((await bench.claimed({ except: ['mail'] })).map(({ delivery: { id } }) => id)).toEqual([]);
      expect((await bench.claimed()).map(({ delivery: { id } }) => id)).toEqual(['d']);
    });

    test('and to another one afterwards', async () => {
      await commit(bench.storage, { timers: [arm('step')], deliveries: [delivery('d')] });
      await bench.storage.claimTimers(CLAIM);
      const [first] = await bench.claimed();
      expect(first).toMatchObject({ delivery: { state: 'leased', attempts: 1 } });
      bench.clock.at = T0 + 14_999;
      expect((await bench.storage.claimTimers(CLAIM)).timers).toEqual([]);
      expect(await bench.claimed()).toEqual([]);
      bench.clock.at = T0 + 15_000;
      expect((await bench.storage.claimTimers(CLAIM)).timers).toHaveLength(1);
      expect(await bench.claimed()).toMatchObject([{ delivery: { id: 'd', attempts: 2 } }]);
    });

    test('a timer that is armed anew is nobody’s, and comes when it is due then', async () => {
      await commit(bench.storage, { timers: [arm('step')] });
      await bench.storage.claimTimers(CLAIM);
      await commit(bench.storage, { timers: [arm('step', { armedSeq: 5, dueAt: T0 + 10 })] });
      bench.clock.at = T0 + 10;
      expect((await bench.storage.claimTimers(CLAIM)).timers).toMatchObject([
        { kind: 'step', armedSeq: 5, dueAt: T0 + 10 },
      ]);
    });

    test('a timer that is cancelled or dropped is never handed out; one that was armed anew is not dropped', async () => {
      await commit(bench.storage, { timers: [arm('step'), arm('hold'), arm('snooze')] });
      const { timers } = await bench.storage.claimTimers(CLAIM);
      const of = (kind: string) => timers.find((timer) => timer.kind === kind)!;
      await commit(bench.storage, { timers: [cancel('step'), arm('hold', { armedSeq: 9 })] });
      await bench.storage.dropTimer(of('hold'));
      await bench.storage.dropTimer(of('snooze'));
      await bench.storage.dropTimer(of('step'));
      bench.clock.at = T0 + MINUTE;
      expect((await bench.storage.claimTimers(CLAIM)).timers.map(({ kind }) => kind)).toEqual(['hold']);
    });
  });
}
