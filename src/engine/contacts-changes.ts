/**
 * Contacts that people add, verify and remove themselves.
 *
 * Each is one commit, in which nobody is paged by an address that its owner has not confirmed. A code is drawn before and
 * handed in; it goes into the message, and its salted hash into the storage, and nowhere else.
 */
import { contactsOf } from '../core/paging/contacts.ts';
import { TocsinError } from '../errors.ts';
import type { StoredDelivery } from '../model/delivery.ts';
import type { User } from '../model/user.ts';
import type { DocumentChange } from '../ports/storage.ts';
import { authorize } from './authorize.ts';
import { carriersOf } from './carriers.ts';
import { NO_CHANGE } from './change.ts';
import { isCode } from './contact-code.ts';
import { CONTACTS, type ContactCodes, type ContactRow, codesIn, codesKey } from './contacts-document.ts';
import { CONTACT_INPUTS, notThere, refusal } from './contacts-input.ts';
import type { Decidable } from './current-config.ts';
import type { Engine } from './engine.ts';
import { actorOf, checkShape } from './input.ts';
import { LATEST } from './on-call-document.ts';
import { CODES_KEPT_MS, codeName, sendCode } from './send-code.ts';
import { configOf } from './tenant-config.ts';
import { type Decided, transact } from './transact.ts';

/** How often a code may be entered wrongly. */
const MOST_ATTEMPTS = 5;
/** How many contacts one person may add, and all of a tenant together. */
const MOST_OF_ONE = 10;
const MOST_OF_ALL = 5_000;

/** Stores an unverified contact and sends it a code; answers its id. */
export async function addContact(engine: Engine, tenant: string, input: unknown): Promise<ContactRow> {
  const checked = checkShape('add a contact', CONTACT_INPUTS.add, input);
  const { user: userId, notifier, address } = checked;
  const by = actorOf(checked.by);
  await authorize(engine, by, 'contacts.add', { tenant, user: userId });
  const drawn = engine.codes();
  return change(engine, tenant, userId, (world) => {
    const { loaded, rows, user } = world;
    if (user === undefined) throw refusal('add', 'user', `there is no user ${userId}`, 'REFERENCE_UNKNOWN');
    refuseUnknownNotifier(engine, tenant, notifier, address);
    const id = checked.id ?? freeId(notifier, user, rows);
    const names = [...contactsOf(user), ...rows.filter((row) => row.user === userId)].map((one) => one.id);
    if (names.includes(id)) throw refusal('add', 'id', `${userId} has a contact ${id} already`);
    if (rows.filter((row) => row.user === userId).length >= MOST_OF_ONE)
      throw refusal('add', 'user', `${userId} has added ${MOST_OF_ONE} contacts already, which is the most`);
    if (rows.length >= MOST_OF_ALL)
      throw refusal('add', 'user', `there are ${MOST_OF_ALL} added contacts already, which is the most`);
    const row: ContactRow = { id, user: userId, notifier, address, addedAt: loaded.now, addedBy: by };
    const sending = { ...world, now: loaded.now, row, drawn, again: false };
    return { rows: [...rows, row], ...sendCode(engine, tenant, sending), answer: () => row };
  });
}

/** Sends a new code; the one before it does not count any more. */
export async function resendCode(engine: Engine, tenant: string, input: unknown): Promise<ContactRow> {
  const { user, contact, by } = checkShape('send a code again', CONTACT_INPUTS.resend, input);
  await authorize(engine, actorOf(by), 'contacts.resend', { tenant, user });
  const drawn = engine.codes();
  return change(engine, tenant, user, (world) => {
    const row = rowOf(world.rows, user, contact, 'resend');
    if (row.verifiedAt !== undefined)
      throw new TocsinError(
        'INVALID_TRANSITION',
        `Cannot send a code to contact ${contact} of ${user}: it is verified.`,
        {
          details: { user, contact },
        },
      );
    const sending = { ...world, now: world.loaded.now, row, drawn, again: true };
    return { ...sendCode(engine, tenant, sending), answer: () => row };
  });
}

/** Verifies a contact by its code; a wrong one is counted, and then refused. */
export async function verifyContact(engine: Engine, tenant: string, input: unknown): Promise<ContactRow> {
  const { user, contact, code, by: who } = checkShape('verify a contact', CONTACT_INPUTS.verify, input);
  const by = actorOf(who);
  await authorize(engine, by, 'contacts.verify', { tenant, user });
  return change(engine, tenant, user, ({ loaded, rows, codes }) => {
    const row = rowOf(rows, user, contact, 'verify');
    if (row.verifiedAt !== undefined) return { answer: () => row };
    const kept = codes.codes[contact];
    if (kept === undefined || kept.expiresAt <= loaded.now) throw codeRefused(user, contact, 'expired');
    if (kept.attempts >= MOST_ATTEMPTS) throw codeRefused(user, contact, 'attempts');
    if (!isCode(code, kept, codeName(tenant, row))) {
      const counted = { ...codes, codes: { ...codes.codes, [contact]: { ...kept, attempts: kept.attempts + 1 } } };
      const why = kept.attempts + 1 >= MOST_ATTEMPTS ? 'attempts' : 'wrong';
      // Counted first: a refusal that counts nothing could be had without end.
      return {
        codes: counted,
        answer: () => {
          throw codeRefused(user, contact, why);
        },
      };
    }
    const verified = { ...row, verifiedAt: loaded.now, verifiedBy: by };
    return {
      rows: rows.map((other) => (other === row ? verified : other)),
      codes: withoutCode(codes, contact),
      answer: () => verified,
    };
  });
}

