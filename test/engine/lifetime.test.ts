/**
 * Start and stop: what happens by itself, what waits, and what is refused afterwards.
 */
import { expect, test } from 'vitest';
import { createTocsin, memoryStorage, type Notifier } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { faulty, slow } from './faults.ts';
import {
  config,
  DAY,
  deliveries,
  MINUTE,
  opened,
  recordingLogger,
  refusal,
  SECOND,
  stands,
  T0,
  trigger,
  world,
} from './world.ts';

const by = 'ana';

test('a running instance delivers and climbs by itself, at the very moments', async () => {
  const { tocsin, clock, news } = world();
  await tocsin.start();
  await opened(tocsin);
  await clock.advance(16 * MINUTE);
  expect(news()).toEqual(['+0 ana sms step', '+2m ana voice step', '+5m ben sms step', '+15m boss sms fallback']);
  await tocsin.stop();
});

test('what comes in while it waits is delivered at once, not when it next looks around', async () => {
  const { tocsin, clock, news } = world();
  await tocsin.start();
  await clock.advance(SECOND);
  await opened(tocsin);
  await clock.advance(0);
  expect(news()).toEqual(['+1s ana sms step']);
  await tocsin.stop();
});

test('the deadline of an attempt keeps the process alive until the attempt is over, and no longer', async () => {
  const clock = virtualClock({ start: T0 });
  const asked: unknown[] = [];
  const watched = {
    ...clock,
    wait(ms: number, fn: () => void, options?: { readonly keepAlive?: boolean }) {
      asked.push([ms, options?.keepAlive ?? true]);
      return clock.wait(ms, fn, options);
    },
  };
  const { tocsin } = world({ clock: watched });
  await opened(tocsin);
  await tocsin.tick();
  expect(asked).toEqual([[10_000, true]]);
  expect(clock.nextWait()).toBeUndefined();
});

test('what comes in before start is stored, and delivered from start on', async () => {
  const { tocsin, clock, news } = world();
  const id = await opened(tocsin);
  await clock.advance(MINUTE);
  expect(news()).toEqual([]);
  expect(await deliveries(tocsin, id)).toEqual(['ana sms pending', 'ana voice pending']);
  await tocsin.start();
  await clock.advance(0);
  expect(news()).toEqual(['+1m ana sms step']);
  await tocsin.stop();
});

test('stop lets what is on its way arrive, and takes nothing up any more', async () => {
  let arrive = () => {};
  const notifier: Notifier = {
    name: 'sms',
    send: () =>
      new Promise<void>((resolve) => {
        arrive = resolve;
      }),
  };
  const { tocsin, clock, storage, voice } = world({ notifiers: [notifier] });
  const id = await opened(tocsin);
  await tocsin.start();
  await clock.advance(0);
  let isStopped = false;
  const stopping = tocsin.stop().then(() => {
    isStopped = true;
  });
  await clock.advance(SECOND);
  expect(isStopped).toBe(false);
  arrive();
  await stopping;
  await clock.advance(DAY);
  expect(voice.sent).toEqual([]);
  expect(clock.nextWait()).toBeUndefined();
  const left = await storage.listDeliveries('default', { incidentId: id });
  expect(left.map(({ state }) => state)).toEqual(['sent', 'pending']);
});

test('after stop everything is refused with STOPPED', async () => {
  const { tocsin } = world();
  const id = await opened(tocsin);
  await tocsin.start();
  await tocsin.stop();
  for (const call of [
    () => tocsin.ingest(trigger()),
    () => tocsin.explain(trigger()),
    () => tocsin.incidents.acknowledge(id, { by }),
    () => tocsin.incidents.get(id),
    () => tocsin.deliveries.list(),
    () => tocsin.tick(),
    () => tocsin.start(),
  ]) {
    const error = await refusal(call, 'STOPPED');
    expect(error.message).toBe('Cannot do this: this instance was stopped. Create another one.');
    expect(error.retryable).toBe(false);
  }
});

test('starting twice is starting once, and stopping twice is stopping once', async () => {
  const { tocsin, clock, sms } = world();
  await Promise.all([tocsin.start(), tocsin.start()]);
  await tocsin.start();
  await opened(tocsin);
  await clock.advance(0);
  expect(sms.sent).toHaveLength(1);
  await Promise.all([tocsin.stop(), tocsin.stop()]);
  await tocsin.stop();
});

test('an instance that is stopped while it starts stays stopped', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = faulty(memoryStorage({ clock }), ['migrate'], slow(3));
  const { tocsin, sms } = world({ clock, storage });
  const starting = refusal(() => tocsin.start(), 'STOPPED');
  await tocsin.stop();
  await starting;
  await clock.advance(MINUTE);
  expect(clock.nextWait()).toBeUndefined();
  expect(sms.attempts).toEqual([]);
});

test('stop without start is fine', async () => {
  await world().tocsin.stop();
});

test('an instance can be disposed of at the end of a block', async () => {
  const { tocsin } = world();
  {
    await using instance = tocsin;
    await instance.start();
  }
  await refusal(() => tocsin.ingest(trigger()), 'STOPPED');
});

test('another instance over the same storage goes on where this one stopped', async () => {
  const clock = virtualClock({ start: T0 });
  const storage = memoryStorage({ clock });
  const first = world({ clock, storage });
  await first.tocsin.start();
  const id = await opened(first.tocsin);
  await clock.advance(0);
  await first.tocsin.stop();
  const second = world({ clock, storage });
  await second.tocsin.start();
  await clock.advance(5 * MINUTE);
  expect(second.news()).toEqual(['+2m ana voice step', '+5m ben sms step']);
  expect(await stands(second.tocsin, id)).toBe('triage / escalating');
  await second.tocsin.stop();
});

test('storage and runner may be left out: memory is used, and it is said once that it forgets', async () => {
  const { logger, lines } = recordingLogger();
  const clock = virtualClock({ start: T0 });
  const sms = { name: 'sms', send: async () => undefined };
  const tocsin = createTocsin({ config: config(), clock, logger, notifiers: [sms, { ...sms, name: 'voice' }] });
  await tocsin.ingest([trigger('a'), trigger('b')]);
  await tocsin.tick();
  expect(lines).toEqual([
    'warn: No storage was given: everything is kept in memory and forgotten when this process ends.',
  ]);
  expect(tocsin.tenant).toBe('default');
});

test('with a storage nothing is said', () => {
  expect(world().log).toEqual([]);
});

test('the tenant may be named', async () => {
  const { tocsin } = world({ tenant: 'acme' });
  const id = await opened(tocsin);
  expect(tocsin.tenant).toBe('acme');
  expect((await tocsin.incidents.get(id))?.tenant).toBe('acme');
});
