/**
 * Any interleaving of events, commands and ticks over two instances leaves a world in which everything agrees.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replay } from '../../src/core/lifecycle/replay.ts';
import type { IncidentSnapshot } from '../../src/core/lifecycle/snapshot.ts';
import { type ConfigInput, isTocsinError, memoryStorage, type Tocsin } from '../../src/index.ts';
import type { Storage } from '../../src/ports/storage.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { EVERY_METHOD, faulty } from './faults.ts';
import { config, DAY, MINUTE, policy, SECOND, T0, type World, world } from './world.ts';

/** Something that somebody does at one of the two instances. `pick` chooses among what exists then. */
type Act = { readonly at: 0 | 1; readonly kind: string; readonly pick: number; readonly more: number };

const KEYS = ['plain', 'held', 'reopening'];
const SEVERITIES = ['critical', 'error', 'info'];
const USERS = ['ana', 'ben', 'boss'];
const COMMANDS = [
  ...['acknowledge', 'unacknowledge', 'snooze', 'escalate', 'reassign', 'setSeverity', 'addResponder', 'accept'],
  ...['decline', 'addNote', 'investigate', 'mitigate', 'resolve', 'reopen', 'close', 'dismiss', 'merge', 'postUpdate'],
];
const FORGIVEN = ['INVALID_TRANSITION', 'REFERENCE_UNKNOWN'];

const someConfig: ConfigInput = config({
  routes: [
    { when: { field: 'dedupKey', op: 'equals', value: 'held' }, service: 'checkout', holdFor: '2m' },
    { when: { field: 'dedupKey', op: 'equals', value: 'reopening' }, service: 'checkout', reopenWithin: '1h' },
  ],
  severity: {
    levels: [
      { id: 'SEV1', urgency: 'high', review: 'required', updateEvery: '20m' },
      { id: 'SEV2', urgency: 'high' },
      { id: 'SEV3', urgency: 'low' },
    ],
  },
  escalationPolicies: [
    policy({
      repeat: 1,
      repageOn: ['severityRaised', 'newAlert'],
      steps: [
        { targets: [{ schedule: 'primary' }], escalateAfter: '3m' },
        { targets: [{ user: 'boss' }], when: { field: 'alertCount', op: 'gt', value: 1 } },
        { targets: [{ user: 'ben' }], escalateAfter: '4m' },
      ],
    }),
  ],
});

const act: fc.Arbitrary<Act> = fc.record({
  at: fc.constantFrom(0 as const, 1 as const),
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('trigger', 'trigger', 'trigger', 'resolve', 'source acknowledges') },
    { weight: 6, arbitrary: fc.constantFrom(...COMMANDS) },
    { weight: 2, arbitrary: fc.constant('tick') },
  ),
  pick: fc.nat(50),
  more: fc.nat(50),
});
/** What happens at the same time, and how long nothing happens afterwards. */
const moment = fc.record({
  acts: fc.array(act, { minLength: 1, maxLength: 5 }),
  thenMs: fc.constantFrom(0, 0, SECOND, MINUTE, 3 * MINUTE, 5 * MINUTE, 40 * MINUTE, DAY),
});

test('after any interleaving the storage agrees with itself and nobody is forgotten', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 12 }), fc.nat(), async (moments, seed) => {
      const clock = virtualClock({ start: T0 });
      let later = 0;
      const storage = memoryStorage({ clock: { now: () => clock.now() + later } });
      const worlds = [0, 1].map((n) =>
        world({ clock, storage: faulty(storage, EVERY_METHOD, jitter(seed + n)), config: someConfig }),
      ) as [World, World];
      for (const { sms } of worlds) sms.failWith((_, attempt) => failNow(seed, attempt));
      let triggers = 0;
      for (const { acts, thenMs } of moments) {
        triggers += acts.filter(({ kind }) => kind === 'trigger').length;
        await Promise.all(acts.map((one) => perform(worlds[one.at].tocsin, one)));
        await clock.advance(thenMs);
      }
      await quiesce(worlds);
      await check(storage, worlds, triggers);
      // In a hundred years every timer row is due.
      later = 36_500 * DAY;
      const claimed = await storage.claimTimers({ tenants: ['default'], limit: 1_000_000, leaseMs: 1 });
      const ofIncidents = claimed.timers.filter(({ ownerKind }) => ownerKind === 'incident');
      expect(ofIncidents.map(({ ownerId, ...timer }) => row({ id: ownerId, ...timer })).sort()).toEqual(
        await liveTimers(storage),
      );
    }),
    { numRuns: 80 },
  );
}, 60_000);

