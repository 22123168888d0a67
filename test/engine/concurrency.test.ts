/**
 * Two instances over one storage: whoever is faster wins, nobody's work is lost, and nothing is done twice.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { faulty, slow } from './faults.ts';
import {
  deliveries,
  events,
  incident,
  MINUTE,
  opened,
  resolve,
  SECOND,
  stands,
  T0,
  trigger,
  types,
  world,
} from './world.ts';

const by = 'ana';

function two() {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  return { clock, storage, a: world({ clock, storage }), b: world({ clock, storage }) };
}

describe('racing commands', () => {
  test('lose nothing: every note stands once, in a timeline without a gap', async () => {
    const { a, b } = two();
    const id = await opened(a.tocsin);
    const notes = Array.from({ length: 20 }, (_, n) => `note ${n}`);
    await Promise.all(notes.map((text, n) => (n % 2 === 0 ? a : b).tocsin.incidents.addNote(id, { by, text })));
    const timeline = await events(a.tocsin, id);
    expect(timeline.flatMap((event) => (event.type === 'note.added' ? [event.text] : [])).sort()).toEqual(notes.sort());
    expect(timeline.map(({ seq }) => seq)).toEqual(timeline.map((_, n) => n + 1));
    expect((await incident(b.tocsin, id)).version).toBe(21);
  });

  test('of two people who resolve at once one is told that it is resolved', async () => {
    const { a, b } = two();
    const id = await opened(a.tocsin);
    const results = await Promise.allSettled([
      a.tocsin.incidents.resolve(id, { by: 'ana' }),
      b.tocsin.incidents.resolve(id, { by: 'ben' }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'INVALID_TRANSITION' },
    });
    expect((await types(a.tocsin, id)).filter((type) => type === 'incident.resolved')).toHaveLength(1);
  });

  test('two people who acknowledge at once both have acknowledged', async () => {
    const { a, b } = two();
    const id = await opened(a.tocsin);
    await Promise.all([
      a.tocsin.incidents.acknowledge(id, { by: 'ana' }),
      b.tocsin.incidents.acknowledge(id, { by: 'ben' }),
    ]);
    expect((await incident(a.tocsin, id)).acknowledgedBy.toSorted()).toEqual(['ana', 'ben']);
  });

  test('triggers of one key at both open one incident and lose no count', async () => {
    const { a, b } = two();
    const all = Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? a : b).tocsin.ingest(trigger()));
    const outcomes = (await Promise.all(all)).flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(1);
    expect(await a.tocsin.alerts.list()).toMatchObject([{ count: 16 }]);
  });
});

describe('due work', () => {
  test('a due timer fires once, whoever takes it', async () => {
    const { a, b, clock } = two();
    const id = await opened(a.tocsin);
    await clock.advance(5 * MINUTE);
    await Promise.all([a.tocsin.tick(), b.tocsin.tick(), a.tocsin.tick(), b.tocsin.tick()]);
    expect((await types(a.tocsin, id)).filter((type) => type === 'timer.fired')).toHaveLength(1);
    expect((await incident(a.tocsin, id)).position.step).toBe(2);
  });

  test('a delivery is sent once, whoever takes it', async () => {
    const { a, b, clock } = two();
    for (let n = 0; n < 10; n++) await opened(a.tocsin, trigger(`d${n}`));
    await Promise.all([a.tocsin.tick(), b.tocsin.tick()]);
    await clock.advance(2 * MINUTE);
    await Promise.all([b.tocsin.tick(), a.tocsin.tick()]);
    const keys = [a.sms, b.sms, a.voice, b.voice].flatMap(({ sent }) =>
      sent.map(({ idempotencyKey }) => idempotencyKey),
    );
    expect(keys).toHaveLength(20);
    expect(new Set(keys).size).toBe(20);
  });

  test('a process that died with a delivery in hand: another one sends it when the lease has ended', async () => {
    const { a, clock, storage } = two();
    const id = await opened(a.tocsin);
    await storage.claimDeliveries({ tenants: ['default'], limit: 10, leaseMs: 15 * SECOND });
    await a.tocsin.tick();
    expect(a.sms.sent).toEqual([]);
    await clock.advance(15 * SECOND);
    await a.tocsin.tick();
    expect(a.sms.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${id}:2:0`]);
    expect((await deliveries(a.tocsin, id))[0]).toBe('ana sms sent');
  });

  test('a process that died with a timer in hand: another one fires it when the lease has ended', async () => {
    const { a, clock, storage } = two();
    const id = await opened(a.tocsin);
    await clock.advance(5 * MINUTE);
    await storage.claimTimers({ tenants: ['default'], limit: 10, leaseMs: 15 * SECOND });
    await a.tocsin.tick();
    expect((await incident(a.tocsin, id)).position.step).toBe(1);
    await clock.advance(15 * SECOND);
    await a.tocsin.tick();
    expect((await incident(a.tocsin, id)).position.step).toBe(2);
  });

  test('an acknowledgement that races with the step timer: either the step was taken before, or never', async () => {
    for (let turns = 0; turns < 6; turns++) {
      const { a, b, clock } = two();
      const id = await opened(a.tocsin);
      await clock.advance(5 * MINUTE);
      const acknowledging = async () => {
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        await b.tocsin.incidents.acknowledge(id, { by });
      };
      await Promise.all([a.tocsin.tick(), acknowledging()]);
      expect(await stands(a.tocsin, id)).toBe('triage / acknowledged');
      const told = await types(a.tocsin, id);
      const fired = told.indexOf('timer.fired');
      if (fired >= 0) expect(fired).toBeLessThan(told.indexOf('incident.acknowledged'));
      const pending = (await a.tocsin.deliveries.list({ incidentId: id })).filter(({ state }) => state === 'pending');
      expect(pending).toEqual([]);
    }
  });

  test('a timer that somebody armed anew meanwhile does not fire early', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const a = world({ clock, storage: faulty(storage, ['load'], slow(2)) });
    const b = world({ clock, storage });
    const id = await opened(b.tocsin);
    await clock.advance(5 * MINUTE);
    const ticking = a.tocsin.tick();
    await b.tocsin.incidents.escalate(id, { by, step: 1 });
    await ticking;
    expect((await types(b.tocsin, id)).filter((type) => type === 'timer.fired')).toEqual([]);
    expect((await incident(b.tocsin, id)).timers).toEqual({ step: new Date(T0 + 10 * MINUTE) });
  });

  test('an incident that one instance opened is delivered by the other, which polls', async () => {
    const { a, b, clock } = two();
    await b.tocsin.start();
    await clock.advance(SECOND);
    await opened(a.tocsin);
    await clock.advance(5 * SECOND);
    expect(b.sms.sent).toHaveLength(1);
    await b.tocsin.stop();
  });
});

test('a resolve at one and a trigger at the other leave an alert that says what the incident says', async () => {
  for (let turns = 0; turns < 8; turns++) {
    const { a, b } = two();
    const id = await opened(a.tocsin);
    const later = async () => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await b.tocsin.ingest(trigger());
    };
    await Promise.all([a.tocsin.ingest(resolve()), later()]);
    const known = (await incident(a.tocsin, id)).alerts;
    const rows = await a.tocsin.alerts.list({ incidentId: id });
    expect(Object.fromEntries(rows.map((alert) => [alert.id, alert.status]))).toEqual(known);
  }
});

test('ticks that overlap share the places of a notifier: it never has more than 64 on their way', async () => {
  let onTheirWay = 0;
  let most = 0;
  const busy = {
    name: 'sms',
    async send() {
      onTheirWay += 1;
      most = Math.max(most, onTheirWay);
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      onTheirWay -= 1;
    },
  };
  const { tocsin } = world({ notifiers: [busy] });
  await tocsin.ingest(Array.from({ length: 160 }, (_, n) => trigger(`key ${n}`)));
  await Promise.all([tocsin.tick(), tocsin.tick(), tocsin.tick()]);
  expect(most).toBe(64);
  const sent = await tocsin.deliveries.list({ state: 'sent' });
  expect(sent).toHaveLength(160);
});
