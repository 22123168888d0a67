/**
 * Contacts: through which addresses a person is reached, in which order, for which urgency.
 *
 * Pure. It reads the person's own rules; it never knows what the page is about.
 */
import { durationMs } from '../../model/duration.ts';
import type { RecipientContact } from '../../model/page.ts';
import type { Contact, Urgency, User } from '../../model/user.ts';
import { quietUntil, type Sleeper } from './quiet-hours.ts';

/** A contact with its id filled in. */
export type NamedContact = Contact & { readonly id: string; readonly isAdded?: true | undefined };

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

/** The part of a person from which it follows how they are reached. */
export type Reachable = Pick<User, 'contacts' | 'rules'> & Sleeper;

/**
 * The contacts to use for a page of `urgency` at `at` (epoch ms), each with how long after the page, in ms. Without rules: for
 * high urgency all contacts in the order written, two minutes apart; for low urgency the first one. Never the same contact
 * twice at the same moment. What is due within the person's quiet hours is held until they end; high urgency never is.
 */
export function contactPlan(user: Reachable, urgency: Urgency, at: number): RecipientContact[] {
  const plan = byRules(user, urgency);
  const held = urgency === 'high' ? plan : plan.map((entry) => heldBack(entry, user, at));
  const isFirst = (entry: RecipientContact, index: number) =>
    held.findIndex((other) => other.contact === entry.contact && other.afterMs === entry.afterMs) === index;
  return held.filter(isFirst).sort((a, b) => a.afterMs - b.afterMs);
}

/** The one contact by which a person is told at `at` what nobody has to answer: the first for low urgency, at once or after their quiet hours. */
export function noticePlan(user: Reachable, at: number): RecipientContact[] {
  const [first] = byRules(user, 'low').sort((a, b) => a.afterMs - b.afterMs);
  return first === undefined ? [] : [heldBack({ ...first, afterMs: 0 }, user, at)];
}

function byRules(user: Reachable, urgency: Urgency): RecipientContact[] {
  const contacts = contactsOf(user);
  const rules = user.rules[urgency];
  if (rules === undefined) return byDefault(contacts, urgency);
  const plan = rules.flatMap(({ after, contact: id }) => {
    const contact = contacts.find((known) => known.id === id);
    return contact === undefined ? [] : [planned(contact, durationMs(after))];
  });
  // Rules that name only what is not there yet must not make somebody unreachable.
  return plan.length > 0 ? plan : byDefault(contacts, urgency);
}

function byDefault(contacts: readonly NamedContact[], urgency: Urgency): RecipientContact[] {
  const used = urgency === 'high' ? contacts : contacts.slice(0, 1);
  return used.map((contact, index) => planned(contact, index * BETWEEN_CONTACTS_MS));
}

function heldBack(entry: RecipientContact, user: Sleeper, at: number): RecipientContact {
  const dueAt = at + entry.afterMs;
  const until = quietUntil(user, dueAt);
  return until === dueAt ? entry : { ...entry, afterMs: until - at, heldBy: 'quietHours' };
}

function planned(contact: NamedContact, afterMs: number): RecipientContact {
  const { id, notifier, address, isAdded } = contact;
  return { contact: id, notifier, address, afterMs, ...(isAdded && { isAdded }) };
}
