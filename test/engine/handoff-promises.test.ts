/**
 * What a handoff promises when something comes in between: a page on its way, another override, a restored backup, a host
 * that rolls back. Whoever is on call is asked about all that is open, and nobody is by what never counted.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage, type OnCallInput, type Storage, type Tocsin } from '../../src/index.ts';
import type { DocumentChange } from '../../src/ports/storage.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { faulty } from './faults.ts';
import { config, events, HOUR, MINUTE, opened, policy, SECOND, stands, T0, trigger, types, world } from './world.ts';

const by = 'boss';

/** ana and ben hand over to each other every hour at a quarter past; a step is left after four hours. */
const waiting = () => {
  const rotation = { start: '2026-01-06T00:15:00', rrule: 'FREQ=HOURLY', participants: ['ana', 'ben'] };
  return config({
    schedules: [{ id: 'primary', timeZone: 'UTC', layers: [{ id: 'hours', rotation }] }],
    escalationPolicies: [policy({ steps: [{ targets: [{ schedule: 'primary' }], escalateAfter: '4h' }] })],
  });
};

const override = (more: Partial<OnCallInput<'override'>> = {}): OnCallInput<'override'> => ({
  schedule: 'primary',
  from: T0,
  until: T0 + HOUR,
  kind: 'replace',
  user: 'boss',
  by,
  ...more,
});

const asked = async (tocsin: Tocsin, id: string) =>
  (await events(tocsin, id)).flatMap((event) =>
    event.type === 'page.requested' ? event.recipients.map(({ user }) => user) : [],
  );

/** Writes documents as a host would that goes past Tocsin. */
async function write(storage: Pick<Storage, 'commit'>, commitId: string, documents: DocumentChange[]): Promise<void> {
  const none = { incidents: [], alerts: [], timers: [], deliveries: [], withdrawals: [], slots: [], counters: [] };
  expect(await storage.commit([{ ...none, commitId, tenant: 'default', documents }])).toEqual(['applied']);
}

const LATEST = { collection: 'on-call-latest', id: 'latest' };
const PRIMARY = { collection: 'on-call', id: 'primary' };

/** It grows by one whenever the timer of the schedule is armed or fires. */
async function numberOfTimer(storage: Storage): Promise<number> {
  const query = { tenant: 'default', documents: [{ collection: 'handoffs', id: 'primary' }] };
  return (await storage.load(query)).documents[0]?.version ?? 0;
}

/** What is stored of the schedule when `user` stands in for an hour. */
const standIn = (user: string) => ({
  overrides: [
    {
      id: `stand-in-of-${user}`,
      fromAt: T0,
      untilAt: T0 + HOUR,
      kind: 'replace',
      user,
      createdAt: T0,
      createdBy: { kind: 'system' },
    },
  ],
  swaps: [],
});

/** A node whose commits wait: its pages are decided on now, and stored when they `land`. */
async function held() {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const w = world({ clock, storage, config: waiting() });
  await w.tocsin.tick();
  const joined: string[] = [];
  w.tocsin.on('oncall.changed', (news) => void joined.push(...news.joined));
  let land = () => {};
  const landing = new Promise<void>((resolve) => {
    land = resolve;
  });
  let decided = () => {};
  const deciding = new Promise<void>((resolve) => {
    decided = resolve;
  });
  const slow = faulty(storage, ['commit'], async (proceed) => {
    decided();
    await landing;
    return proceed();
  });
  const late = world({ clock, storage: slow, config: waiting() });
  let page: Promise<string> | undefined;
  return {
    ...w,
    /** Who was told to have joined. */
    joined,
    async decide() {
      page = opened(late.tocsin);
      await deciding;
    },
    async land() {
      land();
      return (await page) ?? '';
    },
  };
}

describe('the second look at the open incidents, half a minute after a handoff', () => {
  /** ana has come on call at a quarter past; a page to ben was decided on before that, and is on its way. */
  async function inFlight() {
    const w = await held();
    await w.clock.advance(15 * MINUTE - 1);
    await w.decide();
    await w.clock.advance(1);
    await w.tocsin.tick();
    expect(w.joined).toEqual(['ana']);
    return w;
  }

  test('comes also when further overrides are made meanwhile', async () => {
    const w = await inFlight();
    await w.pass(10 * SECOND, SECOND);
    await w.tocsin.onCall.override(override({ from: T0 + 6 * HOUR, until: T0 + 7 * HOUR }));
    await w.tocsin.onCall.override(override({ from: T0 + 8 * HOUR, until: T0 + 9 * HOUR }));
    const id = await w.land();
    await w.pass(19 * SECOND, SECOND);
    expect(await asked(w.tocsin, id)).toEqual(['ben']);
    await w.pass(SECOND);
    expect(await asked(w.tocsin, id)).toEqual(['ben', 'ana']);
    expect(w.news()).toContain('+15m30s ana sms handoff');
  });

  test('comes, within half a minute, also when the timer fires meanwhile and finds nobody new', async () => {
    const w = await inFlight();
    await w.pass(10 * SECOND, SECOND);
    const before = await numberOfTimer(w.storage);
    // boss is on call for no time at all: the timer is due by that, and there is nothing to tell.
    const { id: brief } = await w.tocsin.onCall.override(override());
    await w.tocsin.onCall.cancelOverride(brief, { by });
    await w.tocsin.tick();
    // The override, the cancellation, and the firing.
    expect(await numberOfTimer(w.storage)).toBe(before + 3);
    const id = await w.land();
    expect(await asked(w.tocsin, id)).toEqual(['ben']);
    await w.pass(30 * SECOND, SECOND);
    expect(await asked(w.tocsin, id)).toEqual(['ben', 'ana']);
    expect(w.joined).toEqual(['ana']);
  });

  test('comes also after somebody came and went unnoticed: a page to them that was on its way reaches who is there', async () => {
    const w = await held();
    const { id: brief } = await w.tocsin.onCall.override(override());
    await w.decide();
    await w.tocsin.onCall.cancelOverride(brief, { by });
    await w.tocsin.tick();
    const id = await w.land();
    expect(await asked(w.tocsin, id)).toEqual(['boss']);
    await w.pass(30 * SECOND, SECOND);
    expect(await asked(w.tocsin, id)).toEqual(['boss', 'ben']);
    expect(w.joined).toEqual([]);
  });
});

