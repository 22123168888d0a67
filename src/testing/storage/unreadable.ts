/**
 * S15: a snapshot that cannot be parsed is `undefined`, and no other row suffers by it.
 */
import type { StorageTest } from './bench.ts';
import { matches, present, same } from './compare.ts';
import { change, delivery, incidentChange, newIncident, note, T0, wholeChange } from './rows.ts';

export const UNREADABLE: readonly StorageTest[] = [
  {
    promise: 'S15',
    says: 'a snapshot that cannot be parsed is undefined, beside others that can be read',
    needs: 'corrupt',
    async run({ storage, corrupt, incident, claimedIds }) {
      await storage.commit([wholeChange(), change({ incidents: [newIncident('i2', {}, T0 + 1)] })]);
      await corrupt?.('acme', 'i1');
      const { incidents } = await storage.load({ tenant: 'acme', incidents: ['i1', 'i2'] });
      const bad = present(
        incidents.find(({ id }) => id === 'i1'),
        'row of i1',
      );
      same(bad, { tenant: 'acme', id: 'i1', version: 1 });
      same((await incident('i2')).version, 1);
      const { items } = await storage.listIncidents('acme', {});
      same(
        items.map(({ id, snapshot }) => `${id} ${typeof snapshot}`),
        ['i2 object', 'i1 undefined'],
      );
      const loaded = await storage.load({ tenant: 'acme', alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] });
      matches(loaded, { alerts: [{ id: 'a1' }], incidents: [{ id: 'i1', version: 1 }] });
      same(await storage.timeline('acme', 'i1'), newIncident('i1').events);
      same(await claimedIds(), ['i1:2:0']);
    },
  },
  {
    promise: 'S15',
    says: 'an incident whose snapshot cannot be parsed is changed by whoever names its version',
    needs: 'corrupt',
    async run({ storage, corrupt, commit, incident }) {
      const { snapshot } = newIncident('i1');
      await storage.commit([wholeChange()]);
      await corrupt?.('acme', 'i1');
      const mended = incidentChange({ version: 1, snapshot }, [note('mended')]);
      same(await commit({ incidents: [{ ...mended, expectedVersion: 0 }] }), 'conflict');
      const parts = { incidents: [mended], deliveries: [delivery('i1:9:0')] };
      same(await commit(parts), 'applied');
      same(await incident(), { version: 2, snapshot: mended.snapshot });
      same((await storage.timeline('acme', 'i1')).length, 2);
    },
  },
];
