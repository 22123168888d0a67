/**
 * S17: what a provider tells of a delivery is kept with it, once, and one that failed after all is dead.
 */
import type { ReceiptNews, StoredDelivery } from '../../model/delivery.ts';
import type { Bench, StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import { delivery, MINUTE, T0 } from './rows.ts';

const FAILED = { status: 'failed', error: 'unknown subscriber' } as const;

export const RECEIPTS: readonly StorageTest[] = [
  {
    promise: 'S17',
    says: 'what a provider tells is answered with the delivery as it is stored then, at the moment of the storage’s clock',
    async run(bench) {
      const { storage, setNow } = bench;
      const before = await sent(bench, { externalId: 'x-1', via: 'backup', bundledIn: 'other' });
      await setNow(T0 + MINUTE);
      const delivered = { ...before, receipt: { status: 'delivered', at: T0 + MINUTE } };
      same(await tell(bench, 'delivered'), delivered);
      same(await storage.listDeliveries('acme', {}), [delivered]);
      await setNow(T0 + 2 * MINUTE);
      const read = { ...before, receipt: { status: 'read', at: T0 + 2 * MINUTE } };
      same(await tell(bench, 'read'), read);
      same(await storage.listDeliveries('acme', { externalId: 'x-1' }), [read]);
    },
  },
  {
    promise: 'S17',
    says: 'what was told already, or less than is known, is nothing new and writes nothing',
    async run(bench) {
      const { everything, setNow } = bench;
      await sent(bench);
      await tell(bench, 'read');
      const before = await everything();
      await setNow(T0 + MINUTE);
      for (const status of ['read', 'delivered', 'failed'] as const) same(await tell(bench, status), undefined);
      await setNow(T0);
      same(await everything(), before);
    },
  },
  {
    promise: 'S17',
    says: 'what failed after all is a dead letter that says why, and what is told afterwards changes nothing',
    async run(bench) {
      const { storage, everything, claimedIds } = bench;
      const before = await sent(bench, { externalId: 'x-1', via: 'backup' });
      const dead = { ...before, state: 'dead', receipt: { status: 'failed', at: T0 }, error: FAILED.error };
      same(await storage.receiveDelivery('acme', 'd', FAILED), dead);
      same(await storage.listDeliveries('acme', { state: 'dead' }), [dead]);
      same(await storage.listDeliveries('acme', { state: 'sent' }), []);
      matches(await storage.figures(['acme']), { deadDeliveries: 1, dueDeliveries: 0, leasedDeliveries: 0 });
      same((await storage.nextDue(['acme'])).dueAt, undefined);
      same(await claimedIds(), []);
      const after = await everything();
      for (const status of ['failed', 'delivered', 'read'] as const) same(await tell(bench, status), undefined);
      same(await everything(), after);
    },
  },
  {
    promise: 'S17',
    says: 'a failure that nothing is said of has an error all the same',
    async run(bench) {
      await sent(bench);
      const { error } = present(await tell(bench, 'failed'), 'dead letter');
      same(typeof error, 'string');
    },
  },
  {
    promise: 'S17',
    says: 'what failed is put back to work as any dead letter, and the next sending has receipts of its own',
    async run(bench) {
      const { storage, commit, claimOne, setNow } = bench;
      await commit({ deliveries: [delivery('d')] });
      const first = { state: 'sent', externalId: 'x-1', via: 'first', bundledIn: 'other' } as const;
      await storage.settleDelivery('acme', 'd', (await claimOne()).token, first);
      await storage.receiveDelivery('acme', 'd', FAILED);
      await setNow(T0 + MINUTE);
      same(await storage.revive('acme', 'd'), true);
      same(await tell(bench, 'delivered'), undefined);
      const again = await claimOne();
      same(again.delivery.attempts, 1);
      same(await tell(bench, 'delivered'), undefined);
      const whole = delivery('d', { state: 'sent', attempts: 1, dueAt: T0 + MINUTE, sentAt: T0 + MINUTE });
      same(await storage.settleDelivery('acme', 'd', again.token, { state: 'sent' }), whole);
      same(await storage.listDeliveries('acme', {}), [whole]);
      same(await storage.listDeliveries('acme', { externalId: 'x-1' }), []);
      matches(await storage.receiveDelivery('acme', 'd', FAILED), { state: 'dead', receipt: { at: T0 + MINUTE } });
    },
  },
  {
    promise: 'S17',
    says: 'what has not gone out, or does not exist, is told of in vain',
    async run(bench) {
      const { storage, commit, claimed, everything } = bench;
      const later = { dueAt: T0 + MINUTE };
      await commit({
        deliveries: [delivery('leased'), delivery('pending', later), delivery('withdrawn', { ...later, page: 1 })],
      });
      await commit({ withdrawals: [{ incidentId: 'i1', beforePage: 2, because: 'answered' }] });
      await claimed();
      const before = await everything();
      for (const id of ['leased', 'pending', 'withdrawn', 'nope']) {
        for (const status of ['delivered', 'failed'] as const) {
          same(await storage.receiveDelivery('acme', id, { status }), undefined);
        }
      }
      same(await everything(), before);
    },
  },
  {
    promise: 'S17',
    says: 'what was taken back and has gone out all the same is told of as any other',
    async run(bench) {
      const { storage, commit, claimOne } = bench;
      await commit({ deliveries: [delivery('d')] });
      const { token } = await claimOne();
      await commit({ withdrawals: [{ incidentId: 'i1', beforePage: 9, because: 'answered' }] });
      await storage.settleDelivery('acme', 'd', token, { state: 'sent' });
      matches(await tell(bench, 'delivered'), { state: 'sent', withdrawnBecause: 'answered' });
      matches(await storage.listDeliveries('acme', {}), [{ receipt: { status: 'delivered', at: T0 } }]);
    },
  },
  {
    promise: 'S17',
    says: 'what many tell at once is kept once, and each of two failures of two deliveries is',
    needs: 'another',
    async run(bench) {
      const { storage, another, commit, claimed } = bench;
      await commit({ deliveries: [delivery('d'), delivery('e')] });
      for (const one of await claimed()) {
        await storage.settleDelivery('acme', one.delivery.id, one.token, { state: 'sent' });
      }
      const others = [storage, present(await another?.(), 'other storage')];
      const asked = ['d', 'e'].flatMap((id) =>
        Array.from({ length: 6 }, (_, n) => others[n % 2]?.receiveDelivery('acme', id, FAILED)),
      );
      const heard = (await Promise.all(asked)).flatMap((row) => row?.id ?? []);
      same(heard.toSorted(), ['d', 'e']);
      same((await storage.figures(['acme'])).deadDeliveries, 2);
    },
  },
  {
    promise: 'S17',
    says: 'of what several tell at once the most stays: it was read, or it failed',
    needs: 'another',
    async run(bench) {
      const { storage, another } = bench;
      await sent(bench);
      const other = present(await another?.(), 'other storage');
      const news = ['delivered', 'read', 'delivered', 'failed', 'read'] as const;
      const answers = await Promise.all(
        news.map((status, n) => (n % 2 === 0 ? storage : other).receiveDelivery('acme', 'd', { status })),
      );
      const [left] = await storage.listDeliveries('acme', {});
      const { state, receipt } = present(left, 'delivery');
      same([state, receipt?.status].join(' '), state === 'dead' ? 'dead failed' : 'sent read');
      const told = answers.flatMap((row) => row?.receipt?.status ?? []);
      same(told.length, new Set(told).size);
      same(told.includes(receipt?.status ?? 'failed'), true);
    },
  },
];

/** Delivery `d`, which has gone out. */
async function sent(
  { storage, commit, claimOne }: Bench,
  more: Pick<StoredDelivery, 'externalId' | 'via' | 'bundledIn'> = {},
): Promise<StoredDelivery> {
  await commit({ deliveries: [delivery('d')] });
  const { token } = await claimOne();
  const row = await storage.settleDelivery('acme', 'd', token, { state: 'sent', ...more });
  return present(row, 'delivery that was sent');
}

const tell = ({ storage }: Bench, status: ReceiptNews['status']) => storage.receiveDelivery('acme', 'd', { status });
