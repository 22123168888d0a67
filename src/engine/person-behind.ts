/**
 * The person behind an address: who answers, told from where the answer comes.
 *
 * Contacts that are not verified are nobody's, nor are those of people who are not known any more. Where several people share an
 * address nobody is told from it.
 */
import * as z from 'zod';
import { namedUsers } from '../core/config/named-users.ts';
import { idSchema } from '../model/identity.ts';
import type { Contact } from '../model/user.ts';
import { CONTACTS, readContacts } from './contacts-document.ts';
import type { Engine } from './engine.ts';
import { openIncidents } from './open-incidents.ts';
import { personOf } from './people.ts';
import { configOf } from './tenant-config.ts';
import { reaching } from './transact.ts';

/** Where an answer comes from: the notifier it answers, and the address as contacts have it. */
export type AnswerFrom = { readonly notifier: string; readonly address: string };

/** The shape of it, as hosts hand it over. */
export const answerFrom = z.strictObject({ notifier: idSchema, address: z.string().min(1).max(1_024) });

/**
 * The people whose contact it is. Of a directory those are asked for whom the configuration names, and, where nobody is found, those
 * who were paged for what is open: this process may never have met them.
 */
export async function peopleBehind(engine: Engine, tenant: string, from: AnswerFrom): Promise<readonly string[]> {
  const { config } = configOf(engine, tenant);
  const isIt = ({ notifier, address }: Contact) => isSame({ notifier, address }, from, config.failover);
  const added = (await verifiedContacts(engine, tenant)).filter(isIt).map(({ user }) => user);
  await meet(engine, tenant, [...namedUsers(config), ...added]);
  const found = owners(engine, tenant, { isIt, added });
  if (found.length > 0 || engine.people === undefined) return found;
  await meet(engine, tenant, await pagedForOpen(engine, tenant));
  return owners(engine, tenant, { isIt, added });
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

type Owning = { readonly isIt: (contact: Contact) => boolean; readonly added: readonly string[] };

function owners(engine: Engine, tenant: string, { isIt, added }: Owning): readonly string[] {
  const { users } = configOf(engine, tenant);
  const known = [...users.values(), ...(engine.people?.everybody(tenant) ?? [])];
  const configured = known.filter(({ contacts }) => contacts.some(isIt)).map(({ id }) => id);
  return [...new Set([...configured, ...added.filter((user) => personOf(engine, tenant, user) !== undefined)])];
}

/** Asks the directory about people of whom nothing is known. */
async function meet(engine: Engine, tenant: string, ids: readonly string[]): Promise<void> {
  const { people } = engine;
  if (people === undefined) return;
  const { users } = configOf(engine, tenant);
  const strangers = [...new Set(ids)].filter((id) => !users.has(id) && people.isUnknown(tenant, id));
  if (strangers.length > 0) await people.fetch(tenant, strangers);
}

async function pagedForOpen(engine: Engine, tenant: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { snapshot } of openIncidents(engine, tenant)) ids.push(...Object.keys(snapshot.context.paged));
  return ids;
}

async function verifiedContacts(engine: Engine, tenant: string) {
  const { documents } = await reaching(() => engine.storage.load({ tenant, documents: [CONTACTS] }));
  return (readContacts(documents[0]?.data) ?? []).filter(({ verifiedAt }) => verifiedAt !== undefined);
}
