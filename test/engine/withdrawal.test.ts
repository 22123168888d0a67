/**
 * What ends the asking takes back, in its commit, everything that has not gone out.
 */
import { describe, expect, test } from 'vitest';
import { memoryStorage, type Notifier } from '../../src/index.ts';
import type { ClaimedDelivery } from '../../src/ports/storage.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { acknowledge, deliveries, MINUTE, opened, T0, type World, world } from './world.ts';

const by = 'ana';

describe('what ends the asking', () => {
  test.each([
    ['acknowledge', (w: World, id: string) => w.tocsin.incidents.acknowledge(id, { by }), 'incident.acknowledged'],
    ['snooze', (w: World, id: string) => w.tocsin.incidents.snooze(id, { by, for: '1h' }), 'incident.snoozed'],
    ['resolve', (w: World, id: string) => w.tocsin.incidents.resolve(id, { by }), 'incident.resolved'],
    ['dismiss', (w: World, id: string) => w.tocsin.incidents.dismiss(id, { by }), 'incident.dismissed'],
    ['a source that acknowledges', (w: World) => w.tocsin.ingest(acknowledge()), 'incident.acknowledged'],
  ])('%s withdraws in its commit every delivery that has not gone out', async (_, end, because) => {
    const w = world();
    const id = await opened(w.tocsin);
    await w.pass(MINUTE);
    await end(w, id);
    const [first, withdrawn, ...notices] = await w.tocsin.deliveries.list({ incidentId: id });
    expect([first, withdrawn].map((delivery) => delivery?.state)).toEqual(['sent', 'withdrawn']);
    expect(notices.every(({ purpose }) => purpose === 'notice')).toBe(true);
    expect(withdrawn).toMatchObject({ withdrawnBecause: because, attempts: 0 });
    await w.pass(4 * MINUTE);
    expect(w.voice.attempts).toEqual([]);
  });

  test('an acknowledgement while a delivery is on the wire: what arrived stays sent, and is not sent again', async () => {
    const wire = onTheWire();
    const w = world({ notifiers: [wire.notifier] });
    const id = await opened(w.tocsin);
    const ticking = w.tocsin.tick();
    await w.clock.advance(0);
    await w.tocsin.incidents.acknowledge(id, { by });
    expect(await deliveries(w.tocsin, id)).toEqual(['ana sms withdrawn', 'ana voice withdrawn']);
    wire.arrive();
    await ticking;
    expect(await deliveries(w.tocsin, id)).toEqual(['ana sms sent', 'ana voice withdrawn']);
    await w.pass(5 * MINUTE);
    expect(wire.keys).toEqual([`${id}:2:0`]);
  });

  test('an acknowledgement while a delivery is on the wire: what fails then is not tried again, and is no dead letter', async () => {
    const dead: string[] = [];
    const wire = onTheWire();
    const w = world({ notifiers: [wire.notifier], onDeadLetter: ({ id }) => void dead.push(id) });
    const id = await opened(w.tocsin);
    const ticking = w.tocsin.tick();
    await w.clock.advance(0);
    await w.tocsin.incidents.acknowledge(id, { by });
    wire.fail(Object.assign(new Error('gone'), { permanent: true }));
    await ticking;
    await w.pass(5 * MINUTE);
    expect(await deliveries(w.tocsin, id)).toEqual(['ana sms withdrawn', 'ana voice withdrawn']);
    expect(wire.keys).toEqual([`${id}:2:0`]);
    expect(await w.tocsin.deadLetters.list()).toEqual([]);
    expect(dead).toEqual([]);
  });
});

test('two attempts of one delivery are told apart by their token: the late one settles nothing', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const { tocsin } = world({ clock, storage });
  await opened(tocsin);
  const claim = { tenants: ['default'], limit: 1, leaseMs: 15_000 };
  const [first] = (await storage.claimDeliveries(claim)).deliveries as [ClaimedDelivery];
  await clock.advance(15_000);
  const [second] = (await storage.claimDeliveries(claim)).deliveries as [ClaimedDelivery];
  expect(second.token).not.toBe(first.token);
  expect(await storage.settleDelivery('default', first.delivery.id, first.token, { state: 'sent' })).toBeUndefined();
  expect(await storage.settleDelivery('default', first.delivery.id, second.token, { state: 'sent' })).toMatchObject({
    state: 'sent',
  });
});

/** A notifier whose first message is on its way until a test says what became of it. */
function onTheWire() {
  const keys: string[] = [];
  let settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  const notifier: Notifier = {
    name: 'sms',
    send: (_, { idempotencyKey }) => {
      keys.push(idempotencyKey);
      return new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
      });
    },
  };
  return { notifier, keys, arrive: () => settle?.resolve(), fail: (error: unknown) => settle?.reject(error) };
}
