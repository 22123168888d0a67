/**
 * The storage's clock jumps, as after a suspended machine or a corrected time: never early, in order, and no burst.
 */
import { expect, test } from 'vitest';
import { memoryStorage } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { HOUR, incident, MINUTE, opened, SECOND, T0, world } from './world.ts';

/** A world whose storage has a clock of its own, which the test sets. */
function jumping() {
  const clock = virtualClock({ start: T0 });
  const storageClock = { at: T0, now: () => storageClock.at };
  const w = world({ clock, storage: memoryStorage({ clock: storageClock }) });
  const at = async (ms: number) => {
    storageClock.at = T0 + ms;
    await w.tocsin.tick();
    return w.news();
  };
  return { ...w, at };
}

test('forward by an hour: the next level is asked once, and each one after it gets its window from then on', async () => {
  const w = jumping();
  const id = await opened(w.tocsin);
  expect(await w.at(0)).toEqual(['+0 ana sms step']);
  expect((await w.at(HOUR)).toSorted()).toEqual(['+1h ana voice step', '+1h ben sms step']);
  expect(await w.at(HOUR + 9 * MINUTE + 59 * SECOND)).toEqual([]);
  expect(await w.at(HOUR + 10 * MINUTE)).toEqual(['+1h10m boss sms fallback']);
  expect((await incident(w.tocsin, id)).paging).toBe('exhausted');
});

test('back by ten minutes: nobody is asked early, and nobody is forgotten', async () => {
  const w = jumping();
  await opened(w.tocsin);
  expect(await w.at(MINUTE)).toEqual(['+1m ana sms step']);
  expect(await w.at(-10 * MINUTE)).toEqual([]);
  expect(await w.at(MINUTE + 59 * SECOND)).toEqual([]);
  expect(await w.at(2 * MINUTE)).toEqual(['+2m ana voice step']);
  expect(await w.at(4 * MINUTE + 59 * SECOND)).toEqual([]);
  expect(await w.at(5 * MINUTE)).toEqual(['+5m ben sms step']);
});

test('back while a message is on its way: it is settled, and sent no second time when the clock has caught up', async () => {
  const w = jumping();
  await opened(w.tocsin);
  const [claimed] = (await w.storage.claimDeliveries({ tenants: ['default'], limit: 1, leaseMs: 15_000 })).deliveries;
  await w.at(-HOUR);
  const settled = await w.storage.settleDelivery('default', claimed!.delivery.id, claimed!.token, { state: 'sent' });
  expect(settled?.state).toBe('sent');
  expect(await w.at(MINUTE)).toEqual([]);
});

test('the clock of the process is not asked: it may say anything', async () => {
  const w = jumping();
  await opened(w.tocsin);
  await w.at(0);
  await w.clock.advance(24 * HOUR);
  expect(await w.at(MINUTE)).toEqual([]);
  expect(await w.at(2 * MINUTE)).toEqual(['+2m ana voice step']);
});
