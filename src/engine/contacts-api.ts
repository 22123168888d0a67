/**
 * tocsin.contacts: the addresses by which people are reached, and how they add their own.
 *
 * Each method a line; whatever it answers was read from the storage, never remembered.
 */
import { contactsOf } from '../core/paging/contacts.ts';
import { TocsinError } from '../errors.ts';
import type { Actor } from '../model/identity.ts';
import { addContact, removeContact, resendCode, verifyContact } from './contacts-changes.ts';
import type { ContactRow } from './contacts-document.ts';
import type { ContactInput } from './contacts-input.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { configOf } from './tenant-config.ts';
import { transact } from './transact.ts';

/** A contact of a person. */
export type ListedContact = {
  readonly id: string;
  readonly user: string;
  readonly notifier: string;
  readonly address: string;
  /** Whether it stands in the configuration, or was added by a person since. */
  readonly origin: 'configuration' | 'added';
  /** Nobody is ever paged by a contact that is not verified. One of the configuration counts as verified by the host. */
  readonly isVerified: boolean;
  readonly addedAt?: Date;
  readonly addedBy?: Actor;
  readonly verifiedAt?: Date;
};

/** The contacts of people, and how they add their own. */
export type ContactsApi = {
  /**
   * Adds a contact to a person and sends a code of six digits to it, good for 15 minutes. Until it is verified nobody is paged
   * by it. Without an `id` it is called after its notifier.
   *
   * @throws TocsinError REFERENCE_UNKNOWN when there is no such user or notifier; INPUT_INVALID when the id is taken, or the
   * person has added ten; TOO_MANY_CODES when ten codes were sent to them within an hour.
   * @example
   * ```ts
   * import { createTocsin, defineNotifier } from 'tocsin';
   * let code = '';
   * const sms = defineNotifier({ name: 'sms', async send({ title }) { code = title.replace(/\D/g, ''); } });
   * const tocsin = createTocsin({
   *   notifiers: [sms],
   *   logger: { debug() {}, info() {}, warn() {}, error() {} },
   *   config: {
   *     users: [{ id: 'ana', contacts: [{ notifier: 'sms', address: '+15550100' }] }],
   *     escalationPolicies: [{ id: 'default', steps: [{ targets: [{ user: 'ana' }] }], fallback: [{ user: 'ana' }] }],
   *     services: [{ id: 'checkout', escalationPolicy: 'default' }],
   *   },
   * });
   * const { id, isVerified } = await tocsin.contacts.add({ user: 'ana', by: 'ana', notifier: 'sms', address: '+15550199' });
   * [id, isVerified]; // => ['sms-2', false]
   * await tocsin.tick();
   * (await tocsin.contacts.verify({ user: 'ana', contact: id, code, by: 'ana' })).isVerified; // => true
   * await tocsin.stop();
   * ```
   */
  add(input: ContactInput<'add'>): Promise<ListedContact>;
  /**
   * Verifies a contact by the code that was sent to it. From then on the person is paged by it.
   *
   * @throws TocsinError CONTACT_NOT_FOUND; CODE_REFUSED when the code is wrong, has expired, or was entered wrongly five times.
   */
  verify(input: ContactInput<'verify'>): Promise<ListedContact>;
  /**
   * Sends a new code, at most three times within an hour; the one before it does not count any more.
   *
   * @throws TocsinError CONTACT_NOT_FOUND; INVALID_TRANSITION when it is verified; TOO_MANY_CODES with `details.retryAt`.
   */
  resend(input: ContactInput<'resend'>): Promise<ListedContact>;
  /** The contacts of a person, in the order in which they are used when nothing else is said. */
  list(user: string): Promise<readonly ListedContact[]>;
  /** Removes a contact that was added; CONTACT_NOT_FOUND when there is none of that id. */
  remove(input: ContactInput<'remove'>): Promise<void>;
};

/** The contacts of the people of a tenant. */
export function contactsApi(engine: Engine, tenant: string): ContactsApi {
  return {
    add: async (input) => addedView(await addContact(engine, tenant, input)),
    verify: async (input) => addedView(await verifyContact(engine, tenant, input)),
    resend: async (input) => addedView(await resendCode(engine, tenant, input)),
    remove: (input) => removeContact(engine, tenant, input),
    list: (user) =>
      transact(engine, { tenant }, (loaded) => {
        const listed = listOf(engine, tenant, loaded, user);
        return { answer: () => listed };
      }),
  };
}

function listOf(engine: Engine, tenant: string, { contacts, config }: Decidable, userId: string): ListedContact[] {
  const user = config.users.get(userId);
  const rows = (contacts.rows ?? []).filter((row) => row.user === userId);
  if (user === undefined) {
    const known = [...configOf(engine, tenant).users.keys()].slice(0, 8).join(', ');
    throw new TocsinError(
      'REFERENCE_UNKNOWN',
      `Cannot list the contacts of ${String(userId).slice(0, 200)}: there is no such user. Known: ${known}.`,
      { details: { user: userId } },
    );
  }
  const added = new Set(rows.map(({ id }) => id));
  const own = contactsOf(user).filter(({ id }) => !added.has(id));
  return [
    ...own.map(({ id, notifier, address }) => ({
      id,
      user: userId,
      notifier,
      address,
      origin: 'configuration' as const,
      isVerified: true,
    })),
    ...rows.map(addedView),
  ];
}

function addedView({ id, user, notifier, address, addedAt, addedBy, verifiedAt }: ContactRow): ListedContact {
  return {
    id,
    user,
    notifier,
    address,
    origin: 'added',
    isVerified: verifiedAt !== undefined,
    addedAt: new Date(addedAt),
    addedBy,
    ...(verifiedAt !== undefined && { verifiedAt: new Date(verifiedAt) }),
  };
}
