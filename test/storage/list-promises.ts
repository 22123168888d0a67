/**
 * Lists: what is found, in which order, page by page.
 */
import { describe, expect, test } from 'vitest';
import type { Storage } from '../../src/ports/storage.ts';
import { type Bench, wholeChange } from './bench.ts';
import { alert, change, commit, delivery, incidentChange, loadIncident, newIncident, T0 } from './rows.ts';

/** Lists: what is found, in which order, page by page. */
export function listPromises(bench: Bench): void {
  describe('lists', () => {
    test('of incidents: the newest first, page by page, by phase, service and severity', async () => {
      await bench.storage.commit([
        change({ incidents: [newIncident('i1', {}, T0)] }),
        change({ incidents: [newIncident('i2', { service: 'search' }, T0 + 1)] }),
        change({ incidents: [newIncident('i3', { severity: 'SEV2' }, T0 + 2)] }),
      ]);
      const stored = await loadIncident(bench.storage, 'i3');
      await commit(bench.storage, { incidents: [incidentChange(stored, [{ type: 'incident.resolved' }], T0 + 3)] });
      const list = async (filter: Parameters<Storage['listIncidents']>[1]) =>
        (await bench.storage.listIncidents('acme', filter)).items.map(({ id }) => id);
      expect(await list({})).toEqual(['i3', 'i2', 'i1']);
      expect(await list({ service: 'search' })).toEqual(['i2']);
      expect(await list({ severity: 'SEV1' })).toEqual(['i2', 'i1']);
      expect(await list({ phases: ['resolved', 'closed'] })).toEqual(['i3']);
      expect(await list({ phases: [] })).toEqual([]);
      expect(await list({ service: 'search', severity: 'SEV2' })).toEqual([]);

      const first = await bench.storage.listIncidents('acme', { limit: 2 });
      const rest = await bench.storage.listIncidents('acme', { limit: 2, cursor: first.next! });
      expect(first.items.map(({ id }) => id)).toEqual(['i3', 'i2']);
      expect(rest.items.map(({ id }) => id)).toEqual(['i1']);
      expect(rest.next).toBeUndefined();
      expect((await bench.storage.listIncidents('acme', { limit: 3 })).next).toBeUndefined();
    });

    test('of incidents of one moment: every one of them once, by their ids', async () => {
      const ids = ['i1', 'i2', 'i3', 'i4', 'i5'];
      await bench.storage.commit(ids.map((id) => change({ incidents: [newIncident(id)] })));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await bench.storage.listIncidents('acme', { limit: 2, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== undefined);
      expect(seen).toEqual(ids.toReversed());
    });

    test('of alerts: the newest first, by incident, state and id', async () => {
      await commit(bench.storage, {
        alerts: [
          { type: 'open', alert: alert('a1', { dedupKey: '1', openedAt: T0 }) },
          { type: 'open', alert: alert('a2', { dedupKey: '2', openedAt: T0 + 1, incidentId: 'i2' }) },
          { type: 'open', alert: alert('a3', { dedupKey: '3', openedAt: T0 + 2, status: 'acknowledged' }) },
        ],
      });
      const list = async (filter: Parameters<Storage['listAlerts']>[1]) =>
        (await bench.storage.listAlerts('acme', filter)).map(({ id }) => id);
      expect(await list({})).toEqual(['a3', 'a2', 'a1']);
      expect(await list({ limit: 1 })).toEqual(['a3']);
      expect(await list({ incidentId: 'i2' })).toEqual(['a2']);
      expect(await list({ status: 'acknowledged' })).toEqual(['a3']);
      expect(await list({ id: 'a1' })).toEqual(['a1']);
      expect(await list({ id: 'a1', status: 'acknowledged' })).toEqual([]);
    });

    test('of deliveries: in the order in which they were requested, by incident, page and state', async () => {
      await commit(bench.storage, {
        deliveries: [
          delivery('late', { requestedAt: T0 + 1, page: 1, dueAt: T0 }),
          delivery('page', { page: 3 }),
          delivery('second', { dueAt: T0 + 1 }),
          delivery('first'),
          delivery('foreign', { incidentId: 'i2', requestedAt: T0 - 1 }),
        ],
      });
      const list = async (filter: Parameters<Storage['listDeliveries']>[1]) =>
        (await bench.storage.listDeliveries('acme', filter)).map(({ id }) => id);
      expect(await list({})).toEqual(['foreign', 'first', 'second', 'page', 'late']);
      expect(await list({ limit: 2 })).toEqual(['foreign', 'first']);
      expect(await list({ incidentId: 'i2' })).toEqual(['foreign']);
      expect(await list({ incidentId: 'i1', page: 2 })).toEqual(['first', 'second']);
      expect(await list({ state: 'sent' })).toEqual([]);
    });

    test('load finds the latest alert of each key with its incident, and each incident once', async () => {
      await bench.storage.commit([wholeChange(), change({ incidents: [newIncident('i2')] })]);
      await commit(bench.storage, {
        alerts: [
          { type: 'set', id: 'a1', status: 'cleared', clearedAt: T0 },
          { type: 'open', alert: alert('a2', { incidentId: 'i2' }) },
        ],
      });
      const loaded = await bench.storage.load({
        tenant: 'acme',
        incidents: ['i2', 'nope', 'i2'],
        alertKeys: [
          { routeKey: 'r', dedupKey: 'disk' },
          { routeKey: 'disk', dedupKey: 'r' },
        ],
      });
      expect(loaded.alerts.map(({ id }) => id)).toEqual(['a2']);
      expect(loaded.incidents.map(({ id }) => id)).toEqual(['i2']);
    });
  });
}
