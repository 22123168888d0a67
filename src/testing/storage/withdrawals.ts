/**
 * S8: a withdrawal takes back, in its commit, every delivery that has not gone out.
 */
import type { DeliveryOutcome, WithdrawalChange } from '../../ports/storage.ts';
import { type Bench, LEASE_MS, type StorageTest } from './bench.ts';
import { matches, same } from './compare.ts';
import { delivery, MINUTE, T0 } from './rows.ts';

const ON_THE_WIRE: readonly (readonly [how: string, outcome: DeliveryOutcome, state: string])[] = [
  ['sent', { state: 'sent' }, 'sent'],
  ['failed', { state: 'retry', afterMs: 0, error: 'busy' }, 'withdrawn'],
  ['held back', { state: 'held', afterMs: 0, error: 'later' }, 'withdrawn'],
  ['failed for good', { state: 'dead', error: 'gone' }, 'withdrawn'],
];

export const WITHDRAWALS: readonly StorageTest[] = [
  {
    promise: 'S8',
    says: 'a withdrawal takes back what that incident’s pages before have not sent, and nothing else',
    async run({ storage, commit, states, claimedIds }) {
      await commit({
        deliveries: [
          delivery('a', { page: 2 }),
          delivery('b', { page: 4, dueAt: T0 + MINUTE }),
          delivery('c', { page: 5 }),
          delivery('d', { page: 2, incidentId: 'i2' }),
        ],
      });
      same(await withdraw(commit), 'applied');
      same(await states(), ['a withdrawn', 'b withdrawn', 'c pending', 'd pending']);
      const because = { withdrawnBecause: 'acknowledged' };
      matches(await storage.listDeliveries('acme', { state: 'withdrawn' }), [because, because]);
      same((await claimedIds()).toSorted(), ['c', 'd']);
    },
  },
  {
    promise: 'S8',
    says: 'a withdrawal takes back only what is for one purpose, to one person when one is named',
    async run({ commit, states }) {
      await commit({
        deliveries: [
          delivery('asked', { purpose: 'responder', user: 'ben' }),
          delivery('step', { user: 'ben' }),
          delivery('other', { purpose: 'responder', user: 'ana' }),
          delivery('nobody', { purpose: 'responder', user: undefined, channel: 'ops' }),
        ],
      });
      await withdraw(commit, { only: { purpose: 'responder', user: 'ben' } });
      same(await states(), ['asked withdrawn', 'nobody pending', 'other pending', 'step pending']);
      await withdraw(commit, { only: { purpose: 'responder' } });
      same(await states(), ['asked withdrawn', 'nobody withdrawn', 'other withdrawn', 'step pending']);
    },
  },
  {
    promise: 'S8',
    says: 'a withdrawal never takes back what was sent or is dead',
    async run({ commit, claimed, settle, states }) {
      await commit({ deliveries: [delivery('sent'), delivery('dead')] });
      for (const { delivery: row, token } of await claimed()) {
        await settle(row.id, token, row.id === 'sent' ? { state: 'sent' } : { state: 'dead', error: 'x' });
      }
      await withdraw(commit);
      same(await states(), ['dead dead', 'sent sent']);
    },
  },
  ...ON_THE_WIRE.map(
    ([how, outcome, state]): StorageTest => ({
      promise: 'S8',
      says: `a delivery that was taken back on the wire and ${how} is settled as ${state}, and never handed out again`,
      async run({ storage, setNow, commit, claimOne, claimedIds, states, settle }) {
        await commit({ deliveries: [delivery('d')] });
        const { token } = await claimOne();
        await withdraw(commit);
        same(await states(), ['d withdrawn']);
        same((await storage.nextDue(['acme'])).dueAt, undefined);
        matches(await storage.settleDelivery('acme', 'd', token, outcome), { id: 'd', state });
        same(await states(), [`d ${state}`]);
        same(await settle('d', token, { state: 'sent' }), false);
        await setNow(T0 + MINUTE);
        same(await claimedIds(), []);
        same((await storage.nextDue(['acme'])).dueAt, undefined);
      },
    }),
  ),
  {
    promise: 'S8',
    says: 'a delivery that was taken back is never extended, hastened, revived or handed out when its lease ends',
    async run({ storage, setNow, commit, claimOne, claimedIds, states }) {
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      await withdraw(commit);
      same(await storage.extendDelivery('acme', 'd', token, MINUTE), false);
      await setNow(T0 + LEASE_MS);
      same(await claimedIds(), []);
      same(await storage.hasten('acme', 'i1', 2, 'ana'), false);
      same(await storage.revive('acme', 'd'), false);
      same(await states(), ['d withdrawn']);
      matches(await storage.figures(['acme']), { dueDeliveries: 0, leasedDeliveries: 0 });
    },
  },
  {
    promise: 'S8',
    says: 'a withdrawal and new deliveries in one change: the new ones stay',
    async run({ commit, states }) {
      await commit({ deliveries: [delivery('old')] });
      await commit({
        withdrawals: [{ incidentId: 'i1', beforePage: 99, because: 'reassigned' }],
        deliveries: [delivery('new', { page: 6 })],
      });
      same(await states(), ['new pending', 'old withdrawn']);
    },
  },
];

function withdraw(commit: Bench['commit'], more: Partial<WithdrawalChange> = {}): Promise<string> {
  return commit({ withdrawals: [{ incidentId: 'i1', beforePage: 5, because: 'acknowledged', ...more }] });
}
