/**
 * S2: conflict is an answer, to one change of a call, and hurts no other.
 */
import type { Change } from '../../ports/storage.ts';
import type { StorageTest } from './bench.ts';
import { same } from './compare.ts';
import { alert, arm, change, delivery, incidentChange, newIncident, note, open, repeat, wholeChange } from './rows.ts';

export const CONFLICTS: readonly StorageTest[] = [
  {
    promise: 'S2',
    says: 'conflict is the answer to a version that is not the stored one, older or newer, and to a new incident that exists',
    async run({ storage, commit, incident }) {
      await storage.commit([wholeChange()]);
      const next = incidentChange(await incident(), [note('x')]);
      for (const expectedVersion of [0, 2, 99]) {
        same(await commit({ incidents: [{ ...next, expectedVersion }] }), 'conflict');
      }
      same(await commit({ incidents: [{ ...newIncident('i2'), expectedVersion: 1 }] }), 'conflict');
      same(await commit({ incidents: [next] }), 'applied');
      same((await incident()).version, 2);
      same(await commit({ incidents: [next] }), 'conflict');
    },
  },
  {
    promise: 'S2',
    says: 'an event whose number is taken is a conflict',
    async run({ storage, incident }) {
      await storage.commit([wholeChange()]);
      const next = incidentChange(await incident(), [note('x')]);
      const taken = { ...next, events: next.events.map((event) => ({ ...event, seq: 1 })) };
      const twice = { ...next, events: [...next.events, ...next.events] };
      const answers = await storage.commit([taken, twice, next].map((one) => change({ incidents: [one] })));
      same(answers, ['conflict', 'conflict', 'applied']);
      same((await incident()).version, 2);
      same(await storage.timeline('acme', 'i1'), [...newIncident('i1').events, ...next.events]);
    },
  },
  {
    promise: 'S2',
    says: 'a delivery whose id is taken is a conflict, whatever has become of the one that took it',
    async run({ storage, commit, claimOne, settle }) {
      const document = (id: string) => ({ collection: 'c', id, expectedVersion: 0, data: id });
      await commit({ deliveries: [delivery('d')] });
      const before = await storage.listDeliveries('acme', {});
      same(await commit({ deliveries: [delivery('d', { address: '+2' })], documents: [document('d')] }), 'conflict');
      same(await commit({ deliveries: [delivery('e'), delivery('e')] }), 'conflict');
      same(await storage.listDeliveries('acme', {}), before);
      same(await storage.listDocuments('acme', { collection: 'c' }), []);
      await settle('d', (await claimOne()).token, { state: 'sent' });
      const answers = await storage.commit([
        change({ deliveries: [delivery('d')] }),
        change({ deliveries: [delivery('e')] }),
        change({ tenant: 'globex', deliveries: [delivery('d', { tenant: 'globex' })] }),
      ]);
      same(answers, ['conflict', 'applied', 'applied']);
    },
  },
  {
    promise: 'S2',
    says: 'a conflict never hurts the other changes of the call, which are answered in order',
    async run({ storage }) {
      await storage.commit([wholeChange()]);
      const answers = await storage.commit([
        change({ incidents: [newIncident('i2')] }),
        change({ incidents: [newIncident('i1')] }),
        change({ incidents: [newIncident('i3')] }),
      ]);
      same(answers, ['applied', 'conflict', 'applied']);
      const { items } = await storage.listIncidents('acme', {});
      same(items.map(({ id }) => id).toSorted(), ['i1', 'i2', 'i3']);
      same(await storage.commit([]), []);
    },
  },
  {
    promise: 'S2',
    says: 'a later change of a call sees an earlier one',
    async run({ storage }) {
      const document = { collection: 'c', id: 'd' };
      const slot = { kind: 'group', key: 'k' };
      const answers = await storage.commit([
        change({ alerts: [open('a1')] }),
        change({ alerts: [open('a2')] }),
        change({ alerts: [repeat('a1')] }),
        change({ documents: [{ ...document, expectedVersion: 0, data: 1 }] }),
        change({ documents: [{ ...document, expectedVersion: 0, data: 2 }] }),
        change({ documents: [{ ...document, expectedVersion: 1, data: 3 }] }),
        change({ slots: [{ ...slot, expectedVersion: 0, owner: 'i1' }] }),
        change({ slots: [{ ...slot, expectedVersion: 0, owner: 'i2' }] }),
        change({ slots: [{ ...slot, expectedVersion: 1, owner: 'i3' }] }),
        change({ deliveries: [delivery('d')] }),
        change({ withdrawals: [{ incidentId: 'i1', beforePage: 9, because: 'x' }] }),
      ]);
      const [yes, no] = ['applied', 'conflict'];
      same(answers, [yes, no, yes, yes, no, yes, yes, no, yes, yes, yes]);
      const loaded = await storage.load({ tenant: 'acme', documents: [document], slots: [slot] });
      same(loaded.documents, [{ ...document, version: 2, data: 3 }]);
      same(loaded.slots, [{ ...slot, owner: 'i3', version: 2 }]);
      same((await storage.listDeliveries('acme', { state: 'withdrawn' })).length, 1);
    },
  },
  {
    promise: 'S2',
    says: 'of two hundred changes, each that meets a conflict is left out and every other one lands',
    async run({ storage }) {
      const changes = Array.from({ length: 200 }, (_, n) => mixed(n));
      same(
        await storage.commit(changes),
        changes.map((_, n) => (n % 4 === 1 || n % 4 === 3 ? 'conflict' : 'applied')),
      );
      const { items } = await storage.listIncidents('acme', { limit: 500 });
      same(
        items.map(({ id }) => id).toSorted(),
        numbered(0)
          .map((n) => `i${n}`)
          .toSorted(),
      );
      const alerts = await storage.listAlerts('acme', { limit: 500 });
      same(
        alerts.map(({ id, count }) => `${id} ${count}`).toSorted(),
        numbered(2)
          .map((n) => `a${n} 1`)
          .toSorted(),
      );
      const deliveries = await storage.listDeliveries('acme', { limit: 500 });
      same(
        deliveries.map(({ id }) => id).toSorted(),
        numbered(0)
          .map((n) => `d${n}`)
          .toSorted(),
      );
      const { dueTimers } = await storage.figures(['acme']);
      same(dueTimers, 50);
      const { counters } = await storage.load({ tenant: 'acme', counters: [{ collection: 'n', id: 'd' }] });
      same(counters, [{ collection: 'n', id: 'd', value: 50 }]);
    },
  },
  {
    promise: 'S2',
    says: 'of racing writers of one version exactly one wins',
    async run({ storage, commit, incident }) {
      await storage.commit([wholeChange()]);
      const stored = await incident();
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => commit({ incidents: [incidentChange(stored, [note(`${n}`)])] })),
      );
      same(answers.filter((answer) => answer === 'applied').length, 1);
      same((await storage.timeline('acme', 'i1')).length, 2);
    },
  },
  {
    promise: 'S2',
    says: 'of racing processes exactly one takes a version, a slot, a document, an alert key',
    needs: 'another',
    async run({ storage, another, incident, commit }) {
      await commit({ incidents: [newIncident('i1')] });
      const stored = await incident();
      const both = [storage, (await another?.()) ?? storage];
      const rivals: readonly (readonly [what: string, parts: (n: number) => Partial<Change>])[] = [
        ['version', (n) => ({ incidents: [incidentChange(stored, [note(`${n}`)])] })],
        ['slot', (n) => ({ slots: [{ kind: 'group', key: 'k', expectedVersion: 0, owner: `${n}` }] })],
        ['document', (n) => ({ documents: [{ collection: 'c', id: 'd', expectedVersion: 0, data: n }] })],
        ['alert key', (n) => ({ alerts: [{ type: 'open', alert: alert(`a${n}`) }] })],
      ];
      for (const [what, parts] of rivals) {
        const calls = [0, 1, 2, 3].flatMap((n) => both.map((one, m) => one.commit([change(parts(10 * n + m))])));
        const answers = (await Promise.all(calls)).flat();
        same(answers.filter((answer) => answer === 'applied').length, 1, `one process takes the ${what}`);
      }
    },
  },
];

/** The fourth and second of four changes meet a conflict: with the first one, and with what is not there. */
function mixed(n: number): Change {
  const timers = [arm('step', { ownerId: `i${n}` })];
  if (n % 4 === 0) return change({ incidents: [newIncident(`i${n}`)], timers, deliveries: [delivery(`d${n}`)] });
  if (n % 4 === 1) {
    const counters = [{ collection: 'n', id: 'd', add: 1_000 }];
    return change({ incidents: [newIncident(`i${n - 1}`)], timers, deliveries: [delivery(`d${n}`)], counters });
  }
  if (n % 4 === 2) {
    const counters = [{ collection: 'n', id: 'd', add: 1 }];
    return change({ alerts: [open(`a${n}`, { dedupKey: `k${n}` })], counters });
  }
  return change({ alerts: [repeat(`a${n - 1}`), repeat('nobody')], timers, deliveries: [delivery(`d${n}`)] });
}

/** The numbers below 200 that leave `rest` when divided by four. */
function numbered(rest: number): readonly number[] {
  return Array.from({ length: 50 }, (_, n) => 4 * n + rest);
}