async function perform(tocsin: Tocsin, { kind, pick, more }: Act): Promise<void> {
  const dedupKey = KEYS[pick % KEYS.length]!;
  const severity = SEVERITIES[more % SEVERITIES.length]!;
  if (kind === 'tick') return tocsin.tick();
  if (kind === 'trigger') return void (await tocsin.ingest({ action: 'trigger', dedupKey, severity, title: dedupKey }));
  if (kind === 'resolve') return void (await tocsin.ingest({ action: 'resolve', dedupKey }));
  if (kind === 'source acknowledges') return void (await tocsin.ingest({ action: 'acknowledge', dedupKey }));
  const { items } = await tocsin.incidents.list();
  const id = items[pick % Math.max(1, items.length)]?.id;
  const other = items[more % Math.max(1, items.length)]?.id;
  if (id === undefined || other === undefined) return;
  const user = USERS[more % USERS.length]!;
  const inputs: Record<string, object> = {
    snooze: { for: `${1 + more}m` },
    reassign: { users: [user] },
    setSeverity: { severity: ['SEV1', 'SEV2', 'SEV3'][more % 3] },
    addResponder: { user },
    accept: { user },
    decline: { user },
    addNote: { text: 'note' },
    postUpdate: { text: 'update' },
    merge: { into: other },
  };
  const call = tocsin.incidents[kind as 'resolve'];
  try {
    await call(id, { by: user, ...inputs[kind] });
  } catch (error) {
    if (!FORGIVEN.some((code) => isTocsinError(error, code as 'INVALID_TRANSITION'))) throw error;
  }
}

async function quiesce(worlds: readonly World[]): Promise<void> {
  for (const { tocsin } of worlds) await tocsin.tick();
}

async function check(storage: Storage, worlds: readonly World[], triggers: number): Promise<void> {
  const { items } = await storage.listIncidents('default', { limit: 1_000 });
  const alerts = await storage.listAlerts('default', { limit: 1_000 });
  const waiting = (await storage.listDeliveries('default', { limit: 100_000 })).filter(
    ({ state }) => state === 'pending' || state === 'leased',
  );
  expect(alerts.reduce((sum, { count }) => sum + count, 0)).toBe(triggers);
  for (const row of items) {
    const { id } = row;
    const snapshot = row.snapshot as IncidentSnapshot;
    const timeline = await storage.timeline('default', id);
    expect(timeline.map(({ seq }) => seq)).toEqual(timeline.map((_, n) => n + 1));
    expect(replay(timeline)).toEqual(snapshot);

    const { outcome, urgency } = snapshot.context;
    const view = (await worlds[0]!.tocsin.incidents.get(id))!;
    const wanted = waiting.filter((delivery) => delivery.incidentId === id);
    const isAnswered = outcome !== 'open' || view.paging === 'acknowledged' || view.paging === 'snoozed';
    if (isAnswered) expect(wanted.filter(({ purpose }) => purpose !== 'responder' && purpose !== 'notice')).toEqual([]);
    if (outcome !== 'open')
      expect(wanted.filter(({ requestedAt }) => requestedAt < endedAt(snapshot.context))).toEqual([]);
    if (outcome === 'open' && urgency === 'high' && view.paging !== 'acknowledged') {
      const live = Object.keys(snapshot.timers);
      const mayWait = view.paging === 'holding' && view.alertsState === 'clearing' ? ['clearFor'] : [];
      const paging = ['hold', 'step', 'fallback', 'snooze', 'reminder', ...mayWait];
      expect({
        paging: view.paging,
        alerts: view.alertsState,
        live: live.some((kind) => paging.includes(kind)),
      }).toEqual({
        paging: view.paging,
        alerts: view.alertsState,
        live: true,
      });
    }
    const rows = alerts.filter(({ incidentId }) => incidentId === id);
    for (const alert of rows) expect(snapshot.context.alerts[alert.id]).toBe(alert.status);
  }
  const sent = worlds.flatMap(({ sms, voice }) =>
    [...sms.sent, ...voice.sent].map(({ idempotencyKey }) => idempotencyKey),
  );
  expect(new Set(sent).size).toBe(sent.length);
}

const endedAt = ({ times }: { times: { resolvedAt?: number; dismissedAt?: number } }) =>
  Math.max(times.resolvedAt ?? 0, times.dismissedAt ?? 0);

const row = (timer: { id: string; kind: string; armedSeq: number; dueAt: number }) =>
  `${timer.id} ${timer.kind} ${timer.armedSeq} ${timer.dueAt}`;

async function liveTimers(storage: Storage): Promise<readonly string[]> {
  const { items } = await storage.listIncidents('default', { limit: 1_000 });
  return items
    .flatMap(({ id, snapshot }) =>
      Object.entries((snapshot as IncidentSnapshot).timers).map(([kind, timer]) => row({ id, kind, ...timer })),
    )
    .sort();
}

/** Lets others go first, now and then: the same seed gives the same order. */
function jitter(seed: number) {
  let state = seed % 2_147_483_647 || 1;
  return async (proceed: () => Promise<unknown>) => {
    state = (state * 48_271) % 2_147_483_647;
    for (let turn = state % 4; turn > 0; turn--) await Promise.resolve();
    return proceed();
  };
}

function failNow(seed: number, attempt: number): void {
  if ((seed + attempt) % 5 === 0) throw new Error('busy');
  if ((seed + attempt) % 11 === 0) throw Object.assign(new Error('gone'), { permanent: true });
}
