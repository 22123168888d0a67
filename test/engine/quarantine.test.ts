/**
 * What is stored of one incident is damaged, or newer than this code: the others go on, and its pages still go out.
 */
import { describe, expect, test } from 'vitest';
import { MACHINE_VERSION } from '../../src/core/lifecycle/machine.ts';
import { memoryStorage, type News, type Storage } from '../../src/index.ts';
import type { IncidentRow } from '../../src/ports/storage.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { incident, MINUTE, opened, refusal, SECOND, stands, T0, trigger, types, world } from './world.ts';

type Damage = (row: IncidentRow) => IncidentRow;
const NOTHING: Damage = (row) => ({ ...row, snapshot: undefined });
const NEWER: Damage = (row) => ({ ...row, snapshot: { ...(row.snapshot as object), machineVersion: 99 } });
/** Damage where only a decision looks. */
const DEEP: Damage = (row) => {
  const snapshot = structuredClone(row.snapshot) as { context: Record<string, unknown> };
  snapshot.context.ladder = 5;
  snapshot.context.alerts = null;
  return { ...row, snapshot };
};

/** A world in which what is read of incident `id` is damaged, and perhaps its timeline is gone. */
function damaged() {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  let bad: { id: string; damage: Damage; isTimelineGone: boolean } | undefined;
  const hurt = (row: IncidentRow) => (bad !== undefined && row.id === bad.id ? bad.damage(row) : row);
  const sick: Storage = {
    ...storage,
    load: async (query) => {
      const loaded = await storage.load(query);
      return { ...loaded, incidents: loaded.incidents.map(hurt) };
    },
    listIncidents: async (tenant, filter) => {
      const list = await storage.listIncidents(tenant, filter);
      return { ...list, items: list.items.map(hurt) };
    },
    timeline: async (tenant, id) => (bad?.id === id && bad.isTimelineGone ? [] : storage.timeline(tenant, id)),
  };
  const w = world({ clock, storage: sick });
  const quarantined: News['incident.quarantined'][] = [];
  w.tocsin.on('incident.quarantined', (news) => quarantined.push(news));
  return {
    ...w,
    quarantined,
    hurt(id: string, damage: Damage, isTimelineGone = false) {
      bad = { id, damage, isTimelineGone };
    },
    mend() {
      bad = undefined;
    },
  };
}

describe.each([
  ['no JSON', NOTHING],
  [
    'JSON of another shape',
    (row: IncidentRow) => ({ ...row, snapshot: { machine: 'incident', machineVersion: MACHINE_VERSION } }),
  ],
  ['damaged where only a decision looks', DEEP],
] as const)('a snapshot that is %s', (_, damage) => {
  test('is made anew from the timeline, and the incident goes on', async () => {
    const w = damaged();
    const id = await opened(w.tocsin);
    await w.tocsin.tick();
    w.hurt(id, damage);
    await w.pass(5 * MINUTE);
    w.mend();
    expect(w.news()).toEqual(['+0 ana sms step', '+2m ana voice step', '+5m ben sms step']);
    expect(w.quarantined).toEqual([]);
    w.hurt(id, damage);
    await w.tocsin.incidents.acknowledge(id, { by: 'ben' });
    w.mend();
    expect(await stands(w.tocsin, id)).toBe('triage / acknowledged');
    expect(w.log.some((line) => line.startsWith('warn: A snapshot could not be used'))).toBe(true);
  });

  test('goes to quarantine when its timeline is gone too; the others go on, and its page still goes out', async () => {
    const w = damaged();
    const id = await opened(w.tocsin);
    const other = await opened(w.tocsin, trigger('other'));
    w.hurt(id, damage, true);
    await w.pass(5 * MINUTE);
    const said = w.sms.sent.filter(({ message }) => message.incidentId === id).map(({ message }) => message.title);
    expect(said).toEqual([`Incident ${id}`]);
    expect((await incident(w.tocsin, other)).position.step).toBe(2);
    expect(w.quarantined).toMatchObject([
      { tenant: 'default', incidentId: id, error: { code: 'SNAPSHOT_UNREADABLE' } },
    ]);
    const error = await refusal(() => w.tocsin.incidents.acknowledge(id, { by: 'ana' }), 'SNAPSHOT_UNREADABLE');
    expect(error.details).toEqual({ tenant: 'default', incident: id });
    expect(await w.tocsin.health()).toMatchObject({
      isHealthy: false,
      quarantined: [{ tenant: 'default', incidentId: id }],
    });
    w.mend();
    await w.pass(SECOND * 15);
    expect((await incident(w.tocsin, id)).position.step).toBe(2);
    expect(await w.tocsin.health()).toMatchObject({ isHealthy: true, quarantined: [] });
  });
});