test('after a backup was restored, the next page goes to whom it names, though its latest change has the same number', async () => {
  const w = world();
  await w.tocsin.onCall.override(override({ user: 'ben' }));
  expect(await asked(w.tocsin, await opened(w.tocsin, trigger('before')))).toEqual(['ben']);
  const versions = async () =>
    (await w.storage.load({ tenant: 'default', documents: [LATEST, PRIMARY] })).documents.map(({ version }) => version);
  expect(await versions()).toEqual([1, 1]);

  await write(w.storage, 'emptied', [
    { ...LATEST, expectedVersion: 1, data: undefined },
    { ...PRIMARY, expectedVersion: 1, data: undefined },
  ]);
  await write(w.storage, 'restored', [
    { ...LATEST, expectedVersion: 0, data: { latest: 'a change that this process never saw' } },
    { ...PRIMARY, expectedVersion: 0, data: standIn('boss') },
  ]);
  expect(await versions()).toEqual([1, 1]);
  expect(await asked(w.tocsin, await opened(w.tocsin, trigger('after')))).toEqual(['boss']);
  expect((await w.tocsin.onCall.overrides('primary')).map(({ id }) => id)).toEqual(['stand-in-of-boss']);
});

describe('an override that a host wrote within its transaction and rolled back', () => {
  /** Pages within a transaction that holds `documents`, which is rolled back; answers whom that page would have asked. */
  async function rolledBack(documents: DocumentChange[]) {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const w = world({ clock, storage });
    const client = storage.begin();
    await write(storage.withClient(client), 'of the host', documents);
    const within = w.tocsin.inTransaction(client);
    const { id } = await within.incidents.open({ by, title: 'Refund failed', service: 'checkout' });
    const timeline = await storage.withClient(client).timeline('default', id);
    client.rollback();
    return { ...w, askedWithin: JSON.stringify(timeline) };
  }

  test('counted within it, and pages nobody after it', async () => {
    const w = await rolledBack([{ ...PRIMARY, expectedVersion: 0, data: standIn('ben') }]);
    expect(w.askedWithin).toContain('"user":"ben"');
    expect(await asked(w.tocsin, await opened(w.tocsin))).toEqual(['ana']);
    await w.pass(MINUTE, SECOND);
    expect(w.news()).toEqual(['+0 ana sms step']);
    expect(await w.tocsin.onCall.overrides('primary')).toEqual([]);
  });

  test('pages nobody either when another one is committed under the same mark', async () => {
    const mark = { ...LATEST, expectedVersion: 0, data: { latest: 'the mark of the host' } };
    const w = await rolledBack([mark, { ...PRIMARY, expectedVersion: 0, data: standIn('ben') }]);
    expect(w.askedWithin).toContain('"user":"ben"');
    await write(w.storage, 'tried again', [mark, { ...PRIMARY, expectedVersion: 0, data: standIn('boss') }]);
    expect(await asked(w.tocsin, await opened(w.tocsin))).toEqual(['boss']);
  });
});

describe('whoever comes on call', () => {
  test.each<[string, (tocsin: Tocsin, id: string) => Promise<unknown>]>([
    ['triage', async () => {}],
    ['investigating', (tocsin, id) => tocsin.incidents.investigate(id, { by })],
    ['identified', (tocsin, id) => tocsin.incidents.identify(id, { by })],
    ['monitoring', (tocsin, id) => tocsin.incidents.mitigate(id, { by })],
  ])('is asked about what is %s while nobody has acknowledged it', async (phase, act) => {
    const w = world({ config: waiting() });
    const id = await opened(w.tocsin);
    await act(w.tocsin, id);
    await w.pass(14 * MINUTE);
    expect(await stands(w.tocsin, id)).toBe(`${phase} / escalating`);
    w.news();
    await w.pass(MINUTE);
    expect(w.news()).toEqual(['+15m ana sms handoff']);
    expect(await types(w.tocsin, id)).toContain('schedule.handedOff');
    expect(await stands(w.tocsin, id)).toBe(`${phase} / escalating`);
  });
});
