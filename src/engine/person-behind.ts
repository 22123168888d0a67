/**
 * The person behind an address: who answers, told from where the answer comes.
 *
 * Contacts that are not verified are nobody's. Where several people share an address nobody is told from it.
 */
import type { Contact, User } from '../model/user.ts';
import { CONTACTS, readContacts } from './contacts-document.ts';
import type { Engine } from './engine.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** Where an answer comes from: the notifier it answers, and the address as contacts have it. */
export type AnswerFrom = { readonly notifier: string; readonly address: string };

/** The people whose contact it is. */
export async function peopleBehind(engine: Engine, tenant: string, from: AnswerFrom): Promise<readonly string[]> {
  const { users, config } = configOf(engine, tenant);
  const isIt = ({ notifier, address }: Contact) => isSame({ notifier, address }, from, config.failover);
  const known = [...users.values(), ...(engine.people?.everybody(tenant) ?? [])];
  const owners = known.filter(({ contacts }: User) => contacts.some(isIt)).map(({ id }) => id);
  const added = await verifiedContacts(engine, tenant);
  return [...new Set([...owners, ...added.filter(isIt).map(({ user }) => user)])];
}

/** The one person whose contact it is; `undefined` when nobody has it, or several have. */
export async function personBehind(engine: Engine, tenant: string, from: AnswerFrom): Promise<string | undefined> {
  const people = await peopleBehind(engine, tenant, from);
  return people.length === 1 ? people[0] : undefined;
}

/** Whether two addresses are one: a notifier may stand in a group of those that stand for one another. */
export function isSame(
  contact: AnswerFrom,
  from: AnswerFrom,
  failover: Readonly<Record<string, readonly string[]>>,
): boolean {
  const names = Object.hasOwn(failover, contact.notifier) ? (failover[contact.notifier] ?? []) : [];
  return contact.address === from.address && (contact.notifier === from.notifier || names.includes(from.notifier));
}

async function verifiedContacts(engine: Engine, tenant: string) {
  const { documents } = await reaching(() => engine.storage.load({ tenant, documents: [CONTACTS] }));
  return (readContacts(documents[0]?.data) ?? []).filter(({ verifiedAt }) => verifiedAt !== undefined);
}
