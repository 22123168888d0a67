/**
 * S14: pruning removes what has ended with everything that belongs to it, and never a row that still has work.
 */
import type { StorageTest } from './bench.ts';
import { same } from './compare.ts';
import {
  alert,
  arm,
  change,
  clear,
  DAY,
  delivery,
  endedIncident,
  incidentChange,
  MINUTE,
  newIncident,
  note,
  open,
  openSuppressed,
  repeat,
  T0,
  wholeChange,
} from './rows.ts';

const ENDS = ['closed', 'dismissed', 'merged'] as const;
const LONG_AFTER = { endedBefore: T0 + DAY, limit: 100 };

export const PRUNING: readonly StorageTest[] = [
  {
    promise: 'S14',
    says: 'a slot is forgotten a week after its `until`, and one without stays',
    async run({ storage, commit, setNow }) {
      const slot = (key: string, until?: number) => ({
        kind: 'group',
        key,
        expectedVersion: 0,
        owner: 'i1',
        ...(until !== undefined && { until }),
      });
      await commit({ slots: [slot('old', T0), slot('younger', T0 + DAY), slot('for ever')] });
      const keys = ['old', 'younger', 'for ever'].map((key) => ({ kind: 'group', key }));
      const left = async () =>
        (await storage.load({ tenant: 'acme', slots: keys })).slots.map(({ key }) => key).toSorted();
      await setNow(T0 + 7 * DAY - MINUTE);
      await storage.prune('acme', { limit: 100 });
      same(await left(), ['for ever', 'old', 'younger']);
      await setNow(T0 + 7 * DAY + MINUTE);
      await storage.prune('acme', { limit: 100 });
      same(await left(), ['for ever', 'younger']);
    },
  },
  {
    promise: 'S14',
    says: 'what has ended goes with its timeline, alerts and deliveries; what has not stays',
    async run({ storage, commit, claimOne, settle }) {
      for (const id of ENDS) {
        const alerts = [
          { type: 'open', alert: alert(`a-${id}`, { dedupKey: id, incidentId: id, status: 'cleared' }) },
        ] as const;
        await commit({
          incidents: [endedIncident(id, id)],
          alerts,
          deliveries: [delivery(`${id}:2:0`, { incidentId: id })],
        });
        await settle(
          `${id}:2:0`,
          (await claimOne()).token,
          id === 'closed' ? { state: 'sent' } : { state: 'dead', error: 'x' },
        );
      }
      await commit({ incidents: [endedIncident('resolved', 'resolved')] });
      await storage.commit([wholeChange()]);
      same(await storage.prune('acme', LONG_AFTER), 3);
      same((await storage.listIncidents('acme', {})).items.map(({ id }) => id).toSorted(), ['i1', 'resolved']);
      for (const id of ENDS) same(await storage.timeline('acme', id), []);
      same((await storage.timeline('acme', 'i1')).length, 1);
      const alertKeys = ENDS.map((dedupKey) => ({ routeKey: 'r', dedupKey }));
      same((await storage.load({ tenant: 'acme', incidents: ENDS, alertKeys })).alerts, []);
      same(
        (await storage.listAlerts('acme', {})).map(({ id }) => id),
        ['a1'],
      );
      same(
        (await storage.listDeliveries('acme', {})).map(({ id }) => id),
        ['i1:2:0'],
      );
      same((await storage.figures(['acme'])).deadDeliveries, 0);
      same(await storage.prune('acme', LONG_AFTER), 0);
      same(await commit({ incidents: [newIncident('closed')] }), 'applied');
      same((await storage.timeline('acme', 'closed')).length, 1);
    },
  },
  {
    promise: 'S14',
    says: 'what ended later than asked for stays, and without that nothing that has ended goes',
    async run({ storage, commit }) {
      await commit({ incidents: [endedIncident('old', 'closed', T0 - DAY), endedIncident('new', 'closed', T0)] });
      same(await storage.prune('acme', { limit: 100 }), 0);
      same(await storage.prune('acme', { endedBefore: T0 - DAY, limit: 100 }), 0);
      same(await storage.prune('acme', { endedBefore: T0, limit: 100 }), 1);
      same(
        (await storage.listIncidents('acme', {})).items.map(({ id }) => id),
        ['new'],
      );
    },
  },
  {
    promise: 'S14',
    says: 'an incident ended at the moment of its last event of all, not when it was closed',
    async run({ storage, commit, incident }) {
      const ends = ['closed', 'dismissed'] as const;
      await commit({ incidents: ends.map((end) => endedIncident(end, end, T0 - DAY)) });
      for (const end of ends) {
        const noted = incidentChange(await incident(end), [note('afterwards')], T0);
        same(await commit({ incidents: [noted] }), 'applied');
      }
      same(await storage.prune('acme', { endedBefore: T0, limit: 100 }), 0);
      same(await storage.prune('acme', { endedBefore: T0 + 1, limit: 100 }), 2);
    },
  },
  {
    promise: 'S14',
    says: 'no more goes at once than was asked for',
    async run({ storage, commit }) {
      await commit({ incidents: [1, 2, 3, 4, 5].map((n) => endedIncident(`i${n}`, 'dismissed', T0 - n)) });
      same(await storage.prune('acme', { ...LONG_AFTER, limit: 2 }), 2);
      same((await storage.listIncidents('acme', {})).items.length, 3);
      same(await storage.prune('acme', { ...LONG_AFTER, limit: 2 }), 2);
      same(await storage.prune('acme', { ...LONG_AFTER, limit: 2 }), 1);
      same(await storage.prune('acme', { ...LONG_AFTER, limit: 2 }), 0);
    },
  },
  {
    promise: 'S14',
    says: 'an incident with a live timer, a delivery that is due later or one in somebody’s hands stays until that is done',
    async run({ storage, commit, claimed, settle }) {
      const left = async () => (await storage.listIncidents('acme', {})).items.map(({ id }) => id).toSorted();
      await commit({
        incidents: ['timer', 'leased', 'waiting', 'done'].map((id) => endedIncident(id, 'closed')),
        timers: [arm('reviewPending', { ownerId: 'timer', dueAt: T0 + DAY })],
        deliveries: [
          delivery('leased:2:0', { incidentId: 'leased' }),
          delivery('waiting:2:0', { incidentId: 'waiting', dueAt: T0 + MINUTE }),
        ],
      });
      const [lent] = await claimed();
      same(await storage.prune('acme', LONG_AFTER), 1);
      same(await left(), ['leased', 'timer', 'waiting']);
      same(await settle('leased:2:0', lent?.token ?? 0, { state: 'sent' }), true);
      await commit({ timers: [{ type: 'cancel', ownerKind: 'incident', ownerId: 'timer', kind: 'reviewPending' }] });
      same(await storage.prune('acme', LONG_AFTER), 2);
      await commit({ withdrawals: [{ incidentId: 'waiting', beforePage: 99, because: 'closed' }] });
      same(await storage.prune('acme', LONG_AFTER), 1);
      same(await left(), []);
    },
  },
  {
    promise: 'S14',
    says: 'an alert of no incident goes once it has cleared, the one that cleared first at the front, and no more than asked for',
    async run({ storage, commit }) {
      const left = async (tenant = 'acme') => (await storage.listAlerts(tenant, {})).map(({ id }) => id).toSorted();
      const quiet = (id: string) => openSuppressed(id, { dedupKey: id });
      const cleared = (id: string, at: number) => [quiet(id), clear(id, at)];
      const kept = open('kept', { dedupKey: 'kept', status: 'cleared', clearedAt: T0 - DAY });
      await commit({ incidents: [newIncident('i1')], alerts: [kept, quiet('open'), ...cleared('late', T0)] });
      await commit({ alerts: [3, 1, 2].flatMap((n) => cleared(`old${n}`, T0 - 10 + n)) });
      await commit({ tenant: 'globex', alerts: cleared('old1', T0 - 9) });
      same(await storage.prune('acme', { limit: 100 }), 0);
      same(await left(), ['kept', 'late', 'old1', 'old2', 'old3', 'open']);
      same(await storage.prune('acme', { endedBefore: T0, limit: 2 }), 0);
      same(await left(), ['kept', 'late', 'old3', 'open']);
      same(await storage.prune('acme', { endedBefore: T0, limit: 2 }), 0);
      same(await left(), ['kept', 'late', 'open']);
      same(await storage.prune('acme', LONG_AFTER), 0);
      same(await left(), ['kept', 'open']);
      same(await left('globex'), ['old1']);
      same(await commit({ alerts: [quiet('again'), open('second', { dedupKey: 'open' })] }), 'conflict');
      same(await commit({ alerts: [quiet('old1'), repeat('open')] }), 'applied');
    },
  },
  {
    promise: 'S14',
    says: 'documents, slots and counters stay, but for the documents that have expired',
    async run({ storage, setNow, commit }) {
      const key = (id: string) => ({ collection: 'c', id });
      await commit({ documents: [{ ...key('short'), expectedVersion: 0, data: 1, expiresAt: T0 + MINUTE }] });
      await commit({ documents: [{ ...key('long'), expectedVersion: 0, data: 1, expiresAt: T0 + DAY }] });
      await storage.commit([wholeChange()]);
      await setNow(T0 + MINUTE);
      same(await storage.prune('acme', LONG_AFTER), 0);
      same(
        (await storage.listDocuments('acme', { collection: 'c' })).map(({ id }) => id),
        ['d', 'long'],
      );
      const slots = [{ kind: 'group', key: 'k' }];
      const loaded = await storage.load({ tenant: 'acme', slots, counters: [{ collection: 'n', id: 'd' }] });
      same([loaded.slots.length, loaded.counters.length], [1, 1]);
      same(await commit({ documents: [{ ...key('short'), expectedVersion: 0, data: 2 }] }), 'applied');
    },
  },
  {
    promise: 'S14',
    says: 'commit ids older than a day are forgotten',
    async run({ storage, setNow }) {
      await storage.commit([wholeChange()]);
      const counted = change({ alerts: [repeat()] });
      await storage.commit([counted]);
      await setNow(T0 + DAY + MINUTE);
      await storage.prune('acme', { limit: 100 });
      same(await storage.commit([counted]), ['applied']);
      same(
        (await storage.listAlerts('acme', {})).map(({ count }) => count),
        [3],
      );
    },
  },
];
