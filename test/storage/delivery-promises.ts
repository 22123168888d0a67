/**
 * S7 and S8: only the holder of a token settles, and a withdrawal takes back what has not gone out.
 */
import { describe, expect, test } from 'vitest';
import type { Bench } from './bench.ts';
import { commit, delivery, everything, MINUTE, T0 } from './rows.ts';

/** S7 and S8: only the holder of a token settles, and a withdrawal takes back what has not gone out. */
export function deliveryPromises(bench: Bench): void {
  describe('S7 only the holder of the token settles', () => {
    test('a stale or foreign token is answered false and writes nothing', async () => {
      await commit(bench.storage, { deliveries: [delivery('d')] });
      const first = await bench.claimOne();
      bench.clock.at = T0 + 15_000;
      const second = await bench.claimOne();
      const before = await everything(bench.storage);
      for (const wrong of [first.token, second.token + 1, -1]) {
        expect(await bench.settle('d', wrong, { state: 'sent' })).toBe(false);
      }
      expect(await bench.settle('nope', second.token, { state: 'sent' })).toBe(false);
      expect(await everything(bench.storage)).toEqual(before);
      expect(await bench.settle('d', second.token, { state: 'sent', externalId: 'x-1' })).toBe(true);
      expect(await bench.storage.listDeliveries('acme', {})).toMatchObject([
        { state: 'sent', externalId: 'x-1', sentAt: T0 + 15_000, attempts: 2 },
      ]);
    });

    test('nor does the same token settle twice', async () => {
      await commit(bench.storage, { deliveries: [delivery('d')] });
      const { token } = await bench.claimOne();
      expect(await bench.settle('d', token, { state: 'retry', afterMs: 1_000, error: 'busy' })).toBe(true);
      expect(await bench.settle('d', token, { state: 'sent' })).toBe(false);
      expect(await bench.storage.listDeliveries('acme', {})).toMatchObject([
        { state: 'pending', dueAt: T0 + 1_000, error: 'busy' },
      ]);
    });

    test('a delivery that nobody holds is settled by nobody', async () => {
      await commit(bench.storage, { deliveries: [delivery('d')] });
      for (const token of [0, 1]) expect(await bench.settle('d', token, { state: 'sent' })).toBe(false);
      expect(await bench.states()).toEqual(['d pending']);
    });

    test('a dead delivery is handed out no more, until it is revived with its attempts forgotten', async () => {
      await commit(bench.storage, { deliveries: [delivery('d'), delivery('other')] });
      const all = await bench.claimed();
      const token = all.find((one) => one.delivery.id === 'd')!.token;
      await bench.settle('d', token, { state: 'dead', error: 'gone' });
      bench.clock.at = T0 + 10_000;
      expect(await bench.storage.listDeliveries('acme', { state: 'dead' })).toMatchObject([{ id: 'd', error: 'gone' }]);
      expect(await bench.claimed()).toEqual([]);
      expect(await bench.storage.revive('acme', 'other')).toBe(false);
      expect(await bench.storage.revive('acme', 'nope')).toBe(false);
      expect(await bench.storage.revive('acme', 'd')).toBe(true);
      expect(await bench.storage.revive('acme', 'd')).toBe(false);
      expect(await bench.settle('d', token, { state: 'sent' })).toBe(false);
      expect(await bench.claimed()).toMatchObject([{ delivery: { id: 'd', attempts: 1, dueAt: T0 + 10_000 } }]);
    });

    test('a delivery that was sent after a failure says nothing of the failure', async () => {
      await commit(bench.storage, { deliveries: [delivery('d')] });
      await bench.settle('d', (await bench.claimOne()).token, { state: 'retry', afterMs: 0, error: 'busy' });
      await bench.settle('d', (await bench.claimOne()).token, { state: 'sent' });
      const [sent] = await bench.storage.listDeliveries('acme', {});
      expect(sent?.error).toBeUndefined();
    });

    test('hastening makes the next delivery of that page to that person due now, and only that one', async () => {
      const later = (id: string, more: object) => delivery(id, { dueAt: T0 + MINUTE, ...more });
      await commit(bench.storage, {
        deliveries: [
          later('second', { dueAt: T0 + 2 * MINUTE }),
          later('first', {}),
          later('person', { user: 'ben' }),
          later('page', { page: 3 }),
          later('incident', { incidentId: 'i2' }),
        ],
      });
      expect(await bench.storage.hasten('acme', 'i1', 2, 'ana')).toBe(true);
      expect((await bench.claimed()).map(({ delivery: { id } }) => id)).toEqual(['first']);
      expect(await bench.storage.hasten('acme', 'i1', 2, 'ana')).toBe(true);
      expect((await bench.claimed()).map(({ delivery: { id } }) => id)).toEqual(['second']);
      expect(await bench.storage.hasten('acme', 'i1', 2, 'ana')).toBe(false);
      expect(await bench.storage.hasten('acme', 'i1', 2, 'zoe')).toBe(false);
    });

    test('hastening never makes anything later', async () => {
      await commit(bench.storage, { deliveries: [delivery('d', { dueAt: T0 - MINUTE })] });
      await bench.storage.hasten('acme', 'i1', 2, 'ana');
      expect(await bench.storage.listDeliveries('acme', {})).toMatchObject([{ dueAt: T0 - MINUTE }]);
    });
  });

  describe('S8 a withdrawal takes back what has not gone out', () => {
    const withdraw = (more: object = {}) =>
      commit(bench.storage, { withdrawals: [{ incidentId: 'i1', beforePage: 5, because: 'acknowledged', ...more }] });

    test('of that incident, of the pages before, in its commit', async () => {
      await commit(bench.storage, {
        deliveries: [
          delivery('a', { page: 2 }),
          delivery('b', { page: 4, dueAt: T0 + MINUTE }),
          delivery('c', { page: 5 }),
          delivery('d', { page: 2, incidentId: 'i2' }),
        ],
      });
      await withdraw();
      expect((await bench.states()).toSorted()).toEqual(['a withdrawn', 'b withdrawn', 'c pending', 'd pending']);
      expect(await bench.storage.listDeliveries('acme', { state: 'withdrawn' })).toMatchObject([
        { withdrawnBecause: 'acknowledged' },
        { withdrawnBecause: 'acknowledged' },
      ]);
      expect((await bench.claimed()).map(({ delivery: { id } }) => id).sort()).toEqual(['c', 'd']);
    });

    test('only requests to join of one person, when one is named', async () => {
      await commit(bench.storage, {
        deliveries: [
          delivery('asked', { purpose: 'responder', user: 'ben' }),
          delivery('step', { user: 'ben' }),
          delivery('other', { purpose: 'responder', user: 'ana' }),
        ],
      });
      await withdraw({ only: { purpose: 'responder', user: 'ben' } });
      expect((await bench.states()).toSorted()).toEqual(['asked withdrawn', 'other pending', 'step pending']);
    });

    test('never what was sent or is dead', async () => {
      await commit(bench.storage, { deliveries: [delivery('sent'), delivery('dead')] });
      for (const one of await bench.claimed()) {
        await bench.settle(
          one.delivery.id,
          one.token,
          one.delivery.id === 'sent' ? { state: 'sent' } : { state: 'dead', error: 'x' },
        );
      }
      await withdraw();
      expect((await bench.states()).toSorted()).toEqual(['dead dead', 'sent sent']);
    });

    test.each([
      ['sent', { state: 'sent' }, 'd sent'],
      ['failed', { state: 'retry', afterMs: 0, error: 'busy' }, 'd withdrawn'],
      ['failed for good', { state: 'dead', error: 'gone' }, 'd withdrawn'],
    ] as const)(
      'one on the wire that was %s is settled so, and never handed out again',
      async (_, outcome, expected) => {
        await commit(bench.storage, { deliveries: [delivery('d')] });
        const { token } = await bench.claimOne();
        await withdraw();
        expect(await bench.states()).toEqual(['d withdrawn']);
        expect(await bench.settle('d', token, outcome)).toBe(true);
        expect(await bench.states()).toEqual([expected]);
        bench.clock.at = T0 + MINUTE;
        expect(await bench.claimed()).toEqual([]);
        expect((await bench.storage.nextDue(['acme'])).dueAt).toBeUndefined();
      },
    );

    test('one on the wire whose holder died is not handed out when the lease ends', async () => {
      await commit(bench.storage, { deliveries: [delivery('d')] });
      await bench.claimOne();
      await withdraw();
      bench.clock.at = T0 + MINUTE;
      expect(await bench.claimed()).toEqual([]);
      expect(await bench.storage.hasten('acme', 'i1', 2, 'ana')).toBe(false);
    });

    test('a withdrawal and new deliveries in one change: the new ones stay', async () => {
      await commit(bench.storage, { deliveries: [delivery('old', { page: 2 })] });
      await commit(bench.storage, {
        withdrawals: [{ incidentId: 'i1', beforePage: 5, because: 'reassigned' }],
        deliveries: [delivery('new', { page: 6 })],
      });
      expect((await bench.states()).toSorted()).toEqual(['new pending', 'old withdrawn']);
    });
  });
}
