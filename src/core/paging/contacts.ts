/**
 * Contacts: through which addresses a person is reached, in which order, for which urgency.
 *
 * Pure. It reads the person's own rules; it never knows what the page is about.
 */
import { durationMs } from '../../model/duration.ts';
import type { RecipientContact } from '../../model/page.ts';
import type { Contact, Urgency, User } from '../../model/user.ts';

/** A contact with its id filled in. */
export type NamedContact = Contact & { readonly id: string };

/** Between two contacts of a person without rules of their own: two minutes. */
const BETWEEN_CONTACTS_MS = 120_000;

/** The contacts of `user`. One without an id is called after its notifier: `sms`, then `sms-2`, `sms-3`. */
export function contactsOf(user: Pick<User, 'contacts'>): NamedContact[] {
  const counts = new Map<string, number>();
  return user.contacts.map((contact) => {
    const count = (counts.get(contact.notifier) ?? 0) + 1;
    counts.set(contact.notifier, count);
    return { ...contact, id: contact.id ?? (count === 1 ? contact.notifier : `${contact.notifier}-${count}`) };
  });
}

/**
 * The contacts to use for a page of `urgency`, each with how long after the page, in ms. Without rules: for high urgency all
 * contacts in the order written, two minutes apart; for low urgency the first one. Never the same contact twice at the same moment.
 */
export function contactPlan(user: Pick<User, 'contacts' | 'rules'>, urgency: Urgency): RecipientContact[] {
  const contacts = contactsOf(user);
  const rules = user.rules[urgency];
  if (rules === undefined || rules.length === 0) {
    const used = urgency === 'high' ? contacts : contacts.slice(0, 1);
    return used.map((contact, index) => planned(contact, index * BETWEEN_CONTACTS_MS));
  }
  const plan = rules.flatMap(({ after, contact: id }) => {
    const contact = contacts.find((known) => known.id === id);
    return contact === undefined ? [] : [planned(contact, durationMs(after))];
  });
  const isFirst = (entry: RecipientContact, index: number) =>
    plan.findIndex((other) => other.contact === entry.contact && other.afterMs === entry.afterMs) === index;
  return plan.filter(isFirst).sort((a, b) => a.afterMs - b.afterMs);
}

function planned(contact: NamedContact, afterMs: number): RecipientContact {
  return { contact: contact.id, notifier: contact.notifier, address: contact.address, afterMs };
}
