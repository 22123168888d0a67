/**
 * S13: what is done within a host's own transaction is visible when that commits, and never when it rolls back.
 */
import { throws } from 'node:assert/strict';
import type { StorageSession } from '../../ports/storage.ts';
import type { Bench, StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import type { HostTransaction } from './fixture.ts';
import { change, delivery, incidentChange, newIncident, note, open, repeat, T0, wholeChange } from './rows.ts';

type Begun = { readonly session: StorageSession; readonly transaction: HostTransaction };

export const TRANSACTIONS: readonly StorageTest[] = [
  {
    promise: 'S13',
    says: 'what is no client of this database is refused with INPUT_INVALID',
    async run({ storage }) {
      for (const stranger of [undefined, null, {}, 'client', 7, { query: 'no function' }]) {
        throws(() => storage.withClient(stranger), { code: 'INPUT_INVALID' });
      }
    },
  },
  {
    promise: 'S13',
    says: 'what is done within a transaction is visible when it commits, not before',
    needs: 'begin',
    async run(bench) {
      const { storage, everything, claimedIds } = bench;
      const before = await everything();
      const { session, transaction } = await begun(bench);
      same(await session.commit([wholeChange()]), ['applied']);
      same(await everything(), before);
      await transaction.commit();
      same(await storage.timeline('acme', 'i1'), newIncident('i1').events);
      same((await storage.listAlerts('acme', {})).length, 1);
      same(await claimedIds(), ['i1:2:0']);
    },
  },
  {
    promise: 'S13',
    says: 'what is done within a transaction has never been when it rolls back, its commit ids included',
    needs: 'begin',
    async run(bench) {
      const { storage, everything } = bench;
      const before = await everything();
      const whole = wholeChange();
      const { session, transaction } = await begun(bench);
      same(await session.commit([whole]), ['applied']);
      await transaction.rollback();
      same(await everything(), before);
      same(await storage.commit([whole]), ['applied']);
      same((await storage.listIncidents('acme', {})).items.length, 1);
    },
  },
  {
    promise: 'S13',
    says: 'a conflict leaves the transaction usable',
    needs: 'begin',
    async run(bench) {
      const { storage, states } = bench;
      await storage.commit([wholeChange()]);
      const { session, transaction } = await begun(bench);
      const stale = change({
        deliveries: [delivery('never')],
        documents: [{ collection: 'c', id: 'd', expectedVersion: 9, data: 1 }],
      });
      const fresh = change({ incidents: [newIncident('i2')] });
      same(await session.commit([stale, fresh]), ['conflict', 'applied']);
      same(await session.commit([change({ alerts: [open('a2')] })]), ['conflict']);
      same(await session.commit([change({ alerts: [repeat()] })]), ['applied']);
      await transaction.commit();
      same((await storage.listIncidents('acme', {})).items.map(({ id }) => id).toSorted(), ['i1', 'i2']);
      matches(await storage.listAlerts('acme', {}), [{ id: 'a1', count: 2 }]);
      same(await states(), ['i1:2:0 pending']);
    },
  },
  {
    promise: 'S13',
    says: 'a transaction sees what is stored and what it has done itself',
    needs: 'begin',
    async run(bench) {
      const { storage, incident } = bench;
      await storage.commit([wholeChange()]);
      const stored = await incident();
      const { session, transaction } = await begun(bench);
      const noted = incidentChange(stored, [note('within')]);
      same(await session.commit([change({ incidents: [noted] })]), ['applied']);
      const loaded = await session.load({
        tenant: 'acme',
        incidents: ['i1'],
        alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }],
        documents: [{ collection: 'c', id: 'd' }],
        counters: [{ collection: 'n', id: 'd' }],
      });
      matches(loaded, { now: T0, incidents: [{ version: 2 }], alerts: [{ id: 'a1' }], documents: [{ version: 1 }] });
      same(loaded.counters, [{ collection: 'n', id: 'd', value: 1 }]);
      matches(await session.timeline('acme', 'i1'), [{ seq: 1 }, { seq: 2, text: 'within' }]);
      const again = { ...incidentChange({ version: 2, snapshot: noted.snapshot }, [note('twice')]) };
      same(await session.commit([change({ incidents: [noted] }), change({ incidents: [again] })]), [
        'conflict',
        'applied',
      ]);
      await transaction.commit();
      same((await incident()).version, 3);
      same((await storage.timeline('acme', 'i1')).length, 3);
    },
  },
  {
    promise: 'S13',
    says: 'a commit that is repeated within a transaction writes once',
    needs: 'begin',
    async run(bench) {
      const { storage } = bench;
      await storage.commit([wholeChange()]);
      const counted = change({ alerts: [repeat()] });
      const { session, transaction } = await begun(bench);
      same(await session.commit([counted, counted]), ['applied', 'applied']);
      same(await session.commit([counted]), ['applied']);
      await transaction.commit();
      same(await storage.commit([counted]), ['applied']);
      matches(await storage.listAlerts('acme', {}), [{ count: 2 }]);
    },
  },
  {
    promise: 'S13',
    says: 'what was stored by others before it is decided against, and transactions follow each other',
    needs: 'begin',
    async run(bench) {
      const { storage } = bench;
      const slot = { kind: 'group', key: 'k' };
      for (let n = 0; n < 3; n += 1) {
        const { session, transaction } = await begun(bench);
        const written = await session.commit([change({ slots: [{ ...slot, expectedVersion: n, owner: `i${n}` }] })]);
        same(written, ['applied']);
        await transaction.commit();
      }
      same((await storage.load({ tenant: 'acme', slots: [slot] })).slots, [{ ...slot, owner: 'i2', version: 3 }]);
    },
  },
];

async function begun({ storage, begin }: Bench): Promise<Begun> {
  const transaction = present(await begin?.(), 'transaction');
  return { transaction, session: storage.withClient(transaction.client) };
}
