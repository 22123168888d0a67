/**
 * Messages that are sent regularly, to learn whether a notifier still delivers.
 */
import { describe, expect, test } from 'vitest';
import { type ConfigInput, memoryStorage, notifyError } from '../../src/index.ts';
import { virtualClock } from '../../src/testing/index.ts';
import { config, DAY, HOUR, MINUTE, refusal, SECOND, T0, world } from './world.ts';

const canary = (more: Partial<NonNullable<ConfigInput['canaries']>[number]> = {}) => ({
  id: 'phone',
  notifier: 'sms',
  address: '+1',
  every: '5m',
  ...more,
});

function flying(more: Parameters<typeof canary>[0] = {}, options: Parameters<typeof world>[0] = {}) {
  const w = world({ config: config({ canaries: [canary(more)] }), ...options });
  const failed: string[] = [];
  w.tocsin.on(
    'canary.failed',
    ({ canary: id, notifier, state, error }) => void failed.push(`${id} ${notifier} ${state}: ${error}`),
  );
  return { ...w, failed };
}

describe('a canary', () => {
  test('is sent when there is one, and then every so often', async () => {
    const w = flying();
    await w.pass(HOUR, MINUTE);
    expect(w.sms.sent).toHaveLength(13);
    expect(w.sms.sent[0]?.message).toMatchObject({ purpose: 'canary', to: { address: '+1' }, actions: [] });
    expect(new Set(w.sms.sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(13);
    expect(w.failed).toEqual([]);
  });

  test('is sent by one process, however many there are', async () => {
    const clock = virtualClock({ start: T0 });
    const storage = memoryStorage({ clock });
    const worlds = [1, 2, 3].map(() => flying({}, { clock, storage }));
    for (let n = 0; n < 60; n++) {
      await Promise.all(worlds.map(({ tocsin }) => tocsin.tick()));
      await clock.advance(MINUTE);
    }
    expect(worlds.flatMap(({ sms }) => sms.sent)).toHaveLength(12);
  });

  test('that fails is told of, in the health too, and one that arrives again is well', async () => {
    const w = flying();
    w.sms.failWith(() => {
      throw notifyError('account suspended', { permanent: true });
    });
    await w.pass(5 * MINUTE, SECOND);
    expect(w.failed).toEqual(['phone sms failed: account suspended']);
    const sms = async () => (await w.tocsin.health()).notifiers.find(({ name }) => name === 'sms');
    expect((await w.tocsin.canaries.list())[0]).toMatchObject({ id: 'phone', notifier: 'sms', state: 'onItsWay' });
    await w.pass(5 * MINUTE, SECOND);
    w.sms.failWith(undefined);
    await w.pass(11 * MINUTE, SECOND);
    expect((await sms())?.canaries).toMatchObject([{ tenant: 'default', id: 'phone' }]);
    expect(w.failed).toHaveLength(3);
  });

  test('that a provider took and did not deliver is told of, where a receipt is waited for', async () => {
    const w = flying({ within: '1m' });
    await w.pass(30 * SECOND, SECOND);
    await w.tocsin.deliveries.reportReceipt({ notifier: 'sms', externalId: 'sms-1', status: 'delivered' });
    await w.pass(31 * SECOND, SECOND);
    expect(await w.tocsin.canaries.list()).toMatchObject([{ state: 'arrived', at: new Date(T0) }]);
    await w.pass(6 * MINUTE, SECOND);
    expect(w.failed).toEqual(['phone sms late: no receipt came within 1m']);
    expect((await w.tocsin.health()).notifiers.find(({ name }) => name === 'sms')?.canaries).toMatchObject([
      { state: 'late' },
    ]);
  });

  test('can be sent now', async () => {
    const w = flying({ every: '1h' });
    await w.tocsin.tick();
    await w.tocsin.canaries.send('phone');
    await w.tocsin.tick();
    expect(w.sms.sent).toHaveLength(2);
    await refusal(() => w.tocsin.canaries.send('nobody'), 'REFERENCE_UNKNOWN');
  });

  test('that was forgotten and is given again is sent again', async () => {
    const w = flying();
    await w.pass(2 * MINUTE);
    w.tocsin.forTenant('default', { config: config() });
    await w.pass(HOUR);
    w.tocsin.forTenant('default', { config: config({ canaries: [canary()] }) });
    await w.pass(30 * MINUTE);
    expect(w.sms.sent.length).toBeGreaterThan(5);
  });

  test('waits for the one before it to end: those of an outage do not all arrive after it', async () => {
    const w = flying({ every: '1m' });
    w.sms.failWith(() => Promise.reject(new Error('down')));
    await w.pass(25 * MINUTE, 5 * SECOND);
    expect(w.failed.length).toBeGreaterThan(10);
    w.sms.failWith(undefined);
    await w.pass(5 * MINUTE, 5 * SECOND);
    expect(w.sms.sent.length).toBeLessThan(7);
  });

  test('stands in the health of every notifier that its name stands for', async () => {
    const w = world({
      config: config({ failover: { phone: ['sms', 'voice'] }, canaries: [canary({ notifier: 'phone' })] }),
    });
    await w.pass(MINUTE);
    const { notifiers } = await w.tocsin.health();
    expect(notifiers.map(({ name, canaries = [] }) => [name, canaries.length])).toEqual([
      ['sms', 1],
      ['voice', 1],
    ]);
  });

  test('does not sleep until a moment at which a clock once was', async () => {
    const clock = virtualClock({ start: T0 });
    let ahead = 365 * DAY;
    const storage = memoryStorage({ clock: { now: () => clock.now() + ahead } });
    const w = flying({}, { clock, storage });
    await w.pass(MINUTE);
    expect(w.sms.sent).toHaveLength(1);
    ahead = 0;
    await w.pass(20 * MINUTE);
    expect(w.sms.sent.length).toBeGreaterThan(2);
  });

  test('that is no longer configured is forgotten', async () => {
    const w = flying();
    await w.tocsin.tick();
    w.tocsin.forTenant('default', { config: config() });
    await w.pass(HOUR, MINUTE);
    expect(w.sms.sent).toHaveLength(1);
    expect((await w.tocsin.health()).latenessMs).toBe(0);
  });
});
