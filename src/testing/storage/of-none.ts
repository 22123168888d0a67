/**
 * Deliveries that belong to no incident: S8, S10, S11, S12, S14 and S15 for what no answer to an incident takes back.
 */
import { type StoredDelivery, unreadableDelivery } from '../../model/delivery.ts';
import { CLAIM, type StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import { DAY, delivery, endedIncident, MINUTE, newIncident, T0 } from './rows.ts';

const LONG_AFTER = { endedBefore: T0 + DAY, limit: 100 };

/** A delivery that is due at once and belongs to no incident. */
const ofNone = (id: string, more: Partial<StoredDelivery> = {}): StoredDelivery =>
  delivery(id, { incidentId: undefined, page: 0, content: { title: `News ${id}` }, ...more });

export const OF_NONE: readonly StorageTest[] = [
  {
    promise: 'S8',
    says: 'a withdrawal takes back nothing that belongs to no incident, also when it names none',
    async run({ storage, commit, states, claimOne, claimedIds }) {
      const waiting = ofNone('waiting', { dueAt: T0 + MINUTE });
      await commit({ deliveries: [ofNone('leased'), waiting, delivery('d', { dueAt: T0 + MINUTE })] });
      const { token } = await claimOne();
      for (const incidentId of ['i1', '', 'undefined', 'null']) {
        const withdrawals = [{ incidentId, beforePage: 99, because: 'answered' }];
        same(await commit({ withdrawals }), 'applied');
        same(await storage.hasten('acme', incidentId, 0, 'ana'), false);
      }
      same(await states(), ['d withdrawn', 'leased leased', 'waiting pending']);
      same(await storage.extendDelivery('acme', 'leased', token, MINUTE), true);
      same((await storage.nextDue(['acme'])).dueAt, T0 + MINUTE);
      same(await claimedIds(), []);
    },
  },
  {
    promise: 'S10',
    says: 'what belongs to no incident is kept apart for each tenant',
    async run({ storage, commit, claimed, everything }) {
      const tenants = ['acme', 'globex'] as const;
      for (const tenant of tenants) {
        const rows = [ofNone('n', { tenant, externalId: 'x-1' }), ofNone('old', { tenant, state: 'sent' })];
        same(await commit({ tenant, deliveries: rows }), 'applied');
      }
      const before = await everything('globex');
      const [one] = await claimed();
      const { delivery: row, token } = present(one, 'delivery');
      same([row.tenant, row.id], ['acme', 'n']);
      await storage.settleDelivery('acme', 'n', token, { state: 'sent', externalId: 'x-1' });
      await storage.receiveDelivery('acme', 'n', { status: 'failed' });
      await storage.revive('acme', 'n');
      await storage.prune('acme', LONG_AFTER);
      same(await everything('globex'), before);
      same(await storage.receiveDelivery('globex', 'n', { status: 'failed' }), undefined);
      matches(await storage.listDeliveries('acme', {}), [{ id: 'n', state: 'pending' }]);
      matches(await storage.listDeliveries('globex', { externalId: 'x-1' }), [{ tenant: 'globex', id: 'n' }]);
    },
  },
  {
    promise: 'S11',
    says: 'what belongs to no incident comes back as it was, with no incident, and is handed out and settled as any other',
    async run({ storage, commit, claimOne }) {
      const items = [{ href: 'https://example.com', text: 'before\u0000after' }];
      const content = { topic: 'shift', title: 'Your shift \ud800', body: 'begins', links: items };
      const row = ofNone('n', { purpose: 'reaction', reactsTo: { incidentId: 'i1', seq: 3 }, content });
      same(await commit({ deliveries: [row] }), 'applied');
      same(await storage.listDeliveries('acme', {}), [row]);
      const { delivery: claimed, token } = await claimOne();
      same(claimed, { ...row, state: 'leased', attempts: 1 });
      same(Object.hasOwn(claimed, 'incidentId'), false);
      const sent = { ...row, state: 'sent', attempts: 1, sentAt: T0, externalId: 'x' };
      same(await storage.settleDelivery('acme', 'n', token, { state: 'sent', externalId: 'x' }), sent);
      same(await storage.listDeliveries('acme', {}), [sent]);
      same(await commit({ deliveries: [ofNone('n')] }), 'conflict');
    },
  },
  {
    promise: 'S12',
    says: 'what belongs to no incident stands in the list of all, and in the list of no incident',
    async run({ storage, commit }) {
      await commit({
        incidents: [newIncident('i1')],
        deliveries: [ofNone('n2', { requestedAt: T0 + 1 }), ofNone('n1'), delivery('d', { requestedAt: T0 - 1 })],
      });
      const list = async (filter: Parameters<typeof storage.listDeliveries>[1]) =>
        (await storage.listDeliveries('acme', filter)).map(({ id }) => id);
      same(await list({}), ['d', 'n1', 'n2']);
      same(await list({ page: 0 }), ['n1', 'n2']);
      same(await list({ id: 'n1' }), ['n1']);
      same(await list({ id: 'n1', incidentId: 'i1' }), []);
      for (const incidentId of ['', 'undefined', 'null']) same(await list({ incidentId }), []);
      same(await list({ incidentId: 'i1' }), ['d']);
    },
  },
  {
    promise: 'S14',
    says: 'what belongs to no incident goes once it has ended, what was requested first at the front, and no more than asked for',
    async run({ storage, commit, claimed, settle }) {
      const left = async (tenant = 'acme') => (await storage.listDeliveries(tenant, {})).map(({ id }) => id).toSorted();
      const old = (id: string, at: number, more: Partial<StoredDelivery> = {}) =>
        ofNone(id, { requestedAt: T0 - at, state: 'sent', ...more });
      const ended = [old('o2', 8, { state: 'dead' }), old('o3', 7), old('o1', 9, { state: 'withdrawn' })];
      await commit({ deliveries: [...ended, old('late', 0)] });
      const mine = delivery('mine', { requestedAt: T0 - 9, state: 'sent' });
      await commit({ incidents: [newIncident('i1')], deliveries: [mine] });
      await commit({ deliveries: [old('leased', 99, { state: 'pending' })] });
      const [one] = await claimed();
      await commit({ deliveries: [old('waiting', 98, { state: 'pending', dueAt: T0 + MINUTE })] });
      await commit({ tenant: 'globex', deliveries: [old('o1', 9, { tenant: 'globex' })] });
      const prune = async (limit: number) => same(await storage.prune('acme', { endedBefore: T0, limit }), 0);
      same(await storage.prune('acme', { limit: 100 }), 0);
      same(await left(), ['late', 'leased', 'mine', 'o1', 'o2', 'o3', 'waiting']);
      await prune(1);
      same(await left(), ['late', 'leased', 'mine', 'o2', 'o3', 'waiting']);
      await prune(100);
      same(await left(), ['late', 'leased', 'mine', 'waiting']);
      same(await settle('leased', present(one, 'delivery').token, { state: 'sent' }), true);
      await prune(100);
      same(await left(), ['late', 'mine', 'waiting']);
      same(await storage.prune('acme', LONG_AFTER), 0);
      same(await left(), ['mine', 'waiting']);
      same(await left('globex'), ['o1']);
      same((await storage.figures(['acme'])).deadDeliveries, 0);
      same(await commit({ deliveries: [ofNone('o1')] }), 'applied');
    },
  },
  {
    promise: 'S14',
    says: 'what belongs to no incident stays when an incident goes',
    async run({ storage, commit }) {
      await commit({ incidents: [endedIncident('i1', 'closed')], deliveries: [ofNone('n')] });
      same(await storage.prune('acme', LONG_AFTER), 1);
      matches(await storage.listDeliveries('acme', {}), [{ id: 'n', state: 'pending' }]);
    },
  },
  {
    promise: 'S15',
    says: 'what belongs to no incident and cannot be parsed belongs to none all the same, and is settled as any other',
    needs: 'corrupt',
    async run({ storage, corrupt, commit, claimed }) {
      const [torn, fine] = [ofNone('torn', { dueAt: T0 - 2, purpose: 'reaction' }), ofNone('fine', { dueAt: T0 - 1 })];
      await commit({ deliveries: [torn, fine] });
      await corrupt?.('acme', 'torn', 'delivery');
      const { position, contact, address, urgency, content, ...outline } = torn;
      const known = unreadableDelivery(outline);
      const [listed, other] = await storage.listDeliveries('acme', {});
      same([listed, other], [known, fine]);
      same(Object.hasOwn(present(listed, 'delivery'), 'incidentId'), false);
      const [first] = await claimed(CLAIM);
      same(first?.delivery, { ...known, state: 'leased', attempts: 1 });
      const held = { state: 'held', afterMs: 0, error: 'later' } as const;
      const waiting = { ...known, dueAt: T0, error: 'later' };
      same(await storage.settleDelivery('acme', 'torn', first?.token ?? 0, held), waiting);
      const [second] = await claimed();
      const dead = { ...waiting, state: 'dead', attempts: 1, error: 'gone' };
      const outcome = { state: 'dead', error: 'gone' } as const;
      same(await storage.settleDelivery('acme', 'torn', second?.token ?? 0, outcome), dead);
      await storage.prune('acme', LONG_AFTER);
      matches(await storage.listDeliveries('acme', {}), [{ id: 'fine', state: 'leased' }]);
    },
  },
];
