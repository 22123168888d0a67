/**
 * Deliveries: what becomes of one when an attempt ends, and when its provider tells of it later.
 */
import { describe, expect, test } from 'vitest';
import {
  type AttemptOutcome,
  type ReceiptStatus,
  receivedDelivery,
  type StoredDelivery,
  settledDelivery,
} from '../../src/model/delivery.ts';
import { delivery } from '../../src/testing/storage/rows.ts';

const AT = 1_000_000;
const leased = (more: Partial<StoredDelivery> = {}) => delivery('d', { state: 'leased', attempts: 2, ...more });
const sent = (more: Partial<StoredDelivery> = {}) => delivery('d', { state: 'sent', sentAt: AT - 9, ...more });
const receipt = (status: ReceiptStatus, at = AT - 1) => ({ receipt: { status, at } });

describe('an attempt that', () => {
  test('was heard sends the delivery, with what the provider calls it, who carried it and in whose message', () => {
    const carried = { externalId: 'x-1', via: 'backup', bundledIn: 'other' };
    expect(settledDelivery(leased(), { state: 'sent', ...carried }, AT)).toEqual(
      leased({ state: 'sent', sentAt: AT, ...carried }),
    );
  });

  test('was heard leaves nothing of the failures before', () => {
    const after = settledDelivery(leased({ error: 'busy' }), { state: 'sent' }, AT);
    expect(after).toStrictEqual(leased({ state: 'sent', sentAt: AT }));
  });

  test('was heard leaves nothing of an earlier sending, whose receipts are not its own', () => {
    const before = leased({ sentAt: 1, externalId: 'x-1', via: 'a', bundledIn: 'b', ...receipt('failed') });
    expect(settledDelivery(before, { state: 'sent' }, AT)).toStrictEqual(leased({ state: 'sent', sentAt: AT }));
    const again = settledDelivery(before, { state: 'sent', externalId: 'x-2' }, AT);
    expect(again).toStrictEqual(leased({ state: 'sent', sentAt: AT, externalId: 'x-2' }));
  });

  test('found that another message has told of it changes nothing of one that was taken back', () => {
    const back = leased({ state: 'withdrawn', withdrawnBecause: 'incident.acknowledged' });
    expect(settledDelivery(back, { state: 'sent', bundledIn: 'other' }, AT)).toStrictEqual(back);
    expect(settledDelivery(back, { state: 'sent' }, AT)).toMatchObject({ state: 'sent' });
  });

  test('failed makes it due again after the pause, and stays counted', () => {
    const after = settledDelivery(leased(), { state: 'retry', afterMs: 500, error: 'busy' }, AT);
    expect(after).toEqual(leased({ state: 'pending', dueAt: AT + 500, error: 'busy' }));
  });

  test('was held back makes it due again after the pause, and was none', () => {
    const held = { state: 'held', afterMs: 500, error: 'the provider is down' } as const;
    expect(settledDelivery(leased(), held, AT)).toEqual(
      leased({ state: 'pending', dueAt: AT + 500, attempts: 1, error: held.error }),
    );
  });

  test('was held back never makes the attempts fewer than none', () => {
    const held = { state: 'held', afterMs: 0, error: 'later' } as const;
    expect(settledDelivery(leased({ attempts: 0 }), held, AT).attempts).toBe(0);
  });

  test('failed for good ends it', () => {
    expect(settledDelivery(leased(), { state: 'dead', error: 'gone' }, AT)).toEqual(
      leased({ state: 'dead', error: 'gone' }),
    );
  });
});

describe('a delivery that was taken back on the wire', () => {
  const withdrawn = leased({ state: 'withdrawn', withdrawnBecause: 'acknowledged' });

  test('is sent when it went out all the same, and still says why it was taken back', () => {
    const after = settledDelivery(withdrawn, { state: 'sent' }, AT);
    expect(after).toMatchObject({ state: 'sent', sentAt: AT, withdrawnBecause: 'acknowledged' });
  });

  const ends: readonly (readonly [string, AttemptOutcome, number])[] = [
    ['failed', { state: 'retry', afterMs: 5, error: 'e' }, 2],
    ['failed for good', { state: 'dead', error: 'e' }, 2],
    ['was held back', { state: 'held', afterMs: 5, error: 'e' }, 1],
  ];
  test.each(ends)('stays so when it %s, and is not due again', (_, outcome, attempts) => {
    expect(settledDelivery(withdrawn, outcome, AT)).toEqual({ ...withdrawn, attempts, error: 'e' });
  });
});

describe('a receipt', () => {
  test.each(['delivered', 'read'] as const)('that it was %s is kept with its moment', (status) => {
    expect(receivedDelivery(sent(), { status }, AT)).toEqual(sent(receipt(status, AT)));
  });

  test('that it was read comes after the one that it arrived', () => {
    expect(receivedDelivery(sent(receipt('delivered')), { status: 'read' }, AT)).toEqual(sent(receipt('read', AT)));
  });

  test.each([
    ['delivered', 'delivered'],
    ['read', 'read'],
    ['delivered', 'read'],
    ['failed', 'delivered'],
    ['failed', 'read'],
  ] as const)('that it was %s is nothing new when it was %s', (status, known) => {
    expect(receivedDelivery(sent(receipt(known)), { status }, AT)).toBeUndefined();
  });

  test('that it failed makes a dead letter that says why', () => {
    const before = sent({ externalId: 'x-1', via: 'backup' });
    const after = receivedDelivery(before, { status: 'failed', error: 'unknown subscriber' }, AT);
    expect(after).toEqual({ ...before, state: 'dead', error: 'unknown subscriber', ...receipt('failed', AT) });
  });

  test('that it failed says so itself when nothing more is known', () => {
    expect(receivedDelivery(sent(), { status: 'failed' }, AT)?.error).toMatch(/provider/);
  });

  test.each(['pending', 'leased', 'dead', 'withdrawn'] as const)(
    'of a delivery that is %s is nothing new, whatever it says',
    (state) => {
      for (const status of ['delivered', 'read', 'failed'] as const) {
        expect(receivedDelivery(delivery('d', { state }), { status }, AT)).toBeUndefined();
      }
    },
  );

  test('changes nothing of the delivery that it was given', () => {
    const before = Object.freeze(sent());
    receivedDelivery(before, { status: 'failed' }, AT);
    expect(before).toEqual(sent());
  });
});