test('a snapshot of a newer version is left to newer code: nothing of it is written, its page goes out, others go on', async () => {
  const w = damaged();
  const id = await opened(w.tocsin);
  const other = await opened(w.tocsin, trigger('other'));
  w.hurt(id, NEWER);
  await w.pass(5 * MINUTE);
  expect(w.sms.sent.map(({ message }) => message.incidentId)).toContain(id);
  expect(w.quarantined).toHaveLength(1);
  expect((await w.tocsin.incidents.list()).items.map((item) => item.id)).toEqual([other]);
  await refusal(() => w.tocsin.incidents.get(id), 'SNAPSHOT_UNREADABLE');
  const results = await w.tocsin.ingest([trigger(), trigger('third')]);
  expect(results).toMatchObject([
    { outcome: 'rejected', error: { code: 'SNAPSHOT_UNREADABLE' } },
    { outcome: 'opened' },
  ]);
  w.mend();
  expect(await types(w.tocsin, id)).toEqual(['incident.opened', 'page.requested']);
});

test('a snapshot that is damaged within hurts no list, and is read from its timeline', async () => {
  const w = damaged();
  const id = await opened(w.tocsin);
  const other = await opened(w.tocsin, trigger('other'));
  const within: Damage = (row) => {
    const snapshot = structuredClone(row.snapshot) as { context: Record<string, unknown> };
    snapshot.context.times = null;
    return { ...row, snapshot };
  };
  w.hurt(id, within);
  expect((await w.tocsin.incidents.list()).items.map((item) => item.id).toSorted()).toEqual([id, other].toSorted());
  expect((await w.tocsin.incidents.get(id))?.title).toBe('Problem disk');
  w.hurt(id, within, true);
  expect((await w.tocsin.incidents.list()).items.map((item) => item.id)).toEqual([other]);
  await refusal(() => w.tocsin.incidents.get(id), 'SNAPSHOT_UNREADABLE');
});

test('an older snapshot is replayed, and its timer rows are written as this version has them', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  let isOlder = false;
  const older: Storage = {
    ...storage,
    load: async (query) => {
      const loaded = await storage.load(query);
      const made = (row: IncidentRow) => ({ ...row, snapshot: { ...(row.snapshot as object), machineVersion: 0 } });
      return { ...loaded, incidents: isOlder ? loaded.incidents.map(made) : loaded.incidents };
    },
  };
  const w = world({ clock, storage: older });
  const id = await opened(w.tocsin);
  const none = { incidents: [], alerts: [], withdrawals: [], deliveries: [], documents: [], slots: [], counters: [] };
  const row = { ownerKind: 'incident', ownerId: id } as const;
  await storage.commit([
    {
      ...none,
      commitId: 'as another version would have it',
      tenant: 'default',
      timers: [
        { type: 'cancel', ...row, kind: 'step' },
        { type: 'arm', ...row, kind: 'snooze', armedSeq: 1, dueAt: T0 + MINUTE },
      ],
    },
  ]);
  isOlder = true;
  await w.pass(MINUTE);
  isOlder = false;
  await w.pass(4 * MINUTE);
  expect((await incident(w.tocsin, id)).position.step).toBe(2);
  expect(await types(w.tocsin, id)).toEqual(['incident.opened', 'page.requested', 'timer.fired', 'page.requested']);
});
