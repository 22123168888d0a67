/**
 * S18: what was held back counts as no attempt, and is due again when it was said to be.
 */
import type { StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import { delivery, MINUTE, T0 } from './rows.ts';

const HELD = { state: 'held', afterMs: MINUTE, error: 'the provider is down' } as const;

export const HELD_BACK: readonly StorageTest[] = [
  {
    promise: 'S18',
    says: 'what was held back waits until it was said to be due, with no attempt more than before',
    async run({ storage, setNow, commit, claimOne, claimedIds }) {
      await commit({ deliveries: [delivery('d')] });
      for (let n = 1; n <= 3; n += 1) {
        const { token, delivery: claimed, isReclaimed } = await claimOne();
        same([claimed.attempts, isReclaimed], [1, false]);
        const held = delivery('d', { attempts: 0, dueAt: T0 + n * MINUTE, error: HELD.error });
        same(await storage.settleDelivery('acme', 'd', token, HELD), held);
        same(await storage.listDeliveries('acme', {}), [held]);
        same((await storage.nextDue(['acme'])).dueAt, T0 + n * MINUTE);
        same(await claimedIds(), []);
        await setNow(T0 + n * MINUTE);
      }
      same(await claimedIds(), ['d']);
    },
  },
  {
    promise: 'S18',
    says: 'attempts that were made stay counted, and those that come after are',
    async run({ storage, setNow, commit, claimOne, settle }) {
      await commit({ deliveries: [delivery('d')] });
      const retry = { state: 'retry', afterMs: 0, error: 'busy' } as const;
      same(await settle('d', (await claimOne()).token, retry), true);
      matches(await storage.settleDelivery('acme', 'd', (await claimOne()).token, HELD), { attempts: 1 });
      await setNow(T0 + MINUTE);
      const { token, delivery: claimed } = await claimOne();
      same(claimed.attempts, 2);
      matches(await storage.settleDelivery('acme', 'd', token, retry), { attempts: 2, error: 'busy' });
    },
  },
  {
    promise: 'S18',
    says: 'an attempt whose lease ended stays one when the next is held back',
    async run({ storage, setNow, commit, claimOne }) {
      await commit({ deliveries: [delivery('d')] });
      await claimOne();
      await setNow(T0 + MINUTE);
      const { token, delivery: claimed, isReclaimed } = await claimOne();
      same([claimed.attempts, isReclaimed], [2, true]);
      matches(await storage.settleDelivery('acme', 'd', token, HELD), { state: 'pending', attempts: 1 });
    },
  },
  {
    promise: 'S18',
    says: 'whoever held it back holds it no more, and is only heard once',
    async run({ storage, commit, claimOne, everything, settle }) {
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      same(await settle('d', token, HELD), true);
      const before = await everything();
      same(await settle('d', token, HELD), false);
      same(await storage.extendDelivery('acme', 'd', token, MINUTE), false);
      same(await everything(), before);
    },
  },
  {
    promise: 'S18',
    says: 'what was held back is hastened, taken back and sent as any other, and says nothing of it then',
    async run({ storage, commit, claimOne, settle, states }) {
      await commit({ deliveries: [delivery('d'), delivery('e', { page: 1, dueAt: T0 + 1 })] });
      same(await settle('d', (await claimOne()).token, HELD), true);
      same(await storage.hasten('acme', 'i1', 2, 'ana'), true);
      const { token } = await claimOne();
      const sent = await storage.settleDelivery('acme', 'd', token, { state: 'sent' });
      same(present(sent, 'delivery'), delivery('d', { state: 'sent', sentAt: T0, attempts: 1 }));
      await storage.hasten('acme', 'i1', 1, 'ana');
      same(await settle('e', (await claimOne()).token, HELD), true);
      await commit({ withdrawals: [{ incidentId: 'i1', beforePage: 2, because: 'answered' }] });
      same(await states(), ['d sent', 'e withdrawn']);
    },
  },
];