/** Removes a contact that was added; nothing is sent to it any more but what is under way. */
export async function removeContact(engine: Engine, tenant: string, input: unknown): Promise<void> {
  const { user, contact, by } = checkShape('remove a contact', CONTACT_INPUTS.remove, input);
  await authorize(engine, actorOf(by), 'contacts.remove', { tenant, user });
  return change(engine, tenant, user, ({ rows, codes }) => {
    const row = rowOf(rows, user, contact, 'remove');
    return {
      rows: rows.filter((other) => other !== row),
      codes: withoutCode(codes, contact),
      answer: () => undefined,
    };
  });
}

/** What a change is decided on. */
type World = {
  readonly loaded: Decidable;
  readonly rows: readonly ContactRow[];
  readonly codes: ContactCodes;
  readonly user: User | undefined;
};

/** What is stored, where it changes, and the answer then. */
type Changed<T> = {
  readonly rows?: readonly ContactRow[];
  readonly codes?: ContactCodes;
  readonly deliveries?: readonly StoredDelivery[];
  readonly answer: () => T;
};

/** Stores what `make` makes of the contacts and codes of a person. */
function change<T>(engine: Engine, tenant: string, user: string, make: (world: World) => Changed<T>): Promise<T> {
  const decide = (loaded: Decidable): Decided<T> => {
    const { rows, version } = loaded.contacts;
    if (rows === undefined)
      throw new TocsinError(
        'SNAPSHOT_UNREADABLE',
        'Cannot change contacts: what is stored of them cannot be read, and would be lost.',
        { details: { tenant } },
      );
    const known = codesIn(loaded.documents, user);
    const world = { loaded, rows, codes: known.codes, user: loaded.config.users.get(user) };
    const { rows: after, codes, deliveries = [], answer } = make(world);
    if (after === undefined && codes === undefined) return { answer };
    const documents: DocumentChange[] = [];
    if (after !== undefined)
      documents.push(
        { ...CONTACTS, expectedVersion: version, data: { rows: after } },
        { ...LATEST, expectedVersion: loaded.onCall.latestVersion, data: { latest: engine.ids() } },
      );
    if (codes !== undefined)
      documents.push({
        ...codesKey(user),
        expectedVersion: known.version,
        data: codes,
        // What was sent within the hour counts for so long.
        expiresAt: loaded.now + CODES_KEPT_MS,
      });
    return { change: { ...NO_CHANGE, documents, deliveries }, answer };
  };
  // All changes of a tenant write one document: those of this process wait for each other.
  const turn = JSON.stringify([tenant, LATEST.collection]);
  return engine.inTurn([turn], () => transact(engine, { tenant, documents: [codesKey(user)] }, decide));
}

function withoutCode({ codes, sent }: ContactCodes, contact: string): ContactCodes {
  return { sent, codes: Object.fromEntries(Object.entries(codes).filter(([id]) => id !== contact)) };
}

function rowOf(rows: readonly ContactRow[], user: string, contact: string, doing: string): ContactRow {
  const found = rows.find((row) => row.user === user && row.id === contact);
  if (found === undefined) throw notThere(doing, user, contact);
  return found;
}

function codeRefused(user: string, contact: string, why: 'wrong' | 'expired' | 'attempts'): TocsinError {
  const said = {
    wrong: 'that is not the code that was sent. Enter the code of the latest message',
    expired: 'its code has expired. Have a new one sent with `contacts.resend`',
    attempts: `a wrong code was entered ${MOST_ATTEMPTS} times. Have a new one sent with \`contacts.resend\``,
  }[why];
  return new TocsinError('CODE_REFUSED', `Cannot verify contact ${contact} of ${user}: ${said}.`, {
    details: { user, contact, why },
  });
}

function refuseUnknownNotifier(engine: Engine, tenant: string, notifier: string, address: string): void {
  const { failover } = configOf(engine, tenant).config;
  const carriers = carriersOf(notifier, address, { notifiers: engine.notifiers, failover });
  if (carriers.some((carrier) => carrier.notifier.audience === 'public')) {
    throw refusal('add', 'notifier', `everybody reads what ${notifier} shows`);
  }
  if (carriers.length > 0) return;
  const known = [...engine.notifiers.keys(), ...Object.keys(failover)].slice(0, 8).join(', ');
  throw refusal('add', 'notifier', `there is no notifier ${notifier}. Known: ${known}`, 'REFERENCE_UNKNOWN');
}

/** The notifier, or with the first number that is free. */
function freeId(notifier: string, user: User, rows: readonly ContactRow[]): string {
  const taken = new Set([...contactsOf(user), ...rows.filter((row) => row.user === user.id)].map(({ id }) => id));
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? notifier : `${notifier}-${count}`;
    if (!taken.has(id)) return id;
  }
}
