/**
 * S7: only the holder of the current token extends or settles a delivery.
 */
import { LEASE_MS, type StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import { delivery, MINUTE, T0 } from './rows.ts';

export const TOKENS: readonly StorageTest[] = [
  {
    promise: 'S7',
    says: 'a stale or foreign token settles nothing and extends nothing',
    async run({ storage, setNow, commit, claimOne, settle, everything }) {
      await commit({ deliveries: [delivery('d')] });
      const first = await claimOne();
      await setNow(T0 + LEASE_MS);
      const second = await claimOne();
      const before = await everything();
      for (const wrong of [first.token, second.token + 1, 0, -1]) {
        same(await settle('d', wrong, { state: 'sent' }), false);
        same(await storage.extendDelivery('acme', 'd', wrong, MINUTE), false);
      }
      same(await settle('nope', second.token, { state: 'sent' }), false);
      same(await storage.extendDelivery('acme', 'nope', second.token, MINUTE), false);
      same(await everything(), before);
      same(await settle('d', second.token, { state: 'sent', externalId: 'x-1' }), true);
      matches(await storage.listDeliveries('acme', {}), [
        { state: 'sent', externalId: 'x-1', sentAt: T0 + LEASE_MS, attempts: 2 },
      ]);
    },
  },
  {
    promise: 'S7',
    says: 'settling answers the delivery as it is stored then',
    async run({ storage, setNow, commit, claimOne }) {
      await commit({ deliveries: [delivery('d')] });
      const settle = async (outcome: Parameters<typeof storage.settleDelivery>[3]) => {
        const { token } = await claimOne();
        const row = present(await storage.settleDelivery('acme', 'd', token, outcome), 'settled delivery');
        same([row], await storage.listDeliveries('acme', {}));
        return row;
      };
      const again = await settle({ state: 'retry', afterMs: 1_000, error: 'busy' });
      same(again, delivery('d', { attempts: 1, dueAt: T0 + 1_000, error: 'busy' }));
      await setNow(T0 + 1_000);
      const dead = await settle({ state: 'dead', error: 'gone' });
      same(dead, delivery('d', { state: 'dead', attempts: 2, dueAt: T0 + 1_000, error: 'gone' }));
      await storage.revive('acme', 'd');
      const sent = await settle({ state: 'sent', externalId: 'x-1' });
      same(
        sent,
        delivery('d', { state: 'sent', attempts: 1, dueAt: T0 + 1_000, sentAt: T0 + 1_000, externalId: 'x-1' }),
      );
    },
  },
  {
    promise: 'S7',
    says: 'a lease that is long enough is not made shorter',
    async run({ storage, setNow, commit, claimOne, claimedIds }) {
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      same(await storage.extendDelivery('acme', 'd', token, 1), true);
      same((await storage.nextDue(['acme'])).dueAt, T0 + LEASE_MS);
      await setNow(T0 + LEASE_MS - 1);
      same(await claimedIds(), []);
    },
  },
  {
    promise: 'S7',
    says: 'a delivery that was taken back or settled is not extended, however long its lease is',
    async run({ storage, commit, claimed, settle }) {
      await commit({ deliveries: [delivery('withdrawn', { page: 1 }), delivery('settled', { page: 3 })] });
      for (const { delivery: row, token } of await claimed()) {
        same(await storage.extendDelivery('acme', row.id, token, 1), true);
        if (row.id === 'settled') await settle(row.id, token, { state: 'retry', afterMs: 0, error: 'busy' });
        else await commit({ withdrawals: [{ incidentId: 'i1', beforePage: 2, because: 'answered' }] });
        same(await storage.extendDelivery('acme', row.id, token, 1), false);
      }
    },
  },
  {
    promise: 'S7',
    says: 'the same token does not settle twice, nor extend what it settled',
    async run({ storage, commit, claimOne, settle }) {
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      same(await settle('d', token, { state: 'retry', afterMs: 1_000, error: 'busy' }), true);
      same(await settle('d', token, { state: 'sent' }), false);
      same(await storage.extendDelivery('acme', 'd', token, MINUTE), false);
      matches(await storage.listDeliveries('acme', {}), [{ state: 'pending', dueAt: T0 + 1_000, error: 'busy' }]);
    },
  },
  {
    promise: 'S7',
    says: 'whoever is late and still has the current token settles',
    async run({ setNow, commit, claimOne, settle, states }) {
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      await setNow(T0 + MINUTE);
      same(await settle('d', token, { state: 'sent' }), true);
      same(await states(), ['d sent']);
    },
  },
  {
    promise: 'S7',
    says: 'a delivery that nobody holds is settled and extended by nobody',
    async run({ storage, commit, settle, states }) {
      await commit({ deliveries: [delivery('d')] });
      for (const token of [0, 1]) {
        same(await settle('d', token, { state: 'sent' }), false);
        same(await storage.extendDelivery('acme', 'd', token, MINUTE), false);
      }
      same(await states(), ['d pending']);
    },
  },
  {
    promise: 'S7',
    says: 'a dead delivery is handed out no more, until it is revived with its attempts forgotten',
    async run({ storage, setNow, commit, claimed, claimedIds, settle }) {
      await commit({ deliveries: [delivery('d'), delivery('other')] });
      const all = await claimed();
      const { token } = present(
        all.find((one) => one.delivery.id === 'd'),
        'delivery d',
      );
      await settle('d', token, { state: 'dead', error: 'gone' });
      await setNow(T0 + 10_000);
      matches(await storage.listDeliveries('acme', { state: 'dead' }), [{ id: 'd', error: 'gone' }]);
      same(await claimedIds(), []);
      same(await storage.revive('acme', 'other'), false);
      same(await storage.revive('acme', 'nope'), false);
      same(await storage.revive('acme', 'd'), true);
      same(await storage.revive('acme', 'd'), false);
      same(await settle('d', token, { state: 'sent' }), false);
      matches(await claimed(), [{ delivery: { id: 'd', attempts: 1, dueAt: T0 + 10_000 }, isReclaimed: false }]);
      same(await settle('d', token, { state: 'sent' }), false);
    },
  },
  {
    promise: 'S7',
    says: 'a delivery that was sent after a failure says nothing of the failure',
    async run({ storage, commit, claimOne, settle }) {
      await commit({ deliveries: [delivery('d')] });
      await settle('d', (await claimOne()).token, { state: 'retry', afterMs: 0, error: 'busy' });
      await settle('d', (await claimOne()).token, { state: 'sent' });
      const [sent] = await storage.listDeliveries('acme', {});
      same(present(sent, 'delivery').error, undefined);
    },
  },
  {
    promise: 'S7',
    says: 'hastening makes the next delivery of that page to that person due now, and only that one',
    async run({ storage, commit, claimedIds }) {
      const later = (id: string, more: object) => delivery(id, { dueAt: T0 + MINUTE, ...more });
      await commit({
        deliveries: [
          later('second', { dueAt: T0 + 2 * MINUTE }),
          later('first', {}),
          later('person', { user: 'ben' }),
          later('page', { page: 3 }),
          later('incident', { incidentId: 'i2' }),
        ],
      });
      const hasten = (user: string) => storage.hasten('acme', 'i1', 2, user);
      same(await hasten('ana'), true);
      same(await claimedIds(), ['first']);
      same(await hasten('ana'), true);
      same(await claimedIds(), ['second']);
      same(await hasten('ana'), false);
      same(await hasten('zoe'), false);
    },
  },
  {
    promise: 'S7',
    says: 'hastening takes one that has not failed before one that has, whichever is due first',
    async run({ storage, commit, claimOne, claimedIds, settle }) {
      await commit({ deliveries: [delivery('failed'), delivery('next', { dueAt: T0 + 2 * MINUTE })] });
      await settle('failed', (await claimOne()).token, { state: 'retry', afterMs: MINUTE, error: 'busy' });
      same(await storage.hasten('acme', 'i1', 2, 'ana'), true);
      same(await claimedIds(), ['next']);
    },
  },
  {
    promise: 'S7',
    says: 'hastening never makes anything later',
    async run({ storage, commit }) {
      await commit({ deliveries: [delivery('d', { dueAt: T0 - MINUTE })] });
      same(await storage.hasten('acme', 'i1', 2, 'ana'), true);
      matches(await storage.listDeliveries('acme', {}), [{ dueAt: T0 - MINUTE }]);
    },
  },
];
