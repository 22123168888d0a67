/**
 * Saboteurs of S17: what a provider tells of a delivery.
 */
import { type Saboteur, turn } from './saboteur.ts';

export const RECEIPT_SABOTEURS: readonly Saboteur[] = [
  { promise: 'S17', does: 'hears nothing', breaks: () => ({ receiveDelivery: async () => undefined }) },
  {
    promise: 'S17',
    does: 'answers what it was told and keeps nothing',
    breaks: (storage, clock) => ({
      async receiveDelivery(tenant, id, { status }) {
        const [row] = await storage.listDeliveries(tenant, { id });
        return row?.state === 'sent' ? { ...row, receipt: { status, at: clock.at } } : undefined;
      },
    }),
  },
  {
    promise: 'S17',
    does: 'answers a delivery as it was before',
    breaks: (storage) => ({
      async receiveDelivery(tenant, id, news) {
        const [before] = await storage.listDeliveries(tenant, { id });
        return (await storage.receiveDelivery(tenant, id, news)) && before;
      },
    }),
  },
  {
    promise: 'S17',
    does: 'answers what is nothing new',
    breaks: (storage) => ({
      async receiveDelivery(tenant, id, news) {
        const [before] = await storage.listDeliveries(tenant, { id });
        return (await storage.receiveDelivery(tenant, id, news)) ?? before;
      },
    }),
  },
  {
    promise: 'S17',
    does: 'has the time of another clock',
    breaks: (storage, clock) => ({
      async receiveDelivery(...given) {
        const { at } = clock;
        clock.at = at + 1;
        const row = await storage.receiveDelivery(...given);
        clock.at = at;
        return row;
      },
    }),
  },
  {
    promise: 'S17',
    does: 'keeps what was told last',
    breaks(storage) {
      const last = new Map<string, 'delivered' | 'read' | 'failed'>();
      return {
        async receiveDelivery(tenant, id, news) {
          last.set(id, news.status);
          return storage.receiveDelivery(tenant, id, news);
        },
        listDeliveries: async (tenant, filter) =>
          (await storage.listDeliveries(tenant, filter)).map((row) => {
            const { receipt } = row;
            return receipt === undefined
              ? row
              : { ...row, receipt: { ...receipt, status: last.get(row.id) ?? receipt.status } };
          }),
      };
    },
  },
  {
    promise: 'S17',
    does: 'takes a failure for a receipt like any other',
    breaks: (storage) => ({
      listDeliveries: async (tenant, filter) =>
        (await storage.listDeliveries(tenant, filter)).map((row) =>
          row.receipt?.status === 'failed' ? { ...row, state: 'sent' as const } : row,
        ),
    }),
  },
  {
    promise: 'S17',
    does: 'does not say why it failed',
    breaks: (storage) => ({
      receiveDelivery: (tenant, id, { status }) => storage.receiveDelivery(tenant, id, { status }),
    }),
  },
  {
    promise: 'S17',
    does: 'cannot put back to work what failed after all',
    breaks(storage) {
      return {
        async revive(tenant, id) {
          const [row] = await storage.listDeliveries(tenant, { id });
          return row?.receipt === undefined && storage.revive(tenant, id);
        },
      };
    },
  },
  {
    promise: 'S17',
    does: 'hears nothing of a second sending',
    breaks(storage) {
      const failed = new Set<string>();
      return {
        async receiveDelivery(tenant, id, news) {
          if (failed.has(id)) return undefined;
          if (news.status === 'failed') failed.add(id);
          return storage.receiveDelivery(tenant, id, news);
        },
      };
    },
  },
  {
    promise: 'S17',
    does: 'says of a second sending what was told of the first',
    breaks(storage) {
      const first = new Map<string, object>();
      return {
        async receiveDelivery(tenant, id, news) {
          const row = await storage.receiveDelivery(tenant, id, news);
          if (row?.receipt !== undefined && !first.has(id)) first.set(id, row.receipt);
          return row;
        },
        async settleDelivery(tenant, id, ...rest) {
          const row = await storage.settleDelivery(tenant, id, ...rest);
          return row && { ...row, ...(first.has(id) && { receipt: first.get(id) as never }) };
        },
      };
    },
  },
  {
    promise: 'S17',
    does: 'lets a failure end what has not gone out',
    breaks: (storage) => ({
      async receiveDelivery(tenant, id, news) {
        const [row] = await storage.listDeliveries(tenant, { id });
        if (row?.state === 'leased') {
          for (const token of [1, 2]) await storage.settleDelivery(tenant, id, token, { state: 'dead', error: 'x' });
        }
        return storage.receiveDelivery(tenant, id, news);
      },
    }),
  },
  {
    promise: 'S17',
    does: 'does not hear of what was taken back and has gone out all the same',
    breaks: (storage) => ({
      async receiveDelivery(tenant, id, news) {
        const [row] = await storage.listDeliveries(tenant, { id });
        return row?.withdrawnBecause === undefined ? storage.receiveDelivery(tenant, id, news) : undefined;
      },
    }),
  },
  {
    promise: 'S17',
    does: 'hears each of those who tell the same at once',
    breaks: (storage) => ({
      async receiveDelivery(tenant, id, news) {
        const [row] = await storage.listDeliveries(tenant, { id });
        await turn();
        if (row?.state !== 'sent') return undefined;
        const receipt = { status: news.status, at: (await storage.nextDue([tenant])).now };
        return (await storage.receiveDelivery(tenant, id, news)) ?? { ...row, receipt };
      },
    }),
  },
  {
    promise: 'S17',
    does: 'mistakes one delivery for another when both are told of at once',
    breaks(storage) {
      let isBusy = false;
      return {
        async receiveDelivery(tenant, id, news) {
          if (isBusy) return undefined;
          isBusy = true;
          await turn();
          isBusy = false;
          return storage.receiveDelivery(tenant, id, news);
        },
      };
    },
  },
];
