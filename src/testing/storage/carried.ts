/**
 * Who carried a delivery and what a provider calls it: S11 and S12.
 */
import type { DeliveryFilter } from '../../ports/storage.ts';
import type { StorageTest } from './bench.ts';
import { same } from './compare.ts';
import { delivery, T0 } from './rows.ts';

export const CARRIED: readonly StorageTest[] = [
  {
    promise: 'S11',
    says: 'what is known of a delivery when it is stored comes back as it was, until it is sent anew',
    async run({ storage, commit, claimOne }) {
      const carried = { externalId: 'x-1', via: 'backup', bundledIn: 'other', sentAt: T0 - 2, error: 'busy' };
      const receipt = { status: 'delivered', at: T0 - 1 } as const;
      const done = delivery('done', { ...carried, receipt, state: 'sent', requestedAt: T0 - 1 });
      const waiting = delivery('waiting', { ...carried, receipt });
      await commit({ deliveries: [done, waiting] });
      same(await storage.listDeliveries('acme', {}), [done, waiting]);
      const read = { ...done, receipt: { status: 'read', at: T0 } };
      same(await storage.receiveDelivery('acme', 'done', { status: 'read' }), read);
      same(await storage.listDeliveries('acme', { id: 'done' }), [read]);
      const { token, delivery: claimed } = await claimOne();
      same(claimed, { ...waiting, state: 'leased', attempts: 1 });
      const sent = delivery('waiting', { state: 'sent', attempts: 1, sentAt: T0 });
      same(await storage.settleDelivery('acme', 'waiting', token, { state: 'sent' }), sent);
      same(await storage.listDeliveries('acme', { id: 'waiting' }), [sent]);
    },
  },
  {
    promise: 'S12',
    says: 'a list of deliveries is by id, and by what the provider calls them, whatever that is',
    async run({ storage, commit, claimed, settle }) {
      const names = ['x', 'X', ' x', 'x%', 'x_', 'x"', "x'", 'x\\', 'x\u0000', '\ud800', 'null', '', '{"a":1}'];
      const long = 'x'.repeat(300);
      const all = [...names, long, `${long}y`];
      const rows = all.map((_, n) => delivery(`d${n}`, { requestedAt: T0 + n, dueAt: T0 - 99 + n }));
      await commit({ deliveries: [...rows, delivery('known', { externalId: 'given', dueAt: T0 + 1 })] });
      for (const { delivery: row, token } of await claimed({ limit: 99 })) {
        await settle(row.id, token, { state: 'sent', externalId: all[Number(row.id.slice(1))] });
      }
      const list = async (filter: DeliveryFilter) => (await storage.listDeliveries('acme', filter)).map(({ id }) => id);
      for (const [n, externalId] of all.entries()) same(await list({ externalId }), [`d${n}`], externalId);
      for (const externalId of ['nope', 'undefined', '%', '"x"']) same(await list({ externalId }), []);
      same(await list({ externalId: 'given' }), ['known']);
      same(await list({ externalId: 'x', state: 'dead' }), []);
      same(await list({ externalId: 'x', incidentId: 'i1', page: 2, id: 'd0' }), ['d0']);
      same(await list({ externalId: 'x', incidentId: 'i2' }), []);
      same(await list({ id: 'd3' }), ['d3']);
      same(await list({ id: 'd3', externalId: 'x' }), []);
      same(await list({ id: 'nope' }), []);
      same(await list({ id: 'D3' }), []);
    },
  },
  {
    promise: 'S12',
    says: 'two deliveries that a provider calls alike are both listed, in their order',
    async run({ storage, commit }) {
      const externalId = 'batch';
      await commit({ deliveries: [delivery('b', { externalId, requestedAt: T0 + 1 }), delivery('a', { externalId })] });
      const found = await storage.listDeliveries('acme', { externalId });
      same(
        found.map(({ id }) => id),
        ['a', 'b'],
      );
      same((await storage.listDeliveries('acme', { externalId, limit: 1 })).length, 1);
    },
  },
];
