/**
 * S1 and S4: a change lands whole or not at all, and timelines have no gap.
 */
import type { Change } from '../../ports/storage.ts';
import type { StorageTest } from './bench.ts';
import { matches, same } from './compare.ts';
import {
  alert,
  arm,
  cancel,
  DAY,
  delivery,
  incidentChange,
  MINUTE,
  newIncident,
  note,
  open,
  repeat,
  T0,
  wholeChange,
} from './rows.ts';

/** A part that meets a conflict in a tenant to which `wholeChange` was committed. */
const BAD_PARTS: readonly (readonly [meets: string, Partial<Change>])[] = [
  ['a stale incident', { incidents: [newIncident('i1')] }],
  ['a second open alert of the key', { alerts: [open('a2')] }],
  ['a repeat of an unknown alert', { alerts: [repeat('a9')] }],
  ['a document that exists', { documents: [{ collection: 'c', id: 'd', expectedVersion: 0, data: 'other' }] }],
  ['a document that is unknown', { documents: [{ collection: 'c', id: 'no', expectedVersion: 1, data: 'other' }] }],
  ['a slot that somebody holds', { slots: [{ kind: 'group', key: 'k', expectedVersion: 0, owner: 'i2' }] }],
  ['a slot that nobody holds', { slots: [{ kind: 'group', key: 'no', expectedVersion: 1, owner: 'i2' }] }],
];

export const ATOMIC: readonly StorageTest[] = [
  {
    promise: 'S1',
    says: 'all of a change lands',
    async run({ storage, setNow, claimedTimers }) {
      same(await storage.commit([wholeChange()]), ['applied']);
      const loaded = await storage.load({
        tenant: 'acme',
        incidents: ['i1'],
        documents: [{ collection: 'c', id: 'd' }],
        slots: [{ kind: 'group', key: 'k' }],
        counters: [{ collection: 'n', id: 'd' }],
      });
      const { snapshot, events } = newIncident('i1');
      same(loaded, {
        now: T0,
        incidents: [{ tenant: 'acme', id: 'i1', version: 1, snapshot }],
        alerts: [],
        documents: [{ collection: 'c', id: 'd', version: 1, data: { deep: [1, { two: 2 }] } }],
        slots: [{ kind: 'group', key: 'k', owner: 'i1', until: T0 + DAY, version: 1 }],
        counters: [{ collection: 'n', id: 'd', value: 1 }],
      });
      same(await storage.timeline('acme', 'i1'), events);
      same(await storage.listAlerts('acme', {}), [alert('a1')]);
      same(await storage.listDeliveries('acme', {}), [delivery('i1:2:0')]);
      await setNow(T0 + 5 * MINUTE);
      const row = { tenant: 'acme', ownerKind: 'incident', ownerId: 'i1', kind: 'step', armedSeq: 1 };
      same(await claimedTimers(), [{ ...row, dueAt: T0 + 5 * MINUTE }]);
    },
  },
  ...BAD_PARTS.map(
    ([meets, bad]): StorageTest => ({
      promise: 'S1',
      says: `nothing of a change lands when it meets ${meets}`,
      async run({ storage, commit, everything }) {
        await storage.commit([wholeChange()]);
        const before = await everything();
        const parts: Partial<Change> = {
          incidents: [newIncident('i2'), ...(bad.incidents ?? [])],
          alerts: [
            repeat('a1', T0 + 1),
            { type: 'set', id: 'a1', severity: 'SEV3' },
            open('a3', { dedupKey: 'other' }),
            ...(bad.alerts ?? []),
          ],
          timers: [arm('hold', { dueAt: T0 - 1 }), cancel('step')],
          withdrawals: [{ incidentId: 'i1', beforePage: 99, because: 'x' }],
          deliveries: [delivery('i1:9:0')],
          documents: [
            { collection: 'c', id: 'new', expectedVersion: 0, data: 1 },
            { collection: 'c', id: 'd', expectedVersion: 1, data: undefined },
            ...(bad.documents ?? []),
          ],
          slots: [
            { kind: 'group', key: 'new', expectedVersion: 0, owner: 'i2' },
            { kind: 'group', key: 'k', expectedVersion: 1, owner: undefined },
            ...(bad.slots ?? []),
          ],
          counters: [
            { collection: 'n', id: 'd', add: 5 },
            { collection: 'n', id: 'new', add: 5 },
          ],
        };
        same(await commit(withoutClash(parts, bad)), 'conflict');
        same(await everything(), before);
      },
    }),
  ),
  {
    promise: 'S1',
    says: 'a change of two incidents, as a merge, lands whole or not at all',
    async run({ commit, incident, storage }) {
      await commit({ incidents: [newIncident('i1'), newIncident('i2')] });
      const [one, two] = [await incident('i1'), await incident('i2')];
      await commit({ incidents: [incidentChange(two, [note('meanwhile')])] });
      const both = { incidents: [incidentChange(one, [note('a')]), incidentChange(two, [note('b')])] };
      same(await commit(both), 'conflict');
      same((await incident('i1')).version, 1);
      same((await incident('i2')).version, 2);
      same((await storage.timeline('acme', 'i1')).length, 1);
    },
  },
  {
    promise: 'S4',
    says: 'timelines are append-only and numbered from 1 without a gap',
    async run({ storage, commit, incident }) {
      await storage.commit([wholeChange()]);
      for (let n = 0; n < 5; n += 1) {
        const drafts = [note(`a${n}`), note(`b${n}`)];
        same(await commit({ incidents: [incidentChange(await incident(), drafts, T0 - n)] }), 'applied');
      }
      const timeline = await storage.timeline('acme', 'i1');
      same(
        timeline.map(({ seq }) => seq),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      );
      matches(timeline.slice(1, 5), [{ text: 'a0' }, { text: 'b0' }, { text: 'a1' }, { text: 'b1' }]);
      same((await incident()).version, 6);
      same(await storage.timeline('acme', 'nope'), []);
    },
  },
];

/** The parts, without those that would meet a conflict themselves once the bad ones stand behind them. */
function withoutClash(parts: Partial<Change>, bad: Partial<Change>): Partial<Change> {
  return {
    ...parts,
    ...(bad.documents !== undefined && { documents: parts.documents?.filter(({ data }) => data !== undefined) ?? [] }),
    ...(bad.slots !== undefined && { slots: parts.slots?.filter(({ owner }) => owner !== undefined) ?? [] }),
  };
}
