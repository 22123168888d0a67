/**
 * S0 to S4: a change is atomic, conflict is an answer, a commit id counts once, timelines have no gap.
 */
import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/ports/storage.ts';
import { type Bench, CLAIM, wholeChange } from './bench.ts';
import {
  alert,
  arm,
  cancel,
  change,
  commit,
  delivery,
  everything,
  incidentChange,
  loadIncident,
  MINUTE,
  newIncident,
  note,
  T0,
} from './rows.ts';

/** S0 to S4: a change is atomic, conflict is an answer, a commit id counts once, timelines have no gap. */
export function commitPromises(bench: Bench): void {
  test('S0 migrate may be called again, and at once', async () => {
    await Promise.all([bench.storage.migrate(), bench.storage.migrate()]);
    expect(await commit(bench.storage, wholeChange())).toBe('applied');
    await bench.storage.migrate();
    expect(await loadIncident(bench.storage)).toMatchObject({ version: 1 });
  });

  describe('S1 a change is atomic', () => {
    test('all of it lands', async () => {
      expect(await bench.storage.commit([wholeChange()])).toEqual(['applied']);
      const incident = await loadIncident(bench.storage);
      expect(incident).toEqual({ tenant: 'acme', id: 'i1', version: 1, snapshot: newIncident('i1').snapshot });
      expect(await bench.storage.timeline('acme', 'i1')).toEqual(newIncident('i1').events);
      expect(await bench.storage.listAlerts('acme', {})).toEqual([alert('a1')]);
      expect(await bench.storage.listDeliveries('acme', {})).toEqual([delivery('i1:2:0')]);
      expect(
        (await bench.storage.load({ tenant: 'acme', documents: [{ collection: 'c', id: 'd' }] })).documents,
      ).toEqual([{ collection: 'c', id: 'd', data: { deep: [1, { two: 2 }] } }]);
      bench.clock.at = T0 + 5 * MINUTE;
      const { timers } = await bench.storage.claimTimers(CLAIM);
      const row = { tenant: 'acme', ownerKind: 'incident', ownerId: 'i1', kind: 'step', armedSeq: 1 };
      expect(timers).toEqual([{ ...row, dueAt: T0 + 5 * MINUTE }]);
    });

    test.each([
      ['a stale incident', { incidents: [newIncident('i1')] }],
      ['a second open alert of the key', { alerts: [{ type: 'open', alert: alert('a2') }] }],
      ['a repeat of an unknown alert', { alerts: [{ type: 'repeat', id: 'a9', seenAt: T0 }] }],
      ['a document that exists', { documents: [{ collection: 'c', id: 'd', data: 'other' }] }],
    ] as const)('or none of it, when it meets %s', async (_, bad) => {
      await commit(bench.storage, wholeChange());
      const before = await everything(bench.storage);
      const parts: Partial<Change> = {
        incidents: [newIncident('i2'), ...('incidents' in bad ? bad.incidents : [])],
        alerts: [
          { type: 'repeat', id: 'a1', seenAt: T0 + 1 },
          { type: 'set', id: 'a1', severity: 'SEV3' },
          { type: 'open', alert: alert('a3', { dedupKey: 'other' }) },
          ...('alerts' in bad ? bad.alerts : []),
        ],
        timers: [arm('hold', { dueAt: T0 - 1 }), cancel('step')],
        deliveries: [delivery('i1:9:0')],
        withdrawals: [{ incidentId: 'i1', beforePage: 99, because: 'x' }],
        documents: [{ collection: 'c', id: 'new', data: 1 }, ...('documents' in bad ? bad.documents : [])],
      };
      expect(await commit(bench.storage, parts)).toBe('conflict');
      expect(await everything(bench.storage)).toEqual(before);
      const { documents } = await bench.storage.load({ tenant: 'acme', documents: [{ collection: 'c', id: 'new' }] });
      expect(documents).toEqual([]);
    });

    test('a change of two incidents, as a merge, lands whole or not at all', async () => {
      await commit(bench.storage, { incidents: [newIncident('i1'), newIncident('i2')] });
      const [one, two] = [await loadIncident(bench.storage, 'i1'), await loadIncident(bench.storage, 'i2')];
      await commit(bench.storage, { incidents: [incidentChange(two, [note('meanwhile')])] });
      const both = { incidents: [incidentChange(one, [note('a')]), incidentChange(two, [note('b')])] };
      expect(await commit(bench.storage, both)).toBe('conflict');
      expect((await loadIncident(bench.storage, 'i1'))?.version).toBe(1);
      expect((await loadIncident(bench.storage, 'i2'))?.version).toBe(2);
    });
  });

  describe('S2 conflict is an answer', () => {
    test('to a version that is not the stored one, older or newer, and to a new incident that exists', async () => {
      await commit(bench.storage, wholeChange());
      const stored = (await loadIncident(bench.storage))!;
      const next = incidentChange(stored, [note('x')]);
      for (const expectedVersion of [0, 2, 99]) {
        expect(await commit(bench.storage, { incidents: [{ ...next, expectedVersion }] })).toBe('conflict');
      }
      expect(await commit(bench.storage, { incidents: [next] })).toBe('applied');
      expect((await loadIncident(bench.storage))?.version).toBe(2);
      expect(await commit(bench.storage, { incidents: [next] })).toBe('conflict');
    });

    test('and never hurts the other changes of the call, which are answered in order', async () => {
      await commit(bench.storage, wholeChange());
      const answers = await bench.storage.commit([
        change({ incidents: [newIncident('i2')] }),
        change({ incidents: [newIncident('i1')] }),
        change({ incidents: [newIncident('i3')] }),
      ]);
      expect(answers).toEqual(['applied', 'conflict', 'applied']);
      expect((await bench.storage.listIncidents('acme', {})).items.map(({ id }) => id).sort()).toEqual([
        'i1',
        'i2',
        'i3',
      ]);
    });

    test('a later change of a call sees an earlier one', async () => {
      const answers = await bench.storage.commit([
        change({ alerts: [{ type: 'open', alert: alert('a1') }] }),
        change({ alerts: [{ type: 'open', alert: alert('a2') }] }),
        change({ alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 }] }),
      ]);
      expect(answers).toEqual(['applied', 'conflict', 'applied']);
    });

    test('a key may be opened again once its alert cleared, also by the very change that clears it', async () => {
      await commit(bench.storage, { alerts: [{ type: 'open', alert: alert('a1') }] });
      const acknowledged = { alerts: [{ type: 'set', id: 'a1', status: 'acknowledged' }] } as const;
      await commit(bench.storage, acknowledged);
      expect(await commit(bench.storage, { alerts: [{ type: 'open', alert: alert('a2') }] })).toBe('conflict');
      await commit(bench.storage, { alerts: [{ type: 'set', id: 'a1', status: 'cleared', clearedAt: T0 }] });
      expect(await commit(bench.storage, { alerts: [{ type: 'open', alert: alert('a2') }] })).toBe('applied');
      const swap = [
        { type: 'set', id: 'a2', status: 'cleared', clearedAt: T0 } as const,
        { type: 'open', alert: alert('a3') } as const,
      ];
      expect(await commit(bench.storage, { alerts: swap })).toBe('applied');
      const { alerts } = await bench.storage.load({ tenant: 'acme', alertKeys: [{ routeKey: 'r', dedupKey: 'disk' }] });
      expect(alerts.map(({ id }) => id)).toEqual(['a3']);
    });

    test('no other alert makes way for a second open one, nor does anything but clearing', async () => {
      const other = alert('a9', { dedupKey: 'other' });
      await commit(bench.storage, { alerts: [alert('a1'), other].map((one) => ({ type: 'open', alert: one })) });
      const second = { type: 'open', alert: alert('a2') } as const;
      for (const set of [
        { type: 'set', id: 'a9', status: 'cleared' },
        { type: 'set', id: 'a1', status: 'acknowledged' },
        { type: 'repeat', id: 'a1', seenAt: T0 },
      ] as const) {
        expect(await commit(bench.storage, { alerts: [set, second] })).toBe('conflict');
      }
      expect(await bench.storage.listAlerts('acme', { status: 'firing' })).toHaveLength(2);
    });

    test('racing writers of one version: exactly one wins', async () => {
      await commit(bench.storage, wholeChange());
      const stored = await loadIncident(bench.storage);
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          commit(bench.storage, { incidents: [incidentChange(stored, [note(`${n}`)])] }),
        ),
      );
      expect(answers.filter((answer) => answer === 'applied')).toHaveLength(1);
      expect(await bench.storage.timeline('acme', 'i1')).toHaveLength(2);
    });
  });

  describe('S3 a commit id counts once', () => {
    test('repeating it is answered applied and writes nothing', async () => {
      const first = wholeChange();
      await bench.storage.commit([first]);
      const repeat = change({ alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 + 1 }] });
      expect(await bench.storage.commit([repeat])).toEqual(['applied']);
      const before = await everything(bench.storage);
      expect(await bench.storage.commit([repeat, first])).toEqual(['applied', 'applied']);
      expect(await everything(bench.storage)).toEqual(before);
    });

    test('within one call too', async () => {
      await commit(bench.storage, wholeChange());
      const repeat = change({ alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 }] });
      expect(await bench.storage.commit([repeat, repeat])).toEqual(['applied', 'applied']);
      expect(await bench.storage.listAlerts('acme', {})).toMatchObject([{ count: 2 }]);
    });

    test('one that met a conflict was not applied and may be tried again', async () => {
      const repeat = change({ alerts: [{ type: 'repeat', id: 'a1', seenAt: T0 }] });
      expect(await bench.storage.commit([repeat])).toEqual(['conflict']);
      await commit(bench.storage, wholeChange());
      expect(await bench.storage.commit([repeat])).toEqual(['applied']);
      expect(await bench.storage.listAlerts('acme', {})).toMatchObject([{ count: 2 }]);
    });

    test('two tenants may use the same one', async () => {
      const mine = wholeChange();
      await bench.storage.commit([mine]);
      expect(await bench.storage.commit([{ ...wholeChange(), commitId: mine.commitId, tenant: 'globex' }])).toEqual([
        'applied',
      ]);
      expect(await loadIncident(bench.storage, 'i1', 'globex')).toBeDefined();
    });
  });

  test('S4 timelines are append-only and numbered from 1 without a gap', async () => {
    await commit(bench.storage, wholeChange());
    for (let n = 0; n < 5; n++) {
      const stored = await loadIncident(bench.storage);
      await commit(bench.storage, { incidents: [incidentChange(stored, [note(`a${n}`), note(`b${n}`)])] });
    }
    const timeline = await bench.storage.timeline('acme', 'i1');
    expect(timeline.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(timeline.flatMap((event) => (event.type === 'note.added' ? [event.text] : [])).slice(0, 4)).toEqual([
      'a0',
      'b0',
      'a1',
      'b1',
    ]);
    expect((await loadIncident(bench.storage))?.version).toBe(6);
    expect(await bench.storage.timeline('acme', 'nope')).toEqual([]);
  });
}
