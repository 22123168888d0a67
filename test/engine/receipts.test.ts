/**
 * What a provider tells of a message after it took it.
 */
import { describe, expect, test } from 'vitest';
import { config, deliveries, MINUTE, opened, refusal, trigger, types, world } from './world.ts';

async function sent(more: Parameters<typeof world>[0] = {}) {
  const w = world(more);
  const id = await opened(w.tocsin);
  await w.tocsin.tick();
  return { ...w, id };
}

describe('a receipt', () => {
  test('is kept with its delivery, found by the name that the provider gave it', async () => {
    const { tocsin, id } = await sent();
    const told: string[] = [];
    tocsin.on('delivery.received', ({ delivery }) => void told.push(`${delivery.id} ${delivery.receipt?.status}`));
    expect(await tocsin.deliveries.reportReceipt({ notifier: 'sms', externalId: 'sms-1', status: 'delivered' })).toBe(
      true,
    );
    expect(await tocsin.deliveries.reportReceipt({ notifier: 'sms', externalId: 'sms-1', status: 'delivered' })).toBe(
      false,
    );
    expect(await tocsin.deliveries.reportReceipt({ deliveryId: `${id}:2:0`, status: 'read' })).toBe(true);
    expect(await tocsin.deliveries.list({ incidentId: id })).toMatchObject([
      { state: 'sent', receipt: { status: 'read', at: expect.any(Date) } },
      { contact: 'voice', state: 'pending' },
    ]);
    expect(told).toEqual([`${id}:2:0 delivered`, `${id}:2:0 read`]);
  });

  test('of a message that was not delivered uses the next contact at once and tells the host', async () => {
    const dead: string[] = [];
    const { tocsin, id, clock } = await sent({
      onDeadLetter: (letter) => void dead.push(`${letter.id} ${letter.error}`),
    });
    await tocsin.deliveries.reportReceipt({
      notifier: 'sms',
      externalId: 'sms-1',
      status: 'failed',
      error: 'unknown subscriber',
    });
    await tocsin.tick();
    expect((await deliveries(tocsin, id)).toSorted()).toEqual(['ana sms dead', 'ana voice sent']);
    expect(dead).toEqual([`${id}:2:0 unknown subscriber`]);
    expect(clock.now()).toBe((await tocsin.health()).at.getTime());
  });

  test('that every message of a page has failed climbs at once', async () => {
    const { tocsin, id, sms, voice, pass } = await sent();
    await pass(2 * MINUTE);
    await tocsin.deliveries.reportReceipt({ notifier: 'sms', externalId: 'sms-1', status: 'failed' });
    await tocsin.deliveries.reportReceipt({ notifier: 'voice', externalId: 'voice-1', status: 'failed' });
    await tocsin.tick();
    expect(await types(tocsin, id)).toContain('page.failed');
    expect([...sms.sent, ...voice.sent].map(({ message }) => message.to.user)).toEqual(['ana', 'ben', 'ana']);
  });

  test('that comes twice, late or in another order changes nothing for the worse', async () => {
    const { tocsin, id } = await sent();
    const tell = (status: 'delivered' | 'read' | 'failed') =>
      tocsin.deliveries.reportReceipt({ deliveryId: `${id}:2:0`, status });
    expect([await tell('read'), await tell('delivered'), await tell('failed')]).toEqual([true, false, false]);
    expect((await tocsin.deliveries.list({ incidentId: id }))[0]).toMatchObject({
      state: 'sent',
      receipt: { status: 'read' },
    });
  });

  test('that failed can be put back to work as a dead letter', async () => {
    const { tocsin, id, sms } = await sent();
    await tocsin.deliveries.reportReceipt({ deliveryId: `${id}:2:0`, status: 'failed' });
    await tocsin.deadLetters.retry(`${id}:2:0`);
    await tocsin.tick();
    expect(sms.sent.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${id}:2:0`, `${id}:2:0`]);
  });

  test('of another tenant, of nobody or of nothing is refused', async () => {
    const { tocsin, id } = await sent();
    const other = tocsin.forTenant('other', { config: config() });
    await refusal(
      () => other.deliveries.reportReceipt({ deliveryId: `${id}:2:0`, status: 'read' }),
      'DELIVERY_NOT_FOUND',
    );
    await refusal(
      () => tocsin.deliveries.reportReceipt({ deliveryId: 'nobody', status: 'read' }),
      'DELIVERY_NOT_FOUND',
    );
    await refusal(
      () => tocsin.deliveries.reportReceipt({ notifier: 'voice', externalId: 'sms-1', status: 'read' }),
      'DELIVERY_NOT_FOUND',
    );
    const bad = [
      { status: 'read' },
      { deliveryId: 'a', externalId: 'b', notifier: 'c', status: 'read' },
      { externalId: 'b', status: 'read' },
    ];
    for (const input of bad) await refusal(() => tocsin.deliveries.reportReceipt(input as never), 'INPUT_INVALID');
  });

  test('of a message that is still on its way is to be told again', async () => {
    const w = world();
    let answer: (() => void) | undefined;
    w.sms.failWith(() => new Promise<void>((done) => (answer = done)));
    const id = await opened(w.tocsin, trigger());
    const working = w.tocsin.tick();
    await expect.poll(() => answer).toBeDefined();
    const early = await refusal(() =>
      w.tocsin.deliveries.reportReceipt({ deliveryId: `${id}:2:0`, status: 'delivered' }),
    );
    expect(early).toMatchObject({ code: 'VERSION_CONFLICT', retryable: true });
    answer?.();
    await working;
    expect(await w.tocsin.deliveries.reportReceipt({ deliveryId: `${id}:2:0`, status: 'delivered' })).toBe(true);
  });
});
