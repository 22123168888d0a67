/**
 * S16: `migrate` may be called again, at once and by several; data of a newer version is left alone.
 */
import { rejects } from 'node:assert/strict';
import type { StorageTest } from './bench.ts';
import { same } from './compare.ts';
import { change, newIncident, wholeChange } from './rows.ts';

export const MIGRATIONS: readonly StorageTest[] = [
  {
    promise: 'S16',
    says: 'migrate may be called again, and at once, and changes nothing that is stored',
    async run({ storage, commit, everything }) {
      await Promise.all([storage.migrate(), storage.migrate(), storage.migrate()]);
      same(await storage.commit([wholeChange()]), ['applied']);
      const before = await everything();
      await storage.migrate();
      same(await everything(), before);
      same(await commit({ incidents: [newIncident('i2')] }), 'applied');
    },
  },
  {
    promise: 'S16',
    says: 'migrate may be called by several processes at once',
    needs: 'another',
    async run({ storage, another, everything }) {
      await storage.commit([wholeChange()]);
      const before = await everything();
      const others = await Promise.all([another?.(), another?.()]);
      await Promise.all([storage, ...others].map((one) => one?.migrate()));
      same(await everything(), before);
      const answers = await Promise.all(
        others.map(async (one, n) => one?.commit([change({ incidents: [newIncident(`i${n + 2}`)] })])),
      );
      same(answers, [['applied'], ['applied']]);
      same((await storage.listIncidents('acme', {})).items.length, 3);
    },
  },
  {
    promise: 'S16',
    says: 'migrate rejects data of a newer version with SCHEMA_TOO_NEW and changes nothing',
    needs: 'newer',
    async run({ storage, newer, everything }) {
      await storage.commit([wholeChange()]);
      const before = await everything();
      await newer?.();
      for (let n = 0; n < 2; n += 1) await rejects(storage.migrate(), { code: 'SCHEMA_TOO_NEW' });
      same(await everything(), before);
    },
  },
];
