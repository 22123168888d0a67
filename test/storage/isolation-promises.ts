/**
 * S9 to S11: counts are never lost, tenants never meet, and what is returned is a copy.
 */
import { describe, expect, test } from 'vitest';
import type { StoredAlert } from '../../src/model/alert.ts';
import type { Change } from '../../src/ports/storage.ts';
import { type Bench, CLAIM, wholeChange } from './bench.ts';
import { alert, cancel, commit, delivery, everything, incidentChange, loadIncident, MINUTE, note, T0 } from './rows.ts';

/** S9 to S11: counts are never lost, tenants never meet, and what is returned is a copy. */
export function isolationPromises(bench: Bench): void {
  describe('S9 counting a repeat', () => {
    test('needs no version and loses no count', async () => {
      await commit(bench.storage, wholeChange());
      const times = Array.from({ length: 16 }, (_, n) => n + 1);
      const answers = await Promise.all(
        times.map((n) => commit(bench.storage, { alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 + n }] })),
      );
      expect(new Set(answers)).toEqual(new Set(['applied']));
      expect(await bench.storage.listAlerts('acme', {})).toMatchObject([{ count: 17, lastSeenAt: T0 + 16 }]);
      expect((await loadIncident(bench.storage))?.version).toBe(1);
    });

    test('never goes back in time', async () => {
      await commit(bench.storage, wholeChange());
      await commit(bench.storage, { alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 + 10 }] });
      await commit(bench.storage, { alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 + 5 }] });
      expect(await bench.storage.listAlerts('acme', {})).toMatchObject([
        { count: 3, lastSeenAt: T0 + 10, openedAt: T0 },
      ]);
    });

    test('of an alert that has cleared meanwhile is answered conflict', async () => {
      await commit(bench.storage, wholeChange());
      await commit(bench.storage, { alerts: [{ type: 'set', id: 'a1', status: 'acknowledged' }] });
      expect(await commit(bench.storage, { alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 }] })).toBe('applied');
      await commit(bench.storage, { alerts: [{ type: 'set', id: 'a1', status: 'cleared', clearedAt: T0 + 1 }] });
      expect(await commit(bench.storage, { alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 }] })).toBe('conflict');
      expect(await bench.storage.listAlerts('acme', {})).toMatchObject([
        { count: 2, status: 'cleared', clearedAt: T0 + 1 },
      ]);
    });

    test('an alert that returns fires again: counted, with its new severity, and no longer cleared', async () => {
      await commit(bench.storage, wholeChange());
      await commit(bench.storage, { alerts: [{ type: 'set', id: 'a1', status: 'cleared', clearedAt: T0 + 1 }] });
      const back = { type: 'return', id: 'a1', seenAt: T0 + 5, severity: 'SEV2' } as const;
      expect(await commit(bench.storage, { alerts: [back] })).toBe('applied');
      expect(await bench.storage.listAlerts('acme', {})).toEqual([
        { ...alert('a1'), severity: 'SEV2', count: 2, lastSeenAt: T0 + 5 },
      ]);
      expect(await commit(bench.storage, { alerts: [{ type: 'open', alert: alert('a2') }] })).toBe('conflict');
      expect(await commit(bench.storage, { alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 }] })).toBe('applied');
      const { alerts } = await bench.storage.load({ tenant: 'acme', alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] });
      expect(alerts.map(({ id, count }) => `${id} ${count}`)).toEqual(['a1 3']);
    });

    test('setting an alert changes what is named and nothing else', async () => {
      await commit(bench.storage, wholeChange());
      await commit(bench.storage, { alerts: [{ type: 'set', id: 'a1', severity: 'SEV3' }] });
      await commit(bench.storage, { alerts: [{ type: 'set', id: 'a1', incidentId: 'i2' }] });
      const expected: StoredAlert = { ...alert('a1'), severity: 'SEV3', incidentId: 'i2' };
      expect(await bench.storage.listAlerts('acme', {})).toEqual([expected]);
      await commit(bench.storage, { alerts: [{ type: 'set', id: 'unknown', severity: 'SEV3' }] });
      expect(await bench.storage.listAlerts('acme', {})).toEqual([expected]);
    });
  });

  describe('S10 tenants never meet', () => {
    const theirs = (): Change => ({
      ...wholeChange(),
      tenant: 'globex',
      alerts: [{ type: 'open', alert: alert('a1', { tenant: 'globex' }) }],
      deliveries: [delivery('i1:2:0', { tenant: 'globex' })],
    });

    test('the same ids and keys are other rows', async () => {
      expect(await bench.storage.commit([wholeChange(), theirs()])).toEqual(['applied', 'applied']);
      const before = await everything(bench.storage, 'globex');
      const stored = await loadIncident(bench.storage);
      await commit(bench.storage, {
        incidents: [incidentChange(stored, [note('mine')])],
        alerts: [{ type: 'set', id: 'a1', status: 'cleared' }],
        timers: [cancel('step')],
        withdrawals: [{ incidentId: 'i1', beforePage: 99, because: 'x' }],
      });
      expect(await everything(bench.storage, 'globex')).toEqual(before);
      expect(await bench.storage.timeline('globex', 'i1')).toHaveLength(1);
    });

    test('claims hand out the rows of the tenants that are asked for', async () => {
      await bench.storage.commit([wholeChange(), theirs()]);
      bench.clock.at = T0 + 5 * MINUTE;
      expect((await bench.storage.claimTimers({ ...CLAIM, tenants: [] })).timers).toEqual([]);
      expect((await bench.storage.claimTimers({ ...CLAIM, tenants: ['globex'] })).timers).toMatchObject([
        { tenant: 'globex' },
      ]);
      expect(await bench.claimed({ tenants: ['globex', 'nobody'] })).toMatchObject([
        { delivery: { tenant: 'globex' } },
      ]);
      expect((await bench.storage.nextDue(['acme'])).dueAt).toBe(T0);
      expect((await bench.storage.nextDue(['nobody'])).dueAt).toBeUndefined();
    });

    test('nobody settles, hastens, revives or drops what is another’s', async () => {
      await bench.storage.commit([theirs()]);
      const [one] = await bench.claimed({ tenants: ['globex'] });
      expect(await bench.settle('i1:2:0', one!.token, { state: 'sent' })).toBe(false);
      expect(await bench.storage.hasten('acme', 'i1', 2, 'ana')).toBe(false);
      await bench.storage.settleDelivery('globex', 'i1:2:0', one!.token, { state: 'dead', error: 'x' });
      expect(await bench.storage.revive('acme', 'i1:2:0')).toBe(false);
      const timer = {
        tenant: 'acme',
        ownerKind: 'incident',
        ownerId: 'i1',
        kind: 'step',
        armedSeq: 1,
        dueAt: 0,
      } as const;
      await bench.storage.dropTimer(timer);
      expect((await bench.storage.nextDue(['globex'])).dueAt).toBe(T0 + 5 * MINUTE);
    });

    test('what is read belongs to the tenant that asks', async () => {
      await bench.storage.commit([theirs()]);
      const { incidents, alerts, documents } = await bench.storage.load({
        tenant: 'acme',
        incidents: ['i1'],
        alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }],
        documents: [{ collection: 'c', id: 'd' }],
      });
      expect({ incidents, alerts, documents }).toEqual({ incidents: [], alerts: [], documents: [] });
      expect(await everything(bench.storage)).toMatchObject({
        items: [],
        alerts: [],
        deliveries: [],
        dueAt: undefined,
      });
      expect(await bench.storage.timeline('acme', 'i1')).toEqual([]);
    });

    test('names that would run together do not', async () => {
      await commit(bench.storage, { tenant: 'a', documents: [{ collection: 'b","c', id: 'd', data: 1 }] });
      const { documents } = await bench.storage.load({ tenant: 'a', documents: [{ collection: 'b', id: 'c","d' }] });
      expect(documents).toEqual([]);
    });
  });

  describe('S11 what is returned is a copy', () => {
    test('changing it never changes the store', async () => {
      await commit(bench.storage, wholeChange());
      const before = await everything(bench.storage);
      const read = await everything(bench.storage);
      const { incidents, alerts, documents } = await bench.storage.load({
        tenant: 'acme',
        incidents: ['i1'],
        alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }],
        documents: [{ collection: 'c', id: 'd' }],
      });
      for (const value of [read, incidents, alerts, documents]) spoil(value);
      expect(await everything(bench.storage)).toEqual(before);

      bench.clock.at = T0 + 5 * MINUTE;
      spoil(await bench.storage.claimTimers(CLAIM));
      const [one] = await bench.claimed();
      const { token } = one!;
      spoil(one);
      expect(await bench.settle('i1:2:0', token, { state: 'sent' })).toBe(true);
      expect(await bench.storage.listDeliveries('acme', {})).toMatchObject([
        { id: 'i1:2:0', user: 'ana', state: 'sent' },
      ]);
    });

    test('nor does changing what was handed in', async () => {
      const given = structuredClone(wholeChange());
      await bench.storage.commit([given]);
      const before = await everything(bench.storage);
      spoil(given);
      expect(await everything(bench.storage)).toEqual(before);
    });
  });
}

/** Overwrites every part of a value that a caller could reach. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const holder = value as Record<string, unknown>;
    spoil(holder[key]);
    holder[key] = 'spoilt';
  }
}
