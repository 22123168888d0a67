/**
 * S3: a commit id counts once, however often and however simultaneously it is repeated.
 */
import type { StorageTest } from './bench.ts';
import { matches, same } from './compare.ts';
import { change, DAY, MINUTE, open, repeat, T0, wholeChange } from './rows.ts';

export const COMMIT_IDS: readonly StorageTest[] = [
  {
    promise: 'S3',
    says: 'a commit that is repeated is answered applied and writes nothing',
    async run({ storage, everything }) {
      const first = wholeChange();
      await storage.commit([first]);
      const counted = change({ alerts: [repeat('a1', T0 + 1)] });
      same(await storage.commit([counted]), ['applied']);
      const before = await everything();
      same(await storage.commit([counted, first]), ['applied', 'applied']);
      same(await everything(), before);
    },
  },
  {
    promise: 'S3',
    says: 'a commit that is repeated within one call writes once',
    async run({ storage }) {
      await storage.commit([wholeChange()]);
      const counted = change({ alerts: [repeat()], counters: [{ collection: 'n', id: 'd', add: 1 }] });
      same(await storage.commit([counted, counted]), ['applied', 'applied']);
      matches(await storage.listAlerts('acme', {}), [{ count: 2 }]);
      matches((await storage.load({ tenant: 'acme', counters: [{ collection: 'n', id: 'd' }] })).counters, [
        { value: 2 },
      ]);
    },
  },
  {
    promise: 'S3',
    says: 'a commit that is repeated while the first is under way writes once',
    async run({ storage }) {
      await storage.commit([wholeChange()]);
      const counted = change({ alerts: [repeat()] });
      const answers = await Promise.all([1, 2, 3, 4].map(() => storage.commit([counted])));
      same(answers.flat(), ['applied', 'applied', 'applied', 'applied']);
      matches(await storage.listAlerts('acme', {}), [{ count: 2 }]);
    },
  },
  {
    promise: 'S3',
    says: 'a commit that two processes make at once writes once',
    needs: 'another',
    async run({ storage, another }) {
      const other = (await another?.()) ?? storage;
      await storage.commit([wholeChange()]);
      for (let n = 0; n < 5; n += 1) {
        const counted = change({ alerts: [repeat()] });
        const answers = await Promise.all([storage.commit([counted]), other.commit([counted])]);
        same(answers.flat(), ['applied', 'applied']);
      }
      matches(await other.listAlerts('acme', {}), [{ count: 6 }]);
      same(await other.commit([wholeChange()]), ['conflict']);
    },
  },
  {
    promise: 'S3',
    says: 'a commit that met a conflict was not applied and may be tried again',
    async run({ storage }) {
      const counted = change({ alerts: [repeat()] });
      same(await storage.commit([counted]), ['conflict']);
      await storage.commit([wholeChange()]);
      same(await storage.commit([counted]), ['applied']);
      matches(await storage.listAlerts('acme', {}), [{ count: 2 }]);
    },
  },
  {
    promise: 'S3',
    says: 'two tenants may use the same commit id',
    async run({ storage, incident }) {
      const mine = wholeChange();
      await storage.commit([mine]);
      same(await storage.commit([{ ...wholeChange('globex'), commitId: mine.commitId }]), ['applied']);
      same((await incident('i1', 'globex')).version, 1);
    },
  },
  {
    promise: 'S3',
    says: 'a commit id is remembered for a day, whatever is pruned',
    async run({ storage, setNow }) {
      await storage.commit([wholeChange()]);
      const counted = change({ alerts: [repeat()] });
      await storage.commit([counted]);
      await setNow(T0 + DAY - MINUTE);
      await storage.prune('acme', { endedBefore: T0 + DAY, limit: 100 });
      same(await storage.commit([counted]), ['applied']);
      matches(await storage.listAlerts('acme', {}), [{ count: 2 }]);
    },
  },
  {
    promise: 'S3',
    says: 'what is under the same id in another change is still not written',
    async run({ storage }) {
      const first = change({ alerts: [open('a1')] });
      await storage.commit([first]);
      same(await storage.commit([{ ...wholeChange(), commitId: first.commitId }]), ['applied']);
      same((await storage.listIncidents('acme', {})).items, []);
    },
  },
];
