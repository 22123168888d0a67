import { describe, expect, test } from 'vitest';
import { contactPlan, contactsOf } from '../../../src/core/paging/contacts.ts';
import { userSchema } from '../../../src/model/user.ts';

const user = (contacts: readonly unknown[], rules: unknown = {}) => userSchema.parse({ id: 'ana', contacts, rules });
const sms = { notifier: 'sms', address: '+1' };
const mail = { notifier: 'email', address: 'ana@example.com' };
const uses = (of: ReturnType<typeof user>, urgency: 'high' | 'low') =>
  contactPlan(of, urgency, 0).map(({ contact, afterMs }) => [contact, afterMs]);

describe('the contacts of a person', () => {
  test('are called after their notifier, numbered from the second of a notifier on', () => {
    const contacts = [sms, mail, { ...sms, address: '+2' }, { ...sms, address: '+3' }, { ...mail, address: 'b' }];
    expect(contactsOf(user(contacts)).map(({ id, address }) => [id, address])).toEqual([
      ['sms', '+1'],
      ['email', 'ana@example.com'],
      ['sms-2', '+2'],
      ['sms-3', '+3'],
      ['email-2', 'b'],
    ]);
  });

  test('keep the names that were given, which count all the same', () => {
    expect(contactsOf(user([{ ...sms, id: 'phone' }, sms])).map(({ id }) => id)).toEqual(['phone', 'sms-2']);
  });

  test('may be none', () => {
    expect(contactsOf(user([]))).toEqual([]);
  });
});

describe('without rules', () => {
  const ana = user([sms, mail, { ...sms, address: '+2' }]);

  test('high urgency uses every contact in the order written, two minutes apart', () => {
    expect(contactPlan(ana, 'high', 0)).toEqual([
      { contact: 'sms', notifier: 'sms', address: '+1', afterMs: 0 },
      { contact: 'email', notifier: 'email', address: 'ana@example.com', afterMs: 120_000 },
      { contact: 'sms-2', notifier: 'sms', address: '+2', afterMs: 240_000 },
    ]);
  });

  test('low urgency uses the first contact, at once', () => {
    expect(contactPlan(ana, 'low', 0)).toEqual([{ contact: 'sms', notifier: 'sms', address: '+1', afterMs: 0 }]);
  });

  test('an empty list of rules is none', () => {
    expect(uses(user([sms, mail], { high: [], low: [] }), 'high')).toEqual([
      ['sms', 0],
      ['email', 120_000],
    ]);
    expect(uses(user([sms, mail], { high: [], low: [] }), 'low')).toEqual([['sms', 0]]);
  });

  test('nobody without contacts is reached', () => {
    expect(contactPlan(user([]), 'high', 0)).toEqual([]);
    expect(contactPlan(user([]), 'low', 0)).toEqual([]);
  });
});

describe('with rules of their own', () => {
  const contacts = [sms, mail];

  test('a person is reached as they wrote, for each urgency', () => {
    const ana = user(contacts, {
      high: [{ contact: 'email' }, { after: '1m', contact: 'sms' }],
      low: [{ after: '5m', contact: 'email' }],
    });
    expect(uses(ana, 'high')).toEqual([
      ['email', 0],
      ['sms', 60_000],
    ]);
    expect(uses(ana, 'low')).toEqual([['email', 300_000]]);
  });

  test('rules of one urgency leave the other at its default', () => {
    expect(uses(user(contacts, { high: [{ contact: 'email' }] }), 'low')).toEqual([['sms', 0]]);
    expect(uses(user(contacts, { low: [{ contact: 'email' }] }), 'high')).toEqual([
      ['sms', 0],
      ['email', 120_000],
    ]);
  });

  test('the earliest comes first, among equals the one written first', () => {
    const rules = [
      { after: '5m', contact: 'sms' },
      { after: '1m', contact: 'email' },
      { after: '0s', contact: 'sms' },
      { after: '1m', contact: 'sms' },
    ];
    expect(uses(user(contacts, { high: rules }), 'high')).toEqual([
      ['sms', 0],
      ['email', 60_000],
      ['sms', 60_000],
      ['sms', 300_000],
    ]);
  });

  test('the same contact is not used twice at the same moment, and may be used again later', () => {
    const rules = [
      { contact: 'sms' },
      { after: '60s', contact: 'sms' },
      { contact: 'sms' },
      { after: '1m', contact: 'sms' },
      { contact: 'email' },
    ];
    expect(uses(user(contacts, { high: rules }), 'high')).toEqual([
      ['sms', 0],
      ['email', 0],
      ['sms', 60_000],
    ]);
  });

  test('a rule for a contact that is gone is passed over', () => {
    expect(uses(user(contacts, { high: [{ contact: 'gone' }, { contact: 'email' }] }), 'high')).toEqual([['email', 0]]);
    // Rules that name nothing that is there make nobody unreachable.
    expect(uses(user(contacts, { high: [{ contact: 'gone' }] }), 'high')).toEqual(uses(user(contacts), 'high'));
  });
});
