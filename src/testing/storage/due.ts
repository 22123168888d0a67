/**
 * S5: the clock is the storage's; it decides what is due, how long a lease lasts and when a document expires.
 */
import { CLAIM, LEASE_MS, type StorageTest } from './bench.ts';
import { same } from './compare.ts';
import { arm, cancel, delivery, MINUTE, T0 } from './rows.ts';

const KEY = { collection: 'c', id: 'd' };

export const DUE: readonly StorageTest[] = [
  {
    promise: 'S5',
    says: 'load, the claims, nextDue and the figures answer the clock of the storage',
    async run({ storage, setNow }) {
      for (const at of [T0 + 7, T0 + 400 * 24 * 60 * MINUTE, T0 - 1]) {
        await setNow(at);
        same((await storage.load({ tenant: 'acme' })).now, at);
        same((await storage.claimTimers(CLAIM)).now, at);
        same((await storage.claimDeliveries(CLAIM)).now, at);
        same(await storage.nextDue(['acme']), { now: at, dueAt: undefined });
        same((await storage.figures(['acme'])).now, at);
      }
    },
  },
  {
    promise: 'S5',
    says: 'a row is due at its very moment, not before',
    async run({ setNow, commit, claimedTimers, claimed }) {
      await commit({ timers: [arm('step', { dueAt: T0 + 10 })], deliveries: [delivery('d', { dueAt: T0 + 10 })] });
      await setNow(T0 + 9);
      same(await claimedTimers(), []);
      same(await claimed(), []);
      await setNow(T0 + 10);
      same((await claimedTimers()).length, 1);
      same((await claimed()).length, 1);
    },
  },
  {
    promise: 'S5',
    says: 'the next due moment is that of the first row, or the end of its lease',
    async run({ storage, setNow, commit, claimOne, claimedTimers, settle }) {
      const next = async () => (await storage.nextDue(['acme'])).dueAt;
      await commit({ timers: [arm('step', { dueAt: T0 + 20 })], deliveries: [delivery('d', { dueAt: T0 + 10 })] });
      same(await next(), T0 + 10);
      await setNow(T0 + 20);
      const { token } = await claimOne();
      same(await next(), T0 + 20);
      await claimedTimers({ leaseMs: 5_000 });
      same(await next(), T0 + 20 + 5_000);
      await commit({ timers: [cancel('step')] });
      same(await next(), T0 + 20 + LEASE_MS);
      await settle('d', token, { state: 'retry', afterMs: 60_000, error: 'busy' });
      same(await next(), T0 + 20 + 60_000);
    },
  },
  {
    promise: 'S5',
    says: 'how long an extended lease and a retry take is counted from now by the storage’s clock',
    async run({ storage, setNow, commit, claimOne, claimedIds, settle }) {
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      await setNow(T0 + 10_000);
      same(await storage.extendDelivery('acme', 'd', token, LEASE_MS), true);
      same((await storage.nextDue(['acme'])).dueAt, T0 + 25_000);
      await setNow(T0 + 24_999);
      same(await claimedIds(), []);
      await settle('d', token, { state: 'retry', afterMs: 1_000, error: 'busy' });
      same((await storage.nextDue(['acme'])).dueAt, T0 + 25_999);
    },
  },
  {
    promise: 'S5',
    says: 'a document is there until it expires, and then it is as if it had never been',
    async run({ storage, setNow, commit }) {
      const read = async () => (await storage.load({ tenant: 'acme', documents: [KEY] })).documents;
      await commit({ documents: [{ ...KEY, expectedVersion: 0, data: 1, expiresAt: T0 + 10 }] });
      await setNow(T0 + 9);
      same(await read(), [{ ...KEY, version: 1, data: 1 }]);
      same((await storage.listDocuments('acme', KEY)).length, 1);
      same((await storage.documentVersions(['acme'], 'c')).length, 1);
      await setNow(T0 + 10);
      same(await read(), []);
      same(await storage.listDocuments('acme', KEY), []);
      same(await storage.documentVersions(['acme'], 'c'), []);
      same(await commit({ documents: [{ ...KEY, expectedVersion: 1, data: 2 }] }), 'conflict');
      same(await commit({ documents: [{ ...KEY, expectedVersion: 0, data: 3 }] }), 'applied');
      await setNow(T0 + MINUTE);
      same(await read(), [{ ...KEY, version: 1, data: 3 }]);
    },
  },
  {
    promise: 'S5',
    says: 'a change of a document says anew when it expires',
    async run({ storage, setNow, commit }) {
      await commit({ documents: [{ ...KEY, expectedVersion: 0, data: 1, expiresAt: T0 + 10 }] });
      await commit({ documents: [{ ...KEY, expectedVersion: 1, data: 2, expiresAt: T0 + 20 }] });
      await setNow(T0 + 10);
      same((await storage.load({ tenant: 'acme', documents: [KEY] })).documents, [{ ...KEY, version: 2, data: 2 }]);
      await commit({ documents: [{ ...KEY, expectedVersion: 2, data: 3 }] });
      await setNow(T0 + MINUTE);
      same((await storage.load({ tenant: 'acme', documents: [KEY] })).documents, [{ ...KEY, version: 3, data: 3 }]);
    },
  },
];
