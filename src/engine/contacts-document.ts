/**
 * Contacts that people have added: one document for each tenant, and beside it one for each person with their codes.
 *
 * The shape only. A row that this version cannot read is nobody's contact: whoever cannot be understood is not paged by it.
 */
import * as z from 'zod';
import { contactsOf, type NamedContact } from '../core/paging/contacts.ts';
import { actorSchema, idSchema } from '../model/identity.ts';
import type { Contact, User } from '../model/user.ts';
import type { DocumentKey, StoredDocument } from '../ports/storage.ts';

/** Names the document of the contacts of a tenant. */
export const CONTACTS: DocumentKey = { collection: 'contacts', id: 'added' };

/** Names the document of the codes of a person. */
export const codesKey = (user: string): DocumentKey => ({ collection: 'contact-codes', id: user });

const rowSchema = z.looseObject({
  id: idSchema,
  user: idSchema,
  notifier: idSchema,
  address: z.string(),
  addedAt: z.number(),
  addedBy: actorSchema,
  verifiedAt: z.number().optional(),
  verifiedBy: actorSchema.optional(),
});
const rowsSchema = z.looseObject({ rows: z.array(rowSchema) });

const codesSchema = z.object({
  /** The live code of each contact. */
  codes: z.record(
    z.string(),
    z.object({ salt: z.string(), hash: z.string(), expiresAt: z.number(), attempts: z.number() }),
  ),
  /** When codes were sent, and to which contacts, of late. */
  sent: z.array(z.object({ contact: z.string(), at: z.number(), again: z.boolean() })),
});

/** A contact that somebody has added. Moments are epoch ms. */
export type ContactRow = z.infer<typeof rowSchema>;
/** The codes of a person. */
export type ContactCodes = z.infer<typeof codesSchema>;

/** What is stored, or `undefined` when this version cannot read it. */
export function readContacts(data: unknown): readonly ContactRow[] | undefined {
  return rowsSchema.safeParse(data).data?.rows;
}

/** The codes of a person among what was loaded; none when they cannot be read: then a new one is sent. */
export function codesIn(
  documents: readonly StoredDocument[],
  user: string,
): { readonly version: number; readonly codes: ContactCodes } {
  const key = codesKey(user);
  const document = documents.find(({ collection, id }) => collection === key.collection && id === key.id);
  return {
    version: document?.version ?? 0,
    codes: codesSchema.safeParse(document?.data).data ?? { codes: {}, sent: [] },
  };
}

/** The verified contacts by their person: all that anybody is ever paged by. */
export function verifiedByUser(rows: readonly ContactRow[]): ReadonlyMap<string, readonly NamedContact[]> {
  const verified = rows.filter(({ verifiedAt }) => verifiedAt !== undefined);
  const byUser = Map.groupBy(verified, ({ user }) => user);
  return new Map(
    [...byUser].map(([user, own]) => [
      user,
      own.map(({ id, notifier, address }) => ({ id, notifier, address, isAdded: true as const })),
    ]),
  );
}

/** The person with the contacts that they have added, after those of the configuration, which keep their names. */
export function withContacts(user: User, added: readonly NamedContact[] | undefined): User {
  if (added === undefined) return user;
  const own: Contact[] = contactsOf(user);
  const names = new Set(own.map(({ id }) => id));
  return { ...user, contacts: [...own, ...added.filter(({ id }) => !names.has(id))] };
}

/** Whether a contact that somebody has added is still theirs, verified, and at the same address. */
export function isStillTheirs(
  rows: readonly ContactRow[],
  {
    user,
    notifier,
    address,
  }: { readonly user?: string | undefined; readonly notifier: string; readonly address: string },
): boolean {
  return rows.some(
    (row) => row.user === user && row.notifier === notifier && row.address === address && row.verifiedAt !== undefined,
  );
}
