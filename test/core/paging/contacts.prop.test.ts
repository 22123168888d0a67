import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contactPlan, contactsOf } from '../../../src/core/paging/contacts.ts';
import { durationMs } from '../../../src/model/duration.ts';
import type { User } from '../../../src/model/user.ts';

const notifier = fc.constantFrom('sms', 'voice', 'email');
const person = fc.record({
  quietHours: fc.constant<User['quietHours']>([]),
  timeZone: fc.constant(undefined),
  contacts: fc.array(fc.record({ notifier, address: fc.constantFrom('1', '2') }), { maxLength: 6 }),
  rules: fc.record({
    high: fc.array(
      fc.record({
        after: fc.constantFrom('0s', '1m', '60s', '5m'),
        contact: fc.constantFrom('sms', 'sms-2', 'voice', 'email', 'gone'),
      }),
      { maxLength: 8 },
    ),
  }),
});

test('contacts without names have one name each', () => {
  fc.assert(
    fc.property(person, (ana) => {
      const names = contactsOf(ana).map(({ id }) => id);
      expect(new Set(names).size).toBe(ana.contacts.length);
    }),
  );
});

test('a plan is in order, never repeats itself, and uses exactly what the rules name', () => {
  fc.assert(
    fc.property(person, (ana) => {
      const known = new Set(contactsOf(ana).map(({ id }) => id));
      fc.pre(ana.rules.high.some(({ contact }) => known.has(contact)));
      const plan = contactPlan(ana, 'high', 0).map(({ contact, afterMs }) => `${afterMs} ${contact}`);
      const wanted = ana.rules.high.flatMap(({ after, contact }) =>
        known.has(contact) ? [`${durationMs(after)} ${contact}`] : [],
      );
      expect(new Set(plan)).toEqual(new Set(wanted));
      expect(plan).toHaveLength(new Set(wanted).size);
      const times = plan.map((entry) => Number(entry.split(' ')[0]));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }),
  );
});
