/**
 * S2 for documents and slots: whoever names the version that is stored changes them, and nobody else.
 */
import type { StorageTest } from './bench.ts';
import { same } from './compare.ts';
import { T0 } from './rows.ts';

export const VERSIONS: readonly StorageTest[] = [
  {
    promise: 'S2',
    says: 'a document is changed by whoever names its version, and removed likewise',
    async run({ storage, commit }) {
      const key = { collection: 'c', id: 'd' };
      const write = (expectedVersion: number, data: unknown) =>
        commit({ documents: [{ ...key, expectedVersion, data }] });
      const stored = async () => (await storage.load({ tenant: 'acme', documents: [key] })).documents;
      same(await write(1, 'too early'), 'conflict');
      same(await write(0, 'first'), 'applied');
      same(await write(0, 'again'), 'conflict');
      same(await write(1, 'second'), 'applied');
      same(await write(1, 'stale'), 'conflict');
      same(await stored(), [{ ...key, version: 2, data: 'second' }]);
      same(await write(1, undefined), 'conflict');
      same(await write(2, undefined), 'applied');
      same(await stored(), []);
      same(await write(2, 'gone'), 'conflict');
      same(await write(0, 'anew'), 'applied');
      same(await stored(), [{ ...key, version: 1, data: 'anew' }]);
    },
  },
  {
    promise: 'S2',
    says: 'a slot is taken, handed on and given up by whoever names its version',
    async run({ storage, commit }) {
      const slot = { kind: 'group', key: 'k' };
      const write = (expectedVersion: number, owner: string | undefined, until?: number) =>
        commit({ slots: [{ ...slot, expectedVersion, owner, until }] });
      const stored = async () =>
        (await storage.load({ tenant: 'acme', slots: [slot, { kind: 'k', key: 'group' }] })).slots;
      same(await write(1, 'i1'), 'conflict');
      same(await write(0, 'i1', T0 - 1), 'applied');
      same(await stored(), [{ ...slot, owner: 'i1', until: T0 - 1, version: 1 }]);
      same(await write(0, 'i2'), 'conflict');
      same(await write(1, 'i2'), 'applied');
      same(await stored(), [{ ...slot, owner: 'i2', version: 2 }]);
      same(await write(1, undefined), 'conflict');
      same(await write(2, undefined), 'applied');
      same(await stored(), []);
      same(await write(0, 'i3'), 'applied');
    },
  },
];
